"""Wave 3: bills become sales invoices: created, updated, promoted; never twice (BEHAVIOUR §5)."""

from collections.abc import Sequence
from decimal import Decimal

from syncengine.domain.batching import batches
from syncengine.domain.chunks import chunks
from syncengine.domain.documents import Blocked, InvoiceDocument, StandingInvoice, Waiting
from syncengine.domain.money import round_half_up, to_cents
from syncengine.domain.scope import is_locked, scope_of
from syncengine.engine import record as book
from syncengine.engine.desired import Bill, document_for, later_interest, load_bills
from syncengine.engine.invoice_outcomes import Planned, send_batch, stop
from syncengine.engine.pull_clio import reread_bill
from syncengine.engine.slice import Slice
from syncengine.models import Link, RecordEvent, Snapshot

_CHUNK = 200
_BATCH = 50
_IDS_A_CALL = 40
_OUT = {
    "out_of_range": (Link.State.OUT_OF_RANGE, "Issued outside the dates that are synced."),
    "not_approved": (Link.State.NOT_SENT, "Not approved in Clio yet."),
    "trust": (Link.State.NOT_SENT, "A request for trust money; these are never sent."),
    "gone": (Link.State.NOT_SENT, "Voided or deleted in Clio before it was sent."),
    "off": (Link.State.OUT_OF_RANGE, "Export of bills is switched off."),
}
_GONE = Blocked(
    "voided_in_clio",
    "This bill was voided or deleted in Clio, and its invoice still stands in Xero.",
    "Void the invoice in Xero, or restore the bill in Clio.",
)


def sync_invoices(*, work: Slice) -> None:
    """Plan every dirty bill in Clio id order, and send what came of it in batches of up to 50."""
    creates: list[Planned] = []
    updates: list[Bill] = []
    planned_to = work.run.position
    while True:
        dirty = Snapshot.objects.filter(kind=Snapshot.Kind.BILL, dirty=True, clio_id__gt=planned_to)
        rows = list(dirty.order_by("clio_id")[:_CHUNK])
        if not rows:
            break
        planned_to = rows[-1].clio_id
        new, changed = _plan(work, load_bills(rows))
        creates += new
        updates += changed
        while len(creates) >= _BATCH:
            _create(work, creates[:_BATCH])
            del creates[:_BATCH]
        if len(updates) >= _IDS_A_CALL:
            _update(work, updates)
            updates = []
        if work.is_over:
            _update(work, updates)
            _create(work, creates)
            creates, updates = [], []
        # What was planned and not sent yet is planned again if the run is cut off here.
        held = [entry.bill.record.id for entry in creates] + [bill.record.id for bill in updates]
        work.run.position = min(held) - 1 if held else planned_to
        work.breathe()
    _update(work, updates)
    _create(work, creates)
    work.run.position = planned_to


def _plan(work: Slice, bills: Sequence[Bill]) -> tuple[list[Planned], list[Bill]]:
    """Sort bills: settled now, to be created, to be looked at in Xero and updated."""
    creates: list[Planned] = []
    updates: list[Bill] = []
    settled: list[Link] = []
    shown: list[Link] = []
    for bill in bills:
        describe(bill)
        scope = scope_of(bill=bill.record, rules=work.setup.rules)
        if scope != "in":
            _leave_out(work, bill, scope, settled)
        elif _rests(work, bill.link) or (bill.link.record_digest == bill.digest and _differs_still(bill.link)):
            work.count("invoice", "blocked")
        elif bill.link.xero_id and bill.link.record_digest == bill.digest:
            bill.link.state = Link.State.IN_STEP
            book.forgive(bill.link)
            settled.append(bill.link)
            work.count("invoice", "unchanged")
        elif locked := is_locked(date=bill.record.issued_at, rules=work.setup.rules):
            _wait(work, bill.link, locked, shown)
        elif bill.link.xero_id:
            updates.append(bill)
        else:
            document = _mapped(work, bill, standing=None)
            if isinstance(document, InvoiceDocument):
                creates.append(Planned(bill, document))
            else:
                _hold(work, bill, document, shown)
    if not work.dry_run:
        book.save_links([*settled, *shown])
        ids = [link.clio_id for link in settled]
        book.clean(Snapshot.Kind.BILL, ids)
        book.close_errors(kind=Link.Kind.INVOICE, clio_ids=ids, now=work.clock())
    return creates, updates


def _interest_charged(amount: Decimal, currency: str) -> Blocked:
    return Blocked(
        "interest_charged_later",
        f"Interest of {amount} {currency} was charged after this bill was sent, and it is not in Xero.",
        "Put the interest on a bill of its own in Clio, or enter it in Xero by hand.",
        details={"interest": str(amount)},
    )


def describe(bill: Bill) -> None:
    """Fill in the columns by which pages show, filter and sort a bill."""
    record, link = bill.record, bill.link
    link.number = record.number[:255]
    link.title = record.client_name[:255]
    link.dated = record.issued_at
    link.amount_minor = to_cents(round_half_up(record.due))
    link.currency = record.currency
    link.clio_state = record.state


def _differs_still(link: Link) -> bool:
    """Whether a total that Xero answered differently stays told of: nothing moved that could have mended it."""
    return link.state == Link.State.BLOCKED and link.xero_amount_minor not in {None, link.amount_minor}


