"""How far a long run has come, for the page that shows its progress: what is expected, and how it went."""

from datetime import datetime

from syncengine.engine.slice import Slice
from syncengine.models import Link, Run, Snapshot

_SENT = ("created", "updated", "voided", "removed")
#: Points of a trail; where there are more, every second one goes.
_POINTS = 240


def note_expected(*, work: Slice) -> None:
    """Count, where a phase of a first or full sync begins, what it has to work on; two statements a phase.

    The run's row is brought up to date here, with its phase, since it is otherwise saved at the end of a slice only.
    """
    run = work.run
    is_long = work.lease.row.first_sync_done_at is None or run.full
    if work.dry_run or not is_long or run.position:
        return
    bills = Snapshot.objects.filter(kind=Snapshot.Kind.BILL)
    if run.phase == Run.Phase.CONTACTS:
        clients = bills.filter(dirty=True).exclude(record__client_id=None)
        run.expected["contact"] = clients.values("record__client_id").distinct().count()
    elif run.phase == Run.Phase.INVOICES:
        run.expected["invoice"] = bills.filter(dirty=True).count()
    elif run.phase == Run.Phase.MONEY:
        run.expected["money"] = bills.filter(money_dirty=True).count()
    else:
        return
    Run.objects.filter(pk=run.pk).update(phase=run.phase, position=0, expected=run.expected)


def note_trail(*, run: Run, now: datetime) -> None:
    """Remember, at the end of a slice, what was sent; of a run that goes on, how far it is and until when it waits."""
    run.sent = sum(of_kind.get(verb, 0) for of_kind in run.counts.values() for verb in _SENT)
    if run.ended_at is not None:
        return
    waits = run.waits_until.isoformat() if run.state == Run.State.WAITING and run.waits_until else ""
    trail = run.trail if len(run.trail) < _POINTS else run.trail[::2]
    decided = Link.objects.filter(kind__in=(Link.Kind.CONTACT, Link.Kind.INVOICE)).exclude(state=Link.State.NEW)
    done = decided.count()
    if money := run.expected.get("money"):
        done += max(0, money - Snapshot.objects.filter(kind=Snapshot.Kind.BILL, money_dirty=True).count())
    run.trail = [*trail, [now.isoformat(), done, waits]]
