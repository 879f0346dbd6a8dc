"""How a Clio line's figures may be read. Clio documents neither what `total` includes nor when a discount is taken.

A reading turns a line's figures into the amount before its own discount and that discount, both before tax. One
reading holds for a whole bill; which one, only the bill's `due` can tell (C 4.8, C 16 (8)).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from syncengine.domain.money import ZERO, round_half_up
from syncengine.domain.records import BillRecord, Discount, LineRecord

HUNDRED: Final = Decimal(100)


def is_roll_up(*, line: LineRecord) -> bool:
    """Whether the line sums up others, so that counting it would count them twice (C 4.5)."""
    return line.type == "SummaryLineItem"


def is_free(*, line: LineRecord) -> bool:
    """Whether the line is shown but not charged; whatever figures it carries do not count (C 4.5)."""
    return line.type == "NoChargeLineItem"


def is_service(*, line: LineRecord) -> bool:
    """Whether the line is time rather than an expense."""
    return line.kind.casefold() == "service"


def is_eligible(*, bill: BillRecord, line: LineRecord) -> bool:
    """Whether the bill's discount reduces this line: every line, or services only where the bill says so."""
    return is_service(line=line) or not bill.discount_services_only


@dataclass(frozen=True, slots=True)
class SettledLine:
    """A line as the totals count it. `amount` is before tax and before the line's own `discount` (both ≥ cents)."""

    line: LineRecord
    amount: Decimal
    discount: Decimal

    @property
    def net(self) -> Decimal:
        """What the line adds to the bill before tax and before the bill's discount."""
        return self.amount - self.discount

    @property
    def text_only(self) -> bool:
        """Whether the line is only told, not charged."""
        return is_free(line=self.line)


def tax_of(*, line: LineRecord) -> Decimal:
    """Both taxes that Clio states on a line, in cents; nothing on a line that is not charged."""
    return ZERO if is_free(line=line) else round_half_up(line.tax) + round_half_up(line.secondary_tax)


def stated_discount(*, discount: Discount | None, base: Decimal) -> Decimal:
    """What a stated discount takes off a base: a percentage rounded half up, or money; never more than the base."""
    if discount is None or base <= 0:
        return ZERO
    if discount.type == "money":
        return min(round_half_up(discount.rate), base)
    return min(round_half_up(base * discount.rate / HUNDRED), base)


def _from_net(line: LineRecord, net: Decimal) -> SettledLine:
    """A line whose net is known. A stated discount is what is missing to `sub_total`, or to quantity × price."""
    before, priced = round_half_up(line.sub_total), round_half_up(line.quantity * line.price)
    if line.discount is None or not line.discount.rate:
        return SettledLine(line, net, ZERO)
    if before > net:
        return SettledLine(line, before, before - net)
    discount = stated_discount(discount=line.discount, base=priced)
    return SettledLine(line, priced, discount) if priced - discount == net else SettledLine(line, net, ZERO)


def _total_after_discount(line: LineRecord) -> SettledLine:
    return _from_net(line, round_half_up(line.total))


def _discount_still_to_take(line: LineRecord) -> SettledLine:
    before = round_half_up(line.sub_total)
    return SettledLine(line, before, stated_discount(discount=line.discount, base=before))


def _total_includes_tax(line: LineRecord) -> SettledLine:
    return _from_net(line, round_half_up(line.total) - tax_of(line=line))


def _sub_total_after_discount(line: LineRecord) -> SettledLine:
    return _from_net(line, round_half_up(line.sub_total))


#: In this order: the first reading with which the bill adds up is taken.
READINGS: Final[tuple[Callable[[LineRecord], SettledLine], ...]] = (
    _total_after_discount,
    _discount_still_to_take,
    _total_includes_tax,
    _sub_total_after_discount,
)


def read_lines(*, lines: Iterable[LineRecord], reading: Callable[[LineRecord], SettledLine]) -> tuple[SettledLine, ...]:
    """Read every line that is no roll-up in one way; lines that are not charged count nothing."""
    return tuple(
        SettledLine(line, ZERO, ZERO) if is_free(line=line) else reading(line)
        for line in lines
        if not is_roll_up(line=line)
    )
