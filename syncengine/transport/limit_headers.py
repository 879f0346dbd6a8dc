"""What an answer's headers say about limits (X 4.4, 10.3, 10.4; C 2.18). Times are seconds by our clock."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Final

_MINUTE: Final = 60.0
_HOUR: Final = 3600.0
_DAY: Final = 86_400.0
#: Clocks that differ by less are taken for equal.
_SAME_CLOCK: Final = 2.0
_MINUTE_KIND, _DAY_KIND, _CONCURRENT_KIND, _APP_KIND = 1, 2, 3, 4
_PROBLEMS: Final = {"day": _DAY_KIND, "concurrent": _CONCURRENT_KIND, "appminute": _APP_KIND, "app": _APP_KIND}


@dataclass(frozen=True, slots=True)
class News:
    """What one answer said; None where it said nothing. `block` is a number of throttle_scripts.KINDS."""

    remaining: int | None = None
    limit: int | None = None
    reset: float | None = None
    day_remaining: int | None = None
    app_remaining: int | None = None
    block: int | None = None
    block_until: float | None = None

    def as_arguments(self) -> list[int | str]:
        """As the report script takes it: times in milliseconds, '' for None."""
        values = (self.remaining, self.limit, _ms(self.reset), self.day_remaining, self.app_remaining)
        return ["" if value is None else value for value in (*values, self.block, _ms(self.block_until))]


def read_headers(*, service: str, status: int, headers: Mapping[str, str], now: float) -> News:
    """Read the headers of an answer that came at `now`. A header that cannot be read says nothing."""
    block = _block(headers) if status == 429 else None
    until = now + _wait(headers, block, now) if block else None
    if service == "xero":
        return News(
            remaining=_count(headers, "X-MinLimit-Remaining"),
            day_remaining=_count(headers, "X-DayLimit-Remaining"),
            app_remaining=_count(headers, "X-AppMinLimit-Remaining"),
            block=block,
            block_until=until,
        )
    return News(
        remaining=_count(headers, "X-RateLimit-Remaining"),
        limit=_count(headers, "X-RateLimit-Limit"),
        reset=_reset(headers, now),
        block=block,
        block_until=until,
    )


def _block(headers: Mapping[str, str]) -> int:
    return _PROBLEMS.get(headers.get("X-Rate-Limit-Problem", "").strip().lower(), _MINUTE_KIND)


def _wait(headers: Mapping[str, str], block: int, now: float) -> float:
    """Seconds to wait. Retry-After may be missing, mostly on "concurrent" (X 10.4): then 1 to 2 seconds, at random."""
    text = headers.get("Retry-After", "").strip()
    try:
        wait = float(text) if text.replace(".", "", 1).isdigit() else parsedate_to_datetime(text).timestamp() - now
    except ValueError:
        return {_CONCURRENT_KIND: 1 + secrets.randbelow(1000) / 1000, _DAY_KIND: _HOUR}.get(block, _MINUTE)
    return min(max(wait, 1.0), _DAY)


def _reset(headers: Mapping[str, str], now: float) -> float | None:
    """When Clio's window ends, by our clock, at the latest.

    Both its figures are whole seconds, perhaps cut: a second later is safe. A clock that differs from ours is allowed
    for by the Date header. An end that is no window away is not believed.
    """
    reset = _count(headers, "X-RateLimit-Reset")
    if reset is None:
        return None
    try:
        ahead = now - parsedate_to_datetime(headers["Date"]).astimezone(UTC).timestamp()
    except (KeyError, ValueError):
        ahead = 0.0
    end = reset + 1 + (ahead if abs(ahead) >= _SAME_CLOCK else 0.0)
    return end if now < end <= now + _MINUTE + 2 else None


def _count(headers: Mapping[str, str], name: str) -> int | None:
    text = headers.get(name, "").strip()
    try:
        return int(float(text)) if text else None
    except (ValueError, OverflowError):
        return None


def _ms(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds * 1000)
