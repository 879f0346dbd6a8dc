"""Clio's limit: so many calls per access token in a window of a minute (C 2.16 to 2.19)."""

import math
from dataclasses import dataclass
from datetime import datetime

from sandbox.clio.errors import ApiError, typed

WINDOW_SECONDS = 60
NO_LIMIT = 1_000_000


@dataclass
class _Window:
    started: float
    used: int = 0


class Throttle:
    """Counts calls by token. Not thread safe: the server holds its lock."""

    def __init__(self) -> None:
        self._windows: dict[str, _Window] = {}

    def reset(self) -> None:
        """Forget all calls."""
        self._windows.clear()

    def take(self, token: str, limit: int | None, now: datetime) -> dict[str, str]:
        """Count a call and answer the headers for it. Raises ApiError (429) when the limit is used up."""
        window = self._window(token, now)
        if limit is not None and window.used >= limit:
            wait = window.started + WINDOW_SECONDS - now.timestamp()
            raise rate_limited(max(1, math.ceil(wait)), self._headers(window, limit))
        window.used += 1
        return self._headers(window, limit)

    def _window(self, token: str, now: datetime) -> _Window:
        moment = now.timestamp()
        window = self._windows.get(token)
        if window is None or not 0 <= moment - window.started < WINDOW_SECONDS:
            window = self._windows[token] = _Window(started=moment)
        return window

    @staticmethod
    def _headers(window: _Window, limit: int | None) -> dict[str, str]:
        allowed = NO_LIMIT if limit is None else limit
        return {
            "X-RateLimit-Limit": str(allowed),
            "X-RateLimit-Remaining": str(allowed if limit is None else max(0, allowed - window.used)),
            "X-RateLimit-Reset": str(math.ceil(window.started + WINDOW_SECONDS)),
        }


def rate_limited(wait_seconds: float, headers: dict[str, str]) -> ApiError:
    """429 with the seconds to wait."""
    wait = max(0, math.ceil(wait_seconds))
    said = f"Rate limited to a number of calls a minute. Please wait {wait} seconds."
    return typed(429, "RateLimited", said, {**headers, "Retry-After": str(wait)})