def _leave_out(work: Slice, bill: Bill, scope: str, settled: list[Link]) -> None:
    if scope == "gone" and bill.link.xero_id:
        stop(work, bill, _GONE)
        return
    if scope == "not_approved" and bill.link.xero_id:
        _keep_reopened(bill.link)
    else:
        bill.link.state, bill.link.reason = _OUT[scope]
    settled.append(bill.link)


def _keep_reopened(link: Link) -> None:
    """Approved in Clio and then back to draft: Xero cannot un-approve, so the invoice stays until the next approval."""
    link.state = Link.State.IN_STEP
    link.notice = "Reopened in Clio: the invoice in Xero stays as it is until the bill is approved again."


def _rests(work: Slice, link: Link) -> bool:
    if link.state == Link.State.IGNORED:
        return bool(link.planned_under)
    if not link.planned_under or link.planned_under != work.setup.digest:
        return False
    return not work.asked and link.retry_at is not None and link.retry_at > work.clock()


def _mapped(work: Slice, bill: Bill, standing: StandingInvoice | None) -> InvoiceDocument | Blocked | Waiting:
    """Map a bill; one that does not add up is read once more by id before anybody is told (BEHAVIOUR §5, Totals)."""
    pretend = bill.record.client_id in work.pretended_contacts
    document = document_for(bill=bill, setup=work.setup, standing=standing, pretend_contact=pretend)
    known = bill.link.state == Link.State.BLOCKED and bill.link.planned_under == work.setup.digest
    if isinstance(document, Blocked) and document.code == "totals_mismatch" and not known:
        reread_bill(work=work, bill_id=bill.record.id)
        rows = Snapshot.objects.filter(kind=Snapshot.Kind.BILL, clio_id=bill.record.id)
        for fresh in load_bills(rows):
            bill.record, bill.lines, bill.digest = fresh.record, fresh.lines, fresh.digest
        if scope_of(bill=bill.record, rules=work.setup.rules) != "in":
            return Waiting("changed_meanwhile", "Changed in Clio meanwhile; the next run looks again.")
        document = document_for(bill=bill, setup=work.setup, standing=standing, pretend_contact=pretend)
    return document


def _wait(work: Slice, link: Link, waiting: Waiting, shown: list[Link]) -> None:
    if (link.state, link.reason) != (Link.State.WAITING, waiting.message):
        work.tell(link.kind, link.clio_id, RecordEvent.Event.WAITING, waiting.message)
    link.state = Link.State.WAITING
    link.reason = waiting.message
    shown.append(link)


def _hold(work: Slice, bill: Bill, why: Blocked | Waiting, shown: list[Link]) -> None:
    if isinstance(why, Waiting):
        _wait(work, bill.link, why, shown)
    else:
        stop(work, bill, why)


def _create(work: Slice, planned: Sequence[Planned]) -> None:
    if work.dry_run:
        work.count("invoice", "created", len(planned))
        return
    for batch in batches(planned, size=_BATCH, key=lambda entry: entry.document.number):
        send_batch(work=work, operation="create", batch=batch)


def _update(work: Slice, bills: Sequence[Bill]) -> None:
    """Look at what stands in Xero first, so that a bookkeeper's coding of unchanged lines survives, then update."""
    shown: list[Link] = []
    planned: list[Planned] = []
    for chunk in chunks(bills, _IDS_A_CALL):
        there = {row.invoice_id: row for row in work.xero.invoices_by_ids([bill.link.xero_id or "" for bill in chunk])}
        for bill in chunk:
            _plan_update(work, bill, there.get(bill.link.xero_id or ""), planned, shown)
    if work.dry_run:
        work.count("invoice", "updated", len(planned))
        return
    book.save_links(shown)
    for batch in batches(planned, size=_BATCH, key=lambda entry: entry.document.number):
        send_batch(work=work, operation="update", batch=batch)


def _plan_update(
    work: Slice, bill: Bill, standing: StandingInvoice | None, planned: list[Planned], shown: list[Link]
) -> None:
    if standing is None or not standing.is_live:
        what = "voided or deleted" if standing else "no longer found"
        message = f"The invoice of this bill was {what} in Xero."
        remedy = "Send it again under a new number, or ignore it."
        stop(work, bill, Blocked("voided_in_xero", message, remedy))
        return
    if not bill.record.is_approved and standing.status in {"AUTHORISED", "PAID"}:
        _keep_reopened(bill.link)
        shown.append(bill.link)
        if not work.dry_run:
            book.clean(Snapshot.Kind.BILL, [bill.record.id])
        return
    document = _mapped(work, bill, standing)
    if not isinstance(document, InvoiceDocument):
        _hold(work, bill, document, shown)
    elif later := later_interest(bill=bill, standing=standing):
        stop(work, bill, _interest_charged(later, bill.record.currency))
    elif document.digest == bill.link.document_digest:
        bill.link.record_digest = bill.digest
        bill.link.state = Link.State.IN_STEP
        book.forgive(bill.link)
        shown.append(bill.link)
        if not work.dry_run:
            book.clean(Snapshot.Kind.BILL, [bill.record.id])
        work.count("invoice", "unchanged")
    else:
        planned.append(Planned(bill, document))
