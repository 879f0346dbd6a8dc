"""The list of contacts, and a new one."""

from collections.abc import Mapping

from sandbox.clio.pages.room import CONTACTS, Room, contact_path, view
from sandbox.firm.records import Contact
from sandbox.firm.store import Store
from sandbox.web import forms, parts
from sandbox.web.frame import View
from sandbox.web.html import Child, link, tag
from sandbox.web.posted import Posted
from sandbox.web.site import Deed, Visit

NEW = "/stand-in/contacts/new"
_KINDS = (("", "All"), ("client", "Clients"), ("other", "Others"), ("company", "Companies"), ("person", "People"))


def contact_list(visit: Visit[Room]) -> View:
    """Contacts by name, searched by name or e-mail."""
    store, args = visit.room.store, visit.args
    listing = parts.page_of(_found(store, args), args, of=len(store.contacts))
    return view(
        "Contacts",
        tag("p", link(NEW, "New contact")),
        parts.searching(CONTACTS, args, "Name or e-mail"),
        parts.filters(CONTACTS, args, _KINDS),
        parts.pager(CONTACTS, args, listing, "contact"),
        parts.table(
            parts.heads("Name", "Kind", "Client", "E-mail", "Phone", "Number"),
            map(_row, listing.rows),
            empty="No contact fits. Take the filter off, or make a new contact.",
        ),
        here=CONTACTS,
    )


def _found(store: Store, args: Mapping[str, str]) -> list[Contact]:
    kind, needle = args.get("state", ""), args.get("q", "").strip().casefold()
    tests = {
        "client": lambda row: row.is_client,
        "other": lambda row: not row.is_client,
        "company": lambda row: row.type == "Company",
        "person": lambda row: row.type == "Person",
    }
    rows = filter(tests.get(kind), store.contacts.all()) if kind in tests else store.contacts.all()
    found = [row for row in rows if not needle or needle in _texts(row)]
    return sorted(found, key=lambda row: ((row.name or "").casefold(), row.id))


def _texts(row: Contact) -> str:
    return "\n".join([row.name or "", *(email.address for email in row.emails)]).casefold()


def _row(row: Contact) -> list[Child]:
    email = next((found.address for found in row.emails if found.primary), "")
    phone = next((found.number for found in row.phones if found.primary), "")
    return [
        link(contact_path(row.id), row.name or f"Contact {row.id}"),
        row.type,
        "Client" if row.is_client else "",
        email,
        phone,
        str(row.id),
    ]


def new_contact(visit: Visit[Room]) -> View:
    """A form for a contact."""
    form = forms.Form(
        name="new-contact",
        button="Make the contact",
        fields=[
            forms.choice("type", "Company", [("Company", "Company"), ("Person", "Person")], label="Kind"),
            forms.text("name", hint="For a company."),
            forms.text("first_name", hint="For a person."),
            forms.text("last_name", hint="For a person."),
            forms.text("email", label="E-mail"),
            forms.text("phone"),
            forms.tick("is_client", on=True, label="Is a client"),
        ],
    )
    return view("New contact", forms.show(form, visit.said), here=NEW)


def _make(room: Room, posted: Posted) -> str:
    kind = posted.text("type")
    names = ("name",) if kind == "Company" else ("first_name", "last_name")
    data: dict[str, object] = {name: posted.text(name) for name in names}
    if posted.text("email"):
        data["email_addresses"] = [{"name": "Work", "address": posted.text("email"), "default_email": True}]
    if posted.text("phone"):
        data["phone_numbers"] = [{"name": "Work", "number": posted.text("phone"), "default_number": True}]
    made = room.act("add_contact", type=kind, is_client=posted.ticked("is_client"), **data)
    return contact_path(made["id"])


NEW_CONTACT = Deed(_make, "The contact is made.")
