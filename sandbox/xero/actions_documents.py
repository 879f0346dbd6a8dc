"""Control actions on documents and money: what people do by hand in Xero. Fields have Xero's names."""

from dataclasses import replace
from typing import Any

from sandbox.control import ControlError
from sandbox.xero import allocations, bank_transactions, coding, document_views, documents, payments, shapes
from sandbox.xero.desk import Action, Desk, read
from sandbox.xero.entities import Document, Payment
from sandbox.xero.kinds import CREDIT_NOTE, INVOICE, Kind
from sandbox.xero.reading import Ask


def _shown(desk: Desk, kind: Kind, row: Document) -> dict[str, Any]:
    view = document_views.invoice if kind is INVOICE else document_views.credit_note
    return view(desk.books, row, places=4)


def _add(desk: Desk, kind: Kind, contact: str, fields: dict[str, Any]) -> dict[str, Any]:
    given = {"Type": kind.numbered_type, "Status": "AUTHORISED", **fields}
    if kind.needs_due_date:
        given.setdefault("DueDate", given.get("Date", desk.books.now().date().isoformat()))
    ask = read(shapes.invoice if kind is INVOICE else shapes.credit_note, given)
    ask.setdefault("Contact", {"ContactID": desk.contact(contact).id} if contact else {})
    return _shown(desk, kind, documents.write(desk.work(), kind, ask, create_only=True).document)


def _edit(desk: Desk, kind: Kind, row: Document, ask: Ask) -> dict[str, Any]:
    saved = documents.write(desk.work(), kind, ask, create_only=False, path_id=row.id)
    return _shown(desk, kind, saved.document)


def edit_invoice(desk: Desk, *, invoice: str, **fields: Any) -> dict[str, Any]:
    """Change an invoice; lines that keep their LineItemID are changed, those left out are removed."""
    return _edit(desk, INVOICE, desk.invoice(invoice), read(shapes.invoice, fields))


def edit_line(desk: Desk, *, invoice: str, line: int = 0, **fields: Any) -> dict[str, Any]:
    """Change one line (counted from 0) of an invoice; the others stay."""
    row = desk.invoice(invoice)
    asked: list[Ask] = [{"LineItemID": held.id} for held in row.lines]
    if not 0 <= line < len(asked):
        raise ControlError(f"line: the invoice has {len(asked)} lines, counted from 0")
    asked[line] = {**read(shapes.line, fields), **asked[line]}
    return _edit(desk, INVOICE, row, {"LineItems": asked})


def set_tracking(desk: Desk, *, invoice: str, category: str, option: str, line: int = 0) -> dict[str, Any]:
    """Set a tracking option on a line of an invoice, beside those of other categories."""
    pair = coding.find_tracking(desk.books, {"Name": category, "Option": option})
    if pair is None:
        raise ControlError(f"category, option: there is no {category!r} with {option!r}")
    held = desk.invoice(invoice).lines[line].tracking
    both = {**dict(held), pair[0]: pair[1]}
    tracking = [{"TrackingCategoryID": key, "TrackingOptionID": value} for key, value in both.items()]
    return edit_line(desk, invoice=invoice, line=line, Tracking=tracking)


def record_payment(
    desk: Desk, *, invoice: str, amount: Any = None, account: str = "", date: str = "", reference: str = ""
) -> dict[str, Any]:
    """Pay an invoice by hand: all that is due, today, to the first bank account, unless told otherwise."""
    row = desk.invoice(invoice)
    ask = read(
        shapes.payment,
        {
            "Invoice": {"InvoiceID": row.id},
            "Account": {"AccountID": (desk.account(account) if account else desk.bank_account()).id},
            "Date": date or desk.books.now().date(),
            "Amount": str(row.outstanding if amount is None else amount),
            "Reference": reference,
        },
    )
    return payments.view(desk.books, payments.create(desk.books, ask))


def delete_payment(desk: Desk, *, payment: str) -> dict[str, Any]:
    """Delete a payment by hand."""
    gone = payments.delete(desk.books, desk.payment(payment), {"Status": "DELETED"})
    return payments.view(desk.books, gone)


def _mark_payment(desk: Desk, row: Payment, **changes: Any) -> dict[str, Any]:
    marked = desk.books.payments.put(replace(row, **changes, updated=desk.books.now()))
    return payments.view(desk.books, marked)


def _reconcile(desk: Desk, *, payment: str, bank_transaction: str, reconciled: bool) -> dict[str, Any]:
    if payment:
        return _mark_payment(desk, desk.payment(payment), reconciled=reconciled)
    books = desk.books
    row = replace(desk.bank_transaction(bank_transaction), reconciled=reconciled, updated=books.now())
    return document_views.bank_transaction(books, books.bank_transactions.put(row))


