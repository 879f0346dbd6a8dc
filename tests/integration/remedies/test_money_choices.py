"""What people choose about payments and credits on a sync error's row, against the stand-ins (BEHAVIOUR §6, §7)."""

from decimal import Decimal
from typing import Any

import pytest

from accounts.firm_scope import firm_scope
from accounts.models import User
from syncengine.engine.remedy import RemedyError, adopt_invoice, choose, renumber_bill
from syncengine.models import SyncError
from tests.support.practice import Practice, practice  # noqa: F401

LINE = {"kind": "Service", "description": "Advice", "quantity": 4, "price": 250}


def a_bill(practice: Practice, **values: Any) -> int:
    """A new bill of 1,000.00; gives its id."""
    bill_id: int = practice.clio.act("add_bill", lines=[LINE], **values)["id"]
    return bill_id


def pay(practice: Practice, bill_id: int, amount: str) -> int:
    allocation_id: int = practice.clio.act("record_payment", bill_id=bill_id, amount=amount)["id"]
    return allocation_id


def the_error(practice: Practice, code: str) -> SyncError:
    with firm_scope(practice.firm):
        return SyncError.objects.get(code=code, state="open")


def do(practice: Practice, remedy: Any, error: SyncError, **values: Any) -> Any:
    with firm_scope(practice.firm):
        user = User.objects.get(email="admin@firm.example")
        return remedy(firm=practice.firm, user=user, error_id=error.pk, **values)


def take(practice: Practice, error: SyncError, value: str) -> None:
    do(practice, choose, error, value=value, now=practice.clock.now())


def two_that_could_be_it(practice: Practice) -> tuple[int, list[str]]:
    """A bill whose invoice has two payments by hand, one of which Clio's payment must be."""
    practice.configure(payment_bank_account="")
    bill_id = a_bill(practice)
    practice.sync()
    invoice_id = practice.link(bill_id).xero_id
    by_hand = [
        practice.xero.act("record_payment", invoice=invoice_id, amount="200.00", reference=f"by hand {number}")
        for number in (1, 2)
    ]
    pay(practice, bill_id, "200.00")
    practice.configure()
    practice.step()
    practice.sync()
    return bill_id, [row["PaymentID"] for row in by_hand]


def test_the_payment_that_was_chosen_is_linked_and_nothing_is_sent(practice: Practice) -> None:
    bill_id, by_hand = two_that_could_be_it(practice)

    take(practice, the_error(practice, "payment_which"), by_hand[1])
    report = practice.sync()

    assert report["state"] == "clean", report["open_errors"]
    assert report["counts"]["payment"]["created"] == 0
    assert len(practice.payments(bill_id)) == 2
    assert practice.link(practice.allocations(bill_id)[0], "payment").xero_id == by_hand[1]


def test_none_of_these_makes_a_payment(practice: Practice) -> None:
    bill_id, by_hand = two_that_could_be_it(practice)

    take(practice, the_error(practice, "payment_which"), "")
    report = practice.sync()

    assert report["counts"]["payment"]["created"] == 1
    assert len(practice.payments(bill_id)) == 3
    assert practice.link(practice.allocations(bill_id)[0], "payment").xero_id not in by_hand


def test_a_payment_that_was_never_offered_cannot_be_chosen(practice: Practice) -> None:
    two_that_could_be_it(practice)

    with pytest.raises(RemedyError):
        take(practice, the_error(practice, "payment_which"), "11111111-1111-1111-1111-111111111111")


def test_a_payment_that_was_deleted_too_often_is_put_back_once_more_when_asked(practice: Practice) -> None:
    bill_id = a_bill(practice)
    pay(practice, bill_id, "200.00")
    practice.sync()
    for _ in range(4):
        practice.xero.act("delete_payment", payment=practice.payments(bill_id)[0]["PaymentID"])
        practice.press_sync_now()
        practice.step()
        practice.sync()
    assert practice.payments(bill_id) == []

    take(practice, the_error(practice, "payment_deleted_again"), "again")
    report = practice.sync()

    assert report["state"] == "clean", report["open_errors"]
    assert len(practice.payments(bill_id)) == 1


