"""Limits, idempotency and faults of the stand-in Xero."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from time import monotonic, sleep

import pytest
import requests

from sandbox.faults import Fault
from tests.support.xero_stand_in import Json, Xero

LEFT = ("X-MinLimit-Remaining", "X-DayLimit-Remaining", "X-AppMinLimit-Remaining")


def left(answer: requests.Response) -> list[int]:
    """What the three headers say is left: of the minute, the day, the app's minute."""
    return [int(answer.headers[name]) for name in LEFT]


def test_every_answer_says_what_is_left_of_the_minute_the_day_and_the_apps_minute(xero: Xero) -> None:
    xero.server.set_limits(per_minute=60, per_day=1000)
    assert left(xero.call("GET", "/Organisation")) == [59, 999, 9999]
    assert left(xero.call("GET", "/Invoices/none")) == [58, 998, 9998]
    assert left(xero.call("PUT", "/Contacts", {})) == [57, 997, 9997]


def test_without_a_limit_much_is_left(xero: Xero) -> None:
    xero.server.set_limits(per_minute=None, per_day=None, app_per_minute=None)
    assert min(left(xero.call("GET", "/Organisation"))) > 100_000


def test_the_sixty_first_call_of_a_minute_is_an_empty_429_and_the_window_starts_with_the_first_call(
    xero: Xero,
) -> None:
    clock = xero.server.clock
    clock.set(datetime(2026, 11, 10, 9, 0, 40, tzinfo=UTC))
    xero.server.set_limits(per_minute=3)
    for _ in range(3):
        assert xero.call("GET", "/Organisation").status_code == 200
    clock.advance(33.5)
    limited = xero.call("GET", "/Organisation")
    assert (limited.status_code, limited.content) == (429, b"")
    assert "Content-Type" not in limited.headers
    assert limited.headers["X-Rate-Limit-Problem"] == "minute"
    assert limited.headers["Retry-After"] in {"26", "27"}
    assert left(limited)[0] == 0
    clock.advance(27)
    assert left(xero.call("GET", "/Organisation"))[0] == 2


def test_the_day_is_counted_apart_and_for_twenty_four_hours(xero: Xero) -> None:
    xero.server.set_limits(per_day=2)
    xero.call("GET", "/Organisation")
    xero.call("GET", "/Organisation")
    limited = xero.call("GET", "/Organisation")
    assert (limited.status_code, limited.headers["X-Rate-Limit-Problem"]) == (429, "day")
    assert 86_390 <= int(limited.headers["Retry-After"]) <= 86_400
    xero.server.clock.advance(86_401)
    xero.connect()
    assert xero.call("GET", "/Organisation").status_code == 200


def test_each_organisation_has_its_own_minute_and_the_app_one_for_all(xero: Xero) -> None:
    xero.server.set_limits(per_minute=1, app_per_minute=3)
    assert xero.call("GET", "/Organisation").status_code == 200
    assert xero.call("GET", "/Organisation").headers["X-Rate-Limit-Problem"] == "minute"
    xero.connect(tenant="Quiet")
    assert xero.call("GET", "/Organisation").status_code == 200
    assert xero.session.get(f"{xero.url}/connections").headers["X-AppMinLimit-Remaining"] == "0"
    limited = xero.call("GET", "/Organisation")
    assert (limited.status_code, limited.headers["X-Rate-Limit-Problem"]) == (429, "appminute")


@pytest.mark.parametrize("told", [False, True])
def test_the_sixth_call_at_once_is_refused_with_or_without_a_time_to_wait(xero: Xero, told: bool) -> None:
    xero.server.set_limits(concurrent=5, concurrent_retry_after=told)
    for _ in range(5):
        xero.server.faults.add(Fault("slow", path_prefix="/api.xro/2.0/Organisation", seconds=0.6))
    headers = dict(xero.session.headers)
    with ThreadPoolExecutor(5) as pool:
        slow = [pool.submit(requests.get, f"{xero.url}/api.xro/2.0/Organisation", headers=headers) for _ in range(5)]
        while len(xero.server.faults.pending()):
            sleep(0.01)
        limited = xero.call("GET", "/Accounts")
        assert [call.result().status_code for call in slow] == [200] * 5
    assert (limited.status_code, limited.headers["X-Rate-Limit-Problem"]) == (429, "concurrent")
    assert ("Retry-After" in limited.headers) is told
    assert xero.call("GET", "/Accounts").status_code == 200


def test_a_slow_answer_does_not_hold_up_the_organisation(xero: Xero) -> None:
    xero.server.faults.add(Fault("slow", method="PUT", path_prefix="/api.xro/2.0/Contacts", seconds=1.0))
    headers = dict(xero.session.headers)
    with ThreadPoolExecutor(1) as pool:
        started = monotonic()
        address = f"{xero.url}/api.xro/2.0/Contacts"
        slow = pool.submit(requests.put, address, json={"Name": "Abe"}, headers=headers)
        while not xero.get("/Contacts")["Contacts"]:
            assert monotonic() - started < 0.9
        assert slow.result().status_code == 200
        assert monotonic() - started >= 1.0


def put(xero: Xero, name: str, key: str) -> requests.Response:
    """A contact under a key."""
    return xero.call("PUT", "/Contacts", {"Name": name}, Idempotency_Key=key)


def names(xero: Xero) -> list[str]:
    """The contacts that there are."""
    return [row["Name"] for row in xero.get("/Contacts")["Contacts"]]


