"""The arithmetic of lines: quantity times price, discount, tax, totals (X 12). Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from sandbox.xero.values import ZERO, rounded

HUNDRED = Decimal(100)
ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Totals:
    """What a document adds up to, to the cent."""

    subtotal: Decimal
    tax: Decimal
    total: Decimal


def line_amount(
    quantity: Decimal,
    unit_amount: Decimal,
    *,
    discount_rate: Decimal | None = None,
    discount_amount: Decimal | None = None,
) -> Decimal:
    """Quantity times price less the discount (a percentage or an amount), rounded half up to the cent."""
    amount = quantity * unit_amount
    if discount_rate:
        amount = amount * (HUNDRED - discount_rate) / HUNDRED
    elif discount_amount:
        amount -= discount_amount
    return rounded(amount)


def missing_part(
    quantity: Decimal | None, unit_amount: Decimal | None, amount: Decimal | None, places: int
) -> tuple[Decimal, Decimal]:
    """Quantity and price (to `places` decimals, X 12.2) where one of them is left out and the line amount tells it."""
    if unit_amount is not None:
        unit_amount = rounded(unit_amount, places)
        if quantity is None:
            quantity = ONE if amount is None or not unit_amount else amount / unit_amount
    else:
        quantity = ONE if quantity is None else quantity
        unit_amount = ZERO if amount is None or not quantity else rounded(amount / quantity, places)
    return rounded(quantity, 4), unit_amount


def line_tax(amount: Decimal, percentage: Decimal, amount_types: str) -> Decimal:
    """The tax of one line, rounded half up to the cent (X 12.1, 12.3)."""
    if amount_types == "NoTax":
        return ZERO
    if amount_types == "Inclusive":
        return rounded(amount * percentage / (HUNDRED + percentage))
    return rounded(amount * percentage / HUNDRED)


def totals(lines: Iterable[tuple[Decimal, Decimal]], amount_types: str) -> Totals:
    """Add up lines given as (line amount, tax)."""
    amounts = tax = ZERO
    for amount, its_tax in lines:
        amounts += amount
        tax += its_tax
    if amount_types == "Inclusive":
        return Totals(subtotal=amounts - tax, tax=tax, total=amounts)
    return Totals(subtotal=amounts, tax=tax, total=amounts + tax)
