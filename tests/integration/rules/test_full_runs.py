"""What a run finds that reads both sides whole (BEHAVIOUR §11)."""

from typing import Any

import pytest

from tests.support.practice import Practice
from tests.support.stories import add_bill, clean, practice  # noqa: F401


def a_client(practice: Practice) -> Any:
    """A company that has a bill in Xero."""
    client = next(row for row in practice.clio.data.contacts.all() if row.is_client and row.type == "Company")
    add_bill(practice, client_id=client.id)
    clean(practice)
    return client


@pytest.mark.parametrize("full", [False, True])
def test_a_client_who_changed_since_the_last_run_is_read_by_the_next_one_whole_or_not(
    practice: Practice, full: bool
) -> None:
    client = a_client(practice)
    practice.clio.act("edit_contact", contact_id=client.id, name="Alder & Sons")
    clean(practice, 10, full=full)
    clean(practice, 10)
    assert f"Alder & Sons ({client.id})" in {row["Name"] for row in practice.contacts()}


def test_a_client_whose_change_nobody_announced_is_found_by_the_nightly_run(practice: Practice) -> None:
    client = a_client(practice)
    practice.clio.act("edit_contact", contact_id=client.id, name="Alder & Sons", silent=True)
    clean(practice, 30)
    clean(practice, 30, full=True)
    assert f"Alder & Sons ({client.id})" in {row["Name"] for row in practice.contacts()}
