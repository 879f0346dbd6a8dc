"""Calls and queries against DESIGN §6: counted, never timed."""

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
    writes = sum(ceil(counts[kind]["created"] / 50) for kind in ("contact", "invoice"))
    lists = 4  # contacts, chart, tax rates, organisation: a page each
    assert made.xero.calls.total() <= 1.10 * (writes + lists)
    state = made.clio.state()["records"]
    rows = {"bills": state["bills"], "lines": state["line_items"], "contacts": counts["contact"]["created"]}
    floor = sum(max(1, ceil(number / 200)) for number in rows.values())
    assert made.clio.calls.count("GET", "/api/v4") <= 1.10 * floor


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
