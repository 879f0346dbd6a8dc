"""Credits and write-offs become credit notes that agree with their invoice in the tax return (BEHAVIOUR §7)."""

from decimal import Decimal
from typing import Any

import pytest

from accounts.firm_scope import firm_scope
from syncengine.models import Link, Snapshot
from tests.support.practice import Practice
from tests.support.stories import (  # noqa: F401
    TAXED,
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
    live_notes,
    number,
    pay,
    practice,
    reprice,
    sync,
    today,
    write_off,
    writes,
)


def credited(practice: Practice, amount: Any = 100, **bill: Any) -> tuple[int, int, int]:
    """A bill of 500.00 that stands in Xero with a credit on it; gives bill, allocation and memo."""
    bill_id = add_bill(practice, **bill)
    allocation_id, memo_id = write_off(practice, bill_id, amount, date=today(practice, -3))
    clean(practice)
    return bill_id, allocation_id, memo_id


def lines(note: dict[str, Any]) -> dict[str, Decimal]:
    """What a note holds of each tax type; amounts include tax."""
    return {line["TaxType"]: line["LineAmount"] for line in note["LineItems"]}


def mixed(practice: Practice, **values: Any) -> int:
    """A bill of 300.00 at 13 % and 161.00 untaxed: 339.00 and 161.00 of 500.00."""
    rows = [{"description": "Taxed", "price": 300}, {"description": "Untaxed", "price": 161, "taxable": False}]
    return add_bill(practice, lines=rows, **TAXED, **values)


def test_a_credit_is_one_note_with_its_number_account_and_date_set_against_its_invoice(practice: Practice) -> None:
    bill_id, allocation_id, _ = credited(practice)
    (note,) = practice.credit_notes(bill_id)
    assert note["CreditNoteNumber"] == f"CLIO-CN-{allocation_id}"
    assert note["Type"] == "ACCRECCREDIT"
    assert (note["Total"], dated(note), note["Status"]) == (Decimal("100.00"), today(practice, -3), "PAID")
    assert {line["AccountID"] for line in note["LineItems"]} == {account(practice, "260")}
    invoice = practice.invoice(bill_id)
    assert (invoice["AmountCredited"], invoice["AmountDue"]) == (100, 400)


def test_each_allocation_is_a_note_of_its_own(practice: Practice) -> None:
    bill_id = add_bill(practice)
    made = [write_off(practice, bill_id, amount)[0] for amount in (50, 70)]
    assert counts(clean(practice), "credit_note") == {"created": 2}
    numbers = sorted(note["CreditNoteNumber"] for note in practice.credit_notes(bill_id))
    assert numbers == sorted(f"CLIO-CN-{one}" for one in made)


def test_two_tax_types_are_credited_in_proportion(practice: Practice) -> None:
    bill_id = mixed(practice)
    write_off(practice, bill_id, "100.01")
    clean(practice)
    (note,) = practice.credit_notes(bill_id)
    assert note["LineAmountTypes"] == "Inclusive"
    assert lines(note) == {"TAX001": Decimal("67.81"), "NONE": Decimal("32.20")}
    assert note["TotalTax"] == Decimal("7.80")


def test_a_credit_in_full_takes_back_exactly_the_tax_of_the_invoice(practice: Practice) -> None:
    bill_id = mixed(practice)
    write_off(practice, bill_id, 500)
    clean(practice)
    (note,) = practice.credit_notes(bill_id)
    invoice = practice.invoice(bill_id)
    assert note["TotalTax"] == invoice["TotalTax"] == Decimal("39.00")
    assert invoice["Status"] == "PAID"


def test_it_is_created_only_if_what_is_due_covers_it(practice: Practice) -> None:
    bill_id = billed(practice)
    by_hand(practice, bill_id, 450)
    write_off(practice, bill_id, 100)
    practice.xero.calls.reset()
    assert codes(sync(practice)) == ["credit_exceeds_due"]
    assert writes(practice) == []


@pytest.mark.parametrize("change", [{"amount": 50}, None])
def test_it_takes_the_place_of_a_payment_that_goes_or_shrinks_in_the_same_run(
    practice: Practice, change: dict[str, Any] | None
) -> None:
    bill_id = add_bill(practice)
    paid_id = pay(practice, bill_id, 400)
    clean(practice)
    if change:
        practice.clio.act("edit_payment", allocation_id=paid_id, **change)
    else:
        practice.clio.act("void_payment", allocation_id=paid_id)
    write_off(practice, bill_id, 300)
    clean(practice)
    assert practice.invoice(bill_id)["AmountCredited"] == 300
    assert amounts(practice, bill_id) == ([50] if change else [])


def test_it_does_not_take_the_place_of_a_payment_that_is_only_made_anew(practice: Practice) -> None:
    bill_id = add_bill(practice)
    paid_id = pay(practice, bill_id, 400)
    clean(practice)
    by_hand(practice, bill_id, 50)
    practice.clio.act("edit_payment", allocation_id=paid_id, date=today(practice, -2))
    write_off(practice, bill_id, 100)
    assert codes(sync(practice)) == ["credit_exceeds_due"]
    assert amounts(practice, bill_id) == [50, 400]


