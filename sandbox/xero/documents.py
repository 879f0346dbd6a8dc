"""Creating and changing invoices and credit notes (X 7B, 7D)."""

from dataclasses import dataclass, replace
from typing import Any

from sandbox.xero import contacts, messages
from sandbox.xero import lines as sums
from sandbox.xero.books import Books
from sandbox.xero.coding import Terms, Work, code_lines
from sandbox.xero.document_rules import (
    check_locked,
    check_number,
    check_settled,
    check_transition,
    check_whole,
    wanted_status,
)
from sandbox.xero.entities import DEAD, LIVE_SETTLED, Contact, Document
from sandbox.xero.kinds import Kind
from sandbox.xero.problems import Refused
from sandbox.xero.reading import Ask
from sandbox.xero.values import folded

_NEW = ("DRAFT", "SUBMITTED", "AUTHORISED")


@dataclass(frozen=True, slots=True)
class Saved:
    """A document as written, with its warnings; `before` is what it was, None when it is new."""

    document: Document
    warnings: tuple[str, ...]
    before: Document | None = None


def write(work: Work, kind: Kind, ask: Ask, *, create_only: bool, path_id: str = "") -> Saved:
    """Create or change one document. PUT (`create_only`) never changes one that is there; POST finds it by id or,
    for sales, by its number (X 7.14). Raises Refused.
    """
    existing = None if create_only else _match(work.books, kind, ask, path_id)
    if existing is None:
        if create_only and kind.table(work.books).get(ask.get(kind.id_key, "")):
            raise Refused(kind.number_taken)
        return _create(work, kind, ask)
    return _change(work, kind, existing, ask)


def _match(books: Books, kind: Kind, ask: Ask, path_id: str) -> Document | None:
    document_id = path_id or ask.get(kind.id_key, "")
    if document_id:
        found = kind.table(books).get(document_id)
        if found is None:
            raise Refused(messages.document_not_found(kind.word, kind.id_key))
        return found
    number = ask.get(kind.number_key, "")
    if not number or ask.get("Type", kind.numbered_type).upper() != kind.numbered_type:
        return None
    return books.number_holder(kind.numbered_type, number)


def _create(work: Work, kind: Kind, ask: Ask) -> Saved:
    books = work.books
    kind_of = ask.get("Type", "").upper()
    if kind_of not in kind.types:
        work.add(messages.not_of_valid_type(kind.word))
    status = ask.get("Status", "DRAFT").upper()
    if status not in _NEW:
        work.add(messages.not_of_valid_status(kind.word, "creation"))
    work.stop()
    contact = _contact(work, ask, "")
    blank = Document(
        id=books.new_id(),
        type=kind_of,
        status=status,
        contact_id=contact.id if contact else "",
        date=ask.get("Date", books.now().date()),
        amount_types="Exclusive",
        lines=(),
        currency=books.profile.currency,
        rate=books.currencies[books.profile.currency][1],
        updated=books.now(),
    )
    made = _with_fields(work, kind, blank, ask, approving=False)
    check_whole(work, kind, made, ask, before=None)
    work.stop()
    if not made.number and kind_of == kind.numbered_type:
        made = replace(made, number=books.next_number(kind_of))
    if contact is not None:
        contacts.save(books, contact)
    return Saved(save(books, kind, made, before=None), tuple(work.warnings))


def _change(work: Work, kind: Kind, document: Document, ask: Ask) -> Saved:
    books = work.books
    wanted = wanted_status(document, ask)
    check_transition(kind, document, wanted)
    if document.status in LIVE_SETTLED:
        check_locked(books, document.date)
    if wanted in DEAD:
        return Saved(_end(books, kind, document, wanted), (), document)
    if document.is_settled_in_part and any("LineItemID" not in line for line in ask.get("LineItems", ())):
        raise Refused(messages.LINE_ID_NEEDED)
    contact = _contact(work, ask, document.contact_id)
    started = replace(document, status=wanted, contact_id=contact.id if contact else document.contact_id)
    approving = wanted == "AUTHORISED" and document.status in {"DRAFT", "SUBMITTED"}
    made = _with_fields(work, kind, started, ask, approving=approving)
    if document.is_settled_in_part:
        check_settled(work, document, made)
    check_whole(work, kind, made, ask, before=document)
    work.stop()
    if contact is not None:
        contacts.save(books, contact)
    return Saved(save(books, kind, made, before=document), tuple(work.warnings), document)


