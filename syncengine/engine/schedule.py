"""When firms are due: every five minutes, spread over the interval, none queued twice (BEHAVIOUR §9)."""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import Q

from accounts.firm_scope import firm_scope
from accounts.models import Firm, Plan
from syncengine.engine.lease import firm_sync
from syncengine.models import FirmSync

INTERVAL = timedelta(minutes=5)
_FULL_AFTER: Final = timedelta(hours=12)
_FULL_AT_LATEST: Final = timedelta(hours=36)
#: A full run that did not come to its end is not begun again at once: ordinary runs come first.
_FULL_AGAIN: Final = timedelta(hours=6)
_NIGHT: Final = (timedelta(hours=1), timedelta(hours=5))
#: A firm that was queued but never started (a worker died, Redis was emptied) is queued again after this.
_QUEUED_FOR = timedelta(minutes=2)


def next_due(*, firm_id: int, now: datetime) -> datetime:
    """When a firm is due after a finished run: its own fixed place in the next five-minute interval."""
    seconds = int(INTERVAL.total_seconds())
    offset = firm_id * 97 % seconds
    start = int(now.timestamp()) // seconds * seconds + offset
    due = datetime.fromtimestamp(start, tz=now.tzinfo)
    while due <= now:
        due += INTERVAL
    return due


def is_full_due(*, firm: Firm, row: FirmSync, now: datetime) -> bool:
    """Whether a scheduled run reads both sides whole: first soon after the first sync, then every night.

    Night is from one to five by the firm's own clock, firms spread over its first three hours; who was not served then
    is a day and a half after the last one, at any time.
    """
    if row.first_sync_done_at is None or (row.full_begun_at and now - row.full_begun_at < _FULL_AGAIN):
        return False
    if row.full_done_at is None or now - row.full_done_at >= _FULL_AT_LATEST:
        return True
    local = now.astimezone(ZoneInfo(firm.time_zone))
    since_midnight = timedelta(hours=local.hour, minutes=local.minute)
    turn = _NIGHT[0] + timedelta(minutes=firm.pk * 97 % 180)
    return turn <= since_midnight < _NIGHT[1] and now - row.full_done_at >= _FULL_AFTER


def ask_for_run(*, firm: Firm, now: datetime) -> bool:
    """Make the firm due now because a person asked. Gives False if it was asked for already: nothing is doubled.

    Asked once more while that run is at work, the firm is due again when it ends: what was decided meanwhile may have
    come too late for it.
    """
    with firm_scope(firm):
        row = firm_sync(now=now)
        if FirmSync.objects.filter(pk=row.pk, asked=False).update(asked=True, due_at=now):
            return True
        FirmSync.objects.filter(pk=row.pk, lease_until__gt=now).update(due_at=now)
        return False


def ask_for_full_run(*, firm: Firm, now: datetime) -> None:
    """Have both sides read whole and compared in a run that starts at once, or right after the one under way."""
    with firm_scope(firm):
        firm_sync(now=now)
        FirmSync.objects.update(full_done_at=None, full_begun_at=None)
    ask_for_run(firm=firm, now=now)


def claim_due(*, now: datetime, limit: int) -> list[int]:
    """Queue the firms that are due, oldest first, and give their ids; two beats never queue one twice."""
    plans = [plan for plan in Plan.values if plan != Plan.OTHER]
    unqueued = Q(queued_at__isnull=True) | Q(queued_at__lte=now - _QUEUED_FOR)
    unheld = Q(lease_until__isnull=True) | Q(lease_until__lte=now)
    due = FirmSync.unscoped.filter(unqueued, unheld, due_at__lte=now, firm__plan__in=plans).order_by("due_at")
    claimed = []
    for pk, firm_id, queued_at in due.values_list("pk", "firm_id", "queued_at")[:limit]:
        if FirmSync.unscoped.filter(pk=pk, queued_at=queued_at).update(queued_at=now):
            claimed.append(firm_id)
    return claimed
