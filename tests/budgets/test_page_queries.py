"""A page takes at most twelve queries, and as many with 2,000 bills as with 10 (DESIGN §6)."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.firm_scope import firm_scope
from accounts.models import Firm
from syncengine.models import Link, Run, SyncError
from tests.support import rows

pytest_plugins = ["tests.support.firm_and_people"]

ClientAs = Callable[[str], Client]
MOST = 12
PAGES = (
    "/",
    "/bill-syncing/xero/",
    "/bill-syncing/xero/?state=in_step&text=Client&sort=client&page=2",
    "/bill-syncing/xero/status/",
    "/settings/xero/",
    "/settings/categories/",
)


def prepare(firm: Firm) -> None:
    """A firm that is connected and configured and has run twelve times."""
    with firm_scope(firm):
        rows.connect(firm)
        rows.keep_lists(refreshed_at=timezone.now())
        rows.configure()
        rows.contact_taken(501, "Alder Holdings Ltd")
        for _ in range(12):
            Run.objects.create(reason="schedule", state="clean", started_at=rows.NOW, ended_at=rows.NOW)


def add_bills(firm: Firm, count: int, *, first: int) -> None:
    """Bills of every state; the blocked, refused and ignored ones with problems of seven causes."""
    with firm_scope(firm):
        rows.bills(count, first=first)
        troubled = Link.objects.filter(
            kind="invoice", clio_id__gte=first, state__in=("blocked", "refused", "ignored")
        ).values_list("clio_id", "state")
        SyncError.objects.bulk_create(
            SyncError(
                kind="invoice",
                clio_id=clio_id,
                code="account_archived",
                cause=f"acc-{clio_id % 7}",
                field="time_entries_account",
                message="Archived",
                state="ignored" if state == "ignored" else "open",
                first_seen_at=rows.NOW,
                last_seen_at=rows.NOW,
            )
            for clio_id, state in troubled
        )


def queries(client: Client, page: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(page).status_code == 200
    return [query["sql"] for query in captured.captured_queries]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_takes_as_few_queries_with_many_bills_as_with_few(firm: Firm, client_as: ClientAs, page: str) -> None:
    client = client_as("admin")
    prepare(firm)
    add_bills(firm, 10, first=100_000)
    few = queries(client, page)
    add_bills(firm, 2_000, first=300_000)
    many = queries(client, page)
    assert len(few) <= MOST, "\n".join(few)
    assert len(many) == len(few), "\n".join(many)
