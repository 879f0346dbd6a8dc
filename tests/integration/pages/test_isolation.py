"""Nothing of one firm is seen or touched from another."""

from collections.abc import Callable
from typing import Any

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
    "page",
    [
        "/",
        "/bill-syncing/xero/",
        "/bill-syncing/xero/?text=SECRET",
        "/bill-syncing/xero/live/",
        "/bill-syncing/xero/errors/",
        "/settings/categories/",
    ],
)
def test_another_firms_rows_are_on_no_page(other: Firm, client_as: ClientAs, page: str) -> None:
    assert "secret" not in shown(client_as("admin").get(page)).casefold().replace("“secret”", "")


def test_another_firms_rows_are_in_no_file(other: Firm, client_as: ClientAs) -> None:
    answer: Any = client_as("admin").get("/bill-syncing/xero/bills.csv")
    assert b"secret" not in b"".join(answer.streaming_content).lower()


@pytest.mark.parametrize("page", ["bills/1/", "contacts/501/", "bills/1/resync/", "errors/{error}/"])
def test_another_firms_records_have_no_page(other: Firm, client_as: ClientAs, page: str) -> None:
    with firm_scope(other):
        error = SyncError.objects.get(kind="invoice")
    assert client_as("admin").get(f"/bill-syncing/xero/{page.format(error=error.pk)}").status_code == 404


@pytest.mark.parametrize("look", ["contacts", "invoices"])
def test_nothing_is_asked_of_xero_for_another_firms_problem(other: Firm, client_as: ClientAs, look: str) -> None:
    with firm_scope(other):
        error = SyncError.objects.get(kind="contact")
    assert client_as("admin").get(f"/bill-syncing/xero/errors/{error.pk}/{look}/").status_code == 404


def test_a_resync_of_another_firms_bill_cannot_be_asked_for(other: Firm, client_as: ClientAs) -> None:
    answer = client_as("admin").post("/bill-syncing/xero/bills/1/resync/", follow=True)
    assert answer.status_code == 404
    with firm_scope(other):
        assert Link.objects.get(kind="invoice").decided == {}


_ACTS = (
    "retry", "retry-cause", "ignore", "ignore-cause", "undo", "undo-cause", "link", "append-id", "new-contact",
    "account", "adopt", "renumber", "choose",
)  # fmt: skip


@pytest.mark.parametrize("act", _ACTS)
def test_another_firms_problem_cannot_be_touched(other: Firm, client_as: ClientAs, act: str) -> None:
    with firm_scope(other):
        error = SyncError.objects.get(kind="invoice")
    answer = client_as("admin").post(f"/bill-syncing/xero/errors/{error.pk}/{act}/", {"reason": "Mine now."})
    assert answer.status_code == 404
    with firm_scope(other):
        assert SyncError.objects.get(kind="invoice").state == "open"
        link = Link.objects.get(kind="invoice")
        assert (link.planned_under, link.decided) == ("rules-1", {})
