"""Xero: its accounting API and its OAuth. No Django."""

from syncengine.xero.client import ContactsPage, CreditNotesPage, InvoicesPage, PaymentsPage, XeroClient
from syncengine.xero.outcomes import WholeBatchRefused, read_answer
from syncengine.xero.remedies import Explanation, explain
from syncengine.xero.serialise import (
    WriteCall,
    allocation_call,
    contacts_call,
    credit_notes_call,
    delete_allocation_call,
    delete_payment_call,
    invoice_fields_call,
    invoices_call,
    payments_call,
    void_credit_notes_call,
)

__all__ = [
    "ContactsPage",
    "CreditNotesPage",
    "Explanation",
    "InvoicesPage",
    "PaymentsPage",
    "WholeBatchRefused",
    "WriteCall",
    "XeroClient",
    "allocation_call",
    "contacts_call",
    "credit_notes_call",
    "delete_allocation_call",
    "delete_payment_call",
    "explain",
    "invoice_fields_call",
    "invoices_call",
    "payments_call",
    "read_answer",
    "void_credit_notes_call",
]
