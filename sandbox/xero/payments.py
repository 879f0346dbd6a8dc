"""Creating and deleting payments (X 7C), and how they are shown."""

from dataclasses import replace
from typing import Any

from sandbox.xero import contact_views, messages, settlement
from sandbox.xero.books import Books
from sandbox.xero.document_rules import check_locked, lock_message
from sandbox.xero.entities import Account, Document, Payment
from sandbox.xero.kinds import CREDIT_NOTE, INVOICE
from sandbox.xero.problems import Refused
from sandbox.xero.reading import Ask
from sandbox.xero.values import folded, ms_date, ms_time, rounded

_TYPES = {
    "ACCREC": "ACCRECPAYMENT",
    "ACCPAY": "ACCPAYPAYMENT",
    "ACCRECCREDIT": "ARCREDITPAYMENT",
    "ACCPAYCREDIT": "APCREDITPAYMENT",
}


def create(books: Books, ask: Ask) -> Payment:
    """Pay an AUTHORISED document; what a write says about IsReconciled is passed over (X 7.26). Raises Refused."""
    if "PaymentID" in ask or ask.get("Status", "AUTHORISED").upper() != "AUTHORISED":
        raise Refused(messages.PAYMENT_DELETE_ONLY)
    document = _document(books, ask)
    payment = books.payments.put(_prepared(books, ask, document))
    books.note(payment.id, "Created", f"Payment of {payment.amount} on {payment.date.isoformat()}")
    settlement.paid(books, document, payment)
    return payment


def _prepared(books: Books, ask: Ask, document: Document) -> Payment:
    """The payment that a write asks for on a document as it stands; nothing is written. Raises Refused."""
    account, problems = _account(books, ask)
    amount, day = rounded(ask["Amount"]) if "Amount" in ask else None, ask.get("Date", books.now().date())
    if document.status != "AUTHORISED":
        problems.append(messages.PAYMENT_NOT_AUTHORISED)
    elif amount is not None and amount > document.outstanding:
        problems.append(messages.PAYMENT_TOO_LARGE)
    if amount is None or amount <= 0:
        problems.append(messages.PAYMENT_NOT_POSITIVE)
    locked = lock_message(books, day)
    if locked:
        problems.append(locked)
    if problems or account is None or amount is None:
        raise Refused(*problems)
    return Payment(
        id=books.new_id(),
        type=_TYPES[document.type],
        document_id=document.id,
        account_id=account.id,
        date=day,
        amount=amount,
        rate=ask.get("CurrencyRate", document.rate),
        updated=books.now(),
        reference=ask.get("Reference", ""),
    )


def redo(books: Books, payment: Payment, ask: Ask) -> Payment:
    """Delete a payment and record another on its document, both or neither. Raises Refused."""
    _check_deletable(books, payment)
    _prepared(books, ask, settlement.without(document_of(books, payment), payment))
    _remove(books, payment)
    return create(books, ask)


def _document(books: Books, ask: Ask) -> Document:
    """The document to be paid, by id or number. Raises Refused."""
    invoice, note = ask.get("Invoice", {}), ask.get("CreditNote", {})
    number = invoice.get("InvoiceNumber") or ask.get("InvoiceNumber", "")
    note_number = note.get("CreditNoteNumber") or ask.get("CreditNoteNumber", "")
    if invoice.get("InvoiceID") or number:
        kind, found = INVOICE, books.invoices.get(invoice.get("InvoiceID", ""))
        if not invoice.get("InvoiceID"):
            found = books.number_holder("ACCREC", number)
    elif note.get("CreditNoteID") or note_number:
        kind, found = CREDIT_NOTE, books.credit_notes.get(note.get("CreditNoteID", ""))
        if not note.get("CreditNoteID"):
            found = books.number_holder("ACCRECCREDIT", note_number)
    else:
        raise Refused(messages.PAYMENT_WITHOUT_DOCUMENT)
    if found is None:
        raise Refused(messages.document_not_found(kind.word, kind.id_key))
    return found


