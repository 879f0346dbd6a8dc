"""Xero's limits: a minute, a day and calls at once for each organisation, a minute for the app (X 10)."""

import math
import threading
from dataclasses import dataclass, field
from datetime import datetime

from werkzeug.wrappers import Response

from sandbox.xero.settings import Settings

NO_LIMIT = 1_000_000
MINUTE = 60
DAY = 86_400


@dataclass
class _Window:
    """A fixed window; it starts with the first call after the one before has ended (X 10.5)."""

    seconds: int
    started: float = -math.inf
    used: int = 0

    def at(self, moment: float) -> "_Window":
        """The window at a moment: a new one where this one is over."""
        if not 0 <= moment - self.started < self.seconds:
            self.started, self.used = moment, 0
        return self

    def left(self, limit: int | None) -> int:
        """How many calls the limit leaves."""
        return NO_LIMIT if limit is None else max(0, limit - self.used)

    def wait(self, moment: float) -> int:
        """Whole seconds until the window ends."""
        return max(1, math.ceil(self.started + self.seconds - moment))


@dataclass
class _Tenant:
    minute: _Window = field(default_factory=lambda: _Window(MINUTE))
    day: _Window = field(default_factory=lambda: _Window(DAY))
    running: int = 0


class RateLimited(Exception):  # noqa: N818 - an answer, no fault of the stand-in
    """A limit is used up; `response` is the 429."""

    def __init__(self, response: Response) -> None:
        super().__init__("429")
        self.response = response


class Throttle:
    """Counts calls; thread safe."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._tenants: dict[str, _Tenant] = {}
        self._apps: dict[str, _Window] = {}
        self._lock = threading.Lock()

    def enter(self, tenant_id: str, app: str, now: datetime) -> dict[str, str]:
        """Count a call that begins, and answer the headers for it; call `leave` when it ends.

        Raises RateLimited; such a call is not counted.
        """
        moment, limits = now.timestamp(), self._settings
        with self._lock:
            tenant = self._tenants.setdefault(tenant_id, _Tenant())
            window = self._apps.setdefault(app, _Window(MINUTE)).at(moment)
            minute, day = tenant.minute.at(moment), tenant.day.at(moment)
            if limits.concurrent is not None and tenant.running >= limits.concurrent:
                wait = 1 if limits.concurrent_retry_after else None
                raise self._limited("concurrent", wait, tenant, window)
            for name, counted, limit in (
                ("appminute", window, limits.app_per_minute),
                ("day", day, limits.per_day),
                ("minute", minute, limits.per_minute),
            ):
                if counted.left(limit) == 0:
                    raise self._limited(name, counted.wait(moment), tenant, window)
            tenant.running += 1
            for counted in (window, day, minute):
                counted.used += 1
            return self._headers(tenant, window)

    def leave(self, tenant_id: str) -> None:
        """A call has ended."""
        with self._lock:
            self._tenants[tenant_id].running -= 1

    def enter_app(self, app: str, now: datetime) -> dict[str, str]:
        """Count a call that concerns no organisation (X 4.4). Raises RateLimited."""
        with self._lock:
            window = self._apps.setdefault(app, _Window(MINUTE)).at(now.timestamp())
            left = window.left(self._settings.app_per_minute)
            headers = {"X-AppMinLimit-Remaining": str(left)}
            if left == 0:
                raise RateLimited(empty_429("appminute", window.wait(now.timestamp()), headers))
            window.used += 1
            return {"X-AppMinLimit-Remaining": str(window.left(self._settings.app_per_minute))}

    def reset(self) -> None:
        """Start all windows anew; calls that are running stay counted."""
        with self._lock:
            self._apps.clear()
            for tenant in self._tenants.values():
                tenant.minute, tenant.day = _Window(MINUTE), _Window(DAY)

    def use_up(self, tenant_id: str, *, minute: int = 0, day: int = 0, now: datetime) -> None:
        """Count calls that nobody made, as other apps' users would see their own limit go down."""
        with self._lock:
            tenant = self._tenants.setdefault(tenant_id, _Tenant())
            tenant.minute.at(now.timestamp()).used += minute
            tenant.day.at(now.timestamp()).used += day

    def _headers(self, tenant: _Tenant, window: _Window) -> dict[str, str]:
        return {
            "X-DayLimit-Remaining": str(tenant.day.left(self._settings.per_day)),
            "X-MinLimit-Remaining": str(tenant.minute.left(self._settings.per_minute)),
            "X-AppMinLimit-Remaining": str(window.left(self._settings.app_per_minute)),
        }

    def _limited(self, problem: str, wait: int | None, tenant: _Tenant, window: _Window) -> RateLimited:
        return RateLimited(empty_429(problem, wait, self._headers(tenant, window)))


def empty_429(problem: str, wait: int | None, headers: dict[str, str]) -> Response:
    """The empty 429 that names the limit (X 10.3). Without `wait` it has no Retry-After."""
    response = Response(b"", status=429)
    del response.headers["Content-Type"]
    response.headers["X-Rate-Limit-Problem"] = problem
    if wait is not None:
        response.headers["Retry-After"] = str(wait)
    response.headers.update(headers)
    return response
