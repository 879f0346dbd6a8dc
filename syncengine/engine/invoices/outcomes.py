"""Send a batch of invoices and write down what became of each; adopt what already stands there (BEHAVIOUR §5)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import Exists, OuterRef

from syncengine.domain.adoption import is_our_dead_number, may_adopt_invoice, renumbered
from syncengine.domain.batching import halves
from syncengine.domain.chunks import chunks
from syncengine.domain.documents import Blocked, InvoiceDocument, StandingInvoice
from syncengine.domain.money import to_cents
from syncengine.domain.outcomes import Applied, Outcome, Rejected
from syncengine.engine import record as book
from syncengine.engine.desired import Bill, lines_of_link
from syncengine.engine.outbox import Item, settle, submit
from syncengine.engine.slice import Slice
from syncengine.models import AllocationSnapshot, Link, RecordEvent, Snapshot
from syncengine.xero import WholeBatchRefused, explain, invoices_call

_KIND = Link.Kind.INVOICE
_NUMBERS_A_CALL = 40
NUMBER_TAKEN = "invoice_number_taken"


@dataclass(frozen=True, slots=True)
class Planned:
    """A bill and the document that should stand for it."""

    bill: Bill
    document: InvoiceDocument

    def item(self) -> Item:
        """What the outbox keeps of it."""
        return Item(
            self.bill.record.id,
            self.document.number,
            self.bill.link.xero_id or "",
            self.bill.digest,
            self.document.digest,
            str(self.document.total),
            self.document.url,
            tuple((line.key, line.record_digest, line.coding) for line in self.document.lines),
        )


def stop(work: Slice, bill: Bill, why: Blocked, messages: Sequence[str] = ()) -> None:
    """Give a bill a state that needs somebody."""
    work.count("invoice", "rejected" if messages else "blocked")
    if work.dry_run:
        return
    state = Link.State.REFUSED if messages else Link.State.BLOCKED
    with transaction.atomic():
        book.stop(work=work, link=bill.link, why=why, state=state, xero_messages=messages)
        book.save_links([bill.link])


def send_batch(*, work: Slice, operation: str, batch: Sequence[Planned]) -> None:
    """Send up to 50 invoices in one call. One bad item never stops the others (DESIGN §4.5)."""
    call = invoices_call([entry.document for entry in batch], operation=operation)
    items = [entry.item() for entry in batch]
    submission, outcomes = submit(work=work, call=call, kind="invoice", operation=operation, items=items)
    if isinstance(outcomes, WholeBatchRefused):
        settle(work=work, submission=submission)
        if len(batch) == 1:
            _refuse(work, batch[0], outcomes.messages)
            return
        for half in halves(batch):
            send_batch(work=work, operation=operation, batch=half)
        return
    with transaction.atomic():
        settle(work=work, submission=submission)
        applied = _record(work, operation, batch, items, outcomes)
    refused = [
        (entry, outcome.messages)
        for entry, outcome in zip(batch, outcomes, strict=True)
        if isinstance(outcome, Rejected) and entry.bill.record.id not in applied
    ]
    _handle_refusals(work, operation, refused)


def _record(
    work: Slice, operation: str, batch: Sequence[Planned], items: Sequence[Item], outcomes: Sequence[Outcome]
) -> set[int]:
    links = []
    for entry, item, outcome in zip(batch, items, outcomes, strict=True):
        if isinstance(outcome, Applied) and isinstance(outcome.standing, StandingInvoice):
            made = operation == "create"
            apply_to_link(work=work, link=entry.bill.link, item=item, standing=outcome.standing, made=made)
            links.append(entry.bill.link)
            work.count("invoice", "created" if operation == "create" else "updated")
            details = {"operation": operation, "number": outcome.standing.number, "total": str(outcome.standing.total)}
            warnings = {"xero_messages": list(outcome.warnings)} if outcome.warnings else {}
            work.tell("invoice", item.clio_id, RecordEvent.Event.APPLIED, details={**details, **warnings})
    work.write_story()
    save_applied(work=work, links=links)
    return {link.clio_id for link in links}


def apply_to_link(*, work: Slice, link: Link, item: Item, standing: StandingInvoice, made: bool = False) -> None:
    """Write on the link what now stands in Xero; a total that differs is shown, never adjusted (X 12.7).

    `made`: it was created just now, so that nobody has put anything on it yet.
    """
    book.forgive(link)
    link.base = book.base_of_invoice(standing=standing, made_at=work.clock() if made else None)
    link.notice = link.notice if link.generation > 1 and item.natural_key != link.number.strip() else ""
    link.xero_id = standing.invoice_id
    link.natural_key = standing.number or item.natural_key
    link.record_digest = item.record_digest
    link.document_digest = item.document_digest
    link.lines = lines_of_link(item.lines, standing)
    link.xero_status = standing.status
    link.xero_amount_minor = to_cents(standing.total)
    link.state = Link.State.IN_STEP
    link.applied_at = work.clock()
    if item.total and str(standing.total) != item.total:
        message = f"Clio says {item.total}, Xero answered {standing.total} for this invoice."
        remedy = "Compare the lines of both documents; edit the bill in Clio to send it again."
        why = Blocked("total_differs", message, remedy, details={"clio": item.total, "xero": str(standing.total)})
        book.stop(work=work, link=link, why=why, state=Link.State.BLOCKED)


def save_applied(*, work: Slice, links: Sequence[Link]) -> None:
    """Save links whose documents stand; those in step have no problem any more."""
    book.save_links(links)
    ids = [link.clio_id for link in links]
    book.clean(Snapshot.Kind.BILL, ids)
    # What may stand on an invoice follows it: payments, credits.
    money = AllocationSnapshot.objects.filter(bill_id=OuterRef("clio_id"))
    Snapshot.objects.filter(Exists(money), kind=Snapshot.Kind.BILL, clio_id__in=ids).update(money_dirty=True)
    well = [link.clio_id for link in links if link.state == Link.State.IN_STEP]
    book.close_errors(kind=_KIND, clio_ids=well, now=work.clock())


def _refuse(work: Slice, entry: Planned, messages: Sequence[str]) -> None:
    why = explain(messages, "invoice")
    details = {"number": entry.document.number}
    stop(work, entry.bill, Blocked(why.code, why.message, why.remedy, cause=why.cause, details=details), messages)


def _handle_refusals(work: Slice, operation: str, refused: Sequence[tuple[Planned, Sequence[str]]]) -> None:
    taken = []
    for entry, messages in refused:
        if explain(messages, "invoice").code == NUMBER_TAKEN:
            taken.append((entry, messages))
        else:
            _refuse(work, entry, messages)
    for chunk in chunks(taken, _NUMBERS_A_CALL):
        found: dict[str, list[StandingInvoice]] = {}
        for there in work.xero.invoices_by_numbers([entry.document.number for entry, _ in chunk]):
            found.setdefault(there.number.casefold(), []).append(there)
        again: list[Planned] = []
        for entry, messages in chunk:
            holders = found.get(entry.document.number.casefold(), [])
            adopted = operation == "create" and adopt(work=work, entry=entry, holders=holders)
            if not adopted and not _renumber(entry, holders, again):
                _refuse(work, entry, messages)
        if again:
            send_batch(work=work, operation=operation, batch=again)


def adopt(*, work: Slice, entry: Planned, holders: Sequence[StandingInvoice]) -> bool:
    """Link an invoice that stands if it is ours or says the same; its lines stay until the bill changes."""
    for standing in holders:
        if not may_adopt_invoice(document=entry.document, standing=standing):
            continue
        if Link.objects.filter(kind=_KIND, xero_id=standing.invoice_id).exclude(clio_id=entry.bill.record.id).exists():
            continue
        same = _says_the_same(entry.document, standing)
        item = replace(entry.item(), total="", lines=())
        if not same:
            # Ours, but not what Clio says now: without digests the next run brings it up to date.
            item = replace(item, record_digest="", document_digest="")
        link = entry.bill.link
        with transaction.atomic():
            apply_to_link(work=work, link=link, item=item, standing=standing)
            if same:
                save_applied(work=work, links=[link])
            else:
                link.state, link.reason = Link.State.WAITING, "Found again in Xero; the next run brings it up to date."
                book.save_links([link])
        work.count("invoice", "adopted")
        details = {"number": standing.number, "total": str(standing.total)}
        work.tell("invoice", link.clio_id, RecordEvent.Event.LINKED, details=details)
        return True
    return False


def _says_the_same(document: InvoiceDocument, standing: StandingInvoice) -> bool:
    status = "AUTHORISED" if standing.status == "PAID" else standing.status
    stands = (standing.contact_id, standing.date, standing.currency, standing.total, status)
    says = (document.contact_id, document.date, document.currency, document.total, document.status)
    return stands == says and standing.number.casefold() == document.number.casefold()


def _renumber(entry: Planned, holders: Sequence[StandingInvoice], again: list[Planned]) -> bool:
    """A number that our own voided or deleted invoice holds is extended by the bill's id, with a notice."""
    link = entry.bill.link
    if link.generation > 1 or not holders:
        return False
    if not all(is_our_dead_number(document=entry.document, standing=standing) for standing in holders):
        return False
    link.generation += 1
    link.natural_key = renumbered(entry.document.number, entry.bill.record.id)
    link.notice = f"Sent as {link.natural_key}: {entry.document.number} is held by a voided invoice."
    book.save_links([link])
    again.append(Planned(entry.bill, replace(entry.document, number=link.natural_key)))
    return True
