"""How a session classifies what comes back, renews tokens and guards its token."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import requests
import responses
from urllib3.exceptions import MaxRetryError, NewConnectionError, ProtocolError

from syncengine.transport.errors import (
    Disconnected,
    LimitReached,
    NoAnswer,
    NotAuthorised,
    Refused,
    ServerTrouble,
    TransportError,
    Unreachable,
    UnreadableAnswer,
)
from syncengine.transport.session import ForeignAddress
from tests.support.fake_transport import NOW, FakeTokens, OpenLimiter, open_session

BASE = "https://api.example"
BILLS = f"{BASE}/api/v4/bills.json"


@pytest.fixture
def http() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


def dropped() -> requests.exceptions.ConnectionError:
    return requests.exceptions.ConnectionError(ProtocolError("Connection aborted.", ConnectionResetError(104)))


def never_connected() -> requests.exceptions.ConnectionError:
    reason = NewConnectionError(None, "Connection refused")  # type: ignore[arg-type]
    return requests.exceptions.ConnectionError(MaxRetryError(None, "/", reason))  # type: ignore[arg-type]


def test_a_read_carries_token_and_user_agent_and_its_numbers_are_exact(http: responses.RequestsMock) -> None:
    http.get(BILLS, body=b'{"due": 1207.10, "id": 9007199254740993}', headers={"Date": "Mon, 04 May 2026 13:30:07 GMT"})
    session = open_session(BASE)
    answer = session.request("GET", "/api/v4/bills.json")
    assert answer.json() == {"due": Decimal("1207.10"), "id": 9007199254740993}
    assert answer.server_date == datetime(2026, 5, 4, 13, 30, 7, tzinfo=UTC)
    assert session.clock_skew == timedelta(seconds=7)
    sent = http.calls[0].request
    assert sent.headers["Authorization"] == "Bearer token-1"
    assert sent.headers["User-Agent"] == "ClioXero/0.1"
    assert session.calls == 1


def test_without_a_date_header_our_own_clock_counts(http: responses.RequestsMock) -> None:
    http.get(BILLS, json={})
    assert open_session(BASE).request("GET", "/api/v4/bills.json").server_date == NOW


@pytest.mark.parametrize("body", [b"<html>", b'{"due": NaN}', b""])
def test_what_is_not_json_is_unreadable(http: responses.RequestsMock, body: bytes) -> None:
    http.get(BILLS, body=body)
    answer = open_session(BASE).request("GET", "/api/v4/bills.json")
    with pytest.raises(UnreadableAnswer):
        answer.json()


def test_a_401_renews_the_token_once_and_sends_the_same_bytes_and_key_again(http: responses.RequestsMock) -> None:
    http.put(f"{BASE}/Invoices", status=401)
    http.put(f"{BASE}/Invoices", json={})
    tokens = FakeTokens()
    session = open_session(BASE, service="xero", tokens=tokens)
    answer = session.request("PUT", "/Invoices", headers={"Idempotency-Key": "k1"}, body=b'{"a":1}')
    assert answer.status == 200
    assert tokens.rejected == ["token-1"]
    first, second = (call.request for call in http.calls)
    assert (first.body, first.headers["Idempotency-Key"]) == (second.body, second.headers["Idempotency-Key"])
    assert second.headers["Authorization"] == "Bearer token-2"
    assert session.calls == 2


def test_a_second_401_is_the_end_of_the_login(http: responses.RequestsMock) -> None:
    http.get(BILLS, status=401)
    http.get(BILLS, status=401)
    with pytest.raises(NotAuthorised):
        open_session(BASE).request("GET", "/api/v4/bills.json")


def test_a_missing_scope_is_not_mended_by_a_new_token(http: responses.RequestsMock) -> None:
    http.get(BILLS, status=401, headers={"WWW-Authenticate": 'Bearer error="insufficient_scope"'})
    tokens = FakeTokens()
    with pytest.raises(NotAuthorised):
        open_session(BASE, tokens=tokens).request("GET", "/api/v4/bills.json")
    assert tokens.rejected == []


def test_a_403_of_the_api_is_a_disconnection(http: responses.RequestsMock) -> None:
    http.get(BILLS, status=403, json={"Title": "Forbidden", "Detail": "AuthenticationUnsuccessful"})
    with pytest.raises(Disconnected, match="reconnect"):
        open_session(BASE, service="xero").request("GET", "/api/v4/bills.json")


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_a_403_of_a_firewall_in_front_disconnects_nobody(http: responses.RequestsMock, method: str) -> None:
    http.add(method, BILLS, status=403, body="<html>Request blocked</html>", content_type="text/html")
    with pytest.raises(ServerTrouble) as caught:
        open_session(BASE).request(method, "/api/v4/bills.json")
    assert caught.value.status == 403


def test_a_429_says_until_when_and_its_slot_heard_the_headers(http: responses.RequestsMock) -> None:
    headers = {"X-Rate-Limit-Problem": "minute", "Retry-After": "26", "X-MinLimit-Remaining": "0"}
    http.get(BILLS, status=429, headers=headers)
    limiter = OpenLimiter()
    with pytest.raises(LimitReached) as caught:
        open_session(BASE, service="xero", limiter=limiter).request("GET", "/api/v4/bills.json")
    assert (caught.value.kind, caught.value.until) == ("minute", NOW + timedelta(seconds=26))
    assert limiter.slots[0].news.remaining == 0


def test_a_failure_of_the_server_is_raised_on_a_read_and_given_back_on_a_write(http: responses.RequestsMock) -> None:
    http.get(BILLS, status=503)
    http.put(BILLS, status=503, body="maintenance")
    session = open_session(BASE)
    with pytest.raises(ServerTrouble):
        session.request("GET", "/api/v4/bills.json")
    assert session.request("PUT", "/api/v4/bills.json", body=b"{}").status == 503


@pytest.mark.parametrize("status", [400, 404, 410, 422])
def test_other_refusals_are_given_back(http: responses.RequestsMock, status: int) -> None:
    http.get(BILLS, status=status, json={"error": {"type": "InvalidFields", "message": "x"}})
    assert open_session(BASE).request("GET", "/api/v4/bills.json").status == status


def test_a_redirect_is_not_followed(http: responses.RequestsMock) -> None:
    http.get(BILLS, status=302, headers={"Location": "https://elsewhere.example/"})
    assert open_session(BASE).request("GET", "/api/v4/bills.json").status == 302
    assert len(http.calls) == 1


def test_a_dropped_read_is_made_once_more_under_a_slot_of_its_own(http: responses.RequestsMock) -> None:
    http.get(BILLS, body=dropped())
    http.get(BILLS, json={})
    limiter = OpenLimiter()
    session = open_session(BASE, limiter=limiter)
    assert session.request("GET", "/api/v4/bills.json").status == 200
    assert (session.calls, len(limiter.slots)) == (2, 2)


def test_a_read_that_is_dropped_twice_has_no_answer(http: responses.RequestsMock) -> None:
    http.get(BILLS, body=dropped())
    http.get(BILLS, body=dropped())
    with pytest.raises(NoAnswer):
        open_session(BASE).request("GET", "/api/v4/bills.json")


@pytest.mark.parametrize(
    "error", [dropped(), requests.exceptions.ReadTimeout(), requests.exceptions.SSLError("bad record")]
)
def test_a_write_that_broke_off_may_have_been_carried_out_and_is_not_sent_again(
    http: responses.RequestsMock, error: requests.exceptions.RequestException
) -> None:
    http.put(BILLS, body=error)
    session = open_session(BASE)
    with pytest.raises(NoAnswer):
        session.request("PUT", "/api/v4/bills.json", body=b"{}")
    assert session.calls == 1


def test_where_no_connection_came_about_nothing_was_sent(http: responses.RequestsMock) -> None:
    http.put(BILLS, body=never_connected())
    with pytest.raises(Unreachable):
        open_session(BASE).request("PUT", "/api/v4/bills.json", body=b"{}")


def test_an_earlier_failure_to_connect_does_not_make_a_later_write_unsent(http: responses.RequestsMock) -> None:
    http.put(BILLS, body=dropped())
    session = open_session(BASE)
    try:
        raise never_connected()
    except requests.exceptions.ConnectionError:
        with pytest.raises(NoAnswer):
            session.request("PUT", "/api/v4/bills.json", body=b"{}")


@pytest.mark.parametrize("url", ["https://evil.example/api/v4/bills.json", "http://api.example/api/v4/bills.json"])
def test_the_token_goes_to_the_apis_own_host_only(url: str) -> None:
    session = open_session(BASE)
    with pytest.raises(ForeignAddress):
        session.request("GET", url)
    assert session.calls == 0


def test_cookies_are_not_kept(http: responses.RequestsMock) -> None:
    http.get(BILLS, json={}, headers={"Set-Cookie": "tracker=1; Path=/"})
    http.get(BILLS, json={})
    session = open_session(BASE)
    session.request("GET", "/api/v4/bills.json")
    session.request("GET", "/api/v4/bills.json")
    assert "Cookie" not in http.calls[1].request.headers


def test_messages_hold_no_words_of_the_other_side_but_the_kind_of_error() -> None:
    refused = Refused("xero", 400, "ValidationException", "The contact name Ada Lindqvist is taken")
    assert str(refused) == "Xero refused a request (answer 400: ValidationException)."
    assert refused.detail == "The contact name Ada Lindqvist is taken"
    assert str(Refused("clio", 422, "Ada owes 12.50")) == "Clio refused a request (answer 422)."


def test_every_error_names_its_service_in_plain_words() -> None:
    errors: list[TransportError] = [Unreachable("clio"), NoAnswer("xero"), ServerTrouble("clio", 503)]
    assert [str(error) for error in errors] == [
        "Clio cannot be reached at the moment.",
        "Xero did not answer in time.",
        "Clio has trouble of its own (answer 503).",
    ]
