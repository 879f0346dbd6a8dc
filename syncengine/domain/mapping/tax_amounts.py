"""Line tax: stated only where Xero's own arithmetic would differ from Clio's (BEHAVIOUR §5, Tax; X 12.1, X 12.5)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from syncengine.domain.documents import DocumentLine
from syncengine.domain.mapping.readings import HUNDRED
from syncengine.domain.money import ZERO, from_cents, round_half_up, share_by_largest_remainder, to_cents
from syncengine.domain.rules import TaxRate

_SCALE: Final = Decimal(10) ** 8


def settle_tax(
    *, lines: Sequence[DocumentLine], taxed: Sequence[bool], total_tax: Decimal, rates: Mapping[str, TaxRate]
) -> tuple[DocumentLine, ...] | None:
    """Give the lines such that Xero's tax comes to `total_tax`; None if no line can carry what Clio charges.

    Xero rounds tax on every line and adds up. Where that gives Clio's tax, no line states any. Elsewhere every line
    that is taxed in either application states its own, and the cents between are spread in proportion to the tax on
    the lines by largest remainder. `taxed` says which lines Clio taxes; a line that only Xero's rate would tax states
    none. A tax type that is not among `rates` is unknown, and then tax is always stated.
    """
    own = [_own_tax(line, rates) for line in lines]
    known = all(line.tax_type in rates for line in lines if line.amount)
    if known and sum(own, ZERO) == total_tax:
        return tuple(replace(line, tax_amount=None) for line in lines)
    base = [tax if is_taxed else ZERO for tax, is_taxed in zip(own, taxed, strict=True)]
    weights = _weights(lines, taxed, rates)
    short = to_cents(total_tax - sum(base, ZERO))
    if short and not any(weights):
        return None
    spread = share_by_largest_remainder(cents=short, weights=weights) if short else [0] * len(lines)
    stated = [
        replace(line, tax_amount=tax + from_cents(cents) if carries else None)
        for line, tax, cents, carries in zip(lines, base, spread, _carriers(lines, taxed, rates), strict=True)
    ]
    return tuple(stated)


def _rate(line: DocumentLine, rates: Mapping[str, TaxRate]) -> Decimal:
    rate = rates.get(line.tax_type)
    return rate.effective_rate if rate else ZERO


def _own_tax(line: DocumentLine, rates: Mapping[str, TaxRate]) -> Decimal:
    return ZERO if line.amount is None else round_half_up(line.amount * _rate(line, rates) / HUNDRED)


def _carriers(lines: Sequence[DocumentLine], taxed: Sequence[bool], rates: Mapping[str, TaxRate]) -> list[bool]:
    """Say which lines state their tax: those that Clio taxes, and those that Xero would tax if nothing were said."""
    return [
        line.amount is not None and (is_taxed or _rate(line, rates) != 0 or line.tax_type not in rates)
        for line, is_taxed in zip(lines, taxed, strict=True)
    ]


def _weights(lines: Sequence[DocumentLine], taxed: Sequence[bool], rates: Mapping[str, TaxRate]) -> list[int]:
    """Weigh the lines that Clio taxes by their tax; by their amounts if Xero's rates put no tax on any of them."""
    amounts = [
        abs(line.amount) if is_taxed and line.amount else ZERO for line, is_taxed in zip(lines, taxed, strict=True)
    ]
    by_tax = [int(amount * _rate(line, rates) * _SCALE) for amount, line in zip(amounts, lines, strict=True)]
    return by_tax if any(by_tax) else [to_cents(amount) for amount in amounts]
