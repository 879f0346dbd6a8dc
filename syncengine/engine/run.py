"""One run over one firm, worked in slices of at most 30 seconds (docs/flow.md).

A slice ends by committing where it stands and saying when the firm is due again, so a limit, a crash or a deploy costs
nothing but time. The database is the queue of truth.
"""

import logging
import os
import time
import traceback
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Exists, Q

from accounts.firm_scope import firm_scope
from accounts.models import Firm
from syncengine.connections import NotConnected, note_disconnected, open_both
from syncengine.domain.documents import Blocked
from syncengine.engine import lease as leases
from syncengine.engine import record as book
from syncengine.engine.contacts.edits import send_contact_edits
from syncengine.engine.contacts.sync import sync_contacts
from syncengine.engine.decisions import take_up
from syncengine.engine.errors import FirmBusy, LeaseLost, MustWait, NotReady, SliceOver
from syncengine.engine.expecting import note_expected, note_trail
from syncengine.engine.invoices.create import create_invoices
from syncengine.engine.invoices.update import update_bills
from syncengine.engine.invoices.voids import void_bills
from syncengine.engine.lease import Lease
from syncengine.engine.money.sync import has_new_rules, stopped_and_due, sync_money
from syncengine.engine.proof import prove
from syncengine.engine.pull_clio import pull_clio
from syncengine.engine.pull_xero import pull_xero
from syncengine.engine.recover import settle_unclear
from syncengine.engine.reference import load_setup
from syncengine.engine.schedule import is_full_due, next_due
from syncengine.engine.slice import Clock, Slice, empty_counts
from syncengine.models import Connection, FirmSync, Run, Snapshot, SyncError
from syncengine.transport.errors import Disconnected, LimitReached, NotAuthorised, TransportError

_logger = logging.getLogger(__name__)

SLICE = timedelta(seconds=30)
#: A dry run keeps nothing between slices, so it is one.
_DRY_RUN = timedelta(hours=1)
#: How exactly the pages say when the other side last answered.
_GOOD_CALL_EVERY = timedelta(minutes=15)
_RETRY_AFTER_TROUBLE = timedelta(minutes=1)
_WAITS = (NotReady, NotConnected, MustWait, LimitReached)
_Phase = Run.Phase
_STEPS: tuple[tuple[str, Callable[..., None]], ...] = (
    (_Phase.READ_CLIO, pull_clio),
    (_Phase.READ_XERO, pull_xero),
    (_Phase.CONTACTS, sync_contacts),
    (_Phase.REMOVALS, void_bills),
    (_Phase.UPDATES, update_bills),
    (_Phase.INVOICES, create_invoices),
    (_Phase.MONEY, sync_money),
    (_Phase.EDITS, send_contact_edits),
    (_Phase.COMPARE, prove),
)


@dataclass(frozen=True, slots=True)
class Worked:
    """How a slice ended. `again_at` (UTC) is when the firm is due; `run` is None where nothing could begin."""

    run: Run | None
    again_at: datetime
    finished: bool
    #: Why nothing could begin, in plain words.
    message: str = ""
    #: Another worker took the firm over meanwhile: this one writes nothing more.
    lost: bool = False


def work_one_slice(
    *, firm: Firm, clock: Clock, reason: str, asked: bool = False, full: bool = False, dry_run: bool = False
) -> Worked:
    """Take the firm's lease, work for at most 30 seconds, and say when it is due again."""
    with firm_scope(firm):
        now = clock()
        if not firm.has_integration:
            return _not_ready(firm, now, "This firm's plan does not include the integration.")
        try:
            lease = leases.take(owner=f"{os.getpid()}-{uuid.uuid4().hex[:12]}", now=now)
        except FirmBusy as busy:
            return Worked(None, busy.until, finished=False, message=str(busy))
        started = time.monotonic()
        if reason == "schedule" and not dry_run:
            full = is_full_due(firm=firm, row=lease.row, now=now)
        run = _open_run(reason=reason, full=full, now=now, dry_run=dry_run)
        worked = _guarded(firm, run, lease, clock, asked=asked, dry_run=dry_run)
        _close_slice(worked, run, lease, seconds=time.monotonic() - started, now=clock(), dry_run=dry_run)
        return worked


def _not_ready(firm: Firm, now: datetime, message: str) -> Worked:
    return Worked(None, next_due(firm_id=firm.pk, now=now), finished=False, message=message)


