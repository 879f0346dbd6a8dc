"""In browsers: a firm is signed up, somebody is invited and comes in as new, and as a viewer can change nothing.

And the menus in the frame of every page: by keyboard, on a phone, without scripts.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Firm, Membership, SignUp
from accounts.provisioning import create_firm
from tests.support.mails import code_for, link_for

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "correct-horse-battery-staple"
ADA, VI = "ada@hale.example", "vi@marsh.example"


@pytest.fixture
def pages_url(live_server: Any, settings: Any) -> str:
    """The pages over real HTTP."""
    settings.BASE_URL = live_server.url
    url: str = live_server.url
    return url


@pytest.fixture
def second_page(browser_page: Page) -> Iterator[Page]:
    """A page of somebody else, with cookies of their own and without scripts."""
    browser = browser_page.context.browser
    assert browser
    context = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    yield context.new_page()
    context.close()


def sign_up(page: Page, url: str) -> None:
    """Sign a firm up, from the login page on, with a second click on the button."""
    page.goto(f"{url}/accounts/login/")
    page.get_by_role("link", name="Sign your firm up").click()
    page.get_by_label("Firm's name").fill("Hale & Partners")
    page.get_by_label("Your firm's plan with Clio").select_option("Elite")
    page.get_by_label("Region of your Clio account").select_option("Canada")
    page.get_by_label("Your name").fill("Ada Hale")
    page.get_by_label("Your e-mail address").fill(ADA)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign up").dblclick()
    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
    page.get_by_label("Code").fill(code_for(ADA))
    page.get_by_role("button", name="Go on").click()


def test_a_firm_signs_up_and_a_viewer_joins_who_can_change_nothing(
    pages_url: str, browser_page: Page, second_page: Page
) -> None:
    page = browser_page
    sign_up(page, pages_url)
    expect(page.get_by_text("Hale & Partners is set up, and you are its admin.")).to_be_visible()
    expect(page.get_by_role("link", name="Connect Clio")).to_be_visible()
    assert (Firm.objects.count(), SignUp.objects.count()) == (1, 0)

    page.get_by_role("link", name="Firm", exact=True).click()
    page.get_by_role("link", name="Invite somebody").click()
    page.get_by_label("E-mail address").fill(VI)
    page.get_by_label("Viewer").check()
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text(f"The invitation to {VI} is on its way.")).to_be_visible()

    guest = second_page
    guest.goto(pages_url + link_for(VI))
    expect(guest.get_by_role("heading", name="Join Hale & Partners")).to_be_visible()
    guest.get_by_label("Your name").fill("Vi Marsh")
    guest.get_by_label("Choose a password").fill(PASSWORD)
    guest.get_by_role("button", name="Join Hale & Partners").click()
    expect(guest.get_by_text("Welcome to Hale & Partners. Your role here is Viewer.")).to_be_visible()
    expect(guest.get_by_role("link", name="Connect Clio")).to_have_count(0)

    guest.goto(f"{pages_url}/firm/")
    for words in ("Invite somebody", "Change", "Send again", "Change name, time zone or dates"):
        expect(guest.get_by_role("link", name=words)).to_have_count(0)
        expect(guest.get_by_role("button", name=words)).to_have_count(0)
    for path in ("/firm/invite/", "/firm/settings/", "/firm/plan/"):
        guest.goto(pages_url + path)
        expect(guest.get_by_text("Only an admin of Hale & Partners may do this.")).to_be_visible()

    page.reload()
    expect(page.get_by_text(f"{VI} accepted the invitation, as Viewer.")).to_be_visible()
    page.get_by_role("link", name="Change Vi Marsh").click()
    page.get_by_role("link", name="Take Vi Marsh out…").click()
    page.get_by_role("button", name="Take Vi Marsh out").click()
    expect(page.get_by_text("Vi Marsh is no longer in the firm.")).to_be_visible()
    guest.goto(f"{pages_url}/firm/")
    expect(guest.get_by_role("heading", name="You do not belong to a firm yet")).to_be_visible()
    assert Membership.objects.get().user.email == ADA


def test_the_firm_switch_works_by_keyboard_and_on_a_phone_without_scripts(
    pages_url: str, browser_page: Page, second_page: Page
) -> None:
    page = browser_page
    sign_up(page, pages_url)
    page.goto(f"{pages_url}/firm/add/")
    page.get_by_label("Firm's name").fill("Second Chambers")
    page.get_by_label("Your firm's plan with Clio").select_option("Other")
    page.get_by_label("Region of your Clio account").select_option("Australia")
    page.get_by_role("button", name="Add this firm").click()
    expect(page.get_by_text("Second Chambers is set up")).to_be_visible()

    page.locator(".topbar-wide summary", has_text="Second Chambers").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Hale & Partners")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".topbar-wide summary", has_text="Hale & Partners")).to_be_visible()

    phone = second_page
    phone.goto(f"{pages_url}/accounts/login/")
    phone.get_by_label("E-mail address").fill(ADA)
    phone.get_by_label("Password").fill(PASSWORD)
    phone.get_by_role("button", name="Log in").click()
    phone.locator(".fold > summary").click()
    expect(phone.locator(".fold-firm summary")).to_contain_text("Hale & Partners")  # remembered from the other device
    phone.locator(".fold-firm summary").click()
    phone.locator(".fold-firm button", has_text="Second Chambers").click()
    phone.locator(".fold > summary").click()
    expect(phone.locator(".fold-firm summary")).to_contain_text("Second Chambers")
    phone.get_by_role("link", name="Your login").click()
    expect(phone.get_by_role("heading", name="Your login")).to_be_visible()
    phone.get_by_role("link", name="Set up the second step").click()
    expect(phone.get_by_text("Off: the password is enough.")).to_be_visible()


def test_menus_close_on_escape_and_on_a_click_elsewhere(pages_url: str, browser_page: Page) -> None:
    page = browser_page
    create_firm(name="Hale & Partners", admin_email=ADA, password=PASSWORD, plan="elite", region="ca")
    create_firm(name="Second Chambers", admin_email=ADA, password=PASSWORD, plan="elite", region="ca")
    page.goto(f"{pages_url}/accounts/login/")
    page.get_by_label("E-mail address").fill(ADA)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()

    person = page.locator(".topbar-wide .menu-end")
    person.locator("summary").press("Enter")
    page.keyboard.press("Tab")
    expect(person.get_by_role("link", name="Your login")).to_be_focused()
    page.keyboard.press("Escape")
    expect(person.get_by_role("link", name="Your login")).to_be_hidden()
    expect(person.locator("summary")).to_be_focused()
    person.locator("summary").click()
    page.locator(".topbar-wide .menu", has_text="Hale & Partners").locator("summary").click()
    expect(person).not_to_have_attribute("open", "")
    expect(page.get_by_role("button", name="Second Chambers")).to_be_visible()
    page.mouse.click(1200, 800)
    expect(page.get_by_role("button", name="Second Chambers")).to_be_hidden()

    page.set_viewport_size({"width": 390, "height": 844})
    fold, inner = page.locator(".fold"), page.locator(".fold .menu")
    fold.locator("> summary").click()
    inner.locator("summary").click()
    expect(fold.get_by_role("button", name="Second Chambers")).to_be_visible()
    page.keyboard.press("Escape")
    expect(fold.get_by_role("button", name="Second Chambers")).to_be_hidden()
    expect(inner.locator("summary")).to_be_focused()
    page.keyboard.press("Escape")
    expect(fold).not_to_have_attribute("open", "")
    expect(fold.locator("> summary")).to_be_focused()
