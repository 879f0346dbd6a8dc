"""What a change touches: what of a sent invoice stays as it stands in Xero (BEHAVIOUR §5, "What a change touches").

A line whose Clio line did not change keeps the account, tax type and tracking it has in Xero; a changed line keeps
them unless its kind, category or tax changed. Everything else takes the present rules.

An update replaces the lines: a line that somebody added by hand in Xero, and a text or amount that somebody changed
there, go when the bill changes in Clio. Until then they stay, since an unchanged bill is not planned.

"Resync" is the way to have the present rules code a sent invoice anew: what a link remembers of its lines is marked
by `recoded`, and a marked line keeps only its id and its tracking, which no rule of ours decides.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any, Final

from syncengine.domain.documents import LinkedLine, StandingInvoice, StandingLine

_DISCOUNT_KEY: Final = "discount:"
#: In place of a line's coding: account and tax are to be decided anew, whatever stands in Xero.
_RECODE: Final = "resync"


def recoded(linked: Mapping[str, LinkedLine]) -> dict[str, LinkedLine]:
    """Mark what a link remembers of the lines sent, so that the present rules code all of them anew (Resync)."""
    return {key: replace(line, coding=_RECODE) for key, line in linked.items()}


@dataclass(frozen=True, slots=True)
class Kept:
    """What one line keeps; empty values are to be taken from the present rules."""

    line_item_id: str = ""
    account_code: str = ""
    tax_type: str = ""
    tracking: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """An invoice's lines as linked and as they stand. Without a standing invoice nothing is kept, no id either."""

    linked: Mapping[str, LinkedLine]
    lines: Mapping[str, StandingLine]

    @classmethod
    def of(cls, *, linked: Mapping[str, LinkedLine], standing: StandingInvoice | None) -> "Standing":
        """Join what a link remembers with what stands; without a live invoice what it remembers counts for nothing."""
        if standing is None:
            return cls({}, {})
        return cls(linked, {line.line_item_id: line for line in standing.lines})

    def line(self, *, key: str) -> StandingLine | None:
        """The line in Xero that carries this key, if it is still there."""
        linked = self.linked.get(key)
        return self.lines.get(linked.line_item_id) if linked else None

    def kept(self, *, key: str, record_digest: str, coding: str) -> Kept:
        """Say what a line keeps of what it has in Xero."""
        linked, line = self.linked.get(key), self.line(key=key)
        if linked is None or line is None:
            return Kept()
        if linked.coding == _RECODE:
            return Kept(line_item_id=line.line_item_id, tracking=line.tracking)
        same_line = linked.record_digest == record_digest and _tax_case(linked.coding) == _tax_case(coding)
        if not same_line and linked.coding != coding:
            return Kept(line_item_id=line.line_item_id)
        return Kept(line.line_item_id, line.account_code, line.tax_type, line.tracking)

    def discount_keys(self, *, codings: Sequence[str]) -> list[str]:
        """Give each negative line of the bill's discount its key: the one it was sent under, else the lowest free."""
        return _keys(codings, self.linked.items())


def _tax_case(coding: str) -> str:
    return coding.rpartition(":")[2]


def _keys(codings: Sequence[str], linked: Iterable[tuple[str, LinkedLine]]) -> list[str]:
    sent = {line.coding: key for key, line in linked if key.startswith(_DISCOUNT_KEY)}
    taken = {sent[coding] for coding in codings if coding in sent}
    free = (key for key in (f"{_DISCOUNT_KEY}{n}" for n in count()) if key not in taken)
    return [sent[coding] if coding in sent else next(free) for coding in codings]
