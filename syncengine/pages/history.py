"""The history of records, newest first: what was read, planned, sent and answered, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Q
from django.utils.translation import gettext as _

from syncengine.models import RecordEvent
from syncengine.pages.contact_fields import field_label
from syncengine.pages.wording import written

PAGE_SIZE: Final = 50
_Event: Final = RecordEvent.Event
#: Both sides changed a field of a contact.
_CONFLICT: Final = "conflict"
_TONES: Final[Mapping[str, str]] = {
    _Event.APPLIED: "good",
    _Event.LINKED: "good",
    _Event.REFUSED: "refused",
    _Event.BLOCKED: "blocked",
    _Event.WAITING: "waiting",
    _Event.SENT: "busy",
}


@dataclass(frozen=True, slots=True)
class Source:
    """A record whose history is told. `name` says which it is; empty for the record that the page is about."""

    kind: str
    clio_id: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A field with both sides' values, and what became of it in words."""

    name: str
    clio: str
    xero: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened. Times are UTC; `about` names the record where it is not the page's own."""

    id: int
    at: datetime
    tone: str
    title: str
    about: str
    text: str
    by: str
    remedy: str
    xero_messages: tuple[str, ...]
    fields: tuple[FieldRow, ...]


@dataclass(frozen=True, slots=True)
class History:
    """A stretch of a history. `older` is where the next stretch begins, None at the end."""

    entries: tuple[Entry, ...]
    older: int | None


def read_history(*, sources: Sequence[Source], before: int | None = None) -> History:
    """Read what happened to these records, newest first, in one query."""
    wanted = Q(pk__in=[])
    for kind in {source.kind for source in sources}:
        wanted |= Q(kind=kind, clio_id__in=[source.clio_id for source in sources if source.kind == kind])
    rows = RecordEvent.objects.filter(wanted)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: PAGE_SIZE + 1])
    names = {(source.kind, source.clio_id): source.name for source in sources}
    entries = tuple(tell_event(row, names.get((row.kind, row.clio_id), "")) for row in found[:PAGE_SIZE])
    return History(entries, entries[-1].id if len(found) > PAGE_SIZE else None)


def tell_event(row: RecordEvent, about: str = "") -> Entry:
    """Tell one thing that happened; `about` names the record where it is not the page's own."""
    event, details = row.event, row.details
    return Entry(
        id=row.pk,
        at=row.at,
        tone=_TONES.get(event, "quiet"),
        title=_title(row),
        about=about,
        text=" ".join(part for part in (row.words, _figures(event, details)) if part),
        by=str(details.get("by") or ""),
        remedy=str(details.get("remedy") or ""),
        xero_messages=tuple(str(one) for one in details.get("xero_messages") or ()),
        fields=_fields(event, details),
    )


def _title(row: RecordEvent) -> str:
    titles: dict[str, str] = {
        _Event.READ: _("Changed in Clio"),
        _Event.SENT: _("Sent to Xero"),
        _Event.APPLIED: _("Taken by Xero"),
        _Event.REFUSED: _("Refused by Xero"),
        _Event.BLOCKED: _("Blocked"),
        _Event.WAITING: _("Waiting"),
        _Event.LINKED: _("Linked with what stood in Xero"),
        _Event.CHANGED_IN_XERO: _("Changed in Xero"),
        _Event.IGNORED: _("Ignored"),
        _Event.ASKED: _("Asked for"),
        _Event.NOTICE: _("Noticed"),
    }
    return titles.get(row.event) or str(row.get_event_display())


def _figures(event: str, details: Mapping[str, Any]) -> str:
    """What was sent or answered, in a sentence: "To be created as 1042, total 113.00."."""
    operation = _operation(event, str(details.get("operation") or ""))
    key = details.get("number") or details.get("name") or details.get("key") or ""
    amounts = [
        words % {"amount": written(str(details[name]))}
        for name, words in (("total", _("total %(amount)s")), ("amount", _("amount %(amount)s")))
        if details.get(name)
    ]
    if not operation and not amounts and event != _Event.LINKED:
        return ""
    parts = [_("%(what)s as %(key)s") % {"what": operation, "key": key} if operation and key else operation or str(key)]
    told = ", ".join(part for part in (*parts, *amounts) if part)
    return f"{told[:1].upper()}{told[1:]}." if told else ""


def _operation(event: str, operation: str) -> str:
    planned = {
        "create": _("to be created"),
        "update": _("to be updated"),
        "void": _("to be voided"),
        "remove": _("to be removed"),
        "renumber": _("to be renumbered"),
    }
    done = {
        "create": _("created"),
        "update": _("updated"),
        "void": _("voided"),
        "remove": _("removed"),
        "renumber": _("renumbered"),
    }
    return (planned if event == _Event.SENT else done).get(operation, "")


def _fields(event: str, details: Mapping[str, Any]) -> tuple[FieldRow, ...]:
    """Fields with both sides' values: `conflicts` (both changed), `shown` (changed in Xero alone, stays there),
    `fields` (what the event itself says of them).
    """
    both = _("Both changed: Clio's value was taken")
    outcomes = {
        "conflicts": both,
        "shown": _("Changed in Xero alone: stays as it is there"),
        "fields": both if event == _CONFLICT else "",
    }
    return tuple(
        FieldRow(
            field_label(str(one.get("field") or one.get("name") or "")),
            str(one.get("clio") or "–"),
            str(one.get("xero") or "–"),
            str(one.get("outcome") or outcome),
        )
        for name, outcome in outcomes.items()
        for one in details.get(name) or ()
        if isinstance(one, Mapping)
    )
