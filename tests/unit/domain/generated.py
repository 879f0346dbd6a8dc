"""A little generator of bills for properties, with arithmetic of its own in whole cents.

line sub_total = hours × price, rounded half up;  line total = sub_total − line discount
taxes on each line's total less its share of the bill's discount, rounded half up line by line
due = Σ line totals + Σ taxes + interest − bill discount;  balance = due − paid − credits
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from syncengine.domain.records import BillRecord, LineRecord
from tests.unit.domain.makers import bill, line, money, percent


def half_up(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)


def text(cents: int) -> str:
    return f"{Decimal(cents) / 100:.2f}"


@dataclass(frozen=True)
class GeneratedBill:
    record: BillRecord
    lines: tuple[LineRecord, ...]
    due_cents: int
    tax_cents: int


@dataclass(frozen=True)
class Drawn:
    """One line as drawn: hours in hundredths, price in cents, a discount in whole per cent."""

    service: bool
    category: int
    hours: int
    price: int
    off: int
    taxed: tuple[bool, bool]
    type: str

    @property
    def sub_total(self) -> int:
        return half_up(self.hours * self.price, 100) if self.type == "ActivityLineItem" else 0

    @property
    def total(self) -> int:
        return self.sub_total - half_up(self.sub_total * self.off, 100)


drawn_lines = st.builds(
    Drawn,
    service=st.booleans(),
    category=st.integers(61, 64),
    hours=st.integers(1, 900),
    price=st.integers(1, 60_000),
    off=st.sampled_from([0, 0, 0, 5, 10, 33, 100]),
    taxed=st.tuples(st.booleans(), st.booleans()),
    type=st.sampled_from(["ActivityLineItem"] * 5 + ["NoChargeLineItem", "SummaryLineItem"]),
)


def shares(amount: int, weights: list[int]) -> list[int]:
    """An amount in proportion, what rounding leaves over to the first ones; good enough for a base of tax."""
    whole = sum(weights)
    parts = [amount * weight // whole if whole else 0 for weight in weights]
    for i in range(amount - sum(parts) if whole else 0):
        parts[i % len(parts)] += 1
    return parts


@st.composite
def bills(draw: st.DrawFn, *, tax_rates: tuple[str, str] = ("5", "7"), discounted: bool = True) -> GeneratedBill:
    """Draw a bill that adds up, in one of the forms that Clio's figures may take."""
    drawn = draw(st.lists(drawn_lines, min_size=1, max_size=8))
    services_only, kind = (
        draw(st.booleans()),
        draw(st.sampled_from(["none", "percentage", "money"] if discounted else ["none"])),
    )
    rate = draw(st.sampled_from(["2.5", "10", "12.5", "100"]))
    interest = draw(st.sampled_from([0, 0, 1, 1250]))
    incl_tax = draw(st.booleans())
    counted = [one for one in drawn if one.type == "ActivityLineItem"]
    eligible = [one for one in counted if one.service or not services_only]
    base = sum(one.total for one in eligible)
    off = 0
    if kind == "percentage":
        off = half_up(base * int(Decimal(rate) * 10), 1000)
    elif kind == "money":
        off = draw(st.integers(0, base))
    taken = iter(shares(off, [one.total for one in eligible]))
    taxes = []
    for one in drawn:
        left = one.total - (next(taken) if one in eligible else 0) if one in counted else 0
        taxes.append([
            half_up(max(left, 0) * int(Decimal(per_cent) * 100), 10_000) if taxed else 0
            for per_cent, taxed in zip(tax_rates, one.taxed, strict=True)
        ])  # fmt: skip
    tax = sum(map(sum, taxes))
    due = sum(one.total for one in counted) + tax + interest - off
    paid = draw(st.integers(0, due))
    discount = {"none": None, "percentage": percent(rate), "money": money(text(off))}[kind]
    record = bill(
        tax_rate=tax_rates[0],
        secondary_tax_rate=tax_rates[1],
        total_tax=text(tax),
        interest_total=text(interest),
        due=text(due),
        paid=text(paid),
        balance=text(due - paid),
        discount=discount,
        discount_services_only=services_only,
    )
    lines = tuple(_record(n, one, taxes[n], include_tax=incl_tax) for n, one in enumerate(drawn))
    return GeneratedBill(record, lines, due, tax)


def _record(n: int, one: Drawn, taxes: list[int], *, include_tax: bool) -> LineRecord:
    total = one.total + (sum(taxes) if include_tax else 0)
    category: dict[str, Any] = {"service_category_id": one.category} if one.service else {"expense_category_id": 15}
    return line(
        1000 + n,
        kind="Service" if one.service else "Expense",
        type=one.type,
        quantity=text(one.hours),
        price=text(one.price),
        sub_total=text(one.sub_total),
        total=text(total),
        tax=text(taxes[0]),
        secondary_tax=text(taxes[1]),
        taxable=one.taxed[0],
        secondary_taxable=one.taxed[1],
        discount=percent(str(one.off)) if one.off else None,
        **category,
    )
