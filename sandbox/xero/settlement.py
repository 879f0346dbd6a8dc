"""Payments and allocations put on documents and taken off again (X 16.2)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from sandbox.xero.books import Books
from sandbox.xero.documents import save
from sandbox.xero.entities import Document
from sandbox.xero.kinds import CREDIT_NOTE, INVOICE


def paid(books: Books, document: Document, payment_id: str, amount: Decimal, day: date) -> Document:
    """The document with a payment on it; nothing left makes it PAID, fully paid on the latest day."""
    changed = replace(
        document,
        paid=document.paid + amount,
        payments=(*document.payments, payment_id),
        fully_paid_on=_latest(books, document, day),
    )
    return _put(books, document, changed)


def unpaid(books: Books, document: Document, payment_id: str, amount: Decimal) -> Document:
    """The document without the payment: what was due is due again, and a PAID one is AUTHORISED again."""
    rest = tuple(held for held in document.payments if held != payment_id)
    return _put(books, document, replace(document, paid=document.paid - amount, payments=rest))


def credited(books: Books, document: Document, allocation_id: str, amount: Decimal, day: date) -> Document:
    """An invoice with a credit on it, or a credit note with a part of it used."""
    changed = replace(
        document,
        credited=document.credited + amount,
        allocations=(*document.allocations, allocation_id),
        fully_paid_on=_latest(books, document, day),
    )
    return _put(books, document, changed)


def uncredited(books: Books, document: Document, allocation_id: str, amount: Decimal) -> Document:
    """The document without the allocation."""
    rest = tuple(held for held in document.allocations if held != allocation_id)
    return _put(books, document, replace(document, credited=document.credited - amount, allocations=rest))


def _latest(books: Books, document: Document, day: date) -> date:
    """The day of the last payment or credit on the document, this one among them."""
    days = [books.payments.must(payment_id).date for payment_id in document.payments]
    days += [books.allocations.must(allocation_id).date for allocation_id in document.allocations]
    return max([day, *days])


def _put(books: Books, before: Document, after: Document) -> Document:
    kind = CREDIT_NOTE if before.type.endswith("CREDIT") else INVOICE
    return save(books, kind, after, before=before)
