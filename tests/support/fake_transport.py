"""A session without Redis and without grants, for tests of what is above or below it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from syncengine.transport.session import ApiSession
from syncengine.transport.throttle import Scope, Slot

NOW = datetime(2026, 5, 4, 13, 30, tzinfo=UTC)


class FakeTokens:
    """Gives "token-1", and "token-2" and so on when one was rejected."""

    def __init__(self) -> None:
        self.rejected: list[str] = []

    def access_token(self) -> str:
        return f"token-{len(self.rejected) + 1}"

    def refresh(self, rejected: str) -> str:
        self.rejected.append(rejected)
        return self.access_token()


class OpenLimiter:
    """A limiter that lets everything through and remembers the slots."""

    def __init__(self) -> None:
        self.slots: list[Slot] = []

    def now(self) -> float:
        return NOW.timestamp()

    @contextmanager
    def slot(self, scope: Scope) -> Iterator[Slot]:
        slot = Slot(scope.service, self.now)
        self.slots.append(slot)
        yield slot


def open_session(
    base_url: str, *, service: str = "clio", tokens: FakeTokens | None = None, limiter: OpenLimiter | None = None
) -> ApiSession:
    """A session with fakes for its tokens and limits."""
    return ApiSession(
        base_url=base_url,
        token=tokens or FakeTokens(),
        limiter=limiter or OpenLimiter(),  # type: ignore[arg-type]
        scope=Scope(service, "subject"),
        clock=lambda: NOW,
    )
