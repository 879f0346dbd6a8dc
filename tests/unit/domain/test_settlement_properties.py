"""What holds of every plan of payments, whatever Clio lists and whatever stands in Xero."""

import datetime as dt
from collections import Counter
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from syncengine.domain.documents import StandingPayment
from syncengine.domain.money_records import AllocationRecord
from syncengine.domain.payment_plan import (
    AdoptPayment,
    CreatePayment,
    HoldPayment,
    KeepPayment,
    PaymentLink,
    PaymentPlan,
    PaymentSources,
    RemoveByHand,
    RemovePayment,
    SeenPayment,
    TakeOver,
)
from syncengine.domain.settlement import plan_payments
from tests.unit.domain.makers import bill
from tests.unit.domain.money_makers import NOON, allocation, money_rules, payment_link, standing

AMOUNTS = st.sampled_from(["50.00", "100.00", "150.00"])
DAYS = st.integers(-8, 8)
TIMES = st.sampled_from([NOON - dt.timedelta(hours=1), NOON, NOON + dt.timedelta(hours=1)])


@st.composite
def situations(draw: st.DrawFn) -> PaymentSources:
    """Up to five rows, some with a link; up to six payments, some of them ours, dead, reconciled or with a key."""
    rows: list[AllocationRecord] = [
        allocation(8800 + n, draw(AMOUNTS), draw(DAYS), voided=draw(st.booleans()) and draw(st.booleans()))
        for n in range(draw(st.integers(0, 5)))
    ]
    payments = [_payment(draw, n) for n in range(draw(st.integers(0, 6)))]
    links: dict[int, PaymentLink] = {}
    free = list(payments)
    for row in rows:
        is_linked = draw(st.booleans())
        if free and is_linked:
            ours = free.pop()
            former = allocation(row.id, draw(AMOUNTS), draw(DAYS))
            is_edited = draw(st.booleans())
            links[row.id] = payment_link(
                former if is_edited else row,
                payment_id=ours.payment_id if draw(st.integers(0, 3)) else "",
                put_back=draw(st.booleans()),
                by_hand=draw(st.booleans()),
                restorations=draw(st.integers(0, 4)),
                rests=draw(st.integers(0, 5)) == 0,
            )
    live = sum((one.amount for one in payments if one.is_live), Decimal(0))
    counting = sum((row.amount for row in rows if row.counts), Decimal(0))
    linked = frozenset(link.payment_id for link in links.values() if link.payment_id)
    return PaymentSources(
        bill=bill(due="1000.00", paid=str(draw(st.sampled_from([counting, counting - 50, counting - 100])))),
        invoice_id="inv-1",
        allocations=rows,
        links=links,
        seen={one.payment_id: SeenPayment(one, draw(TIMES), draw(TIMES)) for one in payments},
        linked_ids=linked,
        rules=money_rules(),
        room=Decimal(draw(st.integers(0, 400))) if draw(st.booleans()) else Decimal(1000) - live,
        doubted=frozenset(row.id for row in rows if draw(st.integers(0, 3)) == 0),
        chosen={row.id: draw(st.sampled_from(["", "p0", "p1"])) for row in rows if draw(st.integers(0, 4)) == 0},
    )


def _payment(draw: st.DrawFn, n: int) -> StandingPayment:
    return standing(
        f"p{n}",
        draw(AMOUNTS),
        draw(DAYS),
        status="DELETED" if draw(st.integers(0, 3)) == 0 else "AUTHORISED",
        reconciled=draw(st.integers(0, 4)) == 0,
        reference=draw(st.sampled_from(["", "Cash", "CLIO-A8800", "CLIO-A8801-2 · x", "CLIO-A7000"])),
    )


def room_made(given_: PaymentSources, plan: PaymentPlan) -> Decimal:
    """What the plan's removals give back on this invoice."""
    gone = {change.payment_id for change in plan.changes if isinstance(change, RemovePayment | RemoveByHand)}
    return sum(
        (one.standing.amount for key, one in given_.seen.items() if key in gone and one.standing.is_live), Decimal(0)
    )


@settings(max_examples=400, deadline=None)
@given(situations())
def test_no_plan_creates_more_than_the_room(situation: PaymentSources) -> None:
    before = situation.room
    plan = plan_payments(sources=situation)
    made = sum((one.document.amount for one in plan.changes if isinstance(one, CreatePayment)), Decimal(0))
    assert made <= max(before, Decimal(0)) + room_made(situation, plan) or made == 0


@settings(max_examples=400, deadline=None)
@given(situations())
def test_each_free_payment_is_adopted_once_at_most_and_never_one_that_is_linked_or_dead(
    situation: PaymentSources,
) -> None:
    plan = plan_payments(sources=situation)
    adopted = [change.standing for change in plan.changes if isinstance(change, AdoptPayment)]
    assert all(count == 1 for count in Counter(one.payment_id for one in adopted).values())
    assert all(one.is_live and one.payment_id not in situation.linked_ids for one in adopted)


@settings(max_examples=400, deadline=None)
@given(situations())
def test_each_row_is_made_adopted_kept_or_held_once(situation: PaymentSources) -> None:
    plan = plan_payments(sources=situation)
    kinds = CreatePayment | AdoptPayment | KeepPayment | HoldPayment
    settled = Counter(change.allocation_id for change in plan.changes if isinstance(change, kinds))
    removed = Counter(change.allocation_id for change in plan.changes if isinstance(change, RemovePayment))
    assert all(count == 1 for count in settled.values())
    assert all(count == 1 for count in removed.values())


@settings(max_examples=400, deadline=None)
@given(situations())
def test_only_what_is_linked_is_removed_but_for_one_edit_a_row(situation: PaymentSources) -> None:
    plan = plan_payments(sources=situation)
    for change in plan.changes:
        if isinstance(change, RemovePayment):
            assert change.payment_id in situation.linked_ids
            there = situation.seen.get(change.payment_id)
            assert there is None or not there.standing.is_live or not there.standing.reconciled
    by_hand = [change for change in plan.changes if isinstance(change, RemoveByHand)]
    assert len(by_hand) <= 1
    restored = {one.allocation_id for one in plan.changes if isinstance(one, CreatePayment) and one.restores}
    assert {change.allocation_id for change in by_hand} <= restored


@settings(max_examples=200, deadline=None)
@given(situations())
def test_what_stands_as_clio_asks_is_never_touched(situation: PaymentSources) -> None:
    untouched = {
        link.allocation_id
        for row in situation.allocations
        if (link := situation.links.get(row.id))
        and row.counts
        and row.id not in situation.doubted
        and link.record_digest == row.digest
        and link.payment_id in situation.seen
        and situation.seen[link.payment_id].standing.is_live
    }
    touched = {
        change.from_allocation_id if isinstance(change, TakeOver) else change.allocation_id
        for change in plan_payments(sources=situation).changes
        if not isinstance(change, KeepPayment)
    }
    assert not untouched & touched
