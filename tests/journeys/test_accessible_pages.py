"""Every page, narrow and wide, light and dark: axe-core finds nothing, nothing scrolls sideways, Tab reaches all."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support.every_page import CHAPTERS, Chapter
from tests.support.visitor import WIDE, Visitor, visitor  # noqa: F401

pytestmark = pytest.mark.browser

WIDTHS = (1280, 768, 390)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: Pages on which Tab goes all the way round.
BY_KEYBOARD = {
    "login", "sign-up-refused", "firm", "person", "setup-accounts", "setup-preview", "dashboard", "bill-syncing",
    "bill", "settings-xero", "connections", "compare", "review", "stand-in-clio-bill", "stand-in-xero-invoice",
}  # fmt: skip

#: axe's script is put in by the browser's own tools, which no policy of the page binds; it is loaded from nowhere.
_SCRIPT = (Path(__file__).parents[1] / "vendor" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
_RUN = "options => axe.run(document, options).then(found => found.violations)"
_OPEN_ALL = "document.querySelectorAll('main details').forEach(found => { found.open = true; })"
_WIDER_BY = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.__name__)
def test_every_page_is_open_to_everybody(visitor: Visitor, chapter: Chapter) -> None:
    found = [complaint for name in chapter(visitor) for complaint in _complaints(name, visitor.page)]
    assert not found, "\n".join(found)


def _complaints(name: str, page: Page) -> Iterator[str]:
    """What is wrong with a page: as it comes where it is wide; with all that opens open on a phone and in the dark."""
    page.evaluate(_SCRIPT)
    if name in BY_KEYBOARD:
        yield from _not_by_keyboard(f"{name} at {WIDTHS[0]}", page)
    # Staff and viewers see what the admin sees, with less on it: one width of that is enough.
    for width in WIDTHS[-1:] if name.endswith(("-staff", "-viewer")) else WIDTHS:
        page.set_viewport_size({"width": width, "height": WIDE["height"]})
        if width == WIDTHS[-1]:
            page.evaluate(_OPEN_ALL)
        # The same colours as on a phone, where they are looked at with all that opens open.
        without = {"color-contrast": {"enabled": False}} if width == 768 else {}
        yield from _violations(f"{name} at {width}", page, {"type": "tag", "values": RULES}, without)
        if page.evaluate(_WIDER_BY) > 0:
            yield f"{name} at {width}: the page scrolls sideways"
    if name == "dashboard":
        yield from _menu_of_a_phone(page)
    page.emulate_media(color_scheme="dark")  # which changes colours and nothing else
    yield from _violations(f"{name} in the dark", page, {"type": "rule", "values": ["color-contrast"]})
    page.emulate_media(color_scheme="light")


def _violations(where: str, page: Page, chosen: Any, rules: Any = None) -> Iterator[str]:
    options = {"runOnly": chosen, "rules": rules or {}, "resultTypes": ["violations"], "preload": False}
    for found in page.evaluate(_RUN, options):
        for node in found["nodes"]:
            yield f"{where}: {found['id']} ({found['impact']}) {node['target']} {node['html'][:160]}"


def _menu_of_a_phone(page: Page) -> Iterator[str]:
    """The folded menu, opened, walked through and closed by keyboard."""
    summary = page.locator(".fold > summary")
    summary.press("Enter")
    expect(page.locator(".fold .nav a").first).to_be_visible()
    yield from _violations("the menu of a phone", page, {"type": "tag", "values": RULES})
    yield from _not_by_keyboard("the menu of a phone", page)
    summary.press("Enter")
    expect(page.locator(".fold .nav a").first).to_be_hidden()


# By keyboard ----------------------------------------------------------------------------------------------------------

_CAN_HAVE_FOCUS = """
    [...document.querySelectorAll("a[href], button, input, select, textarea, summary")].filter(one =>
        one.checkVisibility({visibilityProperty: true}) && !one.matches(":disabled, [type=hidden], [tabindex='-1']")
        && (one.type !== "radio" || one === [...document.getElementsByName(one.name)].find(
            (other, _, all) => other.checked || !all.values().some(each => each.checked)))
    )
"""
_START = f"() => {{ window.left = new Set({_CAN_HAVE_FOCUS}); document.activeElement.blur(); window.scrollTo(0, 0); }}"
_HERE = """() => {
    const here = document.activeElement;
    if (here === document.body) return null;
    window.left.delete(here);
    const shows = ({outlineStyle, outlineWidth}) => outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
    const box = here.getBoundingClientRect();
    const outlined = [here, here.closest("label")].some(one => one && shows(getComputedStyle(one)));
    const seen = outlined && box.width * box.height > 1;
    return seen ? "" : here.outerHTML.slice(0, 160);
}"""
_LEFT = "[...window.left].map(one => one.outerHTML.slice(0, 160))"


def _not_by_keyboard(where: str, page: Page) -> Iterator[str]:
    """What Tab does not come to, and what does not show that it has the focus."""
    page.evaluate(_START)
    ends = 0  # a field that had the focus from the start is where Tab begins: it goes on from the top after the end
    for _ in range(500):
        page.keyboard.press("Tab")
        unseen = page.evaluate(_HERE)
        ends += unseen is None
        if ends == 2 or not page.evaluate("window.left.size"):
            break
        if unseen:
            yield f"{where}: has the focus and does not show it: {unseen}"
    page.evaluate("window.scrollTo(0, 0)")  # what a sticky heading half covers is no small target
    yield from (f"{where}: not reached by Tab: {one}" for one in page.evaluate(_LEFT))
