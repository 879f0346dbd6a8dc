"""The way from nothing to a first sync."""

from typing import Any

import pytest

from syncengine.models import Run
from syncengine.pages.facts import ConnectionView
from syncengine.pages.setup_steps import build_steps
from syncengine.pages.status import Stage, stage_of
from tests.unit.pages.makers import NOW, connected, facts

NO_CLIO, NO_XERO = ConnectionView("clio", "Clio", "none"), ConnectionView("xero", "Xero", "none")
NEW = {"clio": NO_CLIO, "xero": NO_XERO, "is_saved": False, "export_bills": False, "first_sync_done_at": None}
BOTH = {**NEW, "clio": connected("clio"), "xero": connected("xero")}
CHOSEN = {**BOTH, "is_saved": True, "has_accounts": True}


@pytest.mark.parametrize(
    ("changes", "following", "place"),
    [
        (NEW, "clio", "setup_connect"),
        ({**NEW, "clio": connected("clio")}, "xero", "setup_connect"),
        (BOTH, "accounts", "setup_accounts"),
        ({**BOTH, "is_saved": True}, "accounts", "setup_accounts"),
        (CHOSEN, "preferences", "setup_preferences"),
        ({**CHOSEN, "preview_state": "asked"}, "preview", "setup_preview"),
        ({**CHOSEN, "preview_state": "failed"}, "preview", "setup_preview"),
        ({**CHOSEN, "preview_state": "ready"}, "start", "setup_preview"),
        ({**CHOSEN, "preview_state": "ready", "export_bills": True}, "start", "setup_progress"),
        ({**CHOSEN, "export_bills": True}, "start", "setup_progress"),  # saved on the settings page, without the path
        ({}, None, None),
    ],
)
def test_it_goes_on_at_the_first_step_that_is_not_done(
    changes: dict[str, Any], following: str | None, place: str | None
) -> None:
    steps = build_steps(facts(**changes))
    assert (steps.next.name if steps.next else None, steps.next.place if steps.next else None) == (following, place)


def test_a_step_that_came_undone_comes_first_again() -> None:
    steps = build_steps(facts(**{**CHOSEN, "preview_state": "ready", "xero": NO_XERO}))
    assert steps.next is not None
    assert steps.next.name == "xero"
    assert [step.state for step in steps.all] == ["done", "next", "done", "done", "done", "later"]


def test_it_says_where_a_step_stands() -> None:
    assert build_steps(facts(**NEW)).words("accounts") == "Step 3 of 6"


@pytest.mark.parametrize(
    ("changes", "stage"),
    [
        ({**BOTH, "is_saved": True}, Stage.CONFIGURE),
        (CHOSEN, Stage.PREVIEW),
        ({**CHOSEN, "export_bills": True}, Stage.FIRST),
        ({**CHOSEN, "runs": (Run(state="waiting", started_at=NOW, ended_at=NOW, counts={}),)}, Stage.PREVIEW),
        ({**CHOSEN, "runs": (Run(state="running", started_at=NOW, counts={}),)}, Stage.RUNNING),
    ],
)
def test_before_the_start_a_firm_is_not_called_switched_off(changes: dict[str, Any], stage: Stage) -> None:
    assert stage_of(facts(**changes)) is stage
