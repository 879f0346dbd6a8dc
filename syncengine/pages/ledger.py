"""Clio beside Xero: billed, paid, credited and outstanding on both sides, and where the bills stand (LOOK.md)."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from syncengine.domain.money import from_cents
from syncengine.models import Link

_GONE_IN_CLIO = ("void", "deleted")
_GONE_IN_XERO = ("VOIDED", "DELETED")
_STATE, _KIND = Link.State, Link.Kind
_BILLED = (_KIND.INVOICE, _KIND.INTEREST)
_ON_THE_WAY = (_STATE.NEW, _STATE.WAITING)
_LEFT_OUT = (_STATE.OUT_OF_RANGE, _STATE.NOT_SENT)


class Agreement(StrEnum):
    """How the two sides stand to each other: a solid, a broken or a dotted rule."""

    AGREE = "agree"
    DIFFER = "differ"
    ON_THE_WAY = "on_the_way"


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a row: how many documents, and their sum in the ledger's currency.

    `words` names the documents; None stands for bills or invoices, empty text for a figure that counts none.
    """

    count: int
    amount: Decimal
    words: str | None = None


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One row of both ledgers. `words` says what the rule between them shows.

    `tells_difference`: the amount by which they differ stands beside the words. `is_one_sided`: there is no figure of
    Xero's to show, not even zero.
    """

    name: str
    clio: Side
    xero: Side
    agreement: Agreement
    words: str
    tells_difference: bool = False
    is_one_sided: bool = False

    @property
    def difference(self) -> Decimal:
        """By how much they differ; of what is on its way Clio's sum less Xero's."""
        found = self.clio.amount - self.xero.amount
        return abs(found) if self.agreement is Agreement.DIFFER else found

    @property
    def xero_shown(self) -> Side | None:
        """Xero's side, where there is one to show."""
        return None if self.is_one_sided else self.xero


