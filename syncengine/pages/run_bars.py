"""Runs of thirty days as small bars: a day's height is what was sent, a mark tells of trouble; drawn by the server."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from syncengine.models import Run

DAYS = 30
WIDTH, HEIGHT = 640, 72
_BASE, _TOP = HEIGHT - 4, 14
_LEAST = 2.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One day: figures, and the bar in the picture's units, as SVG writes numbers."""

    day: date
    runs: int
    sent: int
    failed: int
    with_errors: int
    x: str
    y: str
    width: str
    height: str
    middle: str

    @property
    def is_troubled(self) -> bool:
        """Whether a run of the day failed."""
        return bool(self.failed)

    @property
    def words(self) -> str:
        """How the day's runs ended."""
        if self.failed:
            return ngettext("%(n)s run failed", "%(n)s runs failed", self.failed) % {"n": self.failed}
        if self.with_errors:
            return _("with problems that need somebody")
        return _("clean") if self.runs else _("no run")


@dataclass(frozen=True, slots=True)
class RunBars:
    """The picture and the same in words."""

    width: int
    height: int
    bars: tuple[Bar, ...]
    words: str
    most: int


def read_days(*, zone: str, now: datetime) -> list[dict[str, Any]]:
    """Add up the current firm's runs by the firm's days, in one query."""
    inside = ZoneInfo(zone)
    first = (now.astimezone(inside) - timedelta(days=DAYS - 1)).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = (
        Run.objects.filter(started_at__gte=first)
        .order_by()
        .annotate(day=TruncDate("started_at", tzinfo=inside))
        .values("day")
        .annotate(
            runs=Count("pk"),
            failed=Count("pk", filter=Q(state=Run.State.FAILED)),
            with_errors=Count("pk", filter=Q(state=Run.State.ERRORS)),
            records=Sum("sent", default=0),
        )
    )
    return [{**row, "sent": row["records"]} for row in rows]


def draw_bars(days: Iterable[Mapping[str, Any]], *, today: date) -> RunBars | None:
    """Draw thirty days up to today; None where there was no run at all."""
    known = {row["day"]: row for row in days}
    if not known:
        return None
    most = max((row["sent"] for row in known.values()), default=0)
    slot = WIDTH / DAYS
    bars = []
    for place in range(DAYS):
        day = today - timedelta(days=DAYS - 1 - place)
        row = known.get(day, {"runs": 0, "sent": 0, "failed": 0, "with_errors": 0})
        height = _height(row, most)
        bars.append(
            Bar(
                day=day,
                runs=row["runs"],
                sent=row["sent"],
                failed=row["failed"],
                with_errors=row["with_errors"],
                x=f"{place * slot + 3:.1f}",
                y=f"{_BASE - height:.1f}",
                width=f"{slot - 6:.1f}",
                height=f"{height:.1f}",
                middle=f"{place * slot + slot / 2:.1f}",
            )
        )
    return RunBars(WIDTH, HEIGHT, tuple(bars), _words(bars), most)


def _height(row: Mapping[str, Any], most: int) -> float:
    if not row["runs"]:
        return 0.0
    return _LEAST + (_BASE - _TOP - _LEAST) * (row["sent"] / most if most else 0)


def _words(bars: Iterable[Bar]) -> str:
    drawn = list(bars)
    runs, sent = sum(bar.runs for bar in drawn), sum(bar.sent for bar in drawn)
    failed = [bar for bar in drawn if bar.failed]
    told = _("%(days)s days: %(runs)s runs, %(sent)s records sent.") % {
        "days": DAYS,
        "runs": f"{runs:,}",
        "sent": f"{sent:,}",
    }
    if not failed:
        return f"{told} {_('No run failed.')}"
    days = ngettext("On %(n)s day a run failed.", "On %(n)s days a run failed.", len(failed)) % {"n": len(failed)}
    return f"{told} {days}"
