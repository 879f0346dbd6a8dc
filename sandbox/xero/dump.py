"""What the stand-in holds, in Xero's field names, for tests. Amounts are Decimals in process and numbers in JSON."""

from collections.abc import Iterable
from typing import Any

from sandbox.xero import accounts, allocations, contact_views, document_views, payments, settings_views
from sandbox.xero.books import Books
from sandbox.xero.entities import LIVE_SETTLED, Document
from sandbox.xero.values import ZERO


def summary(books: Books) -> dict[str, Any]:
    """An organisation with counts and totals alone."""
    return {
        "tenant_id": books.tenant_id,
        "name": books.profile.name,
        "currency": books.profile.currency,
        "period_lock": books.period_lock,
        "year_lock": books.year_lock,
        "counts": {
            "contacts": len(books.contacts),
            "invoices": len(books.invoices),
            "credit_notes": len(books.credit_notes),
            "payments": len(books.payments),
            "allocations": len(books.allocations),
            "bank_transactions": len(books.bank_transactions),
        },
        "totals": totals(row for row in books.invoices if row.type == "ACCREC"),
    }


def whole(books: Books) -> dict[str, Any]:
    """An organisation with everything in it: deleted and archived things too, unit prices with four decimals."""
    return {
        **summary(books),
        "accounts": [accounts.view(books, row) for row in books.accounts],
        "tax_rates": [settings_views.tax_rate(row) for row in books.tax_rates.values()],
        "contacts": [contact_views.contact(books, row) for row in books.contacts],
        "invoices": [document_views.invoice(books, row, places=4) for row in books.invoices],
        "credit_notes": [document_views.credit_note(books, row, places=4) for row in books.credit_notes],
        "bank_transactions": [document_views.bank_transaction(books, row, places=4) for row in books.bank_transactions],
        "payments": [payments.view(books, row) for row in books.payments],
        "allocations": [allocations.view(books, row) for row in books.allocations],
    }


def totals(rows: Iterable[Document]) -> dict[str, Any]:
    """Approved sales added up: what was billed, paid, credited and is still due."""
    live = [row for row in rows if row.status in LIVE_SETTLED]
    return {
        "count": len(live),
        "total": sum((row.total for row in live), ZERO),
        "paid": sum((row.paid for row in live), ZERO),
        "credited": sum((row.credited for row in live), ZERO),
        "due": sum((row.outstanding for row in live), ZERO),
    }
