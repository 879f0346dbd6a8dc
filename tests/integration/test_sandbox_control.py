"""What both stand-ins share: serving, the clock, faults, the call log and the control API."""

import http.client
import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import requests
from werkzeug.wrappers import Request, Response

from sandbox.answers import json_response
from sandbox.serving import PortTaken, start
from tests.support.clio_stand_in import Clio


@pytest.fixture
def clio() -> Iterator[Clio]:
    with Clio(bills=5) as stand_in:
        stand_in.connect()
        stand_in.control("DELETE", "calls")
        yield stand_in


@Request.application
def echo(request: Request) -> Response:
    return json_response({"method": request.method, "body": request.get_data(as_text=True)})


def patch_title(clio: Clio, title: str) -> requests.Response:
    return clio.call("PATCH", "contacts/501", json={"data": {"title": title}})


def title(clio: Clio) -> object:
    return clio.data("contacts/501", fields="title")["title"]


# Serving


def test_a_connection_is_kept_for_the_next_request() -> None:
    with start(echo) as served:
        connection = http.client.HTTPConnection("localhost", served.port, timeout=5)
        connection.connect()
        first = connection.sock
        for body in (b"one", b"", b"three"):
            connection.request("POST", "/", body=body)
            assert json.loads(connection.getresponse().read()) == {"method": "POST", "body": body.decode()}
        assert connection.sock is first
        connection.close()


def test_a_body_in_chunks_is_read_whole() -> None:
    with start(echo) as served:
        assert requests.post(served.url, data=iter([b"a", b"b"]), timeout=5).json()["body"] == "ab"


def test_addresses_given_out_name_localhost() -> None:
    with start(echo) as served:
        assert served.url == f"http://localhost:{served.port}"


def test_a_taken_port_is_named_with_the_way_out() -> None:
    with start(echo) as served, pytest.raises(PortTaken, match=rf"Port {served.port} is in use.*--port"):
        start(echo, port=served.port)


def test_a_stopped_server_hangs_up_on_idle_connections() -> None:
    with requests.Session() as session:
        with start(echo) as served:
            session.get(served.url)
        with pytest.raises(requests.ConnectionError):
            session.get(served.url)


# Faults


def test_a_lost_answer_is_a_connection_error_and_the_work_is_done(clio: Clio) -> None:
    clio.control("POST", "faults", {"kind": "lose_answer", "method": "PATCH"})
    with pytest.raises(requests.ConnectionError):
        patch_title(clio, "Dr")
    assert title(clio) == "Dr"


def test_a_status_fault_does_no_work_and_status_after_does(clio: Clio) -> None:
    clio.control("POST", "faults", [{"kind": "status", "method": "PATCH", "status": 503}])
    assert patch_title(clio, "Dr").status_code == 503
    assert title(clio) is None
    clio.control("POST", "faults", [{"kind": "status_after", "method": "PATCH", "status": 500}])
    assert patch_title(clio, "Prof").status_code == 500
    assert title(clio) == "Prof"


def test_a_slow_answer_comes_late_with_the_work_done_at_once(clio: Clio) -> None:
    clio.control("POST", "faults", {"kind": "slow", "method": "PATCH", "seconds": 0.5})
    worker = threading.Thread(target=patch_title, args=(clio, "Dr"))
    worker.start()
    time.sleep(0.2)
    assert clio.server.data.contacts.get(501).title == "Dr"
    assert worker.is_alive()
    worker.join()


def test_a_rate_limit_fault_names_the_seconds_to_wait(clio: Clio) -> None:
    clio.control("POST", "faults", {"kind": "rate_limit", "seconds": 7})
    answer = clio.get("bills")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")
    assert answer.headers["X-RateLimit-Remaining"] == "0"


