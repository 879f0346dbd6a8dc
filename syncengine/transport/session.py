"""Calls to one API for one firm: token, limits, time-outs, and what an answer means. Writes are never retried here."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Any, Protocol

import requests

from syncengine.transport.errors import (
    Disconnected,
    LimitReached,
    NoAnswer,
    NotAuthorised,
    ServerTrouble,
    Unreachable,
    UnreadableAnswer,
)
from syncengine.transport.throttle import Limiter, Scope, moment

#: Seconds to connect, seconds to wait for an answer.
TIMEOUT = (5.0, 60.0)
USER_AGENT = "ClioXero/0.1"


class TokenSource(Protocol):
    """Where access tokens come from."""

    def access_token(self) -> str:
        """A token that should hold for the next minute."""
        ...

    def refresh(self, rejected: str) -> str:
        """Another token than the one that was rejected. Raises NotAuthorised if there is none to be had."""
        ...


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `server_date` is the other side's clock (UTC)."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    server_date: datetime
    service: str

    def json(self) -> Any:
        """The body with amounts as Decimal. Raises UnreadableAnswer if it is not JSON."""
        try:
            return json.loads(self.body, parse_float=Decimal)
        except ValueError as error:
            raise UnreadableAnswer(self.service, "not JSON") from error


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
        self._http.headers.update({"User-Agent": USER_AGENT, "Accept": "application/json", **(headers or {})})

    @property
    def service(self) -> str:
        """ "clio" or "xero"."""
        return self._scope.service

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Answer:
        """Make one call; `url` is absolute or a path on the base, already encoded.

        A 401 renews the token once and calls again: the other side did nothing, so the same bytes and key may go again.

        Raises:
            LimitReached, Unreachable: nothing was done.
            NoAnswer: a write may have been done; a read was not answered.
            ServerTrouble: a read met a 5xx. On a write the 5xx is given back, since it tells nothing.
            NotAuthorised, Disconnected: the login or the connection no longer holds.
        """
        target = url if url.startswith("http") else f"{self.base_url}{url}"
        token = self._token.access_token()
        answer = self._call(method, target, token, headers, body)
        if answer.status == 401:
            if "insufficient_scope" in answer.headers.get("WWW-Authenticate", ""):
                raise NotAuthorised(self.service)
            answer = self._call(method, target, self._token.refresh(token), headers, body)
        if answer.status == 401:
            raise NotAuthorised(self.service)
        if answer.status == 403 and answer.headers.get("Content-Type", "").startswith("application/json"):
            raise Disconnected(self.service)
        if answer.status >= 500 and method == "GET":
            raise ServerTrouble(self.service, answer.status)
        return answer

    def _call(self, method: str, url: str, token: str, headers: Mapping[str, str] | None, body: bytes | None) -> Answer:
        with self._limiter.slot(self._scope) as slot:
            response = self._exchange(method, url, token, headers, body)
            slot.note(response.status_code, response.headers)
            if response.status_code == 429:
                kind, until = slot.blocked or ("minute", self._limiter.now() + 60)
                raise LimitReached(self.service, kind, moment(until))
        date = self._server_date(response)
        return Answer(response.status_code, response.headers, response.content, date, self.service)

    def _exchange(
        self, method: str, url: str, token: str, headers: Mapping[str, str] | None, body: bytes | None
    ) -> requests.Response:
        all_headers = {"Authorization": f"Bearer {token}", **(headers or {})}
        if body is not None:
            all_headers.setdefault("Content-Type", "application/json")
        attempts = 2 if method == "GET" else 1
        while True:
            self.calls += 1
            attempts -= 1
            try:
                return self._http.request(
                    method, url, headers=all_headers, data=body, timeout=TIMEOUT, allow_redirects=False
                )
            except (requests.exceptions.ConnectTimeout, requests.exceptions.SSLError) as error:
                raise Unreachable(self.service) from error
            except requests.exceptions.ConnectionError as error:
                if _never_connected(error):
                    raise Unreachable(self.service) from error
                if not attempts:
                    raise NoAnswer(self.service) from error
            except requests.exceptions.RequestException as error:
                raise NoAnswer(self.service) from error

    def _server_date(self, response: requests.Response) -> datetime:
        now = self._clock()
        try:
            date = parsedate_to_datetime(response.headers["Date"]).astimezone(UTC)
        except (KeyError, ValueError):
            return now
        self.clock_skew = date - now
        return date


def _never_connected(error: requests.exceptions.ConnectionError) -> bool:
    cause = error.args[0] if error.args else None
    reason = getattr(cause, "reason", cause)
    return type(reason).__name__ in {"NewConnectionError", "NameResolutionError", "ConnectTimeoutError"}
