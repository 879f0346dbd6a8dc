"""The firm's bills and their lines, with the activities behind them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from sandbox.firm import names
from sandbox.firm.billing import Activity, Bill, Discount, Line
from sandbox.firm.figures import half_up, work_out
from sandbox.firm.make_people import HST, PST
from sandbox.firm.mix import Mix
from sandbox.firm.money import INTEREST_RATE, add_charge
from sandbox.firm.records import Contact
from sandbox.firm.store import Store

FIRST_NUMBER = 1001
LINE_COUNTS = (1, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 6, 7, 8)


@dataclass
class Maker:
    """What every bill is made from. `matters` are ids by client."""

    store: Store
    rng: Random
    mix: Mix
    now: datetime
    clients: list[Contact]
    matters: dict[int, list[int]]
    vendors: list[Contact]

    def chance(self, share: float) -> bool:
        """True in that share of cases."""
        return self.rng.random() < share


def at(day: date, hour: int, now: datetime) -> datetime:
    """A moment of a day, but never after now."""
    return min(datetime.combine(day, time(hour), UTC), now)


def add_bill(maker: Maker, *, place: int, state: str, issued: date) -> Bill:
    """One bill in a state, with lines and figures and no money on it yet."""
    store, rng = maker.store, maker.rng
    client = rng.choice(maker.clients)
    matters = maker.matters[client.id]
    created = at(issued, 14, maker.now)
    bill = Bill(
        id=store.bills.take_id(),
        created_at=created,
        updated_at=created,
        number=str(FIRST_NUMBER + place),
        state="awaiting_payment" if state == "trust" else state,
        kind="trust_kind" if state == "trust" else "revenue_kind",
        issued_at=issued,
        due_at=None if maker.chance(0.05) else issued + timedelta(days=30),
        client_id=client.id,
        matter_ids=matters[:2] if maker.chance(0.4) else matters[:1],
        user_id=rng.choice(store.users.ids),
        currency_id=store.currencies.ids[0],
        subject="For professional services",
        purchase_order=f"PO-{rng.randrange(100, 999)}" if maker.chance(0.06) else None,
        start_at=issued - timedelta(days=30),
        end_at=issued,
        last_sent_at=created if state in {"awaiting_payment", "paid"} else None,
    )
    store.bills.add(bill)
    if state == "trust":
        bill.trust_amount = rng.randrange(50, 500) * 1000
    else:
        _dress(maker, bill)
        _add_lines(maker, bill)
    lines = store.lines_of(bill.id)
    work_out(bill, lines)
    if bill.due <= bill.interest:  # a bill that discounts eat up whole is nobody's bill
        bill.discount = None
        for line in lines:
            line.discount = None
        work_out(bill, lines)
    return bill


def _dress(maker: Maker, bill: Bill) -> None:
    """Taxes, a discount on the bill, interest on the bill."""
    rng, mix = maker.rng, maker.mix
    if not maker.chance(mix.untaxed_bills):
        bill.tax_rate = HST
        if maker.chance(mix.secondary_tax_bills):
            bill.secondary_tax_rate = PST
    if maker.chance(mix.bill_discounts):
        bill.discount_services_only = maker.chance(0.3)
        bill.discount = _discount(rng, money=(2500, 5000, 3333), note="As agreed")
    if maker.chance(mix.interest_on_bills):
        amount = rng.randrange(150, 4000)
        bill.interest, bill.interest_rate = amount, INTEREST_RATE
        add_charge(maker.store, bill, amount=amount, day=bill.issued_at, now=bill.created_at)


def _discount(rng: Random, *, money: tuple[int, ...], note: str | None = None) -> Discount:
    if rng.random() < 0.6:
        return Discount(type="percentage", rate=rng.choice((5_000, 10_000, 12_500)), note=note)
    return Discount(type="money", rate=rng.choice(money), note=note)


def _add_lines(maker: Maker, bill: Bill) -> None:
    count = maker.rng.choice(LINE_COUNTS)
    summary = count > 2 and maker.chance(maker.mix.summary_lines)
    for position in range(1, count + 1):
        kind = "Service" if position == 1 or maker.chance(0.68) else "Expense"
        if summary and position == count:
            _put_line(maker, bill, position, "Expense", "SummaryLineItem")
        elif position > 1 and maker.chance(maker.mix.no_charge_lines):
            _put_line(maker, bill, position, kind, "NoChargeLineItem")
        else:
            by_hand = maker.chance(maker.mix.lines_by_hand)
            _put_line(maker, bill, position, kind, "LineItem" if by_hand else "ActivityLineItem")


def _put_line(maker: Maker, bill: Bill, position: int, kind: str, line_type: str) -> None:
    store, rng = maker.store, maker.rng
    day = bill.issued_at - timedelta(days=rng.randrange(30))
    price, quantity = _price_and_quantity(rng, kind)
    taxed = bool(bill.tax_rate) and (kind == "Service" or maker.chance(0.6))
    line = Line(
        id=store.lines.take_id(),
        created_at=bill.created_at,
        updated_at=bill.updated_at,
        type=line_type,
        kind=kind,
        bill_id=bill.id,
        date=day,
        description="Disbursements" if line_type == "SummaryLineItem" else kind,
        price=price,
        quantity=quantity,
        position=position,
        matter_id=rng.choice(bill.matter_ids),
        user_id=rng.choice(store.users.ids),
        taxable=taxed,
        secondary_taxable=taxed and bool(bill.secondary_tax_rate),
    )
    if line_type in {"ActivityLineItem", "NoChargeLineItem"}:
        activity = _activity(maker, bill, line)
        line.activity_id = activity.id
    if line_type == "ActivityLineItem" and maker.chance(maker.mix.line_discounts):
        line.discount = _discount(rng, money=(500, 1000, 777))
    store.add_line(line)


def _price_and_quantity(rng: Random, kind: str) -> tuple[int, int]:
    """A service is hours (in hundredths) at a rate; an expense is one or a few of a thing."""
    if kind == "Service":
        price = rng.choice((42_500, 38_250, 28_735, 19_999, rng.randrange(9_000, 45_000)))
        return price, rng.choice((10, 25, 33, 50, 67, 100, 133, 150, rng.randrange(5, 800)))
    return rng.randrange(500, 60_000), rng.choice((100, 100, 100, 200, 300))


def _activity(maker: Maker, bill: Bill, line: Line) -> Activity:
    """The time or expense behind a line; the line takes its texts from it."""
    store, rng = maker.store, maker.rng
    activity = Activity(
        id=store.activities.take_id(),
        created_at=bill.created_at,
        updated_at=bill.updated_at,
        type="TimeEntry",
        date=line.date,
        price=line.price,
        quantity=line.quantity,
        total=half_up(line.quantity * line.price, 100),
        matter_id=line.matter_id,
        user_id=line.user_id or 0,
        currency_id=bill.currency_id,
        no_charge=line.type == "NoChargeLineItem",
        taxed=line.taxable,
        secondary_taxed=line.secondary_taxable,
        bill_id=bill.id,
    )
    if line.kind == "Service":
        place = rng.randrange(len(names.SERVICES) + 1)
        if place < len(names.SERVICES):  # some time has no category
            activity.service_category_id = store.service_categories.ids[place]
            line.description, _, notes = names.SERVICES[place]
            line.note = rng.choice(notes)
    else:
        _make_expense(maker, activity)
        line.description = "Expense"
        line.quantity = activity.quantity or 100
    if maker.chance(maker.mix.long_notes):
        line.note = names.LONG_NOTE * rng.randrange(12, 40)
    activity.note = line.note
    return store.activities.add(activity)


def _make_expense(maker: Maker, activity: Activity) -> None:
    place = maker.rng.randrange(len(names.EXPENSES) + 1)
    if place == len(names.EXPENSES):  # some expenses have no category
        activity.type = "ExpenseEntry"
        return
    _, entry_type, _ = names.EXPENSES[place]
    activity.expense_category_id = maker.store.expense_categories.ids[place]
    kinds = {"hard_cost": "HardCostEntry", "soft_cost": "SoftCostEntry"}
    activity.type = kinds.get(entry_type, "ExpenseEntry")
    if activity.type == "HardCostEntry":
        _pay_hard_cost(maker, activity)


def _pay_hard_cost(maker: Maker, activity: Activity) -> None:
    activity.quantity = None
    activity.total = activity.price
    activity.reference = f"CHQ {maker.rng.randrange(100, 999)}"
    activity.vendor_id = None if maker.chance(maker.mix.vendorless) else maker.rng.choice(maker.vendors).id


def add_unbilled_hard_cost(maker: Maker, *, day: date) -> Activity:
    """A hard cost that no bill carries yet."""
    store, rng = maker.store, maker.rng
    hard = [row.id for row in store.expense_categories.all() if row.entry_type == "hard_cost"]
    price = rng.randrange(1_500, 60_000)
    activity = Activity(
        id=store.activities.take_id(),
        created_at=at(day, 12, maker.now),
        updated_at=at(day, 12, maker.now),
        type="HardCostEntry",
        date=day,
        price=price,
        total=price,
        matter_id=rng.choice(store.matters.ids),
        user_id=rng.choice(store.users.ids),
        currency_id=store.currencies.ids[0],
        expense_category_id=rng.choice(hard),
        note="Paid for the client",
    )
    _pay_hard_cost(maker, activity)
    return store.activities.add(activity)
