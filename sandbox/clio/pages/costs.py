"""Hard costs, to look at."""

from sandbox.clio.pages.room import COSTS, Room, bill_path, contact_link, view
from sandbox.firm.billing import Activity
from sandbox.firm.store import Store
from sandbox.web import parts
from sandbox.web.frame import View
from sandbox.web.html import Child, cents, link
from sandbox.web.site import Visit


def cost_list(visit: Visit[Room]) -> View:
    """Hard costs, newest first, searched by note, reference or vendor."""
    store, args = visit.room.store, visit.args
    needle = args.get("q", "").strip().casefold()
    costs = [row for row in store.activities.all() if row.type == "HardCostEntry"]
    rows = [row for row in costs if needle in _texts(store, row)]
    rows.sort(key=lambda row: (row.date, row.id), reverse=True)
    listing = parts.page_of(rows, args, of=len(costs))
    return view(
        "Hard costs",
        parts.searching(COSTS, args, "Note, reference or vendor"),
        parts.pager(COSTS, args, listing, "hard cost"),
        parts.table(
            parts.heads("Date", "Vendor", "Category", "Note", "Reference", "On bill", figures=("Amount",)),
            (_row(store, row) for row in listing.rows),
            empty="No hard cost fits.",
        ),
        here=COSTS,
    )


def _texts(store: Store, row: Activity) -> str:
    vendor = store.contacts.find(row.vendor_id)
    return "\n".join([row.note or "", row.reference or "", (vendor.name if vendor else "") or ""]).casefold()


def _row(store: Store, row: Activity) -> list[Child]:
    category = store.expense_categories.find(row.expense_category_id)
    bill = store.bills.find(row.bill_id)
    return [
        row.date.isoformat(),
        contact_link(store, row.vendor_id),
        category.name if category else "",
        (row.note or "")[:120],
        row.reference or "",
        link(bill_path(bill.id), bill.number) if bill else "",
        cents(row.total),
    ]