def reconcile(desk: Desk, *, payment: str = "", bank_transaction: str = "") -> dict[str, Any]:
    """Match a payment or bank transaction with a statement line."""
    return _reconcile(desk, payment=payment, bank_transaction=bank_transaction, reconciled=True)


def unreconcile(desk: Desk, *, payment: str = "", bank_transaction: str = "") -> dict[str, Any]:
    """Take that back."""
    return _reconcile(desk, payment=payment, bank_transaction=bank_transaction, reconciled=False)


def allocate_credit(desk: Desk, *, credit_note: str, invoice: str, amount: Any = None) -> dict[str, Any]:
    """Set a credit note against an invoice: as much as both allow, unless told otherwise."""
    note, row = desk.credit_note(credit_note), desk.invoice(invoice)
    asked = min(note.outstanding, row.outstanding) if amount is None else amount
    ask = read(shapes.allocation, {"Invoice": {"InvoiceID": row.id}, "Amount": str(asked)})
    return allocations.view(desk.books, allocations.create(desk.books, note, ask))


def deallocate(desk: Desk, *, credit_note: str, invoice: str) -> dict[str, Any]:
    """Take the newest allocation of a credit note off an invoice."""
    note, row = desk.credit_note(credit_note), desk.invoice(invoice)
    shared = [allocation for allocation in row.allocations if allocation in note.allocations]
    if not shared:
        raise ControlError("credit_note, invoice: no allocation between them")
    return allocations.view(desk.books, allocations.delete(desk.books, note, shared[-1]))


def add_bank_transaction(
    desk: Desk, *, contact: str, amount: Any = None, bank_account: str = "", account: str = "", **fields: Any
) -> dict[str, Any]:
    """Spend money by hand; `amount` on `account` makes one line, or give LineItems."""
    bank = desk.account(bank_account) if bank_account else desk.bank_account()
    given = {"Type": "SPEND", **fields, "BankAccount": {"AccountID": bank.id}}
    if amount is not None:
        line = {"Description": "By hand", "Quantity": 1, "UnitAmount": str(amount)}
        given["LineItems"] = [{**line, "AccountID": desk.account(account).id, "TaxType": "NONE"}]
    ask = {**read(shapes.bank_transaction, given), "Contact": {"ContactID": desk.contact(contact).id}}
    return document_views.bank_transaction(
        desk.books, bank_transactions.write(desk.work(), ask, create_only=True), places=4
    )


def edit_bank_transaction(desk: Desk, *, bank_transaction: str, **fields: Any) -> dict[str, Any]:
    """Change or delete (Status="DELETED") a bank transaction by hand."""
    row, ask = desk.bank_transaction(bank_transaction), read(shapes.bank_transaction, fields)
    made = bank_transactions.write(desk.work(), ask, create_only=False, path_id=row.id)
    return document_views.bank_transaction(desk.books, made, places=4)


def _end(desk: Desk, kind: Kind, row: Document, status: str) -> dict[str, Any]:
    return _edit(desk, kind, row, {"Status": status})


def batch_payment(desk: Desk, *, payment: str) -> dict[str, Any]:
    """Make a payment part of a batch, which cannot be deleted by itself (X 6.28)."""
    return _mark_payment(desk, desk.payment(payment), batch_id=desk.books.new_id())


def pay_many(desk: Desk, *, invoices: list[str], **values: Any) -> dict[str, Any]:
    """Pay several invoices by hand, each in full."""
    return {"payments": [record_payment(desk, invoice=invoice, **values) for invoice in invoices]}


DOCUMENT_ACTIONS: dict[str, Action] = {
    "add_invoice": lambda desk, *, contact="", **fields: _add(desk, INVOICE, contact, fields),
    "edit_invoice": edit_invoice,
    "edit_line": edit_line,
    "set_tracking": set_tracking,
    "void_invoice": lambda desk, *, invoice: _end(desk, INVOICE, desk.invoice(invoice), "VOIDED"),
    "delete_invoice": lambda desk, *, invoice: _end(desk, INVOICE, desk.invoice(invoice), "DELETED"),
    "record_payment": record_payment,
    "pay_many": pay_many,
    "delete_payment": delete_payment,
    "batch_payment": batch_payment,
    "reconcile": reconcile,
    "unreconcile": unreconcile,
    "add_credit_note": lambda desk, *, contact="", **fields: _add(desk, CREDIT_NOTE, contact, fields),
    "void_credit_note": lambda desk, *, credit_note: _end(desk, CREDIT_NOTE, desk.credit_note(credit_note), "VOIDED"),
    "allocate_credit": allocate_credit,
    "deallocate": deallocate,
    "add_bank_transaction": add_bank_transaction,
    "edit_bank_transaction": edit_bank_transaction,
}
