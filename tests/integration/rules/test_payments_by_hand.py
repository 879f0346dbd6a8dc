"""What people do to payments in Xero: a deleted one comes back, an edit is undone, others stay (BEHAVIOUR §6)."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.support.practice import Practice
from tests.support.stories import (  # noqa: F401
    amounts,
    by_hand,
    clean,
    codes,
    counts,
    credit_by_hand,
    error,
    ids,
    keys,
    paid,
    pay,
    practice,
    scheduled,
    standing,
    story,
    sync,
    today,
    writes,
)


def delete(practice: Practice, bill_id: int) -> None:
    """Somebody deletes our payment in Xero."""
    (ours,) = [row for row in standing(practice, bill_id) if row["Reference"].startswith("CLIO-A")]
    practice.xero.act("delete_payment", payment=ours["PaymentID"])


def test_a_deleted_payment_is_noticed_within_fifteen_minutes_and_created_again(practice: Practice) -> None:
    bill_id, allocation_id = paid(practice, 200)
    scheduled(practice)
    delete(practice, bill_id)
    for _ in range(3):
        report = scheduled(practice, 5)
    assert report["state"] == "clean"
    assert keys(practice, bill_id) == [f"CLIO-A{allocation_id}-2"]
    assert "overwritten by the sync" in story(practice, allocation_id, "payment")


def test_after_three_restorations_somebody_has_to_look(practice: Practice) -> None:
    bill_id, allocation_id = paid(practice, 200)
    for generation in (2, 3, 4):
        delete(practice, bill_id)
        clean(practice, 15)
        assert keys(practice, bill_id) == [f"CLIO-A{allocation_id}-{generation}"]
    delete(practice, bill_id)
    for _ in range(2):
        report = sync(practice, 15)
        assert codes(report) == ["payment_deleted_again"]
        assert standing(practice, bill_id) == []
    assert error(practice, "payment_deleted_again").remedy


def replaced(practice: Practice, theirs: int = 450, ours: int = 500, **values: Any) -> tuple[int, int, str]:
    """Ours was deleted and another amount entered in its place."""
    bill_id, allocation_id = paid(practice, ours)
    delete(practice, bill_id)
    return bill_id, allocation_id, by_hand(practice, bill_id, theirs, **values)


def test_an_edit_in_xero_is_undone_and_the_history_says_so(practice: Practice) -> None:
    bill_id, allocation_id, theirs = replaced(practice)
    report = clean(practice, 15)
    assert amounts(practice, bill_id) == [500]
    assert keys(practice, bill_id) == [f"CLIO-A{allocation_id}-2"]
    assert theirs not in ids(practice, bill_id)
    told = story(practice, allocation_id, "payment")
    assert "450" in told
    assert "put back" in told
    assert counts(report, "payment") == {"created": 1}
    assert practice.link(allocation_id, "payment").restorations == 1


def reconcile(practice: Practice, payment_id: str) -> None:
    practice.xero.act("reconcile", payment=payment_id)


def batch(practice: Practice, payment_id: str) -> None:
    practice.xero.act("batch_payment", payment=payment_id)


def lock(practice: Practice, _payment_id: str) -> None:
    practice.xero.act("set_lock_dates", period=today(practice, -20))
    practice.refresh()


@pytest.mark.parametrize("mark", [reconcile, batch, lock])
def test_one_that_is_reconciled_in_a_batch_or_locked_is_not_removed(
    practice: Practice, mark: Callable[[Practice, str], None]
) -> None:
    bill_id, _, theirs = replaced(practice, date=today(practice, -25))
    mark(practice, theirs)
    report = sync(practice, 15)
    assert codes(report) == ["payment_exceeds_due"]
    assert ids(practice, bill_id) == {theirs}


def test_two_unlinked_payments_are_not_removed(practice: Practice) -> None:
    bill_id, _, first = replaced(practice, ours=300, theirs=250)
    second = by_hand(practice, bill_id, 100)
    assert codes(sync(practice, 15)) == ["payment_exceeds_due"]
    assert ids(practice, bill_id) == {first, second}


def test_one_that_was_seen_while_ours_stood_is_not_removed(practice: Practice) -> None:
    bill_id, _ = paid(practice, 300)
    theirs = by_hand(practice, bill_id, 200)
    clean(practice, 15)
    practice.clio.act("edit_bill", bill_id=bill_id, purchase_order="both are seen")
    clean(practice, 15)
    delete(practice, bill_id)
    credit_by_hand(practice, bill_id, 150)
    assert codes(sync(practice, 15)) == ["payment_exceeds_due"]
    assert ids(practice, bill_id) == {theirs}


def test_one_that_ours_fits_beside_is_left_alone(practice: Practice) -> None:
    bill_id, _, theirs = replaced(practice, ours=200, theirs=150)
    clean(practice, 15)
    assert amounts(practice, bill_id) == [150, 200]
    assert theirs in ids(practice, bill_id)


def test_a_payment_entered_beside_ours_is_left_alone(practice: Practice) -> None:
    bill_id, _ = paid(practice, 200)
    theirs = by_hand(practice, bill_id, 50)
    practice.xero.calls.reset()
    clean(practice, 15)
    clean(practice, 15)
    assert writes(practice) == []
    assert theirs in ids(practice, bill_id)


@pytest.mark.parametrize("action", ["edit_payment", "void_payment", "delete_payment"])
def test_a_reconciled_payment_is_a_sync_error_that_says_to_unreconcile(practice: Practice, action: str) -> None:
    bill_id, allocation_id = paid(practice, 200)
    before = ids(practice, bill_id)
    (payment_id,) = before
    practice.xero.act("reconcile", payment=payment_id)
    values: dict[str, Any] = {"amount": 150} if action == "edit_payment" else {}
    practice.clio.act(action, allocation_id=allocation_id, **values)
    report = sync(practice)
    assert codes(report) == ["payment_reconciled"]
    assert ids(practice, bill_id) == before
    assert "nreconcile" in error(practice, "payment_reconciled").remedy
    practice.xero.act("unreconcile", payment=payment_id)
    clean(practice, 15)
    assert amounts(practice, bill_id) == ([150] if action == "edit_payment" else [])


def test_a_payment_in_a_batch_is_a_sync_error_that_says_so(practice: Practice) -> None:
    bill_id, allocation_id = paid(practice, 200)
    before = ids(practice, bill_id)
    practice.xero.act("batch_payment", payment=next(iter(before)))
    practice.clio.act("void_payment", allocation_id=allocation_id)
    assert codes(sync(practice)) == ["payment_in_batch"]
    assert "batch" in error(practice, "payment_in_batch").remedy
    assert ids(practice, bill_id) == before


def test_a_payment_that_no_longer_fits_beside_one_by_hand_is_a_sync_error(practice: Practice) -> None:
    bill_id, _ = paid(practice, 200)
    by_hand(practice, bill_id, 300)
    pay(practice, bill_id, 250)
    assert codes(sync(practice)) == ["payment_exceeds_due"]
    assert amounts(practice, bill_id) == [200, 300]
