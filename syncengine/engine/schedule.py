"""When firms are due: every five minutes, spread over the interval, none queued twice (BEHAVIOUR §9)."""

from datetime import datetime, timedelta

from django.db.models import Q

from accounts.firm_scope import firm_scope
from accounts.models import Firm, Plan
from syncengine.engine.lease import firm_sync
from syncengine.models import FirmSync

INTERVAL = timedelta(minutes=5)
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


def ask_for_run(*, firm: Firm, now: datetime) -> bool:
    """Make the firm due now because a person asked. Gives False if it was asked for already: nothing is doubled."""
    with firm_scope(firm):
        row = firm_sync(now=now)
        return bool(FirmSync.objects.filter(pk=row.pk, asked=False).update(asked=True, due_at=now))


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
