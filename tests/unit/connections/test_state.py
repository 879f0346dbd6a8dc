"""The state of an OAuth round trip."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.backends.base import SessionBase

from accounts.models import Firm
from syncengine.connections.errors import StateRefused
from syncengine.connections.state import new_state, redeem_state, remember_state

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
HALE, THORN = Firm(pk=1, name="Hale & Partners"), Firm(pk=2, name="Thorn Law")


@pytest.fixture
def session() -> SessionBase:
    made = SessionBase()
    remember_state(made, service="clio", firm=HALE, state="right", region="eu", now=NOW)
    return made


def test_a_state_comes_back_with_the_region_it_was_made_for(session: SessionBase) -> None:
    assert redeem_state(session, service="clio", firm=HALE, state="right", now=NOW) == "eu"


def test_a_state_is_good_once(session: SessionBase) -> None:
    redeem_state(session, service="clio", firm=HALE, state="right", now=NOW)
    with pytest.raises(StateRefused):
        redeem_state(session, service="clio", firm=HALE, state="right", now=NOW)


@pytest.mark.parametrize("state", ["wrong", "", "righ", "right ", "réight"])
def test_another_state_is_refused_and_uses_up_the_kept_one(session: SessionBase, state: str) -> None:
    with pytest.raises(StateRefused):
        redeem_state(session, service="clio", firm=HALE, state=state, now=NOW)
    with pytest.raises(StateRefused):
        redeem_state(session, service="clio", firm=HALE, state="right", now=NOW)


def test_a_state_of_another_firm_is_refused(session: SessionBase) -> None:
    with pytest.raises(StateRefused):
        redeem_state(session, service="clio", firm=THORN, state="right", now=NOW)


def test_a_state_of_the_other_service_is_refused(session: SessionBase) -> None:
    with pytest.raises(StateRefused):
        redeem_state(session, service="xero", firm=HALE, state="right", now=NOW)


def test_a_state_is_good_for_ten_minutes(session: SessionBase) -> None:
    assert redeem_state(session, service="clio", firm=HALE, state="right", now=NOW + timedelta(minutes=10)) == "eu"


def test_a_state_is_refused_after_ten_minutes(session: SessionBase) -> None:
    with pytest.raises(StateRefused):
        redeem_state(session, service="clio", firm=HALE, state="right", now=NOW + timedelta(minutes=10, seconds=1))


def test_states_cannot_be_guessed() -> None:
    made = {new_state() for _ in range(50)}
    assert len(made) == 50
    assert min(len(state) for state in made) >= 40
