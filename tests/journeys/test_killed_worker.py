"""A worker is killed between sending and recording: once per kind, and nothing is doubled (DESIGN §2, Recovery)."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sandbox.faults import Fault
from tests.support.practice import Practice, practice  # noqa: F401

_ROOT = Path(__file__).resolve().parents[2]
_LIST = {"contact": "Contacts", "invoice": "Invoices"}


@pytest.mark.parametrize("minutes", [2, 8])
@pytest.mark.parametrize("kind", ["contact", "invoice"])
def test_a_worker_killed_after_sending_doubles_nothing(
    practice: Practice, process_environment: dict[str, str], kind: str, minutes: int
) -> None:
    practice.xero.faults.add(Fault(kind="slow", method="PUT", path_prefix=f"/api.xro/2.0/{_LIST[kind]}", seconds=20))
    worker = subprocess.Popen(
        [sys.executable, "manage.py", "sync", practice.firm.slug],
        cwd=_ROOT,
        env={**process_environment, **practice.environment()},
    )
    try:
        _wait_until_it_stands(practice, kind)
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    practice.clock.advance(minutes * 60)
    report = practice.sync()
    assert report["state"] == "clean", report
    assert practice.nothing_is_doubled()
    assert practice.compare()["differences"] == []


def _wait_until_it_stands(practice: Practice, kind: str) -> None:
    """Until Xero has done the work that the worker still waits to hear of."""
    before = 0 if kind == "invoice" else len(practice.contacts())
    for _ in range(300):
        count = len(practice.invoices() if kind == "invoice" else practice.contacts())
        if count > before:
            return
        time.sleep(0.05)
    raise AssertionError("the worker sent nothing")
