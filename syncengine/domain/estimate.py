"""How long a first sync takes: by the calls that it needs and the limits of minute and day (BEHAVIOUR §9, X 10.1)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Final

from syncengine.domain.batching import BATCH_SIZE

#: The part of a day's calls that a first sync leaves for the day's changes.
KEPT: Final = Fraction(1, 5)
_DAY: Final = timedelta(days=1)
#: Before so much is done, a rate says nothing.
_TOO_LITTLE: Final = 20


@dataclass(frozen=True, slots=True)
class Sending:
    """How many documents of each kind a first sync sends. A credit note is also allocated, one call each (X 7D)."""

    contacts: int = 0
    invoices: int = 0
    payments: int = 0
    credit_notes: int = 0


@dataclass(frozen=True, slots=True)
class Limits:
    """What Xero allows an organisation: calls a minute and calls a day."""

    per_minute: int = 60
    per_day: int = 5000

    @property
    def usable_a_day(self) -> int:
        """Calls a day that a first sync may use; at least one, so that it always ends."""
        return max(1, int(self.per_day * (1 - KEPT)))


@dataclass(frozen=True, slots=True)
class Duration:
    """How long so many calls take. `days` counts the days on which they are made."""

    calls: int
    days: int
    lasts: timedelta


def calls_for(sending: Sending) -> int:
    """Calls to Xero that so many documents need, 50 a call; allocations of credit notes go one by one."""
    kinds = (sending.contacts, sending.invoices, sending.payments, sending.credit_notes)
    return sum(-(-count // BATCH_SIZE) for count in kinds) + sending.credit_notes


def time_for(*, calls: int, limits: Limits) -> Duration:
    """Give the time that the limits make so many calls last, from a fresh day on; no calls take no time."""
    if calls <= 0:
        return Duration(0, 0, timedelta(0))
    whole_days = (calls - 1) // limits.usable_a_day
    rest = calls - whole_days * limits.usable_a_day
    return Duration(calls, whole_days + 1, whole_days * _DAY + timedelta(minutes=1) * rest / limits.per_minute)


def expected_end(
    *, now: datetime, began: datetime, done: int, total: int, paused: timedelta, waits_until: datetime | None = None
) -> datetime | None:
    """Give when a run that goes on as it did will be over, or None while too little is done to say.

    `done` of `total` records were worked on since `began`; `paused` is how long limits made it wait in between.
    """
    worked = now - began - paused
    if done < min(_TOO_LITTLE, total) or not done or worked <= timedelta(0):
        return None
    left = worked * max(0, total - done) / done
    return max(now, waits_until or now) + left
