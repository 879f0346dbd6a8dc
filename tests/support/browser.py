"""A browser: the system's Chromium, driven by Playwright."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections
from playwright.sync_api import Browser, Page, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_APPLICATION = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")


@pytest.fixture
def _browser(monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    """The browser itself, for one test: while it runs, Playwright keeps an event loop in this thread.

    Django takes that loop for asynchronous code of ours: it would refuse the test its database, and gives it a
    connection beside its usual one, which has to be closed before the loop ends.
    """
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    program = _find_chromium()
    if program is None:
        reason = "no Chromium is installed (looked for: " + ", ".join(_NAMES) + "); set CHROMIUM to its path"
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    # Playwright keeps an event loop in this thread; tests use the database beside it, never inside.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        # Chromium's sandbox refuses root, and the only pages seen are our own.
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
        )
        yield browser
        browser.close()
        connections.close_all()


@pytest.fixture
def browser_page(_browser: Browser) -> Iterator[Page]:
    """A page in a browser without history or cookies. Anything the console calls an error fails the test."""
    errors: list[str] = []
    context = _browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert not errors, errors


def _find_chromium() -> str | None:
    given = os.environ.get("CHROMIUM")
    if given:
        return given
    found = next((path for path in map(shutil.which, _NAMES) if path), None)
    return found or (str(_APPLICATION) if _APPLICATION.exists() else None)
