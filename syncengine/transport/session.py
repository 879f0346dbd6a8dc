"""Calls to one API for one firm: token, limits, time-outs, classification of what comes back.

Writes are never sent again here, but for one case: a 401 says that nothing was done.
"""

import json
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import parsedate_to_datetime
from http.cookiejar import DefaultCookiePolicy
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from syncengine.transport.errors import (
    Disconnected,
    LimitReached,
    NoAnswer,
    NotAuthorised,
    ServerTrouble,
    TransportError,
    Unreachable,
    UnreadableAnswer,
)
from syncengine.transport.literal import LiteralAdapter
from syncengine.transport.throttle import Limiter, Scope, moment

#: Seconds to connect, seconds to wait for an answer: well below a lease's 60.
TIMEOUT: Final = (5.0, 30.0)
USER_AGENT: Final = "ClioXero/0.1"
#: Failures that come about before anything is sent.
_BEFORE_SENDING: Final = (NewConnectionError, ConnectTimeoutError, ssl.SSLCertVerificationError)


class TokenSource(Protocol):
    """Where access tokens come from."""

    def access_token(self) -> str:
        """A token that should hold for the next minute."""
        ...

    def refresh(self, rejected: str) -> str:
        """Another token than the one that was rejected. Raises NotAuthorised if there is none to be had."""
        ...


class ForeignAddress(TransportError):  # noqa: N818
    """An address on another host than the API's: the token is not sent there (C 2.15)."""

    def __init__(self, service: str) -> None:
        super().__init__(service, "An address that was to be read is on another host. Nothing was sent there.")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `server_date` is the other side's clock (UTC), ours where it does not say."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    server_date: datetime
    service: str

    @property
    def is_json(self) -> bool:
        """Whether the API itself answered, not something in front of it."""
        return "json" in self.headers.get("Content-Type", "").lower()

    def json(self) -> Any:
        """The body with amounts as Decimal. Raises UnreadableAnswer if it is not JSON."""
        try:
            return json.loads(self.body, parse_float=Decimal, parse_constant=_refuse_constant)
        except ValueError as error:
            raise UnreadableAnswer(self.service, "not JSON") from error


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no number")


class ApiSession:
    """One API, one login, one firm. Keeps its connection alive, counts its calls."""

    def __init__(
        self,
        *,
        base_url: str,
        token: TokenSource,
        limiter: Limiter,
        scope: Scope,
        clock: Callable[[], datetime],
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.calls = 0
        self.clock_skew = timedelta(0)
        self._token = token
        self._limiter = limiter
        self._scope = scope
        self._clock = clock
        self._http = requests.Session()
        self._http.trust_env = False
        self._http.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        for scheme in ("http://", "https://"):
            self._http.mount(scheme, LiteralAdapter(max_retries=0))
        self._http.headers.update({"User-Agent": USER_AGENT, "Accept": "application/json", **(headers or {})})

    @property
    def service(self) -> str:
        """ "clio" or "xero"."""
        return self._scope.service

    def has_room_for(self, calls: int) -> bool:
        """Whether so many calls may be made now without waiting; more than a minute allows wait for a whole minute."""
        minute, today = self._limiter.room(self._scope)
        most = self._scope.per_minute - self._scope.concurrent
        return (minute < 0 or minute >= min(calls, most)) and (today < 0 or today >= calls)

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Answer:
        """Make one call; `url` is a path on the base, or an absolute address on the same host, already encoded.

        A 401 renews the token once and calls again: the other side did nothing, so the same bytes and key may go again.
        A read whose connection was dropped is made once more.

        Raises:
            LimitReached, LimiterUnavailable, Unreachable, ForeignAddress: nothing was done.
            NoAnswer: a write may have been done; a read was not answered.
            ServerTrouble: a read met a 5xx, or anything met a 403 of something in front of the API (C 2.27). On a write
                a 5xx is given back, since it tells nothing.
            NotAuthorised, Disconnected: the login or the connection no longer holds.
        """
        target = self._target(url)
        token = self._token.access_token()
        answer = self._call(method, target, token, headers, body)
        if answer.status == 401 and not _lacks_scope(answer):
            answer = self._call(method, target, self._token.refresh(token), headers, body)
        if answer.status == 401:
            raise NotAuthorised(self.service)
        if answer.status == 403:
            raise Disconnected(self.service) if answer.is_json else ServerTrouble(self.service, 403)
        if answer.status >= 500 and method == "GET":
            raise ServerTrouble(self.service, answer.status)
        return answer

    def _target(self, url: str) -> str:
        if url.startswith("/"):
            return f"{self.base_url}{url}"
        if urlsplit(url)[:2] != urlsplit(self.base_url)[:2]:
            raise ForeignAddress(self.service)
        return url

    def _call(self, method: str, url: str, token: str, headers: Mapping[str, str] | None, body: bytes | None) -> Answer:
        every = {"Authorization": f"Bearer {token}", **(headers or {})}
        if body is not None:
            every.setdefault("Content-Type", "application/json")
        if method != "GET":
            return self._call_once(method, url, every, body)
        # A connection that was kept alive may have been closed meanwhile: a read is simply made again.
        with suppress(_Dropped):
            return self._call_once(method, url, every, body)
        return self._call_once(method, url, every, body)

    def _call_once(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        with self._limiter.slot(self._scope) as slot:
            response = self._exchange(method, url, headers, body)
            slot.note(response.status_code, response.headers)
        if response.status_code == 429:
            kind, until = slot.blocked or ("minute", self._limiter.now() + 60)
            raise LimitReached(self.service, kind, moment(until))
        date = self._server_date(response)
        return Answer(response.status_code, response.headers, response.content, date, self.service)

    def _exchange(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> requests.Response:
        self.calls += 1
        try:
            return self._http.request(method, url, headers=headers, data=body, timeout=TIMEOUT, allow_redirects=False)
        except requests.exceptions.RequestException as error:
            if any(isinstance(cause, _BEFORE_SENDING) for cause in _causes(error)):
                raise Unreachable(self.service) from error
            if isinstance(error, requests.exceptions.ConnectionError):
                raise _Dropped(self.service) from error
            raise NoAnswer(self.service) from error

    def _server_date(self, response: requests.Response) -> datetime:
        now = self._clock()
        try:
            date = parsedate_to_datetime(response.headers["Date"]).astimezone(UTC)
        except (KeyError, ValueError):
            return now
        self.clock_skew = date - now
        return date


class _Dropped(NoAnswer):
    """The connection broke, as one that was kept alive too long does."""


def _lacks_scope(answer: Answer) -> bool:
    """Whether the consent lacks a permission, which no new token mends; Xero's page spells it in two ways (X 6.37)."""
    said = answer.headers.get("WWW-Authenticate", "")
    return "insufficient_scope" in said or "insufficent_scope" in said


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An error with those that it was made from, as requests and urllib3 nest them.

    Not its context: what was being handled when this call was made has nothing to do with it.
    """
    yield error
    for cause in (getattr(error, "reason", None), *error.args):
        if isinstance(cause, BaseException):
            yield from _causes(cause)
