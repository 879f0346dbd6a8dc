"""A person with a browser who goes to every page of the product and of the stand-ins, at which others then look."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page

from accounts.models import User
from tests.support.practice import Practice

PASSWORD = "a-long-password-1"
WIDE = {"width": 1280, "height": 900}


class Visitor:
    """The browser, at a page of `url`; whoever is logged in; the stand-ins, for those who start them."""

    def __init__(self, page: Page, url: str, settings: Any) -> None:
        self.page, self.url, self.settings = page, url, settings
        self._practice: Practice | None = None

    # Who is there

    def nobody(self) -> None:
        """Log out."""
        self.page.context.clear_cookies()

    def become(self, user: User | str) -> None:
        """Log in as this person, or as the one with this address."""
        someone = user if isinstance(user, User) else User.objects.get(email=user)
        client = Client()
        client.force_login(someone)
        self.page.context.clear_cookies()
        session = client.cookies["sessionid"].value
        self.page.context.add_cookies([{"name": "sessionid", "value": session, "url": self.url}])

    def log_in(self, email: str) -> None:
        """Log in at the login page, as pages demand that ask for the password again."""
        self.nobody()
        self.go("/accounts/login/")
        self.page.get_by_label("E-mail address").fill(email)
        self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        self.press("Log in")

    # Where

    def go(self, path: str) -> None:
        """Open a page: a path of the product, or a whole address."""
        self.page.set_viewport_size(WIDE)  # type: ignore[arg-type]
        self.page.goto(path if path.startswith("http") else f"{self.url}{path}")

    def press(self, name: str) -> None:
        """Press the first button, or follow the first link, of that name, and wait for what comes."""
        button = self.page.get_by_role("button", name=name)
        (button if button.count() else self.page.get_by_role("link", name=name)).first.click()
        self.page.wait_for_load_state()

    # The stand-ins

    def start(self, practice: Practice) -> Practice:
        """Let the product find these stand-ins."""
        self._practice = practice
        policy = {**self.settings.CONTENT_SECURITY_POLICY}
        policy["DIRECTIVES"] = {**policy["DIRECTIVES"], "form-action": ["'self'", practice.clio_url, practice.xero_url]}
        self.settings.CONTENT_SECURITY_POLICY = policy
        return practice

    def stop(self) -> None:
        """Leave, then stop what was started."""
        self.page.goto("about:blank")
        if self._practice:
            self._practice.stop()


@pytest.fixture
def visitor(transactional_db: None, live_server: Any, settings: Any, _browser: Browser) -> Iterator[Visitor]:
    """Somebody in front of the pages. A script's mistake fails the test; pages that are refused do not."""
    errors: list[str] = []
    settings.BASE_URL = live_server.url
    context = _browser.new_context(viewport=WIDE)  # type: ignore[arg-type]
    page = context.new_page()
    page.on("pageerror", lambda error: errors.append(f"{page.url}: {error}"))
    page.on("console", lambda said: errors.append(f"{page.url}: {said.text}") if _is_ours(said) else None)
    made = Visitor(page, live_server.url, settings)
    yield made
    made.stop()
    context.close()
    assert not errors, errors


def _is_ours(said: Any) -> bool:
    """Whether the console tells of a mistake: not that a page answered 403, nor that a stand-in has no icon."""
    return said.type == "error" and "Failed to load resource" not in said.text


__all__ = ["Visitor", "visitor"]
