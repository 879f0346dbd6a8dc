"""A worker is killed between sending and recording: once per kind, and nothing is doubled (DESIGN §2, Recovery)."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sandbox.faults import Fault
from tests.support.practice import Practice, practice  # noqa: F401
from tests.support.stories import add_bill, amounts, clean, live_notes, pay, write_off, writes

_ROOT = Path(__file__).resolve().parents[2]
_LIST = {"contact": "Contacts", "invoice": "Invoices"}


@pytest.mark.parametrize("minutes", [2, 8])
@pytest.mark.parametrize("kind", ["contact", "invoice"])
def test_a_worker_killed_after_sending_doubles_nothing(
    practice: Practice, process_environment: dict[str, str], kind: str, minutes: int
) -> None:
    def count() -> int:
        return len(practice.invoices() if kind == "invoice" else practice.contacts())

    kill_once_it_stands(practice, process_environment, "PUT", _LIST[kind], count)
    practice.clock.advance(minutes * 60)
    report = practice.sync()
    assert report["state"] == "clean", report
    assert practice.nothing_is_doubled()
    assert practice.compare()["differences"] == []


@dataclass(frozen=True)
class Case:
    """A change in Clio and the call that carries it to Xero, with what stands on the invoice afterwards."""

    method: str
    path: str
    change: Callable[[Practice, dict[str, int]], Any]
    #: Moves when Xero has done the work.
    trace: Callable[[Practice, int], Any]
    payments: list[int]
    credits: list[int]


def credited(practice: Practice, bill_id: int) -> Any:
    return practice.invoice(bill_id)["AmountCredited"]


def number_of_notes(practice: Practice, _bill_id: int) -> int:
    return len(practice._state("credit_notes"))


def live_number(practice: Practice, _bill_id: int) -> int:
    return sum(row["Status"] != "VOIDED" for row in practice._state("credit_notes"))


CASES = {
    "payment": Case("PUT", "Payments", lambda p, ids: pay(p, ids["bill"], 70), amounts, [70, 200], [100]),
    "payment deleted": Case(
        "POST", "Payments/", lambda p, ids: p.clio.act("void_payment", allocation_id=ids["paid"]), amounts, [], [100]
    ),
    "credit note": Case(
        "PUT", "CreditNotes", lambda p, ids: write_off(p, ids["bill"], 30), number_of_notes, [200], [30, 100]
    ),
    "allocation": Case("PUT", "CreditNotes/", lambda p, ids: write_off(p, ids["bill"], 30), credited, [200], [30, 100]),
    "allocation taken off": Case(
        "DELETE", "CreditNotes/", lambda p, ids: p.clio.act("void_credit", memo_id=ids["memo"]), credited, [200], []
    ),
    "credit note voided": Case(
        "POST", "CreditNotes", lambda p, ids: p.clio.act("void_credit", memo_id=ids["memo"]), live_number, [200], []
    ),
}


@pytest.mark.parametrize(("name", "minutes"), zip(CASES, [2, 8] * 3, strict=True))
def test_a_worker_killed_over_money_doubles_nothing_and_loses_nothing(
    transactional_db: None, settings: Any, process_environment: dict[str, str], name: str, minutes: int
) -> None:
    practice, case = Practice(bills=2), CASES[name]
    practice.open(settings)
    try:
        ids = _prepare(practice)
        case.change(practice, ids)
        kill_once_it_stands(
            practice, process_environment, case.method, case.path, lambda: case.trace(practice, ids["bill"])
        )
        practice.clock.advance(minutes * 60)
        for _ in range(2):
            clean(practice)
        assert amounts(practice, ids["bill"]) == case.payments
        assert sorted(note["Total"] for note in live_notes(practice, ids["bill"])) == case.credits
        assert credited(practice, ids["bill"]) == sum(case.credits)
        practice.xero.calls.reset()
        clean(practice, 15)
        assert writes(practice) == []
    finally:
        practice.stop()


def _prepare(practice: Practice) -> dict[str, int]:
    """A bill of 500.00 in Xero, with a payment of 200.00 and a credit of 100.00 on it."""
    bill_id = add_bill(practice)
    paid = pay(practice, bill_id, 200)
    _, memo_id = write_off(practice, bill_id, 100)
    clean(practice, 0)  # the worker goes by the real clock, so that this one must not be ahead of it
    return {"bill": bill_id, "paid": paid, "memo": memo_id}


def kill_once_it_stands(
    practice: Practice, environment: dict[str, str], method: str, path: str, trace: Callable[[], Any]
) -> None:
    """Run a sync in a process of its own, and kill it when Xero has done the work that it still waits to hear of."""
    before = trace()
    practice.xero.faults.add(Fault(kind="slow", method=method, path_prefix=f"/api.xro/2.0/{path}", seconds=20))
    worker = subprocess.Popen(
        [sys.executable, "manage.py", "sync", practice.firm.slug],
        cwd=_ROOT,
        env={**environment, **practice.environment()},
    )
    try:
        for _ in range(600):
            if trace() != before:
                return
            time.sleep(0.05)
        raise AssertionError("the worker sent nothing")
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
