"""Edits of bills that are paid or credited in Xero: in place where Xero takes it, else in a round (BEHAVIOUR §5)."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

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


def test_number_due_date_and_reference_of_a_paid_bill_change_in_place(practice: Practice) -> None:
    bill_id, _ = paid(practice, 500)
    before = ids(practice, bill_id)
    practice.clio.act("edit_bill", bill_id=bill_id, number="X-77", due_at=today(practice, 60), purchase_order="PO 5")
    practice.xero.calls.reset()
    assert counts(clean(practice), "invoice") == {"updated": 1}
    invoice = practice.invoice(bill_id)
    assert (invoice["InvoiceNumber"], invoice["DueDateString"][:10]) == ("X-77", today(practice, 60))
    assert "PO 5" in invoice["Reference"]
    assert writes(practice) == ["POST Invoices"]
    assert ids(practice, bill_id) == before


def test_a_text_of_a_paid_bill_changes_in_place(practice: Practice) -> None:
    bill_id, _ = paid(practice, 500)
    before = ids(practice, bill_id)
    line = practice.clio_lines(bill_id)[0]
    practice.clio.act("edit_bill", bill_id=bill_id, lines={"change": [{"id": line["id"], "note": "Amended advice"}]})
    practice.xero.calls.reset()
    clean(practice)
    assert "Amended advice" in practice.invoice(bill_id)["LineItems"][0]["Description"]
    assert writes(practice) == ["POST Invoices"]
    assert ids(practice, bill_id) == before


def test_an_amount_takes_a_round_and_all_goes_back_where_it_was(practice: Practice) -> None:
    practice.configure(clio_payments_account="427")
    bill_id = add_bill(practice)
    rows = [
        pay(practice, bill_id, 120, date=today(practice, -9), reference="CHQ 1"),
        pay(practice, bill_id, 80, online=True, date=today(practice, -2)),
    ]
    credit, _ = write_off(practice, bill_id, 100, date=today(practice, -3))
    clean(practice)
    practice.configure(payment_bank_account="091", clio_payments_account="091")
    reprice(practice, bill_id, 600)
    report = clean(practice)
    assert counts(report, "invoice") == {"updated": 1}
    assert (counts(report, "payment"), counts(report, "credit_note")) == ({}, {})
    assert practice.invoice(bill_id)["Total"] == 600
    assert practice.invoice(bill_id)["AmountDue"] == 300
    back = {
        row["Reference"]: (row["Amount"], dated(row), row["Account"]["AccountID"])
        for row in standing(practice, bill_id)
    }
    assert back == {
        f"CLIO-A{rows[0]}-2 · CHQ 1": (120, today(practice, -9), account(practice, "090")),
        f"CLIO-A{rows[1]}-2": (80, today(practice, -2), account(practice, "427")),
    }
    (note,) = live_notes(practice, bill_id)
    assert note["CreditNoteNumber"] == f"CLIO-CN-{credit}"
    practice.xero.calls.reset()
    clean(practice)
    assert writes(practice) == []


def test_a_bill_paid_in_full_that_grew_is_due_for_the_rest(practice: Practice) -> None:
    bill_id, _ = paid(practice, 500)
    practice.clio.act("edit_bill", bill_id=bill_id, lines={"add": [{"description": "More", "price": 70}]})
    clean(practice)
    invoice = practice.invoice(bill_id)
    assert (invoice["Total"], invoice["AmountDue"], invoice["Status"]) == (570, 70, "AUTHORISED")


def test_an_adopted_payment_goes_back_as_it_was_entered(practice: Practice) -> None:
    bill_id = billed(practice)
    by_hand(practice, bill_id, 200, -2, account="091", reference="Statement 4")
    pay(practice, bill_id, 200, date=today(practice))
    clean(practice)
    reprice(practice, bill_id, 600)
    clean(practice)
    (payment,) = standing(practice, bill_id)
    assert payment["Account"]["AccountID"] == account(practice, "091")
    assert (payment["Amount"], dated(payment)) == (200, today(practice, -2))
    assert "Statement 4" in payment["Reference"]


def payment_of_theirs(practice: Practice, bill_id: int) -> str:
    by_hand(practice, bill_id, 75, reference="Cash")
    return "75"


def credit_of_theirs(practice: Practice, bill_id: int) -> str:
    credit_by_hand(practice, bill_id, 60)
    return "60"


@pytest.mark.parametrize("enter", [payment_of_theirs, credit_of_theirs])
def test_something_entered_by_hand_blocks_the_edit_and_nothing_is_touched(
    practice: Practice, enter: Callable[[Practice, int], str]
) -> None:
    bill_id, _ = paid(practice, 200)
    amount = enter(practice, bill_id)
    before = ids(practice, bill_id)
    reprice(practice, bill_id, 600)
    practice.xero.calls.reset()
    assert codes(sync(practice)) == ["money_by_hand"]
    told = error(practice, "money_by_hand")
    assert amount in told.message
    assert told.remedy
    assert writes(practice) == []
    assert (ids(practice, bill_id), practice.invoice(bill_id)["Total"]) == (before, 500)


def test_a_reconciled_payment_stops_the_round_before_it_begins(practice: Practice) -> None:
    bill_id, _ = paid(practice, 200)
    pay(practice, bill_id, 50)
    clean(practice)
    last = sorted(ids(practice, bill_id))[1]
    practice.xero.act("reconcile", payment=last)
    reprice(practice, bill_id, 600)
    practice.xero.calls.reset()
    assert codes(sync(practice)) == ["payment_reconciled"]
    assert writes(practice) == []
    practice.xero.act("unreconcile", payment=last)
    clean(practice, 15)
    assert (practice.invoice(bill_id)["Total"], amounts(practice, bill_id)) == (600, [50, 200])


@pytest.mark.parametrize("locked", ["payment", "credit", "invoice"])
def test_a_locked_period_makes_the_round_wait(practice: Practice, locked: str) -> None:
    days = {what: -30 if what == locked else -1 for what in ("payment", "credit", "invoice")}
    bill_id = add_bill(practice, issued_at=today(practice, days["invoice"]))
    pay(practice, bill_id, 200, date=today(practice, days["payment"]))
    write_off(practice, bill_id, 50, date=today(practice, days["credit"]))
    clean(practice)
    practice.xero.act("set_lock_dates", year=today(practice, -20))
    practice.refresh()
    reprice(practice, bill_id, 600)
    practice.xero.calls.reset()
    clean(practice)
    assert writes(practice) == []
    assert state_of(practice, bill_id) == ("waiting", f"Period locked until {today(practice, -20)}")
    practice.xero.act("set_lock_dates")
    practice.refresh()
    clean(practice)
    assert practice.invoice(bill_id)["Total"] == 600


def test_limits_without_room_for_the_whole_round_make_it_wait(practice: Practice) -> None:
    bill_id = add_bill(practice)
    for amount in (50, 60, 70):
        pay(practice, bill_id, amount)
    clean(practice)
    reprice(practice, bill_id, 600)
    practice.clock.advance(120)
    practice.xero.set_limits(per_minute=60)
    practice.xero.act("use_up_limits", minute=55)
    practice.xero.calls.reset()
    practice.sync()
    assert writes(practice) == []
    assert amounts(practice, bill_id) == [50, 60, 70]
    for _ in range(3):
        report = sync(practice, 2)
    assert report["state"] == "clean"
    assert practice.invoice(bill_id)["Total"] == 600
    assert practice.xero.calls.summary()["by_status"].get("429", 0) == 0


def test_the_client_of_an_unpaid_or_paid_invoice_changes(practice: Practice) -> None:
    other = practice.clio.act("add_contact", type="Company", name="Quite New Ltd")["id"]
    unpaid = billed(practice)
    bill_id, _ = paid(practice, 200)
    for one in (unpaid, bill_id):
        practice.clio.act("edit_bill", bill_id=one, client_id=other)
    clean(practice)
    names = [practice.invoice(one)["Contact"]["Name"] for one in (unpaid, bill_id)]
    assert all(name.startswith("Quite New Ltd") for name in names)
    assert amounts(practice, bill_id) == [200]


def test_the_client_of_an_invoice_under_a_credit_note_does_not(practice: Practice) -> None:
    other = practice.clio.act("add_contact", type="Company", name="Quite New Ltd")["id"]
    bill_id = add_bill(practice)
    write_off(practice, bill_id, 50)
    clean(practice)
    practice.clio.act("edit_bill", bill_id=bill_id, client_id=other)
    assert codes(sync(practice)) == ["client_changed"]
    assert not practice.invoice(bill_id)["Contact"]["Name"].startswith("Quite New Ltd")
    assert practice.invoice(bill_id)["AmountCredited"] == Decimal(50)


def test_settings_that_changed_recode_no_line_in_a_round(practice: Practice) -> None:
    bill_id = add_bill(practice, 300, 200)
    pay(practice, bill_id, 100)
    clean(practice)
    practice.xero.act("set_tracking", invoice=number(practice, bill_id), category="Office", option="Ottawa", line=1)
    practice.configure(time_entries_account="200")
    reprice(practice, bill_id, 350)
    clean(practice)
    lines: list[dict[str, Any]] = practice.invoice(bill_id)["LineItems"]
    assert [(line["LineAmount"], line["AccountCode"]) for line in lines] == [(350, "201"), (200, "201")]
    assert [option["Option"] for option in lines[1]["Tracking"]] == ["Ottawa"]
