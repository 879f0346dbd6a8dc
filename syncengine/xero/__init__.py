"""Xero: its accounting API and its OAuth. No Django."""

from syncengine.xero.client import ContactsPage, InvoicesPage, XeroClient
from syncengine.xero.outcomes import WholeBatchRefused, read_answer
from syncengine.xero.remedies import Explanation, explain
from syncengine.xero.serialise import WriteCall, contacts_call, invoices_call

__all__ = [
    "ContactsPage",
    "Explanation",
    "InvoicesPage",
    "WholeBatchRefused",
    "WriteCall",
    "XeroClient",
    "contacts_call",
    "explain",
    "invoices_call",
    "read_answer",
]
