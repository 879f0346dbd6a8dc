"""Measures `manage.py sync` as a process of its own; the stand-ins run in this one."""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any

import pytest

from tests.budgets.plain_script import cost_of_the_plain_script
from tests.support.practice import Practice

_ROOT = Path(__file__).resolve().parents[2]
_SIZES = [int(number) for number in os.environ.get("BENCH_BILLS", "1000,10000").split(",")]
#: What is written in batches of fifty; an allocation takes a call of its own.
_BATCHED = ("contact", "invoice", "payment", "credit_note")


@dataclass(frozen=True)
class Cost:
    """What one run took: wall and CPU seconds, and the most memory it held, in MB."""

    report: dict[str, Any]
    seconds: float
    cpu: float
    peak: float


@pytest.mark.parametrize("bills", _SIZES)
def test_measure_a_first_and_an_idle_run(
    transactional_db: None, settings: Any, process_environment: dict[str, str], bills: int
) -> None:
    practice = Practice(bills=bills)
    practice.open(settings)
    try:
        # As in production: with DEBUG on, Django writes down every statement.
        production = {"DEBUG": "false", "ALLOWED_HOSTS": "localhost"}
        environment = {**process_environment, **practice.environment(), **production}
        clio_answers, xero_answers = practice.asked_of_clio.keep_answers(), practice.asked_of_xero.keep_answers()
        first = _run(practice, environment)
        xero, clio = _floors(practice, first.report)
        tell(f"{bills} bills, first sync", _words(practice, first))
        tell("  Xero's calls", f"{practice.xero.calls.total()}, floor {xero}, {practice.xero.calls.total() / xero:.2f}")
        read = practice.clio.calls.count("GET", "/api/v4")
        tell("  Clio's calls", f"{read}, floor {clio}, {read / clio:.2f}")
        plain = cost_of_the_plain_script(
            database=environment["DATABASE_URL"],
            calls=[*clio_answers, *xero_answers],
        )
        idle = _run(practice, environment)
        tell(f"{bills} bills, idle run", _words(practice, idle))
        work = first.cpu - idle.cpu
        tell("  memory", f"{first.peak - idle.peak:+.0f} MB above an idle run's")
        tell("  CPU without starting", f"{work:.2f} s; the plain script {plain:.2f} s; ratio {work / plain:.2f}")
    finally:
        practice.stop()


def tell(what: str, figures: str) -> None:
    """Print one line of figures."""
    sys.stdout.write(f"\n{what}: {figures}")


def _run(practice: Practice, environment: dict[str, str]) -> Cost:
    """What one `sync --json` takes."""
    for side in (practice.clio, practice.xero):
        side.calls.reset()
    started = time.monotonic()
    child = subprocess.Popen(
        [sys.executable, "manage.py", "sync", practice.firm.slug, "--json"],
        cwd=_ROOT,
        env=environment,
        stdout=subprocess.PIPE,
    )
    assert child.stdout is not None
    peak = 0.0
    while os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        peak = max(peak, _most_held(child.pid))
        time.sleep(0.05)
    printed = child.stdout.read()
    _, _, usage = os.wait4(child.pid, 0)
    return Cost(json.loads(printed), time.monotonic() - started, usage.ru_utime + usage.ru_stime, peak)


def _most_held(pid: int) -> float:
    """The most memory that a process has held since it began, in MB.

    `ru_maxrss` would count what this process held when it made the other one.
    """
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), 0.0)


def _floors(practice: Practice, report: dict[str, Any]) -> tuple[int, int]:
    """The calls to Xero and to Clio that a first sync can't do without (DESIGN §6)."""
    made = {kind: counts["created"] for kind, counts in report["counts"].items()}
    lists = 2  # contacts and payments, a page each; the chart, tax rates and organisation were read before
    xero = sum(ceil(made[kind] / 50) for kind in _BATCHED) + made["allocation"] + lists
    records = practice.clio.state()["records"]
    rows = [records["bills"], records["line_items"], made["contact"], records["allocations"]]
    return xero, sum(max(1, ceil(number / 200)) for number in rows)


def _words(practice: Practice, cost: Cost) -> str:
    counts = {kind: row["created"] for kind, row in cost.report["counts"].items() if row["created"]}
    made = ", ".join(f"{number} {kind}" for kind, number in counts.items()) or "nothing made"
    calls = f"{practice.clio.calls.total()} calls to Clio, {practice.xero.calls.total()} to Xero"
    return (
        f"{cost.report['state']}, {cost.seconds:.1f} s, CPU {cost.cpu:.2f} s, peak {cost.peak:.0f} MB, {calls}, {made}"
    )
