"""The settings page in a browser: effects beside the button, unsaved entries, long lists, and all of it unscripted."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from accounts.firm_scope import firm_scope
from accounts.models import AuditEvent, Firm
from accounts.provisioning import create_firm
from syncengine.models import SyncSettings
from tests.support import rows
from tests.support.newcomer import EMAIL, PASSWORD

pytestmark = pytest.mark.browser


@pytest.fixture
def firm(transactional_db: None) -> Firm:
    """A synced firm with a chart that is long."""
    made = create_firm(name="Hale & Partners", admin_email=EMAIL, password=PASSWORD, plan="boutique", region="ca")
    more = tuple(
        rows.account(str(500 + place), f"Recovered costs {place:02}", "REVENUE", "REVENUE") for place in range(30)
    )
    with firm_scope(made):
        rows.connect(made)
        rows.keep_lists(refreshed_at=timezone.now(), accounts=more)
        rows.configure()
        for month in (1, 2, 3):
            rows.bill(month, dated=date(2026, month, 15))
    return made


def log_in(page: Page, url: str) -> None:
    page.goto(f"{url}/accounts/login/")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.goto(f"{url}/settings/xero/")


@pytest.fixture
def page(firm: Firm, live_server: Any, browser_page: Page) -> Iterator[Page]:
    """The settings page, opened by the firm's admin."""
    log_in(browser_page, live_server.url)
    yield browser_page
    browser_page.on("dialog", lambda dialog: dialog.accept())
    browser_page.goto("about:blank")


def test_what_a_change_would_do_stands_beside_the_button_at_once(page: Page, firm: Firm) -> None:
    assert page.locator("#effect").inner_text().strip() == ""
    page.locator("#id_bills_issued_from").fill("2026-02-01")
    page.locator("#id_bills_issued_from").blur()
    page.get_by_text("1 sent bill would be frozen").wait_for()
    page.locator("#id_expenses_account").select_option("")
    page.get_by_text("Not ready to be saved").wait_for()
    with firm_scope(firm):
        assert SyncSettings.objects.get().bills_issued_from is None


def test_leaving_with_unsaved_entries_asks_first_and_saving_does_not(page: Page, firm: Firm, live_server: Any) -> None:
    asked: list[str] = []

    def stay(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.locator("#id_bills_issued_from").fill("2026-02-01")
    page.get_by_role("link", name="Bill Syncing").first.click()
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    assert page.url.endswith("/settings/xero/")
    page.get_by_role("button", name="Update sync settings").dblclick()
    page.get_by_text("Saved.").wait_for()
    assert asked == ["beforeunload"]
    page.get_by_role("link", name="Bill Syncing").first.click()
    page.wait_for_url("**/bill-syncing/xero/")
    assert asked == ["beforeunload"]
    with firm_scope(firm):
        assert AuditEvent.objects.filter(action="settings_saved").count() == 1


def test_a_long_list_is_narrowed_by_typing_and_keeps_its_choice(page: Page) -> None:
    field = page.get_by_label("Expenses: Type to narrow the list")
    box = page.locator("#id_expenses_account")
    field.fill("recovered 07")
    assert box.locator("option").all_inner_texts() == [
        "None",
        "507 – Recovered costs 07",
        "310 – Disbursements recovered",
    ]
    assert box.input_value() == "acc-310"  # what is chosen stays chosen
    box.select_option("acc-507")
    field.fill("")
    assert box.input_value() == "acc-507"
    assert box.locator("option").count() > 30
    field.press("Enter")  # sends nothing
    assert page.get_by_role("button", name="Update sync settings").is_visible()


def test_everything_works_without_a_script(firm: Firm, live_server: Any, browser_page: Page) -> None:
    browser = browser_page.context.browser
    assert browser is not None
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    log_in(page, live_server.url)
    assert page.locator(".narrow-list").count() == 0
    page.locator("#id_bills_issued_from").fill("2026-02-01")
    page.get_by_role("button", name="Show what this changes").click()
    assert page.get_by_text("1 sent bill would be frozen").is_visible()
    assert page.locator("#id_bills_issued_from").input_value() == "2026-02-01"
    page.get_by_role("button", name="Update sync settings").click()
    assert page.get_by_text("Saved. Sync bills issued from: None → 2026-02-01.").is_visible()
    context.close()
    with firm_scope(firm):
        assert str(SyncSettings.objects.get().bills_issued_from) == "2026-02-01"


@pytest.mark.parametrize("width", [390, 768, 1280])
def test_nothing_scrolls_sideways(page: Page, width: int, live_server: Any) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    for path in ("/settings/xero/", "/settings/categories/", "/"):
        page.goto(f"{live_server.url}{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
