"""What the forms for payments, credits and interest do."""

from typing import Any

from sandbox.clio.pages.room import Room, bill_path
from sandbox.web.posted import FormProblem, Posted
from sandbox.web.site import Deed


def _how(posted: Posted) -> dict[str, Any]:
    return {
        "date": posted.day("date"),
        "reference": posted.text("reference") or None,
        "online": posted.ticked("online"),
        "from_trust": posted.ticked("from_trust"),
    }


def _amount(posted: Posted) -> Any:
    posted.needed("amount")
    return posted.decimal("amount")


def record_payment(room: Room, posted: Posted, bill_id: int) -> None:
    """Pay the bill."""
    values = {**_how(posted), "amount": _amount(posted), "interest": posted.ticked("interest")}
    room.act("record_payment", bill_id=bill_id, **values)


def pay_bills(room: Room, posted: Posted, contact_id: int) -> None:
    """One payment for several of a client's bills."""
    parts: list[dict[str, Any]] = []
    for bill_id in posted.starting("part-"):
        value = posted.decimal(f"part-{bill_id}")
        if value:
            parts.append({"bill_id": int(bill_id), "amount": value})
    if not parts:
        raise FormProblem("Enter an amount beside at least one bill.")
    if any(room.bill(part["bill_id"]).client_id != contact_id for part in parts):
        raise FormProblem("One of the bills is another client's by now: open the page anew.")
    room.act("pay_bills", parts=parts, **_how(posted))


def edit_payment(room: Room, posted: Posted, **_path: int) -> None:
    """Change what was changed of a payment."""
    values: dict[str, Any] = {name: _amount(posted) for name in posted.changed("amount")}
    if posted.changed("date"):
        posted.needed("date")
        values["date"] = posted.day("date")
    values |= {name: posted.text(name) or None for name in posted.changed("identifier")}
    values |= {name: posted.ticked(name) for name in posted.changed("interest")}
    room.act("edit_payment", allocation_id=int(posted.about), **values)


def void_payment(room: Room, posted: Posted, **_path: int) -> None:
    """Void a payment: it stays, marked."""
    room.act("void_payment", allocation_id=int(posted.about))


def delete_payment(room: Room, posted: Posted, **_path: int) -> None:
    """Delete a payment: it is gone."""
    room.act("delete_payment", allocation_id=int(posted.about))


def list_twice(room: Room, posted: Posted, **_path: int) -> None:
    """Let the API list a payment twice (C 5.9)."""
    room.act("duplicate_payment", allocation_id=int(posted.about))


def write_off(room: Room, posted: Posted, bill_id: int) -> None:
    """Credit the bill."""
    room.act(
        "write_off",
        bill_id=bill_id,
        amount=_amount(posted),
        date=posted.day("date"),
        description=posted.text("description") or "Write-off",
        discount=posted.ticked("discount"),
    )


def edit_credit(room: Room, posted: Posted, **_path: int) -> None:
    """Change what was changed of a credit."""
    values: dict[str, Any] = {name: _amount(posted) for name in posted.changed("amount")}
    values |= {name: posted.day(name) for name in posted.changed("date")}
    values |= {name: posted.text(name) for name in posted.changed("description")}
    room.act("edit_credit", memo_id=int(posted.about), **values)


def void_credit(room: Room, posted: Posted, **_path: int) -> None:
    """Void a credit."""
    room.act("void_credit", memo_id=int(posted.about))


def delete_credit(room: Room, posted: Posted, **_path: int) -> None:
    """Delete a credit."""
    room.act("delete_credit", memo_id=int(posted.about))


def charge_interest(room: Room, posted: Posted, bill_id: int) -> str | None:
    """Charge interest; a bill of its own is where this leads."""
    own_bill = posted.ticked("own_bill")
    made = room.act(
        "charge_interest",
        bill_id=bill_id,
        amount=_amount(posted),
        date=posted.day("date"),
        own_bill=own_bill,
        on_original=posted.ticked("on_original"),
    )
    return bill_path(made["id"]) if own_bill else None


MONEY_DEEDS = {
    "record-payment": Deed(record_payment, "The payment is recorded."),
    "edit-payment": Deed(edit_payment, "The payment is saved."),
    "void-payment": Deed(void_payment, "The payment is voided."),
    "delete-payment": Deed(delete_payment, "The payment is deleted."),
    "list-twice": Deed(list_twice, "The payment is listed twice now."),
    "write-off": Deed(write_off, "The credit is written."),
    "edit-credit": Deed(edit_credit, "The credit is saved."),
    "void-credit": Deed(void_credit, "The credit is voided."),
    "delete-credit": Deed(delete_credit, "The credit is deleted."),
    "charge-interest": Deed(charge_interest, "Interest is charged."),
}
PAY_BILLS = Deed(pay_bills, "One payment is recorded on these bills.")