def credit_taken_off(practice: Practice, *, voided: bool = False) -> int:
    bill_id = a_bill(practice)
    practice.clio.act("write_off", bill_id=bill_id, amount="80.00")
    practice.sync()
    (note,) = practice.credit_notes(bill_id)
    practice.xero.act("deallocate", credit_note=note["CreditNoteID"], invoice=practice.link(bill_id).xero_id)
    if voided:
        practice.xero.act("void_credit_note", credit_note=note["CreditNoteID"])
    practice.press_sync_now()
    practice.step()
    practice.sync()
    return bill_id


def credited(practice: Practice, bill_id: int) -> Decimal:
    return Decimal(str(practice.invoice(bill_id)["AmountCredited"]))


def test_the_same_credit_note_is_set_against_the_invoice_again(practice: Practice) -> None:
    bill_id = credit_taken_off(practice)
    assert credited(practice, bill_id) == 0

    take(practice, the_error(practice, "credit_taken_off"), "again")
    report = practice.sync()

    assert report["state"] == "clean", report["open_errors"]
    assert credited(practice, bill_id) == 80
    assert len(practice.credit_notes(bill_id)) == 1


@pytest.mark.parametrize("voided", [False, True])
def test_or_a_new_one_is_made_and_the_old_one_is_voided(practice: Practice, voided: bool) -> None:
    bill_id = credit_taken_off(practice, voided=voided)
    (old,) = practice.credit_notes(bill_id)

    take(practice, the_error(practice, "credit_taken_off"), "anew")
    report = practice.sync()

    assert report["state"] == "clean", report["open_errors"]
    assert credited(practice, bill_id) == 80
    (new,) = practice.credit_notes(bill_id)
    assert new["CreditNoteNumber"] == f"{old['CreditNoteNumber']}-2"
    assert practice.sync()["counts"]["credit_note"]["created"] == 0


def test_payments_and_credits_follow_a_bill_that_is_sent_under_a_new_number(practice: Practice) -> None:
    bill_id = a_bill(practice)
    pay(practice, bill_id, "200.00")
    practice.clio.act("write_off", bill_id=bill_id, amount="80.00")
    practice.sync()
    invoice_id = practice.link(bill_id).xero_id
    practice.xero.act("delete_payment", payment=practice.payments(bill_id)[0]["PaymentID"])
    (note,) = practice.credit_notes(bill_id)
    practice.xero.act("deallocate", credit_note=note["CreditNoteID"], invoice=invoice_id)
    practice.xero.act("void_invoice", invoice=invoice_id)
    practice.step()
    practice.sync(full=True)

    do(practice, renumber_bill, the_error(practice, "voided_in_xero"), now=practice.clock.now())
    practice.step()
    report = practice.sync()

    assert report["state"] == "clean", report["open_errors"]
    invoice = practice.invoice(bill_id)
    assert invoice["InvoiceID"] != invoice_id
    assert (Decimal(str(invoice["AmountPaid"])), Decimal(str(invoice["AmountCredited"]))) == (Decimal(200), Decimal(80))
    assert practice.compare()["differences"] == []


def test_money_follows_a_bill_whose_invoice_was_adopted(practice: Practice) -> None:
    contact = practice.xero.act("add_contact", Name="Somebody by hand")["ContactID"]
    line = {"Description": "By hand", "Quantity": 1, "UnitAmount": 321, "AccountCode": "201", "TaxType": "NONE"}
    held = practice.xero.act("add_invoice", contact=contact, InvoiceNumber="H-77", LineItems=[line])
    bill_id = a_bill(practice, number="H-77")
    pay(practice, bill_id, "200.00")
    practice.sync()

    error = the_error(practice, "invoice_number_taken")
    do(practice, adopt_invoice, error, invoice_id=held["InvoiceID"], clock=practice.clock.now)
    practice.step()
    report = practice.sync()

    assert report["open_errors"] == []
    assert [Decimal(str(row["Amount"])) for row in practice.payments(bill_id)] == [200]
