"""The line of a long run: how many records were done when, with the limits' pauses marked; drawn by the server."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

WIDTH, HEIGHT, _EDGE = 640, 96, 6
#: A pause of less than this is no more than a breath between two slices.
_SHORTEST = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Pause:
    """A time in which a limit made a run wait (UTC)."""

    began: datetime
    until: datetime

    @property
    def lasted(self) -> timedelta:
        """How long it was."""
        return self.until - self.began


@dataclass(frozen=True, slots=True)
class Band:
    """A pause as the picture shows it, in its units, as SVG writes numbers."""

    x: str
    width: str


@dataclass(frozen=True, slots=True)
class ProgressLine:
    """The picture: `points` of a polyline, the pauses as bands, and the same in words."""

    width: int
    height: int
    points: str
    bands: tuple[Band, ...]
    words: str
    pauses: tuple[Pause, ...]


def pauses_of(trail: Iterable[Sequence[object]], *, now: datetime) -> tuple[Pause, ...]:
    """The pauses that a run's trail tells of, up to now; one that goes on ends now."""
    found = []
    for at, _done, until in trail:
        if until:
            began, ended = datetime.fromisoformat(str(at)), min(now, datetime.fromisoformat(str(until)))
            if ended - began >= _SHORTEST:
                found.append(Pause(began, ended))
    return tuple(found)


def draw_line(
    *, trail: Sequence[Sequence[object]], began: datetime, now: datetime, done: int, of: int
) -> ProgressLine | None:
    """Draw a run that began then and has now done so many of `of` records; None where there is no line to see yet."""
    whole = (now - began).total_seconds()
    if not trail or whole <= 0 or of <= 0:
        return None

    def x(at: datetime) -> float:
        return round(_EDGE + (WIDTH - 2 * _EDGE) * min(1.0, max(0.0, (at - began).total_seconds() / whole)), 1)

    def y(count: int) -> float:
        return round(HEIGHT - _EDGE - (HEIGHT - 2 * _EDGE) * min(1.0, max(0, count) / of), 1)

    pauses = pauses_of(trail, now=now)
    places = [(x(began), y(0))]
    for at, count, until in trail:
        then, reached = datetime.fromisoformat(str(at)), int(str(count))
        places.append((x(then), y(reached)))
        if until:
            places.append((x(min(now, datetime.fromisoformat(str(until)))), y(reached)))
    places.append((x(now), y(done)))
    bands = tuple(Band(f"{x(pause.began):.1f}", f"{max(1.0, x(pause.until) - x(pause.began)):.1f}") for pause in pauses)
    return ProgressLine(
        width=WIDTH,
        height=HEIGHT,
        points=" ".join(f"{left},{top}" for left, top in places),
        bands=bands,
        words=_words(done, of, now - began, pauses),
        pauses=pauses,
    )


def _words(done: int, of: int, lasted: timedelta, pauses: Sequence[Pause]) -> str:
    minutes = max(1, round(lasted.total_seconds() / 60))
    told = ngettext(
        "%(done)s of %(of)s records after %(minutes)s minute.",
        "%(done)s of %(of)s records after %(minutes)s minutes.",
        minutes,
    ) % {"done": f"{done:,}", "of": f"{of:,}", "minutes": f"{minutes:,}"}
    if not pauses:
        return f"{told} {_('No limit made it wait.')}"
    waited = max(1, round(sum((pause.lasted for pause in pauses), timedelta(0)).total_seconds() / 60))
    paused = ngettext("Limits made it wait once", "Limits made it wait %(n)s times", len(pauses)) % {"n": len(pauses)}
    minutes_words = ngettext("%(n)s minute in all", "%(n)s minutes in all", waited) % {"n": f"{waited:,}"}
    return f"{told} {paused}, {minutes_words}."
