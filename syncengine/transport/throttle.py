"""The limiter that all workers share, in Redis: it stops before a limit bites and never sleeps (BEHAVIOUR §9).

Own calls of the last 60 seconds are counted, which can never exceed a fixed window of the other side, whenever it
starts (X 10.5). What the other side reports as remaining is believed in both directions: a larger number lets more
through, zero stops. Calls in flight are deducted from it. An application-wide limit is shared fairly: when less than a
fifth of it is left, a firm goes on only below its even share.
"""

import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import redis

from syncengine.transport.errors import LimitReached

_WINDOW: Final = 60.0
#: A slot that a killed worker left is free again after this.
_SLOT_SECONDS: Final = 60.0

# KEYS: log, slots, state, app log, app state, app firms.
# ARGV: now, token, per minute, concurrent, per day, reserve, app limit, firm.
# Gives {0} or {1, kind, seconds to wait}.
_ACQUIRE: Final = """
local now = tonumber(ARGV[1])
local per_minute, concurrent = tonumber(ARGV[3]), tonumber(ARGV[4])
local per_day, reserve, app_limit = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - 60)
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
redis.call('ZREMRANGEBYSCORE', KEYS[4], '-inf', now - 60)
local state = {}
local flat = redis.call('HGETALL', KEYS[3])
for i = 1, #flat, 2 do state[flat[i]] = tonumber(flat[i + 1]) end
local kinds = {'minute', 'day', 'concurrent', 'app'}
for _, kind in ipairs(kinds) do
  local blocked = state['blocked_' .. kind]
  if blocked and blocked > now then return {1, kind, tostring(blocked - now)} end
end
if concurrent > 0 and redis.call('ZCARD', KEYS[2]) >= concurrent then
  local first = redis.call('ZRANGE', KEYS[2], 0, 0, 'WITHSCORES')
  return {1, 'concurrent', tostring(math.min(2, math.max(0.2, tonumber(first[2]) - now)))}
end
local count = redis.call('ZCARD', KEYS[1])
local reported = state['remaining']
local fresh = reported and state['reported_at'] > now - 60
if fresh and reported <= 0 or (count >= per_minute and per_minute > 0 and not (fresh and reported > 0)) then
  local until_ = state['reset_at']
  if not (until_ and until_ > now) then
    local first = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
    until_ = (first[2] and tonumber(first[2]) or now) + 60
  end
  if until_ > now then return {1, 'minute', tostring(until_ - now)} end
end
local day = state['day_remaining']
if per_day > 0 then
  local floor_ = math.floor(per_day * reserve)
  if day and state['day_reported_at'] > now - 86400 and day <= floor_ then
    local since = state['day_started_at'] or now
    return {1, 'day', tostring(math.max(60, since + 86400 - now))}
  end
end
if app_limit > 0 then
  local app_count = redis.call('ZCARD', KEYS[4])
  local left = app_limit - app_count
  if left <= 0 then return {1, 'app', '5'} end
  if left < app_limit / 5 then
    local firms = redis.call('HLEN', KEYS[6])
    local mine = tonumber(redis.call('HGET', KEYS[6], ARGV[8]) or '0')
    if mine >= app_limit / math.max(1, firms) then return {1, 'app', '5'} end
  end
  redis.call('ZADD', KEYS[4], now, ARGV[2])
  redis.call('EXPIRE', KEYS[4], 61)
  redis.call('HINCRBY', KEYS[6], ARGV[8], 1)
  if redis.call('TTL', KEYS[6]) < 0 then redis.call('EXPIRE', KEYS[6], 60) end
end
redis.call('ZADD', KEYS[1], now, ARGV[2])
redis.call('EXPIRE', KEYS[1], 61)
redis.call('ZADD', KEYS[2], now + 60, ARGV[2])
redis.call('EXPIRE', KEYS[2], 61)
if fresh then redis.call('HINCRBYFLOAT', KEYS[3], 'remaining', -1) end
if day then redis.call('HINCRBYFLOAT', KEYS[3], 'day_remaining', -1) end
return {0}
"""

# KEYS: slots, state. ARGV: token, now, then pairs of field and value.
_REPORT: Final = """
redis.call('ZREM', KEYS[1], ARGV[1])
local inflight = redis.call('ZCARD', KEYS[1])
for i = 3, #ARGV, 2 do
  local field, value = ARGV[i], tonumber(ARGV[i + 1])
  if field == 'remaining' then
    redis.call('HSET', KEYS[2], 'remaining', value - inflight, 'reported_at', ARGV[2])
  elseif field == 'day_remaining' then
    local was = tonumber(redis.call('HGET', KEYS[2], 'day_remaining') or '-1')
    if was < 0 or value > was + 50 then redis.call('HSET', KEYS[2], 'day_started_at', ARGV[2]) end
    redis.call('HSET', KEYS[2], 'day_remaining', value - inflight, 'day_reported_at', ARGV[2])
  else
    redis.call('HSET', KEYS[2], field, value)
  end
end
redis.call('EXPIRE', KEYS[2], 172800)
return 1
"""


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
    per_day: int = 0
    #: Part of the day that this caller leaves alone (a fifth, during a first sync).
    reserve_day: float = 0.0
    per_minute_app: int = 0


