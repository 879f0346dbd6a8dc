"""A page takes at most twelve queries, and as many with 2,000 bills as with 30 (DESIGN §6)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.firm_scope import firm_scope
from accounts.models import Firm
from syncengine.domain.preview import Tally
from syncengine.engine.reference import load_setup
from syncengine.models import AllocationSnapshot, FirmSync, Link, Preview, RecordEvent, Run, SyncError, XeroPayment
from tests.support import rows

pytest_plugins = ["tests.support.firm_and_people"]

ClientAs = Callable[[str], Client]
MOST = 12
EMPTY = Tally().as_dict()
PAGES = (
    "/",
    "/bill-syncing/xero/",
    "/bill-syncing/xero/?state=in_step&text=Client&sort=client&page=2",
    "/bill-syncing/xero/live/",
    "/bill-syncing/xero/status/",
    "/bill-syncing/xero/bills.csv?state=refused",
    "/bill-syncing/xero/bills/1/",
    "/bill-syncing/xero/contacts/501/",
    "/bill-syncing/xero/errors/",
    "/bill-syncing/xero/errors/?state=ignored",
    "/bill-syncing/xero/errors/{error}/",
    "/bill-syncing/xero/errors/{error}/contacts/",
    "/settings/xero/",
    "/settings/categories/",
)


def a_bill_with_everything() -> None:
    """Bill 1: sent, with payments, credits, problems and a history."""
    rows.bill(1, client_id=501)
    rows.problem("invoice", 1)
    for place in range(5):
        Link.objects.create(kind="payment", clio_id=8_801 + place, bill_id=1, state="in_step", xero_id=f"pay-{place}")
        record = {"id": 8_801 + place, "parent_type": "Payment", "amount": "1.00", "date": "2026-05-01"}
        AllocationSnapshot.objects.create(clio_id=8_801 + place, bill_id=1, record=record, digest="d")
        XeroPayment.objects.create(
            payment_id=f"pay-{place}",
            invoice_id="inv-1",
            amount_minor=100,
            status="AUTHORISED",
            first_seen_at=rows.NOW,
            seen_at=rows.NOW,
        )
        RecordEvent.objects.create(kind="invoice", clio_id=1, at=rows.NOW, event="read")


def prepare(firm: Firm) -> int:
    """A firm that is connected and configured and has run twelve times; gives the id of a contact's problem."""
    with firm_scope(firm):
        rows.connect(firm)
        rows.keep_lists(refreshed_at=timezone.now())
        rows.configure()
        error = rows.contact_taken(501, "Alder Holdings Ltd")
        a_bill_with_everything()
        for _ in range(12):
            Run.objects.create(reason="schedule", state="clean", started_at=rows.NOW, ended_at=rows.NOW)
    return error.pk


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
        answer: Any = client.get(page)
        assert answer.status_code == 200
        if answer.streaming:
            assert b"".join(answer.streaming_content)
    return [query["sql"] for query in captured.captured_queries]


SETUP_PAGES = ("/setup/connect/", "/setup/accounts/", "/setup/preferences/", "/setup/preview/", "/")


@pytest.mark.parametrize("state", ["ready", "working"])
@pytest.mark.parametrize("page", SETUP_PAGES)
def test_a_page_of_the_first_time_path_takes_as_few(firm: Firm, client_as: ClientAs, page: str, state: str) -> None:
    client = client_as("admin")
    with firm_scope(firm):
        rows.connect(firm)
        rows.keep_lists(refreshed_at=timezone.now())
        rows.configure(export_bills=False)
        FirmSync.objects.update(first_sync_done_at=None)
        made_under = load_setup(firm=firm).digest
        Preview.objects.create(state=state, step="plan", asked_at=rows.NOW, report=EMPTY, made_under=made_under)
        rows.bills(10, first=100_000)
        few = queries(client, page)
        rows.bills(2_000, first=300_000)
        many = queries(client, page)
    assert len(few) <= MOST, "\n".join(few)
    assert len(many) == len(few), "\n".join(many)


def test_the_progress_of_a_first_sync_takes_as_few(firm: Firm, client_as: ClientAs) -> None:
    client = client_as("admin")
    with firm_scope(firm):
        rows.connect(firm)
        rows.configure()
        FirmSync.objects.update(first_sync_done_at=None)
        Run.objects.create(reason="schedule", phase="invoices", started_at=rows.NOW, expected={"invoice": 9})
        rows.bills(2_000)
    for page in ("/setup/progress/", "/setup/progress/status/", "/"):
        assert len(queries(client, page)) <= MOST


@pytest.mark.parametrize("page", PAGES)
def test_a_page_takes_as_few_queries_with_many_bills_as_with_few(firm: Firm, client_as: ClientAs, page: str) -> None:
    client = client_as("admin")
    page = page.format(error=prepare(firm))
    add_bills(firm, 30, first=100_000)
    few = queries(client, page)
    add_bills(firm, 2_000, first=300_000)
    many = queries(client, page)
    assert len(few) <= MOST, "\n".join(few)
    assert len(many) == len(few), "\n".join(many)
