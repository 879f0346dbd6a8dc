"""Payments and allocations put on documents and taken off again (X 16.2)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from sandbox.xero.books import Books
from sandbox.xero.documents import save
from sandbox.xero.entities import Document, Payment
from sandbox.xero.kinds import CREDIT_NOTE, INVOICE


def paid(books: Books, document: Document, payment: Payment) -> Document:
    """The document with a payment on it; nothing left makes it PAID, fully paid on the latest day."""
    changed = replace(
        document,
        paid=document.paid + payment.amount,
        payments=(*document.payments, payment.id),
        fully_paid_on=_latest(books, document, payment.date),
    )
    return _put(books, document, changed, "Payment received", _told(payment.amount, payment.reference))


def unpaid(books: Books, document: Document, payment: Payment) -> Document:
    """The document without the payment: what was due is due again, and a PAID one is AUTHORISED again."""
    changed = without(document, payment)
    return _put(books, document, changed, "Payment removed", _told(payment.amount, payment.reference))


def without(document: Document, payment: Payment) -> Document:
    """The document as it would stand without a payment; nothing is written."""
    rest = tuple(held for held in document.payments if held != payment.id)
    status = "AUTHORISED" if document.status == "PAID" else document.status
    return replace(document, status=status, paid=document.paid - payment.amount, payments=rest)


def credited(books: Books, document: Document, allocation_id: str, amount: Decimal, day: date) -> Document:
    """An invoice with a credit on it, or a credit note with a part of it used."""
    changed = replace(
        document,
        credited=document.credited + amount,
        allocations=(*document.allocations, allocation_id),
        fully_paid_on=_latest(books, document, day),
    )
    return _put(books, document, changed, "Credit applied", _told(amount))


def uncredited(books: Books, document: Document, allocation_id: str, amount: Decimal) -> Document:
    """The document without the allocation."""
    rest = tuple(held for held in document.allocations if held != allocation_id)
    changed = replace(document, credited=document.credited - amount, allocations=rest)
    return _put(books, document, changed, "Credit removed", _told(amount))


def _told(amount: Decimal, reference: str = "") -> str:
    return f"{amount} {reference}".strip()


def _latest(books: Books, document: Document, day: date) -> date:
    """The day of the last payment or credit on the document, this one among them."""
    days = [books.payments.must(payment_id).date for payment_id in document.payments]
    days += [books.allocations.must(allocation_id).date for allocation_id in document.allocations]
    return max([day, *days])


def _put(books: Books, before: Document, after: Document, changes: str, details: str) -> Document:
    kind = CREDIT_NOTE if before.type.endswith("CREDIT") else INVOICE
    return save(books, kind, after, before=before, told=(changes, details))
