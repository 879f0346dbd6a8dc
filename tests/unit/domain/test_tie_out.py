"""Both sides beside each other: what counts, what agrees, and what a difference says."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from syncengine.domain.documents import StandingCredit, StandingInvoice, StandingPayment
from syncengine.domain.money_records import AllocationRecord
from syncengine.domain.tie_out import Difference, Sides, Tie, TieOut, tie_out
from tests.unit.domain.makers import bill

BILL, PAID_BY = 9001, 8801


def allocation(allocation_id: int = PAID_BY, amount: str = "600.00", **changes: Any) -> AllocationRecord:
    values = {"parent_type": "Payment", "parent_id": 7000, "date": dt.date(2026, 5, 20), **changes}
    return AllocationRecord(id=allocation_id, bill_id=BILL, amount=Decimal(amount), **values)


def payment(payment_id: str = "p1", amount: str = "600.00") -> StandingPayment:
    return StandingPayment(payment_id, "i1", Decimal(amount), dt.date(2026, 5, 20))


def invoice(invoice_id: str = "i1", total: str = "1000.00", **changes: Any) -> StandingInvoice:
    paid = sum((one.amount for one in changes.get("payments", ())), Decimal(0))
    credited = sum((one.amount for one in changes.get("credits", ())), Decimal(0))
    values: dict[str, Any] = {
        "number": "1042", "status": "AUTHORISED", "contact_id": "c1", "contact_name": "Acme", "date": None,
        "due_date": None, "currency": "USD", "url": "", "reference": "", "amount_paid": paid,
        "amount_credited": credited, "amount_due": Decimal(total) - paid - credited, **changes,
    }  # fmt: skip
    return StandingInvoice(invoice_id=invoice_id, total=Decimal(total), **values)


def compared(invoices: tuple[StandingInvoice, ...] = (invoice(),), **changes: Any) -> TieOut:
    values: dict[str, Any] = {
        "bills": {BILL: bill(id=BILL, due="1000.00", paid="600.00", currency="USD")},
        "allocations": [],
        "main": {BILL: Tie("i1")},
        "payments": {},
        "credits": {},
        **changes,
    }
    return tie_out(sides=Sides(invoices={one.invoice_id: one for one in invoices}, **values))


def only(found: TieOut) -> Difference:
    (difference,) = found.differences
    return difference


def test_a_bill_and_its_invoice_of_the_same_total_agree() -> None:
    found = compared()

    assert found.differences == ()
    assert found.bills.clio.count == found.bills.xero.count == 1
    assert found.bills.clio.by_currency == found.bills.xero.by_currency == {"USD": Decimal("1000.00")}


def test_one_cent_is_a_difference() -> None:
    difference = only(compared((invoice(total="1000.01"),)))

    assert (difference.clio, difference.xero) == (Decimal("1000.00"), Decimal("1000.01"))
    assert difference.cause == "The totals differ."


def test_another_currency_is_a_difference_though_the_figures_are_the_same() -> None:
    assert only(compared((invoice(currency="CAD"),))).cause == "The currencies differ."


def test_a_voided_invoice_stands_for_nothing() -> None:
    found = compared((invoice(status="VOIDED"),))

    assert found.bills.xero.count == 0
    assert only(found).cause == "Its invoice was voided or deleted in Xero."


def test_the_reason_that_people_see_is_the_cause() -> None:
    found = compared((), main={BILL: Tie("", "The account 260 is archived in Xero.")})

    assert only(found).cause == "The account 260 is archived in Xero."


def test_an_invoice_whose_bill_left_the_scope_is_told_of() -> None:
    difference = only(compared(bills={}))

    assert (difference.clio, difference.xero, difference.number) == (None, Decimal("1000.00"), "1042")


def test_a_bill_out_of_range_and_its_invoice_count_on_neither_side() -> None:
    found = compared(bills={}, frozen=frozenset({BILL}))

    assert found.differences == ()
    assert found.bills.xero.count == 0


def test_invoices_for_later_interest_count_with_their_bill() -> None:
    found = compared((invoice(total="950.00"), invoice("i2", total="50.00")), interest={BILL: ["i2"]})

    assert found.differences == ()
    assert found.bills.xero.by_currency == {"USD": Decimal("1000.00")}


def test_interest_on_a_bill_of_its_own_counts_there() -> None:
    assert compared((invoice(total="950.00"),), interest_billed={BILL: Decimal("50.00")}).differences == ()


def test_a_payment_and_its_link_agree() -> None:
    found = compared(
        (invoice(payments=(payment(),)),), allocations=[allocation()], payments={PAID_BY: Tie("p1")}
    )  # fmt: skip

    assert found.differences == ()
    assert found.payments.clio.by_currency == found.payments.xero.by_currency == {"USD": Decimal("600.00")}


def test_a_payment_that_is_missing_in_xero_is_a_difference() -> None:
    difference = only(compared(allocations=[allocation()], payments={PAID_BY: Tie("p1")}))

    assert (difference.kind, difference.clio_id, difference.clio, difference.xero) == (
        "payment", PAID_BY, Decimal("600.00"), None,
    )  # fmt: skip
    assert difference.cause == "It was removed in Xero."


def test_a_payment_that_only_xero_has_is_a_difference() -> None:
    difference = only(compared((invoice(payments=(payment(),)),)))

    assert (difference.clio_id, difference.bill_id, difference.xero) == (None, BILL, Decimal("600.00"))
    assert difference.cause == "Entered in Xero; Clio knows of no such payment."


def test_a_payment_of_another_amount_is_a_difference() -> None:
    found = compared(
        (invoice(payments=(payment(amount="60.00"),)),), allocations=[allocation()], payments={PAID_BY: Tie("p1")}
    )

    assert only(found).cause == "The amounts differ."


def test_two_payments_that_swapped_their_links_are_two_differences() -> None:
    found = compared(
        (invoice(payments=(payment("p1", "600.00"), payment("p2", "100.00"))),),
        bills={BILL: bill(id=BILL, due="1000.00", paid="700.00", currency="USD")},
        allocations=[allocation(8801, "600.00"), allocation(8802, "100.00")],
        payments={8801: Tie("p2"), 8802: Tie("p1")},
    )

    assert len(found.differences) == 2
    assert found.payments.clio == found.payments.xero


@pytest.mark.parametrize("changes", [{"voided": True}, {"amount": "0.00"}])
def test_money_that_counts_for_nothing_is_not_asked_for(changes: dict[str, Any]) -> None:
    assert compared(allocations=[allocation(**changes)]).differences == ()


def test_a_payment_that_clio_lists_twice_counts_once() -> None:
    found = compared(
        (invoice(payments=(payment(),)),),
        allocations=[allocation(8801), allocation(8802)],
        payments={8801: Tie("p1")},
    )

    assert found.differences == ()
    assert found.payments.clio.count == 1


def test_where_payments_are_not_synced_they_are_counted_and_not_compared() -> None:
    found = compared(allocations=[allocation()], payments_matched=False)

    assert found.differences == ()
    assert found.payments.clio.count == 1
    assert found.payments.xero.count == 0


def test_an_unapproved_invoice_takes_no_payment_yet() -> None:
    found = compared((invoice(status="DRAFT"),), allocations=[allocation()])

    assert only(found).cause == "Its invoice is not approved in Xero yet."


def test_a_credit_counts_by_its_size_whichever_sign_clio_gives_it() -> None:
    note = StandingCredit("n1", "1042-CN-8900", Decimal("80.00"))
    found = compared(
        (invoice(credits=(note,)),),
        allocations=[allocation(8900, "-80.00", parent_type="CreditMemo")],
        credits={8900: Tie("n1")},
    )

    assert found.differences == ()
    assert found.credits.clio.by_currency == found.credits.xero.by_currency == {"USD": Decimal("80.00")}


def test_an_overpayment_that_xero_only_states_as_a_sum_is_told_of() -> None:
    difference = only(compared((invoice(amount_credited=Decimal("25.00")),)))

    assert (difference.kind, difference.xero) == ("credit_note", Decimal("25.00"))
    assert "overpayment" in difference.cause