def test_a_credit_note_by_hand_for_the_same_amount_is_adopted(practice: Practice) -> None:
    bill_id = billed(practice)
    theirs = credit_by_hand(practice, bill_id, 100)
    allocation_id, _ = write_off(practice, bill_id, 100)
    assert counts(clean(practice), "credit_note") == {"adopted": 1}
    assert practice.link(allocation_id, "credit_note").xero_id == theirs
    assert practice.invoice(bill_id)["AmountCredited"] == 100
    practice.xero.calls.reset()
    clean(practice)
    assert writes(practice) == []


def test_one_for_another_amount_or_not_on_the_invoice_is_not_adopted(practice: Practice) -> None:
    bill_id, other = billed(practice), billed(practice)
    credit_by_hand(practice, bill_id, 99)
    credit_by_hand(practice, other, 100)
    write_off(practice, bill_id, 100)
    assert counts(clean(practice), "credit_note") == {"created": 1}
    assert practice.invoice(bill_id)["AmountCredited"] == 199


@pytest.mark.parametrize("action", ["void_credit", "delete_credit"])
def test_voided_or_deleted_in_clio_takes_the_allocation_off_and_voids_the_note(practice: Practice, action: str) -> None:
    bill_id, _, memo_id = credited(practice)
    practice.clio.act(action, memo_id=memo_id)
    assert counts(clean(practice), "credit_note") == {"voided": 1}
    assert live_notes(practice, bill_id) == []
    assert practice.invoice(bill_id)["AmountDue"] == 500


@pytest.mark.parametrize("change", [{"amount": 120}, {"date": "2026-11-01"}])
def test_changed_in_clio_makes_it_anew_under_the_next_number(practice: Practice, change: dict[str, Any]) -> None:
    bill_id, allocation_id, memo_id = credited(practice)
    practice.clio.act("edit_credit", memo_id=memo_id, **change)
    report = clean(practice)
    assert counts(report, "credit_note") == {"updated": 1}
    (note,) = live_notes(practice, bill_id)
    assert note["CreditNoteNumber"] == f"CLIO-CN-{allocation_id}-2"
    assert note["Total"] == change.get("amount", 100)
    assert dated(note) == change.get("date", dated(note))
    assert practice.invoice(bill_id)["AmountCredited"] == note["Total"]
    assert [row["Status"] for row in practice.credit_notes(bill_id)].count("VOIDED") == 0  # the link names the new one
    voided = [row for row in practice._state("credit_notes") if row["CreditNoteNumber"] == f"CLIO-CN-{allocation_id}"]
    assert [row["Status"] for row in voided] == ["VOIDED"]


def test_another_set_of_tax_types_makes_the_note_anew(practice: Practice) -> None:
    bill_id = mixed(practice)
    allocation_id, _ = write_off(practice, bill_id, 100)
    clean(practice)
    second = sorted(row.id for row in practice.clio.data.lines_of(bill_id))[1]
    practice.clio.act("edit_bill", bill_id=bill_id, lines={"change": [{"id": second, "taxable": True}]})
    clean(practice)
    (note,) = live_notes(practice, bill_id)
    assert note["CreditNoteNumber"] == f"CLIO-CN-{allocation_id}-2"
    assert lines(note) == {"TAX001": Decimal("100.00")}


def test_the_same_set_of_tax_types_keeps_the_note(practice: Practice) -> None:
    bill_id = mixed(practice)
    allocation_id, _ = write_off(practice, bill_id, 100)
    clean(practice)
    (note,) = live_notes(practice, bill_id)
    reprice(practice, bill_id, 400)
    clean(practice)
    assert practice.invoice(bill_id)["Total"] == 613
    (after,) = live_notes(practice, bill_id)
    assert (after["CreditNoteID"], after["CreditNoteNumber"]) == (note["CreditNoteID"], f"CLIO-CN-{allocation_id}")
    assert practice.invoice(bill_id)["AmountCredited"] == 100


def test_taken_off_by_hand_in_xero_is_a_sync_error(practice: Practice) -> None:
    bill_id, allocation_id, _ = credited(practice)
    practice.xero.act("deallocate", credit_note=f"CLIO-CN-{allocation_id}", invoice=number(practice, bill_id))
    practice.clio.act("edit_bill", bill_id=bill_id, purchase_order="so that it is looked at")
    pay(practice, bill_id, 50)
    report = sync(practice)
    assert codes(report) == ["credit_taken_off"]
    assert error(practice, "credit_taken_off").remedy
    assert practice.invoice(bill_id)["AmountCredited"] == 0
    assert amounts(practice, bill_id) == [50]
    practice.xero.act("allocate_credit", credit_note=f"CLIO-CN-{allocation_id}", invoice=number(practice, bill_id))
    clean(practice)


