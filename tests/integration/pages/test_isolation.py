"""Nothing of one firm is seen or touched from another."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.firm_scope import firm_scope
from accounts.models import Firm
from accounts.provisioning import create_firm
from syncengine.models import Link, SyncError
from tests.support import rows
from tests.support.pages import shown

pytest_plugins = ["tests.support.firm_and_people"]

ClientAs = Callable[[str], Client]


@pytest.fixture
def other(firm: Firm) -> Firm:
    made = create_firm(
        name="Other Firm",
        admin_email="admin@other.example",
        password="another-long-password-9",
        plan="elite",
        region="ca",
    )
    with firm_scope(firm):
        rows.connect(firm)
        rows.configure()
    with firm_scope(made):
        rows.connect(made)
        rows.configure()
        rows.bill(1, state="refused", number="SECRET-1", title="Secret Client", planned_under="rules-1")
        rows.contact_taken(501, "Secret Contact")
        rows.problem("invoice", 1, message="Secret problem")
    return made


@pytest.mark.parametrize(
    "page", ["/", "/bill-syncing/xero/", "/bill-syncing/xero/?text=SECRET", "/settings/categories/"]
)
def test_another_firms_rows_are_on_no_page(other: Firm, client_as: ClientAs, page: str) -> None:
    assert "secret" not in shown(client_as("admin").get(page)).casefold().replace("“secret”", "")


@pytest.mark.parametrize("act", ["retry", "retry-cause", "ignore", "undo"])
def test_another_firms_problem_cannot_be_touched(other: Firm, client_as: ClientAs, act: str) -> None:
    with firm_scope(other):
        error = SyncError.objects.get(kind="invoice")
    answer = client_as("admin").post(f"/bill-syncing/xero/errors/{error.pk}/{act}/", {"reason": "Mine now."})
    assert answer.status_code == 404
    with firm_scope(other):
        assert SyncError.objects.get(kind="invoice").state == "open"
        assert Link.objects.get(kind="invoice").planned_under == "rules-1"
