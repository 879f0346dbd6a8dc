"""Stand-ins for Clio Manage and Xero: real HTTP servers over invented data, for the demo and the tests.

They are not Clio and not Xero, share no code with the product, and the product never imports them.
"""
