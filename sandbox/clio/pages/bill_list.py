"""The list of bills, and a new one."""

from collections.abc import Mapping
from datetime import timedelta

from sandbox.clio.actions_bills import ID_OVER_NUMBER
from sandbox.clio.pages.choices import categories, category_of, client_field
from sandbox.clio.pages.room import BILLS, Room, bill_path, contact_link, view
from sandbox.firm.billing import Bill
from sandbox.firm.store import Store
from sandbox.web import forms, parts
from sandbox.web.frame import View
from sandbox.web.html import Child, cents, link, tag
from sandbox.web.posted import Posted, told
from sandbox.web.site import Visit

STATES = ("draft", "awaiting_approval", "awaiting_payment", "paid", "void", "deleted")
NEW = "/stand-in/bills/new"


def bill_list(visit: Visit[Room]) -> View:
    """Bills, newest first, searched by number, client, purchase order or subject, filtered by state."""
    store, args = visit.room.store, visit.args
    rows = _found(store, args)
    listing = parts.page_of(rows, args, of=len(store.bills))
    states = [("", "All"), *((state, told(state)) for state in STATES), ("trust", "Trust requests")]
    table = parts.table(
        parts.heads("Bill", "Client", "Issued", "Due on", "State", figures=("Due", "Balance")),
        (_row(store, bill) for bill in listing.rows),
        empty="No bill fits. Take the filter off, or make a new bill.",
    )
    return view(
        "Bills",
        tag("p", store.account.name, ". ", link(NEW, "New bill")),
        parts.searching(BILLS, args, "Number, client, purchase order or subject"),
        parts.filters(BILLS, args, states),
        parts.pager(BILLS, args, listing, "bill"),
        table,
        parts.pager(BILLS, args, listing, "bill") if listing.pages > 1 else None,
        here=BILLS,
    )


def _found(store: Store, args: Mapping[str, str]) -> list[Bill]:
    state, needle = args.get("state", ""), args.get("q", "").strip().casefold()
    rows = [store.bills.rows[row_id] for row_id in reversed(store.bills.ids)]
    if state == "trust":
        rows = [bill for bill in rows if bill.kind == "trust_kind"]
    elif state in STATES:
        rows = [bill for bill in rows if bill.state == state and bill.kind != "trust_kind"]
    return [bill for bill in rows if needle in _texts(store, bill)] if needle else rows


def _texts(store: Store, bill: Bill) -> str:
    client = store.contacts.find(bill.client_id)
    texts = (bill.number, client.name if client else "", bill.purchase_order, bill.subject)
    return "\n".join(text for text in texts if text).casefold()


def _row(store: Store, bill: Bill) -> list[Child]:
    return [
        link(bill_path(bill.id), bill.number),
        contact_link(store, bill.client_id),
        bill.issued_at.isoformat(),
        bill.due_at.isoformat() if bill.due_at else "",
        state_of(bill),
        cents(bill.due),
        cents(bill.balance),
    ]


def state_of(bill: Bill) -> str:
    """A bill's state in words."""
    return f"{told(bill.state)} (trust request)" if bill.kind == "trust_kind" else told(bill.state)


def new_bill(visit: Visit[Room]) -> View:
    """A form for a bill with one line."""
    store, today = visit.room.store, visit.room.today()
    form = forms.Form(
        name="new-bill",
        button="Make the bill",
        fields=[
            client_field(store, None),
            forms.text("number", str(store.bills.next_id - ID_OVER_NUMBER), needed=True),
            forms.day("issued_at", today, needed=True),
            forms.day("due_at", today + timedelta(days=30)),
            forms.choice("state", "awaiting_payment", [(state, told(state)) for state in STATES[:3]]),
            forms.text("subject", "For professional services"),
            forms.text("purchase_order"),
            forms.amount("tax_rate", "13", label="Tax rate in per cent"),
            forms.text("description", "Work done", label="Line: description"),
            forms.choice("category", "", groups=categories(store), choices=[("", "By hand")], label="Line: category"),
            forms.amount("quantity", "1", label="Line: quantity (hours)", needed=True),
            forms.amount("price", "250.00", label="Line: price", needed=True),
        ],
        note="More lines, discounts and payments are added on the bill's own page.",
    )
    return view("New bill", forms.show(form, visit.said), here=NEW)


def make_bill(room: Room, posted: Posted) -> str:
    """Make it; leads to its page."""
    line = {
        "description": posted.text("description"),
        "quantity": posted.decimal("quantity") or 0,
        "price": posted.decimal("price") or 0,
        **category_of(posted.text("category")),
    }
    made = room.act(
        "add_bill",
        client_id=posted.number("client_id"),
        number=posted.needed("number"),
        issued_at=posted.day("issued_at") or room.today(),
        due_at=posted.day("due_at"),
        state=posted.text("state"),
        subject=posted.text("subject") or None,
        purchase_order=posted.text("purchase_order") or None,
        tax_rate=posted.decimal("tax_rate") or 0,
        lines=[line],
    )
    return bill_path(made["id"])
