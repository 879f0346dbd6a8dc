"""How the stand-in Clio works out a bill: cases by hand, and the formulas over whole invented firms."""

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.firm.billing import Bill, Discount, Line
from sandbox.firm.figures import half_up, shares, work_out
from sandbox.firm.mix import Mix
from sandbox.firm.store import Store
from sandbox.firm_data import build_firm

NOW = datetime(2026, 5, 20, 13, 30, tzinfo=UTC)
AWKWARD = Mix(
    secondary_tax_bills=0.4,
    bill_discounts=0.5,
    interest_on_bills=0.3,
    interest_bills=0.2,
    no_charge_lines=0.2,
    summary_lines=0.3,
    line_discounts=0.4,
    vendorless=0.2,
)


def a_bill(**values: object) -> Bill:
    return Bill(
        id=1,
        created_at=NOW,
        updated_at=NOW,
        number="1",
        state="awaiting_payment",
        issued_at=date(2026, 5, 4),
        due_at=None,
        client_id=1,
        matter_ids=[1],
        user_id=1,
        currency_id=1,
        **values,  # type: ignore[arg-type]
    )


def a_line(line_id: int, price: int, quantity: int = 100, **values: object) -> Line:
    return Line(
        id=line_id,
        created_at=NOW,
        updated_at=NOW,
        **{  # type: ignore[arg-type]
            "type": "ActivityLineItem",
            "kind": "Service",
            "bill_id": 1,
            "date": date(2026, 5, 1),
            "description": "",
            "price": price,
            "quantity": quantity,
            "taxable": True,
            **values,
        },
    )


@pytest.mark.parametrize(
    ("top", "bottom", "rounded"), [(5, 2, 3), (-5, 2, -3), (7, 3, 2), (8, 3, 3), (0, 9, 0), (149, 100, 1)]
)
def test_halves_are_rounded_away_from_zero(top: int, bottom: int, rounded: int) -> None:
    assert half_up(top, bottom) == rounded


@pytest.mark.parametrize(
    ("amount", "weights", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (1, [50, 50], [1, 0]),
        (10, [999, 1], [10, 0]),
        (5, [], []),
        (5, [0, 0], [0, 0]),
    ],
)
def test_shares_go_by_largest_remainder(amount: int, weights: list[int], parts: list[int]) -> None:
    assert shares(amount, weights) == parts


def test_a_line_is_quantity_times_price_less_its_discount() -> None:
    line = a_line(1, price=28_735, quantity=133, discount=Discount(type="percentage", rate=10_000))
    bill = a_bill(tax_rate=13_000)
    work_out(bill, [line])
    assert (line.sub_total, line.total, line.tax) == (38_218, 34_396, 4_471)  # 382.1755, 38.22 off, 44.71
    assert (bill.sub_total, bill.total, bill.due, bill.balance) == (34_396, 38_867, 38_867, 38_867)


def test_a_bill_discount_lowers_the_base_of_the_tax() -> None:
    lines = [a_line(1, 10_000), a_line(2, 10_000), a_line(3, 10_000, taxable=False)]
    bill = a_bill(tax_rate=13_000, discount=Discount(type="money", rate=100))
    work_out(bill, lines)
    assert [line.tax for line in lines] == [1_296, 1_296, 0]  # 13 % of 99.66 and 99.67
    assert (bill.sub_total, bill.total_tax, bill.total, bill.due) == (30_000, 2_592, 32_592, 32_492)


def test_a_discount_on_services_spares_the_expenses() -> None:
    lines = [a_line(1, 10_000), a_line(2, 10_000, kind="Expense")]
    bill = a_bill(tax_rate=10_000, discount=Discount(type="percentage", rate=50_000), discount_services_only=True)
    work_out(bill, lines)
    assert [line.tax for line in lines] == [500, 1_000]
    assert (bill.services_sub_total, bill.total, bill.due) == (10_000, 21_500, 16_500)


