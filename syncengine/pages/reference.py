"""What was last read of the Xero chart, the organisation and Clio's categories and taxes, in one query."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from syncengine.domain.chart import Chart, chart_from_payloads
from syncengine.models import ReferenceList

#: Older than this, the chart is read anew when one of the pages that choose from it is opened (BEHAVIOUR §3).
FRESH_FOR = timedelta(minutes=10)
_Name = ReferenceList.Name


@dataclass(frozen=True, slots=True)
class Category:
    """A Clio category and the code (or AccountID) that Clio itself holds for it."""

    kind: Literal["service", "expense"]
    id: int
    name: str
    xero_code: str


@dataclass(frozen=True, slots=True)
class ClioTax:
    """Clio's own rates (per cent) and what Clio calls them; None where Clio has none or did not tell."""

    primary: Decimal | None = None
    secondary: Decimal | None = None
    primary_name: str = ""
    secondary_name: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """The lists as last read; `refreshed_at` (UTC) is the oldest of them, None if one was never read."""

    chart: Chart
    clio_tax: ClioTax
    categories: tuple[Category, ...]
    refreshed_at: datetime | None


def read_reference() -> Reference:
    """Read the current firm's lists."""
    rows = {row.name: row for row in ReferenceList.objects.all()}
    payloads = {name: row.payload for name, row in rows.items()}
    return Reference(
        chart=chart_from_payloads(
            accounts=payloads.get(_Name.ACCOUNTS, ()), tax_rates=payloads.get(_Name.TAX_RATES, ())
        ),
        clio_tax=clio_tax_from(payloads.get(_Name.ORGANISATION, {}).get("clio_tax")),
        categories=tuple(
            Category(kind=row["kind"], id=row["id"], name=row["name"], xero_code=row.get("xero_code") or "")
            for row in payloads.get(_Name.CATEGORIES, ())
        ),
        refreshed_at=min(row.refreshed_at for row in rows.values()) if len(rows) == len(_Name) else None,
    )


def is_stale(*, now: datetime) -> bool:
    """Whether the current firm's chart is due to be read anew."""
    times = list(ReferenceList.objects.values_list("refreshed_at", flat=True))
    return len(times) < len(_Name) or min(times) < now - FRESH_FOR


def clio_tax_from(plain: Mapping[str, Any] | None) -> ClioTax:
    """Read Clio's rates from the plain values of the organisation's list; what is no number counts as not told."""
    plain = plain or {}
    names = plain.get("names")
    names = names if isinstance(names, Mapping) else {}
    return ClioTax(
        primary=_percentage(plain.get("primary")),
        secondary=_percentage(plain.get("secondary")),
        primary_name=str(names.get("primary") or ""),
        secondary_name=str(names.get("secondary") or ""),
    )


def _percentage(value: Any) -> Decimal | None:
    try:
        rate = Decimal(str(value))
    except InvalidOperation:
        return None
    return rate if rate.is_finite() and rate > 0 else None
