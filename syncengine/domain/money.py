"""Decimal helpers. Amounts are Decimal with two places in one currency; minor units are integer cents."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
ZERO = Decimal("0.00")


def to_cents(amount: Decimal) -> int:
    """Give an amount as integer minor units; raises ValueError if it holds fractions of a cent."""
    scaled = amount.scaleb(2)
    cents = int(scaled)
    if cents != scaled:
        raise ValueError(f"{amount} holds fractions of a cent")
    return cents


def from_cents(cents: int) -> Decimal:
    """Give integer minor units as a Decimal of two places."""
    return Decimal(cents).scaleb(-2)


def round_half_up(amount: Decimal) -> Decimal:
    """Round to two places, halves away from zero, as Xero rounds line amounts and line tax (X 12.1)."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def share_by_largest_remainder(*, cents: int, weights: Sequence[int]) -> list[int]:
    """Split `cents` in proportion to non-negative `weights` so that the parts add up exactly.

    The cents that rounding leaves over go to the largest remainders, the earlier part first on a tie. A negative
    total is split like its positive twin. With weights that are all zero everything goes to the first part.

    Raises:
        ValueError: there are no weights to share by, or a weight is negative.
    """
    if not weights:
        raise ValueError("an amount can be shared only among at least one part")
    if min(weights) < 0:
        raise ValueError("weights must not be negative")
    whole = sum(weights)
    if whole == 0:
        return [cents, *([0] * (len(weights) - 1))]
    sign = -1 if cents < 0 else 1
    amount = abs(cents)
    parts = [amount * weight // whole for weight in weights]
    remainders = sorted(range(len(weights)), key=lambda i: (-(amount * weights[i] % whole), i))
    for i in remainders[: amount - sum(parts)]:
        parts[i] += 1
    return [sign * part for part in parts]
