"""Spend and receive money (X 7E)."""

from dataclasses import replace
from typing import Any

from sandbox.xero import contacts, messages
from sandbox.xero.books import Books
from sandbox.xero.coding import BANK_TYPES, Terms, Work, code_lines
from sandbox.xero.document_rules import check_locked, lock_message
from sandbox.xero.documents import with_totals
from sandbox.xero.entities import Account, Document
from sandbox.xero.problems import Refused
from sandbox.xero.reading import Ask
from sandbox.xero.values import rounded

ID_KEY = "BankTransactionID"
WORD = "Bank Transaction"


def write(work: Work, ask: Ask, *, create_only: bool, path_id: str = "") -> Document:
    """Create, change or delete one; nothing but the id finds one that is there. Raises Refused."""
    books, wanted = work.books, path_id or ask.get(ID_KEY, "")
    if not wanted:
        return _create(work, ask)
    existing = books.bank_transactions.get(wanted)
    if existing is None:
        raise Refused(messages.document_not_found(WORD, ID_KEY))
    if create_only:
        raise Refused(messages.BANK_STATUS)
    return _change(work, existing, ask)


def _create(work: Work, ask: Ask) -> Document:
    books = work.books
    kind = ask.get("Type", "").upper()
    if kind not in BANK_TYPES:
        work.add(messages.BANK_TYPE)
    if ask.get("Status", "AUTHORISED").upper() != "AUTHORISED":
        work.add(messages.not_of_valid_status(WORD, "creation"))
    work.stop()
    account = _bank_account(work, ask)
    blank = Document(
        id=books.new_id(),
        type=kind,
        status="AUTHORISED",
        contact_id="",
        date=books.now().date(),
        amount_types="Inclusive",
        lines=(),
        currency=(account.currency if account else "") or books.profile.currency,
        rate=books.currencies[books.profile.currency][1],
        updated=books.now(),
        bank_account=account.id if account else "",
    )
    return _finish(work, blank, ask)


def _change(work: Work, document: Document, ask: Ask) -> Document:
    if document.reconciled:
        raise Refused(messages.BANK_RECONCILED)
    if document.status != "AUTHORISED":
        raise Refused(messages.BANK_STATUS)
    check_locked(work.books, document.date)
    wanted = ask.get("Status", "AUTHORISED").upper()
    if wanted == "DELETED":
        return _put(work.books, replace(document, status="DELETED"), "Deleted")
    if wanted != "AUTHORISED" or ask.get("Type", document.type).upper() != document.type:
        raise Refused(messages.BANK_STATUS)
    if "BankAccount" in ask:
        account = _bank_account(work, ask)
        document = replace(document, bank_account=account.id if account else document.bank_account)
    return _finish(work, document, ask)


def _bank_account(work: Work, ask: Ask) -> Account | None:
    named = ask.get("BankAccount", {})
    if not named:
        work.add(messages.BANK_ACCOUNT_NEEDED)
        return None
    books = work.books
    found = (
        books.accounts.get(named["AccountID"]) if "AccountID" in named else books.account_by_code(named.get("Code", ""))
    )
    if found is None or found.status != "ACTIVE":
        work.add(messages.PAYMENT_ACCOUNT_UNKNOWN)
    elif found.type != "BANK":
        work.add(messages.BANK_ACCOUNT_TYPE)
    return found


def _finish(work: Work, base: Document, ask: Ask) -> Document:
    """The fields that were sent, the rules, and into the books."""
    books = work.books
    contact = None
    try:
        contact = contacts.for_document(books, ask.get("Contact"), base.contact_id)
    except Refused as refused:
        work.problems += refused.messages
    changes: dict[str, Any] = {
        field: ask[key]
        for key, field in (
            ("Date", "date"),
            ("Reference", "reference"),
            ("Url", "url"),
            ("LineAmountTypes", "amount_types"),
            ("CurrencyRate", "rate"),
        )
        if key in ask
    }
    made = replace(base, contact_id=contact.id if contact else base.contact_id, **changes)
    asked = ask.get("LineItems")
    if asked is None and made.amount_types != base.amount_types:
        asked = [{"LineItemID": line.id} for line in base.lines]
    if asked is not None:
        terms = Terms(made.type, made.status, made.amount_types, approving=False)
        made = with_totals(replace(made, lines=code_lines(work, asked, {line.id: line for line in base.lines}, terms)))
    _check(work, made, ask)
    work.stop()
    if contact is not None:
        contacts.save(books, contact)
    return _put(books, made, "Edited" if base.lines else "Created")


def _check(work: Work, document: Document, ask: Ask) -> None:
    if not document.lines:
        work.add(messages.LINES_MISSING)
    elif document.total <= 0:
        work.add(messages.BANK_TOTAL)
    if len(document.reference) > 255:
        work.add(messages.too_long("Reference", 255))
    if "Total" in ask and rounded(ask["Total"]) != document.total:
        work.add(messages.TOTAL_WRONG)
    if ask.get("CurrencyCode", document.currency).upper() != document.currency:
        work.add(messages.currency_missing(ask["CurrencyCode"]))
    locked = lock_message(work.books, document.date)
    if locked:
        work.add(locked)


def _put(books: Books, document: Document, changes: str) -> Document:
    saved = books.bank_transactions.put(replace(document, updated=books.now()))
    books.note(saved.id, changes, f"{WORD} {saved.reference} for {saved.total} {saved.currency}")
    return saved
