"""The list of contacts of an organisation, and a new one."""

from collections.abc import Mapping

from sandbox.web import forms, parts
from sandbox.web.frame import View
from sandbox.web.html import Child, link, tag
from sandbox.web.posted import Posted
from sandbox.web.site import Deed, Visit
from sandbox.xero.books import Books
from sandbox.xero.entities import Contact
from sandbox.xero.pages.room import Room, org_path, view
from sandbox.xero.values import folded

_FILTERS = (("", "Active"), ("ARCHIVED", "Archived"), ("all", "All"))


def contact_list(visit: Visit[Room], code: str) -> View:
    """Contacts by name, searched by name, number or e-mail."""
    books, args = visit.room.books(code), visit.args
    path = org_path(books, "contacts")
    listing = parts.page_of(_found(books, args), args, of=len(books.contacts))
    return view(
        books,
        "Contacts",
        tag("p", link(f"{path}/new", "New contact")),
        parts.searching(path, args, "Name, contact number or e-mail"),
        parts.filters(path, args, _FILTERS),
        parts.pager(path, args, listing, "contact"),
        parts.table(
            parts.heads("Name", "Contact number", "E-mail", "Status"), map(_row, listing.rows), empty="No contact fits."
        ),
        section="contacts",
    )


def _found(books: Books, args: Mapping[str, str]) -> list[Contact]:
    status, needle = args.get("state", "") or "ACTIVE", folded(args.get("q", ""))
    rows = [row for row in books.contacts if status in {"all", row.status}]
    found = [row for row in rows if any(needle in folded(text) for text in (row.name, row.number, row.email))]
    return sorted(found, key=lambda row: row.name.casefold())


def _row(row: Contact) -> list[Child]:
    return [link(f"/app/contact/{row.id}", row.name), row.number, row.email, row.status]


def new_contact(visit: Visit[Room], code: str) -> View:
    """A form for a contact."""
    fields = [
        forms.text("name", needed=True),
        forms.text("email", label="E-mail"),
        forms.text("contact_number", hint="Empty: none, as for contacts made by people."),
    ]
    form = forms.Form(name="new-contact", button="Make the contact", fields=fields)
    return view(visit.room.books(code), "New contact", forms.show(form, visit.said), section="contacts")


def _make(room: Room, posted: Posted, code: str) -> str:
    values = {"EmailAddress": posted.text("email"), "ContactNumber": posted.text("contact_number")}
    given = {key: value for key, value in values.items() if value}
    made = room.act(room.books(code), "add_contact", Name=posted.needed("name"), **given)
    return f"/app/contact/{made['ContactID']}"


NEW_CONTACT = {"new-contact": Deed(_make, "The contact is made.")}
