"""What an update would change: an invoice as it should stand, set against the invoice as it does stand."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal

from syncengine.domain.documents import DocumentLine, InvoiceDocument, StandingInvoice, StandingLine

#: Field of a document → what it is called in Xero.
_HEADER: Final[Mapping[str, str]] = {
    "number": "Invoice number",
    "reference": "Reference",
    "contact_id": "Contact",
    "date": "Date",
    "due_date": "Due date",
    "currency": "Currency",
    "status": "Status",
    "total": "Total",
}
_LINE: Final[Mapping[str, str]] = {
    "description": "Description",
    "quantity": "Quantity",
    "unit_amount": "Unit price",
    "amount": "Amount",
    "account_code": "Account",
    "tax_type": "Tax rate",
    "tracking": "Tracking",
}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that would change; values as plain text, in Xero's own form."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class LineChange:
    """One line that would come, go or change. `place` counts from 1; `text` is its description."""

    verb: Literal["added", "removed", "changed"]
    place: int
    text: str
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Differences:
    """Everything that an update would change."""

    header: tuple[FieldChange, ...]
    lines: tuple[LineChange, ...]

    def __bool__(self) -> bool:
        """Whether anything would change."""
        return bool(self.header or self.lines)


def differences(*, document: InvoiceDocument, standing: StandingInvoice) -> Differences:
    """Set a document against what stands. A paid invoice counts as approved: Xero decides about that (X 7.11)."""
    header = tuple(
        FieldChange(name, before, after)
        for field, name in _HEADER.items()
        for before, after in [(_told(_stands(standing, field)), _told(getattr(document, field)))]
        if before != after
    )
    return Differences(header, tuple(_lines(document.lines, standing.lines)))


def _stands(standing: StandingInvoice, field: str) -> Any:
    value = getattr(standing, field)
    return "AUTHORISED" if field == "status" and value == "PAID" else value


def _lines(wanted: Sequence[DocumentLine], there: Sequence[StandingLine]) -> Iterator[LineChange]:
    """Lines are the same line by Xero's id; one without an id is new, one that is not named goes (X 7.17)."""
    standing = {line.line_item_id: line for line in there}
    named = {line.line_item_id for line in wanted if line.line_item_id}
    for place, line in enumerate(wanted, start=1):
        before = standing.get(line.line_item_id)
        if before is None:
            yield LineChange("added", place, line.description, tuple(_fields(None, line)))
        elif changed := tuple(_fields(before, line)):
            yield LineChange("changed", place, line.description, changed)
    for place, gone in enumerate(there, start=1):
        if gone.line_item_id not in named:
            yield LineChange("removed", place, gone.description)


def _fields(before: StandingLine | None, line: DocumentLine) -> Iterator[FieldChange]:
    for field, name in _LINE.items():
        was = "" if before is None else _told(getattr(before, field))
        becomes = _told(getattr(line, field))
        # A line of text alone has no figures; Xero may answer zeros for it.
        if was != becomes and not (line.amount is None and field != "description"):
            yield FieldChange(name, was, becomes)


def _told(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        plain = value.normalize()
        return f"{plain:f}" if plain.as_tuple().exponent < -2 else f"{plain:.2f}"  # type: ignore[operator]
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, tuple):
        return ", ".join(f"{option.get('Name', '')}: {option.get('Option', '')}" for option in value)
    return str(value)