class Slot:
    """Permission for one call; `note` hears what the answer said about the limits."""

    def __init__(self, limiter: "Limiter", scope: Scope, token: str) -> None:
        self._limiter = limiter
        self._scope = scope
        self._token = token
        self._news: dict[str, float] = {}

    def note(self, status: int, headers: Mapping[str, str]) -> None:
        """Take in the headers of an answer (X 4.4, 10.3, 10.4; C 2.18)."""
        now = self._limiter.now()
        news = _xero_news(status, headers, now) if self._scope.service == "xero" else _clio_news(status, headers, now)
        self._news.update(news)

    @property
    def blocked(self) -> tuple[str, float] | None:
        """The limit that a 429 named, with the time until which it holds, if one did."""
        for field, value in self._news.items():
            if field.startswith("blocked_"):
                return field.removeprefix("blocked_"), value
        return None

    def finish(self) -> None:
        """Give the slot back."""
        self._limiter.report(self._scope, self._token, self._news)


def _number(headers: Mapping[str, str], name: str) -> float | None:
    try:
        return float(headers[name])
    except (KeyError, ValueError):
        return None


def _xero_news(status: int, headers: Mapping[str, str], now: float) -> dict[str, float]:
    news = {}
    if (minute := _number(headers, "X-MinLimit-Remaining")) is not None:
        news["remaining"] = minute
    if (day := _number(headers, "X-DayLimit-Remaining")) is not None:
        news["day_remaining"] = day
    if status == 429:
        problem = headers.get("X-Rate-Limit-Problem", "minute").lower()
        kind = {"appminute": "app", "day": "day", "concurrent": "concurrent"}.get(problem, "minute")
        jitter = 1.0 + secrets.randbelow(1000) / 1000
        wait = _number(headers, "Retry-After")
        news[f"blocked_{kind}"] = now + (wait if wait is not None else jitter if kind == "concurrent" else _WINDOW)
    return news


def _clio_news(status: int, headers: Mapping[str, str], now: float) -> dict[str, float]:
    news = {}
    if (remaining := _number(headers, "X-RateLimit-Remaining")) is not None:
        news["remaining"] = remaining
    if (reset := _number(headers, "X-RateLimit-Reset")) is not None:
        news["reset_at"] = min(reset, now + _WINDOW)
    if status == 429:
        wait = _number(headers, "Retry-After")
        news["blocked_minute"] = now + (wait if wait is not None else _WINDOW)
    return news


class Limiter:
    """Limits of both APIs, held in Redis by Lua scripts: one round trip to acquire, one to report."""

    def __init__(self, client: "redis.Redis[Any]", *, clock: Callable[[], datetime], prefix: str = "clioxero") -> None:
        self._clock = clock
        self._prefix = prefix
        self._acquire = client.register_script(_ACQUIRE)
        self._report = client.register_script(_REPORT)

    def now(self) -> float:
        """The clock, in seconds."""
        return self._clock().timestamp()

    @contextmanager
    def slot(self, scope: Scope) -> Iterator[Slot]:
        """Permission for one call.

        Raises:
            LimitReached: nothing may be sent before its `until`.
        """
        token = secrets.token_hex(8)
        log, slots, state = (self._key(scope, name) for name in ("log", "slots", "state"))
        app = f"{self._prefix}:limit:{scope.service}:app:{scope.app}"
        answer = self._acquire(
            keys=[log, slots, state, f"{app}:log", f"{app}:state", f"{app}:firms"],
            args=[
                self.now(),
                token,
                scope.per_minute,
                scope.concurrent,
                scope.per_day,
                scope.reserve_day,
                scope.per_minute_app,
                scope.firm,
            ],
        )
        if answer[0]:
            kind, seconds = _text(answer[1]), float(_text(answer[2]))
            raise LimitReached(scope.service, kind, self._clock() + timedelta(seconds=seconds))
        slot = Slot(self, scope, token)
        try:
            yield slot
        finally:
            slot.finish()

    def report(self, scope: Scope, token: str, news: Mapping[str, float]) -> None:
        """Give a slot back with what the answer said."""
        pairs = [item for pair in news.items() for item in pair]
        self._report(keys=[self._key(scope, "slots"), self._key(scope, "state")], args=[token, self.now(), *pairs])

    def _key(self, scope: Scope, name: str) -> str:
        return f"{self._prefix}:limit:{scope.service}:{scope.subject}:{name}"


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def moment(seconds: float) -> datetime:
    """Seconds as aware UTC."""
    return datetime.fromtimestamp(seconds, tz=UTC)
