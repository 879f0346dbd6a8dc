"""The stand-in Xero's arithmetic, by value."""

from decimal import Decimal

import pytest

from sandbox.xero.lines import line_amount, line_tax, missing_part, totals


@pytest.mark.parametrize(
    ("quantity", "unit_amount", "expected"),
    [
        ("1.5", "200.00", "300.00"),
        ("0.3333", "100.00", "33.33"),
        ("3", "0.335", "1.01"),
        ("1", "0.005", "0.01"),
        ("1", "-0.005", "-0.01"),
        ("1", "-12.34", "-12.34"),
        ("0", "50.00", "0.00"),
    ],
)
def test_a_line_amount_is_quantity_times_price_rounded_half_away_from_zero(
    quantity: str, unit_amount: str, expected: str
) -> None:
    assert str(line_amount(Decimal(quantity), Decimal(unit_amount))) == expected


def test_a_discount_rate_is_a_percentage_and_a_discount_amount_is_money() -> None:
    assert line_amount(Decimal(2), Decimal(50), discount_rate=Decimal(10)) == Decimal("90.00")
    assert line_amount(Decimal(2), Decimal(50), discount_amount=Decimal("12.50")) == Decimal("87.50")


@pytest.mark.parametrize(
    ("amount", "percentage", "kind", "expected"),
    [
        ("25.06", "15", "Exclusive", "3.76"),
        ("25.61", "15", "Exclusive", "3.84"),
        ("25.63", "15", "Exclusive", "3.84"),
        ("89.00", "15", "Inclusive", "11.61"),
        ("113.00", "13", "Inclusive", "13.00"),
        ("300.19", "13", "Exclusive", "39.02"),
        ("-300.19", "13", "Exclusive", "-39.02"),
        ("100.00", "13", "NoTax", "0.00"),
        ("100.00", "0", "Inclusive", "0.00"),
    ],
)
def test_tax_is_rounded_on_each_line(amount: str, percentage: str, kind: str, expected: str) -> None:
    assert str(line_tax(Decimal(amount), Decimal(percentage), kind)) == expected


def test_the_tax_of_a_document_is_the_sum_of_its_lines_taxes_and_not_the_tax_of_the_sum() -> None:
    lines = [
        (Decimal("25.06"), Decimal("3.76")),
        (Decimal("25.61"), Decimal("3.84")),
        (Decimal("25.63"), Decimal("3.84")),
    ]
    added = totals(lines, "Exclusive")
    assert (added.subtotal, added.tax, added.total) == (Decimal("76.30"), Decimal("11.44"), Decimal("87.74"))


def test_inclusive_amounts_hold_their_tax() -> None:
    added = totals([(Decimal("89.00"), Decimal("11.61")), (Decimal("11.00"), Decimal("0.00"))], "Inclusive")
    assert (added.subtotal, added.tax, added.total) == (Decimal("88.39"), Decimal("11.61"), Decimal("100.00"))


@pytest.mark.parametrize(
    ("quantity", "unit_amount", "amount", "places", "expected"),
    [
        ("1", "0.1651", None, 2, ("1.0000", "0.17")),
        ("1", "0.1651", None, 4, ("1.0000", "0.1651")),
        (None, "25", None, 2, ("1.0000", "25.00")),
        (None, "25", "100", 2, ("4.0000", "25.00")),
        ("4", None, "100", 2, ("4.0000", "25.00")),
        (None, None, "100", 4, ("1.0000", "100.0000")),
        ("2", None, None, 2, ("2.0000", "0.00")),
    ],
)
def test_a_missing_quantity_or_price_is_worked_out_of_the_line_amount(
    quantity: str | None, unit_amount: str | None, amount: str | None, places: int, expected: tuple[str, str]
) -> None:
    given = [Decimal(text) if text is not None else None for text in (quantity, unit_amount, amount)]
    found = missing_part(given[0], given[1], given[2], places)
    assert tuple(map(Decimal, expected)) == found
