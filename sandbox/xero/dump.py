"""What the stand-in holds, as plain values for tests. Amounts are Decimals in process and numbers in JSON."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from sandbox.xero.books import Books
from sandbox.xero.entities import LIVE_SETTLED, Contact, Document
from sandbox.xero.values import ZERO


def summary(books: Books) -> dict[str, Any]:
    """An organisation with counts alone."""
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
    """An organisation with everything in it."""
    return {
        **summary(books),
        "accounts": [asdict(row) for row in books.accounts],
        "tax_rates": [{**asdict(row), "classes": sorted(row.classes)} for row in books.tax_rates.values()],
        "contacts": [_contact(row) for row in books.contacts],
        "invoices": [_document(books, row) for row in books.invoices],
        "credit_notes": [_document(books, row) for row in books.credit_notes],
        "bank_transactions": [_document(books, row) for row in books.bank_transactions],
        "payments": [{**asdict(row), "account": books.accounts.must(row.account_id).code} for row in books.payments],
        "allocations": [asdict(row) for row in books.allocations],
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


def _contact(row: Contact) -> dict[str, Any]:
    return {
        **asdict(row),
        "persons": [dict(person) for person in row.persons],
        "addresses": {kind: dict(fields) for kind, fields in row.addresses},
        "phones": {kind: dict(fields) for kind, fields in row.phones},
    }


def _document(books: Books, row: Document) -> dict[str, Any]:
    said = asdict(row)
    for line, held in zip(said["lines"], row.lines, strict=True):
        line["account"] = books.accounts.must(held.account_id).code if held.account_id else ""
        line["tracking"] = [books.tracking_names(*pair) for pair in held.tracking]
    return {**said, "contact": books.contacts.must(row.contact_id).name, "due": row.outstanding}
