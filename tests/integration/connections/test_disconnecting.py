"""Disconnecting: keeping links or forgetting them, with the other side told where it can be."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.firm_scope import firm_scope
from accounts.models import AuditEvent, Firm
from sandbox.faults import Fault
from syncengine.connections import NotConnected, note_disconnected, open_clio, open_xero
from syncengine.models import (
    CategoryAccount,
    Connection,
    Cursor,
    FirmSync,
    Grant,
    Link,
    ReferenceList,
    Run,
    Snapshot,
    Submission,
    SyncError,
    SyncSettings,
)
from tests.support.consents import BOOKKEEPER, HARROW, QUIET, Sides, connected, connection_of

pytest_plugins = ["tests.support.consent_fixtures"]
BrowserOf = Callable[..., Client]
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
FORGET = {"forget": "yes", "firm_name": "Hale & Partners"}


@pytest.fixture
def admin(sides: Sides, hale: Firm, browser_of: BrowserOf) -> Client:
    """The admin of a firm that is connected to both."""
    browser = browser_of(hale)
    sides.connect_clio(browser)
    sides.connect_xero(browser, HARROW)
    return browser


@pytest.fixture
def synced(hale: Firm, admin: Client) -> Firm:
    """That firm, with traces of a sync."""
    with firm_scope(hale):
        link = Link.objects.create(kind="invoice", clio_id=9001, xero_id="inv-1", state="blocked")
        SyncError.objects.create(
            link=link, kind="invoice", clio_id=9001, code="c", message="m", first_seen_at=NOW, last_seen_at=NOW
        )
        Snapshot.objects.create(kind="bill", clio_id=9001, record={}, digest="d", read_at=NOW)
        Cursor.objects.create(resource="bills", since=NOW)
        ReferenceList.objects.create(name="accounts", payload=[], digest="d", refreshed_at=NOW)
        SyncSettings.objects.create(export_bills=True, time_entries_account="acc-200", version=3)
        CategoryAccount.objects.create(kind="service", clio_id=11, account_id="acc-200")
        FirmSync.objects.create(due_at=NOW, first_sync_done_at=NOW, lease_generation=7)
        Run.objects.create(reason="schedule", started_at=NOW)
    return hale


def post(browser: Client, service: str, **form: str) -> HttpResponse:
    return browser.post(f"/connections/{service}/disconnect/", form, follow=True)  # type: ignore[return-value]


def traces(firm: Firm) -> list[str]:
    """Which tables still hold something that forgetting drops."""
    with firm_scope(firm):
        return [
            model.__name__ for model in (Link, SyncError, Snapshot, Cursor, ReferenceList) if model.objects.exists()
        ]


def submission(state: str) -> None:
    Submission.objects.create(
        kind="invoice",
        operation="create",
        method="PUT",
        path="/Invoices",
        body_digest="d",
        idempotency_key="k",
        lease_generation=7,
        state=state,
        sent_at=NOW,
    )


# Keeping links


def test_keeping_links_ends_the_connection_and_keeps_the_binding(sides: Sides, synced: Firm, admin: Client) -> None:
    answer = post(admin, "xero")
    assert "Xero is disconnected. Links are kept" in answer.content.decode()
    row = connected(synced, "xero")
    assert (row.state, row.grant, row.remote_id) == ("disconnected", None, sides.tenant(HARROW))
    assert traces(synced) == ["Link", "SyncError", "Snapshot", "Cursor", "ReferenceList"]
    assert Grant.objects.filter(service="xero").count() == 0
    assert sides.connected_at_xero() == set()
    assert sides.xero.calls.count("POST", "/connect/revocation") == 0
    with pytest.raises(NotConnected):
        open_xero(firm=synced, clock=timezone.now)
    with firm_scope(synced):
        event = AuditEvent.objects.latest("pk")
    assert event.action == "disconnected"
    assert event.detail["service"] == "xero"


def test_clio_is_told_too(sides: Sides, synced: Firm, admin: Client) -> None:
    token = (connected(synced, "clio").grant or Grant()).tokens
    post(admin, "clio", forget="")
    assert sides.clio.calls.count("POST", "/oauth/deauthorize") == 1
    assert [call.status for call in sides.clio.calls.calls() if call.path == "/oauth/deauthorize"] == [200]
    assert token is not None
    assert Grant.objects.filter(service="clio").count() == 0
    with pytest.raises(NotConnected):
        open_clio(firm=synced, clock=timezone.now)


def test_reconnecting_carries_on_with_the_same_rows(sides: Sides, synced: Firm, admin: Client) -> None:
    before = connected(synced, "xero").pk
    post(admin, "xero")
    sides.connect_xero(admin, HARROW)
    row = connected(synced, "xero")
    assert (row.pk, row.state) == (before, "connected")
    assert open_xero(firm=synced, clock=timezone.now).organisation().name == sides.name(HARROW)


def test_after_keeping_links_another_organisation_is_still_refused(sides: Sides, synced: Firm, admin: Client) -> None:
    post(admin, "xero")
    assert admin.get(sides.consent_xero(admin, QUIET)).status_code == 409
    assert sides.connected_at_xero() == set()


def test_only_this_organisations_connection_goes_where_two_firms_share_a_login(
    sides: Sides, synced: Firm, admin: Client, thorn: Firm, browser_of: BrowserOf
) -> None:
    sides.connect_xero(browser_of(thorn), QUIET)
    post(admin, "xero")
    assert sides.connected_at_xero() == {sides.tenant(QUIET)}
    assert Grant.objects.filter(service="xero").count() == 1
    assert open_xero(firm=thorn, clock=timezone.now).organisation().name == sides.name(QUIET)


def test_when_the_other_side_cannot_be_reached_it_is_disconnected_here_and_that_is_said(
    sides: Sides, synced: Firm, admin: Client
) -> None:
    sides.xero.faults.add(Fault(kind="lose_answer", method="DELETE", path_prefix="/connections"))
    words = post(admin, "xero").content.decode()
    assert "Xero itself could not be told just now" in words
    assert connected(synced, "xero").state == "disconnected"
    assert Grant.objects.filter(service="xero").count() == 0


def test_a_connection_that_the_other_side_ended_needs_no_telling(sides: Sides, synced: Firm, admin: Client) -> None:
    sides.xero.act("expire_access_tokens")
    sides.xero.act("expire_refresh_tokens")
    Grant.objects.filter(service="xero").update(state="revoked", tokens=None)
    note_disconnected(firm=synced, service="xero", problem="Gone.", now=timezone.now())
    sides.xero.calls.reset()
    words = post(admin, "xero").content.decode()
    assert "could not be told" not in words
    assert connected(synced, "xero").state == "disconnected"
    assert sides.xero.calls.total() == 0
    assert len(mail.outbox) == 1


def test_a_token_that_has_run_out_is_renewed_to_say_farewell(sides: Sides, synced: Firm, admin: Client) -> None:
    Grant.objects.filter(service="xero").update(expires_at=timezone.now() - timedelta(minutes=1))
    post(admin, "xero")
    assert sides.connected_at_xero() == set()


def test_disconnecting_twice_says_that_nothing_is_connected(synced: Firm, admin: Client) -> None:
    post(admin, "clio")
    answer = post(admin, "clio")
    assert answer.status_code == 409
    assert "Clio is not connected" in answer.content.decode()


def test_an_answer_that_neither_keeps_nor_forgets_changes_nothing(synced: Firm, admin: Client) -> None:
    assert post(admin, "clio", forget="perhaps").status_code == 422
    assert connected(synced, "clio").state == "connected"


# Forgetting them


def test_forgetting_drops_what_ties_the_two_together_and_nothing_else(
    sides: Sides, synced: Firm, admin: Client
) -> None:
    words = post(admin, "xero", **FORGET).content.decode()
    assert "found again and linked, not sent twice" in words
    assert traces(synced) == []
    assert connection_of(synced, "xero") is None
    assert connected(synced, "clio").state == "connected"
    assert sides.connected_at_xero() == set()
    with firm_scope(synced):
        assert SyncSettings.objects.get().time_entries_account == "acc-200"
        schedule = FirmSync.objects.get()
        run = Run.objects.get()
        event = AuditEvent.objects.latest("pk")
    assert (schedule.first_sync_done_at, schedule.lease_generation) == (None, 8)
    assert (run.state, run.ended_at is None) == ("failed", False)
    assert event.action == "connection_forgotten"
    assert event.detail["remote_id"] == sides.tenant(HARROW)


def test_forgetting_leaves_other_firms_alone(synced: Firm, admin: Client, thorn: Firm) -> None:
    with firm_scope(thorn):
        Link.objects.create(kind="invoice", clio_id=9001)
    post(admin, "clio", **FORGET)
    assert traces(thorn) == ["Link"]


@pytest.mark.parametrize("name", ["", "Hale", "Thorn Law"])
def test_forgetting_needs_the_firms_name(synced: Firm, admin: Client, name: str) -> None:
    answer = post(admin, "xero", forget="yes", firm_name=name)
    assert answer.status_code == 422
    words = answer.content.decode()
    assert "Type the firm&#x27;s name, Hale &amp; Partners" in words
    assert 'aria-invalid="true"' in words
    assert connected(synced, "xero").state == "connected"
    assert len(traces(synced)) == 5


@pytest.mark.parametrize("state", ["sending", "unclear"])
def test_forgetting_waits_for_a_submission_that_is_not_settled(
    sides: Sides, synced: Firm, admin: Client, state: str
) -> None:
    with firm_scope(synced):
        submission(state)
    answer = post(admin, "xero", **FORGET)
    assert answer.status_code == 409
    assert "its answer is still missing" in answer.content.decode()
    assert connected(synced, "xero").state == "connected"
    assert len(traces(synced)) == 5
    assert sides.connected_at_xero() == {sides.tenant(HARROW)}
    assert post(admin, "xero").status_code == 200
    assert connected(synced, "xero").state == "disconnected"


def test_settled_submissions_stay_as_history(synced: Firm, admin: Client) -> None:
    with firm_scope(synced):
        submission("answered")
    post(admin, "xero", **FORGET)
    with firm_scope(synced):
        assert Submission.objects.count() == 1


def test_forgetting_waits_for_a_run_that_is_at_work(synced: Firm, admin: Client) -> None:
    with firm_scope(synced):
        FirmSync.objects.update(lease_owner="worker", lease_until=timezone.now() + timedelta(seconds=40))
    answer = post(admin, "xero", **FORGET)
    assert answer.status_code == 409
    assert "Try again in a minute" in answer.content.decode()
    assert len(traces(synced)) == 5


def test_links_that_were_kept_can_be_forgotten_later(sides: Sides, synced: Firm, admin: Client) -> None:
    post(admin, "xero")
    post(admin, "xero", **FORGET)
    assert connection_of(synced, "xero") is None
    assert traces(synced) == []


def test_after_forgetting_the_same_organisation_finds_its_settings_again(
    sides: Sides, synced: Firm, admin: Client
) -> None:
    post(admin, "xero", **FORGET)
    sides.connect_xero(admin, HARROW)
    with firm_scope(synced):
        assert SyncSettings.objects.get().export_bills
        assert CategoryAccount.objects.count() == 1


def test_after_forgetting_another_organisation_starts_with_nothing_switched_on(
    sides: Sides, synced: Firm, admin: Client
) -> None:
    post(admin, "xero", **FORGET)
    sides.connect_xero(admin, QUIET)
    assert connected(synced, "xero").remote_id == sides.tenant(QUIET)
    with firm_scope(synced):
        assert not SyncSettings.objects.exists()
        assert not CategoryAccount.objects.exists()


def test_a_forgotten_organisation_may_serve_another_firm(
    sides: Sides, synced: Firm, admin: Client, thorn: Firm, browser_of: BrowserOf
) -> None:
    post(admin, "xero", **FORGET)
    sides.connect_xero(browser_of(thorn), HARROW, user=BOOKKEEPER)
    assert connected(thorn, "xero").remote_id == sides.tenant(HARROW)
    with firm_scope(thorn):
        assert Connection.objects.count() == 1
