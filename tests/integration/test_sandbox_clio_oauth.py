"""The stand-in Clio's OAuth, over real HTTP."""

from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from sandbox.clock import Clock
from tests.support.clio_stand_in import APP, REDIRECT, Clio

NOW = datetime(2026, 5, 20, 13, 30, tzinfo=UTC)


@pytest.fixture
def clio() -> Iterator[Clio]:
    with Clio(clock=Clock(lambda: NOW), bills=5) as stand_in:
        yield stand_in


def query_of(answer: requests.Response) -> dict[str, list[str]]:
    return parse_qs(urlsplit(answer.headers["Location"]).query)


def redeem(clio: Clio, code: str, **form: str) -> requests.Response:
    return clio.ask_token(**{"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT, **form})


def test_the_consent_page_says_that_it_is_a_stand_in_and_keeps_the_parameters(clio: Clio) -> None:
    params = {"response_type": "code", "client_id": "clio-demo", "redirect_uri": REDIRECT, "state": "a<b"}
    page = clio.session.get(f"{clio.url}/oauth/authorize", params=params)
    assert page.status_code == 200
    assert "Stand-in Clio — not Clio" in page.text
    assert "name='state' value='a&lt;b'" in page.text
    assert "value='allow'" in page.text
    assert "value='decline'" in page.text


@pytest.mark.parametrize("missing", ["response_type", "client_id", "redirect_uri"])
def test_an_authorize_request_needs_its_parameters(clio: Clio, missing: str) -> None:
    params = {"response_type": "code", "client_id": "clio-demo", "redirect_uri": REDIRECT}
    del params[missing]
    assert clio.session.get(f"{clio.url}/oauth/authorize", params=params).status_code == 400


def test_allowing_leads_back_with_a_code_and_the_state(clio: Clio) -> None:
    answer = clio.authorize(state="s 1")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(f"{REDIRECT}?code=")
    assert query_of(answer)["state"] == ["s 1"]


def test_declining_leads_back_only_where_that_was_asked_for(clio: Clio) -> None:
    back = clio.authorize(decision="decline", redirect_on_decline="true")
    assert query_of(back) == {"error": ["access_denied"], "state": ["s1"]}
    assert "Declined" in clio.authorize(decision="decline").text


def test_a_code_is_good_once(clio: Clio) -> None:
    code = clio.code()
    reply = redeem(clio, code).json()
    assert reply.keys() == {"token_type", "access_token", "expires_in", "refresh_token"}
    assert (reply["token_type"], reply["expires_in"]) == ("bearer", 2_592_000)
    again = redeem(clio, code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


def test_a_code_lives_ten_minutes(clio: Clio) -> None:
    early, late = clio.code(), clio.code()
    clio.server.clock.advance(599)
    assert redeem(clio, early).status_code == 200
    clio.server.clock.advance(1)
    assert redeem(clio, late).json()["error"] == "invalid_grant"


def test_the_redirect_uri_must_be_the_one_of_the_authorize_request(clio: Clio) -> None:
    assert redeem(clio, clio.code(), redirect_uri="http://localhost:9/other").json()["error"] == "invalid_grant"


def test_a_json_body_is_refused(clio: Clio) -> None:
    body = {**APP, "grant_type": "authorization_code", "code": clio.code(), "redirect_uri": REDIRECT}
    answer = clio.session.post(f"{clio.url}/oauth/token", json=body)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_a_wrong_secret_is_refused(clio: Clio) -> None:
    answer = redeem(clio, clio.code(), client_secret="other")
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_an_unknown_client_must_keep_to_its_first_secret(clio: Clio) -> None:
    def ask(secret: str) -> str:
        code = query_of(clio.authorize(client_id="firm-app"))["code"][0]
        reply = redeem(clio, code, client_id="firm-app", client_secret=secret).json()
        return str(reply.get("error", "accepted"))

    assert [ask("one"), ask("two"), ask("one")] == ["accepted", "invalid_client", "accepted"]


def test_with_strict_clients_only_those_given_exist() -> None:
    with Clio(bills=5, clients={"mine": "m"}, strict_clients=True) as clio:
        assert clio.authorize().status_code == 400
        assert clio.authorize(client_id="mine").status_code == 302


def test_a_refresh_token_lasts_and_does_not_rotate(clio: Clio) -> None:
    refresh = clio.connect()["refresh_token"]
    for _ in range(2):
        reply = clio.ask_token(grant_type="refresh_token", refresh_token=refresh).json()
        assert reply.keys() == {"token_type", "access_token", "expires_in"}
    assert clio.get("bills").status_code == 200  # the first access token still works


def test_an_access_token_ends_with_its_time(clio: Clio) -> None:
    clio.control("POST", "limits", {"token_seconds": 60})
    assert clio.connect()["expires_in"] == 60
    clio.server.clock.advance(60)
    answer = clio.get("bills")
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_token")


def test_deauthorizing_ends_the_grant(clio: Clio) -> None:
    reply = clio.connect()
    headers = {"Authorization": f"Bearer {reply['access_token']}"}
    answer = clio.session.post(f"{clio.url}/oauth/deauthorize", data={"token": reply["access_token"]}, headers=headers)
    assert answer.status_code == 200
    assert clio.get("bills").status_code == 401
    refreshed = clio.ask_token(grant_type="refresh_token", refresh_token=reply["refresh_token"])
    assert refreshed.json()["error"] == "invalid_grant"


def test_deauthorizing_needs_a_good_token(clio: Clio) -> None:
    clio.connect()
    assert clio.session.post(f"{clio.url}/oauth/deauthorize", data={"token": "x"}).status_code == 401


def test_revoked_tokens_are_refused_and_cannot_be_refreshed(clio: Clio) -> None:
    refresh = clio.connect()["refresh_token"]
    assert clio.act("revoke_tokens") == {"revoked": 1}
    assert clio.get("bills").json()["error"] == "invalid_token"
    assert clio.ask_token(grant_type="refresh_token", refresh_token=refresh).json()["error"] == "invalid_grant"


def test_the_approval_page_shows_the_code_of_an_application_without_a_web_server(clio: Clio) -> None:
    answer = clio.authorize(redirect_uri=f"{clio.url}/oauth/approval")
    page = clio.session.get(answer.headers["Location"])
    assert f"<code id='code'>{query_of(answer)['code'][0]}</code>" in page.text
