"""Pictures of every page, made from a firm that is set up and synced against the stand-ins: `make screenshots`.

All go to var/pictures/, whole pages at 1280 and 390 pixels, some in the dark theme too; the few that the README shows
go to docs/pictures/.
"""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page

from accounts.firm_scope import firm_scope
from syncengine.engine.slice import empty_counts
from syncengine.models import Run
from tests.support.newcomer import Newcomer, newcomer  # noqa: F401

ROOT = Path(__file__).resolve().parent.parent
ALL, README = ROOT / "var" / "pictures", ROOT / "docs" / "pictures"
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
MOST_BYTES = 150_000

pytestmark = pytest.mark.browser


def shoot(page: Page, name: str, *, dark: bool = False, readme: int = 0, begin: str = "body") -> None:
    """Save the page as it stands, at both widths; with `readme`, so many pixels from `begin` on for the README too."""
    ALL.mkdir(parents=True, exist_ok=True)
    page.evaluate("window.scrollTo(0, 0)")
    for theme in ("light", "dark") if dark else ("light",):
        page.emulate_media(color_scheme=theme)
        for size in (WIDE, NARROW):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            tail = "" if theme == "light" else "-dark"
            # As high as the page, so that what sticks to the window's edge stands at the page's.
            whole = page.evaluate("document.documentElement.scrollHeight")
            page.set_viewport_size({"width": size["width"], "height": max(size["height"], whole)})
            page.screenshot(path=ALL / f"{name}-{size['width']}{tail}.png", full_page=True)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    if readme:
        README.mkdir(parents=True, exist_ok=True)
        path = README / f"{name}.png"
        page.set_viewport_size({"width": 1100, "height": readme})
        page.evaluate("begin => document.querySelector(begin).scrollIntoView()", begin)
        page.screenshot(path=path)
        page.set_viewport_size(WIDE)  # type: ignore[arg-type]
        assert path.stat().st_size < MOST_BYTES, f"{path.name} is larger than {MOST_BYTES} bytes"


def past_runs(newcomer: Newcomer) -> None:
    """A month of runs, as a firm has them that has used this for a while."""
    now = newcomer.practice.clock.now()
    with firm_scope(newcomer.practice.firm):
        for days in range(1, 30):
            for part in range(3):
                counts = empty_counts()
                counts["invoice"]["created"] = (days * 7 + part * 5) % 23
                counts["contact"]["created"] = days % 3
                started = now - timedelta(days=days, hours=part)
                failed = days in {9, 10} and part == 2
                Run.objects.create(
                    reason="schedule",
                    state="failed" if failed else "errors" if days % 11 == 0 else "clean",
                    phase="done",
                    started_at=started,
                    ended_at=started + timedelta(seconds=4),
                    counts=counts,
                    sent=counts["invoice"]["created"] + counts["contact"]["created"],
                    clio_calls=6,
                    xero_calls=3,
                    seconds=3.6,
                )


def test_the_first_time_path(newcomer: Newcomer) -> None:
    admin, page, practice = newcomer, newcomer.page, newcomer.practice
    admin.log_in()
    shoot(page, "dashboard-new")
    admin.open("/setup/")
    shoot(page, "setup-connect")
    admin.press("Connect Clio")
    admin.allow_access()
    admin.press("Connect Xero")
    admin.allow_access()
    admin.shows("Step 3 of 6")
    admin.choose("expenses_account", "260")
    admin.choose("payment_bank_account", "090")
    shoot(page, "setup-accounts", dark=True)
    admin.press("Save and go on")
    admin.shows("Step 4 of 6")
    shoot(page, "setup-preferences")
    admin.press("Save and see the preview")
    admin.shows("The preview starts")
    shoot(page, "setup-preview-making")
    admin.work()
    # Something to tell of: two bills that do not add up.
    for bill in practice.records("bill")[4:6]:
        practice.clio.act("break_bill", bill_id=bill["id"])
    practice.clock.advance(60)
    admin.shows("What the first sync will do")
    admin.press("Make the preview again")
    admin.work()
    admin.shows("What the first sync will do")
    shoot(page, "setup-preview", dark=True, readme=900)
    admin.open("/")
    shoot(page, "dashboard-before-start")
    admin.open("/setup/preview/")
    practice.xero.set_limits(per_minute=1, per_day=None, concurrent=None, app_per_minute=None)
    admin.press("Start the first sync")
    admin.shows("The first sync starts within seconds.")
    for _ in range(3):
        worked = admin.turn()
        if worked.finished:
            break
        page.reload()
        shoot(page, "setup-progress", dark=True)
        practice.clock.advance(max(0.0, (worked.again_at - practice.clock.now()).total_seconds()))
    practice.xero.set_limits(per_minute=None, per_day=None, concurrent=None, app_per_minute=None)
    admin.work()
    page.reload()
    admin.shows("The first sync is done.")
    shoot(page, "setup-progress-done")


def test_every_page_of_a_synced_firm(newcomer: Newcomer) -> None:
    admin, page = newcomer, newcomer.page
    admin.log_in()
    admin.open("/setup/")
    admin.press("Connect Clio")
    admin.allow_access()
    admin.press("Connect Xero")
    admin.allow_access()
    admin.choose("expenses_account", "260")
    admin.choose("payment_bank_account", "090")
    admin.choose("credit_notes_account", "260")
    admin.press("Save and go on")
    admin.press("Save and see the preview")
    admin.work()
    admin.shows("What the first sync will do")
    admin.press("Start the first sync")
    admin.shows("The first sync starts within seconds.")
    admin.work()
    past_runs(admin)
    admin.open("/")
    shoot(page, "dashboard", dark=True, readme=860)
    admin.open("/settings/xero/")
    page.locator("input[name=bills_issued_from]").fill("2026-01-01")
    page.locator("input[name=bills_issued_from]").blur()
    admin.shows("What saving would change")
    shoot(page, "settings-xero", dark=True, readme=900, begin="#export")
    admin.press("Update sync settings")
    admin.shows("Saved.")
    for name, path in (
        ("settings-categories", "/settings/categories/"),
        ("bill-syncing", "/bill-syncing/xero/"),
        ("connections", "/connections/"),
        ("firm", "/firm/"),
    ):
        admin.open(path)
        shoot(page, name)
