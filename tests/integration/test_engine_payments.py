"""Payments against the stand-ins over real HTTP (BEHAVIOUR §6)."""

from decimal import Decimal
from typing import Any

from tests.support.practice import Practice, practice  # noqa: F401


def paid_bill(practice: Practice, **lines: Any) -> tuple[int, int]:
    """A new bill of 500.00 with a payment of 200.00 on it, both synced; gives bill and allocation."""
    bill = practice.clio.act(
        "add_bill", lines=[{"kind": "Service", "description": "Advice", "quantity": 2, "price": 250, **lines}]
    )
    paid = practice.clio.act("record_payment", bill_id=bill["id"], amount="200.00", reference="CHQ 17")
    practice.step()
    assert practice.sync()["state"] == "clean"
    return bill["id"], paid["id"]


def test_a_payment_stands_on_its_invoice_with_key_amount_and_date(practice: Practice) -> None:
    bill_id, allocation_id = paid_bill(practice)
    (payment,) = practice.payments(bill_id)
    assert payment["Reference"].startswith(f"CLIO-A{allocation_id}")
    assert "CHQ 17" in payment["Reference"]
    assert payment["Amount"] == Decimal("200.00")
    assert practice.invoice(bill_id)["AmountDue"] == Decimal("300.00")


def test_an_edited_payment_is_deleted_and_made_anew_under_the_next_key(practice: Practice) -> None:
    bill_id, allocation_id = paid_bill(practice)
    practice.clio.act("edit_payment", allocation_id=allocation_id, amount="250.00")
    practice.step()
    report = practice.sync()
    assert report["state"] == "clean"
    assert report["counts"]["payment"]["updated"] == 1
    (payment,) = practice.payments(bill_id)
    assert payment["Amount"] == Decimal("250.00")
    assert payment["Reference"].startswith(f"CLIO-A{allocation_id}-2")


def test_a_voided_payment_is_deleted(practice: Practice) -> None:
    bill_id, allocation_id = paid_bill(practice)
    practice.clio.act("void_payment", allocation_id=allocation_id)
    practice.step()
    report = practice.sync()
    assert report["state"] == "clean", report["open_errors"]
    assert report["counts"]["payment"]["removed"] == 1
    assert practice.payments(bill_id) == []


def test_a_payment_that_vanished_from_clio_is_deleted(practice: Practice) -> None:
    bill_id, allocation_id = paid_bill(practice)
    practice.clio.act("delete_payment", allocation_id=allocation_id)
    practice.step()
    practice.sync()
    assert practice.payments(bill_id) == []


def test_a_payment_deleted_in_xero_is_made_again(practice: Practice) -> None:
    bill_id, allocation_id = paid_bill(practice)
    practice.xero.act("delete_payment", payment=practice.payments(bill_id)[0]["PaymentID"])
    practice.clock.advance(15 * 60)
    assert practice.sync()["state"] == "clean"
    (payment,) = practice.payments(bill_id)
    assert payment["Reference"].startswith(f"CLIO-A{allocation_id}-2")
    assert practice.link(allocation_id, "payment").restorations == 1


def test_a_payment_entered_by_hand_before_is_adopted(practice: Practice) -> None:
    practice.configure(payment_bank_account="")
    bill_id, allocation_id = paid_bill(practice)
    assert practice.payments(bill_id) == []
    by_hand = practice.xero.act(
        "record_payment",
        invoice=practice.invoice(bill_id)["InvoiceNumber"],
        amount="200.00",
        reference="From statement",
    )
    practice.configure(payment_bank_account="090")
    practice.step()
    report = practice.sync()
    assert report["state"] == "clean", report["open_errors"]
    assert report["counts"]["payment"]["adopted"] == 1
    (payment,) = practice.payments(bill_id)
    assert payment["PaymentID"] == by_hand["PaymentID"]
    assert practice.link(allocation_id, "payment").xero_id == by_hand["PaymentID"]


def test_an_edit_of_a_paid_bill_arrives_with_its_payment_intact(practice: Practice) -> None:
    bill_id, allocation_id = paid_bill(practice)
    line = practice.clio_lines(bill_id)[0]
    practice.clio.act("edit_bill", bill_id=bill_id, lines={"change": [{"id": line["id"], "price": 300}]})
    practice.step()
    report = practice.sync()
    assert report["state"] == "clean", report["open_errors"]
    assert practice.invoice(bill_id)["Total"] == Decimal("600.00")
    (payment,) = practice.payments(bill_id)
    assert payment["Amount"] == Decimal("200.00")
    assert payment["Reference"].startswith(f"CLIO-A{allocation_id}-2")
    assert practice.sync()["counts"]["invoice"]["updated"] == 0


