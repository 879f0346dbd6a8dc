"""Xero's OAuth and its connections over a mocked wire."""

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import responses

from syncengine.transport.errors import ServerTrouble, Unreachable, UnreadableAnswer
from syncengine.transport.oauth import InvalidGrant, TokenSet
from syncengine.xero.oauth import XeroConnection, XeroOAuth, claims

NOW = datetime(2026, 5, 4, 13, 30, tzinfo=UTC)
BACK = "https://sync.example/connections/xero/callback/"
APP = XeroOAuth(
    login_url="https://login.xero.com",
    identity_url="https://identity.xero.com",
    api_url="https://api.xero.com",
    client_id="abc",
    client_secret="xyz",
)
TOKEN_URL = "https://identity.xero.com/connect/token"
CONNECTIONS = "https://api.xero.com/connections"


@pytest.fixture
def http() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


def jwt(**said: Any) -> str:
    payload = base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")
    return f"e30.{payload}.signature"


def test_the_consents_address_asks_for_the_granular_scopes_and_no_attachments() -> None:
    address = urlsplit(APP.authorize_url(state="s1", redirect_uri=BACK))
    asked = parse_qs(address.query)
    assert address.geturl().startswith("https://login.xero.com/identity/connect/authorize?")
    assert asked["scope"][0].split() == [
        "openid",
        "profile",
        "email",
        "offline_access",
        "accounting.contacts",
        "accounting.invoices",
        "accounting.payments",
        "accounting.banktransactions",
        "accounting.settings.read",
    ]
    assert (asked["state"], asked["redirect_uri"], asked["client_id"]) == (["s1"], [BACK], ["abc"])


def test_a_code_is_exchanged_with_the_secret_in_the_header(http: responses.RequestsMock) -> None:
    more = "openid accounting.contacts accounting.reports.read"  # scopes add up over consents (X 9.7)
    http.post(TOKEN_URL, json={"token_type": "Bearer", "access_token": "at", "refresh_token": "rt", "expires_in": 1800,
                               "id_token": "idt", "scope": more})  # fmt: skip
    tokens = APP.fetch_token(code="c1", redirect_uri=BACK, now=NOW)
    assert (tokens.access_token, tokens.refresh_token, tokens.id_token, tokens.scope) == ("at", "rt", "idt", more)
    assert tokens.expires_at == NOW + timedelta(minutes=30)
    sent = http.calls[0].request
    assert sent.headers["Authorization"] == "Basic " + base64.b64encode(b"abc:xyz").decode()
    assert parse_qs(str(sent.body)) == {"grant_type": ["authorization_code"], "code": ["c1"], "redirect_uri": [BACK]}


def test_refreshing_gives_the_rotated_pair(http: responses.RequestsMock) -> None:
    http.post(
        TOKEN_URL, json={"token_type": "Bearer", "access_token": "at2", "refresh_token": "rt2", "scope": "openid"}
    )
    tokens = APP.refresh(refresh_token="rt1", now=NOW)
    assert (tokens.access_token, tokens.refresh_token) == ("at2", "rt2")
    sent = http.calls[0].request
    assert sent.headers["Authorization"].startswith("Basic ")
    assert parse_qs(str(sent.body)) == {"grant_type": ["refresh_token"], "refresh_token": ["rt1"]}


def test_a_refresh_token_that_was_used_up_says_so(http: responses.RequestsMock) -> None:
    http.post(TOKEN_URL, status=400, json={"error": "invalid_grant"})
    with pytest.raises(InvalidGrant):
        APP.refresh(refresh_token="rt1", now=NOW)


def test_the_tokens_name_the_login_and_its_consent() -> None:
    tokens = TokenSet(jwt(xero_userid="u1", authentication_event_id="e1"), "rt", NOW)
    assert claims(tokens)["xero_userid"] == "u1"
    assert claims(tokens)["authentication_event_id"] == "e1"


def test_an_opaque_access_token_leaves_it_to_the_id_token() -> None:
    assert claims(TokenSet("opaque", "rt", NOW, id_token=jwt(xero_userid="u1")))["xero_userid"] == "u1"
    both = TokenSet(jwt(authentication_event_id="e1"), "rt", NOW, id_token=jwt(xero_userid="u1"))
    assert claims(both) == {"xero_userid": "u1", "authentication_event_id": "e1"}


@pytest.mark.parametrize("token", ["opaque", "a.b", "a.!!!.c", "a.W10.c", ""])
def test_tokens_that_say_nothing_have_no_claims(token: str) -> None:
    assert claims(TokenSet(token, "rt", NOW)) == {}


def test_connections_are_listed(http: responses.RequestsMock) -> None:
    made = "2026-05-04T13:30:00.0000000"
    row = {"id": "k1", "authEventId": "e1", "tenantId": "t1", "tenantType": "ORGANISATION", "tenantName": "Reyes Law",
           "createdDateUtc": made, "updatedDateUtc": made}  # fmt: skip
    http.get(CONNECTIONS, json=[row])
    assert APP.connections(access_token="at") == [XeroConnection("k1", "t1", "ORGANISATION", "Reyes Law", "e1")]
    assert http.calls[0].request.headers["Authorization"] == "Bearer at"


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (401, "{}", InvalidGrant),
        (503, "later", ServerTrouble),
        (200, "<html>", UnreadableAnswer),
        (200, '[{"id": "k1"}]', UnreadableAnswer),
    ],
)
def test_connections_that_cannot_be_read_say_why(
    http: responses.RequestsMock, status: int, body: str, error: type[Exception]
) -> None:
    http.get(CONNECTIONS, status=status, body=body)
    with pytest.raises(error):
        APP.connections(access_token="at")


def test_one_organisation_is_disconnected_and_one_that_is_gone_counts_as_well(http: responses.RequestsMock) -> None:
    http.delete(f"{CONNECTIONS}/k1", status=204)
    http.delete(f"{CONNECTIONS}/k2", status=404)
    http.delete(f"{CONNECTIONS}/k3", status=500)
    done = [APP.delete_connection(access_token="at", connection_id=key) for key in ("k1", "k2", "k3")]
    assert done == [True, True, False]


def test_xero_that_cannot_be_reached_says_so(http: responses.RequestsMock) -> None:
    http.get(CONNECTIONS, body=requests.exceptions.ConnectionError())
    with pytest.raises(Unreachable):
        APP.connections(access_token="at")
