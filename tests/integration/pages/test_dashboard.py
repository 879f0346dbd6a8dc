"""The dashboard, as each role and in each state of a firm sees it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Firm
from syncengine.models import Connection, FirmSync, Link, Run
from tests.support import rows
from tests.support.pages import shown
from tests.support.rows import NOW

pytest_plugins = ["tests.support.firm_and_people"]
pytestmark = pytest.mark.usefixtures("scope")

ClientAs = Callable[[str], Client]


def test_a_stranger_is_sent_to_the_login(client: Client) -> None:
    answer = client.get("/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


def test_a_new_firm_is_led_to_connect_clio(client_as: ClientAs) -> None:
    page = shown(client_as("admin").get("/"))
    assert "Connect Clio to begin." in page
    assert "Sync now" not in page


def test_a_viewer_of_a_new_firm_is_told_who_connects_it(client_as: ClientAs) -> None:
    page = shown(client_as("viewer").get("/"))
    assert "An admin of your firm does this" in page


def test_a_connected_firm_is_led_to_its_settings(firm: Firm, client_as: ClientAs) -> None:
    rows.connect(firm)
    page = shown(client_as("admin").get("/"))
    assert "Both sides are connected. Now choose accounts and tax rates." in page
    assert "Choose accounts" in page


def test_a_plan_without_the_integration_is_explained(firm: Firm, client_as: ClientAs) -> None:
    Firm.objects.filter(pk=firm.pk).update(plan="other")
    page = shown(client_as("admin").get("/"))
    assert "Nothing syncs: the firm's Clio plan does not include the Xero integration." in page


def test_it_sets_clio_beside_xero_in_each_currency(firm: Firm, client_as: ClientAs) -> None:
    rows.connect(firm)
    rows.configure()
    rows.bill(1, amount_minor=123_450, xero_amount_minor=123_450)
    rows.bill(2, amount_minor=50_000, xero_amount_minor=50_000)
    rows.bill(3, amount_minor=70_000, xero_amount_minor=70_000, currency="USD")
    rows.bill(4, state="waiting", amount_minor=9_900)
    rows.bill(5, state="in_step", clio_state="void", xero_status="VOIDED", amount_minor=77_700)
    page = shown(client_as("viewer").get("/"))
    assert "In step 1,734.50 CAD 2 bills Clio and Xero agree 1,734.50 CAD 2 invoices" in page
    assert "On the way 99.00 CAD 1 bill Follows by itself 0.00 CAD 0 invoices" in page
    assert "In step 700.00 USD 1 bill Clio and Xero agree 700.00 USD 1 invoice" in page


def test_it_names_what_needs_somebody_and_counts_it(firm: Firm, client_as: ClientAs) -> None:
    rows.connect(firm)
    rows.configure()
    rows.bill(1, state="blocked")
    rows.problem("invoice", 1)
    rows.contact_taken(501, "Alder Holdings Ltd")
    page = shown(client_as("viewer").get("/"))
    assert "2 problems need somebody." in page
    assert "The contact Alder Holdings Ltd is already assigned to another contact." in page
    assert "The account 200 – Sales, chosen for Time Entries, is archived in Xero." in page


def test_it_tells_the_last_runs_with_their_calls(firm: Firm, client_as: ClientAs) -> None:
    rows.connect(firm)
    rows.configure()
    Run.objects.create(
        reason="schedule",
        state="clean",
        phase="done",
        started_at=NOW,
        ended_at=NOW + timedelta(seconds=4),
        counts={"invoice": {"created": 12}},
        clio_calls=7,
        xero_calls=3,
        seconds=4.2,
    )
    page = shown(client_as("viewer").get("/"))
    assert "Clean Invoices: 12 created. 7 3 4.2" in page
    assert "Everything is in step." in page


def test_thirty_days_of_runs_are_a_picture_and_a_table(firm: Firm, client_as: ClientAs) -> None:
    ready(firm)
    Firm.objects.filter(pk=firm.pk).update(time_zone="America/Toronto")
    now = timezone.now()
    for days, state, sent in ((0, "clean", 12), (0, "errors", 3), (4, "failed", 0), (45, "clean", 999)):
        at = now - timedelta(days=days)
        Run.objects.create(reason="schedule", state=state, started_at=at, ended_at=at, sent=sent)
    answer = client_as("viewer").get("/")
    page = shown(answer)
    assert "30 days: 3 runs, 15 records sent. On 1 day a run failed." in page
    assert "1 run failed" in page
    assert answer.content.decode().count('<rect class="bar') == 2
    assert 'role="img" aria-label="30 days:' in answer.content.decode()


def test_money_stands_beside_money_where_payments_are_synced(firm: Firm, client_as: ClientAs) -> None:
    ready(firm)
    rows.bill(1, amount_minor=10_000, xero_amount_minor=10_000)
    rows.bill(2, state="waiting", amount_minor=2_500)
    paid = {"state": "in_step", "currency": "CAD", "amount_minor": 4_000, "bill_id": 1}
    Link.objects.create(kind="payment", clio_id=8801, xero_id="p-1", xero_amount_minor=4_000, **paid)
    page = shown(client_as("viewer").get("/"))
    assert "Billed 125.00 CAD 2 bills On its way: 25.00 CAD 100.00 CAD 1 invoice" in page
    assert "Paid 40.00 CAD 1 payment Clio and Xero agree 40.00 CAD 1 payment" in page
    assert "Outstanding 85.00 CAD On its way: 25.00 CAD 60.00 CAD" in page


def test_a_connection_that_the_other_side_ended_says_what_to_do(firm: Firm, client_as: ClientAs) -> None:
    rows.connect(firm)
    rows.configure()
    Connection.objects.filter(service="xero").update(state="broken", problem="An admin has to connect Xero again.")
    page = shown(client_as("admin").get("/"))
    assert "Syncing is paused: Xero has to be connected again." in page
    assert "An admin has to connect Xero again." in page


def ready(firm: Firm) -> None:
    rows.connect(firm)
    rows.configure()


def test_sync_now_makes_the_firm_due_once_however_often_it_is_pressed(firm: Firm, client_as: ClientAs) -> None:
    ready(firm)
    client = client_as("staff")
    first = client.post("/bill-syncing/xero/sync-now/", {"back": "/settings/xero/"}, follow=False)
    due_at = FirmSync.objects.get().due_at
    second = client.post("/bill-syncing/xero/sync-now/", follow=True)
    assert (first.status_code, first["Location"]) == (302, "/settings/xero/")
    assert "A sync was asked for already; it starts within seconds." in shown(second)
    assert FirmSync.objects.get().asked
    assert FirmSync.objects.get().due_at == due_at


def test_a_viewer_cannot_ask_for_a_sync(firm: Firm, client_as: ClientAs) -> None:
    ready(firm)
    client = client_as("viewer")
    assert "Sync now" not in shown(client.get("/"))
    assert client.post("/bill-syncing/xero/sync-now/").status_code == 403
    assert not FirmSync.objects.get().asked


def test_sync_now_does_nothing_before_everything_is_ready(firm: Firm, client_as: ClientAs) -> None:
    rows.connect(firm)
    answer = client_as("admin").post("/bill-syncing/xero/sync-now/", follow=True)
    assert "Nothing can be synced yet" in shown(answer)
    assert not FirmSync.objects.filter(asked=True).exists()


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"])
def test_a_button_never_leads_to_another_site(firm: Firm, client_as: ClientAs, back: str) -> None:
    ready(firm)
    answer = client_as("staff").post("/bill-syncing/xero/sync-now/", {"back": back})
    assert answer["Location"] == "/"


def test_the_live_status_is_the_block_alone(firm: Firm, client_as: ClientAs) -> None:
    ready(firm)
    answer = client_as("viewer").get("/bill-syncing/xero/status/")
    assert answer.content.decode().lstrip().startswith("<div")
    assert "Everything is in step." in shown(answer)


def test_the_live_status_tells_of_a_run_that_the_page_has_not_seen(firm: Firm, client_as: ClientAs) -> None:
    ready(firm)
    Run.objects.create(reason="schedule", state="clean", started_at=NOW, ended_at=NOW)
    client, seen = client_as("viewer"), f"?seen={int(NOW.timestamp())}"
    page = client.get("/").content.decode()
    assert f'hx-get="/bill-syncing/xero/status/{seen}"' in page
    assert 'hx-trigger="run-ended from:body"' in page
    assert "HX-Trigger" not in client.get(f"/bill-syncing/xero/status/{seen}")
    Run.objects.create(reason="schedule", state="clean", started_at=NOW + timedelta(minutes=5), ended_at=NOW)
    assert "run-ended" in client.get(f"/bill-syncing/xero/status/{seen}")["HX-Trigger"]
