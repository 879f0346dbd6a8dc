"""A contact's page: names, e-mail, phones, addresses, bills."""

from sandbox.clio.pages import money_forms
from sandbox.clio.pages.bill_list import state_of
from sandbox.clio.pages.contact_details import DETAILS, Detail, detail_form, drop_form
from sandbox.clio.pages.room import CONTACTS, Room, bill_path, view
from sandbox.firm.billing import Bill
from sandbox.firm.records import Contact
from sandbox.web import forms, parts
from sandbox.web.frame import View
from sandbox.web.html import Child, cents, counted, link, moment, tag
from sandbox.web.site import Visit

MOST_BILLS = 50


def contact_page(visit: Visit[Room], contact_id: int) -> View:
    """One contact with all that can be done to it."""
    room = visit.room
    contact = room.contact(contact_id)
    bills = [bill for bill in room.store.bills.all() if bill.client_id == contact_id]
    return view(
        contact.name or f"Contact {contact.id}",
        parts.facts(
            {
                "Kind": contact.type,
                "Client": "Yes" if contact.is_client else "No",
                "Number in the API": str(contact.id),
                "Changed": moment(contact.updated_at),
            }
        ),
        forms.show(_name_form(contact), visit.said),
        [_details(visit, contact, detail) for detail in DETAILS.values()],
        parts.section("Bills", *_bills(visit, bills), name="bills"),
        parts.section("Merge or delete", *_end(visit), name="end"),
        parts.section("History", _history(room, contact), name="history"),
        here=CONTACTS,
    )


def _name_form(contact: Contact) -> forms.Form:
    if contact.type == "Company":
        fields = [forms.text("name", contact.name, needed=True)]
    else:
        fields = [forms.text(name, getattr(contact, name)) for name in ("first_name", "middle_name", "last_name")]
    return forms.Form(name="rename-contact", title="Rename", button="Save", fields=fields)


def _details(visit: Visit[Room], contact: Contact, detail: Detail) -> Child:
    rows = [
        parts.Row(
            [row.name, detail.text_of(row), "Primary" if row.primary else ""],
            [forms.show(form, visit.said) for form in (detail_form(detail, row), drop_form(detail, row))],
        )
        for row in getattr(contact, detail.held)
    ]
    return parts.section(
        detail.title,
        parts.table(parts.heads("Kind", "What", "Primary"), rows, empty="None."),
        forms.show(detail_form(detail, None), visit.said),
        name=detail.held,
    )


def _bills(visit: Visit[Room], bills: list[Bill]) -> list[Child]:
    newest = bills[: -MOST_BILLS - 1 : -1]
    rows = [
        [
            link(bill_path(bill.id), bill.number),
            bill.issued_at.isoformat(),
            state_of(bill),
            cents(bill.due),
            cents(bill.balance),
        ]
        for bill in newest
    ]
    table = parts.table(
        parts.heads("Bill", "Issued", "State", figures=("Due", "Balance")), rows, empty="There are no bills."
    )
    more = tag("p", f"The newest of {counted(len(bills), 'bill')}.", class_="hint") if len(bills) > len(rows) else None
    owed = [
        bill for bill in newest if bill.state == "awaiting_payment" and bill.balance > 0 and bill.kind != "trust_kind"
    ]
    pay = forms.show(money_forms.several_form(owed, visit.room.today()), visit.said) if owed else None
    return [table, more, pay]


def _end(visit: Visit[Room]) -> list[Child]:
    merge = forms.Form(
        name="merge-contact",
        title="Merge into another contact",
        button="Merge",
        grave=True,
        fields=[
            forms.text("into", needed=True, label="Into contact (number)", hint="The number on that contact's page.")
        ],
        note="Bills, matters and expenses go over to that contact; this one is gone.",
    )
    delete = forms.Form(name="delete-contact", button="Delete this contact", grave=True)
    return [forms.show(merge, visit.said), forms.show(delete, visit.said)]


def _history(room: Room, contact: Contact) -> Child:
    entries = room.office.history.of("contact", contact.id)
    rows: list[list[Child]] = [[moment(entry.time), entry.text] for entry in entries]
    rows.append([moment(contact.created_at), "Made"])
    return parts.table(parts.heads("When", "What"), rows, small=True)
