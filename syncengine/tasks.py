"""Celery tasks: thin, one call down each. No sleeping; waiting is a due time in the database."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from accounts.models import Firm
from syncengine.engine.schedule import claim_due
from syncengine.engine.turn import work_one_turn

#: Firms that one beat queues at most; the rest is due at the next beat, oldest first.
_FIRMS_A_BEAT = 500


@shared_task
def wake_due_firms(**_: Any) -> None:
    """Queue every firm that is due and not queued."""
    for firm_id in claim_due(now=timezone.now(), limit=_FIRMS_A_BEAT):
        work_on_firm.delay(firm_id=firm_id)


@shared_task
def work_on_firm(*, firm_id: int, **_: Any) -> None:
    """Work one slice on a firm; the next one is queued by the beat once it is due, so no firm holds a worker."""
    worked = work_one_turn(firm=Firm.objects.get(pk=firm_id), clock=timezone.now)
    if not worked.finished and not worked.lost and worked.again_at <= timezone.now():
        work_on_firm.delay(firm_id=firm_id)