def test_a_paid_bill_that_is_voided_takes_payment_and_invoice_with_it(practice: Practice) -> None:
    bill_id, allocation_id = paid_bill(practice)
    practice.clio.act("void_payment", allocation_id=allocation_id)
    practice.clio.act("void_bill", bill_id=bill_id)
    practice.step()
    report = practice.sync()
    assert report["state"] == "clean", report["open_errors"]
    assert report["counts"]["invoice"]["voided"] == 1
    assert practice.link(bill_id).xero_status == "VOIDED"


def test_a_write_off_becomes_an_allocated_credit_note(practice: Practice) -> None:
    bill_id, _ = paid_bill(practice)
    credit = practice.clio.act("write_off", bill_id=bill_id, amount="100.00")
    practice.step()
    report = practice.sync()
    assert report["state"] == "clean", report["open_errors"]
    assert practice.invoice(bill_id)["AmountCredited"] == Decimal("100.00")
    practice.clio.act("void_credit", memo_id=credit["parent"]["id"])
    practice.step()
    report = practice.sync()
    assert report["state"] == "clean", report["open_errors"]
    assert practice.invoice(bill_id)["AmountCredited"] == 0
    assert [note["Status"] for note in practice.credit_notes(bill_id)] == ["VOIDED"]


def test_interest_charged_after_sending_becomes_an_invoice_of_its_own(practice: Practice) -> None:
    bill_id, _ = paid_bill(practice)
    practice.clio.act("charge_interest", bill_id=bill_id, amount="12.50")
    practice.step()
    report = practice.sync()
    assert report["state"] == "clean", report["open_errors"]
    numbers = {row["InvoiceNumber"]: row for row in practice.invoices()}
    number = practice.link(bill_id).number
    (extra,) = [row for name, row in numbers.items() if name.startswith(f"{number}-INT-")]
    assert extra["Total"] == Decimal("12.50")
    assert extra["Reference"] == f"Interest on bill {number}"


def test_bills_that_swap_their_numbers_both_arrive(practice: Practice) -> None:
    one, _ = paid_bill(practice)
    other, _ = paid_bill(practice)
    first, second = practice.link(one).number, practice.link(other).number
    practice.clio.act("edit_bill", bill_id=one, number=second)
    practice.clio.act("edit_bill", bill_id=other, number=first)
    practice.step()
    report = practice.sync()
    assert report["state"] == "clean", report["open_errors"]
    assert practice.invoice(one)["InvoiceNumber"] == second
    assert practice.invoice(other)["InvoiceNumber"] == first


def test_many_voids_at_once_wait_for_an_admin(practice: Practice) -> None:
    practice.sync()
    bills = [row for row in practice.records("bill") if row["state"] == "awaiting_payment" and row["paid"] == "0.00"]
    made = [
        practice.clio.act("add_bill", lines=[{"kind": "Service", "description": "x", "quantity": 1, "price": 10}])["id"]
        for _ in range(12)
    ]
    assert bills
    practice.step()
    practice.sync()
    for bill_id in made:
        practice.clio.act("void_bill", bill_id=bill_id)
    practice.step()
    report = practice.sync()
    assert [error["code"] for error in report["open_errors"]] == ["needs_review"]
    assert all(practice.link(bill_id).xero_status == "AUTHORISED" for bill_id in made)


def many_voids(practice: Practice) -> list[int]:
    """Twelve bills that were sent and are voided in Clio, in a run that holds them back."""
    line = {"kind": "Service", "description": "Advice", "quantity": 1, "price": 10}
    made = [practice.clio.act("add_bill", lines=[line])["id"] for _ in range(12)]
    practice.step()
    practice.sync()
    for bill_id in made:
        practice.clio.act("void_bill", bill_id=bill_id)
    practice.step()
    assert [error["code"] for error in practice.sync()["open_errors"]] == ["needs_review"]
    return made


def test_an_admin_who_says_yes_lets_the_voids_go(practice: Practice) -> None:
    made = many_voids(practice)
    assert practice.decide(go_ahead=True) == 12
    practice.step()
    assert practice.sync()["state"] == "clean"
    assert all(practice.link(bill_id).xero_status == "VOIDED" for bill_id in made)


def test_an_admin_who_says_no_keeps_them_and_is_not_asked_again(practice: Practice) -> None:
    made = many_voids(practice)
    practice.decide(go_ahead=False)
    practice.step()
    assert practice.sync()["open_errors"] == []
    assert practice.sync(full=True)["open_errors"] == []
    assert all(practice.invoice(bill_id)["Status"] == "AUTHORISED" for bill_id in made)