def _contact(work: Work, ask: Ask, current: str) -> Contact | None:
    try:
        return contacts.for_document(work.books, ask.get("Contact"), current)
    except Refused as refused:
        work.problems += refused.messages
        return None


def _with_fields(work: Work, kind: Kind, base: Document, ask: Ask, *, approving: bool) -> Document:
    """The document with the fields that were sent; those that were not stay (X 4.12)."""
    changes: dict[str, Any] = {
        field: ask[key]
        for key, field in (
            ("Date", "date"),
            ("DueDate", "due_date"),
            ("Url", "url"),
            ("BrandingThemeID", "branding_theme"),
            ("SentToContact", "sent_to_contact"),
            ("LineAmountTypes", "amount_types"),
        )
        if key in ask
    }
    if "Reference" in ask and base.type in {"ACCREC", "ACCRECCREDIT"}:
        changes["reference"] = ask["Reference"]
    if len(ask.get("Reference", "")) > 255:
        work.add(messages.too_long("Reference", 255))
    if ask.get(kind.number_key):
        changes["number"] = check_number(work, kind, base, ask[kind.number_key])
    if "CurrencyCode" in ask:
        changes.update(_currency(work, ask["CurrencyCode"].upper()))
    if "CurrencyRate" in ask:
        changes["rate"] = ask["CurrencyRate"]
    return _with_lines(work, replace(base, **changes), base, ask, approving=approving)


def _currency(work: Work, code: str) -> dict[str, Any]:
    known = work.books.currencies.get(code)
    if known is None:
        work.add(messages.currency_missing(code))
        return {}
    return {"currency": code, "rate": known[1]}


def _with_lines(work: Work, document: Document, base: Document, ask: Ask, *, approving: bool) -> Document:
    asked = ask.get("LineItems")
    if asked is None and (approving or document.amount_types != base.amount_types):
        asked = [{"LineItemID": line.id} for line in base.lines]
    if asked is None:
        return document
    terms = Terms(document.type, document.status, document.amount_types, approving=approving)
    coded = code_lines(work, asked, {line.id: line for line in base.lines}, terms)
    return with_totals(replace(document, lines=coded))


def with_totals(document: Document) -> Document:
    """The document with its lines added up."""
    added = sums.totals(((line.line_amount, line.tax_amount) for line in document.lines), document.amount_types)
    return replace(document, subtotal=added.subtotal, tax=added.tax, total=added.total)


def _end(books: Books, kind: Kind, document: Document, status: str) -> Document:
    ended = replace(document, status=status, fully_paid_on=None)
    return save(books, kind, ended, before=document)


def save(
    books: Books, kind: Kind, document: Document, *, before: Document | None, told: tuple[str, str] | None = None
) -> Document:
    """Put the document into the books: PAID where nothing is left of it, with its moment, its note and its event.

    `told` is what its history says, (what happened, details), where that is not an edit.
    """
    if document.status in LIVE_SETTLED:
        paid = not document.outstanding
        document = replace(
            document,
            status="PAID" if paid else "AUTHORISED",
            fully_paid_on=(document.fully_paid_on or document.date) if paid else None,
        )
    saved = kind.table(books).put(replace(document, updated=books.now()))
    changes = "Created" if before is None else _what_happened(before, saved)
    books.note(saved.id, *(told or (changes, f"{kind.word} {saved.number} for {saved.total} {saved.currency}")))
    books.tell(kind.event, saved.id, created=before is None, **kind.event_data(saved))
    return saved


def _what_happened(before: Document, after: Document) -> str:
    words = {"AUTHORISED": "Approved", "VOIDED": "Voided", "DELETED": "Deleted", "PAID": "Paid"}
    if before.status != after.status:
        return words.get(after.status, "Edited")
    return "Edited" if folded(before.number) == folded(after.number) else "Renumbered"
