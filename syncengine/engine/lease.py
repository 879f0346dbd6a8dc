"""The lease that says who works on a firm: a row taken by compare-and-swap (DESIGN §4.7).

No session locks, since pooled connections leak them. Every taking raises the generation, and every submission
checks it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet

from syncengine.engine.errors import FirmBusy, LeaseLost
from syncengine.models import FirmSync

LEASE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Lease:
    """A taken lease; `generation` names this taking."""

    owner: str
    generation: int
    #: The schedule row as it was when the lease was taken.
    row: FirmSync


def firm_sync(*, now: datetime) -> FirmSync:
    """The current firm's schedule row, made when it is first asked for."""
    row, _ = FirmSync.objects.get_or_create(defaults={"due_at": now})
    return row


def take(*, owner: str, now: datetime) -> Lease:
    """Take the current firm's lease for 60 seconds.

    Raises:
        FirmBusy: somebody else holds it.
    """
    row = firm_sync(now=now)
    free = Q(lease_until__isnull=True) | Q(lease_until__lte=now)
    taken = FirmSync.objects.filter(free, pk=row.pk, lease_generation=row.lease_generation).update(
        lease_owner=owner, lease_until=now + LEASE, lease_generation=F("lease_generation") + 1, queued_at=None
    )
    if not taken:
        raise FirmBusy(row.lease_until or now + LEASE)
    return Lease(owner, row.lease_generation + 1, row)


def renew(*, lease: Lease, now: datetime) -> None:
    """Hold the lease for another 60 seconds.

    Raises:
        LeaseLost: it ran out and somebody else took it.
    """
    if not held(lease).update(lease_until=now + LEASE):
        raise LeaseLost("Another worker has taken this firm over.")


def held(lease: Lease) -> QuerySet[FirmSync]:
    """The firm's row, as long as nobody else took the firm."""
    return FirmSync.objects.filter(lease_generation=lease.generation, lease_owner=lease.owner)


def release(*, lease: Lease, due_at: datetime, finished: bool, first_sync_done_at: datetime | None = None) -> None:
    """Give the lease back and say when the firm is due again. Does nothing if the lease was lost."""
    values: dict[str, object] = {"lease_until": None, "lease_owner": "", "due_at": due_at}
    if finished:
        values["asked"] = False
    if first_sync_done_at and lease.row.first_sync_done_at is None:
        values["first_sync_done_at"] = first_sync_done_at
    row = held(lease)
    if not row.filter(asked=lease.row.asked, due_at=lease.row.due_at).update(**values):
        # Somebody asked for a run while this one was at work: that stays, and it is due at once.
        row.update(lease_until=None, lease_owner="")
