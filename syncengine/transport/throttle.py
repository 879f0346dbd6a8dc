"""The limiter that all workers share, in Redis: it stops before a limit bites, and it never sleeps (BEHAVIOUR §9).

What the other side reports as remaining is believed in both directions: a larger number lets more through, zero stops.
How the two bounds are kept that make this safe is told in throttle_scripts.py. An application-wide limit is shared
fairly: when less than a fifth of it is left, a firm goes on only below its even share.
"""

import logging
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import redis

from syncengine.transport.errors import LimiterUnavailable, LimitReached
from syncengine.transport.limit_headers import News, read_headers
from syncengine.transport.throttle_scripts import ACQUIRE, KINDS, REPORT, ROOM

_logger = logging.getLogger(__name__)

_CONCURRENT: Final = 3


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose limits a call counts against. A limit of 0 is none of ours; the other side's word still holds."""

    service: str
    #: Xero's tenant id, or the Clio grant.
    subject: str
    firm: str = ""
    app: str = ""
    per_minute: int = 60
    concurrent: int = 5
    #: A first guess, until the other side says what remains.
    per_day: int = 0
    #: Part of the day that this caller leaves alone (a fifth, during a first sync).
    reserve_day: float = 0.0
    per_minute_app: int = 0


@dataclass(frozen=True, slots=True)
class _Held:
    """A slot as it was acquired: its place among the others, which tells what a report can have counted."""

    token: str
    acquired: int
    sequence: int
    overlap: int
    app_sequence: int
    app_overlap: int


class Slot:
    """Permission for one call; `note` hears what the answer said about the limits."""

    def __init__(self, service: str, now: Callable[[], float]) -> None:
        self._service = service
        self._now = now
        self.news = News()

    def note(self, status: int, headers: Mapping[str, str]) -> None:
        """Take in the headers of an answer (X 4.4, 10.3, 10.4; C 2.18)."""
        self.news = read_headers(service=self._service, status=status, headers=headers, now=self._now())

    @property
    def blocked(self) -> tuple[str, float] | None:
        """The limit that a 429 named, with the time (seconds) until which it holds, if one did."""
        if self.news.block is None or self.news.block_until is None:
            return None
        return KINDS[self.news.block], self.news.block_until


class Limiter:
    """Limits of both APIs, held in Redis: one round trip to acquire a slot, one to give it back."""

    def __init__(self, client: redis.Redis, *, clock: Callable[[], datetime], prefix: str = "clioxero") -> None:
        self._clock = clock
        self._prefix = prefix
        self._acquire = client.register_script(ACQUIRE)
        self._report = client.register_script(REPORT)
        self._room = client.register_script(ROOM)

    def now(self) -> float:
        """The clock, in seconds."""
        return self._clock().timestamp()

    @contextmanager
    def slot(self, scope: Scope) -> Iterator[Slot]:
        """Permission for one call.

        Raises:
            LimitReached: nothing may be sent before its `until`.
            LimiterUnavailable: Redis does not answer; nothing may be sent, since nobody counts.
        """
        held = self._take(scope)
        slot = Slot(scope.service, self.now)
        try:
            yield slot
        finally:
            self._give_back(scope, held, slot.news)

    def room(self, scope: Scope) -> tuple[int, int]:
        """How many calls may be made now: in this minute, and today; -1 where there is no limit. Takes no slot.

        Raises LimiterUnavailable: Redis does not answer.
        """
        reserve = round(scope.reserve_day * 1000)
        args: list[int | str] = [self._milliseconds(), "", scope.per_minute, scope.per_day, reserve]
        try:
            minute, today = (int(number) for number in self._room(keys=self._keys(scope), args=args))
        except redis.RedisError as error:
            raise LimiterUnavailable(scope.service) from error
        return minute, today

    def _take(self, scope: Scope) -> _Held:
        now, token = self._milliseconds(), secrets.token_hex(8)
        reserve = round(scope.reserve_day * 1000)
        limits = [scope.per_minute, scope.concurrent, scope.per_day, reserve, scope.per_minute_app]
        try:
            said = self._acquire(keys=self._keys(scope), args=[now, token, *limits, scope.firm or scope.subject])
        except redis.RedisError as error:
            raise LimiterUnavailable(scope.service) from error
        kind, *numbers = (int(number) for number in said)
        if kind == 0:
            return _Held(token, now, *numbers)
        # Those who wait for one another's slots come back at different times.
        jitter = secrets.randbelow(1000) if kind == _CONCURRENT else 0
        raise LimitReached(scope.service, KINDS[kind], moment((numbers[0] + jitter) / 1000))

    def _give_back(self, scope: Scope, held: _Held, news: News) -> None:
        place = [held.acquired, held.sequence, held.overlap, held.app_sequence, held.app_overlap]
        limits = [scope.per_minute, scope.per_day, scope.per_minute_app]
        args = [self._milliseconds(), held.token, *place, *limits, *news.as_arguments()]
        try:
            self._report(keys=self._keys(scope), args=args)
        except redis.RedisError:
            # The call was made, and its answer counts more than its slot, which frees itself within a minute.
            _logger.warning("a slot of %s was not given back: Redis does not answer", scope.service)

    def _keys(self, scope: Scope) -> list[str]:
        own = f"{self._prefix}:limit:{scope.service}:{scope.subject}"
        app = f"{self._prefix}:limit:{scope.service}:app:{scope.app}"
        names = ("state", "done", "flight")
        return [*(f"{own}:{name}" for name in names), *(f"{app}:{name}" for name in names), f"{app}:firms"]

    def _milliseconds(self) -> int:
        return round(self.now() * 1000)


def moment(seconds: float) -> datetime:
    """Seconds as aware UTC."""
    return datetime.fromtimestamp(seconds, tz=UTC)
