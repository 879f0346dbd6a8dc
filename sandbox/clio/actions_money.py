"""Control actions on money: payments and credits. Payments are named by their allocation."""

from collections.abc import Sequence
from typing import Any

from sandbox.clio import rules
from sandbox.clio.desk import Action, Desk, Readers, as_is, cents, put, to_date
from sandbox.clio.schema_money import ALLOCATION, CREDIT_MEMO
from sandbox.clio.shape import render_whole
from sandbox.firm.billing import Allocation, CreditMemo
from sandbox.firm.money import add_credit, add_payment

_READERS: Readers = {
    "amount": cents,
    "date": to_date,
    **dict.fromkeys(("bill_id", "interest", "online", "identifier", "description"), as_is),
}


def _shown(desk: Desk, row: Allocation) -> dict[str, Any]:
    return render_whole(desk.store, ALLOCATION, row)


def _moved(desk: Desk, bill_id: int | None, *, silent: bool) -> None:
    bill = desk.store.bills.find(bill_id)
    if bill is not None:
        desk.money_moved(bill, silent=silent)


def record_payment(
    desk: Desk,
    *,
    bill_id: int,
    amount: Any = None,
    date: Any = None,
    payment_id: int | None = None,
    online: bool = False,
    from_trust: bool = False,
    interest: bool = False,
    reference: str | None = None,
    silent: bool = False,
) -> dict[str, Any]:
    """Pay a bill: its whole balance unless `amount` says otherwise; `payment_id` adds to a payment already there."""
    bill = desk.store.bills.get(bill_id)
    value = bill.balance if amount is None else cents(amount)
    if desk.as_person:
        rules.may_settle(bill, value)
    row = add_payment(
        desk.store,
        bill,
        amount=value,
        day=to_date(date) or desk.today(),
        now=desk.now,
        payment=desk.store.payments.get(payment_id) if payment_id is not None else None,
        online=online,
        from_trust=from_trust,
        interest=interest,
        reference=reference,
    )
    desk.money_moved(bill, silent=silent)
    return _shown(desk, row)


def pay_bills(desk: Desk, *, parts: Sequence[dict[str, Any]], **values: Any) -> dict[str, Any]:
    """One payment for several bills: `parts` are {"bill_id", "amount"}; the other values are record_payment's."""
    if not parts:
        raise ValueError("parts: name at least one bill and its amount")
    if desk.as_person:  # all of them before any, so that nothing is paid in part
        for part in parts:
            rules.may_settle(desk.store.bills.get(part["bill_id"]), cents(part["amount"]))
    rows = [record_payment(desk, **parts[0], **values)]
    payment_id = rows[0]["parent"]["id"]
    rows += [record_payment(desk, payment_id=payment_id, **part, **values) for part in parts[1:]]
    return {"payment_id": payment_id, "allocations": rows}


def edit_payment(desk: Desk, *, allocation_id: int, silent: bool = False, **values: Any) -> dict[str, Any]:
    """Change amount, date, bill_id or the like of a payment; a new bill_id moves it to that bill."""
    store = desk.store
    row = store.allocations.get(allocation_id)
    before = row.bill_id
    if desk.as_person:
        _may_edit(desk, row, values)
    store.remove_allocation(allocation_id)
    try:
        put(row, values, _READERS)
    finally:
        store.add_allocation(row)
    desk.touch(row, silent=silent)
    for bill_id in {before, row.bill_id}:
        _moved(desk, bill_id, silent=silent)
    return _shown(desk, row)


def _may_edit(desk: Desk, row: Allocation, values: dict[str, Any]) -> None:
    rules.may_change(row)
    bill_id = values.get("bill_id", row.bill_id)
    if bill_id is None:
        return
    bill = desk.store.bills.get(bill_id)
    amount = cents(values["amount"]) if "amount" in values else row.amount
    rules.may_settle(bill, amount, besides=row.amount if bill_id == row.bill_id and row.counted else 0)


def void_payment(desk: Desk, *, allocation_id: int, silent: bool = False) -> dict[str, Any]:
    """Void an allocation: it stays, with voided_at."""
    row = desk.store.allocations.get(allocation_id)
    if desk.as_person:
        rules.may_void(row)
    row.voided_at = desk.now
    desk.touch(row, silent=silent)
    _moved(desk, row.bill_id, silent=silent)
    return _shown(desk, row)


