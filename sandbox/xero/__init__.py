"""A stand-in for Xero: OAuth, connections and the accounting API over invented organisations."""
