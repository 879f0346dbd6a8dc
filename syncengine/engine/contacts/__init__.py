"""Writes of contacts: clients to Xero, what was edited in Xero to Clio."""
