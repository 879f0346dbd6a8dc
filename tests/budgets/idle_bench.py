"""Measures what a slice costs that finds nothing to do: CPU of its own thread, queries, calls."""

import statistics
import time
from typing import Any

from django.db import connection

from tests.budgets.first_sync_bench import tell
from tests.support.practice import Practice

_HOURS = 6
_EVERY_MINUTES = 5


def test_measure_idle_runs(transactional_db: None, settings: Any) -> None:
    practice = Practice(bills=1_000)
    practice.open(settings)
    try:
        practice.sync()
        practice.slice()
        for side in (practice.clio, practice.xero):
            side.calls.reset()
        runs = _HOURS * 60 // _EVERY_MINUTES
        costs = [_one_run(practice) for _ in range(runs)]
        cpu, queries = [cost[0] for cost in costs], [cost[1] for cost in costs]
        asked_of_clio = practice.clio.calls.count("GET", "/api/v4")
        asked_of_xero = practice.xero.calls.count("GET", "/api.xro")
        tell(
            f"idle run ({runs} of them, 1000 bills)",
            f"CPU median {statistics.median(cpu):.0f} ms, most {max(cpu):.0f} ms; "
            f"queries median {statistics.median(queries):.0f}, most {max(queries)}; "
            f"calls to Clio {asked_of_clio / runs:.1f}, to Xero {asked_of_xero / runs:.2f}",
        )
    finally:
        practice.stop()


def _one_run(practice: Practice) -> tuple[float, int]:
    """CPU milliseconds and queries of one slice."""
    practice.clock.advance(_EVERY_MINUTES * 60)
    counted = 0

    def count(execute: Any, *arguments: Any) -> Any:
        nonlocal counted
        counted += 1
        return execute(*arguments)

    started = time.thread_time()
    with connection.execute_wrapper(count):
        assert practice.slice().finished
    return (time.thread_time() - started) * 1000, counted
