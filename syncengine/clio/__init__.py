"""Clio Manage: reading its API, changing contacts there, and its OAuth. No Django."""

from syncengine.clio.client import ClioClient, ListEndsEarly, Page, Stale
from syncengine.clio.parse import (
    ParseProblem,
    parse_allocation,
    parse_bill,
    parse_category,
    parse_contact,
    parse_interest_charge,
    parse_line,
)

__all__ = [
    "ClioClient",
    "ListEndsEarly",
    "Page",
    "ParseProblem",
    "Stale",
    "parse_allocation",
    "parse_bill",
    "parse_category",
    "parse_contact",
    "parse_interest_charge",
    "parse_line",
]
