"""The histories: every chapter, and the runs in between."""

from typing import TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.model.at_the_firm import AtTheFirm
from tests.model.in_clio import InClio
from tests.model.office import Office
from tests.model.story import Story

Kind = TypeVar("Kind", bound=Story)


class _Runs(Story):
    @precondition(lambda self: self.moved)
    @rule(minutes=st.sampled_from([1, 6, 16]))
    def a_run(self, minutes: int) -> None:
        self.run(minutes)

    @precondition(lambda self: self.moved)
    @rule()
    def a_run_in_the_night(self) -> None:
        self.run(16, full=True)


class Everything(AtTheFirm, _Runs):
    """People on both sides, settings, trouble, locked periods."""


class ClioAlone(InClio, _Runs):
    """People in Clio alone: nothing that they do needs anybody, so that every history ends clean."""


def in_office(kind: type[Kind], office: Office) -> type[Kind]:
    """These histories, played in an office."""
    return type(kind.__name__, (kind,), {"office": office})