@dataclass(frozen=True, slots=True)
class Ledger:
    """Both ledgers in one currency: the money, then where the bills stand."""

    currency: str
    rows: tuple[LedgerRow, ...]
    money: tuple[LedgerRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Total:
    """Documents of one kind, state and currency, as the database adds them up; amounts in minor units.

    `sent_count` and `sent_minor` are Clio's figures of those that stand in Xero.
    """

    state: str
    currency: str
    clio_count: int
    clio_minor: int
    xero_count: int
    xero_minor: int
    kind: str = Link.Kind.INVOICE.value
    sent_count: int = 0
    sent_minor: int = 0


def read_totals() -> list[Total]:
    """Add up the current firm's documents in one query. What is void on a side does not count on that side."""
    in_clio = ~Q(clio_state__in=_GONE_IN_CLIO)
    in_xero = Q(xero_id__isnull=False) & ~Q(xero_status__in=_GONE_IN_XERO)
    rows = (
        Link.objects.filter(kind__in=(*_BILLED, _KIND.PAYMENT, _KIND.CREDIT_NOTE))
        .order_by()
        .values("kind", "state", "currency")
        .annotate(
            clio_count=Count("pk", filter=in_clio),
            clio_minor=Sum("amount_minor", filter=in_clio, default=0),
            xero_count=Count("pk", filter=in_xero),
            xero_minor=Sum("xero_amount_minor", filter=in_xero, default=0),
            sent_count=Count("pk", filter=in_clio & in_xero),
            sent_minor=Sum("amount_minor", filter=in_clio & in_xero, default=0),
        )
    )
    return [Total(**row) for row in rows]


def build_ledgers(totals: Iterable[Total]) -> tuple[Ledger, ...]:
    """Set both sides beside each other; bills that are not to be synced and were never sent stand in neither."""
    by_currency: dict[str, list[Total]] = {}
    for total in totals:
        if total.clio_count or total.xero_count:
            by_currency.setdefault(total.currency, []).append(total)
    ledgers = (
        _ledger(currency, tuple(_rows([one for one in found if one.kind == _KIND.INVOICE])), tuple(_money(found)))
        for currency, found in sorted(by_currency.items())
    )
    return tuple(ledger for ledger in ledgers if ledger.rows or ledger.money)


def _ledger(currency: str, rows: tuple[LedgerRow, ...], money: tuple[LedgerRow, ...]) -> Ledger:
    """Where all bills stand alike and nothing but bills is synced, one row says it all."""
    return Ledger(currency, rows, () if len(rows) == len(money) == 1 else money)


# Money ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Sums:
    """One kind of money on both sides, in minor units; `coming` is what is on its way, of Clio's less Xero's."""

    clio_count: int = 0
    clio_minor: int = 0
    xero_count: int = 0
    xero_minor: int = 0
    coming: int = 0

    @classmethod
    def of(cls, totals: Iterable[Total]) -> "_Sums":
        """Add up; what is not to be synced any more counts as far as it was sent."""
        found = list(totals)
        left_out = [one for one in found if one.state in _LEFT_OUT]
        counted = [one for one in found if one.state not in _LEFT_OUT]
        coming = [one for one in counted if one.state in _ON_THE_WAY]
        return cls(
            sum(one.clio_count for one in counted) + sum(one.sent_count for one in left_out),
            sum(one.clio_minor for one in counted) + sum(one.sent_minor for one in left_out),
            sum(one.xero_count for one in found),
            sum(one.xero_minor for one in found),
            sum(one.clio_minor - one.xero_minor for one in coming),
        )

    def less(self, *others: "_Sums") -> "_Sums":
        """What is left of this, by amount."""
        return _Sums(
            clio_minor=self.clio_minor - sum(one.clio_minor for one in others),
            xero_minor=self.xero_minor - sum(one.xero_minor for one in others),
            coming=self.coming - sum(one.coming for one in others),
        )


def _money(totals: list[Total]) -> Iterator[LedgerRow]:
    """Billed; and paid, credited and outstanding where payments or credits are synced."""
    billed = _Sums.of(one for one in totals if one.kind in _BILLED)
    paid = _Sums.of(one for one in totals if one.kind == _KIND.PAYMENT)
    credited = _Sums.of(one for one in totals if one.kind == _KIND.CREDIT_NOTE)
    if billed.clio_count or billed.xero_count:
        yield _money_row(_("Billed"), billed, None)
    if not (paid.clio_count or paid.xero_count or credited.clio_count or credited.xero_count):
        return
    yield _money_row(_("Paid"), paid, lambda n: ngettext("%(n)s payment", "%(n)s payments", n))
    yield _money_row(_("Credited"), credited, lambda n: ngettext("%(n)s credit", "%(n)s credits", n))
    yield _money_row(_("Outstanding"), billed.less(paid, credited), lambda _n: "")


def _money_row(name: str, sums: _Sums, name_them: Callable[[int], str] | None) -> LedgerRow:
    def side(count: int, minor: int) -> Side:
        words = name_them(count) % {"n": f"{count:,}"} if name_them else None
        return Side(count, from_cents(minor), words)

    clio, xero = side(sums.clio_count, sums.clio_minor), side(sums.xero_count, sums.xero_minor)
    difference = sums.clio_minor - sums.xero_minor
    if not difference:
        agrees = sums.clio_count == sums.xero_count
        words = _("Clio and Xero agree") if agrees else _("The sums agree, the counts differ")
        return LedgerRow(name, clio, xero, Agreement.AGREE if agrees else Agreement.DIFFER, words)
    if difference == sums.coming:
        return LedgerRow(name, clio, xero, Agreement.ON_THE_WAY, _("On its way:"), tells_difference=True)
    return LedgerRow(name, clio, xero, Agreement.DIFFER, _("They differ by"), tells_difference=True)


# Where the bills stand ------------------------------------------------------------------------------------------------


def _rows(totals: list[Total]) -> Iterable[LedgerRow]:
    in_step = _sides(totals, (_STATE.IN_STEP,))
    if in_step:
        agree = in_step[0] == in_step[1]
        words = _("Clio and Xero agree") if agree else _("Clio and Xero differ")
        yield LedgerRow(_("In step"), *in_step, Agreement.AGREE if agree else Agreement.DIFFER, words)
    under_way = _sides(totals, _ON_THE_WAY)
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
