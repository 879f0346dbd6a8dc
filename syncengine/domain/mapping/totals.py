"""A bill's arithmetic: the one place that says whether Clio's figures add up, and to what (BEHAVIOUR §5, Totals).

    Σ line amounts − Σ line discounts − bill discount + interest + tax = due
    balance = due − paid − credits_issued

Clio documents no formula (C 3.7, C 4.8, C 16 (8)), so several are tried; the first that gives `due` to the cent is
taken. The order, outermost first, is:

1. the bill's discount exactly as stated; then, for a percentage only, one cent beside it;
2. interest: `due` holds it, as the formula says; then, that it holds none. Outside the readings, since interest that
   happens to be as much as tax or a discount would else be taken for that;
3. the four readings of the lines: `total` is after the line's discount; `sub_total` still has the discount to come;
   `total` includes tax; `sub_total` is after the discount already (mapping/readings.py);
4. the bill's `total_tax`; then the sum of the lines' taxes, if they have any;
5. of interest that `due` holds: all of it; all but what bills of their own carry.

A percentage discount is tried on the lines before tax and on the lines with tax. Roll-up lines never count and lines
without charge count nothing.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from syncengine.domain.mapping.readings import (
    HUNDRED,
    READINGS,
    SettledLine,
    is_eligible,
    is_free,
    is_roll_up,
    read_lines,
    stated_discount,
    tax_of,
)
from syncengine.domain.money import CENT, ZERO, round_half_up
from syncengine.domain.records import BillRecord, LineRecord

#: Interest that `due` holds, and interest that belongs on this bill's invoice.
_Interest = tuple[Decimal, Decimal]


@dataclass(frozen=True, slots=True)
class Settled:
    """Figures that add up: Σ net of lines − bill_discount + interest + total_tax == total, to the cent.

    `total` is Clio's `due`, less interest that a bill of its own carries: that comes to Xero with that bill.
    """

    lines: tuple[SettledLine, ...]
    bill_discount: Decimal
    interest: Decimal
    total_tax: Decimal
    total: Decimal


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Figures that do not add up, under names that a person can compare with the bill in Clio."""

    message: str
    figures: Mapping[str, str]


def settle_totals(
    *, bill: BillRecord, lines: Sequence[LineRecord], interest_billed: Decimal = ZERO
) -> Settled | Mismatch:
    """Find how Clio's figures of one bill add up.

    `interest_billed` is the interest on this bill that bills of their own carry, in the bill's currency: it is never
    counted here as well, whether or not Clio still holds it in `due` (BEHAVIOUR §5, Interest).
    """
    if bill.balance != bill.due - bill.paid - bill.credits_issued:
        return _mismatch("The bill's balance is not what is due less payments and credits", bill, lines)
    for cent_off, interests in itertools.product((False, True), _interests(bill, interest_billed)):
        for reading in READINGS:
            read = read_lines(lines=lines, reading=reading)
            settled = _settle(bill, read, interests, cent_off=cent_off)
            if settled is not None:
                return settled
    return _mismatch("The bill's lines do not add up", bill, lines)


def _settle(
    bill: BillRecord, read: tuple[SettledLine, ...], interests: Sequence[_Interest], *, cent_off: bool
) -> Settled | None:
    net = sum((line.net for line in read), ZERO)
    for tax, (held, own) in itertools.product(_taxes(bill, read), interests):
        # What the discount must be for the bill to add up; taken only if the stated discount explains it.
        needed = net + tax + held - bill.due
        if needed == ZERO and not _has_discount(bill):
            return Settled(read, ZERO, own, tax, bill.due - held + own)
        stated = set(_discounts(bill, read, tax))
        if cent_off:
            stated = {one + step for one in stated if _is_percentage(bill) and one > 0 for step in (CENT, -CENT)}
        if needed in stated and needed >= 0:
            return Settled(read, needed, own, tax, bill.due - held + own)
    return None


def _has_discount(bill: BillRecord) -> bool:
    return bill.discount is not None and bill.discount.rate != 0


def _is_percentage(bill: BillRecord) -> bool:
    return bill.discount is not None and bill.discount.type == "percentage"


def _taxes(bill: BillRecord, read: tuple[SettledLine, ...]) -> tuple[Decimal, ...]:
    of_lines = sum((tax_of(line=one.line) for one in read), ZERO)
    of_bill = round_half_up(bill.total_tax)
    # Lines without any tax say nothing against a bill that states some: they never make its tax disappear.
    return (of_bill,) if of_lines in {of_bill, ZERO} else (of_bill, of_lines)


def _interests(bill: BillRecord, interest_billed: Decimal) -> Iterator[Sequence[_Interest]]:
    """Yield what `due` may hold of the interest: first what the formula says, then none."""
    interest = round_half_up(bill.interest_total)
    own = max(interest - interest_billed, ZERO)
    yield [(interest, own)] if own == interest else [(interest, own), (own, own)]
    if ZERO not in {interest, own}:
        yield [(ZERO, ZERO)]


def _discounts(bill: BillRecord, read: tuple[SettledLine, ...], tax: Decimal) -> Iterator[Decimal]:
    """Yield what the bill's stated discount may come to."""
    eligible = [one for one in read if is_eligible(bill=bill, line=one.line)]
    base = sum((one.net for one in eligible), ZERO)
    exact = stated_discount(discount=bill.discount, base=base)
    yield exact
    if bill.discount is not None and _is_percentage(bill) and exact > 0:
        eligible_tax = sum((tax_of(line=one.line) for one in eligible), ZERO) if bill.discount_services_only else tax
        yield min(round_half_up((base + eligible_tax) * bill.discount.rate / HUNDRED), base)


def _mismatch(message: str, bill: BillRecord, lines: Sequence[LineRecord]) -> Mismatch:
    counted = [line for line in lines if not is_roll_up(line=line) and not is_free(line=line)]
    discount = bill.discount
    stated = "none" if discount is None else f"{discount.rate:f}{' %' if discount.type == 'percentage' else ''}"
    amounts = {
        "lines before discount": sum((line.sub_total for line in counted), ZERO),
        "lines": sum((line.total for line in counted), ZERO),
        "tax on lines": sum((line.tax + line.secondary_tax for line in counted), ZERO),
        "sub-total": bill.sub_total,
        "tax": bill.total_tax,
        "interest": bill.interest_total,
        "total": bill.total,
        "due": bill.due,
        "paid": bill.paid,
        "credits": bill.credits_issued,
        "balance": bill.balance,
    }
    figures = {name: f"{amount:f}" for name, amount in amounts.items()}
    return Mismatch(message, {**figures, "bill discount": stated})
