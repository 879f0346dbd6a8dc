"""What a form sent, read field by field, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from werkzeug.datastructures import MultiDict

WAS = "was-"


class FormProblem(ValueError):  # noqa: N818 - reads as what happened
    """A field cannot be used; the text names it and the way out."""


@dataclass(frozen=True)
class Said:
    """What became of the last form: `done` says so, or `message` refuses `form` (about `about`) with what was typed."""

    done: str = ""
    form: str = ""
    about: str = ""
    message: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


class Posted:
    """The fields of a form. A field `x` that was shown with a value comes with `was-x`, so that changes can be told."""

    def __init__(self, form: MultiDict[str, str]) -> None:
        self.values = {name: form[name].replace("\r\n", "\n") for name in form}

    @property
    def form(self) -> str:
        """Which form it was."""
        return self.values.get("form", "")

    @property
    def about(self) -> str:
        """Which row of the page the form is about."""
        return self.values.get("about", "")

    def text(self, name: str) -> str:
        """A text without spaces around it."""
        return self.values.get(name, "").strip()

    def needed(self, name: str) -> str:
        """A text that must be there. Raises FormProblem."""
        if not self.text(name):
            raise FormProblem(f"{told(name)}: please fill this in.")
        return self.text(name)

    def ticked(self, name: str) -> bool:
        """Whether a box is ticked."""
        return bool(self.values.get(name))

    def number(self, name: str) -> int | None:
        """A whole number, or None for an empty field. Raises FormProblem."""
        text = self.text(name)
        if text and not (text.isascii() and text.isdigit()):
            raise FormProblem(f"{told(name)}: {text} is not a whole number.")
        return int(text) if text else None

    def decimal(self, name: str) -> Decimal | None:
        """A number such as 1,207.50, or None for an empty field. Raises FormProblem."""
        text = self.text(name).replace(",", "").replace("\N{MINUS SIGN}", "-")
        try:
            value = Decimal(text) if text else None
        except InvalidOperation:
            value = Decimal("NaN")
        if value is not None and not value.is_finite():
            raise FormProblem(f"{told(name)}: {self.text(name)} is not a number such as 1207.50.")
        return value

    def day(self, name: str) -> date | None:
        """A date, or None for an empty field. Raises FormProblem."""
        text = self.text(name)
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            raise FormProblem(f"{told(name)}: {text} is not a date such as 2026-05-04.") from None

    def changed(self, *names: str) -> list[str]:
        """Those of the fields that differ from what the form showed."""
        return [name for name in names if self.values.get(name, "") != self.values.get(WAS + name, "")]

    def starting(self, start: str) -> list[str]:
        """What follows `start` in the names of the fields that begin with it, in the order of the page."""
        return [name.removeprefix(start) for name in self.values if name.startswith(start)]


def told(name: str) -> str:
    """A field's name as a person reads it."""
    return name.replace("_", " ").replace("-", " ").strip().capitalize()
