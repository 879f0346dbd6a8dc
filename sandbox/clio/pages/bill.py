"""A bill's page: what it says, its lines, the money on it, its history."""

from decimal import Decimal

from sandbox.clio.pages import bill_forms, money_forms
from sandbox.clio.pages.bill_list import state_of
from sandbox.clio.pages.room import BILLS, Room, bill_path, contact_link, view
from sandbox.clio.rules import ENDED
from sandbox.firm.billing import Allocation, Bill, Line
from sandbox.firm.store import Store
from sandbox.web import forms, parts
from sandbox.web.frame import View
from sandbox.web.html import Child, cents, link, moment, tag
from sandbox.web.site import Visit


def bill_page(visit: Visit[Room], bill_id: int) -> View:
    """One bill with all that can be done to it."""
    room = visit.room
    store, bill = room.store, room.bill(bill_id)
    return view(
        f"Bill {bill.number}",
        _about(store, bill),
        parts.row_of([forms.show(form, visit.said) for form in bill_forms.state_forms(bill)]),
        None if bill.state in ENDED else forms.show(bill_forms.edit_form(store, bill), visit.said),
        parts.section("Lines", _lines(visit, bill), name="lines"),
        parts.section("Figures", _figures(bill), name="figures"),
        parts.section("Payments", *_payments(visit, bill), name="payments"),
        parts.section("Credits", *_credits(visit, bill), name="credits"),
        parts.section("Interest", *_interest(visit, bill), name="interest"),
        parts.section("What goes wrong in Clio", *_oddities(visit), name="oddities"),
        parts.section("History", _history(room, bill), name="history"),
        here=BILLS,
    )


def _about(store: Store, bill: Bill) -> Child:
    original = store.bills.find(bill.original_bill_id)
    matters = ", ".join(row.display_number for row in map(store.matters.find, bill.matter_ids) if row)
    return parts.facts(
        {
            "State": state_of(bill),
            "Client": contact_link(store, bill.client_id),
            "Issued": bill.issued_at.isoformat(),
            "Due on": bill.due_at.isoformat() if bill.due_at else "",
            "Matters": matters,
            "Subject": bill.subject or "",
            "Purchase order": bill.purchase_order or "",
            "Memo": bill.memo or "",
            "Interest on": link(bill_path(original.id), f"Bill {original.number}") if original else "",
            "Due": cents(bill.due),
            "Balance": cents(bill.balance),
            "Number in the API": str(bill.id),
            "Changed": moment(bill.updated_at),
        }
    )


def _lines(visit: Visit[Room], bill: Bill) -> Child:
    store, editable = visit.room.store, bill.state not in ENDED
    rows: list[parts.Row | list[Child]] = []
    for line in store.lines_of(bill.id):
        change = [forms.show(form, visit.said) for form in bill_forms.line_forms(store, line)]
        rows.append(parts.Row(_line(line), change) if editable else _line(line))
    columns = parts.heads("Date", "What", "Kind", figures=("Quantity", "Price", "Amount", "Tax"))
    add = forms.show(bill_forms.add_line_form(store, bill), visit.said) if editable else None
    return [parts.table(columns, rows, empty="This bill has no lines."), add]


def _line(line: Line) -> list[Child]:
    note = (line.note or "")[:160]
    return [
        line.date.isoformat(),
        f"{line.description}: {note}".rstrip(": "),
        f"{line.kind}, {line.type.removesuffix('LineItem').lower() or 'by hand'}",
        f"{Decimal(line.quantity) / 100:f}",
        cents(line.price),
        cents(line.total),
        cents(line.tax + line.secondary_tax),
    ]


def _figures(bill: Bill) -> Child:
    values = {
        "Sub-total": bill.sub_total,
        "Tax": bill.total_tax,
        "Interest": bill.interest,
        "Total": bill.total,
        "Due (total less discount)": bill.due,
        "Paid": bill.paid,
        "Credits": bill.credits_issued,
        "Balance": bill.balance,
    }
    rows = [(name, cents(value)) for name, value in values.items()]
    return parts.table(parts.heads("Figure", figures=("Amount",)), rows, small=True)


def _payments(visit: Visit[Room], bill: Bill) -> list[Child]:
    store = visit.room.store
    columns = parts.heads("Date", "From", "Reference", "State", figures=("Amount",))
    rows = [
        parts.Row(
            [row.date.isoformat(), _source(store, row), row.identifier or "", _standing(row), cents(row.amount)],
            [forms.show(form, visit.said) for form in money_forms.payment_forms(row)],
        )
        for row in store.allocations_of(bill.id)
        if row.parent_type == "Payment"
    ]
    record = money_forms.record_form(bill, visit.room.today())
    return [
        parts.table(columns, rows, empty="Nothing was paid yet."),
        forms.show(record, visit.said),
        tag("p", "One payment for several bills is recorded on the client's page.", class_="hint"),
    ]


def _source(store: Store, row: Allocation) -> str:
    said = ["Trust account" if row.source_bank_account_id else "Online" if row.online else "Direct"]
    others = len(store.allocations_from("Payment", row.parent_id)) - 1
    if others:
        said.append(f"one payment with {others} more")
    return ", ".join([*said, "interest"] if row.interest else said)


def _standing(row: Allocation) -> Child:
    if row.voided_at:
        return ["Voided ", moment(row.voided_at)]
    return "Recorded" if row.counted else "Listed twice, counts for nothing"


def _credits(visit: Visit[Room], bill: Bill) -> list[Child]:
    store = visit.room.store
    columns = parts.heads("Date", "What", "State", figures=("Amount",))
    rows = [
        parts.Row(
            [row.date.isoformat(), row.description or "", _standing(row), cents(row.amount)],
            [forms.show(form, visit.said) for form in money_forms.credit_forms(row)],
        )
        for row in store.allocations_of(bill.id)
        if row.parent_type == "CreditMemo"
    ]
    write_off = money_forms.write_off_form(bill, visit.room.today())
    return [parts.table(columns, rows, empty="Nothing was credited."), forms.show(write_off, visit.said)]


def _interest(visit: Visit[Room], bill: Bill) -> list[Child]:
    rows = [
        (row.date.isoformat(), row.description, cents(row.total))
        for row in visit.room.store.interest_charges.all()
        if row.bill_id == bill.id
    ]
    table = parts.table(parts.heads("Date", "What", figures=("Amount",)), rows, empty="No interest was charged.")
    return [table, forms.show(money_forms.interest_form(visit.room.today()), visit.said)]


def _oddities(visit: Visit[Room]) -> list[Child]:
    return [
        tag("p", "Not for people: what integrations with Clio have to live with.", class_="hint"),
        parts.row_of([forms.show(form, visit.said) for form in bill_forms.oddity_forms()]),
    ]


def _history(room: Room, bill: Bill) -> Child:
    rows: list[list[Child]] = [[moment(entry.time), entry.text] for entry in room.office.history.of("bill", bill.id)]
    rows.append([moment(bill.created_at), "Made"])
    return parts.table(parts.heads("When", "What"), rows, small=True)
