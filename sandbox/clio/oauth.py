"""Clio's OAuth (C 1.3 to 1.14): authorization code only, form-encoded, refresh tokens that last and never rotate."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlencode, urlsplit

from werkzeug.datastructures import MultiDict
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from sandbox.answers import json_response
from sandbox.clio.errors import ApiError, bad_token, no_token
from sandbox.clio.pages.consent import approval_page, consent_page, message_page

CODE_MINUTES = 10
DEMO_CLIENTS = {"clio-demo": "clio-demo-secret"}
APPROVAL_PATH = "/oauth/approval"


@dataclass
class Grant:
    """One consent: the app's lasting refresh token and the access tokens made from it."""

    client_id: str
    refresh_token: str
    access: dict[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True)
class _Code:
    client_id: str
    redirect_uri: str
    expires: datetime


class OAuth:
    """Codes, grants and tokens. Not thread safe: the server holds its lock.

    A client that is not known is taken as registered with the first secret that it shows; from then on that is
    its secret. With `strict`, only the clients given exist.
    """

    def __init__(self, clients: Mapping[str, str] | None = None, *, strict: bool = False) -> None:
        self._first_clients = dict(DEMO_CLIENTS if clients is None else clients)
        self._strict = strict
        self.reset()

    def reset(self) -> None:
        """Forget every consent, and clients that were learned."""
        self._clients = dict(self._first_clients)
        self._codes: dict[str, _Code] = {}
        self._grants: dict[str, Grant] = {}
        self._by_access: dict[str, Grant] = {}

    def revoke_all(self) -> int:
        """Revoke every grant, as a user of the firm may do in Clio; answers how many there were."""
        count = len(self._grants)
        self._codes.clear()
        self._grants.clear()
        self._by_access.clear()
        return count

    def connected(self) -> list[str]:
        """The client of every grant."""
        return sorted(grant.client_id for grant in self._grants.values())

    # The consent page

    def authorize(self, request: Request, *, firm: str, now: datetime) -> Response:
        """GET shows the consent page; POST carries out what was decided on it."""
        params = request.form if request.method == "POST" else request.args
        client_id, redirect_uri = params.get("client_id", ""), params.get("redirect_uri", "")
        wrong = self._wrong_request(params)
        if wrong:
            return message_page("This request cannot be answered", wrong, status=400)
        if request.method == "GET":
            kept = ("client_id", "redirect_uri", "response_type", "state", "redirect_on_decline")
            return consent_page(firm, client_id, {name: params[name] for name in kept if name in params})
        state = {"state": params["state"]} if "state" in params else {}
        if params.get("decision") != "allow":
            if params.get("redirect_on_decline") == "true":
                return redirect(_with_query(redirect_uri, {"error": "access_denied", **state}))
            return message_page("Declined", "The application was not connected.")
        code = secrets.token_urlsafe(16)
        self._codes[code] = _Code(client_id, redirect_uri, now + timedelta(minutes=CODE_MINUTES))
        return redirect(_with_query(redirect_uri, {"code": code, **state}))

    def approval(self, request: Request) -> Response:
        """Where applications without a web server are sent: shows the code."""
        return approval_page(request.args.get("code", ""))

    def _wrong_request(self, params: MultiDict[str, str]) -> str | None:
        if params.get("response_type") != "code":
            return "response_type must be code."
        if not params.get("client_id"):
            return "client_id is missing."
        if self._strict and params["client_id"] not in self._clients:
            return "client_id is not known."
        if urlsplit(params.get("redirect_uri", "")).scheme not in {"http", "https"}:
            return "redirect_uri is missing or not a web address."
        return None

    # Tokens

    def token(self, request: Request, *, now: datetime, life_seconds: int) -> Response:
        """POST /oauth/token: a code or a refresh token for an access token."""
        if request.mimetype != "application/x-www-form-urlencoded":
            return _refused("invalid_request", "The request must be form-encoded")
        form = request.form
        if not self._client_ok(form.get("client_id", ""), form.get("client_secret", "")):
            return _refused("invalid_client", "Client authentication failed", status=401)
        kind = form.get("grant_type")
        if kind == "authorization_code":
            grant = self._from_code(form, now)
        elif kind == "refresh_token":
            grant = self._grants.get(form.get("refresh_token", ""))
            if grant and grant.client_id != form.get("client_id"):
                grant = None
        else:
            return _refused("unsupported_grant_type", "The grant type is not supported")
        if grant is None:
            return _refused("invalid_grant", "The grant is invalid, expired, revoked or used up")
        access = secrets.token_urlsafe(24)
        grant.access[access] = now + timedelta(seconds=life_seconds)
        self._by_access[access] = grant
        answer = {"token_type": "bearer", "access_token": access, "expires_in": life_seconds}
        if kind == "authorization_code":
            answer["refresh_token"] = grant.refresh_token
        return json_response(answer)

    def deauthorize(self, request: Request, *, now: datetime) -> Response:
        """POST /oauth/deauthorize: ends the grant of the token."""
        try:
            grant = self._by_access[self.check(request, now=now)]
        except ApiError as error:
            return error.response()
        if self._by_access.get(request.form.get("token", "")) is not grant:
            return _refused("invalid_request", "token must be an access token of this grant")
        for access in grant.access:
            del self._by_access[access]
        del self._grants[grant.refresh_token]
        return json_response({})

    def check(self, request: Request, *, now: datetime) -> str:
        """The request's access token, if it is good. Raises ApiError (401), in one of two shapes (C 2.26)."""
        header = request.headers.get("Authorization", "")
        scheme, _, access = header.partition(" ")
        if scheme.lower() != "bearer" or not access:
            raise no_token()
        grant = self._by_access.get(access)
        if grant is None or grant.access[access] <= now:
            raise bad_token()
        return access

    def _client_ok(self, client_id: str, secret: str) -> bool:
        if not client_id or not secret or (self._strict and client_id not in self._clients):
            return False
        return self._clients.setdefault(client_id, secret) == secret

    def _from_code(self, form: MultiDict[str, str], now: datetime) -> Grant | None:
        """The new grant; the code is used up whatever comes of it."""
        code = self._codes.pop(form.get("code", ""), None)
        if code is None or code.expires <= now:
            return None
        if (code.client_id, code.redirect_uri) != (form.get("client_id"), form.get("redirect_uri")):
            return None
        grant = Grant(code.client_id, secrets.token_urlsafe(24))
        self._grants[grant.refresh_token] = grant
        return grant


def _with_query(address: str, values: Mapping[str, str]) -> str:
    return f"{address}{'&' if urlsplit(address).query else '?'}{urlencode(values)}"


def _refused(error: str, description: str, *, status: int = 400) -> Response:
    return json_response({"error": error, "error_description": description}, status=status)