def _account(books: Books, ask: Ask) -> tuple[Account | None, list[str]]:
    """The account paid to or from: a bank account, or one with payments enabled (X 3.10). Archived: not found."""
    named = ask.get("Account", {})
    code = named.get("Code") or ask.get("Code", "")
    found = books.accounts.get(named["AccountID"]) if "AccountID" in named else books.account_by_code(code)
    if found is None or found.status != "ACTIVE":
        return None, [messages.PAYMENT_ACCOUNT_UNKNOWN]
    if found.type != "BANK" and not found.payments_enabled:
        return found, [messages.PAYMENT_ACCOUNT_TYPE]
    return found, []


def delete(books: Books, payment: Payment, ask: Ask) -> Payment:
    """Delete a payment: what it paid is due again (X 7.23). Raises Refused."""
    if ask.get("Status", "").upper() != "DELETED":
        raise Refused(messages.PAYMENT_DELETE_ONLY)
    _check_deletable(books, payment)
    return _remove(books, payment)


def delete_batch(books: Books, batch_id: str) -> list[Payment]:
    """Delete a batch with its payments, all or none: the way out for those that cannot go alone. Raises Refused."""
    held = [row for row in books.payments.find("batch", batch_id) if row.status != "DELETED"]
    for payment in held:
        _check_deletable(books, replace(payment, batch_id=""))
    return [_remove(books, payment) for payment in held]


def _check_deletable(books: Books, payment: Payment) -> None:
    check_live(payment)
    if payment.batch_id:
        raise Refused(messages.PAYMENT_IN_BATCH)
    if payment.reconciled:
        raise Refused(messages.PAYMENT_RECONCILED)
    check_locked(books, payment.date)


def check_live(payment: Payment) -> None:
    """Whether a payment is not deleted. Raises Refused."""
    if payment.status == "DELETED":
        raise Refused(messages.PAYMENT_STATUS)


def _remove(books: Books, payment: Payment) -> Payment:
    gone = books.payments.put(replace(payment, status="DELETED", updated=books.now()))
    books.note(payment.id, "Deleted", f"Payment of {payment.amount} on {payment.date.isoformat()}")
    settlement.unpaid(books, document_of(books, payment), payment)
    return gone


def document_of(books: Books, payment: Payment) -> Document:
    """What the payment stands on."""
    return (books.credit_notes if payment.is_refund else books.invoices).must(payment.document_id)


def find(books: Books, named: str) -> Payment | None:
    """A payment by id, or the newest by its reference."""
    return books.payments.get(named) or next(reversed(books.payments.find("reference", folded(named))), None)


def view(books: Books, row: Payment) -> dict[str, Any]:
    """A payment, with the account and the document by name."""
    account = books.accounts.must(row.account_id)
    shown: dict[str, Any] = {
        "PaymentID": row.id,
        "Date": ms_date(row.date),
        "BankAmount": row.amount,
        "Amount": row.amount,
        "Reference": row.reference,
        "CurrencyRate": row.rate,
        "PaymentType": row.type,
        "Status": row.status,
        "UpdatedDateUTC": ms_time(row.updated),
        "HasAccount": True,
        "IsReconciled": row.reconciled,
        "Account": {"AccountID": account.id, "Name": account.name},
        "HasValidationErrors": False,
    }
    if account.code:
        shown["Account"]["Code"] = account.code
    if row.batch_id:
        shown["BatchPaymentID"] = row.batch_id
    document = document_of(books, row)
    if row.is_refund:
        shown["CreditNote"] = {**_named(books, document, CREDIT_NOTE.id_key, CREDIT_NOTE.number_key), "ID": document.id}
    else:
        shown["Invoice"] = {
            **_named(books, document, INVOICE.id_key, INVOICE.number_key),
            "Prepayments": [],
            "Overpayments": [],
            "AmountDue": document.outstanding,
            "AmountPaid": document.paid,
            "IsDiscounted": False,
        }
    return shown


def _named(books: Books, document: Document, id_key: str, number_key: str) -> dict[str, Any]:
    return {
        "Type": document.type,
        id_key: document.id,
        number_key: document.number,
        "Payments": [],
        "HasErrors": False,
        "Contact": contact_views.named(books, document.contact_id),
        "LineItems": [],
        "CurrencyCode": document.currency,
    }
