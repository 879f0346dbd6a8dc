"""Histories that went wrong once, as the model test printed them."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.model.histories import Everything, in_office
from tests.model.office import open_office


@pytest.fixture
def state(transactional_db: None, settings: Any) -> Iterator[Everything]:
    """A history that has not begun; its end is checked like any other's."""
    with open_office(settings) as office:
        made = in_office(Everything, office)()
        yield made
        made.teardown()


def test_a_client_is_renamed_and_the_next_run_is_the_nightly_one(state: Everything) -> None:
    state.a_bill_is_made(client=0, prices=["100"], terms=("untaxed", "no discount"), draft=False)
    state.a_run_in_the_night()
    state.a_client_is_renamed(client=0, name="Alder")
    state.a_run_in_the_night()


def test_a_payment_is_taken_back_and_most_of_its_bill_written_off_before_the_next_run(state: Everything) -> None:
    state.there_are_two_bills(prices=("60.01", "60.01"), paid="half", sent=True)
    state.a_bill_is_written_off(which=0, part="all")
    state.a_payment_changes(which=0, how="delete")
    state.a_bill_is_written_off(which=0, part="20")
    assert [bill.balance for bill in state.clio.bills.all()][1] == 1000
