"""Bill numbers: changed, swapped, used again, taken by somebody else (BEHAVIOUR §5)."""

from typing import Any

import pytest

from tests.support.practice import Practice
from tests.support.stories import (  # noqa: F401
    add_bill,
    amounts,
    billed,
    clean,
    codes,
    counts,
    error,
    number,
    paid,
    pay,
    practice,
    reprice,
    state_of,
    sync,
    today,
    writes,
)


def renumber(practice: Practice, numbers: dict[int, str]) -> None:
    """Give bills other numbers in Clio."""
    for bill_id, name in numbers.items():
        practice.clio.act("edit_bill", bill_id=bill_id, number=name)


def invoice_by_hand(practice: Practice, name: str, **fields: Any) -> dict[str, Any]:
    """An invoice that somebody enters in Xero under a number."""
    fields.setdefault("contact", practice.xero.act("add_contact", Name="Quite Another")["ContactID"])
    line = {"Description": "By hand", "Quantity": 1, "UnitAmount": 500, "AccountCode": "200", "TaxType": "NONE"}
    return practice.xero.act("add_invoice", InvoiceNumber=name, **{"LineItems": [line], **fields})


def test_a_changed_number_is_changed_in_xero(practice: Practice) -> None:
    bill_id = billed(practice)
    renumber(practice, {bill_id: "2026/17 b"})
    assert counts(clean(practice), "invoice") == {"updated": 1}
    assert number(practice, bill_id) == "2026/17 b"


def test_three_bills_that_pass_their_numbers_round_all_arrive(practice: Practice) -> None:
    bills = [billed(practice) for _ in range(3)]
    former = [number(practice, one) for one in bills]
    renumber(practice, dict(zip(bills, former[1:] + former[:1], strict=True)))
    clean(practice)
    assert [number(practice, one) for one in bills] == former[1:] + former[:1]
    practice.xero.calls.reset()
    clean(practice)
    assert writes(practice) == []


def test_paid_bills_swap_their_numbers_in_place(practice: Practice) -> None:
    one, _ = paid(practice, 500)
    other, _ = paid(practice, 200)
    first, second = number(practice, one), number(practice, other)
    renumber(practice, {one: second, other: first})
    clean(practice)
    assert (number(practice, one), number(practice, other)) == (second, first)
    assert (amounts(practice, one), amounts(practice, other)) == ([500], [200])


def test_a_new_bill_takes_the_number_that_a_sent_one_gave_up(practice: Practice) -> None:
    bill_id = billed(practice)
    former = number(practice, bill_id)
    renumber(practice, {bill_id: "N-1"})
    fresh = add_bill(practice, number=former)
    clean(practice)
    assert (number(practice, bill_id), number(practice, fresh)) == ("N-1", former)


def test_a_number_that_our_voided_invoice_holds_is_extended_by_the_bills_id_with_a_notice(practice: Practice) -> None:
    bill_id = billed(practice)
    former = number(practice, bill_id)
    practice.clio.act("void_bill", bill_id=bill_id)
    clean(practice)
    fresh = add_bill(practice, number=former)
    clean(practice)
    assert number(practice, fresh) == f"{former}-{fresh}"
    assert former in state_of(practice, fresh)[1]
    practice.clio.act("edit_bill", bill_id=fresh, purchase_order="PO 9")
    clean(practice)
    assert number(practice, fresh) == f"{former}-{fresh}"


def test_a_bill_that_was_voided_and_is_wanted_again_goes_under_the_extended_number(practice: Practice) -> None:
    bill_id, _ = paid(practice, 200)
    former = number(practice, bill_id)
    practice.clio.act("void_bill", bill_id=bill_id)
    clean(practice)
    practice.clio.act("approve_bill", bill_id=bill_id)
    clean(practice)
    assert number(practice, bill_id) == f"{former}-{bill_id}"
    assert amounts(practice, bill_id) == [200]


def test_an_invoice_that_agrees_in_contact_date_currency_and_total_is_adopted_lines_and_all(practice: Practice) -> None:
    first = billed(practice)
    contact = practice.invoice(first)["Contact"]["ContactID"]
    theirs = invoice_by_hand(practice, "A-7", contact=contact, Date=today(practice))
    bill_id = add_bill(practice, number="A-7")
    assert counts(clean(practice), "invoice") == {"adopted": 1}
    assert practice.invoice(bill_id)["InvoiceID"] == theirs["InvoiceID"]
    assert practice.invoice(bill_id)["LineItems"][0]["Description"] == "By hand"


