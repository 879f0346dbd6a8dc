"""The first-time path, page by page."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEvent, Firm
from syncengine.engine.reference import load_setup
from syncengine.models import Connection, FirmSync, Link, Preview, ReferenceList, Run, Snapshot, SyncSettings
from tests.support import rows
from tests.support.pages import shown

pytest_plugins = ["tests.support.firm_and_people"]
pytestmark = pytest.mark.usefixtures("scope")

ClientAs = Callable[[str], Client]
ACCOUNTS, PREFERENCES, PREVIEW = "/setup/accounts/", "/setup/preferences/", "/setup/preview/"
CHOSEN = {
    "time_entries_account": "acc-201",
    "expenses_account": "acc-620",
    "tax_none": "NONE",
    "tax_primary": "OUTPUT",
    "version": "0",
}
RANGE = {"bills_issued_from": "2026-01-01", "only_approved_bills": "on"}
REPORT: dict[str, Any] = {
    "looked_at": 44,
    "contacts_new": 7,
    "contacts_linked": 2,
    "linked_names": [["Ada Hale", "ada@hale.example"], ["Bo Lind", ""]],
    "invoices": {"CAD": [40, 1_234_500], "USD": [1, 99_900]},
    "invoices_linked": {"CAD": [2, 5_000]},
    "paid": {"CAD": [30, 900_000]},
    "credited": {"CAD": [1, 1_000]},
    "drafts": 0,
    "in_xero": 0,
    "left_out": {"out_of_range": 3},
    "waiting": {"waiting_for_contact": 2},
    "other_rates": {"primary|5|HST on sales|13": 4},
    "causes": {
        "a": {
            "kind": "invoice",
            "code": "account_missing",
            "field": "interest_account",
            "message": "No Xero account is chosen for Interest",
            "remedy": "Choose an account for Interest on the Xero settings page.",
            "count": 6,
            "examples": ["1001", "1002"],
            "sums": {"CAD": [6, 60_000]},
        }
    },
    "samples": [],
}


@pytest.fixture(autouse=True)
def _connected(firm: Firm, scope: None) -> None:
    rows.connect(firm)
    rows.keep_lists(refreshed_at=timezone.now())


def choose(**changes: Any) -> SyncSettings:
    """Accounts are chosen and saved, the export is still off."""
    values = {
        "export_bills": False,
        "time_entries_account": "acc-201",
        "expenses_account": "acc-620",
        "tax_none": "NONE",
        "tax_primary": "OUTPUT",
        "version": 1,
        "saved_at": timezone.now(),
        **changes,
    }
    return SyncSettings.objects.create(**values)


def preview(firm: Firm, **changes: Any) -> Preview:
    """A preview that is ready and of the present settings."""
    values = {
        "state": "ready",
        "report": REPORT,
        "made_under": load_setup(firm=firm).digest,
        "asked_at": timezone.now(),
        "made_at": timezone.now(),
        **changes,
    }
    return Preview.objects.create(**values)


def test_the_path_leads_to_the_step_that_comes_next(firm: Firm, client_as: ClientAs) -> None:
    client = client_as("admin")
    assert client.get("/setup/")["Location"] == ACCOUNTS
    choose()
    assert client.get("/setup/")["Location"] == PREFERENCES
    preview(firm, state="working")
    assert client.get("/setup/")["Location"] == PREVIEW
    SyncSettings.objects.update(export_bills=True)
    assert client.get("/setup/")["Location"] == "/setup/progress/"
    FirmSync.objects.create(due_at=rows.NOW, first_sync_done_at=rows.NOW)
    assert client.get("/setup/")["Location"] == "/"


def test_the_dashboard_links_to_it_until_the_first_sync_is_done(firm: Firm, client_as: ClientAs) -> None:
    client = client_as("admin")
    assert f'href="{ACCOUNTS}"' in client.get("/").content.decode()
    choose()
    page = client.get("/")
    assert f'href="{PREFERENCES}"' in page.content.decode()
    assert "Nothing is sent before somebody starts the first sync." in shown(page)
    preview(firm)
    assert "The preview is ready. Look at it, then start the first sync." in shown(client.get("/"))


def test_accounts_are_suggested_and_nothing_counts_before_it_is_saved(client_as: ClientAs) -> None:
    answer = client_as("admin").get(ACCOUNTS)
    html = answer.content.decode()
    box = html[html.index('name="time_entries_account"') :].split("</select>")[0]
    assert '<option value="acc-201" selected>201 – Legal fees</option>' in box
    assert "Time Entries suggested" in shown(answer)
    assert "Its name fits. It counts once you save." in shown(answer)
    assert not SyncSettings.objects.filter(saved_at__isnull=False).exists()


def test_what_was_left_empty_on_purpose_is_not_suggested_again(client_as: ClientAs) -> None:
    choose(interest_account="")
    html = client_as("admin").get(ACCOUNTS).content.decode()
    box = html[html.index('name="interest_account"') :].split("</select>")[0]
    assert "selected" not in box


def test_saving_accounts_sends_nothing_and_goes_on(client_as: ClientAs) -> None:
    answer = client_as("admin").post(ACCOUNTS, CHOSEN)
    assert answer["Location"] == PREFERENCES
    saved = SyncSettings.objects.get()
    assert (saved.export_bills, saved.time_entries_account, saved.only_approved_bills) == (False, "acc-201", True)
    assert AuditEvent.objects.filter(action="settings_saved").count() == 1


def test_a_mistake_names_its_field_and_the_way_out(client_as: ClientAs) -> None:
    wrong = {**CHOSEN, "expenses_account": "", "time_entries_account": "acc-of-another-firm"}
    answer = client_as("admin").post(ACCOUNTS, wrong)
    page = shown(answer)
    assert answer.status_code == 422
    assert "Expenses : Choose an account for Expenses: bills cannot be sent without one." in page
    assert "Time Entries : This account is not in the connected Xero chart." in page
    assert not SyncSettings.objects.filter(saved_at__isnull=False).exists()


def test_two_admins_at_once_lose_nothing(client_as: ClientAs) -> None:
    choose(version=4, tax_primary="TAX007")
    answer = client_as("admin").post(ACCOUNTS, {**CHOSEN, "version": "3"})
    assert answer.status_code == 409
    assert "saved these settings while you were editing" in shown(answer)
    assert "Saved meanwhile: PST on sales" in shown(answer)
    assert SyncSettings.objects.get().tax_primary == "TAX007"


def test_saving_the_range_asks_for_the_preview_once(client_as: ClientAs) -> None:
    choose()
    client = client_as("admin")
    answer = client.post(PREFERENCES, {**RANGE, "version": "1"})
    assert answer["Location"] == PREVIEW
    assert str(SyncSettings.objects.get().bills_issued_from) == "2026-01-01"
    row = Preview.objects.get()
    assert row.state == "asked"
    assert FirmSync.objects.get().due_at <= timezone.now()
    client.post(PREFERENCES, {**RANGE, "version": "2"})
    assert Preview.objects.get().asked_at == row.asked_at


def test_a_range_that_ends_before_it_begins_is_told_at_its_field(client_as: ClientAs) -> None:
    choose()
    answer = client_as("admin").post(
        PREFERENCES, {"bills_issued_from": "2026-05-01", "bills_issued_to": "2026-04-01", "version": "1"}
    )
    assert answer.status_code == 422
    assert "The range ends before it begins" in shown(answer)
    assert 'value="2026-04-01"' in answer.content.decode()
    assert not Preview.objects.exists()


def test_changed_settings_have_the_preview_made_again(firm: Firm, client_as: ClientAs) -> None:
    choose()
    preview(firm)
    client_as("admin").post(ACCOUNTS, {**CHOSEN, "interest_account": "acc-270", "version": "1"})
    assert Preview.objects.get().state == "asked"


def test_a_preview_under_way_shows_how_far_it_is_and_asks_for_itself(firm: Firm, client_as: ClientAs) -> None:
    choose()
    rows.bills(20)
    row = preview(firm, state="working", step="plan", tally={"looked_at": 5}, report={})
    client = client_as("viewer")
    answer = client.get(PREVIEW)
    assert "Working out what would be sent: 5 of 20 bills." in shown(answer)
    assert 'hx-trigger="every 2s"' in answer.content.decode()
    row.waits_until, row.message = (
        timezone.now() + timedelta(minutes=1),
        "Clio's calls are used up; it goes on at 10:00 UTC.",
    )
    row.save()
    part = client.get(f"{PREVIEW}status/")
    assert "Waiting for a limit" in shown(part)
    assert "Clio's calls are used up. It goes on by itself:" in shown(part)
    assert part.content.decode().lstrip().startswith("<div")


def test_a_preview_that_failed_says_why_and_can_be_made_again(firm: Firm, client_as: ClientAs) -> None:
    choose()
    preview(firm, state="failed", message="Xero did not answer in time.", report={})
    client = client_as("admin")
    page = shown(client.get(PREVIEW))
    assert "The preview could not be made" in page
    assert "Xero did not answer in time." in page
    client.post(PREVIEW)
    assert Preview.objects.get().state == "asked"


def test_the_preview_tells_what_will_be_sent_linked_left_out_and_held_up(firm: Firm, client_as: ClientAs) -> None:
    choose(payment_bank_account="acc-090")
    preview(firm)
    page = shown(client_as("viewer").get(PREVIEW))
    assert "Billed 12,345.00 CAD 40 bills will be created 12,345.00 CAD 40 invoices" in page
    assert "Billed 50.00 CAD 2 bills in Xero already: will be linked 50.00 CAD 2 invoices" in page
    assert "Paid 9,000.00 CAD 30 bills will follow 9,000.00 CAD on 30 invoices" in page
    assert "Credited 10.00 CAD 1 bill waits for an account for Credit Notes –" in page
    assert "Billed 999.00 USD 1 bill will be created" in page
    assert "7 contacts will be created; 2 stand in Xero already and will be linked." in page
    assert "Ada Hale ada@hale.example" in page
    assert "3 bills are outside the range." in page
    assert "2 bills wait until their contacts are settled." in page
    assert "4 bills have a tax of 5%, and HST on sales has 13%" in page
    assert "No Xero account is chosen for Interest. 6 bills: 1001, 1002 · 600.00 CAD" in page
    assert "About 3 calls to Xero, at 60 a minute" in page


def test_without_a_matched_bank_account_no_payments_are_foretold(firm: Firm, client_as: ClientAs) -> None:
    choose()
    preview(firm)
    page = shown(client_as("viewer").get(PREVIEW))
    assert "Paid 9,000.00 CAD 30 bills no payments are sent: no bank account is matched –" in page


def test_an_empty_preview_says_what_next(firm: Firm, client_as: ClientAs) -> None:
    choose()
    preview(firm, report={**REPORT, "invoices": {}, "invoices_linked": {}, "causes": {}, "paid": {}, "credited": {}})
    page = shown(client_as("admin").get(PREVIEW))
    assert "No bill in Clio is in scope. Widen the range, or start anyway" in page
    assert "Start the first sync" in page


def test_starting_switches_the_export_on_once(firm: Firm, client_as: ClientAs) -> None:
    choose()
    preview(firm)
    client = client_as("admin")
    assert client.post("/setup/start/")["Location"] == "/setup/progress/"
    again = client.post("/setup/start/", follow=True)
    assert "The first sync was started already." in shown(again)
    assert SyncSettings.objects.get().export_bills
    assert FirmSync.objects.get().asked
    assert AuditEvent.objects.filter(action="first_sync_started").count() == 1


def test_a_preview_of_other_settings_cannot_be_started_from(firm: Firm, client_as: ClientAs) -> None:
    choose()
    preview(firm, made_under="something else")
    client = client_as("admin")
    page = client.get(PREVIEW)
    assert "Made under other settings" in shown(page)
    assert 'action="/setup/start/"' not in page.content.decode()
    refused = client.post("/setup/start/")
    assert refused.status_code == 409
    assert "Have it made again first." in shown(refused)
    assert not SyncSettings.objects.get().export_bills


@pytest.mark.parametrize("role", ["staff", "viewer"])
def test_only_an_admin_goes_the_path_the_others_look_on(firm: Firm, client_as: ClientAs, role: str) -> None:
    choose()
    preview(firm)
    client = client_as(role)
    for path in ("/setup/connect/", ACCOUNTS, PREFERENCES, PREVIEW):
        page = client.get(path)
        assert page.status_code == 200
        assert "an admin of your firm does this" in shown(page)
    assert "Start the first sync" not in shown(client.get(PREVIEW))
    for path in (ACCOUNTS, PREFERENCES, PREVIEW, "/setup/start/"):
        assert client.post(path, CHOSEN).status_code == 403
    assert not SyncSettings.objects.get().export_bills


def test_nothing_can_be_started_without_the_plan(firm: Firm, client_as: ClientAs) -> None:
    choose()
    preview(firm)
    Firm.objects.filter(pk=firm.pk).update(plan="other")
    assert client_as("admin").post("/setup/start/").status_code == 403


def test_before_both_sides_are_connected_it_says_so(client_as: ClientAs) -> None:
    Connection.objects.filter(service="xero").delete()
    ReferenceList.objects.all().delete()
    client = client_as("admin")
    assert "Connect both sides first" in shown(client.get(ACCOUNTS))
    answer = client.post(PREVIEW, follow=True)
    assert "First connect both sides and choose accounts." in shown(answer)
    assert not Preview.objects.exists()


def test_once_started_the_settings_page_takes_over(client_as: ClientAs) -> None:
    choose(export_bills=True)
    client = client_as("admin")
    assert client.get(ACCOUNTS)["Location"] == "/settings/xero/"
    assert client.get(PREFERENCES)["Location"] == "/settings/xero/"
    assert client.get(PREVIEW)["Location"] == "/setup/progress/"


# Progress -------------------------------------------------------------------------------------------------------------


def running(**changes: Any) -> Run:
    """A first sync that is half way: 3 of 10 bills, both contacts; it began ten minutes ago."""
    choose(export_bills=True)
    rows.bills(10)
    Link.objects.exclude(clio_id__in=(100_000, 100_001, 100_002)).delete()
    for contact in (501, 502):
        Snapshot.objects.create(kind="contact", clio_id=contact, record={}, digest="d", read_at=rows.NOW)
        Link.objects.create(kind="contact", clio_id=contact, state="in_step")
    began = timezone.now() - timedelta(minutes=10)
    values = {
        "reason": "schedule",
        "phase": "invoices",
        "started_at": began,
        "counts": {},
        "expected": {"contact": 2, "invoice": 10},
        "trail": [[(began + timedelta(minutes=4)).isoformat(), 4, ""]],
        **changes,
    }
    return Run.objects.create(**values)


def test_it_shows_how_many_of_how_many_and_when_it_ends(client_as: ClientAs) -> None:
    running()
    answer = client_as("viewer").get("/setup/progress/")
    page, html = shown(answer), answer.content.decode()
    assert "The first sync is running: invoices." in page
    assert "Records 5 of 12 (41 %)" in page
    assert "Contacts 2 / 2 Bills 3 / 10" in page
    assert 'value="5" max="12"' in html
    assert 'hx-trigger="every 3s"' in html
    assert "<polyline" in html
    assert "5 of 12 records after 10 minutes. No limit made it wait." in page


def test_a_limit_says_until_when_it_waits(client_as: ClientAs) -> None:
    running(
        state="waiting",
        waits_until=timezone.now() + timedelta(hours=3),
        message="Xero's calls for today are used up; it goes on at 2026-11-26 13:00:00 UTC.",
    )
    page = shown(client_as("viewer").get("/setup/progress/status/"))
    assert "The first sync waits for a limit, and goes on by itself." in page
    assert "Xero's calls for today are used up. " in page
    assert "Goes on" in page


def test_the_dashboard_shows_it_too(client_as: ClientAs) -> None:
    running()
    page = shown(client_as("viewer").get("/"))
    assert "The first sync Records" not in page
    assert "Records 5 of 12 (41 %)" in page


def test_the_dashboard_tells_the_waiting_once(client_as: ClientAs) -> None:
    until = timezone.now() + timedelta(hours=3)
    running(state="waiting", waits_until=until, message="Xero's calls for today are used up; it goes on at 13:00 UTC.")
    answer = client_as("viewer").get("/")
    page = shown(answer)
    assert 'data-stage="waiting"' in answer.content.decode()
    assert page.count("Xero's calls for today are used up") == 1
    assert "The first sync waits for a limit, and goes on by itself." in page
    assert "Waiting, nobody has to do anything." not in page


def test_a_sync_that_stopped_says_so_and_one_that_is_done_ties_out(client_as: ClientAs) -> None:
    run = running(state="failed", ended_at=timezone.now(), message="Xero did not answer in time.")
    client = client_as("viewer")
    page = shown(client.get("/setup/progress/"))
    assert "The first sync stopped. It is tried again by itself within minutes." in page
    assert "Xero did not answer in time." in page
    Run.objects.filter(pk=run.pk).update(state="errors", message="", counts={"invoice": {"created": 3}})
    FirmSync.objects.create(due_at=rows.NOW, first_sync_done_at=rows.NOW)
    rows.problem("invoice", 100_001)
    page = shown(client.get("/setup/progress/"))
    assert "The first sync is done. Invoices: 3 created." in page
    assert "Clio and Xero agree" in page
    assert "1 problem needs somebody; the rest is in step." in page
    assert "hx-trigger" not in client.get("/setup/progress/status/").content.decode()


def test_progress_of_a_firm_that_has_not_started_leads_back_to_the_path(client_as: ClientAs) -> None:
    assert client_as("viewer").get("/setup/progress/")["Location"] == "/setup/"
