"""The parts that an invented law firm is made of (sandbox.firm_data puts them together)."""
