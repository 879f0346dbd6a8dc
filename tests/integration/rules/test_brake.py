"""The brake: a plan that removes unusually much stops until an admin has looked at it (BEHAVIOUR §9)."""

import pytest

from sandbox.faults import Fault
from tests.support.practice import Practice
from tests.support.stories import (  # noqa: F401
    add_bill,
    amounts,
    clean,
    codes,
    counts,
    pay,
    practice,
    reprice,
    sync,
    writes,
)


def bills(practice: Practice, count: int, *, paid: bool) -> tuple[list[int], list[int]]:
    """So many bills of 500.00 that stand in Xero, each with a payment if asked; gives bills and allocations."""
    made = [add_bill(practice) for _ in range(count)]
    rows = [pay(practice, bill_id, 200) for bill_id in made] if paid else []
    clean(practice)
    return made, rows


def standing(practice: Practice, made: list[int]) -> int:
    """How many of these bills' invoices still stand."""
    numbers = {practice.link(bill_id).xero_id for bill_id in made}
    return sum(row["InvoiceID"] in numbers for row in practice.invoices())


def test_ten_removals_go_through(practice: Practice) -> None:
    made, _ = bills(practice, 10, paid=False)
    for bill_id in made:
        practice.clio.act("void_bill", bill_id=bill_id)
    assert counts(clean(practice), "invoice") == {"voided": 10}


def test_voids_and_removed_payments_count_together_and_everything_else_goes_on(practice: Practice) -> None:
    made, rows = bills(practice, 8, paid=True)
    for bill_id in made[:4]:
        practice.clio.act("void_bill", bill_id=bill_id)
    for allocation_id in rows[4:7]:
        practice.clio.act("void_payment", allocation_id=allocation_id)
    fresh = add_bill(practice)
    pay(practice, made[7], 50)
    report = sync(practice)
    assert codes(report) == ["needs_review"]
    assert "11" in report["open_errors"][0]["message"]
    assert standing(practice, made) == 8
    assert [len(practice.payments(bill_id)) for bill_id in made] == [1] * 7 + [2]
    assert practice.invoice(fresh)["Total"] == 500
    assert codes(sync(practice)) == ["needs_review"]
    assert standing(practice, made) == 8


def test_deleted_payments_count(practice: Practice) -> None:
    made, rows = bills(practice, 11, paid=True)
    for allocation_id in rows:
        practice.clio.act("delete_payment", allocation_id=allocation_id)
    assert codes(sync(practice)) == ["needs_review"]
    assert [amounts(practice, bill_id) for bill_id in made] == [[200]] * 11


def test_what_is_put_back_does_not_count(practice: Practice) -> None:
    made, rows = bills(practice, 12, paid=True)
    for bill_id in made[:6]:
        reprice(practice, bill_id, 600)
    for allocation_id in rows[6:]:
        practice.clio.act("edit_payment", allocation_id=allocation_id, amount=250)
    clean(practice)
    assert [amounts(practice, bill_id) for bill_id in made] == [[200]] * 6 + [[250]] * 6
    assert {practice.invoice(bill_id)["Total"] for bill_id in made[:6]} == {600}


def test_a_plan_that_is_no_longer_asked_for_is_withdrawn(practice: Practice) -> None:
    made, _ = bills(practice, 11, paid=False)
    for bill_id in made:
        practice.clio.act("void_bill", bill_id=bill_id)
    sync(practice)
    for bill_id in made:
        practice.clio.act("approve_bill", bill_id=bill_id)
    clean(practice)
    assert standing(practice, made) == 11


def test_a_dry_run_of_many_removals_writes_nothing_and_asks_nobody(practice: Practice) -> None:
    made, _ = bills(practice, 11, paid=False)
    for bill_id in made:
        practice.clio.act("void_bill", bill_id=bill_id)
    practice.xero.calls.reset()
    sync(practice, dry_run=True)
    assert writes(practice) == []
    assert practice.open_errors() == []


def test_removals_that_a_changed_setting_brings_up_count_with_those_of_the_same_run(practice: Practice) -> None:
    made, rows = bills(practice, 12, paid=True)
    other = add_bill(practice)
    clean(practice)
    practice.configure(payment_bank_account="")
    for allocation_id in rows:
        practice.clio.act("void_payment", allocation_id=allocation_id)
    clean(practice)
    practice.configure()
    practice.clio.act("void_bill", bill_id=other)
    assert codes(sync(practice)) == ["needs_review"]
    assert [amounts(practice, bill_id) for bill_id in made] == [[200]] * 12


def held(practice: Practice) -> list[int]:
    """Bills whose payments were voided in Clio, all at once, so that their removal waits; gives the bills."""
    made, rows = bills(practice, 11, paid=True)
    for allocation_id in rows:
        practice.clio.act("void_payment", allocation_id=allocation_id)
    return made


@pytest.mark.parametrize("decided", [False, True])
def test_an_edited_bill_takes_nothing_off_that_an_admin_has_kept_or_not_yet_looked_at(
    practice: Practice, decided: bool
) -> None:
    made = held(practice)
    sync(practice)
    if decided:
        practice.decide(go_ahead=False)
        clean(practice)
    reprice(practice, made[0], 600)
    report = sync(practice)
    assert codes(report) == (["money_kept"] if decided else ["needs_review"])
    assert amounts(practice, made[0]) == [200]
    assert practice.invoice(made[0])["Total"] == 500


def test_what_is_still_to_be_sent_on_a_bill_goes_though_an_admin_keeps_something_on_it(practice: Practice) -> None:
    made = held(practice)
    assert codes(sync(practice)) == ["needs_review"]
    pay(practice, made[-1], 50)
    # The run is cut off before it comes to the money: when it reads the invoices.
    practice.xero.faults.add(Fault(kind="rate_limit", method="GET", path_prefix="/api.xro/2.0/Invoices", seconds=120))
    assert sync(practice)["state"] == "waiting"
    practice.decide(go_ahead=False)
    clean(practice, 5)
    assert amounts(practice, made[-1]) == [50, 200]
