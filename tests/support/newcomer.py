"""An admin of a firm that is not connected yet, at the pages in a browser; both stand-ins over real HTTP."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import pytest
from playwright.sync_api import Page

from accounts.provisioning import create_firm
from syncengine.engine.run import Worked
from syncengine.engine.turn import work_one_turn
from tests.support.practice import Practice

EMAIL, PASSWORD = "admin@firm.example", "a-long-password-1"


class Newcomer:
    """The admin, the browser, and the worker that the test plays itself."""

    def __init__(self, practice: Practice, page: Page, url: str) -> None:
        self.practice, self.page, self.url = practice, page, url

    def open(self, path: str) -> None:
        """Go to a page of the product."""
        self.page.goto(f"{self.url}{path}")

    def log_in(self) -> None:
        """Log in at the login page."""
        self.open("/accounts/login/")
        self.page.get_by_label("E-mail address").fill(EMAIL)
        self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        self.page.get_by_role("button", name="Log in").click()
        self.page.wait_for_url(f"{self.url}/**")

    def press(self, name: str) -> None:
        """Press a button or follow a link by what it says."""
        button = self.page.get_by_role("button", name=name, exact=True)
        target = button if button.count() else self.page.get_by_role("link", name=name, exact=True)
        target.first.click()

    def allow_access(self) -> None:
        """Allow access on the consent page of a stand-in."""
        self.page.locator("button[value=allow]").click()

    def choose(self, name: str, text: str) -> None:
        """Choose the entry of a dropdown that begins with `text`."""
        box = self.page.locator(f"select[name={name}]")
        value = box.evaluate("(box, text) => [...box.options].find((one) => one.text.startsWith(text)).value", text)
        box.select_option(value)

    def shows(self, text: str) -> None:
        """Wait until the page says this."""
        self.page.get_by_text(text).first.wait_for(timeout=15_000)

    def turn(self) -> Worked:
        """Let a worker do what is due for the firm, for one slice at most."""
        return work_one_turn(firm=self.practice.firm, clock=self.practice.clock.now)

    def work(self, until: Callable[[Worked], bool] = lambda worked: worked.finished) -> None:
        """Let a worker go on until its turn is over."""
        for _ in range(50):
            worked = self.turn()
            if until(worked):
                return
            wait = (worked.again_at - self.practice.clock.now()).total_seconds()
            if wait > 0:
                self.practice.clock.advance(wait)
        raise AssertionError("the worker did not come to an end")


@pytest.fixture
def newcomer(
    live_server: Any, settings: Any, browser_page: Page, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Newcomer]:
    """A firm made by the operator, and its admin in front of a browser."""
    practice = Practice(bills=40)
    for stand_in in (practice.asked_of_clio, practice.asked_of_xero):
        stand_in._app = _without_icon(stand_in._app)
    practice.point_settings(settings)
    monkeypatch.setattr("django.utils.timezone.now", practice.clock.now)  # pages and stand-ins read one clock
    settings.BASE_URL = live_server.url
    policy = deepcopy(settings.CONTENT_SECURITY_POLICY)
    policy["DIRECTIVES"]["form-action"] = ["'self'", practice.clio_url, practice.xero_url]
    settings.CONTENT_SECURITY_POLICY = policy
    practice.firm = create_firm(
        name="Harrow & Lindqvist Law", admin_email=EMAIL, password=PASSWORD, plan="boutique", region="ca"
    )
    yield Newcomer(practice, browser_page, live_server.url)
    browser_page.goto("about:blank")  # nothing asks the server any more while it is stopped
    practice.stop()


def _without_icon(app: Any) -> Any:
    """Answer for the icon that browsers ask for and the stand-ins have none of: a console must show no error."""

    def serve(environ: Any, start_response: Any) -> Any:
        if environ["PATH_INFO"] != "/favicon.ico":
            return app(environ, start_response)
        start_response("204 No Content", [])
        return []

    return serve


__all__ = ["Newcomer", "newcomer"]
