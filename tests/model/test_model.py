"""Random histories: people act in Clio and in Xero, settings change, answers are lost, and runs happen in between.

A history that fails is shrunk and printed twice: as the calls that play it again, and in words. The calls become a test
in test_found.py. See docs/decisions/0020-random-histories-against-a-plain-function.md.
"""

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase
from hypothesis import settings as how
from hypothesis.stateful import run_state_machine_as_test

from tests.model.histories import ClioAlone, Everything, in_office
from tests.model.office import open_office
from tests.model.story import Story

#: The same histories each time: what fails fails for everybody.
SAME = how(
    max_examples=120,
    stateful_step_count=10,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)
#: Other ones each time; a failing one prints how to play it again.
OTHERS = how(SAME, max_examples=400, stateful_step_count=16, derandomize=False, print_blob=True)


def play(kind: type[Story], settings: Any, manner: how) -> None:
    """Play histories."""
    with open_office(settings) as office:
        run_state_machine_as_test(in_office(kind, office), settings=manner)


def test_what_stands_in_xero_is_what_should_stand(transactional_db: None, settings: Any) -> None:
    play(Everything, settings, SAME)


def test_what_people_do_in_clio_arrives_and_needs_nobody(transactional_db: None, settings: Any) -> None:
    play(ClioAlone, settings, how(SAME, max_examples=90))


@pytest.mark.long
@pytest.mark.parametrize("kind", [Everything, ClioAlone])
def test_more_histories(transactional_db: None, settings: Any, kind: type[Story]) -> None:
    play(kind, settings, OTHERS)
