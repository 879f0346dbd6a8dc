"""Rounds that cannot be finished at once: refused, cut off, without room (BEHAVIOUR §5)."""

import pytest

from sandbox.faults import Fault
from tests.support.practice import Practice
from tests.support.stories import (  # noqa: F401
    account,
    add_bill,
    amounts,
    billed,
    by_hand,
    clean,
    codes,
    counts,
    credit_by_hand,
    dated,
    error,
    ids,
    keys,
    live_notes,
    number,
    paid,
    pay,
    practice,
    reprice,
    scheduled,
    standing,
    state_of,
    sync,
    today,
    write_off,
    writes,
)


def refuse_the_update(practice: Practice) -> None:
    """The account of the line is archived, and nobody has read the chart since."""
    practice.xero.act("archive_account", account="201")


def test_an_update_that_xero_refuses_puts_everything_back(practice: Practice) -> None:
    bill_id = add_bill(practice)
    pay(practice, bill_id, 120, reference="CHQ 1")
    write_off(practice, bill_id, 100)
    clean(practice)
    refuse_the_update(practice)
    reprice(practice, bill_id, 600)
    report = sync(practice)
    assert codes(report) == ["account_archived"]
    invoice = practice.invoice(bill_id)
    assert (invoice["Total"], invoice["AmountDue"]) == (500, 280)
    assert amounts(practice, bill_id) == [120]
    practice.xero.act("activate_account", account="201")
    clean(practice, 16)
    invoice = practice.invoice(bill_id)
    assert (invoice["Total"], invoice["AmountDue"]) == (600, 380)


def test_one_refused_update_does_not_stop_the_others_of_the_round(practice: Practice) -> None:
    practice.configure(expenses_account="210")
    good, _ = paid(practice, 100)
    bad = add_bill(practice, lines=[{"description": "Filing", "price": 500, "kind": "Expense"}])
    pay(practice, bad, 100)
    clean(practice)
    practice.xero.act("archive_account", account="210")
    for bill_id in (good, bad):
        reprice(practice, bill_id, 600)
    assert codes(sync(practice)) == ["account_archived"]
    assert [practice.invoice(one)["Total"] for one in (good, bad)] == [600, 500]
    assert [amounts(practice, one) for one in (good, bad)] == [[100], [100]]


def test_a_removal_that_xero_refuses_puts_back_what_came_off(practice: Practice) -> None:
    bill_id = add_bill(practice)
    for amount in (50, 60):
        pay(practice, bill_id, amount)
    clean(practice)
    reprice(practice, bill_id, 600)
    # Somebody reconciles the second one after its marks were read: the fault answers in Xero's place.
    practice.xero.faults.add(
        Fault(kind="status", method="POST", path_prefix="/api.xro/2.0/Payments/", after=1, status=400)
    )
    sync(practice)
    assert amounts(practice, bill_id) == [50, 60]
    clean(practice, 16)
    assert (practice.invoice(bill_id)["Total"], amounts(practice, bill_id)) == (600, [50, 60])


def test_a_bill_that_no_longer_holds_what_was_paid_is_blocked_and_nothing_is_touched(practice: Practice) -> None:
    bill_id, _ = paid(practice, 400)
    before = ids(practice, bill_id)
    reprice(practice, bill_id, 300)
    practice.xero.calls.reset()
    report = sync(practice)
    assert report["state"] == "errors"
    assert writes(practice) == []
    assert ids(practice, bill_id) == before


@pytest.mark.parametrize("path", ["Invoices", "Payments"])
def test_a_round_that_is_cut_off_is_finished_by_the_next_run(practice: Practice, path: str) -> None:
    bill_id, _ = paid(practice, 200)
    reprice(practice, bill_id, 600)
    method = {"Invoices": "POST", "Payments": "PUT"}[path]
    practice.xero.faults.add(
        Fault(kind="rate_limit", method=method, path_prefix=f"/api.xro/2.0/{path}", seconds=600, times=1)
    )
    practice.clock.advance(60)
    assert practice.sync()["state"] == "waiting"
    clean(practice, 15)
    assert (practice.invoice(bill_id)["Total"], amounts(practice, bill_id)) == (600, [200])


def test_a_payment_edited_with_its_bill_arrives_as_clio_has_it(practice: Practice) -> None:
    bill_id, allocation_id = paid(practice, 200)
    reprice(practice, bill_id, 600)
    practice.clio.act("edit_payment", allocation_id=allocation_id, amount=300)
    clean(practice)
    assert amounts(practice, bill_id) == [300]
    assert practice.invoice(bill_id)["Total"] == 600


def test_matching_switched_off_meanwhile_still_puts_back_what_a_round_takes_off(practice: Practice) -> None:
    bill_id, _ = paid(practice, 200)
    practice.configure(payment_bank_account="")
    reprice(practice, bill_id, 600)
    clean(practice)
    assert (practice.invoice(bill_id)["Total"], amounts(practice, bill_id)) == (600, [200])
