"""Wave 3, first half: bills that changed after they were sent are updated, promoted, renumbered (BEHAVIOUR §5).

What stands in Xero is read first, so that a bookkeeper's coding of unchanged lines survives. An edit that Xero does not
take under payments or credits goes into a round.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from syncengine.domain.batching import batches
from syncengine.domain.chunks import chunks
from syncengine.domain.documents import InvoiceDocument, StandingInvoice
from syncengine.domain.scope import is_locked
from syncengine.domain.settled_edits import client_problem, fits_in_place
from syncengine.engine import record as book
from syncengine.engine.desired import Bill, load_bills
from syncengine.engine.invoices.later_interest import settle_interest
from syncengine.engine.invoices.numbers import free_numbers
from syncengine.engine.invoices.outcomes import Planned, send_batch, stop
from syncengine.engine.invoices.plan import REOPENED, dirty_bills, hold, mapped, plan_bills
from syncengine.engine.invoices.rounds import Turn, in_rounds
from syncengine.engine.pulling.hand_entries import voided_by_hand
from syncengine.engine.slice import Slice
from syncengine.models import Link, Snapshot

_CHUNK: Final = 200
_BATCH: Final = 50
_IDS_A_CALL: Final = 40


@dataclass(slots=True)
class Sorted:
    """What is to be done about bills that were looked at: update, in a round, or only save what is shown of them."""

    updates: list[Planned] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    shown: list[Link] = field(default_factory=list)


def update_bills(*, work: Slice) -> None:
    """Plan every dirty bill that was sent before, in Clio id order, and send what came of it."""
    while rows := dirty_bills(after=work.run.position, sent=True, most=_CHUNK):
        _, changed = plan_bills(work=work, bills=load_bills(rows))
        for chunk in chunks(changed, _IDS_A_CALL):
            _update(work, chunk)
        work.run.position = rows[-1].clio_id
        work.breathe()


def _update(work: Slice, bills: Sequence[Bill]) -> None:
    found = Sorted()
    there = {row.invoice_id: row for row in work.xero.invoices_by_ids([bill.link.xero_id or "" for bill in bills])}
    for bill in bills:
        _sort(work, bill, there.get(bill.link.xero_id or ""), found)
    if not work.dry_run:
        book.save_links(found.shown)
    free_numbers(work=work, planned=[*found.updates, *(turn.planned for turn in found.turns)])
    if work.dry_run:
        work.count("invoice", "updated", len(found.updates))
    else:
        for batch in batches(found.updates, size=_BATCH, key=lambda entry: entry.document.number):
            send_batch(work=work, operation="update", batch=batch)
            work.breathe()
    in_rounds(work=work, turns=found.turns)


def _sort(work: Slice, bill: Bill, standing: StandingInvoice | None, found: Sorted) -> None:
    if standing is None or not standing.is_live:
        stop(work, bill, voided_by_hand(standing=standing))
        return
    if not bill.record.is_approved and standing.is_approved:
        bill.link.state, bill.link.notice = Link.State.IN_STEP, REOPENED
        _unchanged(work, bill, found, counted=False)
        return
    document = mapped(work=work, bill=bill, standing=standing)
    if not isinstance(document, InvoiceDocument):
        hold(work=work, bill=bill, why=document, shown=found.shown)
        return
    problem = settle_interest(work=work, bill=bill, standing=standing)
    if problem is not None:
        stop(work, bill, problem)
    elif document.digest == bill.link.document_digest:
        bill.link.record_digest = bill.digest
        bill.link.state = Link.State.IN_STEP
        _unchanged(work, bill, found, counted=True)
    elif locked := is_locked(date=standing.date, rules=work.setup.rules):
        hold(work=work, bill=bill, why=locked, shown=found.shown)
    else:
        _changed(work, Planned(bill, document), standing, found)


def _unchanged(work: Slice, bill: Bill, found: Sorted, *, counted: bool) -> None:
    book.forgive(bill.link)
    found.shown.append(bill.link)
    if counted:
        work.count("invoice", "unchanged")
    if not work.dry_run:
        book.clean(Snapshot.Kind.BILL, [bill.record.id])
        book.close_errors(kind=Link.Kind.INVOICE, clio_ids=[bill.record.id], now=work.clock())


def _changed(work: Slice, planned: Planned, standing: StandingInvoice, found: Sorted) -> None:
    document = planned.document
    if not standing.is_settled_in_part or fits_in_place(document=document, standing=standing):
        found.updates.append(planned)
    elif problem := client_problem(document=document, standing=standing):
        stop(work, planned.bill, problem)
    else:
        found.turns.append(Turn(planned, standing))
