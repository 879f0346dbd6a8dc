"""A stand-in for Xero: OAuth, connections and the accounting API over invented organisations."""

from sandbox.xero.server import XeroServer

__all__ = ["XeroServer"]
