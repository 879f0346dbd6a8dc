"""Which payments are sent, where to, and what they say (BEHAVIOUR §6)."""

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
    currency,
    dated,
    error,
    keys,
    paid,
    pay,
    practice,
    standing,
    state_of,
    sync,
    today,
    write_off,
)


def test_amount_and_date_are_as_clio_has_them(practice: Practice) -> None:
    bill_id, allocation_id = paid(practice, "123.45", date=today(practice, -9), reference="CHQ 204")
    (payment,) = standing(practice, bill_id)
    assert (payment["Amount"], dated(payment)) == (Decimal("123.45"), today(practice, -9))
    assert payment["Reference"].startswith(f"CLIO-A{allocation_id} ")
    assert "CHQ 204" in payment["Reference"]
    assert payment["Account"]["AccountID"] == account(practice, "090")


def test_a_payment_without_a_reference_in_clio_carries_its_key_alone(practice: Practice) -> None:
    bill_id, allocation_id = paid(practice)
    assert standing(practice, bill_id)[0]["Reference"] == f"CLIO-A{allocation_id}"


def test_several_allocations_of_one_payment_are_several_payments(practice: Practice) -> None:
    first, second = add_bill(practice), add_bill(practice)
    made = practice.clio.act("record_payment", bill_id=first, amount=120)
    again = practice.clio.act("record_payment", bill_id=second, amount=80, payment_id=made["parent"]["id"])
    also = practice.clio.act("record_payment", bill_id=second, amount=30, payment_id=made["parent"]["id"])
    assert counts(clean(practice), "payment") == {"created": 3}
    assert keys(practice, first) == [f"CLIO-A{made['id']}"]
    assert keys(practice, second) == [f"CLIO-A{again['id']}", f"CLIO-A{also['id']}"]
    assert amounts(practice, second) == [30, 80]


def test_a_payment_from_trust_is_like_any_other_and_says_so(practice: Practice) -> None:
    bill_id, _ = paid(practice, from_trust=True, reference="TR 5")
    (payment,) = standing(practice, bill_id)
    assert "from trust" in payment["Reference"]
    assert "TR 5" in payment["Reference"]
    assert payment["Account"]["AccountID"] == account(practice, "090")


@pytest.mark.parametrize(("clio_payments", "expected"), [("427", "427"), ("", "090")])
def test_an_online_payment_goes_to_the_clio_payments_account_where_one_is_set(
    practice: Practice, clio_payments: str, expected: str
) -> None:
    practice.configure(clio_payments_account=clio_payments)
    bill_id = add_bill(practice)
    pay(practice, bill_id, 100, online=True)
    pay(practice, bill_id, 50)
    clean(practice)
    accounts = {row["Amount"]: row["Account"]["AccountID"] for row in standing(practice, bill_id)}
    assert accounts == {100: account(practice, expected), 50: account(practice, "090")}


def test_a_payment_in_another_currency_than_its_account_is_blocked(practice: Practice) -> None:
    bill_id = add_bill(practice, currency_id=currency(practice, "USD"))
    pay(practice, bill_id, 100)
    report = sync(practice)
    assert codes(report) == ["payment_currency"]
    assert practice.invoice(bill_id)["CurrencyCode"] == "USD"
    assert standing(practice, bill_id) == []
    told = error(practice, "payment_currency")
    assert "USD" in told.message
    assert "CAD" in told.message


def test_a_voided_allocation_is_never_sent(practice: Practice) -> None:
    bill_id = add_bill(practice)
    practice.clio.act("void_payment", allocation_id=pay(practice, bill_id, 100))
    clean(practice)
    assert standing(practice, bill_id) == []


def test_a_credit_is_no_payment(practice: Practice) -> None:
    bill_id = add_bill(practice)
    write_off(practice, bill_id, 100)
    report = clean(practice)
    assert (counts(report, "payment"), counts(report, "credit_note")) == ({}, {"created": 1})
    assert standing(practice, bill_id) == []


def test_a_payment_waits_until_the_invoice_is_approved_in_xero(practice: Practice) -> None:
    practice.configure(only_approved_bills=False)
    bill_id = add_bill(practice, state="draft")
    pay(practice, bill_id, 100)
    practice.clio.act("set_bill_state", bill_id=bill_id, state="draft")
    clean(practice)
    assert practice.invoice(bill_id)["Status"] == "DRAFT"
    assert standing(practice, bill_id) == []
    practice.clio.act("approve_bill", bill_id=bill_id)
    clean(practice)
    assert amounts(practice, bill_id) == [100]


def test_no_payment_is_sent_while_nothing_is_matched_not_even_an_online_one(practice: Practice) -> None:
    practice.configure(payment_bank_account="", clio_payments_account="427")
    bill_id = add_bill(practice)
    pay(practice, bill_id, 100, online=True)
    pay(practice, bill_id, 50)
    report = clean(practice)
    assert counts(report, "payment") == {}
    assert standing(practice, bill_id) == []


def test_matching_on_later_sends_what_is_missing_and_off_again_leaves_what_was_sent(practice: Practice) -> None:
    practice.configure(payment_bank_account="")
    first, second = add_bill(practice), add_bill(practice)
    early, late = pay(practice, first, 100), pay(practice, second, 50)
    clean(practice)
    practice.configure(payment_bank_account="090")
    assert counts(clean(practice), "payment") == {"created": 2}
    practice.configure(payment_bank_account="")
    practice.clio.act("edit_payment", allocation_id=early, amount=120)
    practice.clio.act("void_payment", allocation_id=late)
    pay(practice, first, 10)
    clean(practice)
    assert (amounts(practice, first), amounts(practice, second)) == ([100], [50])