def test_voided_by_hand_in_xero_is_a_sync_error(practice: Practice) -> None:
    bill_id, allocation_id, memo_id = credited(practice)
    practice.xero.act("deallocate", credit_note=f"CLIO-CN-{allocation_id}", invoice=number(practice, bill_id))
    practice.xero.act("void_credit_note", credit_note=f"CLIO-CN-{allocation_id}")
    pay(practice, bill_id, 50)
    assert codes(sync(practice)) == ["credit_taken_off"]
    assert live_notes(practice, bill_id) == []
    practice.clio.act("void_credit", memo_id=memo_id)
    clean(practice)


def test_a_note_whose_number_stands_without_a_link_is_linked_and_not_made_twice(practice: Practice) -> None:
    from_other = add_bill(practice)
    allocation_id, _ = write_off(practice, from_other, 100)
    practice.configure(credit_notes_account="")
    assert codes(sync(practice)) != []
    note = practice.xero.act(
        "add_credit_note",
        contact=practice.invoice(from_other)["Contact"]["ContactID"],
        CreditNoteNumber=f"CLIO-CN-{allocation_id}",
        LineAmountTypes="Inclusive",
        LineItems=[{"Description": "x", "Quantity": 1, "UnitAmount": "100", "AccountCode": "260", "TaxType": "NONE"}],
    )
    practice.configure()
    clean(practice)
    assert practice.link(allocation_id, "credit_note").xero_id == note["CreditNoteID"]
    assert practice.invoice(from_other)["AmountCredited"] == 100


def test_a_firm_without_a_credit_notes_account_is_told_so(practice: Practice) -> None:
    practice.configure(credit_notes_account="")
    bill_id = add_bill(practice)
    write_off(practice, bill_id, 100)
    report = sync(practice)
    (told,) = report["open_errors"]
    assert "redit" in told["message"]
    practice.configure()
    clean(practice)
    assert practice.invoice(bill_id)["AmountCredited"] == 100


def test_an_edited_credit_stays_while_it_cannot_be_made_anew(practice: Practice) -> None:
    bill_id = add_bill(practice)
    _, memo_id = write_off(practice, bill_id, 100)
    clean(practice)
    practice.configure(credit_notes_account="")
    practice.clio.act("edit_credit", memo_id=memo_id, amount=120)
    assert codes(sync(practice)) == ["account_missing"]
    assert [note["Total"] for note in live_notes(practice, bill_id)] == [100]
    assert practice.invoice(bill_id)["AmountDue"] == 400
    practice.configure()
    clean(practice)
    assert [note["Total"] for note in live_notes(practice, bill_id)] == [120]


def forget_credits(practice: Practice, bill_id: int) -> None:
    """Lose what ties the firm to its credit notes, as a restored backup does; the bill is planned again."""
    with firm_scope(practice.firm):
        Link.objects.filter(kind__in=("credit_note", "allocation")).delete()
        Snapshot.objects.filter(kind="bill", clio_id=bill_id).update(money_dirty=True)


def test_a_credit_note_of_ours_that_lost_its_link_is_linked_before_one_by_hand(practice: Practice) -> None:
    bill_id = add_bill(practice)
    allocation_id, memo_id = write_off(practice, bill_id, 100)
    clean(practice)
    (own,) = live_notes(practice, bill_id)
    theirs = credit_by_hand(practice, bill_id, 100, number="ADJ-1")
    forget_credits(practice, bill_id)
    clean(practice)
    assert practice.link(allocation_id, "credit_note").xero_id == own["CreditNoteID"]
    practice.clio.act("void_credit", memo_id=memo_id)
    clean(practice)
    (left,) = practice.invoice(bill_id)["CreditNotes"]
    assert left["CreditNoteID"] == theirs


def test_a_credit_note_of_ours_that_lost_its_link_is_brought_up_to_date(practice: Practice) -> None:
    bill_id = add_bill(practice)
    allocation_id, memo_id = write_off(practice, bill_id, 100)
    clean(practice)
    forget_credits(practice, bill_id)
    practice.clio.act("edit_credit", memo_id=memo_id, amount=120)
    clean(practice)
    clean(practice)
    (note,) = live_notes(practice, bill_id)
    assert (note["CreditNoteNumber"], note["Total"]) == (f"CLIO-CN-{allocation_id}-2", 120)
    assert practice.invoice(bill_id)["AmountDue"] == 380


@pytest.mark.parametrize("action", ["void_credit", "delete_credit"])
def test_a_credit_note_of_ours_that_lost_its_link_and_went_in_clio_goes(practice: Practice, action: str) -> None:
    bill_id, other = add_bill(practice), add_bill(practice)
    _, memo_id = write_off(practice, bill_id, 100)
    pay(practice, other, 100)
    clean(practice)
    forget_credits(practice, bill_id)
    practice.clio.act(action, memo_id=memo_id)
    clean(practice)
    clean(practice)
    assert practice.invoice(bill_id)["AmountDue"] == 500