def delete_payment(desk: Desk, *, allocation_id: int, silent: bool = False) -> dict[str, Any]:
    """Delete an allocation: it vanishes without a word."""
    row = desk.store.allocations.get(allocation_id)
    if desk.as_person and row.online:
        rules.may_change(row)
    shown = _shown(desk, row)
    desk.store.remove_allocation(allocation_id)
    _moved(desk, row.bill_id, silent=silent)
    return shown


def duplicate_payment(desk: Desk, *, allocation_id: int) -> dict[str, Any]:
    """List a payment twice, as Clio has been seen to do: the second row has an id of its own and counts for nothing."""
    row = desk.store.allocations.get(allocation_id)
    values = {name: getattr(row, name) for name in _all_names(row)}
    twin = Allocation(**{**values, "id": desk.store.allocations.take_id(), "counted": False})
    twin.created_at = twin.updated_at = desk.now
    desk.store.add_allocation(twin)
    return _shown(desk, twin)


def _all_names(row: Allocation) -> list[str]:
    return [name for kind in type(row).__mro__ for name in getattr(kind, "__slots__", ())]


def unbill_payment(desk: Desk, *, allocation_id: int) -> dict[str, Any]:
    """Take the bill off an allocation, as when an interest bill was deleted (C 5.8)."""
    return edit_payment(desk, allocation_id=allocation_id, bill_id=None)


def write_off(
    desk: Desk,
    *,
    bill_id: int,
    amount: Any = None,
    date: Any = None,
    description: str = "Write-off",
    discount: bool = False,
    silent: bool = False,
) -> dict[str, Any]:
    """Credit a bill: its whole balance unless `amount` says otherwise. Answers the allocation."""
    bill = desk.store.bills.get(bill_id)
    value = bill.balance if amount is None else cents(amount)
    if desk.as_person:
        rules.may_settle(bill, value)
    row = add_credit(
        desk.store,
        bill,
        amount=value,
        day=to_date(date) or desk.today(),
        now=desk.now,
        description=description,
        discount=discount,
    )
    desk.money_moved(bill, silent=silent)
    return _shown(desk, row)


def _memo_shown(desk: Desk, memo: CreditMemo) -> dict[str, Any]:
    return render_whole(desk.store, CREDIT_MEMO, memo)


def void_credit(desk: Desk, *, memo_id: int, silent: bool = False) -> dict[str, Any]:
    """Void a credit memo with its allocations."""
    memo = desk.store.credit_memos.get(memo_id)
    if desk.as_person and memo.voided_at is not None:
        raise rules.AgainstTheRules("It is voided already.")
    memo.voided_at = desk.now
    desk.touch(memo, silent=silent)
    for row in desk.store.allocations_from("CreditMemo", memo_id):
        if row.voided_at is None:
            void_payment(desk, allocation_id=row.id, silent=silent)
    return _memo_shown(desk, memo)


def delete_credit(desk: Desk, *, memo_id: int, silent: bool = False) -> dict[str, Any]:
    """Delete a credit memo with its allocations."""
    memo = desk.store.credit_memos.get(memo_id)
    shown = _memo_shown(desk, memo)
    for row in desk.store.allocations_from("CreditMemo", memo_id):
        delete_payment(desk, allocation_id=row.id, silent=silent)
    desk.store.credit_memos.remove(memo_id)
    return shown


def edit_credit(
    desk: Desk,
    *,
    memo_id: int,
    amount: Any = None,
    date: Any = None,
    description: str | None = None,
    silent: bool = False,
) -> dict[str, Any]:
    """Change a credit memo's amount, date or description, and its (only) allocation with it."""
    memo = desk.store.credit_memos.get(memo_id)
    asked = {"amount": amount, "date": date, "description": description}
    values = {name: value for name, value in asked.items() if value is not None}
    rows = desk.store.allocations_from("CreditMemo", memo_id)
    if desk.as_person:
        for row in rows:
            _may_edit(desk, row, values)
    put(memo, values, _READERS)
    desk.touch(memo, silent=silent)
    for row in rows:
        edit_payment(desk, allocation_id=row.id, silent=silent, **values)
    return _memo_shown(desk, memo)


MONEY_ACTIONS: dict[str, Action] = {
    action.__name__: action
    for action in (
        record_payment,
        pay_bills,
        edit_payment,
        void_payment,
        delete_payment,
        duplicate_payment,
        unbill_payment,
        write_off,
        edit_credit,
        void_credit,
        delete_credit,
    )
}
