"""Write down what became of records: links, sync errors, snapshots. One transaction a batch, no network."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F

from syncengine.domain.documents import Blocked, StandingInvoice, Waiting
from syncengine.engine.slice import Slice
from syncengine.models import Link, RecordEvent, Snapshot, SyncError

_LINK_FIELDS = [
    "xero_id", "natural_key", "generation", "bill_id", "restorations", "state", "reason", "notice", "record_digest",
    "document_digest", "lines", "base", "planned_under", "attempts", "retry_at", "number", "title", "dated",
    "amount_minor", "xero_amount_minor", "currency", "clio_state", "xero_status", "applied_at",
]  # fmt: skip
#: How long a refused record rests before a scheduled run tries it again; a person's "Sync now" does not wait.
_RETRY = (timedelta(0), timedelta(minutes=15), timedelta(hours=1), timedelta(hours=6), timedelta(hours=24))
_OPEN = (SyncError.State.OPEN, SyncError.State.IGNORED)


def save_links(links: Sequence[Link]) -> None:
    """Upsert links in one statement."""
    if links:
        Link.objects.bulk_create(
            links, update_conflicts=True, unique_fields=["firm", "kind", "clio_id"], update_fields=_LINK_FIELDS
        )


def clean(kind: str, clio_ids: Iterable[int]) -> None:
    """These records stand in Xero as Clio asks; they are planned again when they change."""
    ids = list(clio_ids)
    if ids:
        Snapshot.objects.filter(kind=kind, clio_id__in=ids).update(dirty=False)


def retry_time(*, attempts: int, now: datetime) -> datetime:
    """When a scheduled run tries a refused record again: sooner at first, then once a day."""
    return now + _RETRY[min(attempts, len(_RETRY)) - 1]


def stop(*, work: Slice, link: Link, why: Blocked, state: str, xero_messages: Sequence[str] = ()) -> None:
    """Give a link a state that needs somebody, and open or refresh its sync error (one a record, BEHAVIOUR §10)."""
    now = work.clock()
    if link.state == Link.State.IGNORED and not link.planned_under:
        # Ignored until it changes in Clio: it did, so the problem is open again.
        SyncError.objects.filter(kind=link.kind, clio_id=link.clio_id, state=SyncError.State.IGNORED).update(
            state=SyncError.State.OPEN
        )
    if xero_messages or (link.state, link.reason) != (state, why.message):
        # What was sent has its answer in the history each time; what never left is told once.
        event = RecordEvent.Event.REFUSED if xero_messages else RecordEvent.Event.BLOCKED
        details = {"code": why.code, "remedy": why.remedy, "xero_messages": list(xero_messages)}
        work.tell(link.kind, link.clio_id, event, why.message, details=details)
    link.state = state
    link.reason = why.message
    link.planned_under = work.setup.digest
    link.attempts += 1
    link.retry_at = retry_time(attempts=link.attempts, now=now)
    save_links([link])
    work.write_story()
    note_error(kind=link.kind, clio_id=link.clio_id, why=why, xero_messages=xero_messages, now=now, link_id=link.pk)


def base_of_invoice(*, standing: StandingInvoice, made_at: datetime | None = None) -> dict[str, Any]:
    """What an invoice's link keeps for planning its payments and credits; `made_at` where it was made just now."""
    base: dict[str, Any] = {
        "gross": {kind: f"{amount:f}" for kind, amount in standing.gross.items()},
        "contact": standing.contact_id,
        "dated": standing.date.isoformat() if standing.date else "",
    }
    if made_at is not None and standing.lines:
        base["made_at"] = made_at.isoformat()
    return base


def wait(*, work: Slice, link: Link, waiting: Waiting) -> None:
    """Give a link the state of something that needs only time or another record; the caller saves it."""
    if (link.state, link.reason) != (Link.State.WAITING, waiting.message):
        work.tell(link.kind, link.clio_id, RecordEvent.Event.WAITING, waiting.message)
    link.state = Link.State.WAITING
    link.reason = waiting.message


def rests(*, work: Slice, link: Link) -> bool:
    """Whether a stopped link is left alone in this run: nothing moved that could help, and nobody asked."""
    if link.state == Link.State.IGNORED:
        return bool(link.planned_under)
    if not link.planned_under or link.planned_under != work.setup.digest:
        return False
    return not work.asked and link.retry_at is not None and link.retry_at > work.clock()


def note_error(
    *,
    kind: str,
    clio_id: int | None,
    why: Blocked,
    now: datetime,
    xero_messages: Sequence[str] = (),
    link_id: int | None = None,
) -> None:
    """Open a sync error, or refresh the one that this record has."""
    values: dict[str, Any] = {
        "code": why.code,
        "cause": why.cause,
        "field": why.field,
        "message": why.message,
        "remedy": why.remedy,
        "xero_messages": list(xero_messages),
        "details": dict(why.details),
        "last_seen_at": now,
    }
    held = SyncError.objects.filter(kind=kind, clio_id=clio_id, state__in=_OPEN)
    if not held.update(**values, times=F("times") + 1):
        SyncError.objects.create(kind=kind, clio_id=clio_id, link_id=link_id, first_seen_at=now, **values)


def close_errors(*, kind: str, clio_ids: Iterable[int | None], now: datetime) -> None:
    """The records went through: their errors close themselves."""
    ids = list(clio_ids)
    named = [clio_id for clio_id in ids if clio_id is not None]
    rows = SyncError.objects.filter(kind=kind, state__in=_OPEN)
    rows = rows.filter(clio_id__in=named) if named else rows.filter(clio_id__isnull=True)
    if ids:
        rows.update(state=SyncError.State.CLOSED, closed_at=now)


def close_code(*, kind: str, code: str, clio_ids: Iterable[int], now: datetime) -> None:
    """One problem of these records is over, whatever else they have."""
    rows = SyncError.objects.filter(kind=kind, code=code, clio_id__in=list(clio_ids), state__in=_OPEN)
    rows.update(state=SyncError.State.CLOSED, closed_at=now)


def close_cause(*, kind: str, code: str, cause: str, now: datetime) -> None:
    """A problem of the firm as a whole is over."""
    rows = SyncError.objects.filter(kind=kind, code=code, cause=cause, state__in=_OPEN)
    rows.update(state=SyncError.State.CLOSED, closed_at=now)


def forgive(link: Link) -> None:
    """Clear what a past refusal left on a link."""
    link.reason = ""
    link.planned_under = ""
    link.attempts = 0
    link.retry_at = None
