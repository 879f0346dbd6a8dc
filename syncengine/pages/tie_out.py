"""The page that proves that both sides agree: what the last full run found, and every difference with its cause."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Firm
from syncengine.models import FirmSync
from syncengine.pages.facts import read_facts
from syncengine.pages.ledger import Agreement, Ledger, LedgerRow, Side
from syncengine.pages.wording import sentence


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """One record that is not the same on both sides; amounts are in `currency`, None where nothing stands."""

    name: str
    kind_words: str
    clio: Decimal | None
    xero: Decimal | None
    currency: str
    cause: str
    record_url: str


@dataclass(frozen=True, slots=True)
class TieOutPage:
    """Everything that the page shows. `at` is None where both sides were never compared; `more` were not kept.

    `is_asked`: another comparison is to come; `is_reading`: its run is under way.
    """

    at: datetime | None
    is_asked: bool
    is_reading: bool
    ledgers: tuple[Ledger, ...]
    differences: tuple[DifferenceRow, ...]
    different: int
    more: int
    has_synced: bool
    open_errors: int


def build_tie_out(*, firm: Firm) -> TieOutPage:
    """Build the current firm's page: six queries."""
    facts = read_facts(firm)
    sync = FirmSync.objects.first()
    found: Mapping[str, Any] = (sync.tie_out if sync else None) or {}
    differences = tuple(_difference(one) for one in found.get("differences", ()))
    different = int(found.get("different", len(differences)))
    is_reading = bool(facts.open_run and facts.open_run.full)
    return TieOutPage(
        at=datetime.fromisoformat(found["at"]) if found else None,
        is_asked=bool(sync and sync.first_sync_done_at and (is_reading or sync.full_done_at is None)),
        is_reading=is_reading,
        ledgers=_ledgers(found),
        differences=differences,
        different=different,
        more=different - len(differences),
        has_synced=facts.first_sync_done_at is not None,
        open_errors=facts.open_errors,
    )


def _ledgers(found: Mapping[str, Any]) -> tuple[Ledger, ...]:
    kinds = [(kind, found[kind]["clio"], found[kind]["xero"]) for kind in _NAMES if kind in found]
    currencies = sorted({name for _kind, *sides in kinds for side in sides for name in side["by_currency"]})
    counted = len(currencies) == 1
    return tuple(
        Ledger(currency, (), tuple(_row(kind, clio, xero, currency, counted=counted) for kind, clio, xero in kinds))
        for currency in currencies
    )


_NAMES = ("bills", "payments", "credits")


def _row(kind: str, clio: Mapping[str, Any], xero: Mapping[str, Any], currency: str, *, counted: bool) -> LedgerRow:
    """One kind of document; counts are known for all currencies together, so they stand where there is but one."""
    sides = [
        Side(side["count"], Decimal(side["by_currency"].get(currency, "0.00")), words if counted else "")
        for side, words in ((clio, _clio_words(kind, clio["count"])), (xero, _xero_words(kind, xero["count"])))
    ]
    differ = sides[0].amount != sides[1].amount
    same = not differ and (not counted or clio["count"] == xero["count"])
    return LedgerRow(
        name={"bills": _("Billed"), "payments": _("Paid"), "credits": _("Credited")}[kind],
        clio=sides[0],
        xero=sides[1],
        agreement=Agreement.AGREE if same else Agreement.DIFFER,
        words="" if same else _("They differ by") if differ else _("The sums agree, the counts differ"),
        tells_difference=differ,
    )


def _clio_words(kind: str, count: int) -> str:
    if kind == "bills":
        return ngettext("%(n)s bill", "%(n)s bills", count) % {"n": f"{count:,}"}
    if kind == "payments":
        return ngettext("%(n)s payment", "%(n)s payments", count) % {"n": f"{count:,}"}
    return ngettext("%(n)s credit", "%(n)s credits", count) % {"n": f"{count:,}"}


def _xero_words(kind: str, count: int) -> str:
    if kind == "bills":
        return ngettext("%(n)s invoice", "%(n)s invoices", count) % {"n": f"{count:,}"}
    if kind == "payments":
        return ngettext("%(n)s payment", "%(n)s payments", count) % {"n": f"{count:,}"}
    return ngettext("%(n)s credit note", "%(n)s credit notes", count) % {"n": f"{count:,}"}


def _difference(one: Mapping[str, Any]) -> DifferenceRow:
    kinds = {"invoice": _("Bill"), "payment": _("Payment"), "credit_note": _("Credit")}
    amounts: Sequence[Decimal | None] = [None if one[side] is None else Decimal(one[side]) for side in ("clio", "xero")]
    return DifferenceRow(
        name=_("Bill %(number)s") % {"number": one["number"] or one["bill_id"]},
        kind_words=kinds.get(one["kind"], ""),
        clio=amounts[0],
        xero=amounts[1],
        currency=one["currency"],
        cause=sentence(one["cause"]),
        record_url=reverse("bill_record", args=[one["bill_id"]]),
    )
