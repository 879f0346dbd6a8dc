"""Clio beside Xero: counts and sums of bills on both sides, a currency at a time (LOOK.md, the motif)."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from syncengine.domain.money import from_cents
from syncengine.models import Link

_GONE_IN_CLIO = ("void", "deleted")
_GONE_IN_XERO = ("VOIDED", "DELETED")
_STATE = Link.State


class Agreement(StrEnum):
    """How the two sides stand to each other: a solid, a broken or a dotted rule."""

    AGREE = "agree"
    DIFFER = "differ"
    ON_THE_WAY = "on_the_way"


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a row: how many documents, and their sum in the ledger's currency."""

    count: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One row of both ledgers. `difference` is Clio less Xero; `words` says what the rule between them shows."""

    name: str
    clio: Side
    xero: Side
    agreement: Agreement
    words: str

    @property
    def difference(self) -> Decimal:
        """Clio's sum less Xero's."""
        return self.clio.amount - self.xero.amount


@dataclass(frozen=True, slots=True)
class Ledger:
    """Both ledgers in one currency."""

    currency: str
    rows: tuple[LedgerRow, ...]


@dataclass(frozen=True, slots=True)
class Total:
    """Bills of one state and currency, as the database adds them up; amounts in minor units."""

    state: str
    currency: str
    clio_count: int
    clio_minor: int
    xero_count: int
    xero_minor: int


def read_totals() -> list[Total]:
    """Add up the current firm's bills in one query. What is void on a side does not count on that side."""
    in_clio = ~Q(clio_state__in=_GONE_IN_CLIO)
    in_xero = Q(xero_id__isnull=False) & ~Q(xero_status__in=_GONE_IN_XERO)
    rows = (
        Link.objects.filter(kind=Link.Kind.INVOICE)
        .order_by()
        .values("state", "currency")
        .annotate(
            clio_count=Count("pk", filter=in_clio),
            clio_minor=Sum("amount_minor", filter=in_clio, default=0),
            xero_count=Count("pk", filter=in_xero),
            xero_minor=Sum("xero_amount_minor", filter=in_xero, default=0),
        )
    )
    return [Total(**row) for row in rows]


def build_ledgers(totals: Iterable[Total]) -> tuple[Ledger, ...]:
    """Set both sides beside each other; bills that are not to be synced stand in neither."""
    by_currency: dict[str, list[Total]] = {}
    for total in totals:
        if total.clio_count or total.xero_count:
            by_currency.setdefault(total.currency, []).append(total)
    ledgers = (Ledger(currency, tuple(_rows(of_currency))) for currency, of_currency in sorted(by_currency.items()))
    return tuple(ledger for ledger in ledgers if ledger.rows)


def _rows(totals: list[Total]) -> Iterable[LedgerRow]:
    in_step = _sides(totals, (_STATE.IN_STEP,))
    if in_step:
        agree = in_step[0] == in_step[1]
        words = _("Clio and Xero agree") if agree else _("Clio and Xero differ")
        yield LedgerRow(_("In step"), *in_step, Agreement.AGREE if agree else Agreement.DIFFER, words)
    under_way = _sides(totals, (_STATE.NEW, _STATE.WAITING))
    if under_way:
        yield LedgerRow(_("On the way"), *under_way, Agreement.ON_THE_WAY, _("Follows by itself"))
    held_up = _sides(totals, (_STATE.BLOCKED, _STATE.REFUSED))
    if held_up:
        yield LedgerRow(_("Held up"), *held_up, Agreement.DIFFER, _("Needs somebody"))
    ignored = _sides(totals, (_STATE.IGNORED,))
    if ignored:
        yield LedgerRow(_("Ignored"), *ignored, Agreement.DIFFER, _("Somebody decided to leave it"))


def _sides(totals: Iterable[Total], states: tuple[str, ...]) -> tuple[Side, Side] | None:
    chosen = [total for total in totals if total.state in states]
    if not chosen:
        return None
    clio = Side(sum(one.clio_count for one in chosen), from_cents(sum(one.clio_minor for one in chosen)))
    xero = Side(sum(one.xero_count for one in chosen), from_cents(sum(one.xero_minor for one in chosen)))
    return clio, xero
