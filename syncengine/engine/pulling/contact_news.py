"""What people changed in Xero's contacts: the clients that it concerns are planned again (BEHAVIOUR §4)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from syncengine.domain.contact_merge import flatten, xero_form
from syncengine.domain.documents import StandingContact
from syncengine.domain.mapping.contact_edits import field_words
from syncengine.domain.mapping.contact_forms import fold, id_suffix
from syncengine.engine.slice import Slice
from syncengine.models import Link, RecordEvent, Snapshot, XeroContact

_KIND = Link.Kind.CONTACT


def note_changes(*, work: Slice, contacts: Sequence[StandingContact]) -> None:
    """Take in contacts that Xero says have changed, before they are kept as last read.

    A linked one that differs from what the link saw last is planned again; our own write is no change, since its answer
    was the last that was seen. A client whose name was taken is planned again when a contact of that name moves.
    """
    if not contacts:
        return
    rows = XeroContact.objects.filter(contact_id__in=[contact.contact_id for contact in contacts])
    before = dict(rows.values_list("contact_id", "standing"))
    # Read again within the overlap it is no news: what the link has not taken then stays as it is.
    moved = {there.contact_id: there for there in contacts if _plain(there) != before.get(there.contact_id)}
    ids = _changed_clients(work, moved) | _freed_clients(before, moved.values()) if moved else set()
    if ids:
        Snapshot.objects.filter(kind=Snapshot.Kind.CONTACT, clio_id__in=ids, dirty=False).update(dirty=True)
        asked_again = Link.objects.filter(kind=_KIND, clio_id__in=ids).exclude(planned_under="")
        asked_again.update(planned_under="", retry_at=None)


def _plain(there: StandingContact) -> dict[str, Any]:
    return {name: getattr(there, name) for name in StandingContact.__slots__} | {"fields": dict(there.fields)}


def _changed_clients(work: Slice, moved: Mapping[str, StandingContact]) -> set[int]:
    found: set[int] = set()
    # Ignored ones stay so until they change in Clio (BEHAVIOUR §10).
    for link in Link.objects.filter(kind=_KIND, xero_id__in=moved).exclude(state=Link.State.IGNORED):
        there = moved[link.xero_id or ""]
        changes = _changes(link, there)
        if changes or there.status != link.xero_status:
            found.add(link.clio_id)
        if changes:
            words = ", ".join(f"{field_words(change['field'])} “{change['xero']}”" for change in changes)
            work.tell(_KIND, link.clio_id, RecordEvent.Event.CHANGED_IN_XERO, words, details={"fields": changes})
    return found


def _changes(link: Link, there: StandingContact) -> list[dict[str, str]]:
    """Fields that have another value than the link saw last. A client that shares its contact has seen none."""
    if not link.base:
        return []
    seen = flatten(link.base.get("xero", {}))
    return [
        {"field": path, "before": seen.get(path, ""), "xero": value}
        for path, value in xero_form(there).items()
        if value != seen.get(path, "")
    ]


def _freed_clients(before: Mapping[str, Mapping[str, Any]], moved: Iterable[StandingContact]) -> set[int]:
    """Clients that Xero refused, and of whose name a contact was renamed, archived, or given another e-mail."""
    names = {fold(there.name) for there in moved}
    names |= {fold(before[there.contact_id]["name"]) for there in moved if there.contact_id in before}
    if not names:
        return set()
    refused = Link.objects.filter(kind=_KIND, state=Link.State.REFUSED).exclude(planned_under="")
    return {
        clio_id
        for clio_id, title in refused.values_list("clio_id", "title")
        if {fold(title), fold(title + id_suffix(clio_id=clio_id))} & names
    }
