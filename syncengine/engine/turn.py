"""What a worker does with a firm whose turn it is: its preview, a slice of its sync, or nothing before it is set up."""

from django.db.models import Exists, OuterRef

from accounts.firm_scope import firm_scope
from accounts.models import Firm
from syncengine.engine.preview.work import work_on_preview
from syncengine.engine.run import Worked, work_one_slice
from syncengine.engine.schedule import next_due
from syncengine.engine.slice import Clock
from syncengine.models import FirmSync, Preview, Run, SyncSettings

_OPEN = (Preview.State.ASKED, Preview.State.WORKING)


def work_one_turn(*, firm: Firm, clock: Clock) -> Worked:
    """Work on a firm for at most 30 seconds, and say when it is due again."""
    with firm_scope(firm):
        started, previewed, half_way = _standing(firm)
        if previewed and not started and firm.has_integration:
            return work_on_preview(firm=firm, clock=clock)
        if started or half_way or not firm.has_integration:
            return work_one_slice(firm=firm, clock=clock, reason="schedule")
        # Being set up: nothing is sent before the first sync was started (BEHAVIOUR §3), so there is no run to tell of.
        due_at = next_due(firm_id=firm.pk, now=clock())
        now_started = SyncSettings.objects.filter(export_bills=True).values("firm_id")
        FirmSync.objects.exclude(firm_id__in=now_started).update(due_at=due_at, queued_at=None, asked=False)
        return Worked(None, due_at, finished=True)


def _standing(firm: Firm) -> tuple[bool, bool, bool]:
    """Whether the firm's first sync was started, a preview of it is asked for, a run is under way; in one query."""
    row = (
        Firm.objects.filter(pk=firm.pk)
        .annotate(
            is_on=Exists(SyncSettings.objects.filter(firm=OuterRef("pk"), export_bills=True)),
            has_synced=Exists(FirmSync.objects.filter(firm=OuterRef("pk"), first_sync_done_at__isnull=False)),
            is_previewed=Exists(Preview.objects.filter(firm=OuterRef("pk"), state__in=_OPEN)),
            is_running=Exists(Run.objects.filter(firm=OuterRef("pk"), ended_at__isnull=True)),
        )
        .values_list("is_on", "has_synced", "is_previewed", "is_running")
        .get()
    )
    return row[0] or row[1], row[2], row[3]
