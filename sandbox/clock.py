"""The clock both stand-ins read, so that a test can move time for both at once."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def utc_now() -> datetime:
    """The machine's time, aware, in UTC."""
    return datetime.now(UTC)


class Clock:
    """Real time plus an offset; thread safe. Times are aware and in UTC.

    A simulation passes its own `source` (a function that tells the time) and so stops time altogether.
    """

    def __init__(self, source: Callable[[], datetime] = utc_now) -> None:
        self._source = source
        self._offset = timedelta()
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """The stand-ins' present time."""
        with self._lock:
            return self._source() + self._offset

    def advance(self, seconds: float) -> None:
        """Move on by so many seconds; a negative number moves back."""
        with self._lock:
            self._offset += timedelta(seconds=seconds)

    def set(self, moment: datetime) -> None:
        """Make it `moment` now. Raises ValueError for a time without a zone."""
        if moment.tzinfo is None:
            raise ValueError("The clock needs a time with a zone, such as 2026-05-04T09:30:00+00:00")
        with self._lock:
            self._offset = moment.astimezone(UTC) - self._source()

    def reset(self) -> None:
        """Back to real time."""
        with self._lock:
            self._offset = timedelta()
