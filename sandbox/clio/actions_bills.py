"""Control actions on bills: what people do with bills in Clio, and what goes wrong there.

Amounts are numbers or texts in currency units, rates percentages, dates ISO. `silent` leaves updated_at alone.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sandbox.clio import rules
from sandbox.clio.actions_lines import add_line, change_lines, let_go
from sandbox.clio.desk import Action, Desk, Readers, as_is, cents, percent, put, to_date, to_discount
from sandbox.clio.schema_billing import BILL, TRANSITIONS
from sandbox.clio.schema_lines import LINE
from sandbox.clio.shape import render_whole
from sandbox.firm.billing import Bill
from sandbox.firm.figures import work_out
from sandbox.firm.money import INTEREST_RATE, add_charge, add_interest_bill

_BILL_READERS: Readers = {
    **dict.fromkeys(
        ("number", "state", "kind", "subject", "memo", "purchase_order", "client_id", "matter_ids", "user_id"), as_is
    ),
    **dict.fromkeys(("currency_id", "discount_services_only", "original_bill_id"), as_is),
    **dict.fromkeys(("issued_at", "due_at", "start_at", "end_at"), to_date),
    **dict.fromkeys(("interest", "trust_amount", "pending"), cents),
    **dict.fromkeys(("tax_rate", "secondary_tax_rate", "interest_rate"), percent),
    "discount": to_discount,
}
ID_OVER_NUMBER = 8000  # the first bill has id 9001 and number 1001


def _shown(desk: Desk, bill: Bill) -> dict[str, Any]:
    lines = [render_whole(desk.store, LINE, line) for line in desk.store.lines_of(bill.id)]
    return {**render_whole(desk.store, BILL, bill), "line_items": lines}


def add_bill(
    desk: Desk, *, client_id: int | None = None, lines: list[dict[str, Any]] | None = None, **values: Any
) -> dict[str, Any]:
    """A new bill, awaiting payment unless `state` says otherwise; the client is the first one by default."""
    store = desk.store
    if client_id is None:
        client_id = next(row.id for row in store.contacts.all() if row.is_client)
    client = store.contacts.get(client_id)
    matters = [row.id for row in store.matters.all() if row.client_id == client.id][:1]
    bill_id = store.bills.take_id()
    bill = Bill(
        id=bill_id,
        created_at=desk.now,
        updated_at=desk.now,
        number=str(bill_id - ID_OVER_NUMBER),
        state="awaiting_payment",
        issued_at=desk.today(),
        due_at=desk.today() + timedelta(days=30),
        client_id=client.id,
        matter_ids=matters,
        user_id=store.users.ids[0],
        currency_id=store.currencies.ids[0],
    )
    put(bill, values, _BILL_READERS)
    if desk.as_person:
        rules.check_number(store, bill.number)
    store.bills.add(bill)
    for position, line in enumerate(lines or (), start=1):
        add_line(desk, bill, {"position": position, **line})
    desk.rework(bill)
    return _shown(desk, bill)


def edit_bill(
    desk: Desk,
    *,
    bill_id: int,
    lines: Mapping[str, Any] | None = None,
    silent: bool = False,
    **values: Any,
) -> dict[str, Any]:
    """Change fields of a bill, and its lines by {"add": [{…}], "change": [{"id", …}], "remove": [id]}.

    The figures are worked out anew. A removed line moves only the bill's updated_at.
    """
    bill = desk.store.bills.get(bill_id)
    if desk.as_person:
        rules.may_edit(desk.store, bill, values.get("number"))
    put(bill, values, _BILL_READERS)
    change_lines(desk, bill, lines or {}, silent=silent)
    desk.rework(bill)
    desk.touch(bill, silent=silent)
    return _shown(desk, bill)


def set_bill_state(desk: Desk, *, bill_id: int, state: str, silent: bool = False) -> dict[str, Any]:
    """Put a bill in any state. Money on it stays."""
    if state not in TRANSITIONS:
        raise ValueError(f"state must be one of {', '.join(TRANSITIONS)}")
    bill = desk.store.bills.get(bill_id)
    if desk.as_person:
        rules.may_become(desk.store, bill, state)
    bill.state = state
    desk.touch(bill, silent=silent)
    return _shown(desk, bill)


def approve_bill(desk: Desk, *, bill_id: int, silent: bool = False) -> dict[str, Any]:
    """Approve a draft: it awaits payment."""
    return set_bill_state(desk, bill_id=bill_id, state="awaiting_payment", silent=silent)


def void_bill(desk: Desk, *, bill_id: int, silent: bool = False) -> dict[str, Any]:
    """Void a bill."""
    return set_bill_state(desk, bill_id=bill_id, state="void", silent=silent)


def delete_bill(desk: Desk, *, bill_id: int, gone: bool = False, silent: bool = False) -> dict[str, Any]:
    """Delete a bill: a state; with `gone` it vanishes with its lines and what stands on it, and reads as 404."""
    if not gone:
        return set_bill_state(desk, bill_id=bill_id, state="deleted", silent=silent)
    store = desk.store
    bill = store.bills.get(bill_id)
    shown = _shown(desk, bill)
    for line in store.lines_of(bill_id):
        let_go(desk, store.remove_line(line.id), silent=silent)
    for allocation in store.allocations_of(bill_id):
        store.remove_allocation(allocation.id)
    for charge in [row for row in store.interest_charges.all() if row.bill_id == bill_id]:
        store.interest_charges.remove(charge.id)
    store.bills.remove(bill_id)
    return shown


def vanish_bill(desk: Desk, *, bill_id: int) -> dict[str, Any]:
    """Let a bill be gone as if it had never been: 404 by id, in no list, nor its lines, money and charges."""
    return delete_bill(desk, bill_id=bill_id, gone=True)


def charge_interest(
    desk: Desk,
    *,
    bill_id: int,
    amount: Any,
    date: Any = None,
    own_bill: bool = False,
    on_original: bool = True,
) -> dict[str, Any]:
    """Charge interest: on the bill itself, or (own_bill) on a bill of its own.

    With own_bill, `on_original` says whether the original's `due` holds the interest too, which Clio leaves open.
    """
    store, bill = desk.store, desk.store.bills.get(bill_id)
    day, value = to_date(date) or desk.today(), cents(amount)
    if desk.as_person:
        rules.may_charge_interest(bill)
    own = None
    if own_bill:
        number = str(store.bills.next_id - ID_OVER_NUMBER)
        own = add_interest_bill(store, bill, amount=value, day=day, now=desk.now, number=number)
    else:
        add_charge(store, bill, amount=value, day=day, now=desk.now)
    if on_original or own is None:
        bill.interest, bill.interest_rate = bill.interest + value, INTEREST_RATE
        desk.rework(bill)
        desk.touch(bill)
    return _shown(desk, own or bill)


def break_bill(desk: Desk, *, bill_id: int, by: Any = "1.00", silent: bool = False) -> dict[str, Any]:
    """Make a bill's figures not add up: its total, due and balance are off by an amount, until mend_bill."""
    bill = desk.store.bills.get(bill_id)
    off = cents(by)
    bill.total, bill.due, bill.balance = bill.total + off, bill.due + off, bill.balance + off
    desk.touch(bill, silent=silent)
    return _shown(desk, bill)


def mend_bill(desk: Desk, *, bill_id: int, silent: bool = False) -> dict[str, Any]:
    """Work out a bill's figures anew."""
    bill = desk.store.bills.get(bill_id)
    work_out(bill, desk.store.lines_of(bill_id))
    desk.touch(bill, silent=silent)
    return _shown(desk, bill)


def touch_bill(desk: Desk, *, bill_id: int) -> dict[str, Any]:
    """Move a bill's updated_at without any other change."""
    bill = desk.store.bills.get(bill_id)
    desk.touch(bill)
    return _shown(desk, bill)


BILL_ACTIONS: dict[str, Action] = {
    action.__name__: action
    for action in (
        add_bill,
        edit_bill,
        set_bill_state,
        approve_bill,
        void_bill,
        delete_bill,
        vanish_bill,
        charge_interest,
        break_bill,
        mend_bill,
        touch_bill,
    )
}
