"""What the forms on a bill's page do to the bill and its lines."""

from decimal import Decimal
from typing import Any

from sandbox.clio.pages.choices import category_of
from sandbox.clio.pages.room import BILLS, Room
from sandbox.web.posted import Posted
from sandbox.web.site import Deed

_TEXTS = ("purchase_order", "subject", "memo")
_DISCOUNT = ("discount_type", "discount_rate", "discount_note")


def set_state(room: Room, posted: Posted, bill_id: int) -> None:
    """Approve, send back, void or delete."""
    room.act("set_bill_state", bill_id=bill_id, state=posted.about)


def edit_bill(room: Room, posted: Posted, bill_id: int) -> None:
    """Change what was changed in the form, and nothing else. A bill for another client is for its first matter."""
    values: dict[str, Any] = {name: posted.text(name) or None for name in posted.changed(*_TEXTS)}
    if posted.changed("number"):
        values["number"] = posted.needed("number")
    values |= {name: posted.day(name) for name in posted.changed("issued_at", "due_at")}
    if "issued_at" in values and values["issued_at"] is None:
        posted.needed("issued_at")
    values |= {name: posted.decimal(name) or 0 for name in posted.changed("tax_rate", "secondary_tax_rate")}
    if posted.changed(*_DISCOUNT):
        values["discount"] = _discount(posted, note=posted.text("discount_note") or None)
    if posted.changed("discount_services_only"):
        values["discount_services_only"] = posted.ticked("discount_services_only")
    if posted.changed("client_id"):
        client = room.client(posted.number("client_id"))
        values["client_id"] = client.id
        values["matter_ids"] = [row.id for row in room.store.matters.all() if row.client_id == client.id][:1]
    room.act("edit_bill", bill_id=bill_id, **values)


def _discount(posted: Posted, note: str | None) -> dict[str, Any] | None:
    kind = posted.text("discount_type")
    if not kind:
        return None
    posted.needed("discount_rate")
    return {"type": kind, "rate": posted.decimal("discount_rate"), "note": note}


def add_line(room: Room, posted: Posted, bill_id: int) -> None:
    """Add a line."""
    category = category_of(posted.text("category"))
    line = {
        "date": posted.day("date"),
        "description": posted.text("description"),
        "note": posted.text("note") or None,
        "quantity": _needed(posted, "quantity"),
        "price": _needed(posted, "price"),
        "taxable": posted.ticked("taxable"),
        **category,
    }
    if not any(category.values()):
        line["kind"] = posted.text("kind")
    room.act("edit_bill", bill_id=bill_id, lines={"add": [line]})


def change_line(room: Room, posted: Posted, bill_id: int) -> None:
    """Change what was changed of a line."""
    change: dict[str, Any] = {"id": int(posted.about)}
    change |= {name: posted.text(name) for name in posted.changed("description", "kind")}
    change |= {name: posted.day(name) for name in posted.changed("date")}
    change |= {name: _needed(posted, name) for name in posted.changed("quantity", "price")}
    change |= {name: posted.ticked(name) for name in posted.changed("taxable", "secondary_taxable")}
    if posted.changed("note"):
        change["note"] = posted.text("note") or None
    if posted.changed("discount_type", "discount_rate"):
        change["discount"] = _discount(posted, note=None)
    if posted.changed("category"):
        change |= category_of(posted.text("category"))
    room.act("edit_bill", bill_id=bill_id, lines={"change": [change]})


def _needed(posted: Posted, name: str) -> Decimal | None:
    posted.needed(name)
    return posted.decimal(name)


def remove_line(room: Room, posted: Posted, bill_id: int) -> None:
    """Take a line off."""
    room.act("edit_bill", bill_id=bill_id, lines={"remove": [int(posted.about)]})


def touch_bill(room: Room, _posted: Posted, bill_id: int) -> None:
    """Move its time of change."""
    room.act("touch_bill", bill_id=bill_id)


def break_bill(room: Room, _posted: Posted, bill_id: int) -> None:
    """Make its figures not add up."""
    room.act("break_bill", bill_id=bill_id)


def mend_bill(room: Room, _posted: Posted, bill_id: int) -> None:
    """Make them add up again."""
    room.act("mend_bill", bill_id=bill_id)


def vanish_bill(room: Room, _posted: Posted, bill_id: int) -> str:
    """Let it be gone; leads to the list."""
    room.act("vanish_bill", bill_id=bill_id)
    return BILLS


BILL_DEEDS = {
    "set-state": Deed(set_state, "The bill's state is changed."),
    "edit-bill": Deed(edit_bill, "The bill is saved."),
    "add-line": Deed(add_line, "The line is added."),
    "change-line": Deed(change_line, "The line is saved."),
    "remove-line": Deed(remove_line, "The line is removed."),
    "touch-bill": Deed(touch_bill, "The bill reads as changed just now; nothing else of it is."),
    "break-bill": Deed(break_bill, "The bill's total is off by 1.00 now."),
    "mend-bill": Deed(mend_bill, "The bill's figures are worked out anew."),
    "vanish-bill": Deed(vanish_bill, "The bill is gone as if it had never been."),
}
