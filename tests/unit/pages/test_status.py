"""The state of a firm in one sentence."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Firm, Plan
from syncengine.models import Run
from syncengine.pages.facts import ConnectionView
from syncengine.pages.status import Stage, build_status, stage_of
from tests.unit.pages.makers import NOW, connected, facts


def run(state: str, *, ended: bool, **more: Any) -> Run:
    return Run(state=state, started_at=NOW, ended_at=NOW + timedelta(seconds=9) if ended else None, counts={}, **more)


NONE = ConnectionView("xero", "Xero", "none")


@pytest.mark.parametrize(
    ("changes", "stage"),
    [
        ({}, Stage.IN_STEP),
        ({"open_errors": 2}, Stage.ERRORS),
        ({"firm": Firm(pk=1, plan=Plan.OTHER), "open_errors": 2}, Stage.NO_PLAN),
        ({"clio": ConnectionView("clio", "Clio", "none"), "xero": NONE, "is_saved": False}, Stage.CONNECT_CLIO),
        ({"xero": NONE, "is_saved": False}, Stage.CONNECT_XERO),
        ({"xero": replace(connected("xero"), state="disconnected")}, Stage.CONNECT_XERO),
        ({"xero": replace(connected("xero"), state="broken"), "open_errors": 1}, Stage.RECONNECT),
        ({"is_saved": False, "export_bills": False}, Stage.CONFIGURE),
        ({"export_bills": False}, Stage.EXPORT_OFF),
        ({"first_sync_done_at": None, "bills": {}}, Stage.FIRST),
        ({"first_sync_done_at": None, "runs": (run("waiting", ended=True),)}, Stage.FIRST),
        ({"runs": (run("running", ended=False),)}, Stage.RUNNING),
        ({"runs": (run("waiting", ended=False),)}, Stage.WAITING),
        ({"runs": (run("failed", ended=True),)}, Stage.FAILED),
        ({"runs": (run("running", ended=False), run("failed", ended=True))}, Stage.RUNNING),
    ],
)
def test_it_finds_the_stage_of_a_firm(changes: dict[str, Any], stage: Stage) -> None:
    assert stage_of(facts(**changes)) is stage


def test_it_counts_problems_in_words() -> None:
    assert build_status(facts(open_errors=1)).sentence == "1 problem needs somebody."
    assert build_status(facts(open_errors=12)).sentence == "12 problems need somebody."


def test_it_says_which_side_has_to_be_connected_again_and_why() -> None:
    broken = replace(connected("xero"), state="broken", problem="Xero took the permission back. An admin reconnects.")
    status = build_status(facts(xero=broken))
    assert status.sentence == "Syncing is paused: Xero has to be connected again."
    assert status.detail == "Xero took the permission back. An admin reconnects."
    assert status.can_sync is False
    assert status.next_at is None


def test_it_says_until_when_a_run_waits() -> None:
    waits = run("waiting", ended=False, waits_until=NOW + timedelta(minutes=3), message="Xero's day is used up.")
    status = build_status(facts(runs=(waits,)))
    assert (status.until, status.detail) == (NOW + timedelta(minutes=3), "Xero's day is used up.")


def test_it_can_sync_only_when_everything_is_ready() -> None:
    assert build_status(facts()).can_sync is True
    assert build_status(facts(export_bills=False)).can_sync is False
    assert build_status(facts(is_saved=False)).can_sync is False
    assert build_status(facts(firm=Firm(pk=1, plan=Plan.OTHER))).can_sync is False


def test_new_bills_count_as_waiting_and_bills_that_are_not_to_be_synced_apart() -> None:
    bills = {"in_step": 5, "new": 1, "waiting": 2, "blocked": 7, "out_of_range": 3, "not_sent": 4}
    counters = build_status(facts(bills=bills, open_errors=8, ignored_errors=6)).counters
    assert (counters.in_step, counters.waiting, counters.errors) == (5, 3, 8)
    assert (counters.ignored, counters.left_out, counters.all) == (6, 7, 22)
