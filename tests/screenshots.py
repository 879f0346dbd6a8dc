"""Pictures of every page, wide and narrow, light and dark: `make screenshots`.

All go to var/pictures/, whole pages; the few that the README shows go to docs/pictures/.
"""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.support.every_page import CHAPTERS, Chapter
from tests.support.visitor import Visitor, visitor  # noqa: F401

ROOT = Path(__file__).resolve().parent.parent
ALL, README = ROOT / "var" / "pictures", ROOT / "docs" / "pictures"
WIDTHS, LEAST = (1280, 768, 390), 844
MOST_BYTES = 150_000
#: The README's pictures: of which page, so many pixels from where on.
IN_README = {
    "dashboard-clean": ("dashboard.png", 860, "body"),
    "settings-xero-changed": ("settings-xero.png", 900, "#export"),
    "setup-preview": ("setup-preview.png", 900, "body"),
}

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.__name__)
def test_every_page_has_its_picture_taken(visitor: Visitor, chapter: Chapter) -> None:
    ALL.mkdir(parents=True, exist_ok=True)
    for name in chapter(visitor):
        _shoot(visitor.page, name)
        if name in IN_README:
            _shoot_for_readme(visitor.page, *IN_README[name])


def _shoot(page: Page, name: str) -> None:
    """Save the page as it stands, at every width in both themes."""
    for is_dark, tail in ((False, ""), (True, "-dark")):
        page.emulate_media(color_scheme="dark" if is_dark else "light")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": LEAST})
            # As high as the page, so that what sticks to the window's edge stands at the page's.
            whole = page.evaluate("window.scrollTo(0, 0), document.documentElement.scrollHeight")
            page.set_viewport_size({"width": width, "height": max(LEAST, whole)})
            page.screenshot(path=ALL / f"{name}-{width}{tail}.png", full_page=True)
    page.emulate_media(color_scheme="light")


def _shoot_for_readme(page: Page, file: str, height: int, begin: str) -> None:
    README.mkdir(parents=True, exist_ok=True)
    page.set_viewport_size({"width": 1100, "height": height})
    page.evaluate("begin => document.querySelector(begin).scrollIntoView()", begin)
    page.screenshot(path=README / file)
    assert (README / file).stat().st_size < MOST_BYTES, f"{file} is larger than {MOST_BYTES} bytes"
