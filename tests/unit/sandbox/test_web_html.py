"""HTML of the stand-ins' pages: whatever is not HTML already is escaped."""

from decimal import Decimal

from sandbox.web.html import Html, cents, counted, link, money, tag, together

EVIL = "<script>alert('x')</script> & \"co\""


def test_text_is_escaped_in_content_and_in_attributes() -> None:
    shown = tag("a", EVIL, title=EVIL)
    safe = "&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt; &amp; &quot;co&quot;"
    assert shown == f"<a title='{safe}'>{safe}</a>"


def test_html_stands_as_it_is_but_text_made_of_it_is_text_again() -> None:
    bold = tag("b", "x")
    assert tag("p", bold) == "<p><b>x</b></p>"
    assert tag("p", f"{bold}") == "<p>&lt;b&gt;x&lt;/b&gt;</p>"
    assert tag("p", bold + "") == "<p>&lt;b&gt;x&lt;/b&gt;</p>"


def test_children_may_be_numbers_nothing_and_lists_in_lists() -> None:
    assert together("a", None, 1, ["b", [Html("<br>"), "c"]]) == "a1b<br>c"


def test_an_attribute_may_be_bare_or_left_out_and_its_name_is_spelled_for_python() -> None:
    shown = tag("label", "x", for_="y", class_="z", hidden=True, title=None, aria_label="w", draggable=False)
    assert shown == "<label for='y' class='z' hidden aria-label='w'>x</label>"
    assert tag("input", name="q", value=0) == "<input name='q' value='0'>"


def test_a_link_cannot_leave_its_attribute() -> None:
    assert link("/x'onclick='y", "x") == "<a href='/x&#x27;onclick=&#x27;y'>x</a>"


def test_amounts_and_counts_read_as_people_write_them() -> None:
    assert (money(Decimal("-1207.5")), cents(120750)) == ("\N{MINUS SIGN}1,207.50", "1,207.50")
    assert (counted(1, "bill"), counted(1200, "bill"), counted(0, "entry", "entries")) == (
        "1 bill",
        "1,200 bills",
        "0 entries",
    )
