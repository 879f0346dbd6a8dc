"""Reads the forms of a page, so that a script can fill them in as a person would."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Form:
    """One form: where it goes, what it would send untouched, and what its dropdowns offer (text by value)."""

    action: str
    method: str
    values: dict[str, str] = field(default_factory=dict)
    choices: dict[str, dict[str, str]] = field(default_factory=dict)

    def starting_with(self, name: str, text: str) -> str:
        """Return the value of the first choice whose text starts with `text`. Raises LookupError."""
        for value, shown in self.choices.get(name, {}).items():
            if value and shown.startswith(text):
                return value
        raise LookupError(f"{name} offers nothing that starts with {text!r}")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self._select = ""
        self._option: tuple[str, bool] | None = None
        self._text = ""
        self._long = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(action=given.get("action", ""), method=given.get("method", "get").lower()))
        if not self.forms:
            return
        form = self.forms[-1]
        if tag == "select":
            self._select = given.get("name", "")
            form.choices[self._select] = {}
        elif tag == "option" and self._select:
            self._end_option()
            self._option = (given.get("value", ""), "selected" in given)
            self._text = ""
        elif tag == "textarea" and given.get("name") and "disabled" not in given:
            self._long, self._text = given["name"], ""
        elif tag == "input" and _is_sent(given):
            form.values[given["name"]] = given.get("value", "on" if given.get("type") == "checkbox" else "")

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag in {"option", "select"}:
            self._end_option()
        if tag == "select":
            self._select = ""
        if tag == "textarea" and self._long:
            self.forms[-1].values[self._long] = self._text.removeprefix("\n")  # a browser drops the first line break
            self._long = ""

    def _end_option(self) -> None:
        if self._option is None:
            return
        value, selected = self._option
        self._option = None
        form = self.forms[-1]
        first = not form.choices[self._select]
        form.choices[self._select][value] = " ".join(self._text.split())
        if selected or first:
            form.values[self._select] = value


def _is_sent(given: dict[str, str]) -> bool:
    """Whether a browser would send an input that nobody touched."""
    kind = given.get("type", "text")
    if not given.get("name") or "disabled" in given or kind in {"submit", "button", "image", "reset", "file"}:
        return False
    return kind not in {"checkbox", "radio"} or "checked" in given


def forms_of(html: str) -> Iterator[Form]:
    """Give every form of a page, in order."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    yield from reader.forms