def test_a_discount_never_exceeds_what_it_is_on() -> None:
    bill = a_bill(discount=Discount(type="money", rate=99_999))
    work_out(bill, [a_line(1, 5_000)])
    assert bill.due == 0


def test_no_charge_and_summary_lines_add_nothing() -> None:
    free = a_line(2, 9_000, type="NoChargeLineItem")
    summary = a_line(3, 0, type="SummaryLineItem", kind="Expense")
    bill = a_bill(tax_rate=13_000)
    work_out(bill, [a_line(1, 10_000, kind="Expense"), free, summary])
    assert (free.sub_total, free.total, free.tax) == (0, 0, 0)
    assert (summary.total, summary.tax) == (10_000, 1_300)
    assert (bill.sub_total, bill.total) == (10_000, 11_300)


def test_the_secondary_tax_is_on_the_same_base() -> None:
    bill = a_bill(tax_rate=13_000, secondary_tax_rate=7_000)
    work_out(bill, [a_line(1, 10_000, secondary_taxable=True), a_line(2, 10_000)])
    assert (bill.tax_sum, bill.secondary_tax_sum, bill.total) == (2_600, 700, 23_300)


def test_interest_is_in_the_total_and_the_balance() -> None:
    bill = a_bill(interest=250)
    work_out(bill, [a_line(1, 10_000)])
    assert (bill.sub_total, bill.total, bill.due, bill.balance) == (10_000, 10_250, 10_250, 10_250)


# The same formulas, written anew with exact fractions, over whole firms.


def rounded(value: Fraction) -> int:
    return int(value + Fraction(1, 2))


def off(base: int, discount: Discount | None) -> int:
    if discount is None:
        return 0
    wanted = rounded(Fraction(base * discount.rate, 100_000)) if discount.type == "percentage" else discount.rate
    return min(wanted, base)


def check_bill(store: Store, bill: Bill) -> None:
    lines = [line for line in store.lines_of(bill.id) if line.type != "SummaryLineItem"]
    for line in lines:
        gross = 0 if line.type == "NoChargeLineItem" else rounded(Fraction(line.quantity * line.price, 100))
        assert line.sub_total == gross
        assert line.total == gross - off(gross, line.discount)
    services = sum(line.total for line in lines if line.kind == "Service")
    assert bill.sub_total == sum(line.total for line in lines) + bill.trust_amount
    assert bill.services_sub_total == services
    assert bill.total_tax == sum(line.tax + line.secondary_tax for line in lines)
    assert bill.total == bill.sub_total + bill.total_tax + bill.interest
    assert bill.due == bill.total - off(services if bill.discount_services_only else bill.sub_total, bill.discount)
    assert bill.balance == bill.due - bill.paid - bill.credits_issued
    if bill.discount is None:
        for line in lines:
            tax = rounded(Fraction(line.total * bill.tax_rate, 100_000)) if line.taxable else 0
            assert line.tax == tax


def check_money(store: Store, bill: Bill) -> None:
    valid = [row for row in store.allocations_of(bill.id) if row.voided_at is None]
    assert bill.paid == sum(row.amount for row in valid if row.parent_type == "Payment")
    assert bill.credits_issued == sum(row.amount for row in valid if row.parent_type == "CreditMemo")
    assert all(bill.issued_at <= row.date <= NOW.date() for row in valid)
    if bill.state == "paid":
        assert bill.balance == 0
    if bill.state == "awaiting_payment" and bill.kind == "revenue_kind":
        assert bill.balance > 0


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), bills=st.integers(1, 60), mix=st.sampled_from([None, AWKWARD]))
def test_every_bill_of_every_firm_adds_up_to_the_cent(seed: int, bills: int, mix: Mix | None) -> None:
    store = build_firm(seed=seed, bills=bills, now=NOW, mix=mix)
    assert len(store.bills) == bills
    for bill in store.bills.all():
        check_bill(store, bill)
        check_money(store, bill)
