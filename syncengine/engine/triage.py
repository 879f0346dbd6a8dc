"""What people decide about sync errors: try again, ignore, undo that (BEHAVIOUR §10).

Every function works inside the firm's scope, changes what is still as it was found, and answers how many errors it
changed, so that a second click does nothing twice.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.audit import record_event, tell
from accounts.models import Firm, User
from syncengine.engine.schedule import ask_for_run
from syncengine.models import Link, Snapshot, SyncError

_SNAPSHOT_OF = {Link.Kind.CONTACT: Snapshot.Kind.CONTACT, Link.Kind.INVOICE: Snapshot.Kind.BILL}
_OPEN, _IGNORED = SyncError.State.OPEN, SyncError.State.IGNORED
#: What an ignored error remembers of its link, to put it back.
_FORMER = "state_before_ignoring"
REASON_LENGTH = 500


class TriageError(ValueError):
    """What was asked for cannot be done; the message says why and what to do."""


def retry(*, firm: Firm, error_ids: Collection[int], now: datetime) -> int:
    """Plan these errors' records again in a run that starts at once, whatever their retry time."""
    return _retry(firm, SyncError.objects.filter(pk__in=error_ids), now)


def retry_cause(*, firm: Firm, code: str, cause: str, now: datetime) -> int:
    """Plan again every record that is held up by one cause."""
    return _retry(firm, SyncError.objects.filter(code=code, cause=cause), now)


def retry_all(*, firm: Firm, now: datetime) -> int:
    """Plan again every record with an open error."""
    return _retry(firm, SyncError.objects.all(), now)


def _retry(firm: Firm, rows: QuerySet[SyncError], now: datetime) -> int:
    chosen = rows.filter(state=_OPEN)
    with transaction.atomic():
        count = chosen.count()
        _plan_again(chosen)
    if count:
        ask_for_run(firm=firm, now=now)
    return count


def ignore(*, firm: Firm, user: User, error_ids: Collection[int], reason: str) -> int:
    """Leave these records alone until they change in Clio or somebody undoes it.

    Raises:
        TriageError: no reason was given, it is too long, or a problem of the firm as a whole was named.
    """
    reason = " ".join(reason.split())
    if not reason:
        raise TriageError(_("Write why this is ignored; colleagues will read it."))
    if len(reason) > REASON_LENGTH:
        raise TriageError(_("The reason is longer than %(length)s characters; shorten it.") % {"length": REASON_LENGTH})
    with transaction.atomic():
        rows = list(SyncError.objects.select_for_update().filter(pk__in=error_ids, state=_OPEN).order_by("pk"))
        if any(row.kind not in _SNAPSHOT_OF for row in rows):
            raise TriageError(
                _("This holds up the whole firm, so it cannot be ignored. Follow what to do, then retry.")
            )
        for row in rows:
            _ignore_one(row, user, reason)
    if rows:
        _write_down(firm, user, "errors_ignored", rows, reason=reason)
    return len(rows)


def _ignore_one(row: SyncError, user: User, reason: str) -> None:
    link = _links(row).first()
    if link:
        row.details = {**row.details, _FORMER: link.state}
        _links(row).update(state=Link.State.IGNORED, retry_at=None)
    # Not dirty: only a change in Clio brings it back into planning.
    Snapshot.objects.filter(kind=_SNAPSHOT_OF[Link.Kind(row.kind)], clio_id=row.clio_id or 0).update(dirty=False)
    row.state, row.ignored_by, row.ignored_reason = _IGNORED, user, reason
    row.save(update_fields=["details", "state", "ignored_by", "ignored_reason"])


def _links(row: SyncError) -> QuerySet[Link]:
    """The link of an error's record; found by its keys, since an error may be older than the link."""
    return Link.objects.filter(kind=row.kind, clio_id=row.clio_id or 0)


def undo_ignore(*, firm: Firm, user: User, error_ids: Collection[int], now: datetime) -> int:
    """Count these problems as open again, and try their records in a run that starts at once."""
    with transaction.atomic():
        rows = list(SyncError.objects.select_for_update().filter(pk__in=error_ids, state=_IGNORED).order_by("pk"))
        for row in rows:
            former = row.details.pop(_FORMER, Link.State.BLOCKED)
            _links(row).filter(state=Link.State.IGNORED).update(state=former)
            row.state, row.ignored_by, row.ignored_reason = _OPEN, None, ""
            row.save(update_fields=["details", "state", "ignored_by", "ignored_reason"])
        _plan_again(SyncError.objects.filter(pk__in=[row.pk for row in rows]))
    if rows:
        _write_down(firm, user, "errors_unignored", rows)
        ask_for_run(firm=firm, now=now)
    return len(rows)


def _plan_again(rows: QuerySet[SyncError]) -> None:
    """Forget under what these errors' records were refused, and mark them as to be planned."""
    for kind, snapshot_kind in _SNAPSHOT_OF.items():
        clio_ids = rows.filter(kind=kind).values("clio_id")
        Link.objects.filter(kind=kind, clio_id__in=clio_ids).update(retry_at=None, planned_under="")
        Snapshot.objects.filter(kind=snapshot_kind, clio_id__in=clio_ids).update(dirty=True)


def _write_down(firm: Firm, user: User, action: str, rows: Collection[SyncError], *, reason: str = "") -> None:
    records = [{"kind": row.kind, "clio_id": row.clio_id, "code": row.code} for row in rows]
    record_event(firm=firm, actor=user, action=action, detail={"records": records, "reason": reason})


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