def _open_run(*, reason: str, full: bool, now: datetime, dry_run: bool) -> Run:
    """The run under way, or a new one. A dry run is never saved, and leaves the one under way alone."""
    if dry_run:
        return Run(reason=reason, full=full, started_at=now, counts=empty_counts())
    run = Run.objects.filter(ended_at=None).first()
    if run is None:
        run = Run.objects.create(reason=reason, full=full, started_at=now, counts=empty_counts())
        if full:
            FirmSync.objects.update(full_begun_at=now)
    elif full and not run.full and reason != "schedule":
        # It has read some of both sides in part: to read them whole, it begins anew. What it sent is on the links.
        run.full, run.phase, run.position = True, _STEPS[0][0], 0
        FirmSync.objects.update(full_begun_at=now)
    run.waits_until = None
    run.message = ""
    run.state = Run.State.RUNNING
    return run


def _guarded(firm: Firm, run: Run, lease: Lease, clock: Clock, *, asked: bool, dry_run: bool) -> Worked:
    """Work, and turn everything that can end a slice early into a state that people can read."""
    try:
        _work(firm, run, lease, clock, asked=asked, dry_run=dry_run)
    except SliceOver:
        return Worked(run, clock(), finished=False)
    except LeaseLost as error:
        return Worked(run, clock() + _RETRY_AFTER_TROUBLE, finished=False, message=str(error), lost=True)
    except _WAITS as error:
        return _wait(run, _wait_until(error, firm=firm, now=clock()), error)
    except TransportError as error:
        if isinstance(error, Disconnected | NotAuthorised):
            note_disconnected(firm=firm, service=error.service, problem=str(error), now=clock())
        return _fail(firm, run, clock(), error)
    except Exception as error:  # noqa: BLE001  (the boundary of a slice: one firm's surprise must not crash on and on)
        _log_surprise(firm, error)
        return _fail(firm, run, clock(), UnexpectedProblem("clio", "Something unexpected stopped the run."))
    open_kinds = set(SyncError.objects.filter(state=SyncError.State.OPEN).values_list("kind", flat=True).distinct())
    if "run" in open_kinds:
        book.close_errors(kind="run", clio_ids=[None], now=clock())
    run.state = Run.State.ERRORS if open_kinds - {"run"} else Run.State.CLEAN
    return Worked(run, next_due(firm_id=firm.pk, now=clock()), finished=True)


class UnexpectedProblem(TransportError):  # noqa: N818
    """A defect of ours stopped a run; the log says where."""