def test_scope_follows_the_invoices_issue_date_and_not_the_payments(practice: Practice) -> None:
    day = practice.clock.now().date()
    practice.configure(bills_issued_to=day)
    inside = add_bill(practice)
    outside = add_bill(practice, issued_at=today(practice, 3))
    pay(practice, inside, 100, date=today(practice, 5))
    pay(practice, outside, 100, date=today(practice))
    clean(practice)
    assert amounts(practice, inside) == [100]
    with pytest.raises(StopIteration):
        practice.invoice(outside)


def test_a_payment_moved_to_another_bill_moves_in_xero(practice: Practice) -> None:
    bill_id, allocation_id = paid(practice)
    other = billed(practice)
    practice.clio.act("edit_payment", allocation_id=allocation_id, bill_id=other)
    clean(practice)
    assert amounts(practice, bill_id) == []
    assert amounts(practice, other) == [200]
    assert keys(practice, other) == [f"CLIO-A{allocation_id}-2"]


def test_a_payment_without_a_bill_is_passed_over(practice: Practice) -> None:
    bill_id, allocation_id = paid(practice)
    practice.clio.act("unbill_payment", allocation_id=allocation_id)
    clean(practice)
    assert amounts(practice, bill_id) == []


@pytest.mark.parametrize("change", [{"amount": "150.00"}, {"date": "2026-11-02"}])
def test_an_edited_payment_is_deleted_and_created_anew(practice: Practice, change: dict[str, Any]) -> None:
    bill_id, allocation_id = paid(practice, 500)
    (former,) = standing(practice, bill_id)
    practice.clio.act("edit_payment", allocation_id=allocation_id, **change)
    report = clean(practice)
    assert counts(report, "payment") == {"updated": 1}
    (payment,) = standing(practice, bill_id)
    assert payment["PaymentID"] != former["PaymentID"]
    assert keys(practice, bill_id) == [f"CLIO-A{allocation_id}-2"]
    assert str(payment["Amount"]).startswith(change.get("amount", "500"))
    assert dated(payment) == change.get("date", dated(former))


def test_a_payment_in_full_makes_the_invoice_paid_and_a_run_after_it_writes_nothing(practice: Practice) -> None:
    bill_id, _ = paid(practice, 500)
    assert practice.invoice(bill_id)["Status"] == "PAID"
    practice.xero.calls.reset()
    clean(practice)
    assert {call.method for call in practice.xero.calls.calls()} <= {"GET"}


def test_an_edited_payment_stays_while_its_account_is_archived(practice: Practice) -> None:
    bill_id, allocation_id = paid(practice, 200)
    practice.xero.act("archive_account", account="090")
    practice.refresh()
    practice.clio.act("edit_payment", allocation_id=allocation_id, amount=250)
    assert codes(sync(practice)) == ["account_archived"]
    assert amounts(practice, bill_id) == [200]
    practice.xero.act("activate_account", account="090")
    practice.refresh()
    clean(practice)
    assert amounts(practice, bill_id) == [250]


def test_an_edited_payment_that_would_not_fit_any_more_stays(practice: Practice) -> None:
    bill_id, allocation_id = paid(practice, 200)
    theirs = by_hand(practice, bill_id, 250, 20)
    clean(practice, 11)
    practice.clio.act("edit_payment", allocation_id=allocation_id, amount=300)
    assert codes(sync(practice)) == ["payment_exceeds_due"]
    assert amounts(practice, bill_id) == [200, 250]
    practice.xero.act("delete_payment", payment=theirs)
    clean(practice, 11)
    assert amounts(practice, bill_id) == [300]


def test_payments_that_swap_their_amounts_fit_together(practice: Practice) -> None:
    bill_id = add_bill(practice)
    rows = [pay(practice, bill_id, amount) for amount in (150, 350)]
    clean(practice)
    for allocation_id, amount in zip(rows, (350, 150), strict=True):
        practice.clio.act("edit_payment", allocation_id=allocation_id, amount=amount)
    clean(practice)
    assert amounts(practice, bill_id) == [150, 350]
    assert keys(practice, bill_id) == [f"CLIO-A{one}-2" for one in rows]


def test_an_ignored_payment_is_left_alone_whatever_else_happens_on_its_bill(practice: Practice) -> None:
    bill_id, allocation_id = paid(practice, 200)
    (row,) = practice.payments(bill_id)
    practice.xero.act("reconcile", payment=row["PaymentID"])
    practice.clio.act("edit_payment", allocation_id=allocation_id, amount=250)
    sync(practice)
    practice.ignore("payment_reconciled")
    practice.xero.act("unreconcile", payment=row["PaymentID"])
    pay(practice, bill_id, 50)
    clean(practice, 20)
    assert state_of(practice, allocation_id, "payment")[0] == "ignored"
    assert amounts(practice, bill_id) == [50, 200]
    practice.clio.act("edit_payment", allocation_id=allocation_id, amount=260)
    clean(practice)
    assert amounts(practice, bill_id) == [50, 260]
