"""Calls and queries against DESIGN §6: counted, never timed."""

from collections import Counter
from collections.abc import Iterator
from math import ceil
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.support.practice import Practice, practice  # noqa: F401


@pytest.fixture
def large_practice(transactional_db: None, settings: Any) -> Iterator[Practice]:
    """A connected firm with 1,000 bills."""
    made = Practice(bills=1000)
    made.open(settings)
    yield made
    made.stop()


def test_a_first_sync_of_1000_bills_stays_near_the_floor_of_calls(large_practice: Practice) -> None:
    made = large_practice
    for side in (made.clio, made.xero):
        side.calls.reset()
    report = made.sync()
    assert report["state"] == "clean", report["open_errors"][:3]
    counts = report["counts"]
    writes = sum(ceil(counts[kind]["created"] / 50) for kind in ("contact", "invoice", "payment", "credit_note"))
    writes += counts["allocation"]["created"]  # a call each
    lists = 2  # contacts and payments, a page each; the chart, tax rates and organisation were read before
    assert counts["contact"]["created"] > 100
    assert counts["payment"]["created"] > 500
    assert counts["allocation"]["created"] == counts["credit_note"]["created"] >= 70  # about one in thirteen
    assert made.xero.calls.total() <= 1.10 * (writes + lists)
    state = made.clio.state()["records"]
    rows = {
        "bills": state["bills"],
        "lines": state["line_items"],
        "contacts": counts["contact"]["created"],
        "allocations": state["allocations"],
    }
    floor = sum(max(1, ceil(number / 200)) for number in rows.values())
    assert made.clio.calls.count("GET", "/api/v4") <= 1.10 * floor


def test_two_idle_hours_stay_within_their_part_of_xeros_day(practice: Practice) -> None:
    practice.sync()
    practice.slice()
    for side in (practice.clio, practice.xero):
        side.calls.reset()
    for _ in range(24):
        practice.clock.advance(5 * 60)
        assert practice.slice().finished
    asked = [call for call in practice.xero.calls.calls() if call.path.startswith("/api.xro/")]
    assert all(call.method == "GET" for call in asked)
    lists = Counter(call.path.removeprefix("/api.xro/2.0/") for call in asked)
    assert lists["Payments"] == 12  # every ten minutes, 144 a day
    assert lists["Contacts"] == 8  # every fifteen, 96 a day
    assert len(asked) <= 24  # one a run on average
    assert practice.clio.calls.count("GET", "/api/v4") <= 24 * 10


def test_an_idle_run_makes_few_calls_and_queries(practice: Practice) -> None:
    practice.sync()
    practice.slice()
    for side in (practice.clio, practice.xero):
        side.calls.reset()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        worked = practice.slice()
    assert worked.finished
    assert practice.clio.calls.total() <= 10
    assert practice.xero.calls.total() <= 1
    assert len(queries) <= 20, "\n".join(query["sql"][:120] for query in queries)


def xero_calls(practice: Practice) -> int:
    """Calls of Xero's API, whatever renewing the login cost."""
    return sum(practice.xero.calls.count(method, "/api.xro") for method in ("GET", "PUT", "POST"))


def test_a_contact_changed_in_xero_costs_one_call_to_clio_and_none_to_xero(practice: Practice) -> None:
    practice.sync()
    practice.slice()
    client = practice.a_client(lambda record: bool(record["email"]))
    xero_id = practice.link(client["id"], "contact").xero_id
    practice.xero.act("edit_contact", contact=xero_id, EmailAddress="new@harbour.example")
    practice.clock.advance(16 * 60)
    for side in (practice.clio, practice.xero):
        side.calls.reset()
    assert practice.slice().finished
    assert practice.clio.calls.count("PATCH", "/api/v4/contacts") == 1
    assert practice.clio.calls.total() <= 11
    # Contacts and payments are read when their time has come; the edit itself asks nothing of Xero.
    assert practice.xero.calls.count("GET", "/api.xro/2.0/Contacts") == 1
    assert xero_calls(practice) - practice.xero.calls.count("GET", "/api.xro/2.0/Payments") == 1
    practice.clock.advance(6 * 60)
    practice.slice()  # which reads our own change, and finds it known
    practice.clock.advance(6 * 60)
    with CaptureQueriesContext(connection) as queries:
        assert practice.slice().finished
    assert len(queries) <= 20, "\n".join(query["sql"][:120] for query in queries)
    practice.clock.advance(16 * 60)
    for side in (practice.clio, practice.xero):
        side.calls.reset()
    assert practice.slice().finished
    assert practice.clio.calls.total() <= 10
    assert xero_calls(practice) - practice.xero.calls.count("GET", "/api.xro/2.0/Payments") <= 1
