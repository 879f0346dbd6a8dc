"""Credit notes set against invoices, and taken off again (X 7.28 to 7.33)."""

from dataclasses import replace
from typing import Any

from sandbox.xero import document_views, messages, settlement
from sandbox.xero.books import Books
from sandbox.xero.document_rules import check_locked, lock_message
from sandbox.xero.entities import Allocation, Document
from sandbox.xero.kinds import INVOICE
from sandbox.xero.problems import NotFound, Refused
from sandbox.xero.reading import Ask
from sandbox.xero.values import ms_date, rounded


def create(books: Books, note: Document, ask: Ask) -> Allocation:
    """Set part of a credit note against an invoice; the date is the later of the two documents' (X 7.29).

    Sending an allocation again applies it again (X 7.33). Raises Refused.
    """
    note = books.credit_notes.must(note.id)
    invoice = _invoice(books, ask)
    amount = rounded(ask["Amount"]) if "Amount" in ask else rounded(note.total * 0)
    day = max(note.date, invoice.date)
    problems = _broken_rules(note, invoice)
    if amount <= 0:
        problems.append(messages.ALLOCATION_NOT_POSITIVE)
    if invoice.status == "AUTHORISED" and amount > min(invoice.outstanding, note.outstanding):
        problems.append(messages.ALLOCATION_TOO_LARGE)
    locked = lock_message(books, day)
    if locked:
        problems.append(locked)
    if problems:
        raise Refused(*problems)
    made = books.allocations.put(
        Allocation(
            id=books.new_id(),
            credit_note_id=note.id,
            invoice_id=invoice.id,
            amount=amount,
            date=day,
            updated=books.now(),
        )
    )
    settlement.credited(books, note, made.id, amount, day)
    settlement.credited(books, invoice, made.id, amount, day)
    return made


def _invoice(books: Books, ask: Ask) -> Document:
    named = ask.get("Invoice", {})
    found = books.invoices.get(named.get("InvoiceID", ""))
    if found is None and named.get("InvoiceNumber"):
        found = books.number_holder("ACCREC", named["InvoiceNumber"])
    if found is None:
        raise Refused(messages.document_not_found(INVOICE.word, INVOICE.id_key))
    return found


def _broken_rules(note: Document, invoice: Document) -> list[str]:
    """Same side, same contact, same currency, both approved, something left to pay (X 6.30, 7.32)."""
    problems = []
    if note.type.removesuffix("CREDIT") != invoice.type:
        problems.append(messages.ALLOCATION_WRONG_TYPE)
    if note.contact_id != invoice.contact_id:
        problems.append(messages.ALLOCATION_OTHER_CONTACT)
    if note.currency != invoice.currency:
        problems.append(messages.ALLOCATION_OTHER_CURRENCY)
    if invoice.status == "PAID":
        problems.append(messages.ALLOCATION_PAID_OFF)
    elif invoice.status != "AUTHORISED":
        problems.append(messages.ALLOCATION_STATUS)
    if note.status == "PAID":
        problems.append(messages.ALLOCATION_TOO_LARGE)
    elif note.status != "AUTHORISED":
        problems.append(messages.ALLOCATION_STATUS)
    return problems


def delete(books: Books, note: Document, allocation_id: str) -> Allocation:
    """Take an allocation off: both documents are open again by its amount. Raises NotFound, Refused."""
    found = books.allocations.get(allocation_id)
    if found is None or found.deleted or found.credit_note_id != note.id:
        raise NotFound
    check_locked(books, found.date)
    gone = books.allocations.put(replace(found, deleted=True, updated=books.now()))
    settlement.uncredited(books, books.credit_notes.must(note.id), found.id, found.amount)
    settlement.uncredited(books, books.invoices.must(found.invoice_id), found.id, found.amount)
    return gone


def view(books: Books, row: Allocation) -> dict[str, Any]:
    """An allocation, with its two documents by id and number."""
    note = books.credit_notes.must(row.credit_note_id)
    return {
        "AllocationID": row.id,
        "Amount": row.amount,
        "Date": ms_date(row.date),
        "Invoice": document_views.named_invoice(books.invoices.must(row.invoice_id)),
        "CreditNote": {
            "CreditNoteID": note.id,
            "CreditNoteNumber": note.number,
            "ID": note.id,
            "LineItems": [],
        },
        "IsDeleted": row.deleted,
        "ValidationErrors": [],
    }
