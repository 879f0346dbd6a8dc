"""An invented law firm: its records, how its figures are worked out, and the parts it is made from.

sandbox.firm_data puts a firm together; sandbox.clio serves it.
"""