@pytest.mark.parametrize("differs", ["contact", "Date", "total"])
def test_one_that_differs_is_a_sync_error_with_remedies_and_stays_as_it_is(practice: Practice, differs: str) -> None:
    contact = practice.invoice(billed(practice))["Contact"]["ContactID"]
    fields: dict[str, Any] = {"contact": contact, "Date": today(practice)}
    if differs == "contact":
        del fields["contact"]
    elif differs == "Date":
        fields["Date"] = today(practice, -1)
    else:
        line = {"Description": "x", "Quantity": 1, "UnitAmount": "499.99", "AccountCode": "200", "TaxType": "NONE"}
        fields["LineItems"] = [line]
    theirs = invoice_by_hand(practice, "A-8", **fields)
    bill_id = add_bill(practice, number="A-8")
    pay(practice, bill_id, 100)
    assert codes(sync(practice)) == ["invoice_number_taken"]
    told = error(practice, "invoice_number_taken")
    assert "number" in told.remedy
    assert told.xero_messages == ["Invoice # must be unique."]
    (stays,) = [row for row in practice.invoices() if row["InvoiceID"] == theirs["InvoiceID"]]
    assert (stays["Total"], stays["AmountPaid"]) == (theirs["Total"], 0)
    renumber(practice, {bill_id: "A-9"})
    clean(practice)
    assert (number(practice, bill_id), amounts(practice, bill_id)) == ("A-9", [100])


def test_an_invoice_with_our_bills_address_is_adopted_and_brought_up_to_date(practice: Practice) -> None:
    bill_id, _ = paid(practice, 200)
    before = practice.invoice(bill_id)["InvoiceID"]
    practice.forget_links()
    reprice(practice, bill_id, 600)
    for _ in range(2):
        clean(practice)
    assert practice.invoice(bill_id)["InvoiceID"] == before
    assert practice.invoice(bill_id)["Total"] == 600
    assert amounts(practice, bill_id) == [200]


def test_a_voided_invoice_of_somebody_else_that_holds_the_number_is_a_sync_error(practice: Practice) -> None:
    theirs = invoice_by_hand(practice, "B-1")
    practice.xero.act("void_invoice", invoice=theirs["InvoiceID"])
    add_bill(practice, number="B-1")
    report = sync(practice)
    assert codes(report) in (["invoice_number_taken"], [])  # whether a voided invoice frees its number is not known


def test_a_renumbering_onto_somebody_elses_number_is_a_sync_error(practice: Practice) -> None:
    theirs = invoice_by_hand(practice, "C-1")
    bill_id, _ = paid(practice, 200)
    former = number(practice, bill_id)
    renumber(practice, {bill_id: "C-1"})
    assert codes(sync(practice)) == ["invoice_number_taken"]
    assert number(practice, bill_id) == former
    assert amounts(practice, bill_id) == [200]
    practice.xero.act("edit_invoice", invoice=theirs["InvoiceID"], InvoiceNumber="C-2")
    clean(practice, 16)
    assert number(practice, bill_id) == "C-1"


def test_a_number_that_a_blocked_bill_gave_up_is_taken_and_its_invoice_gets_the_new_one(practice: Practice) -> None:
    blocked, taker = billed(practice), billed(practice)
    former = number(practice, blocked)
    practice.clio.act("edit_bill", bill_id=blocked, number="9999")
    practice.clio.act("break_bill", bill_id=blocked)
    practice.clio.act("edit_bill", bill_id=taker, number=former)
    assert codes(sync(practice)) == ["totals_mismatch"]
    assert [number(practice, one) for one in (blocked, taker)] == ["9999", former]


def test_a_bill_under_an_extended_number_follows_clio_to_another_one(practice: Practice) -> None:
    bill_id = billed(practice)
    practice.clio.act("void_bill", bill_id=bill_id)
    clean(practice)
    practice.clio.act("approve_bill", bill_id=bill_id)
    clean(practice)
    assert number(practice, bill_id).endswith(f"-{bill_id}")
    practice.clio.act("edit_bill", bill_id=bill_id, number="7777")
    clean(practice)
    assert number(practice, bill_id) == "7777"
    assert state_of(practice, bill_id) == ("in_step", "")
    practice.clio.act("edit_bill", bill_id=bill_id, purchase_order="PO 1")
    clean(practice)
    assert number(practice, bill_id) == "7777"


def test_a_number_is_given_up_though_somebody_elses_invoice_holds_the_new_one(practice: Practice) -> None:
    giver, taker = billed(practice), billed(practice)
    former = number(practice, giver)
    invoice_by_hand(practice, "9999")
    renumber(practice, {giver: "9999", taker: former})
    assert codes(sync(practice)) == ["invoice_number_taken"]
    assert number(practice, taker) == former


def test_a_sent_bill_that_takes_the_number_of_a_voided_one_goes_under_it_with_its_id(practice: Practice) -> None:
    one, _ = paid(practice, 500)
    other = billed(practice)
    first, second = number(practice, one), number(practice, other)
    renumber(practice, {one: second, other: first})
    practice.clio.act("void_bill", bill_id=other)
    clean(practice)
    assert practice.invoice(other)["Status"] == "VOIDED"
    assert number(practice, one) == f"{second}-{one}"
    assert amounts(practice, one) == [500]
    assert "is held by a voided invoice" in state_of(practice, one)[1]
    practice.xero.calls.reset()
    clean(practice)
    assert writes(practice) == []
    renumber(practice, {one: "N-9"})
    clean(practice)
    assert number(practice, one) == "N-9"
