"""Tax on lines: Xero's own where it agrees with Clio's, stated where it does not."""

from collections.abc import Sequence
from decimal import Decimal

from syncengine.domain.documents import DocumentLine
from syncengine.domain.mapping.tax_amounts import settle_tax
from tests.unit.domain.makers import (
    GST,
    NO_TAX,
    PST,
    bill,
    blocked,
    document,
    expense,
    line,
    percent,
    rules,
    tax_rate,
)


def stated(lines: Sequence[tuple[str | None, str, bool]], total: str, *, gst: str = "5") -> list[str | None] | None:
    """Tax amounts of lines given as (amount, tax type, taxed in Clio)."""
    made = [
        DocumentLine(key=str(n), description="x", amount=None if amount is None else Decimal(amount), tax_type=tax)
        for n, (amount, tax, _) in enumerate(lines)
    ]
    found = settle_tax(
        lines=made,
        taxed=[taxed for _, _, taxed in lines],
        total_tax=Decimal(total),
        rates={GST: tax_rate(GST, gst), NO_TAX: tax_rate(NO_TAX, "0"), PST: tax_rate(PST, "7")},
    )
    return None if found is None else [None if one.tax_amount is None else str(one.tax_amount) for one in found]


def test_no_line_states_tax_where_xero_comes_to_clios() -> None:
    # Xero rounds per line: 3.76 + 3.84 + 3.84
    lines = [("25.06", GST, True), ("25.61", GST, True), ("25.63", GST, True)]
    assert stated(lines, "11.44", gst="15") == [None, None, None]


def test_every_taxed_line_states_tax_where_xero_would_differ() -> None:
    lines = [("25.06", GST, True), ("25.61", GST, True), ("25.63", GST, True), ("10.00", NO_TAX, False)]
    assert stated(lines, "11.45", gst="15") == ["3.76", "3.84", "3.85", None]


def test_a_difference_downwards_is_spread_too() -> None:
    assert stated([("10.00", GST, True), ("10.00", GST, True)], "0.91", gst="4.55") == ["0.45", "0.46"]


def test_several_cents_are_spread_in_proportion_to_the_lines_tax() -> None:
    # Xero: 5.00 + 10.00 + 35.00; 10 cents over are 1 : 2 : 7
    lines = [("100.00", GST, True), ("200.00", GST, True), ("700.00", GST, True)]
    assert stated(lines, "50.10") == ["5.01", "10.02", "35.07"]


def test_negative_lines_carry_negative_tax() -> None:
    # Xero: 5.00 − 0.50 = 4.50; Clio: 4.51
    assert stated([("100.00", GST, True), ("-10.00", GST, True)], "4.51") == ["5.01", "-0.50"]


def test_lines_that_cancel_out_still_settle() -> None:
    # Xero: 0.02 + 0.02 + 0.02 − 0.05 = 0.01; Clio: nothing
    lines = [("0.33", GST, True), ("0.33", GST, True), ("0.34", GST, True), ("-1.00", GST, True)]
    assert stated(lines, "0.00") == ["0.02", "0.02", "0.02", "-0.06"]


def test_a_line_that_only_xero_would_tax_states_none() -> None:
    assert stated([("100.00", GST, True), ("100.00", GST, False)], "5.00") == ["5.00", "0.00"]


def test_lines_of_two_rates_settle_together() -> None:
    # Xero: 5.00 + 7.00; one cent is 5 : 7
    assert stated([("100.00", GST, True), ("100.00", PST, True)], "12.01") == ["5.00", "7.01"]


def test_tax_that_xeros_rates_do_not_know_is_stated_by_amount() -> None:
    lines = [("100.00", NO_TAX, True), ("300.00", NO_TAX, True), ("50.00", NO_TAX, False)]
    assert stated(lines, "20.00") == ["5.00", "15.00", None]


def test_a_tax_type_that_is_not_known_makes_tax_stated() -> None:
    assert stated([("100.00", "GONE", True), ("50.00", NO_TAX, False)], "5.00") == ["5.00", None]


def test_an_untaxed_line_of_an_unknown_tax_type_states_none() -> None:
    assert stated([("100.00", GST, True), ("50.00", "GONE", False)], "5.00") == ["5.00", "0.00"]


def test_text_lines_state_no_tax() -> None:
    assert stated([("100.00", GST, True), (None, "", False)], "5.01") == ["5.01", None]


def test_tax_that_no_line_carries_cannot_be_settled() -> None:
    assert stated([("100.00", NO_TAX, False)], "5.00") is None
    assert stated([], "5.00") is None


def test_a_bill_without_tax_states_none() -> None:
    assert stated([("100.00", NO_TAX, False)], "0.00") == [None]


def test_a_bills_tax_after_discount_is_stated_only_if_xero_differs() -> None:
    # Clio: 5 % of 900.00. Xero: 50.00 − 5.00. The same.
    record = bill(due="945.00", tax_rate="5", total_tax="45.00", discount=percent("10"))
    made = document(record, [line(taxable=True, tax="45.00")])
    assert [one.tax_amount for one in made.lines] == [None, None]
    assert (made.total, made.total_tax) == (Decimal("945.00"), Decimal("45.00"))


def test_tax_on_the_bill_before_discount_is_stated() -> None:
    # Clio taxes 1,000.00 although 100.00 is taken off. Xero: 50.00 − 5.00; 5.00 over is 10 : 1.
    record = bill(due="950.00", tax_rate="5", total_tax="50.00", discount=percent("10"))
    made = document(record, [line(taxable=True, tax="50.00")])
    assert [str(one.tax_amount) for one in made.lines] == ["54.55", "-4.55"]


def test_a_mapped_rate_that_differs_from_clios_is_overruled_by_clios_tax() -> None:
    record = bill(due="1130.00", tax_rate="13", total_tax="130.00")
    made = document(record, [line(taxable=True, tax="130.00")])
    assert [str(one.tax_amount) for one in made.lines] == ["130.00"]


def test_a_bill_whose_tax_is_on_no_line_is_blocked() -> None:
    found = blocked(bill(due="1155.00", tax_rate="5", total_tax="5.00"), [line(), expense()])
    assert found.code == "tax_without_line"
    assert found.message == "The bill has tax of 5.00, but none of its lines is taxed"


def test_rounding_half_up_is_away_from_zero() -> None:
    # 0.05 × 10.10 = 0.505 → 0.51; −0.505 → −0.51
    assert stated([("10.10", GST, True), ("-10.10", GST, True)], "0.00") == [None, None]


def test_it_uses_the_rates_of_the_rules() -> None:
    record = bill(due="1150.00", tax_rate="15", total_tax="150.00")
    made = document(
        record,
        [line(taxable=True, tax="150.00")],
        rules=rules(tax_rates={GST: tax_rate(GST, "15"), NO_TAX: tax_rate(NO_TAX, "0")}),
    )
    assert made.lines[0].tax_amount is None
