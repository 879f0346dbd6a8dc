"""Random histories: people act in Clio and in Xero, settings change, answers are lost, and runs happen in between.

A history that fails shrinks to a short one, printed twice: as the calls that replay it, and in words.
"""

from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test

from tests.model.at_the_firm import AtTheFirm
from tests.model.office import open_office


class Histories(AtTheFirm):
    """All that can happen."""

    @precondition(lambda self: self.moved)
    @rule(minutes=st.sampled_from([1, 6, 16]))
    def a_run(self, minutes: int) -> None:
        self.run(minutes)

    @precondition(lambda self: self.moved)
    @rule()
    def a_run_in_the_night(self) -> None:
        self.run(16, full=True)

    @precondition(lambda self: not self.moved and self.last_state == "clean")
    @rule()
    def another_run_at_once(self) -> None:
        self.run_at_once()


QUICK = settings(
    max_examples=60,
    stateful_step_count=10,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)


def tell(office: Any, how: settings) -> None:
    """Play histories in an office."""
    made = type("Histories", (Histories,), {"office": office})
    run_state_machine_as_test(made, settings=how)


def test_what_stands_in_xero_is_what_should_stand(transactional_db: None, settings: Any) -> None:
    with open_office(settings) as office:
        tell(office, QUICK)
