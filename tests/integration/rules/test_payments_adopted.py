"""Before a payment is created: what stands in Xero already may be it (BEHAVIOUR §6, §11)."""

import pytest

from accounts.firm_scope import firm_scope
from syncengine.models import Link
from tests.support.practice import Practice
from tests.support.stories import (  # noqa: F401
    add_bill,
    amounts,
    billed,
    by_hand,
    clean,
    codes,
    counts,
    decide,
    error,
    ids,
    keys,
    paid,
    pay,
    practice,
    sync,
    today,
)


@pytest.mark.parametrize("days", [-5, 0, 5])
def test_one_payment_of_the_same_amount_within_five_days_is_adopted(practice: Practice, days: int) -> None:
    bill_id = billed(practice)
    theirs = by_hand(practice, bill_id, 200, days, reference="From statement")
    allocation_id = pay(practice, bill_id, 200)
    assert counts(clean(practice), "payment") == {"adopted": 1}
    assert practice.link(allocation_id, "payment").xero_id == theirs
    assert ids(practice, bill_id) == {theirs}
    assert counts(clean(practice, 30), "payment") == {}


@pytest.mark.parametrize(("amount", "days"), [(200, 6), (200, -6), (199, 0)])
def test_a_payment_further_away_or_of_another_amount_is_not(practice: Practice, amount: int, days: int) -> None:
    bill_id = billed(practice)
    by_hand(practice, bill_id, amount, days)
    pay(practice, bill_id, 200)
    assert counts(clean(practice), "payment") == {"created": 1}
    assert amounts(practice, bill_id) == sorted([amount, 200])


def test_a_deleted_payment_is_not_adopted(practice: Practice) -> None:
    bill_id = billed(practice)
    practice.xero.act("delete_payment", payment=by_hand(practice, bill_id, 200))
    pay(practice, bill_id, 200)
    assert counts(clean(practice), "payment") == {"created": 1}


def test_a_payment_on_another_invoice_is_not_adopted(practice: Practice) -> None:
    bill_id, other = billed(practice), billed(practice)
    by_hand(practice, other, 200)
    pay(practice, bill_id, 200)
    assert counts(clean(practice), "payment") == {"created": 1}


def test_a_payment_entered_by_hand_is_adopted_by_one_row_alone(practice: Practice) -> None:
    bill_id = billed(practice)
    theirs = by_hand(practice, bill_id, 100)
    first, second = pay(practice, bill_id, 100), pay(practice, bill_id, 100)
    assert counts(clean(practice), "payment") == {"adopted": 1, "created": 1}
    assert amounts(practice, bill_id) == [100, 100]
    assert theirs in {practice.link(one, "payment").xero_id for one in (first, second)}


def test_several_that_fit_are_a_question_that_names_each_and_none_of_them(practice: Practice) -> None:
    bill_id = billed(practice)
    theirs = {by_hand(practice, bill_id, 100, days) for days in (-1, 2)}
    pay(practice, bill_id, 100)
    report = sync(practice)
    assert codes(report) == ["payment_which"]
    assert counts(report, "payment") == {"blocked": 1}
    told = error(practice, "payment_which")
    assert {choice["value"] for choice in told.details["choices"]} == theirs
    assert "none of these" in told.remedy
    assert ids(practice, bill_id) == theirs


def test_the_one_that_was_chosen_is_adopted(practice: Practice) -> None:
    bill_id = billed(practice)
    _, later = [by_hand(practice, bill_id, 100, days) for days in (-1, 2)]
    allocation_id = pay(practice, bill_id, 100)
    sync(practice)
    decide(practice, allocation_id, later)
    assert counts(clean(practice), "payment") == {"adopted": 1}
    assert practice.link(allocation_id, "payment").xero_id == later
    assert amounts(practice, bill_id) == [100, 100]


def test_none_of_these_creates_it(practice: Practice) -> None:
    bill_id = billed(practice)
    for days in (-1, 2):
        by_hand(practice, bill_id, 100, days)
    allocation_id = pay(practice, bill_id, 100)
    sync(practice)
    decide(practice, allocation_id, "")
    assert counts(clean(practice), "payment") == {"created": 1}
    assert amounts(practice, bill_id) == [100, 100, 100]


def test_months_of_entry_by_hand_are_adopted_when_matching_is_switched_on(practice: Practice) -> None:
    practice.configure(payment_bank_account="")
    bill_id = add_bill(practice, issued_at=today(practice, -90))
    rows = [pay(practice, bill_id, amount, date=today(practice, day)) for amount, day in ((100, -80), (150, -40))]
    clean(practice)
    theirs = [by_hand(practice, bill_id, amount, day) for amount, day in ((100, -78), (150, -41))]
    practice.configure(payment_bank_account="090")
    assert counts(clean(practice), "payment") == {"adopted": 2}
    assert [practice.link(row, "payment").xero_id for row in rows] == theirs


def test_an_adopted_payment_follows_clio_like_one_of_ours(practice: Practice) -> None:
    bill_id = billed(practice)
    by_hand(practice, bill_id, 200)
    allocation_id = pay(practice, bill_id, 200)
    clean(practice)
    practice.clio.act("edit_payment", allocation_id=allocation_id, amount=250)
    clean(practice)
    assert amounts(practice, bill_id) == [250]
    assert keys(practice, bill_id)[0].startswith(f"CLIO-A{allocation_id}")


def forget_payments(practice: Practice) -> None:
    """Lose what ties the firm to its payments, as a restored backup does."""
    with firm_scope(practice.firm):
        Link.objects.filter(kind="payment").delete()


def test_a_payment_that_carries_our_key_and_lost_its_link_is_linked_again(practice: Practice) -> None:
    bill_id, allocation_id = paid(practice, 200)
    before = ids(practice, bill_id)
    forget_payments(practice)
    practice.clio.act("edit_payment", allocation_id=allocation_id, description="touched")
    assert counts(clean(practice), "payment") == {"adopted": 1}
    assert ids(practice, bill_id) == before


def test_a_longer_key_that_begins_the_same_is_somebody_elses(practice: Practice) -> None:
    bill_id = billed(practice)
    allocation_id = pay(practice, bill_id, 200)
    other = by_hand(practice, bill_id, 200, 20, reference=f"CLIO-A{allocation_id}9 · CHQ 1")
    assert counts(clean(practice), "payment") == {"created": 1}
    assert practice.link(allocation_id, "payment").xero_id != other


def test_a_payment_of_ours_that_lost_its_link_is_linked_though_clio_edited_it_since(practice: Practice) -> None:
    bill_id, allocation_id = paid(practice, 200)
    forget_payments(practice)
    practice.clio.act("edit_payment", allocation_id=allocation_id, amount=150)
    assert counts(clean(practice), "payment") == {"adopted": 1}
    clean(practice)
    assert amounts(practice, bill_id) == [150]
    assert keys(practice, bill_id) == [f"CLIO-A{allocation_id}-2"]


@pytest.mark.parametrize("action", ["void_payment", "delete_payment"])
def test_a_payment_of_ours_that_lost_its_link_and_went_in_clio_is_removed(practice: Practice, action: str) -> None:
    bill_id, allocation_id = paid(practice, 200)
    paid(practice, 100)
    forget_payments(practice)
    practice.clio.act(action, allocation_id=allocation_id)
    clean(practice)
    clean(practice)
    assert amounts(practice, bill_id) == []
