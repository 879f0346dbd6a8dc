"""Measures `manage.py sync` as a process of its own; the stand-ins run in this one."""

import json
import os
import subprocess
import sys
import time
from math import ceil
from pathlib import Path
from typing import Any

import pytest

from tests.support.practice import Practice

_ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("bills", [1_000, 10_000])
def test_measure_a_first_and_an_idle_run(
    transactional_db: None, settings: Any, process_environment: dict[str, str], bills: int
) -> None:
    practice = Practice(bills=bills)
    practice.open(settings)
    try:
        environment = {**process_environment, **practice.environment()}
        for name in ("first sync", "idle run"):
            for side in (practice.clio, practice.xero):
                side.calls.reset()
            report, seconds, cpu, peak = _run(practice.firm.slug, environment)
            _tell(f"{bills} bills, {name}", practice, report, seconds=seconds, cpu=cpu, peak=peak)
    finally:
        practice.stop()


def _run(slug: str, environment: dict[str, str]) -> tuple[dict[str, Any], float, float, float]:
    """Give the report, wall seconds, CPU seconds and peak memory in MB of one `sync --json`."""
    started = time.monotonic()
    child = subprocess.Popen(
        [sys.executable, "manage.py", "sync", slug, "--json"], cwd=_ROOT, env=environment, stdout=subprocess.PIPE
    )
    assert child.stdout is not None
    printed = child.stdout.read()
    _, _, usage = os.wait4(child.pid, 0)
    seconds = time.monotonic() - started
    return json.loads(printed), seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def _tell(title: str, practice: Practice, report: dict[str, Any], *, seconds: float, cpu: float, peak: float) -> None:
    counts = report["counts"]
    writes = sum(ceil(counts[kind]["created"] / 50) for kind in ("contact", "invoice"))
    sys.stdout.write(
        f"\n{title}: {report['state']}, {seconds:.1f} s, CPU {cpu:.2f} s, peak {peak:.0f} MB, "
        f"Clio {report['clio_calls']} calls, Xero {report['xero_calls']} calls (writes needed: {writes}), "
        f"invoices {counts['invoice']['created']}, contacts {counts['contact']['created']}\n"
        f"  Xero {practice.xero.calls.summary()['by_path']}\n"
    )
