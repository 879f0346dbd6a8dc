"""The stand-in Clio Manage: what ClioServer serves is invented and is not Clio."""

from sandbox.clio.server import ClioServer

__all__ = ["ClioServer"]
