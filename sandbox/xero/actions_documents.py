"""Control actions on documents: what people do by hand in Xero. Fields have Xero's names."""

from typing import Any

from sandbox.control import ControlError
from sandbox.xero import bank_transactions, coding, document_views, documents, shapes
from sandbox.xero.desk import Action, Desk, read
from sandbox.xero.entities import Document
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


def edit_credit_note(desk: Desk, *, credit_note: str, **fields: Any) -> dict[str, Any]:
    """Change a credit note; lines as with invoices."""
    return _edit(desk, CREDIT_NOTE, desk.credit_note(credit_note), read(shapes.credit_note, fields))


def edit_line(desk: Desk, *, invoice: str = "", credit_note: str = "", line: int = 0, **fields: Any) -> dict[str, Any]:
    """Change one line (counted from 0) of an invoice or credit note; the others stay."""
    kind, row = (CREDIT_NOTE, desk.credit_note(credit_note)) if credit_note else (INVOICE, desk.invoice(invoice))
    asked: list[Ask] = [{"LineItemID": held.id} for held in row.lines]
    if not 0 <= line < len(asked):
        raise ControlError(f"line: the document has {len(asked)} lines, counted from 0")
    asked[line] = {**read(shapes.line, fields), **asked[line]}
    return _edit(desk, kind, row, {"LineItems": asked})


def set_tracking(desk: Desk, *, invoice: str, category: str, option: str, line: int = 0) -> dict[str, Any]:
    """Set a tracking option on a line of an invoice, beside those of other categories."""
    pair = coding.find_tracking(desk.books, {"Name": category, "Option": option})
    if pair is None:
        raise ControlError(f"category, option: there is no {category!r} with {option!r}")
    held = desk.invoice(invoice).lines[line].tracking
    both = {**dict(held), pair[0]: pair[1]}
    tracking = [{"TrackingCategoryID": key, "TrackingOptionID": value} for key, value in both.items()]
    return edit_line(desk, invoice=invoice, line=line, Tracking=tracking)


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


DOCUMENT_ACTIONS: dict[str, Action] = {
    "add_invoice": lambda desk, *, contact="", **fields: _add(desk, INVOICE, contact, fields),
    "edit_invoice": edit_invoice,
    "edit_credit_note": edit_credit_note,
    "edit_line": edit_line,
    "set_tracking": set_tracking,
    "void_invoice": lambda desk, *, invoice: _end(desk, INVOICE, desk.invoice(invoice), "VOIDED"),
    "delete_invoice": lambda desk, *, invoice: _end(desk, INVOICE, desk.invoice(invoice), "DELETED"),
    "add_credit_note": lambda desk, *, contact="", **fields: _add(desk, CREDIT_NOTE, contact, fields),
    "void_credit_note": lambda desk, *, credit_note: _end(desk, CREDIT_NOTE, desk.credit_note(credit_note), "VOIDED"),
    "delete_credit_note": lambda desk, *, credit_note: _end(
        desk, CREDIT_NOTE, desk.credit_note(credit_note), "DELETED"
    ),
    "add_bank_transaction": add_bank_transaction,
    "edit_bank_transaction": edit_bank_transaction,
}
