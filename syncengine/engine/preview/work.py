"""The preview of a first sync, worked in slices like a run: it reads both sides and sends nothing (BEHAVIOUR §3).

What it reads of Clio is kept, with its cursors, so that the first sync goes on from there instead of reading twice.
"""

import logging
import os
import traceback
import uuid
from datetime import datetime, timedelta

from accounts.firm_scope import firm_scope
from accounts.models import Firm
from syncengine.connections import NotConnected, note_disconnected, open_both
from syncengine.domain.preview import Tally
from syncengine.engine import lease as leases
from syncengine.engine.errors import FirmBusy, LeaseLost, SliceOver
from syncengine.engine.lease import Lease
from syncengine.engine.preview.steps import STEPS, Look
from syncengine.engine.reference import load_setup
from syncengine.engine.run import SLICE, Worked
from syncengine.engine.schedule import next_due
from syncengine.engine.slice import Clock, empty_counts
from syncengine.models import FirmSync, Preview, Run, SyncSettings
from syncengine.transport.errors import Disconnected, LimitReached, NotAuthorised, TransportError

_logger = logging.getLogger(__name__)

#: The part of Xero's day that a first sync, and the look before it, leave alone (BEHAVIOUR §9).
_RESERVE = 0.2
_AFTER_TROUBLE = timedelta(minutes=1)
_State, _Step = Preview.State, Preview.Step
_OPEN = (_State.ASKED, _State.WORKING)


def ask_for_preview(*, firm: Firm, now: datetime) -> bool:
    """Have the preview made, or made again, by the next free worker; the last report stays until then.

    Gives False where nothing has to be done: it is being made already, or the first sync was started.
    """
    with firm_scope(firm):
        has_synced = FirmSync.objects.filter(first_sync_done_at__isnull=False).exists()
        if has_synced or SyncSettings.objects.filter(export_bills=True).exists():
            return False
        anew = {
            "state": _State.ASKED,
            "step": _Step.READ_CLIO,
            "position": 0,
            "tally": {},
            "made_under": "",
            "asked_at": now,
            "waits_until": None,
            "message": "",
        }
        row, made = Preview.objects.get_or_create(defaults=anew)
        if not made and not Preview.objects.filter(pk=row.pk).exclude(state__in=_OPEN).update(**anew):
            return False
        leases.firm_sync(now=now)
        FirmSync.objects.update(due_at=now, queued_at=None)
        return True


def work_on_preview(*, firm: Firm, clock: Clock) -> Worked:
    """Take the firm's lease, work on its preview for at most 30 seconds, and say when it is due again."""
    with firm_scope(firm):
        now = clock()
        try:
            lease = leases.take(owner=f"{os.getpid()}-{uuid.uuid4().hex[:12]}", now=now)
        except FirmBusy as busy:
            return Worked(None, busy.until, finished=False, message=str(busy))
        preview = Preview.objects.filter(state__in=_OPEN).first()
        if preview is None:
            worked = Worked(None, next_due(firm_id=firm.pk, now=now), finished=True)
        else:
            worked = _guarded(firm, preview, lease, clock)
        if not worked.lost:
            leases.release(lease=lease, due_at=worked.again_at, finished=False)
        return worked


def _guarded(firm: Firm, preview: Preview, lease: Lease, clock: Clock) -> Worked:
    """Work, and turn everything that can end a slice early into a state that people can read."""
    preview.state, preview.waits_until, preview.message = _State.WORKING, None, ""
    again_at = clock()
    try:
        _work(firm, preview, lease, clock)
    except LeaseLost as error:
        return Worked(None, clock() + _AFTER_TROUBLE, finished=False, message=str(error), lost=True)
    except SliceOver:
        again_at = clock()
    except LimitReached as limit:
        again_at = preview.waits_until = limit.until
        preview.message = str(limit)
    except (NotConnected, TransportError) as error:
        if isinstance(error, Disconnected | NotAuthorised):
            note_disconnected(firm=firm, service=error.service, problem=str(error), now=clock())
        preview.state, preview.message = _State.FAILED, str(error)
    except Exception as error:  # noqa: BLE001  (the boundary of a slice, as that of a run)
        _log_surprise(firm, error)
        preview.state, preview.message = _State.FAILED, "Something unexpected stopped the preview."
    finished = not preview.is_open
    preview.save()
    again_at = next_due(firm_id=firm.pk, now=clock()) if finished else again_at
    return Worked(None, again_at, finished=finished, message=preview.message)


def _log_surprise(firm: Firm, error: Exception) -> None:
    """Say what and where, without the message: it may hold names or amounts (DESIGN §4.12)."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    _logger.error("preview of firm %s: %s in %s:%s", firm.pk, type(error).__name__, frame.filename, frame.lineno)


def _work(firm: Firm, preview: Preview, lease: Lease, clock: Clock) -> None:
    setup = load_setup(firm=firm)
    clio, xero = open_both(firm=firm, clock=clock, reserve_day=_RESERVE)
    work = Look(
        firm=firm,
        run=Run(reason="preview", started_at=preview.asked_at, counts=empty_counts()),
        lease=lease,
        setup=setup,
        clio=clio,
        xero=xero,
        clock=clock,
        deadline=clock() + SLICE,
        tally=Tally.from_dict(preview.tally),
    )
    names = [name for name, _ in STEPS]
    if names.index(preview.step) > names.index(_Step.CLIENTS) and preview.made_under != work.setup.digest:
        # Settings or lists moved meanwhile: what was added up so far holds no longer; what was read does.
        preview.step, preview.position = _Step.CLIENTS, 0
    try:
        for name, step in STEPS[names.index(preview.step) :]:
            preview.step = name
            step(work, preview)
            preview.position = 0
    except (SliceOver, TransportError):
        work.cursors.flush()
        raise
    finally:
        preview.tally = work.tally.as_dict()
    _keep(preview, work.tally, clock())


def _keep(preview: Preview, tally: Tally, now: datetime) -> None:
    report = tally.as_dict()
    # Only the work needs these.
    del report["standing"], report["refused_clients"]
    preview.state, preview.report, preview.tally, preview.made_at = _State.READY, report, {}, now
