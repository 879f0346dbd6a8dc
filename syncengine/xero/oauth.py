"""Xero's OAuth and its connections (X §9): rotating refresh tokens, several organisations under one login."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import requests

from syncengine.transport.errors import ServerTrouble, UnreadableAnswer
from syncengine.transport.oauth import (
    HEADERS,
    InvalidGrant,
    TokenSet,
    ask_for_tokens,
    call_with_token,
    consent_url,
    session,
)
from syncengine.transport.session import TIMEOUT

SCOPES: Final = (
    "openid",
    "profile",
    "email",
    "offline_access",
    "accounting.contacts",
    "accounting.invoices",
    "accounting.payments",
    "accounting.banktransactions",
    "accounting.settings.read",
)


@dataclass(frozen=True, slots=True)
class XeroConnection:
    """An organisation that a login connected to the application."""

    connection_id: str
    tenant_id: str
    tenant_type: str
    name: str
    auth_event_id: str


@dataclass(frozen=True, slots=True)
class XeroOAuth:
    """The application at Xero."""

    login_url: str
    identity_url: str
    api_url: str
    client_id: str
    client_secret: str = field(repr=False)

    def authorize_url(self, *, state: str, redirect_uri: str) -> str:
        """Where to send the admin."""
        flow = session("xero", self.client_id, redirect_uri=redirect_uri, scope=list(SCOPES))
        return consent_url("xero", flow, f"{self.login_url}/identity/connect/authorize", state=state)

    def fetch_token(self, *, code: str, redirect_uri: str, now: datetime) -> TokenSet:
        """Exchange a code. Raises InvalidGrant, OAuthProblem, ServerTrouble, Unreachable."""
        url = f"{self.identity_url}/connect/token"
        flow = session("xero", self.client_id, redirect_uri=redirect_uri)
        auth = requests.auth.HTTPBasicAuth(self.client_id, self.client_secret)
        return ask_for_tokens(
            "xero",
            url,
            lambda: flow.fetch_token(url, code=code, auth=auth, headers=HEADERS, timeout=TIMEOUT),
            now=now,
        )

    def refresh(self, *, refresh_token: str, now: datetime) -> TokenSet:
        """Renew; the refresh token that comes back takes the place of this one (X 9.2)."""
        url = f"{self.identity_url}/connect/token"
        flow = session("xero", self.client_id)
        auth = requests.auth.HTTPBasicAuth(self.client_id, self.client_secret)
        fresh = ask_for_tokens(
            "xero",
            url,
            lambda: flow.refresh_token(url, refresh_token=refresh_token, auth=auth, headers=HEADERS, timeout=TIMEOUT),
            now=now,
        )
        return TokenSet(fresh.access_token, fresh.refresh_token or refresh_token, fresh.expires_at, fresh.scope)

    def connections(self, *, access_token: str) -> list[XeroConnection]:
        """The organisations under this login. Raises InvalidGrant, ServerTrouble, Unreachable, UnreadableAnswer."""
        answer = self._call("GET", "/connections", access_token)
        if answer.status_code in {401, 403}:
            raise InvalidGrant("xero", "Xero no longer accepts the login: connect again.")
        if not answer.ok:
            raise ServerTrouble("xero", answer.status_code)
        try:
            return [_connection(row) for row in answer.json()]
        except (ValueError, KeyError, TypeError) as error:
            raise UnreadableAnswer("xero", "the list of organisations") from error

    def delete_connection(self, *, access_token: str, connection_id: str) -> bool:
        """Disconnect one organisation, not the login's whole consent (X 9.5). Gives whether Xero took note."""
        return self._call("DELETE", f"/connections/{connection_id}", access_token).status_code in {204, 404}

    def _call(self, method: str, path: str, access_token: str) -> requests.Response:
        return call_with_token("xero", method, f"{self.api_url}{path}", access_token=access_token)


def _connection(row: Mapping[str, Any]) -> XeroConnection:
    return XeroConnection(
        connection_id=str(row["id"]),
        tenant_id=str(row["tenantId"]),
        tenant_type=str(row.get("tenantType") or "ORGANISATION"),
        name=str(row.get("tenantName") or ""),
        auth_event_id=str(row.get("authEventId") or ""),
    )


def claims(tokens: TokenSet) -> dict[str, Any]:
    """What the tokens say of the login: xero_userid, authentication_event_id; empty where they are opaque.

    The access token is asked first, then the id token. The signature is not checked: both came straight from Xero's
    token endpoint, over a connection of our own.
    """
    found: dict[str, Any] = {}
    for token in (tokens.id_token, tokens.access_token):
        try:
            payload = token.split(".")[1]
            plain = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        except (IndexError, ValueError):
            continue
        if isinstance(plain, dict):
            found |= plain
    return found
