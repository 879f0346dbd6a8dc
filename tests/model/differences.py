"""What stands in Xero against what should stand there, told in sentences; and what must hold after any run at all."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from tests.model.books import Books, Credit, Invoice, Payment
from tests.model.should_stand import Money, Should

_NEAR_DAYS = 5


@dataclass(slots=True)
class ByHand:
    """What people entered in Xero themselves, as far as it bears on what should stand.

    `adopted` are allocations for which a payment by hand was taken once: what goes back after an edit keeps its day.
    `may_go` are entries that the rules let the sync take away: adopted ones, or the one removal of BEHAVIOUR §6.
    """

    payments: dict[str, Payment] = field(default_factory=dict)
    notes: dict[str, int] = field(default_factory=dict)
    adopted: set[int] = field(default_factory=set)
    may_go: set[str] = field(default_factory=set)
    #: Bills whose invoice somebody gave other amounts: its total stays so until the bill changes in Clio.
    repriced: set[int] = field(default_factory=set)


def differences(
    *, should: Should, stands: Invoice | None, stood: Invoice | None, hand: ByHand, numbers: frozenset[str]
) -> Iterator[str]:
    """Tell where a bill's invoice is not as it should be."""
    if stands is None:
        yield f"invoice {should.numbers[0]} is missing"
        return
    plain, extended = should.numbers
    if stands.number != plain and not (stands.number == extended and plain in numbers):
        yield f"its number is {stands.number}, not {plain}"
    if stands.status not in should.statuses:
        yield f"it is {stands.status}, not {' or '.join(sorted(should.statuses))}"
    if stands.bill_id not in hand.repriced and stands.total != should.total:
        yield f"it comes to {stands.total}, not {should.total}"
    pairs = (
        ("currency", stands.currency, should.currency),
        ("contact", stands.contact, should.contact),
        ("due date", stands.due_on, should.due_on),
    )
    yield from (f"its {what} is {is_there}, not {wanted}" for what, is_there, wanted in pairs if is_there != wanted)
    if should.payments is None:
        yield from _as_they_stood(stands, stood)
    else:
        yield from _payments(should.payments, stands, stood, hand)
    yield from _credits(should.credits, stands, hand)


def _payments(wanted: Iterable[Money], stands: Invoice, stood: Invoice | None, hand: ByHand) -> Iterator[str]:
    left = list(stands.payments)
    unkeyed: list[Money] = []
    before = {one.key for one in stood.payments} if stood else set()
    for money in wanted:
        ours = next((one for one in left if one.key == money.allocation_id and _same(one, money, hand)), None)
        if ours is None:
            unkeyed.append(money)
        else:
            left.remove(ours)
            rivals = [one for one in left if one.id in hand.payments and _fits(one, money)]
            alike = [one for one in wanted if one.amount == money.amount]
            there = stood and any(rival.id == one.id for rival in rivals for one in stood.payments)
            if money.allocation_id not in before and there and len(rivals) == 1 == len(alike):
                yield f"payment A{money.allocation_id} was made beside one by hand that is the same"
    for money in unkeyed:
        theirs = next((one for one in left if one.id in hand.payments and _fits(one, money)), None)
        if theirs is None:
            yield f"payment A{money.allocation_id} of {money.amount} on {money.on} is missing"
        else:
            left.remove(theirs)
            hand.adopted.add(money.allocation_id)
            hand.may_go.add(theirs.id)
    yield from (
        f"payment {one.key or one.id} of {one.amount} is too many" for one in left if one.id not in hand.payments
    )


def _same(one: Payment, money: Money, hand: ByHand) -> bool:
    return one.amount == money.amount and (
        one.on == money.on or (money.allocation_id in hand.adopted and _fits(one, money))
    )


def _fits(one: Payment, money: Money) -> bool:
    return one.amount == money.amount and abs((one.on - money.on).days) <= _NEAR_DAYS


def _as_they_stood(stands: Invoice, stood: Invoice | None) -> Iterator[str]:
    before = {one.key for one in stood.payments if one.key} if stood else set()
    new = [one for one in stands.payments if one.key and one.key not in before]
    yield from (f"payment A{one.key} was sent though nothing is matched" for one in new)


def _credits(wanted: Iterable[Money], stands: Invoice, hand: ByHand) -> Iterator[str]:
    left = list(stands.credits)
    for money in sorted(wanted, key=lambda one: one.allocation_id):
        ours = [one for one in left if one.key == money.allocation_id and one.amount == money.amount]
        theirs = [one for one in left if one.id in hand.notes and one.amount == money.amount]
        if not ours + theirs:
            yield f"credit {money.allocation_id} of {money.amount} is missing"
            continue
        left.remove((ours + theirs)[0])
        if not ours:
            hand.may_go.add(theirs[0].id)
    yield from (f"credit {one.key or one.id} of {one.amount} is too many" for one in left if one.id not in hand.notes)


def is_locked(*, should: Should | None, bill_issued: date, stood: Invoice | None, until: date | None) -> bool:
    """Whether any of it is dated in a locked period: then it is only held that nothing there moved."""
    if until is None:
        return False
    days = [bill_issued]
    if stood:
        days += [stood.issued, *(one.on for one in stood.payments), *(one.on for one in stood.credits)]
    if should:
        days += [one.on for one in (*(should.payments or ()), *should.credits)]
    return any(day <= until for day in days)


def moved_in_locked_period(*, stood: Invoice | None, stands: Invoice | None, until: date) -> Iterator[str]:
    """Tell what a run did to documents that are dated on or before the lock date."""
    before, after = (_locked(one, until) for one in (stood, stands))
    yield from (f"{one} went in a locked period" for one in before - after)
    yield from (f"{one} came in a locked period" for one in after - before)


def _locked(invoice: Invoice | None, until: date) -> set[str]:
    if invoice is None:
        return set()
    on_it: tuple[Payment | Credit, ...] = (*invoice.payments, *invoice.credits)
    money = {f"{one.id} of {one.amount}" for one in on_it if one.on <= until}
    return money | ({f"invoice {invoice.number} of {invoice.total}"} if invoice.issued <= until else set())


def broken_promises(*, books: Books, hand: ByHand) -> Iterator[str]:
    """What must hold after any run, however it ended: nothing is doubled, and what people entered stands."""
    several = [bill for bill, times in Counter(one.bill_id for one in books.invoices).items() if times > 1]
    yield from (f"bill {bill} has several invoices" for bill in several)
    keys = Counter(one.key for _, one in books.payments.values() if one.key)
    yield from (f"payment A{key} stands {times} times" for key, times in keys.items() if times > 1)
    notes = Counter(key for _, _, key, _ in books.notes if key)
    yield from (f"credit note {key} stands {times} times" for key, times in notes.items() if times > 1)
    for payment_id, entered in hand.payments.items():
        _, there = books.payments.get(payment_id, ("", None))
        if there != entered and payment_id not in hand.may_go:
            yield f"the payment of {entered.amount} by hand is {'changed' if there else 'gone'}"
    live = {note_id for note_id, *_ in books.notes}
    for note_id, amount in hand.notes.items():
        if note_id not in live and note_id not in hand.may_go:
            yield f"the credit note of {amount} by hand is gone"
