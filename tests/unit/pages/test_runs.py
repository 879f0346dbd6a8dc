"""Runs in words."""

import pytest

from syncengine.models import Run
from syncengine.pages.runs import tell_counts, tell_run
from tests.unit.pages.makers import NOW


def test_it_tells_what_a_run_did() -> None:
    counts = {
        "contact": {"created": 3, "adopted": 1, "unchanged": 9},
        "invoice": {"created": 1240, "updated": 0, "rejected": 2, "blocked": 1},
    }
    assert tell_counts(counts) == "Contacts: 3 created, 1 linked. Invoices: 1,240 created, 1 blocked, 2 refused."


@pytest.mark.parametrize(
    ("state", "summary"), [("clean", "Nothing had to be sent."), ("errors", "Nothing had to be sent."), ("failed", "")]
)
def test_only_a_run_that_came_to_its_end_says_that_nothing_had_to_be_sent(state: str, summary: str) -> None:
    run = Run(state=state, started_at=NOW, counts={"invoice": {"created": 0, "unchanged": 412}})
    assert tell_run(run).summary == summary
