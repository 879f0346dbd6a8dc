"""Payments that Clio lists twice (BEHAVIOUR §6, C 5.9)."""

from tests.support.practice import Practice
from tests.support.stories import (  # noqa: F401
    add_bill,
    amounts,
    clean,
    counts,
    ids,
    keys,
    paid,
    pay,
    practice,
    sync,
    writes,
)


def doubled(practice: Practice, amount: int = 200) -> tuple[int, int, int]:
    """A bill with one payment that Clio lists twice."""
    bill_id = add_bill(practice)
    first = pay(practice, bill_id, amount)
    twin = practice.clio.act("duplicate_payment", allocation_id=first)["id"]
    return bill_id, first, twin


def test_a_row_that_clio_lists_twice_is_sent_once(practice: Practice) -> None:
    bill_id, first, _ = doubled(practice)
    for _ in range(4):
        report = sync(practice, 6)
        assert report["open_errors"] == []
    assert keys(practice, bill_id) == [f"CLIO-A{first}"]
    assert amounts(practice, bill_id) == [200]


def test_it_waits_until_two_runs_saw_it(practice: Practice) -> None:
    _, first, twin = doubled(practice)
    sync(practice)
    assert practice.link(first, "payment").xero_id
    assert practice.link(twin, "payment").state == "waiting"


def test_one_that_turns_up_after_the_first_was_sent_changes_nothing(practice: Practice) -> None:
    bill_id, first = paid(practice, 200)
    practice.clio.act("duplicate_payment", allocation_id=first)
    practice.xero.calls.reset()
    for _ in range(3):
        sync(practice, 6)
    assert writes(practice) == []
    assert keys(practice, bill_id) == [f"CLIO-A{first}"]


def test_two_real_payments_of_the_same_amount_and_day_are_both_sent(practice: Practice) -> None:
    bill_id = add_bill(practice)
    pay(practice, bill_id, 200)
    pay(practice, bill_id, 200)
    assert counts(clean(practice), "payment") == {"created": 2}


def test_the_twin_takes_over_without_a_change_in_xero(practice: Practice) -> None:
    bill_id, first, twin = doubled(practice)
    for _ in range(3):
        sync(practice, 6)
    before = ids(practice, bill_id)
    practice.clio.data.allocations.get(twin).counted = True
    practice.clio.act("delete_payment", allocation_id=first)
    practice.xero.calls.reset()
    for _ in range(3):
        sync(practice, 6)
    assert writes(practice) == []
    assert ids(practice, bill_id) == before
    assert practice.link(twin, "payment").xero_id in before
    practice.clio.act("void_payment", allocation_id=twin)
    clean(practice)
    assert amounts(practice, bill_id) == []
