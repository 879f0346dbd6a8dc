"""A contact's page: names, e-mail, phones, addresses; archive, restore, merge."""

from typing import Any

from sandbox.web import forms, parts
from sandbox.web.frame import View
from sandbox.web.html import Child, counted, link, moment, tag
from sandbox.web.posted import Posted
from sandbox.web.site import Deed, Visit
from sandbox.xero.books import Books
from sandbox.xero.entities import Contact
from sandbox.xero.pages import document
from sandbox.xero.pages.home import INVOICE_HEADS, invoice_row
from sandbox.xero.pages.room import Room, view
from sandbox.xero.shapes import ADDRESS_TYPES

MOST_INVOICES = 25
_TEXTS = {"name": "Name", "first_name": "FirstName", "last_name": "LastName", "email": "EmailAddress"}
_PHONES = ("DEFAULT", "DDI", "MOBILE", "FAX")
_ADDRESS = ("AddressLine1", "AddressLine2", "City", "Region", "PostalCode", "Country")


def contact_page(visit: Visit[Room], row_id: str) -> View:
    """One contact with all that can be done to it."""
    books, row = visit.room.find("contacts", row_id)
    addresses = [forms.show(_address_form(row, kind), visit.said) for kind in ADDRESS_TYPES]
    return view(
        books,
        row.name,
        _about(row),
        parts.row_of(forms.show(_archive_form(row), visit.said)),
        forms.show(_edit_form(row), visit.said),
        addresses,
        forms.show(_merge_form(), visit.said),
        _invoices(books, row),
        document.history(books, row.id),
        section="contacts",
    )


def _about(row: Contact) -> Child:
    phones = {f"Phone ({kind})": " ".join(dict(fields).values()) for kind, fields in row.phones}
    addresses = {f"Address ({kind})": ", ".join(dict(fields).values()) for kind, fields in row.addresses}
    merged: Child = link(f"/app/contact/{row.merged_to}", "that contact") if row.merged_to else ""
    return parts.facts(
        {
            "Status": row.status,
            "Contact number": row.number,
            "First name": row.first_name,
            "Last name": row.last_name,
            "E-mail": row.email,
            **phones,
            **addresses,
            "Merged into": merged,
            "Changed": moment(row.updated),
        }
    )


def _archive_form(row: Contact) -> forms.Form:
    if row.status == "ACTIVE":
        return forms.Form(name="archive-contact", button="Archive", grave=True)
    return forms.Form(name="restore-contact", button="Restore")


def _edit_form(row: Contact) -> forms.Form:
    held = {kind: dict(fields) for kind, fields in row.phones}
    phones = [
        forms.text(f"phone-{kind}", held.get(kind, {}).get("PhoneNumber"), label=f"Phone: {kind.lower()}")
        for kind in _PHONES
    ]
    return forms.Form(
        name="edit-contact",
        title="Edit",
        button="Save",
        fields=[
            forms.text("name", row.name, needed=True),
            forms.text("first_name", row.first_name),
            forms.text("last_name", row.last_name),
            forms.text("email", row.email, label="E-mail"),
            *phones,
        ],
    )


def _address_form(row: Contact, kind: str) -> forms.Form:
    held = dict(dict(row.addresses).get(kind, ()))
    fields = [forms.text(name, held.get(name), label=label) for name, label in zip(_ADDRESS, _LABELS, strict=True)]
    title = f"Edit the {'postal' if kind == 'POBOX' else 'street'} address"
    return forms.Form(name="edit-address", about=kind, title=title, button="Save", fields=fields)


_LABELS = ("Line 1", "Line 2", "City", "Region", "Postal code", "Country")


def _merge_form() -> forms.Form:
    return forms.Form(
        name="merge-contact",
        title="Merge into another contact",
        button="Merge",
        grave=True,
        fields=[forms.text("into", needed=True, label="Into contact (name or number)")],
        note="Its documents go over to that contact; this one is archived and names it.",
    )


def _invoices(books: Books, row: Contact) -> Child:
    held = sorted(books.invoices.find("contact", row.id), key=lambda one: one.date, reverse=True)
    rows = [invoice_row(books, one) for one in held[:MOST_INVOICES]]
    more = tag("p", f"The newest of {counted(len(held), 'invoice')}.", class_="hint") if len(held) > len(rows) else None
    return parts.section("Invoices", parts.table(INVOICE_HEADS, rows, empty="There are none."), more, name="invoices")


def _edit(room: Room, posted: Posted, row_id: str) -> None:
    books, row = room.find("contacts", row_id)
    values: dict[str, Any] = {_TEXTS[name]: posted.text(name) for name in posted.changed(*_TEXTS)}
    if posted.changed("name"):
        values["Name"] = posted.needed("name")
    held = {kind: dict(fields) for kind, fields in row.phones}
    phones = [
        {**held.get(kind, {}), "PhoneType": kind, "PhoneNumber": posted.text(f"phone-{kind}")}
        for kind in _PHONES
        if posted.changed(f"phone-{kind}")
    ]
    if phones:
        values["Phones"] = phones
    room.act(books, "edit_contact", contact=row.id, **values)


def _edit_address(room: Room, posted: Posted, row_id: str) -> None:
    books, row = room.find("contacts", row_id)
    held = dict(dict(row.addresses).get(posted.about, ()))
    changed = {name: posted.text(name) for name in posted.changed(*_ADDRESS)}
    room.act(books, "edit_contact", contact=row.id, Addresses=[{**held, **changed, "AddressType": posted.about}])


def _archive(room: Room, posted: Posted, row_id: str) -> None:
    books, row = room.find("contacts", row_id)
    room.act(books, posted.form.replace("-", "_"), contact=row.id)


def _merge(room: Room, posted: Posted, row_id: str) -> str:
    books, row = room.find("contacts", row_id)
    room.act(books, "merge_contact", contact=row.id, into=posted.needed("into"))
    return f"/app/contact/{row.id}"


CONTACT_DEEDS = {
    "edit-contact": Deed(_edit, "The contact is saved."),
    "edit-address": Deed(_edit_address, "The address is saved."),
    "archive-contact": Deed(_archive, "The contact is archived."),
    "restore-contact": Deed(_archive, "The contact is active again."),
    "merge-contact": Deed(_merge, "The contact is merged and archived."),
}
