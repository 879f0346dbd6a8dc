"""Bills that were voided or deleted in Clio after they were sent (BEHAVIOUR §5)."""

import pytest

from tests.support.practice import Practice
from tests.support.stories import (  # noqa: F401
    add_bill,
    amounts,
    billed,
    by_hand,
    clean,
    codes,
    counts,
    credit_by_hand,
    error,
    ids,
    live_notes,
    number,
    paid,
    pay,
    practice,
    state_of,
    sync,
    today,
    write_off,
    writes,
)


@pytest.mark.parametrize("action", ["void_bill", "delete_bill"])
def test_our_payments_and_credits_come_off_and_the_invoice_is_voided(practice: Practice, action: str) -> None:
    bill_id, _ = paid(practice, 200)
    pay(practice, bill_id, 50)
    write_off(practice, bill_id, 100)
    clean(practice)
    practice.clio.act(action, bill_id=bill_id)
    report = clean(practice)
    assert counts(report, "invoice") == {"voided": 1}
    assert (counts(report, "payment"), counts(report, "credit_note")) == ({"removed": 2}, {"voided": 1})
    assert practice.invoice(bill_id)["Status"] == "VOIDED"
    assert (amounts(practice, bill_id), live_notes(practice, bill_id)) == ([], [])
    practice.xero.calls.reset()
    clean(practice, 45, full=True)
    assert writes(practice) == []


@pytest.mark.parametrize(("state", "status"), [("draft", "DRAFT"), ("awaiting_approval", "SUBMITTED")])
def test_a_draft_is_deleted(practice: Practice, state: str, status: str) -> None:
    practice.configure(only_approved_bills=False)
    bill_id = billed(practice, state=state)
    assert practice.invoice(bill_id)["Status"] == status
    practice.clio.act("delete_bill", bill_id=bill_id)
    clean(practice)
    assert practice.invoice(bill_id)["Status"] == "DELETED"


def test_a_bill_that_vanished_from_clio_is_voided_by_the_nightly_compare(practice: Practice) -> None:
    bill_id, _ = paid(practice, 200)
    practice.clio.act("delete_bill", bill_id=bill_id, gone=True)
    clean(practice, 45, full=True)
    assert practice.invoice(bill_id)["Status"] == "VOIDED"


def payment_by_hand(practice: Practice, bill_id: int) -> str:
    by_hand(practice, bill_id, 75, reference="Cash at the desk")
    return "75"


def credit_of_theirs(practice: Practice, bill_id: int) -> str:
    credit_by_hand(practice, bill_id, 60)
    return "60"


@pytest.mark.parametrize("enter", [payment_by_hand, credit_of_theirs])
def test_something_entered_by_hand_blocks_it_and_nothing_is_touched(practice: Practice, enter: object) -> None:
    bill_id, _ = paid(practice, 200)
    amount = enter(practice, bill_id)  # type: ignore[operator]
    before = ids(practice, bill_id)
    practice.clio.act("void_bill", bill_id=bill_id)
    practice.xero.calls.reset()
    report = sync(practice)
    assert codes(report) == ["money_by_hand"]
    assert amount in error(practice, "money_by_hand").message
    assert writes(practice) == []
    assert ids(practice, bill_id) == before


def test_once_it_is_gone_the_invoice_is_voided(practice: Practice) -> None:
    bill_id, _ = paid(practice, 200)
    theirs = by_hand(practice, bill_id, 75)
    practice.clio.act("void_bill", bill_id=bill_id)
    sync(practice)
    practice.xero.act("delete_payment", payment=theirs)
    clean(practice, 15)
    assert practice.invoice(bill_id)["Status"] == "VOIDED"


def test_a_reconciled_payment_of_ours_blocks_it_and_nothing_is_touched(practice: Practice) -> None:
    bill_id, _ = paid(practice, 200)
    pay(practice, bill_id, 50)
    clean(practice)
    before = ids(practice, bill_id)
    practice.xero.act("reconcile", payment=sorted(before)[1])
    practice.clio.act("void_bill", bill_id=bill_id)
    practice.xero.calls.reset()
    report = sync(practice)
    assert "payment_reconciled" in codes(report)
    assert writes(practice) == []
    assert ids(practice, bill_id) == before
    practice.xero.act("unreconcile", payment=sorted(before)[1])
    clean(practice, 15)
    assert practice.invoice(bill_id)["Status"] == "VOIDED"


@pytest.mark.parametrize("locked", ["the invoice", "its payment", "its credit"])
def test_a_locked_period_makes_it_wait_and_nothing_is_touched(practice: Practice, locked: str) -> None:
    days = {"the invoice": (-30, -1, -1), "its payment": (0, -30, -1), "its credit": (0, -1, -30)}[locked]
    issued, paid_on, credited_on = (today(practice, day) for day in days)
    bill_id = add_bill(practice, issued_at=issued)
    pay(practice, bill_id, 200, date=paid_on)
    write_off(practice, bill_id, 50, date=credited_on)
    clean(practice)
    practice.xero.act("set_lock_dates", period=today(practice, -20))
    practice.refresh()
    practice.clio.act("void_bill", bill_id=bill_id)
    practice.xero.calls.reset()
    report = clean(practice)
    assert counts(report, "invoice") == {}
    assert writes(practice) == []
    assert state_of(practice, bill_id) == ("waiting", f"Period locked until {today(practice, -20)}")
    practice.xero.act("set_lock_dates")
    practice.refresh()
    clean(practice)
    assert practice.invoice(bill_id)["Status"] == "VOIDED"


def test_an_invoice_that_somebody_voided_in_xero_needs_nothing_more(practice: Practice) -> None:
    bill_id = billed(practice)
    practice.xero.act("void_invoice", invoice=number(practice, bill_id))
    practice.clio.act("void_bill", bill_id=bill_id)
    practice.xero.calls.reset()
    clean(practice)
    assert writes(practice) == []


def test_a_void_takes_later_interest_with_it(practice: Practice) -> None:
    bill_id = billed(practice)
    practice.clio.act("charge_interest", bill_id=bill_id, amount="12.50")
    clean(practice)
    extra = f"{number(practice, bill_id)}-INT-"
    assert [row for row in practice.invoices() if row["InvoiceNumber"].startswith(extra)]
    practice.clio.act("void_bill", bill_id=bill_id)
    clean(practice)
    assert not [row for row in practice.invoices() if row["InvoiceNumber"].startswith(extra)]
