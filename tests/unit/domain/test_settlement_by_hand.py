"""Payments that people deleted, entered, reconciled or locked in Xero (BEHAVIOUR §6)."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from syncengine.domain.documents import Blocked, Waiting
from syncengine.domain.payment_plan import (
    HoldPayment,
    PaymentSources,
    SeenPayment,
)
from tests.unit.domain.money_makers import (
    AFTER,
    BEFORE,
    DAY,
    NOON,
    allocation,
    money_rules,
    payment_link,
    planned,
    seen,
    sources,
    standing,
    told,
)

# What people do in Xero -----------------------------------------------------------------------------------------------


def deleted(*others: SeenPayment, row: Any = None, **link: Any) -> PaymentSources:
    """Ours of 500.00 was deleted in Xero; what else stands there is given."""
    row = row or allocation(amount="500.00")
    gone = SeenPayment(standing(amount="500.00", status="DELETED"), BEFORE, NOON)
    there = {"p1": gone, **{one.standing.payment_id: one for one in others}}
    return sources(row, links=[payment_link(row, **link)], there=there)


def entered(amount: str = "450.00", first: dt.datetime = AFTER, **changes: Any) -> SeenPayment:
    """A payment that somebody entered, first seen after ours was last seen."""
    return SeenPayment(standing("p2", amount, 9, **changes), first, AFTER)


def test_a_deleted_one_is_made_again_under_the_next_key() -> None:
    assert told(planned(deleted())) == [("create", 8801, "CLIO-A8801-2", "again")]


def test_after_three_restorations_it_is_held() -> None:
    assert told(planned(deleted(restorations=2, generation=3))) == [("create", 8801, "CLIO-A8801-4", "again")]
    assert told(planned(deleted(restorations=3, generation=4))) == [("hold", 8801, "payment_deleted_again")]


def test_an_edit_in_xero_is_undone_where_all_conditions_hold() -> None:
    assert told(planned(deleted(entered()))) == [
        ("remove by hand", 8801, "p2"),
        ("create", 8801, "CLIO-A8801-2", "again"),
    ]


LEFT_ALONE = {
    "first seen while ours stood": deleted(entered(first=NOON)),
    "reconciled": deleted(entered(reconciled=True)),
    "in a batch": deleted(entered(batch_id="b1")),
    "two unlinked, of which one would make room": deleted(
        entered("250.00"), SeenPayment(standing("p3", "100.00", 9), AFTER, AFTER), row=allocation(amount="300.00")
    ),
    "it carries a key of ours": deleted(entered(reference="CLIO-A8700")),
    "ours would not fit even then": deleted(entered("450.00"), row=allocation(amount="501.00")),
    "in a locked period": replace(deleted(entered()), rules=money_rules(locked=DAY + dt.timedelta(days=9))),
}


@pytest.mark.parametrize("name", LEFT_ALONE)
def test_else_nothing_entered_by_hand_is_removed(name: str) -> None:
    changes = told(planned(LEFT_ALONE[name]))
    assert [change[:2] for change in changes] == [("hold", 8801)]


def test_ours_that_fits_beside_it_is_put_beside_it() -> None:
    row = allocation()
    gone = SeenPayment(standing(status="DELETED"), BEFORE, NOON)
    given = sources(row, links=[payment_link(row)], there={"p1": gone, "p2": entered("150.00")})
    assert told(planned(given)) == [("create", 8801, "CLIO-A8801-2", "again")]


def test_a_payment_beside_ours_is_left_alone() -> None:
    row = allocation()
    given = sources(row, links=[payment_link(row)], there=seen(standing(), standing("p2", "50.00")))
    assert told(planned(given)) == [("keep", 8801)]


@pytest.mark.parametrize(
    ("mark", "code"), [({"reconciled": True}, "payment_reconciled"), ({"batch_id": "b1"}, "payment_in_batch")]
)
@pytest.mark.parametrize("now", [allocation(voided=True), allocation(amount="250.00")])
def test_one_that_cannot_be_removed_says_why_and_nothing_is_made_beside_it(
    mark: dict[str, Any], code: str, now: Any
) -> None:
    given = sources(now, links=[payment_link(allocation())], there=seen(standing(**mark)))
    (change,) = planned(given)
    assert isinstance(change, HoldPayment)
    assert isinstance(change.why, Blocked)
    assert (change.why.code, bool(change.why.remedy)) == (code, True)


def test_one_in_a_locked_period_waits() -> None:
    rules = money_rules(locked=DAY)
    given = sources(allocation(voided=True), links=[payment_link(allocation())], there=seen(standing()), rules=rules)
    (change,) = planned(given)
    assert isinstance(change, HoldPayment)
    assert isinstance(change.why, Waiting)


def test_a_new_one_dated_in_a_locked_period_waits() -> None:
    (change,) = planned(sources(allocation(), rules=money_rules(locked=DAY)))
    assert isinstance(change, HoldPayment)
    assert isinstance(change.why, Waiting)