def test_the_same_call_under_its_key_gets_the_first_answer_again(xero: Xero) -> None:
    first, again = put(xero, "Abe", "k1"), put(xero, "Abe", "k1")
    assert (again.status_code, again.json()) == (200, first.json())
    assert names(xero) == ["Abe"]


def test_a_refusal_is_kept_under_its_key_too(xero: Xero) -> None:
    held = xero.contact("Abe")
    assert put(xero, "Abe", "k1").status_code == 400
    xero.act("rename_contact", contact=held, name="Bea")
    assert put(xero, "Abe", "k1").status_code == 400
    assert put(xero, "Abe", "k2").status_code == 200


def test_a_key_lives_six_minutes_from_its_first_call(xero: Xero) -> None:
    body: Json = {"Type": "ACCPAY", "Contact": {"Name": "Abe"}, "LineItems": [{"Description": "x", "UnitAmount": 1}]}
    seen = []
    for seconds in (0, 200, 159, 2):
        xero.server.clock.advance(seconds)
        answer = xero.call("PUT", "/Invoices", body, Idempotency_Key="k1")
        seen.append(answer.json()["Invoices"][0]["InvoiceID"])
    assert seen[0] == seen[1] == seen[2] != seen[3]


@pytest.mark.parametrize("other", ["body", "method", "address", "organisation"])
def test_a_key_used_with_another_request_is_refused(xero: Xero, other: str) -> None:
    put(xero, "Abe", "k1")
    if other == "organisation":
        xero.connect(tenant="Quiet")
    method = "POST" if other == "method" else "PUT"
    path = "/Contacts?summarizeErrors=false" if other == "address" else "/Contacts"
    body = {"Name": "Bea" if other == "body" else "Abe"}
    answer = xero.call(method, path, body, Idempotency_Key="k1")
    assert answer.status_code == 400
    assert answer.json()["Message"] == "Idempotency Key: k1 is used with a different request."


def test_a_key_has_at_most_128_signs_and_reads_have_none(xero: Xero) -> None:
    assert put(xero, "Abe", "k" * 128).status_code == 200
    assert put(xero, "Bea", "k" * 129).status_code == 400
    assert names(xero) == ["Abe"]
    assert xero.call("GET", "/Contacts", Idempotency_Key="k" * 200).status_code == 200


def test_the_limit_is_looked_at_before_the_key_and_answers_given_again_count(xero: Xero) -> None:
    xero.server.set_limits(per_minute=2)
    put(xero, "Abe", "k1")
    assert left(put(xero, "Abe", "k1"))[0] == 0
    assert put(xero, "Abe", "k1").status_code == 429
    xero.server.clock.advance(61)
    assert put(xero, "Abe", "k1").status_code == 200


def test_a_lost_answer_was_work_done_and_the_key_gives_it(xero: Xero) -> None:
    xero.server.faults.add(Fault("lose_answer", method="PUT", path_prefix="/api.xro/2.0/Contacts"))
    with pytest.raises(requests.ConnectionError):
        put(xero, "Abe", "k1")
    assert names(xero) == ["Abe"]
    assert put(xero, "Abe", "k1").status_code == 200
    assert names(xero) == ["Abe"]
    assert xero.server.calls.summary()["by_status"]["0"] == 1


@pytest.mark.parametrize(("kind", "worked"), [("status", []), ("status_after", ["Abe"])])
def test_a_failure_is_kept_under_its_key_for_six_minutes(xero: Xero, kind: str, worked: list[str]) -> None:
    xero.server.faults.add(Fault(kind, method="PUT", path_prefix="/api.xro/2.0/Contacts", status=500))
    for _ in range(2):
        answer = put(xero, "Abe", "k1")
        assert (answer.status_code, answer.json()) == (500, {"Message": "An error occurred", "ErrorNumber": 0})
    assert names(xero) == worked
    xero.server.clock.advance(361)
    assert put(xero, "Abe", "k1").status_code == (400 if worked else 200)


def test_two_calls_at_once_under_one_key_do_the_work_once(xero: Xero) -> None:
    xero.server.faults.add(
        Fault("slow_before", method="PUT", path_prefix="/api.xro/2.0/Contacts", seconds=0.2, times=2)
    )
    headers = {**xero.session.headers, "Idempotency-Key": "k1"}
    address = f"{xero.url}/api.xro/2.0/Contacts"
    with ThreadPoolExecutor(2) as pool:
        calls = [pool.submit(requests.put, address, json={"Name": "Abe"}, headers=headers) for _ in range(2)]
        answers = [call.result() for call in calls]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()


def test_the_other_faults_answer_as_xero_would(xero: Xero) -> None:
    add = xero.server.faults.add
    add(Fault("rate_limit", seconds=26, problem="day"))
    add(Fault("expire_token"))
    add(Fault("html_403"))
    add(Fault("status", status=503))
    limited = xero.call("GET", "/Organisation")
    assert (limited.status_code, limited.headers["Retry-After"], limited.content) == (429, "26", b"")
    assert limited.headers["X-DayLimit-Remaining"] == "0"
    expired = xero.call("GET", "/Organisation")
    assert (expired.status_code, expired.json()["Detail"].split(":")[0]) == (401, "TokenExpired")
    assert xero.call("GET", "/Organisation").headers["Content-Type"].startswith("text/html")
    assert xero.call("GET", "/Organisation").text == "The Xero API is temporarily unavailable"
    assert xero.call("GET", "/Organisation").status_code == 200
