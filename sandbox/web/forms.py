"""Forms: their fields, how they look, and a refusal beside the form it belongs to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from sandbox.web.html import Html, tag, together
from sandbox.web.posted import WAS, Said, told

Choice = tuple[str, str]
Kind = Literal["text", "long", "email", "date", "number", "tick", "choice"]


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field. A choice offers (value, text) pairs, or groups of them by name."""

    name: str
    label: str
    kind: Kind = "text"
    value: str = ""
    choices: Sequence[Choice] = ()
    groups: Sequence[tuple[str, Sequence[Choice]]] = ()
    hint: str = ""
    needed: bool = False


def text(name: str, value: str | None = "", *, label: str = "", hint: str = "", needed: bool = False) -> Field:
    """A line of text."""
    return Field(name=name, label=label or told(name), value=value or "", hint=hint, needed=needed)


def long_text(name: str, value: str | None = "", *, label: str = "", hint: str = "") -> Field:
    """Several lines of text."""
    return Field(name=name, label=label or told(name), kind="long", value=value or "", hint=hint)


def amount(name: str, value: object = "", *, label: str = "", hint: str = "", needed: bool = False) -> Field:
    """An amount of money, a quantity or a percentage."""
    shown = "" if value is None else str(value)
    return Field(name=name, label=label or told(name), kind="number", value=shown, hint=hint, needed=needed)


def day(name: str, value: date | None = None, *, label: str = "", hint: str = "", needed: bool = False) -> Field:
    """A date."""
    shown = value.isoformat() if value else ""
    return Field(name=name, label=label or told(name), kind="date", value=shown, hint=hint, needed=needed)


def tick(name: str, *, on: bool = False, label: str = "", hint: str = "") -> Field:
    """A box to tick."""
    return Field(name=name, label=label or told(name), kind="tick", value="on" if on else "", hint=hint)


def choice(
    name: str,
    value: object = "",
    choices: Iterable[Choice] = (),
    *,
    groups: Sequence[tuple[str, Sequence[Choice]]] = (),
    label: str = "",
    hint: str = "",
) -> Field:
    """A dropdown."""
    shown = "" if value is None else str(value)
    return Field(
        name=name,
        label=label or told(name),
        kind="choice",
        value=shown,
        choices=list(choices),
        groups=groups,
        hint=hint,
    )


@dataclass(frozen=True, kw_only=True)
class Form:
    """A form that posts to its own page. `name` names what it does there, `about` the row of the page it is about.

    With `title` it is folded under it; without, it stands open. `of` names the row for those who hear the page.
    """

    name: str
    button: str
    about: str = ""
    of: str = ""
    title: str = ""
    fields: Sequence[Field] = ()
    note: str = ""
    grave: bool = False

    @property
    def id(self) -> str:
        """Its id in the page."""
        return f"{self.name}-{self.about}" if self.about else self.name


def show(form: Form, said: Said) -> Html:
    """A form; the one that was refused is open, holds what was typed and says why."""
    refused = bool(said.message) and (said.form, said.about) == (form.name, form.about)
    fields = [replace(field, value=said.values.get(field.name, "")) if refused else field for field in form.fields]
    shown_before = {
        field.name: said.values.get(WAS + field.name, "") if refused else field.value for field in form.fields
    }
    first = next(iter(fields), None) if refused else None
    body = tag(
        "form",
        _hidden("form", form.name),
        _hidden("about", form.about) if form.about else None,
        [_hidden(WAS + name, value) for name, value in shown_before.items() if value],
        tag("div", [_field(form, field, focus=field is first) for field in fields], class_="fields")
        if fields
        else None,
        tag("p", said.message, class_="refused", id=_refusal(form)) if refused else None,
        tag("p", form.note, class_="hint") if form.note else None,
        _button(form, focus=refused and first is None),
        method="post",
        id=form.id,
        class_="open" if fields else "bare",
    )
    if not form.title:
        return body
    return tag("details", tag("summary", form.title, aria_label=_heard(form, form.title)), body, open=refused)


def _button(form: Form, *, focus: bool) -> Html:
    grave = "grave" if form.grave else None
    why = _refusal(form) if focus else None
    heard = _heard(form, form.button)
    return tag("button", form.button, class_=grave, autofocus=focus, aria_label=heard, aria_describedby=why)


def _refusal(form: Form) -> str:
    return f"{form.id}-refused"


def _heard(form: Form, text: str) -> str | None:
    """What a screen reader says: many rows have a button of the same text."""
    return f"{text}: {form.of}" if form.of else None


def _hidden(name: str, value: str) -> Html:
    return tag("input", type="hidden", name=name, value=value)


def _field(form: Form, field: Field, *, focus: bool) -> Html:
    field_id = f"{form.id}-{field.name}"
    hint_id = f"{field_id}-hint" if field.hint else None
    hinted = tag("small", field.hint, id=hint_id) if field.hint else None
    common: dict[str, str | int | None] = {
        "id": field_id,
        "name": field.name,
        "aria_describedby": _refusal(form) if focus else hint_id,
        "autofocus": focus,
    }
    if field.kind == "tick":
        box = tag("input", type="checkbox", checked=bool(field.value), **common)
        return tag("p", tag("label", box, " ", field.label), hinted, class_="tick")
    label = tag("label", field.label, for_=field_id)
    return tag("p", label, _control(field, common), hinted, class_="wide" if field.kind == "long" else None)


def _control(field: Field, common: dict[str, str | int | None]) -> Html:
    if field.kind == "long":
        return tag("textarea", "\n" + field.value, rows=3, **common)  # a browser drops the first line break
    if field.kind == "choice":
        groups = [tag("optgroup", _options(field, choices), label=name) for name, choices in field.groups]
        return tag("select", _options(field, field.choices), groups, **common)
    if field.kind == "number":
        common = {**common, "inputmode": "decimal", "autocomplete": "off", "class": "figure"}
    kind = field.kind if field.kind in {"email", "date"} else "text"
    return tag("input", type=kind, value=field.value, required=field.needed, **common)


def _options(field: Field, choices: Iterable[Choice]) -> Html:
    return together(
        [tag("option", shown, value=value, selected=value == field.value) for value, shown in choices],
    )
