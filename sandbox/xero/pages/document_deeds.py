"""What the forms on invoices and credit notes do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.web.posted import FormProblem, Posted
from sandbox.web.site import Deed
from sandbox.xero.books import Books
from sandbox.xero.entities import Document
from sandbox.xero.pages.choices import contact_of, tracking_of
from sandbox.xero.pages.room import Room, credit_note_path, invoice_path


@dataclass(frozen=True)
class Side:
    """One of the two kinds: where its rows are, what actions call it, its number, its page."""

    table: str
    word: str
    number: str
    path: Callable[[str], str]


INVOICES = Side("invoices", "invoice", "InvoiceNumber", invoice_path)
CREDIT_NOTES = Side("credit_notes", "credit_note", "CreditNoteNumber", credit_note_path)


def document_deeds(side: Side) -> dict[str, Deed]:
    """The deeds of one kind's page."""

    def on(
        fields: Callable[[Books, Document, Posted], Mapping[str, Any]],
    ) -> Callable[[Room, Posted, str], None]:
        def carry_out(room: Room, posted: Posted, row_id: str) -> None:
            books, row = room.find(side.table, row_id)
            values = dict(fields(books, row, posted))
            action = "edit_line" if "line" in values else f"edit_{side.word}"
            room.act(books, action, **{side.word: row.id}, **values)

        return carry_out

    return {
        "set-status": Deed(on(lambda _books, _row, posted: {"Status": posted.about}), "The status is changed."),
        "edit-document": Deed(on(lambda books, _row, posted: _head(side, books, posted)), "It is saved."),
        "change-line": Deed(on(_changed_line), "The line is saved."),
        "add-line": Deed(on(_added_line), "The line is added."),
        "remove-line": Deed(on(_removed_line), "The line is removed."),
    }


def _head(side: Side, books: Books, posted: Posted) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if posted.changed("number"):
        values[side.number] = posted.needed("number")
    if posted.changed("reference"):
        values["Reference"] = posted.text("reference")
    if posted.changed("contact"):
        values["Contact"] = {"ContactID": contact_of(books, posted)}
    for name, key in (("date", "Date"), ("due_date", "DueDate")):
        if posted.changed(name):
            posted.needed(name)
            values[key] = posted.day(name)
    return values


def _changed_line(books: Books, row: Document, posted: Posted) -> dict[str, Any]:
    """The line's place and what was changed of it: only that is sent."""
    values: dict[str, Any] = {"line": _place(row, posted)}
    if posted.changed("description"):
        values["Description"] = posted.text("description")
    if posted.changed("account"):
        values["AccountID"] = posted.needed("account")
    if posted.changed("tax_type"):
        values["TaxType"] = posted.needed("tax_type")
    for name, key in (("quantity", "Quantity"), ("unit_amount", "UnitAmount")):
        if posted.changed(name):
            posted.needed(name)
            values[key] = posted.decimal(name)
    if posted.changed(*(f"tracking-{category.id}" for category in books.tracking)):
        values["Tracking"] = tracking_of(posted)
    return values


def new_line(posted: Posted) -> dict[str, Any]:
    """A line from a form's fields; account and tax rate may be left to Xero."""
    line: dict[str, Any] = {"Description": posted.text("description")}
    for name, key in (("quantity", "Quantity"), ("unit_amount", "UnitAmount")):
        posted.needed(name)
        line[key] = posted.decimal(name)
    if posted.text("account"):
        line["AccountID"] = posted.text("account")
    if posted.text("tax_type"):
        line["TaxType"] = posted.text("tax_type")
    return line


def _added_line(_books: Books, row: Document, posted: Posted) -> dict[str, Any]:
    return {"LineItems": [*({"LineItemID": line.id} for line in row.lines), new_line(posted)]}


def _removed_line(_books: Books, row: Document, posted: Posted) -> dict[str, Any]:
    _place(row, posted)
    return {"LineItems": [{"LineItemID": line.id} for line in row.lines if line.id != posted.about]}


def _place(row: Document, posted: Posted) -> int:
    places = [line.id for line in row.lines]
    if posted.about not in places:
        raise FormProblem("The line is not on this document any more: open the page anew.")
    return places.index(posted.about)