def _log_surprise(firm: Firm, error: Exception) -> None:
    """Say what and where, without the message: it may hold names or amounts (DESIGN §4.12)."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    _logger.error("firm %s: %s in %s:%s", firm.pk, type(error).__name__, frame.filename, frame.lineno)


def _wait_until(error: Exception, *, firm: Firm, now: datetime) -> datetime:
    if isinstance(error, MustWait | LimitReached):
        return error.until
    return next_due(firm_id=firm.pk, now=now)


def _wait(run: Run, until: datetime, why: Exception) -> Worked:
    run.state = Run.State.WAITING
    run.waits_until = until
    run.message = str(why)
    return Worked(run, until, finished=False, message=str(why))


def _fail(firm: Firm, run: Run, now: datetime, error: TransportError) -> Worked:
    run.state = Run.State.FAILED
    run.message = str(error)
    why = Blocked("run_failed", str(error), "Nothing was lost; it is tried again by itself.")
    book.note_error(kind="run", clio_id=None, why=why, now=now)
    return Worked(run, next_due(firm_id=firm.pk, now=now), finished=True, message=str(error))


def _work(firm: Firm, run: Run, lease: Lease, clock: Clock, *, asked: bool, dry_run: bool) -> None:
    row = lease.row
    first = row.first_sync_done_at is None
    idle = False
    setup = load_setup(firm=firm)
    clio, xero = open_both(firm=firm, clock=clock, reserve_day=0.2 if first else 0.0)
    work = Slice(
        firm=firm,
        run=run,
        lease=lease,
        setup=setup,
        clio=clio,
        xero=xero,
        clock=clock,
        deadline=clock() + (_DRY_RUN if dry_run else SLICE),
        asked=asked or row.asked,
        pressed=row.asked,
        dry_run=dry_run,
    )
    try:
        _check_ready(work, row)
        if not dry_run:
            # Before anything else, in every slice: what is unclear may be what this slice would send again.
            settle_unclear(work=work)
            take_up(work=work)
        for phase, step in _STEPS[[name for name, _ in _STEPS].index(run.phase) :]:
            if phase == _Phase.CONTACTS and not run.position and not _is_anything_asked_for(work):
                idle = True
            if (idle and phase != _Phase.COMPARE) or (phase == _Phase.COMPARE and (first or not run.full)):
                continue
            run.phase = phase
            note_expected(work=work)
            step(work=work)
            run.position = 0
        if not dry_run:
            work.cursors.flush()
        run.phase = _Phase.DONE
        if work.setup.last_good_call is None or clock() - work.setup.last_good_call > _GOOD_CALL_EVERY:
            note_good_calls(now=clock())
    except (SliceOver, MustWait, TransportError):
        leases.renew(lease=lease, now=clock())  # a worker that lost the firm writes nothing more
        if not dry_run:
            work.cursors.flush()  # how far it was read
        raise
    finally:
        if not connection.in_atomic_block:
            work.write_story()
        run.clio_calls += work.clio.calls
        run.xero_calls += work.xero.calls


def _is_anything_asked_for(work: Slice) -> bool:
    """Whether any record has to be planned: one query, since most runs of most firms find nothing."""
    if has_new_rules(work=work):
        return True
    dirty = Snapshot.objects.filter(Q(dirty=True) | Q(money_dirty=True))
    return FirmSync.objects.filter(Exists(dirty) | Exists(stopped_and_due(work=work))).exists()


def note_good_calls(*, now: datetime) -> None:
    """Remember for the connections page that both sides answered."""
    Connection.objects.filter(state=Connection.State.CONNECTED).update(last_good_call_at=now)


def _check_ready(work: Slice, row: FirmSync) -> None:
    """Nothing is sent before the settings page was saved with export on (BEHAVIOUR §3)."""
    if not work.setup.rules.export_bills and row.first_sync_done_at is None:
        raise NotReady("Syncing is not set up yet: save the Xero settings page with the export of bills switched on.")
    if row.scope_digest != work.setup.scope_digest and not work.dry_run:
        Snapshot.objects.filter(kind=Snapshot.Kind.BILL, dirty=False).update(dirty=True)
        FirmSync.objects.filter(pk=row.pk).update(scope_digest=work.setup.scope_digest)


def _close_slice(worked: Worked, run: Run, lease: Lease, *, seconds: float, now: datetime, dry_run: bool) -> None:
    if worked.lost:
        return
    run.slices += 1
    run.seconds += seconds
    if worked.finished:
        run.ended_at = now
    elif run.state == Run.State.WAITING and run.phase == _Phase.READ_CLIO and not run.xero_calls and not run.clio_calls:
        # Nothing was done and nothing is half way: the row would only fill the list of runs.
        run.ended_at = now
    if dry_run:
        leases.release(lease=lease, due_at=lease.row.due_at, finished=False)
        return
    note_trail(run=run, now=now)
    if not _save_if_held(run, lease):
        return
    done = now if worked.finished and run.state in {Run.State.CLEAN, Run.State.ERRORS} else None
    leases.release(lease=lease, due_at=worked.again_at, finished=worked.finished, first_sync_done_at=done)


def _save_if_held(run: Run, lease: Lease) -> bool:
    """Save a run, unless another worker took the firm over, whose run it is then; in one statement."""
    columns = [field.attname for field in run._meta.concrete_fields if field.attname not in {"id", "firm_id"}]
    values = {name: getattr(run, name) for name in columns}
    return bool(Run.objects.filter(Exists(leases.held(lease)), pk=run.pk).update(**values))


def run_to_the_end(*, firm: Firm, clock: Clock, full: bool = False, dry_run: bool = False, tries: int = 3) -> Worked:
    """Work slice after slice in the foreground, until the run is over or has to wait for more than a moment.

    An answer that was lost a moment ago is settled at once, `tries` times at most; it never sleeps for a limit.
    """
    worked = work_one_slice(firm=firm, clock=clock, reason="command", asked=True, full=full, dry_run=dry_run)
    while worked.run and not worked.finished:
        soon = worked.again_at - clock() <= timedelta(seconds=3)
        if not soon or (worked.run.state == Run.State.WAITING and (tries := tries - 1) < 1):
            break
        worked = work_one_slice(firm=firm, clock=clock, reason="command", asked=True, full=full, dry_run=dry_run)
    return worked
