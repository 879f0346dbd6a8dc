"""People mend sync errors on the page, in a browser: by mouse, by keyboard alone, while the page refreshes itself."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.firm_scope import firm_scope
from syncengine.models import Link, SyncError
from tests.support.practice import Practice

EMAIL, PASSWORD = "admin@firm.example", "a-long-password-1"
PAGE = "/bill-syncing/xero/"

pytestmark = pytest.mark.browser


@pytest.fixture
def make_practice(live_server: Any, settings: Any) -> Iterator[Callable[..., Practice]]:
    """Makes a connected firm whose Clio account is old enough not to append IDs."""
    made: list[Practice] = []

    def make(*, bills: int = 12) -> Practice:
        practice = Practice(bills=bills, account_created=datetime(2016, 5, 2, tzinfo=UTC))
        made.append(practice)
        practice.open(settings)
        settings.BASE_URL = live_server.url
        return practice

    yield make
    for practice in made:
        practice.stop()


@pytest.fixture
def practice(make_practice: Callable[..., Practice]) -> Practice:
    return make_practice()


def log_in(page: Page, live_server: Any) -> Page:
    page.goto(f"{live_server.url}/accounts/login/")
    page.fill("input[name=login]", EMAIL)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(f"{live_server.url}/")
    page.goto(f"{live_server.url}{PAGE}")
    return page


def refresh(page: Page) -> None:
    """What the page does by itself every ten seconds."""
    with page.expect_response(lambda answer: "/live/" in answer.url):
        page.evaluate("htmx.trigger(document.body, 'problems-changed')")


def problem(page: Page, words: str) -> Locator:
    return page.locator("article.problem", has=page.get_by_role("heading", name=words))


def break_a_bill(practice: Practice) -> dict[str, Any]:
    """A bill that was sent and does not add up any more."""
    practice.sync()
    bill = practice.a_bill(lambda record: record["state"] == "awaiting_payment")
    practice.clio.act("break_bill", bill_id=bill["id"])
    practice.clock.advance(60)
    practice.sync()
    return bill


def test_a_duplicate_contact_is_mended_from_its_row(practice: Practice, browser_page: Page, live_server: Any) -> None:
    client = practice.a_client(lambda record: record["type"] == "Company")
    practice.xero.act("add_contact", Name=client["name"], EmailAddress="somebody@else.example")
    practice.sync()
    page = log_in(browser_page, live_server)
    row = problem(page, f"The contact {client['name']} is already assigned to another contact.")
    expect(row).to_contain_text("somebody@else.example")
    expect(row).to_contain_text(re.compile("bills? waits? for it"))
    row.get_by_role("button", name=f"Append ID {client['id']} to this contact").click()
    expect(page.locator("#messages")).to_contain_text(f"It is sent as {client['name']} ({client['id']})")
    practice.sync()
    refresh(page)
    expect(row).to_have_count(0)
    expect(page.locator("#sync-errors-section")).to_contain_text("No sync errors. Nobody has to do anything.")
    names = {contact["Name"] for contact in practice.contacts()}
    assert f"{client['name']} ({client['id']})" in names


def test_an_archived_account_that_blocks_forty_bills_is_one_row_and_one_fix(
    make_practice: Callable[..., Practice], browser_page: Page, live_server: Any
) -> None:
    practice = make_practice(bills=52)
    practice.xero.act("archive_account", account="201")
    practice.refresh()
    practice.sync()
    blocked = len(practice.open_errors())
    assert blocked >= 40
    page = log_in(browser_page, live_server)
    expect(page.locator("article.problem")).to_have_count(1)
    row = problem(page, "The account 201")
    row.locator(".records-fold > summary", has_text=f"{blocked} records").click()
    expect(row.locator(".record")).to_have_count(20)
    row.get_by_label("Xero account for Time Entries").select_option(label="200 – Sales")
    row.get_by_role("button", name=f"Save and try {blocked} records again").click()
    expect(page.locator("#messages")).to_contain_text(f"{blocked} records are tried again within seconds")
    practice.sync()
    refresh(page)
    expect(row).to_have_count(0)
    assert practice.open_errors() == []


def test_an_invoice_that_holds_the_number_is_looked_at_and_adopted_in_place(
    practice: Practice, browser_page: Page, live_server: Any
) -> None:
    bill = practice.a_bill(lambda record: record["state"] == "awaiting_payment")
    contact = practice.xero.act("add_contact", Name="Somebody by hand")["ContactID"]
    line = {"Description": "By hand", "Quantity": 1, "UnitAmount": 90, "AccountCode": "201", "TaxType": "NONE"}
    practice.xero.act("add_invoice", contact=contact, InvoiceNumber=bill["number"], LineItems=[line])
    practice.sync()
    page = log_in(browser_page, live_server)
    row = problem(page, "The number of this bill is taken by another invoice in Xero.")
    row.get_by_role("link", name="Look at that invoice in Xero").click()
    expect(row).to_contain_text("Somebody by hand")
    refresh(page)
    expect(row.get_by_role("button", name="Adopt that invoice")).to_be_visible()  # a refresh leaves it there
    row.get_by_role("button", name="Adopt that invoice").click()
    expect(row).to_contain_text("decided: Adopt invoice")
    practice.sync()
    refresh(page)
    expect(row).to_have_count(0)
    page.get_by_role("link", name=bill["number"], exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Bill {bill['number']}")
    expect(page.locator("main")).to_contain_text("Adopted by")


def test_ignoring_and_undoing(practice: Practice, browser_page: Page, live_server: Any) -> None:
    bill = break_a_bill(practice)
    page = log_in(browser_page, live_server)
    row = problem(page, "The bill's lines do not add up.")
    row.locator("summary", has_text="Ignore…").click()
    row.get_by_label("Why? Your colleagues will read this.").fill("Known, waits for the partner.")
    row.get_by_role("button", name="Ignore until it changes in Clio").click()
    expect(page.locator("#open-problems article")).to_have_count(0)
    page.locator("#ignored-fold > summary").click()
    ignored = page.locator("#ignored-problems article")
    expect(ignored).to_contain_text(f"Bill {bill['number']}")
    expect(ignored).to_contain_text("Known, waits for the partner.")
    ignored.get_by_role("button", name="No longer ignore").click()
    expect(page.locator("#open-problems article")).to_have_count(1)
    expect(page.locator("#ignored-section")).to_have_count(0)


def test_by_keyboard_alone(practice: Practice, browser_page: Page, live_server: Any) -> None:
    break_a_bill(practice)
    page = log_in(browser_page, live_server)

    def focused() -> str:
        return str(page.evaluate("document.activeElement.innerText || document.activeElement.name || ''"))

    def tab_to(words: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            if words in focused():
                return
        raise AssertionError(f"no way to {words!r} by Tab; the focus is on {focused()!r}")

    tab_to("Ignore…")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert focused() == "reason"
    page.keyboard.type("Known.")
    page.keyboard.press("Enter")
    expect(page.locator("#open-problems article")).to_have_count(0)
    # What had the focus is gone: it stands on the section's heading, not at the top of the page.
    assert page.evaluate("document.activeElement.id") == "sync-errors"
    tab_to("left alone until it changes")
    page.keyboard.press("Enter")
    tab_to("No longer ignore")
    page.keyboard.press("Enter")
    expect(page.locator("#open-problems article")).to_have_count(1)
    with firm_scope(practice.firm):
        assert SyncError.objects.get(state="open").code == "totals_mismatch"


def test_a_refresh_loses_no_place_no_focus_nothing_opened_and_nothing_typed(
    practice: Practice, browser_page: Page, live_server: Any
) -> None:
    bill = break_a_bill(practice)
    page = log_in(browser_page, live_server)
    page.get_by_label("Client").fill("half a na")
    page.get_by_label("State").select_option("refused")
    row = problem(page, "The bill's lines do not add up.")
    row.locator("summary", has_text="Ignore…").click()
    reason = row.get_by_label("Why? Your colleagues will read this.")
    reason.fill("half a rea")
    page.evaluate("window.scrollTo(0, 300)")
    with firm_scope(practice.firm):
        SyncError.objects.update(times=41)
        Link.objects.filter(kind="invoice", clio_id=bill["id"]).update(title="Renamed in between")
    refresh(page)
    expect(row).to_contain_text("41 times")
    expect(page.locator(f"#bill-{bill['id']}")).to_contain_text("Renamed in between")
    expect(reason).to_have_value("half a rea")
    expect(reason).to_be_focused()
    expect(page.get_by_label("Client")).to_have_value("half a na")
    expect(page.get_by_label("State")).to_have_value("refused")
    assert page.evaluate("window.scrollY") == 300


_WATCH = """
    const gone = document.querySelector("article.problem");
    window.faded = {};
    new MutationObserver(() => {
        if (gone.classList.contains("leaving") && !window.faded.began) window.faded.began = performance.now();
        if (!gone.isConnected && !window.faded.ended) window.faded.ended = performance.now();
    }).observe(document.body, {subtree: true, childList: true, attributes: true, attributeFilter: ["class"]});
"""


def test_a_row_that_clears_fades_out_within_200_milliseconds(
    practice: Practice, browser_page: Page, live_server: Any
) -> None:
    break_a_bill(practice)
    page = log_in(browser_page, live_server)
    page.evaluate(f"() => {{{_WATCH}}}")
    with firm_scope(practice.firm):
        SyncError.objects.update(state="closed")
    refresh(page)
    expect(page.locator("article.problem")).to_have_count(0)
    faded = page.evaluate("window.faded")
    assert 150 < faded["ended"] - faded["began"] < 600  # 200 ms, and what a busy machine adds


def test_whoever_wants_less_motion_sees_it_go_at_once(practice: Practice, browser_page: Page, live_server: Any) -> None:
    break_a_bill(practice)
    browser_page.emulate_media(reduced_motion="reduce")
    page = log_in(browser_page, live_server)
    page.evaluate(f"() => {{{_WATCH}}}")
    with firm_scope(practice.firm):
        SyncError.objects.update(state="closed")
    refresh(page)
    expect(page.locator("article.problem")).to_have_count(0)
    assert page.evaluate("window.faded.began") is None
