"""A simulated server with limits, and simulated workers that call it through the limiter, on a clock of their own."""

import heapq
import itertools
import math
import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime

import redis

from syncengine.transport.errors import LimitReached
from syncengine.transport.throttle import Limiter, Scope

START = 1_790_000_000.0


@dataclass
class Server:
    """Fixed windows of a minute that start `phase` seconds after the full one; None: with the first call in them."""

    limit: int
    phase: float | None = None
    served: int = 0
    refused: int = 0
    _window: float = -1.0
    _used: int = 0

    def answer(self, now: float) -> tuple[int, dict[str, str]]:
        """Count a call; status and headers, as Xero gives them."""
        if self.phase is None:
            if not 0 <= now - self._window < 60:
                self._window, self._used = now, 0
            end = self._window + 60
        else:
            window = self.phase + (now - self.phase) // 60 * 60
            if window != self._window:
                self._window, self._used = window, 0
            end = window + 60
        if self._used >= self.limit:
            self.refused += 1
            wait = str(math.ceil(end - now))
            return 429, {"X-Rate-Limit-Problem": "minute", "Retry-After": wait, "X-MinLimit-Remaining": "0"}
        self._used += 1
        self.served += 1
        return 200, {"X-MinLimit-Remaining": str(self.limit - self._used)}


@dataclass
class Simulation:
    """Events in the order of time. Nothing sleeps."""

    client: redis.Redis
    prefix: str
    now: float = START
    waits: int = 0
    _events: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)
    _count: Iterator[int] = field(default_factory=itertools.count)

    def limiter(self) -> Limiter:
        """The limiter under test, on this clock."""
        return Limiter(self.client, clock=lambda: datetime.fromtimestamp(self.now, tz=UTC), prefix=self.prefix)

    def at(self, moment: float, event: Callable[[], None]) -> None:
        """Let something happen then."""
        heapq.heappush(self._events, (moment, next(self._count), event))

    def run(self, minutes: float) -> None:
        """Let time pass."""
        end = self.now + minutes * 60
        while self._events and self._events[0][0] < end:
            self.now, _, event = heapq.heappop(self._events)
            event()
        self.now = end

    def worker(
        self, server: Server, scope: Scope, *, rng: random.Random, latency: tuple[float, float] = (0.15, 0.3)
    ) -> None:
        """A worker that calls as often as it may; when it may not, it comes back at the time it was told."""
        limiter = self.limiter()

        def work() -> None:
            with ExitStack() as stack:
                try:
                    slot = stack.enter_context(limiter.slot(scope))
                except LimitReached as reached:
                    self.waits += 1
                    self.at(max(reached.until.timestamp(), self.now + 0.001), work)
                    return
                held = stack.pop_all()
            took = rng.uniform(*latency)
            said: list[tuple[int, dict[str, str]]] = []

            def arrive() -> None:
                said.append(server.answer(self.now))

            def answered() -> None:
                slot.note(*said[0])
                held.close()
                self.at(self.now, work)

            self.at(self.now + took * rng.random(), arrive)
            self.at(self.now + took, answered)

        self.at(self.now + rng.random(), work)
