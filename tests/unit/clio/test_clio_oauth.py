"""Clio's OAuth over a mocked wire."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import responses

from syncengine.clio.oauth import ClioOAuth
from syncengine.transport.errors import ServerTrouble, Unreachable
from syncengine.transport.oauth import InvalidGrant, OAuthProblem

NOW = datetime(2026, 5, 4, 13, 30, tzinfo=UTC)
BACK = "https://sync.example/connections/clio/callback/"
APP = ClioOAuth(base_url="https://ca.app.clio.com", client_id="abc", client_secret="xyz & more")
TOKEN_URL = "https://ca.app.clio.com/oauth/token"


@pytest.fixture
def http() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


def form(http: responses.RequestsMock) -> dict[str, list[str]]:
    return parse_qs(str(http.calls[0].request.body))


def test_the_consents_address_has_no_scope_and_brings_a_refusal_back() -> None:
    address = urlsplit(APP.authorize_url(state="s1", redirect_uri=BACK))
    assert address.geturl().startswith("https://ca.app.clio.com/oauth/authorize?")
    assert parse_qs(address.query) == {
        "response_type": ["code"],
        "client_id": ["abc"],
        "redirect_uri": [BACK],
        "state": ["s1"],
        "redirect_on_decline": ["true"],
    }


def test_a_code_is_exchanged_with_the_secret_in_the_form(http: responses.RequestsMock) -> None:
    answer = {"token_type": "bearer", "access_token": "at_111", "expires_in": 2592000, "refresh_token": "rt_222"}
    http.post(TOKEN_URL, json=answer)
    tokens = APP.fetch_token(code="Q1w2", redirect_uri=BACK, now=NOW)
    assert (tokens.access_token, tokens.refresh_token) == ("at_111", "rt_222")
    assert tokens.expires_at == NOW + timedelta(days=30)
    assert form(http) == {
        "grant_type": ["authorization_code"],
        "code": ["Q1w2"],
        "redirect_uri": [BACK],
        "client_id": ["abc"],
        "client_secret": ["xyz & more"],
    }
    assert "Authorization" not in http.calls[0].request.headers


def test_refreshing_keeps_the_refresh_token_unless_a_new_one_comes(http: responses.RequestsMock) -> None:
    http.post(TOKEN_URL, json={"token_type": "bearer", "access_token": "at_333", "expires_in": 604800})
    http.post(TOKEN_URL, json={"token_type": "bearer", "access_token": "at_444", "refresh_token": "rt_555"})
    assert APP.refresh(refresh_token="rt_222", now=NOW).refresh_token == "rt_222"
    assert APP.refresh(refresh_token="rt_222", now=NOW).refresh_token == "rt_555"
    assert form(http)["client_secret"] == ["xyz & more"]


def test_a_grant_that_no_longer_holds_says_so(http: responses.RequestsMock) -> None:
    http.post(TOKEN_URL, status=400, json={"error": "invalid_grant", "error_description": "revoked"})
    with pytest.raises(InvalidGrant):
        APP.refresh(refresh_token="rt_222", now=NOW)


def test_another_refusal_is_no_lost_grant(http: responses.RequestsMock) -> None:
    http.post(TOKEN_URL, status=401, json={"error": "invalid_client"})
    with pytest.raises(OAuthProblem, match="invalid_client") as caught:
        APP.refresh(refresh_token="rt_222", now=NOW)
    assert not isinstance(caught.value, InvalidGrant)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_failing_token_server_is_no_lost_grant(http: responses.RequestsMock, status: int) -> None:
    http.post(TOKEN_URL, status=status, body="<html>later</html>")
    with pytest.raises(ServerTrouble):
        APP.refresh(refresh_token="rt_222", now=NOW)


def test_an_answer_that_makes_no_sense_is_a_problem_and_not_a_crash(http: responses.RequestsMock) -> None:
    http.post(TOKEN_URL, body="<html>hello</html>")
    with pytest.raises(OAuthProblem):
        APP.refresh(refresh_token="rt_222", now=NOW)


def test_a_token_server_that_cannot_be_reached_is_no_lost_grant(http: responses.RequestsMock) -> None:
    http.post(TOKEN_URL, body=requests.exceptions.ConnectTimeout())
    with pytest.raises(Unreachable):
        APP.refresh(refresh_token="rt_222", now=NOW)


def test_deauthorizing_sends_the_token_twice_as_clio_documents(http: responses.RequestsMock) -> None:
    http.post("https://ca.app.clio.com/oauth/deauthorize", body="")
    assert APP.deauthorize(access_token="at_111")
    assert form(http) == {"token": ["at_111"]}
    assert http.calls[0].request.headers["Authorization"] == "Bearer at_111"


def test_plain_http_is_for_this_machine_only_and_leaves_no_trace(http: responses.RequestsMock) -> None:
    here = ClioOAuth(base_url="http://127.0.0.1:8010", client_id="abc", client_secret="xyz")
    http.post("http://127.0.0.1:8010/oauth/token", json={"token_type": "bearer", "access_token": "at_1"})
    assert here.authorize_url(state="s", redirect_uri=BACK).startswith("http://127.0.0.1:8010/")
    assert here.refresh(refresh_token="rt", now=NOW).access_token == "at_1"
    assert "OAUTHLIB_INSECURE_TRANSPORT" not in os.environ
    elsewhere = ClioOAuth(base_url="http://clio.example", client_id="abc", client_secret="xyz")
    with pytest.raises(OAuthProblem):
        elsewhere.refresh(refresh_token="rt", now=NOW)
    with pytest.raises(OAuthProblem):
        elsewhere.authorize_url(state="s", redirect_uri=BACK)


def test_what_is_printed_holds_no_secret(http: responses.RequestsMock) -> None:
    http.post(TOKEN_URL, json={"token_type": "bearer", "access_token": "at_111", "refresh_token": "rt_222"})
    tokens = APP.fetch_token(code="Q1w2", redirect_uri=BACK, now=NOW)
    assert not any(secret in f"{tokens!r} {APP!r}" for secret in ("at_111", "rt_222", "xyz"))
