"""Wave 3, second half: bills that were never sent become sales invoices; never twice (BEHAVIOUR §5)."""

from collections.abc import Sequence
from typing import Final

from syncengine.domain.batching import batches
from syncengine.engine.desired import load_bills
from syncengine.engine.invoices.found_again import adopt_found
from syncengine.engine.invoices.outcomes import Planned, send_batch
from syncengine.engine.invoices.plan import dirty_bills, plan_bills
from syncengine.engine.slice import Slice

_CHUNK: Final = 200
_BATCH: Final = 50


def create_invoices(*, work: Slice) -> None:
    """Plan every dirty bill that was never sent, in Clio id order, and send what came of it in batches of up to 50."""
    creates: list[Planned] = []
    planned_to = work.run.position
    while rows := dirty_bills(after=planned_to, sent=False, most=_CHUNK):
        planned_to = rows[-1].clio_id
        new, _ = plan_bills(work=work, bills=load_bills(rows))
        creates += new
        while len(creates) >= _BATCH:
            _create(work, creates[:_BATCH])
            del creates[:_BATCH]
        if work.is_over:
            _create(work, creates)
            creates = []
        # What was planned and not sent yet is planned again if the run is cut off here.
        work.run.position = creates[0].bill.record.id - 1 if creates else planned_to
        work.breathe()
    _create(work, creates)
    work.run.position = planned_to


def _create(work: Slice, planned: Sequence[Planned]) -> None:
    if work.dry_run:
        work.count("invoice", "created", len(planned))
        work.pretended_bills.update(entry.bill.record.id for entry in planned)
        return
    for batch in batches(adopt_found(work=work, planned=planned), size=_BATCH, key=lambda entry: entry.document.number):
        send_batch(work=work, operation="create", batch=batch)
