"""Bills that were voided or deleted in Clio after they were sent: their money comes off, then their invoices go (§5).

Something that a person entered by hand on such an invoice is never touched: the bill is blocked and says what it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef

from syncengine.domain.batching import batches, halves
from syncengine.domain.chunks import chunks
from syncengine.domain.documents import Blocked, StandingInvoice, Waiting
from syncengine.domain.outcomes import Applied, Rejected
from syncengine.domain.records import bill_from_dict
from syncengine.domain.scope import is_locked, scope_of
from syncengine.engine import record as book
from syncengine.engine.brake import REVIEW, held_back, look_again
from syncengine.engine.money.removals import remove_credit, remove_payment
from syncengine.engine.money.state import MoneyBill, Target, load_money
from syncengine.engine.money.sync import wake
from syncengine.engine.outbox import Item, settle, submit
from syncengine.engine.pulling.hand_entries import by_hand_on, locked_credits, marks_problem, our_money_on
from syncengine.engine.pulling.payments import observe_invoice
from syncengine.engine.slice import Slice
from syncengine.models import Link, RecordEvent, Snapshot
from syncengine.xero import WholeBatchRefused, explain, invoice_fields_call

_CHUNK: Final = 40
_BATCH: Final = 50
_GONE: Final = ("void", "deleted")
_INVOICE, _INTEREST = Link.Kind.INVOICE, Link.Kind.INTEREST
_DRAFTS: Final = ("DRAFT", "SUBMITTED")
_ENDED: Final = "Voided in Clio, and in Xero."


@dataclass(frozen=True, slots=True)
class Ending:
    """An invoice that has to end, with its bill."""

    bill: MoneyBill
    target: Target
    status: str

    def item(self) -> Item:
        """What the outbox keeps of it."""
        link = self.target.link
        return Item(link.clio_id, link.natural_key, link.xero_id or "", "", "", lines=(("ended", link.kind, ""),))


def void_bills(*, work: Slice) -> None:
    """End the invoices of bills that were voided or deleted in Clio; what cannot go now says why."""
    wake(work=work)  # before it is counted what would be removed
    look_again(work=work)
    sent = Link.objects.filter(kind=_INVOICE, clio_id=OuterRef("clio_id"), xero_id__isnull=False)
    sent = sent.exclude(state=Link.State.VOIDED)
    dirty = Snapshot.objects.filter(Exists(sent), kind=Snapshot.Kind.BILL, dirty=True, record__state__in=_GONE)
    after = 0
    while rows := list(dirty.filter(clio_id__gt=after).order_by("clio_id")[:_CHUNK]):
        after = rows[-1].clio_id
        gone = [row for row in rows if scope_of(bill=bill_from_dict(row.record), rules=work.setup.rules) == "gone"]
        end_invoices(work=work, ending=[(bill, bill.main) for bill in load_money(gone)])
        work.breathe()


def end_invoices(*, work: Slice, ending: Sequence[tuple[MoneyBill, Target]]) -> None:
    """End these invoices, with those for later interest of the same bills."""
    ready: list[Ending] = []
    asked = [(bill, target) for bill, target in ending if _may_be_asked(work, bill, target)]
    for chunk in chunks(asked, _CHUNK):
        ids = [one.invoice_id for bill, target in chunk for one in _with_interest(bill, target)]
        found = {one.invoice_id: one for part in chunks(ids, _CHUNK) for one in work.xero.invoices_by_ids(part)}
        for bill, target in chunk:
            for one in _with_interest(bill, target):
                one.standing = found.get(one.invoice_id)
                made = _ready(work, bill, one)
                ready += [made] if made else []
    if work.dry_run:
        work.count("invoice", "voided", len(ready))
        return
    for batch in batches(ready, size=_BATCH, key=lambda one: one.target.invoice_id):
        _send(work, batch)
        work.breathe()


def _with_interest(bill: MoneyBill, target: Target) -> list[Target]:
    """A bill's own invoice takes those for its later interest with it; Clio's own bills for it end by themselves."""
    if target is not bill.main:
        return [target]
    return [target, *(one for one in bill.targets[1:] if one.link.kind == _INTEREST)]


def _may_be_asked(work: Slice, bill: MoneyBill, target: Target) -> bool:
    """Whether anything is to be done about it in this run, before Xero is asked."""
    link = target.link
    if book.rests(work=work, link=link):
        work.count("invoice", "blocked")
        return False
    waiting = REVIEW if (link.kind, link.clio_id) in held_back(work=work) else None
    waiting = waiting or is_locked(date=bill.record.issued_at, rules=work.setup.rules)
    if waiting is not None:
        _hold(work, target, waiting)
    return waiting is None


def _hold(work: Slice, target: Target, why: Blocked | Waiting) -> None:
    link = target.link
    if isinstance(why, Blocked):
        work.count("invoice", "blocked")
    if work.dry_run:
        return
    with transaction.atomic():
        if isinstance(why, Blocked):
            book.stop(work=work, link=link, why=why, state=Link.State.BLOCKED)
        else:
            book.wait(work=work, link=link, waiting=why)
        book.save_links([link])


def _ready(work: Slice, bill: MoneyBill, target: Target) -> Ending | None:
    """Take the money off, so that Xero lets the invoice end (X 7.12); None if it ended or something is in the way."""
    standing = target.standing
    if standing is None or not standing.is_live:
        if not work.dry_run:
            with transaction.atomic():
                _ended(work, target.link, standing.status if standing else "DELETED")
        return None
    observe_invoice(work=work, standing=standing)
    why = _in_the_way(work, standing)
    if why is not None:
        _hold(work, target, why)
        return None
    if not work.dry_run and not _take_money_off(work, standing):
        _hold(work, target, _MONEY_STAYS)
        return None
    return Ending(bill, target, "DELETED" if standing.status in _DRAFTS else "VOIDED")


def _in_the_way(work: Slice, standing: StandingInvoice) -> Blocked | Waiting | None:
    locked = is_locked(date=standing.date, rules=work.setup.rules)
    if locked is not None:
        return locked
    if not standing.is_settled_in_part:
        return None
    hand = by_hand_on(standing=standing)
    if hand:
        return Blocked(
            code="money_by_hand",
            message=f"Voided in Clio, but its invoice {standing.number} carries in Xero: {', '.join(hand)}",
            remedy="Remove that from the invoice in Xero; the invoice is voided in the next run. Or ignore this.",
            details={"invoice": standing.invoice_id},
        )
    return locked_credits(work=work, standing=standing) or marks_problem(work=work, standing=standing)


def _take_money_off(work: Slice, standing: StandingInvoice) -> bool:
    payments, notes = our_money_on(standing=standing)
    for link in payments:
        if not remove_payment(work=work, link=link, again=False):
            return False
    return all(remove_credit(work=work, note=link, again=False) for link in notes)


_MONEY_STAYS: Final = Blocked(
    code="money_stays",
    message="Voided in Clio, but a payment or credit on its invoice could not be taken off in Xero",
    remedy="Follow what is said of that payment or credit; the invoice is voided in the next run.",
)


def _send(work: Slice, batch: Sequence[Ending]) -> None:
    fields = [{"InvoiceID": one.target.invoice_id, "Status": one.status} for one in batch]
    items = [one.item() for one in batch]
    call = invoice_fields_call(fields)
    submission, outcomes = submit(work=work, call=call, kind="invoice", operation="void", items=items)
    if isinstance(outcomes, WholeBatchRefused):
        settle(work=work, submission=submission)
        if len(batch) > 1:
            for half in halves(batch):
                _send(work, half)
            return
        outcomes = [Rejected(outcomes.messages)]
    with transaction.atomic():
        settle(work=work, submission=submission)
        for one, outcome in zip(batch, outcomes, strict=True):
            if isinstance(outcome, Applied):
                _ended(work, one.target.link, one.status)
                work.count("invoice", "voided")
            elif isinstance(outcome, Rejected):
                _refuse(work, one.target.link, outcome.messages)
        work.write_story()


def invoice_ended(*, work: Slice, item: Item) -> None:
    """Write down that an invoice was voided, as recovery finds it."""
    (_, kind, _) = item.lines[0]
    link = Link.objects.filter(kind=kind, clio_id=item.clio_id, xero_id=item.xero_id).first()
    if link is not None:
        _ended(work, link, "VOIDED")
        work.count("invoice", "voided")


def _ended(work: Slice, link: Link, status: str) -> None:
    link.state, link.reason, link.xero_status = Link.State.VOIDED, _ENDED, status
    link.notice = ""
    link.planned_under, link.attempts, link.retry_at = "", 0, None
    link.applied_at = work.clock()
    book.save_links([link])
    book.close_errors(kind=link.kind, clio_ids=[link.clio_id], now=work.clock())
    if link.kind == _INVOICE:
        book.clean(Snapshot.Kind.BILL, [link.clio_id])
        Snapshot.objects.filter(kind=Snapshot.Kind.BILL, clio_id=link.clio_id).update(money_dirty=False)
    work.tell(link.kind, link.clio_id, RecordEvent.Event.APPLIED, details={"operation": "void", "status": status})


def _refuse(work: Slice, link: Link, messages: Sequence[str]) -> None:
    why = explain(messages, "invoice")
    work.count("invoice", "rejected")
    blocked = Blocked(why.code, why.message, why.remedy, cause=why.cause)
    book.stop(work=work, link=link, why=blocked, state=Link.State.REFUSED, xero_messages=messages)


__all__ = ["end_invoices", "invoice_ended", "void_bills"]
