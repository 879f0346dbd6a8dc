"""What pages show: plain dataclasses of plain values, built inside a firm's scope in a fixed number of queries."""
