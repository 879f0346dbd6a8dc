"""Control actions on payments and allocations: what people do with money by hand in Xero."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date as day
from typing import Any

from sandbox.control import ControlError
from sandbox.xero import allocations, document_views, messages, shapes
from sandbox.xero import payments as money
from sandbox.xero.desk import Action, Desk, read
from sandbox.xero.entities import Payment
from sandbox.xero.reading import Ask


def _ask(desk: Desk, named: dict[str, Any], *, amount: Any, account: str, date: str | day, reference: str) -> Ask:
    """A payment on the document that `named` names, today to the first bank account unless told otherwise."""
    account_id = (desk.account(account) if account else desk.bank_account()).id
    return read(
        shapes.payment,
        {
            **named,
            "Account": {"AccountID": account_id},
            "Date": date or desk.books.now().date(),
            "Amount": str(amount),
            "Reference": reference,
        },
    )


def record_payment(
    desk: Desk, *, invoice: str, amount: Any = None, account: str = "", date: str | day = "", reference: str = ""
) -> dict[str, Any]:
    """Pay an invoice by hand: all that is due, today, to the first bank account, unless told otherwise."""
    row = desk.invoice(invoice)
    value = row.outstanding if amount is None else amount
    named = {"Invoice": {"InvoiceID": row.id}}
    ask = _ask(desk, named, amount=value, account=account, date=date, reference=reference)
    return money.view(desk.books, money.create(desk.books, ask))


def refund_credit(
    desk: Desk, *, credit_note: str, amount: Any = None, account: str = "", date: str | day = "", reference: str = ""
) -> dict[str, Any]:
    """Pay back by hand what is left of a credit note (X 7.31)."""
    row = desk.credit_note(credit_note)
    value = row.outstanding if amount is None else amount
    named = {"CreditNote": {"CreditNoteID": row.id}}
    ask = _ask(desk, named, amount=value, account=account, date=date, reference=reference)
    return money.view(desk.books, money.create(desk.books, ask))


def pay_many(desk: Desk, *, invoices: list[str], **values: Any) -> dict[str, Any]:
    """Pay several invoices by hand, each in full."""
    return {"payments": [record_payment(desk, invoice=invoice, **values) for invoice in invoices]}


def delete_payment(desk: Desk, *, payment: str) -> dict[str, Any]:
    """Delete a payment by hand."""
    gone = money.delete(desk.books, desk.payment(payment), {"Status": "DELETED"})
    return money.view(desk.books, gone)


def replace_payment(
    desk: Desk,
    *,
    payment: str,
    amount: Any = None,
    account: str = "",
    date: str | day = "",
    reference: str | None = None,
) -> dict[str, Any]:
    """Remove a payment and record another in its place, which is how people edit one; what is not given stays."""
    held = desk.payment(payment)
    key, id_key = ("CreditNote", "CreditNoteID") if held.is_refund else ("Invoice", "InvoiceID")
    ask = _ask(
        desk,
        {key: {id_key: held.document_id}},
        amount=held.amount if amount is None else amount,
        account=account or held.account_id,
        date=date or held.date,
        reference=held.reference if reference is None else reference,
    )
    return money.view(desk.books, money.redo(desk.books, held, ask))


def _mark_payment(desk: Desk, row: Payment, changes: str, **fields: Any) -> dict[str, Any]:
    money.check_live(row)
    marked = desk.books.payments.put(replace(row, **fields, updated=desk.books.now()))
    desk.books.note(row.id, changes, f"Payment of {row.amount} on {row.date.isoformat()}", "By hand")
    return money.view(desk.books, marked)


def _reconcile(desk: Desk, *, payment: str, bank_transaction: str, reconciled: bool) -> dict[str, Any]:
    changes = "Reconciled" if reconciled else "Unreconciled"
    if payment:
        return _mark_payment(desk, desk.payment(payment), changes, reconciled=reconciled)
    books, row = desk.books, desk.bank_transaction(bank_transaction)
    if row.status != "AUTHORISED":
        raise ControlError(messages.BANK_STATUS)
    books.note(row.id, changes, f"Bank Transaction {row.reference}".strip(), "By hand")
    marked = books.bank_transactions.put(replace(row, reconciled=reconciled, updated=books.now()))
    return document_views.bank_transaction(books, marked)


def reconcile(desk: Desk, *, payment: str = "", bank_transaction: str = "") -> dict[str, Any]:
    """Match a payment or bank transaction with a statement line."""
    return _reconcile(desk, payment=payment, bank_transaction=bank_transaction, reconciled=True)


def unreconcile(desk: Desk, *, payment: str = "", bank_transaction: str = "") -> dict[str, Any]:
    """Take that back."""
    return _reconcile(desk, payment=payment, bank_transaction=bank_transaction, reconciled=False)


def batch_payment(desk: Desk, *, payment: str) -> dict[str, Any]:
    """Make a payment part of a batch, which cannot be deleted by itself (X 6.28)."""
    batch_payments(desk, payments=[payment])
    return money.view(desk.books, desk.payment(payment))


def batch_payments(desk: Desk, *, payments: Sequence[str]) -> dict[str, Any]:
    """Make payments one batch. Raises ControlError where one is in a batch already."""
    held = [desk.payment(named) for named in payments]
    if any(row.batch_id for row in held):
        raise ControlError("payments: one of them is in a batch already")
    batch_id = desk.books.new_id()
    shown = [_mark_payment(desk, row, "Put in a batch", batch_id=batch_id) for row in held]
    return {"batch_id": batch_id, "payments": shown}


def delete_batch(desk: Desk, *, payment: str) -> dict[str, Any]:
    """Delete the batch that a payment is in, with all its payments: the only way for these to go."""
    held = desk.payment(payment)
    if not held.batch_id:
        raise ControlError("payment: it is in no batch")
    gone = money.delete_batch(desk.books, held.batch_id)
    return {"payments": [money.view(desk.books, row) for row in gone]}


def allocate_credit(desk: Desk, *, credit_note: str, invoice: str, amount: Any = None) -> dict[str, Any]:
    """Set a credit note against an invoice: as much as both allow, unless told otherwise."""
    note, row = desk.credit_note(credit_note), desk.invoice(invoice)
    asked = min(note.outstanding, row.outstanding) if amount is None else amount
    ask = read(shapes.allocation, {"Invoice": {"InvoiceID": row.id}, "Amount": str(asked)})
    return allocations.view(desk.books, allocations.create(desk.books, note, ask))


def deallocate(desk: Desk, *, credit_note: str = "", invoice: str = "", allocation: str = "") -> dict[str, Any]:
    """Take an allocation off: one by its id, or the newest of a credit note on an invoice."""
    books = desk.books
    if allocation:
        found = books.allocations.get(allocation)
        if found is None:
            raise ControlError(f"allocation: there is no {allocation!r}")
        return allocations.view(
            books, allocations.delete(books, books.credit_notes.must(found.credit_note_id), found.id)
        )
    note, row = desk.credit_note(credit_note), desk.invoice(invoice)
    shared = [held for held in row.allocations if held in note.allocations]
    if not shared:
        raise ControlError("credit_note, invoice: no allocation between them")
    return allocations.view(books, allocations.delete(books, note, shared[-1]))


MONEY_ACTIONS: dict[str, Action] = {
    action.__name__: action
    for action in (
        record_payment,
        refund_credit,
        pay_many,
        delete_payment,
        replace_payment,
        batch_payment,
        batch_payments,
        delete_batch,
        reconcile,
        unreconcile,
        allocate_credit,
        deallocate,
    )
}
