"""Control actions on contacts: what people do with them in Xero. Fields have Xero's names (EmailAddress, …)."""

from dataclasses import replace
from typing import Any

from sandbox.control import ControlError
from sandbox.xero import contact_views, contacts, shapes
from sandbox.xero.desk import Action, Desk, read
from sandbox.xero.entities import Contact
from sandbox.xero.table import Table
from sandbox.xero.values import folded


def _shown(desk: Desk, row: Contact) -> dict[str, Any]:
    return contact_views.contact(desk.books, row)


def add_contact(desk: Desk, **fields: Any) -> dict[str, Any]:
    """A new contact, as by PUT."""
    return _shown(desk, contacts.write(desk.books, read(shapes.contact, fields), create_only=True))


def edit_contact(desk: Desk, *, contact: str, **fields: Any) -> dict[str, Any]:
    """Change fields of a contact."""
    ask = read(shapes.contact, fields)
    return _shown(desk, contacts.write(desk.books, ask, create_only=False, path_id=desk.contact(contact).id))


def archive_contact(desk: Desk, *, contact: str) -> dict[str, Any]:
    """Archive a contact, open invoices or not (X 7.6)."""
    return _shown(desk, contacts.save(desk.books, replace(desk.contact(contact), status="ARCHIVED")))


def restore_contact(desk: Desk, *, contact: str) -> dict[str, Any]:
    """Bring an archived contact back: only people in Xero can (X 7.6)."""
    row = desk.contact(contact)
    if row.status != "ACTIVE" and desk.books.contacts.find("name", folded(row.name)):
        raise ControlError(f"contact: an active contact has the name {row.name!r}")
    return _shown(desk, contacts.save(desk.books, replace(row, status="ACTIVE", merged_to="")))


def merge_contact(desk: Desk, *, contact: str, into: str) -> dict[str, Any]:
    """Merge a contact into another: it is archived and names the survivor, which takes its documents over (X 7.9)."""
    books, gone, survivor = desk.books, desk.contact(contact), desk.contact(into)
    if gone.id == survivor.id:
        raise ControlError("into: a contact cannot be merged into itself")
    for table in (books.invoices, books.credit_notes, books.bank_transactions):
        _hand_over(desk, table, gone.id, survivor.id)
    return _shown(desk, contacts.save(books, replace(gone, status="ARCHIVED", merged_to=survivor.id)))


def _hand_over(desk: Desk, table: Table[Any], gone: str, survivor: str) -> None:
    for row in table.find("contact", gone):
        table.put(replace(row, contact_id=survivor, updated=desk.books.now()))
        if table is desk.books.invoices:
            desk.books.tell("INVOICE", row.id, created=False)


CONTACT_ACTIONS: dict[str, Action] = {
    "add_contact": add_contact,
    "edit_contact": edit_contact,
    "rename_contact": lambda desk, *, contact, name: edit_contact(desk, contact=contact, Name=name),
    "archive_contact": archive_contact,
    "restore_contact": restore_contact,
    "merge_contact": merge_contact,
}
