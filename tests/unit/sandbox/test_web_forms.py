"""Forms of the stand-ins' pages: what they send, what was changed in them, and what is refused."""

from datetime import date
from decimal import Decimal

import pytest
from werkzeug.datastructures import MultiDict

from sandbox.html_forms import forms_of
from sandbox.web import forms
from sandbox.web.posted import FormProblem, Posted, Said

EVIL = "\"><script>alert('x')</script>"
FORM = forms.Form(
    name="save",
    about="7",
    title="Change",
    button="Save",
    fields=[
        forms.text("name", EVIL),
        forms.long_text("note", "one\ntwo"),
        forms.day("date", date(2026, 5, 4)),
        forms.tick("taxed", on=True),
        forms.choice("kind", "b", [("a", "A"), ("b", EVIL)]),
    ],
)


def posted(**values: str) -> Posted:
    return Posted(MultiDict(values))


def test_an_untouched_form_sends_what_it_shows_and_changes_nothing() -> None:
    (form,) = forms_of(forms.show(FORM, Said()))
    assert form.values.items() >= {"form": "save", "about": "7", "name": EVIL, "note": "one\ntwo", "kind": "b"}.items()
    sent = Posted(MultiDict({**form.values, "note": "one\r\ntwo"}))
    assert sent.changed("name", "note", "date", "taxed", "kind") == []


def test_a_change_is_told_from_what_was_shown_an_emptied_field_and_an_unticked_box_too() -> None:
    (form,) = forms_of(forms.show(FORM, Said()))
    sent = {**form.values, "name": "x", "date": ""}
    del sent["taxed"]
    assert Posted(MultiDict(sent)).changed("name", "note", "date", "taxed", "kind") == ["name", "date", "taxed"]


def test_values_cannot_break_out_of_their_field() -> None:
    assert "<script>" not in forms.show(FORM, Said())


def test_a_refused_form_is_open_keeps_what_was_typed_and_says_why() -> None:
    values = {"form": "save", "about": "7", "name": "typed", "was-name": EVIL}
    said = Said(form="save", about="7", message="Not <so>.", values=values)
    html = forms.show(FORM, said)
    (form,) = forms_of(html)
    assert (form.values["name"], form.values["was-name"], "taxed" in form.values) == ("typed", EVIL, False)
    assert "<details open>" in html
    assert "id='save-7-refused'>Not &lt;so&gt;.</p>" in html


def test_a_refused_form_still_knows_what_its_person_was_shown_whatever_happened_since() -> None:
    values = {"form": "save", "about": "7", "name": "typed", "kind": "b", "was-kind": "b"}
    html = forms.show(FORM, Said(form="save", about="7", message="No.", values=values))
    (form,) = forms_of(html)
    sent = Posted(MultiDict({**form.values}))
    assert sent.changed("name", "note", "date", "taxed", "kind") == ["name"]
    assert "aria-describedby='save-7-refused' autofocus" in html


def test_another_rows_form_stays_as_it_was() -> None:
    said = Said(form="save", about="8", message="No.", values={"name": "typed"})
    assert forms.show(FORM, said) == forms.show(FORM, Said())


def test_fields_are_read_as_what_they_are() -> None:
    sent = posted(amount="1,207.50", loss="\N{MINUS SIGN}3", day="2026-05-04", count="12", empty=" ")
    assert (sent.decimal("amount"), sent.decimal("loss"), sent.decimal("empty")) == (
        Decimal("1207.50"),
        Decimal(-3),
        None,
    )
    assert (sent.day("day"), sent.day("empty"), sent.number("count")) == (date(2026, 5, 4), None, 12)


@pytest.mark.parametrize(
    ("read", "words"),
    [
        (lambda sent: sent.decimal("bad"), "Bad: x1 is not a number such as 1207.50."),
        (lambda sent: sent.decimal("endless"), "Endless: Infinity is not a number such as 1207.50."),
        (lambda sent: sent.day("due_at"), "Due at: soon is not a date such as 2026-05-04."),
        (lambda sent: sent.number("bad"), "Bad: x1 is not a whole number."),
        (lambda sent: sent.needed("absent"), "Absent: please fill this in."),
    ],
)
def test_a_field_that_cannot_be_read_is_named_with_the_way_out(read: object, words: str) -> None:
    assert callable(read)
    with pytest.raises(FormProblem) as caught:
        read(posted(bad="x1", endless="Infinity", due_at="soon"))
    assert str(caught.value) == words
