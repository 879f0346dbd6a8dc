"""What the two OAuth flows have in common, over requests-oauthlib."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

import requests
from oauthlib.oauth2 import OAuth2Error
from requests_oauthlib import OAuth2Session

from syncengine.transport.errors import TransportError, Unreachable

_LOCAL = frozenset({"localhost", "127.0.0.1"})
_SWITCH = Lock()


class OAuthProblem(TransportError):  # noqa: N818
    """The consent or the tokens could not be had; the message says what the other side said."""


class InvalidGrant(OAuthProblem):
    """The code or refresh token no longer holds: somebody must consent again."""


@dataclass(frozen=True, slots=True)
class TokenSet:
    """Tokens as they were given. `expires_at` is UTC."""

    access_token: str
    refresh_token: str
    expires_at: datetime
    scope: str = ""
    id_token: str = ""


@contextmanager
def _allowing(url: str) -> Iterator[None]:
    """Let oauthlib speak plain http, only where the service's host is this machine (DESIGN §5)."""
    parts = urlsplit(url)
    names = {"OAUTHLIB_RELAX_TOKEN_SCOPE": "1"}
    if parts.scheme == "http" and parts.hostname in _LOCAL:
        names["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
    with _SWITCH:
        before = {name: os.environ.get(name) for name in names}
        os.environ.update(names)
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value


def ask_for_tokens(service: str, url: str, ask: Callable[[], Mapping[str, Any]], *, now: datetime) -> TokenSet:
    """Call a token endpoint and read its answer.

    Raises:
        InvalidGrant: the other side says invalid_grant.
        Unreachable, OAuthProblem: anything else went wrong.
    """
    try:
        with _allowing(url):
            plain = ask()
        return TokenSet(
            access_token=str(plain["access_token"]),
            refresh_token=str(plain.get("refresh_token") or ""),
            expires_at=now + timedelta(seconds=float(plain.get("expires_in") or 1800)),
            scope=" ".join(plain["scope"]) if isinstance(plain.get("scope"), list) else str(plain.get("scope") or ""),
            id_token=str(plain.get("id_token") or ""),
        )
    except OAuth2Error as error:
        if getattr(error, "error", "") == "invalid_grant":
            raise InvalidGrant(service, "The consent no longer holds: connect again.") from error
        raise OAuthProblem(service, f"The login was refused ({getattr(error, 'error', '') or 'no reason'}).") from error
    except requests.exceptions.RequestException as error:
        raise Unreachable(service) from error
    except (KeyError, ValueError) as error:
        raise OAuthProblem(service, "The answer to the login could not be read.") from error


def session(client_id: str, *, redirect_uri: str = "", scope: list[str] | None = None) -> OAuth2Session:
    """A requests-oauthlib session that takes no proxy or password from the environment."""
    made = OAuth2Session(client_id, redirect_uri=redirect_uri or None, scope=scope)
    made.trust_env = False
    return made
