"""What the two OAuth flows have in common, over requests-oauthlib. Nothing here keeps or logs a token."""

import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from oauthlib.oauth2 import OAuth2Error
from requests_oauthlib import OAuth2Session

from syncengine.transport.errors import ServerTrouble, TransportError, Unreachable
from syncengine.transport.session import TIMEOUT, USER_AGENT

_LOCAL: Final = frozenset({"localhost", "127.0.0.1"})
_SWITCH: Final = "OAUTHLIB_INSECURE_TRANSPORT"
HEADERS: Final = {"User-Agent": USER_AGENT, "Accept": "application/json"}

# At DEBUG both write tokens and secrets into the log.
for _name in ("requests_oauthlib", "oauthlib"):
    logging.getLogger(_name).setLevel(logging.INFO)


class OAuthProblem(TransportError):  # noqa: N818
    """The consent or the tokens could not be had; the message says what the other side said."""


class InvalidGrant(OAuthProblem):
    """The code or refresh token no longer holds: somebody must consent again."""


@dataclass(frozen=True, slots=True)
class TokenSet:
    """Tokens as they were given. `expires_at` is UTC."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: datetime
    scope: str = ""
    id_token: str = field(default="", repr=False)


class _PlainHttp:
    """oauthlib's switch for plain http, on while somebody needs it; only ever for this machine (DESIGN §5)."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._users = 0
        self._before: str | None = None

    @contextmanager
    def allowed_for(self, url: str) -> Iterator[None]:
        parts = urlsplit(url)
        if parts.scheme != "http" or parts.hostname not in _LOCAL:
            yield
            return
        with self._lock:
            self._users += 1
            if self._users == 1:
                self._before = os.environ.get(_SWITCH)
                os.environ[_SWITCH] = "1"
        try:
            yield
        finally:
            with self._lock:
                self._users -= 1
                if not self._users:
                    os.environ.pop(_SWITCH, None)
                    if self._before is not None:
                        os.environ[_SWITCH] = self._before


_plain_http = _PlainHttp()


def consent_url(service: str, flow: OAuth2Session, url: str, **params: str) -> str:
    """The address to send a person to. Raises OAuthProblem for plain http anywhere but on this machine."""
    try:
        with _plain_http.allowed_for(url):
            address, _state = flow.authorization_url(url, **params)
    except OAuth2Error as error:
        raise OAuthProblem(service, "Plain http is only for a service on this machine.") from error
    return str(address)


def ask_for_tokens(service: str, url: str, ask: Callable[[], Mapping[str, Any]], *, now: datetime) -> TokenSet:
    """Call a token endpoint and read its answer.

    Raises:
        InvalidGrant: the other side says invalid_grant.
        Unreachable, ServerTrouble, OAuthProblem: anything else went wrong; what is kept still holds.
    """
    try:
        with _plain_http.allowed_for(url):
            plain = ask()
        return TokenSet(
            access_token=str(plain["access_token"]),
            refresh_token=str(plain.get("refresh_token") or ""),
            expires_at=now + timedelta(seconds=float(plain.get("expires_in") or 1800)),
            scope=" ".join(plain["scope"]) if isinstance(plain.get("scope"), list) else str(plain.get("scope") or ""),
            id_token=str(plain.get("id_token") or ""),
        )
    except OAuth2Error as error:
        said = str(error.error or "")
        if said == "invalid_grant":
            raise InvalidGrant(service, "The consent no longer holds: connect again.") from error
        raise OAuthProblem(service, f"The login was refused ({said or 'no reason'}).") from error
    except requests.exceptions.RequestException as error:
        raise Unreachable(service) from error
    except (KeyError, ValueError, TypeError) as error:
        raise OAuthProblem(service, "The answer to the login could not be read.") from error


def session(service: str, client_id: str, *, redirect_uri: str = "", scope: list[str] | None = None) -> OAuth2Session:
    """A requests-oauthlib session that takes no proxy or password from the environment.

    Only a consent's address names scopes: an answer may list more of them than were asked for, which oauthlib takes for
    an error where it knows what was asked (X 9.7).
    """
    made = OAuth2Session(client_id, redirect_uri=redirect_uri or None, scope=scope)
    made.trust_env = False

    def check(response: requests.Response) -> requests.Response:
        if response.status_code == 429 or response.status_code >= 500:
            raise ServerTrouble(service, response.status_code)
        return response

    for hook in ("access_token_response", "refresh_token_response"):
        made.register_compliance_hook(hook, check)
    return made


def call_with_token(
    service: str, method: str, url: str, *, access_token: str, form: Mapping[str, str] | None = None
) -> requests.Response:
    """Make one call outside the limits, as connecting and disconnecting need. Raises Unreachable."""
    headers = {**HEADERS, "Authorization": f"Bearer {access_token}"}
    with requests.Session() as http:
        http.trust_env = False
        try:
            return http.request(method, url, headers=headers, data=form, timeout=TIMEOUT, allow_redirects=False)
        except requests.exceptions.RequestException as error:
            raise Unreachable(service) from error
