"""What people decide about sync errors: try again, ignore, undo that (BEHAVIOUR §10).

Every function works inside the firm's scope, changes what is still as it was found, and answers how many errors it
changed, so that a second click does nothing twice.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.audit import record_event, tell
from accounts.models import Firm, User
from syncengine.engine.decisions import Act, Decision, ignored_columns, leave_alone, plan_again
from syncengine.engine.schedule import ask_for_full_run, ask_for_run
from syncengine.models import Link, RecordEvent, SyncError

_OPEN, _IGNORED = SyncError.State.OPEN, SyncError.State.IGNORED
#: What an ignored error remembers of its link, to put it back.
_FORMER = "state_before_ignoring"
REASON_LENGTH = 500
_ROWS_AT_ONCE = 1000
_COLUMNS = ("details", "state", "ignored_by", "ignored_reason")


class TriageError(ValueError):
    """What was asked for cannot be done; the message says why and what to do."""


def retry(*, firm: Firm, error_ids: Collection[int], now: datetime, user: User | None = None) -> int:
    """Plan these errors' records again in a run that starts at once, whatever their retry time."""
    return _retry(firm, SyncError.objects.filter(pk__in=error_ids), now, user)


def retry_cause(*, firm: Firm, code: str, cause: str, now: datetime, user: User | None = None) -> int:
    """Plan again every record that is held up by one cause."""
    return _retry(firm, SyncError.objects.filter(code=code, cause=cause), now, user)


def retry_all(*, firm: Firm, now: datetime, user: User | None = None) -> int:
    """Plan again every record with an open error."""
    return _retry(firm, SyncError.objects.all(), now, user)


def _retry(firm: Firm, rows: QuerySet[SyncError], now: datetime, user: User | None) -> int:
    chosen = rows.filter(state=_OPEN)
    with transaction.atomic():
        records = _records(chosen.order_by("pk").only("firm_id", "kind", "clio_id", "code"))
        _plan_again(chosen)
        if user:
            _tell(records, RecordEvent.Event.ASKED, _("Try again."), user, now)
    if records:
        if user:
            record_event(firm=firm, actor=user, action="errors_retried", detail={"count": len(records)})
        # What the login no longer saw can only be looked for by reading everything.
        whole = any(record["kind"] == "connection" for record in records)
        (ask_for_full_run if whole else ask_for_run)(firm=firm, now=now)
    return len(records)


def ignore(*, firm: Firm, user: User, error_ids: Collection[int], reason: str, now: datetime) -> int:
    """Leave these records alone until they change in Clio or somebody undoes it.

    Raises:
        TriageError: no reason was given, it is too long, or a problem of the firm as a whole was named.
    """
    return _ignore(firm, user, SyncError.objects.filter(pk__in=error_ids), reason, now)


def ignore_cause(*, firm: Firm, user: User, code: str, cause: str, reason: str, now: datetime) -> int:
    """Leave every record alone that is held up by one cause. Raises TriageError as `ignore` does."""
    return _ignore(firm, user, SyncError.objects.filter(code=code, cause=cause), reason, now)


def _ignore(firm: Firm, user: User, chosen: QuerySet[SyncError], reason: str, now: datetime) -> int:
    reason = " ".join(reason.split())
    if not reason:
        raise TriageError(_("Write why this is ignored; colleagues will read it."))
    if len(reason) > REASON_LENGTH:
        raise TriageError(_("The reason is longer than %(length)s characters; shorten it.") % {"length": REASON_LENGTH})
    with transaction.atomic():
        rows = list(chosen.filter(state=_OPEN).select_for_update().order_by("pk"))
        if any(row.clio_id is None for row in rows):
            raise TriageError(
                _("This holds up the whole firm, so it cannot be ignored. Follow what to do, then retry.")
            )
        _ignore_rows(rows, user, reason)
        _tell(_records(rows), RecordEvent.Event.IGNORED, reason, user, now)
    if rows:
        _write_down(firm, user, "errors_ignored", rows, reason=reason)
    return len(rows)


