"""Clio Manage: reading its API, and its OAuth. No Django."""

from syncengine.clio.client import ClioClient, ListEndsEarly, Page
from syncengine.clio.parse import ParseProblem, parse_bill, parse_category, parse_contact, parse_line

__all__ = [
    "ClioClient",
    "ListEndsEarly",
    "Page",
    "ParseProblem",
    "parse_bill",
    "parse_category",
    "parse_contact",
    "parse_line",
]
