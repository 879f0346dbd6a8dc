"""Forms of a page, as a browser would send them untouched."""

import pytest

from sandbox.html_forms import forms_of

PAGE = """
<form action="/search"><input name="q"><button name="go">Go</button></form>
<form method="POST" action="/settings/">
  <input type="hidden" name="csrf" value="a&amp;b">
  <input type="checkbox" name="on" checked><input type="checkbox" name="off" value="1">
  <input type="radio" name="side" value="left"><input type="radio" name="side" value="right" checked>
  <input name="locked" value="x" disabled>
  <select name="account">
    <option value="">None</option>
    <optgroup label="Revenue"><option value="a1">200 – Sales</option>
    <option value="a2" selected>201 – Legal
      Fees</option></optgroup>
  </select>
  <textarea name="memo">
first &amp;
second</textarea>
  <select name="tax"><option value="NONE">Tax Exempt<option value="T1">HST</select>
</form>
"""


def test_it_finds_each_form_with_what_it_would_send() -> None:
    search, settings = forms_of(PAGE)

    assert (search.action, search.method, search.values) == ("/search", "get", {"q": ""})
    assert (settings.action, settings.method) == ("/settings/", "post")
    assert settings.values == {
        "csrf": "a&b",
        "on": "on",
        "side": "right",
        "account": "a2",
        "memo": "first &\nsecond",
        "tax": "NONE",
    }


def test_it_lists_what_a_dropdown_offers() -> None:
    _, settings = forms_of(PAGE)

    assert settings.choices["account"] == {"": "None", "a1": "200 – Sales", "a2": "201 – Legal Fees"}
    assert settings.choices["tax"] == {"NONE": "Tax Exempt", "T1": "HST"}


def test_a_choice_is_found_by_how_its_text_begins() -> None:
    _, settings = forms_of(PAGE)

    assert settings.starting_with("account", "200 ") == "a1"
    with pytest.raises(LookupError, match="account offers nothing that starts with '20 '"):
        settings.starting_with("account", "20 ")


def test_a_page_without_forms_has_none() -> None:
    assert list(forms_of("<p>nothing</p><input name='lost'>")) == []