def test_an_expired_token_and_a_firewall_page_can_be_asked_for(clio: Clio) -> None:
    clio.control("POST", "faults", [{"kind": "expire_token"}, {"kind": "html_403"}])
    expired, blocked, fine = (clio.get("bills") for _ in range(3))
    assert (expired.status_code, expired.json()["error"]) == (401, "invalid_token")
    assert (blocked.status_code, blocked.headers["Content-Type"]) == (403, "text/html; charset=utf-8")
    assert fine.status_code == 200


def test_a_fault_waits_for_its_turn_and_ends_after_its_times(clio: Clio) -> None:
    fault = {"kind": "status", "path_prefix": "/api/v4/bills", "after": 1, "times": 2}
    clio.control("POST", "faults", fault)
    assert clio.get("contacts").status_code == 200
    assert [clio.get("bills").status_code for _ in range(4)] == [200, 500, 500, 200]


def test_pending_faults_can_be_seen_and_forgotten(clio: Clio) -> None:
    clio.control("POST", "faults", {"kind": "status"})
    assert [fault["kind"] for fault in clio.control("GET", "faults").json()] == ["status"]
    clio.control("DELETE", "faults")
    assert clio.get("bills").status_code == 200


@pytest.mark.parametrize("body", [{"kind": "meteor"}, {"kind": "status", "colour": "red"}])
def test_a_fault_that_cannot_be_acted_out_is_refused(clio: Clio, body: dict[str, str]) -> None:
    assert clio.control("POST", "faults", body).status_code == 400


# Calls, clock, limits, reset


def test_calls_are_counted_by_path_with_ids_left_out(clio: Clio) -> None:
    for path in ("bills", "bills/9001", "bills/9002.json"):
        clio.get(path)
    patch_title(clio, "Dr")
    counted = clio.control("GET", "calls").json()
    assert counted["by_path"] == {
        "GET /api/v4/bills": 1,
        "GET /api/v4/bills/:id": 1,
        "GET /api/v4/bills/:id.json": 1,
        "PATCH /api/v4/contacts/:id": 1,
    }
    assert counted["elements"] == {"PATCH /api/v4/contacts/:id": 1}
    assert clio.server.calls.count("GET", "/api/v4/bills") == 3
    clio.control("DELETE", "calls")
    assert clio.control("GET", "calls").json()["total"] == 0


def test_the_clock_can_be_set_and_moved(clio: Clio) -> None:
    clio.control("POST", "clock", {"set": "2030-01-01T00:00:00+00:00"})
    moved = datetime.fromisoformat(clio.control("POST", "clock", {"advance": 90}).json()["now"])
    assert 90 <= (moved - datetime(2030, 1, 1, tzinfo=UTC)).total_seconds() < 100
    assert clio.control("POST", "clock", {"set": "2030-01-01T00:00:00"}).status_code == 400


def test_an_unknown_limit_or_control_call_is_refused(clio: Clio) -> None:
    assert clio.control("POST", "limits", {"speed": 9}).status_code == 400
    assert clio.control("GET", "nothing").status_code == 404


def test_a_reset_brings_the_first_data_back(clio: Clio) -> None:
    clio.act("edit_bill", bill_id=9001, memo="changed")
    clio.control("POST", "limits", {"rate_limit": 1})
    clio.control("POST", "faults", {"kind": "status"})
    clio.control("POST", "reset")
    assert clio.get("bills").json()["error"] == "invalid_token"
    clio.connect()
    assert clio.data("bills/9001", fields="memo") == {"memo": None}
    assert clio.control("GET", "state").json()["settings"]["rate_limit"] is None


def test_many_callers_at_once_lose_no_change(clio: Clio) -> None:
    bill = clio.act("add_bill", lines=[{"price": 100, "quantity": 1}])

    def pay() -> None:
        for _ in range(25):
            clio.server.act("record_payment", bill_id=bill["id"], amount="1")

    workers = [threading.Thread(target=pay) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert clio.data(f"bills/{bill['id']}", fields="paid,state") == {"paid": 100.0, "state": "paid"}
