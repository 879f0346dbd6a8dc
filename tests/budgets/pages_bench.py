"""Measures the server's time for each page, with many bills in the database."""

import os
import statistics
import time
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test import Client

from accounts.models import Firm
from tests.budgets.first_sync_bench import tell
from tests.budgets.test_page_queries import PAGES, add_bills, prepare

pytest_plugins = ["tests.support.firm_and_people"]

_BILLS = int(os.environ.get("BENCH_PAGE_BILLS", "20000"))
_TIMES = 20


def test_measure_pages(firm: Firm, client_as: Callable[[str], Client]) -> None:
    error = prepare(firm)
    add_bills(firm, _BILLS, first=100_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    client = client_as("admin")
    for page in PAGES:
        address = page.format(error=error)
        took = sorted(_milliseconds(client, address) for _ in range(_TIMES))
        tell(f"{_BILLS} bills, {page}", f"median {statistics.median(took):.0f} ms, p95 {took[-2]:.0f} ms")


def _milliseconds(client: Client, page: str) -> float:
    started = time.perf_counter()
    answer: Any = client.get(page)
    if answer.streaming:
        assert b"".join(answer.streaming_content)
    assert answer.status_code == 200
    return (time.perf_counter() - started) * 1000