def _ignore_rows(rows: Collection[SyncError], user: User, reason: str) -> None:
    links = _links(rows)
    for row in rows:
        link = links.get((row.kind, row.clio_id))
        if link:
            row.details = {**row.details, _FORMER: link.state}
            # Taken up once more by the next slice: a run that is at work now may save over it.
            link.decided = asdict(Decision(Act.IGNORE, str(user), reason, link.xero_id or ""))
            for name, value in ignored_columns(link).items():
                setattr(link, name, value)
        row.state, row.ignored_by, row.ignored_reason = _IGNORED, user, reason
    SyncError.objects.bulk_update(rows, _COLUMNS, batch_size=_ROWS_AT_ONCE)
    names = ("decided", "state", "retry_at", "planned_under")
    Link.objects.bulk_update(list(links.values()), names, batch_size=_ROWS_AT_ONCE)
    for kind in {row.kind for row in rows}:
        leave_alone(kind=kind, clio_ids=[row.clio_id for row in rows if row.kind == kind])


def _links(rows: Iterable[SyncError]) -> dict[tuple[str, int | None], Link]:
    """The links of errors' records; found by their keys, since an error may be older than the link."""
    found: dict[tuple[str, int | None], Link] = {}
    wanted = list(rows)
    for kind in {row.kind for row in wanted}:
        ids = [row.clio_id for row in wanted if row.kind == kind and row.clio_id is not None]
        found |= {(kind, link.clio_id): link for link in Link.objects.filter(kind=kind, clio_id__in=ids)}
    return found


def undo_ignore(*, firm: Firm, user: User, error_ids: Collection[int], now: datetime) -> int:
    """Count these problems as open again, and try their records in a run that starts at once."""
    return _undo(firm, user, SyncError.objects.filter(pk__in=error_ids), now)


def undo_cause(*, firm: Firm, user: User, code: str, cause: str, now: datetime) -> int:
    """Count every ignored problem of one cause as open again, and try their records."""
    return _undo(firm, user, SyncError.objects.filter(code=code, cause=cause), now)


def _undo(firm: Firm, user: User, chosen: QuerySet[SyncError], now: datetime) -> int:
    with transaction.atomic():
        rows = list(chosen.filter(state=_IGNORED).select_for_update().order_by("pk"))
        links = _links(rows)
        former: dict[str, list[int]] = defaultdict(list)
        for row in rows:
            link = links.get((row.kind, row.clio_id))
            state = row.details.pop(_FORMER, Link.State.BLOCKED)
            if link:
                former[state].append(link.pk)
            row.state, row.ignored_by, row.ignored_reason = _OPEN, None, ""
        SyncError.objects.bulk_update(rows, _COLUMNS, batch_size=_ROWS_AT_ONCE)
        for state, pks in former.items():
            Link.objects.filter(pk__in=pks, decided__act=Act.IGNORE).update(decided={})
            Link.objects.filter(pk__in=pks, state=Link.State.IGNORED).update(state=state)
        _plan_again(SyncError.objects.filter(pk__in=[row.pk for row in rows]))
        _tell(_records(rows), RecordEvent.Event.ASKED, _("No longer ignored."), user, now)
    if rows:
        _write_down(firm, user, "errors_unignored", rows)
        ask_for_run(firm=firm, now=now)
    return len(rows)


def _plan_again(rows: QuerySet[SyncError]) -> None:
    """Forget under what these errors' records were refused, and mark them as to be planned."""
    for kind in Link.Kind:
        plan_again(kind=kind, clio_ids=rows.filter(kind=kind).values("clio_id"))


def _tell(records: Iterable[dict[str, Any]], event: str, words: str, user: User, now: datetime) -> None:
    """Write into the history of each record what somebody did about it."""
    rows = (
        RecordEvent(
            kind=record["kind"],
            clio_id=record["clio_id"],
            at=now,
            event=event,
            words=words,
            details={"by": str(user)},
        )
        for record in records
        if record["clio_id"] is not None
    )
    RecordEvent.objects.bulk_create(rows, batch_size=_ROWS_AT_ONCE)


def _records(rows: Iterable[SyncError]) -> list[dict[str, Any]]:
    return [{"kind": row.kind, "clio_id": row.clio_id, "code": row.code} for row in rows]


def _write_down(firm: Firm, user: User, action: str, rows: Collection[SyncError], *, reason: str = "") -> None:
    detail = {"records": _records(rows), "reason": reason}
    record_event(firm=firm, actor=user, action=action, detail=detail)


tell(
    "errors_ignored",
    lambda detail: (
        _("%(count)s sync errors were ignored: %(reason)s")
        % {"count": len(detail.get("records", ())), "reason": detail.get("reason", "")}
    ),
)
tell(
    "errors_unignored",
    lambda detail: _("%(count)s ignored sync errors were opened again.") % {"count": len(detail.get("records", ()))},
)
tell(
    "errors_retried",
    lambda detail: _("%(count)s records with sync errors were tried again.") % {"count": detail.get("count", 0)},
)
