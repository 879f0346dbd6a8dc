"""What actions on bills do with lines: add, change, recategorise, remove. A line with a category has an activity."""

from collections.abc import Mapping
from typing import Any

from sandbox.clio.desk import Desk, Readers, as_is, cents, put, scaled, to_date, to_discount
from sandbox.firm.billing import Activity, Bill, Line
from sandbox.firm.figures import half_up

_READERS: Readers = {
    **dict.fromkeys(("type", "kind", "description", "note", "matter_id", "user_id", "activity_id", "position"), as_is),
    **dict.fromkeys(("taxable", "secondary_taxable"), bool),
    "date": to_date,
    "price": cents,
    "quantity": lambda value: scaled(value, 2),
    "discount": to_discount,
}
_CATEGORIES = ("activity_description_id", "expense_category_id")
_TYPES = {"hard_cost": "HardCostEntry", "soft_cost": "SoftCostEntry"}


def change_lines(desk: Desk, bill: Bill, changes: Mapping[str, Any], *, silent: bool) -> None:
    """{"add": [{…}], "change": [{"id", …}], "remove": [id]}. Raises ValueError for a line of another bill."""
    for line_id in changes.get("remove", ()):
        let_go(desk, desk.store.remove_line(_own(desk, bill, line_id).id), silent=silent)
    for change in changes.get("change", ()):
        line = _own(desk, bill, change["id"])
        _known(desk, *map(change.get, _CATEGORIES))
        put(line, {name: value for name, value in change.items() if name not in {"id", *_CATEGORIES}}, _READERS)
        if any(name in change for name in _CATEGORIES):
            _recategorise(desk, bill, line, *map(change.get, _CATEGORIES), silent=silent)
        desk.touch(line, silent=silent)
    for line in changes.get("add", ()):
        add_line(desk, bill, line)


def _own(desk: Desk, bill: Bill, line_id: int) -> Line:
    line = desk.store.lines.get(line_id)
    if line.bill_id != bill.id:
        raise ValueError(f"Line {line_id} is on another bill")
    return line


def _known(desk: Desk, service: int | None, expense: int | None) -> None:
    """Raises Missing for a category that is not there."""
    if service:
        desk.store.service_categories.get(service)
    if expense:
        desk.store.expense_categories.get(expense)


def let_go(desk: Desk, line: Line, *, silent: bool) -> None:
    """The activity of a removed line is no longer on the bill."""
    activity = desk.store.activities.find(line.activity_id)
    if activity is not None:
        activity.bill_id = None
        desk.touch(activity, silent=silent)


def add_line(desk: Desk, bill: Bill, values: Mapping[str, Any]) -> Line:
    """A line, with an activity behind it where a category is named."""
    store = desk.store
    given = dict(values)
    service, expense = (given.pop(name, None) for name in _CATEGORIES)
    _known(desk, service, expense)
    taxed = bill.tax_rate > 0
    line = Line(
        id=store.lines.take_id(),
        created_at=desk.now,
        updated_at=desk.now,
        type="ActivityLineItem" if service or expense else "LineItem",
        kind="Expense" if expense else "Service",
        bill_id=bill.id,
        date=bill.issued_at,
        description="Work done",
        price=10_000,
        quantity=100,
        position=len(store.lines_of(bill.id)) + 1,
        matter_id=bill.matter_ids[0] if bill.matter_ids else None,
        user_id=store.users.ids[0],
        taxable=taxed,
        secondary_taxable=taxed and bill.secondary_tax_rate > 0,
    )
    put(line, given, _READERS)
    if service or expense:
        line.activity_id = _new_activity(desk, bill, line, service, expense).id
    return store.add_line(line)


def _recategorise(
    desk: Desk, bill: Bill, line: Line, service: int | None, expense: int | None, *, silent: bool
) -> None:
    """Give a line another category; it is a service or an expense by it."""
    activity = desk.store.activities.find(line.activity_id)
    if service or expense:
        line.kind = "Expense" if expense else "Service"
    if activity is None and (service or expense):
        line.activity_id = _new_activity(desk, bill, line, service, expense).id
        line.type = "ActivityLineItem" if line.type == "LineItem" else line.type
    elif activity is not None:
        activity.service_category_id, activity.expense_category_id = service, expense
        activity.type = _type_of(desk, line, expense)
        desk.touch(activity, silent=silent)


def _type_of(desk: Desk, line: Line, expense: int | None) -> str:
    category = desk.store.expense_categories.find(expense)
    if category is None:
        return "TimeEntry" if line.kind == "Service" else "ExpenseEntry"
    return _TYPES.get(category.entry_type, "ExpenseEntry")


def _new_activity(desk: Desk, bill: Bill, line: Line, service: int | None, expense: int | None) -> Activity:
    store = desk.store
    return store.activities.add(
        Activity(
            id=store.activities.take_id(),
            created_at=desk.now,
            updated_at=desk.now,
            type="TimeEntry" if service else "ExpenseEntry",
            date=line.date,
            price=line.price,
            quantity=line.quantity,
            total=half_up(line.price * line.quantity, 100),
            matter_id=line.matter_id,
            user_id=line.user_id or store.users.ids[0],
            currency_id=bill.currency_id,
            note=line.note,
            bill_id=bill.id,
            service_category_id=service,
            expense_category_id=expense,
        )
    )
