"""Carry out what was planned for one invoice's money: remove, adopt, keep, hold; what has to be made is queued."""

from collections.abc import Callable
from typing import Any, Final

from django.db import transaction

from syncengine.domain.crediting import AdoptCredit, CreateCredit, HoldCredit, KeepCredit, RemoveCredit, SetAgainst
from syncengine.domain.documents import Blocked
from syncengine.domain.mapping.credit_notes import tax_types_of
from syncengine.domain.mapping.payments import payment_key
from syncengine.domain.money import ZERO, to_cents
from syncengine.domain.money_records import AllocationRecord
from syncengine.domain.payment_plan import (
    AdoptPayment,
    CreatePayment,
    HoldPayment,
    KeepPayment,
    RemoveByHand,
    RemovePayment,
    TakeOver,
)
from syncengine.engine import record as book
from syncengine.engine.brake import held_back
from syncengine.engine.money.creates import Queue
from syncengine.engine.money.plan import TargetPlan
from syncengine.engine.money.removals import remove_credit, remove_payment
from syncengine.engine.money.state import ALLOCATION, CREDIT_NOTE, PAYMENT, MoneyBill, applied_payment
from syncengine.engine.slice import Slice
from syncengine.models import AllocationSnapshot, Link, RecordEvent

_Event = RecordEvent.Event


def make(*, work: Slice, plan: TargetPlan, queue: Queue) -> None:
    """Do what a plan asks for: first what goes, then the rest. A dry run only counts."""
    changes = [*plan.credits, *plan.payments]
    changes.sort(key=lambda change: not isinstance(change, RemoveCredit | RemovePayment | RemoveByHand))
    stopped: set[int] = set()
    for change in changes:
        if change_id(change) in stopped:
            continue
        done = _MAKERS[type(change)](work, plan, queue, change)
        if not done:
            stopped.add(change_id(change))


def change_id(change: Any) -> int:
    """The allocation that a change is about."""
    allocation_id: int = change.allocation_id
    return allocation_id


def describe(*, bill: MoneyBill, link: Link, allocation: AllocationRecord | None) -> None:
    """Fill in the columns by which pages show a payment or credit."""
    record = bill.record
    link.bill_id = record.id
    link.number = record.number[:255]
    link.title = record.client_name[:255]
    link.currency = record.currency
    link.clio_state = "void" if allocation is None or not allocation.counts else ""
    if allocation is not None:
        link.dated = allocation.date
        link.amount_minor = to_cents(abs(allocation.amount))


def _row(plan: TargetPlan, allocation_id: int) -> AllocationRecord | None:
    return next((record for record in plan.target.allocations if record.id == allocation_id), None)


# Payments -------------------------------------------------------------------------------------------------------------


def _waits_for_review(work: Slice, plan: TargetPlan, queue: Queue, item: tuple[str, int]) -> bool:
    """Whether a removal has to wait for an admin; the bill is then looked at again in every run."""
    if item not in held_back(work=work):
        return False
    queue.keep(plan.bill.record.id)
    return True


def _remove_payment(work: Slice, plan: TargetPlan, queue: Queue, change: RemovePayment) -> bool:
    link = plan.bill.link(PAYMENT, change.allocation_id)
    if not change.again and _waits_for_review(work, plan, queue, (PAYMENT, change.allocation_id)):
        return False
    if work.dry_run:
        work.count("payment", "removed", 0 if change.again else 1)
        return True
    return remove_payment(work=work, link=link, again=change.again)


def _remove_by_hand(work: Slice, plan: TargetPlan, _queue: Queue, change: RemoveByHand) -> bool:
    """The one payment entered by hand that goes: ours was deleted and this one entered in its place (BEHAVIOUR §6)."""
    if work.dry_run:
        return True
    theirs = plan.target.seen[change.payment_id].standing
    by_hand = Link(kind=PAYMENT, clio_id=change.allocation_id, xero_id=change.payment_id)
    if not remove_payment(work=work, link=by_hand, again=True, by_hand=True):
        return False
    words = (
        f"Somebody deleted this payment in Xero and entered one of {theirs.amount:f} instead. Clio's payment was put"
        " back, and the other one removed."
    )
    details = {"by_hand": {"amount": f"{theirs.amount:f}", "reference": theirs.reference}}
    work.tell(PAYMENT, change.allocation_id, _Event.CHANGED_IN_XERO, words, details=details)
    return True


def _create_payment(work: Slice, plan: TargetPlan, queue: Queue, change: CreatePayment) -> bool:
    link = plan.bill.link(PAYMENT, change.allocation_id)
    row = _row(plan, change.allocation_id)
    describe(bill=plan.bill, link=link, allocation=row)
    if work.dry_run:
        work.count("payment", "updated" if link.base.get("invoice") and not change.restores else "created")
        return True
    queue.add_payment(bill_id=plan.bill.record.id, link=link, change=change, digest=row.digest if row else "")
    return True


def _adopt_payment(work: Slice, plan: TargetPlan, queue: Queue, change: AdoptPayment) -> bool:
    link = plan.bill.link(PAYMENT, change.allocation_id)
    row, standing = _row(plan, change.allocation_id), change.standing
    work.count("payment", "adopted")
    if work.dry_run:
        return True
    describe(bill=plan.bill, link=link, allocation=row)
    link.xero_id = standing.payment_id
    link.generation = change.generation
    own = payment_key(allocation_id=change.allocation_id, generation=change.generation)
    link.natural_key = standing.reference[:255] if change.by_hand else own
    link.record_digest = row.digest if row and not change.outdated else ""
    if change.outdated:
        queue.keep(plan.bill.record.id)
    link.base = applied_payment(
        invoice_id=standing.invoice_id,
        account_id=standing.account_id,
        date=standing.date,
        amount=standing.amount,
        reference=standing.reference,
        by_hand=change.by_hand,
    )
    link.xero_amount_minor = to_cents(standing.amount)
    details = {"amount": f"{standing.amount:f}", "date": str(standing.date), "reference": standing.reference}
    words = "Entered by hand in Xero; taken for Clio's." if change.by_hand else ""
    work.tell(PAYMENT, link.clio_id, _Event.LINKED, words, details=details)
    _in_step(work, link)
    return True


def _keep_payment(work: Slice, plan: TargetPlan, _queue: Queue, change: KeepPayment) -> bool:
    return _keep(work, plan, PAYMENT, change.allocation_id)


def _keep(work: Slice, plan: TargetPlan, kind: str, allocation_id: int) -> bool:
    link, row = plan.bill.link(kind, allocation_id), _row(plan, allocation_id)
    work.count("payment" if kind == PAYMENT else "credit_note", "unchanged")
    digest = row.digest if row else link.record_digest
    if not work.dry_run and (link.state != Link.State.IN_STEP or link.record_digest != digest):
        link.record_digest = digest
        describe(bill=plan.bill, link=link, allocation=row)
        _in_step(work, link)
    return True


def _in_step(work: Slice, link: Link) -> None:
    link.state = Link.State.IN_STEP
    link.xero_status = "AUTHORISED"
    link.applied_at = work.clock()
    book.forgive(link)
    with transaction.atomic():
        book.save_links([link])
        book.close_errors(kind=link.kind, clio_ids=[link.clio_id], now=work.clock())
        work.write_story()


def _take_over(work: Slice, plan: TargetPlan, _queue: Queue, change: TakeOver) -> bool:
    """The row that stood for a payment vanished, and its twin takes its place: nothing changes in Xero."""
    if work.dry_run:
        return True
    old = plan.bill.link(PAYMENT, change.from_allocation_id)
    new = plan.bill.link(PAYMENT, change.allocation_id)
    row = _row(plan, change.allocation_id)
    describe(bill=plan.bill, link=new, allocation=row)
    new.xero_id, new.natural_key, new.base = old.xero_id, old.natural_key, dict(old.base)
    new.record_digest = row.digest if row else ""
    new.xero_amount_minor, old.xero_amount_minor, old.clio_state = old.xero_amount_minor, None, "deleted"
    old.xero_id, old.state, old.reason = None, Link.State.NOT_SENT, "Listed twice in Clio; the other row stands for it."
    work.tell(PAYMENT, new.clio_id, _Event.NOTICE, "Clio listed this payment twice; this row takes the other's place.")
    with transaction.atomic():
        book.save_links([old])
        _in_step(work, new)
    return True


def _hold_payment(work: Slice, plan: TargetPlan, _queue: Queue, change: HoldPayment) -> bool:
    link = plan.bill.link(PAYMENT, change.allocation_id)
    seen = plan.target.seen.get(link.xero_id or "")
    if seen is not None and not seen.standing.is_live:
        link.xero_status = "DELETED"
    return _hold(work, plan, PAYMENT, change.allocation_id, change.why)


def _hold(work: Slice, plan: TargetPlan, kind: str, allocation_id: int, why: Any) -> bool:
    counted = "payment" if kind == PAYMENT else "credit_note"
    if isinstance(why, Blocked):
        work.count(counted, "blocked")
    if work.dry_run:
        return False
    link = plan.bill.link(kind, allocation_id)
    describe(bill=plan.bill, link=link, allocation=_row(plan, allocation_id))
    with transaction.atomic():
        if isinstance(why, Blocked):
            book.stop(work=work, link=link, why=why, state=Link.State.BLOCKED)
        else:
            book.wait(work=work, link=link, waiting=why)
            book.save_links([link])
            book.close_errors(kind=kind, clio_ids=[allocation_id], now=work.clock())
    return False


# Credits --------------------------------------------------------------------------------------------------------------


def _remove_credit(work: Slice, plan: TargetPlan, queue: Queue, change: RemoveCredit) -> bool:
    if not change.again and _waits_for_review(work, plan, queue, (CREDIT_NOTE, change.allocation_id)):
        return False
    if work.dry_run:
        work.count("credit_note", "voided", 0 if change.again else 1)
        return True
    note = plan.bill.link(CREDIT_NOTE, change.allocation_id)
    if not remove_credit(work=work, note=note, again=change.again):
        return False
    allocation = plan.bill.links.get((ALLOCATION, change.allocation_id))
    if allocation is not None:
        allocation.refresh_from_db()
    return True


def _create_credit(work: Slice, plan: TargetPlan, queue: Queue, change: CreateCredit) -> bool:
    note, row = plan.bill.link(CREDIT_NOTE, change.allocation_id), _row(plan, change.allocation_id)
    describe(bill=plan.bill, link=note, allocation=row)
    if work.dry_run:
        work.count("credit_note", "updated" if note.base.get("invoice") else "created")
        work.count("allocation", "created")
        return True
    queue.add_credit(
        bill_id=plan.bill.record.id,
        note=note,
        allocation=plan.bill.link(ALLOCATION, change.allocation_id),
        change=change,
        invoice_id=plan.target.invoice_id,
        digest=row.digest if row else "",
    )
    return True


def _set_against(work: Slice, plan: TargetPlan, queue: Queue, change: SetAgainst) -> bool:
    if work.dry_run:
        work.count("allocation", "created")
        return True
    queue.add_allocation(
        bill_id=plan.bill.record.id,
        note=plan.bill.link(CREDIT_NOTE, change.allocation_id),
        allocation=plan.bill.link(ALLOCATION, change.allocation_id),
        invoice_id=plan.target.invoice_id,
        amount=change.amount,
    )
    return True


def _adopt_credit(work: Slice, plan: TargetPlan, queue: Queue, change: AdoptCredit) -> bool:
    work.count("credit_note", "adopted")
    if work.dry_run:
        return True
    note, allocation = (plan.bill.link(kind, change.allocation_id) for kind in (CREDIT_NOTE, ALLOCATION))
    row, standing = _row(plan, change.allocation_id), change.standing
    whole = work.xero.credit_note(standing.credit_note_id)
    parts = [one for one in whole.allocations if one.invoice_id == plan.target.invoice_id] if whole else []
    for link in (note, allocation):
        describe(bill=plan.bill, link=link, allocation=row)
    note.xero_id, note.natural_key = standing.credit_note_id, standing.number[:255]
    note.record_digest = row.digest if row else ""
    by_hand = not change.generation
    note.base = {
        "invoice": plan.target.invoice_id,
        "contact": plan.target.contact_id,
        "amount": f"{standing.amount:f}",
        "date": row.date.isoformat() if row and row.date else "",
        "by_hand": by_hand,
        "whole": bool(whole and whole.total == standing.amount),
    }
    if not by_hand:
        note.generation = change.generation
        note.base["taxes"] = tax_types_of(gross=plan.target.gross)
        queue.keep(plan.bill.record.id)  # what Clio says of it by now is seen to by the next run
    note.xero_amount_minor = to_cents(standing.amount)
    allocation.xero_id = parts[0].allocation_id if parts else f"{standing.credit_note_id}:{plan.target.invoice_id}"
    details = {"amount": f"{standing.amount:f}", "number": standing.number}
    words = "Entered by hand in Xero; taken for Clio's." if by_hand else ""
    work.tell(CREDIT_NOTE, note.clio_id, _Event.LINKED, words, details=details)
    _in_step(work, note)
    _in_step(work, allocation)
    return True


def _keep_credit(work: Slice, plan: TargetPlan, _queue: Queue, change: KeepCredit) -> bool:
    allocation = plan.bill.links.get((ALLOCATION, change.allocation_id))
    if allocation and allocation.state != Link.State.IN_STEP and not work.dry_run:
        _in_step(work, allocation)
    return _keep(work, plan, CREDIT_NOTE, change.allocation_id)


def _hold_credit(work: Slice, plan: TargetPlan, _queue: Queue, change: HoldCredit) -> bool:
    note = plan.bill.link(CREDIT_NOTE, change.allocation_id)
    if plan.target.standing is not None and note.xero_id:
        there = [one.amount for one in plan.target.standing.credits if one.credit_note_id == note.xero_id]
        note.xero_amount_minor = to_cents(sum(there, ZERO))
    return _hold(work, plan, CREDIT_NOTE, change.allocation_id, change.why)


_MAKERS: Final[dict[type, Callable[..., bool]]] = {
    RemovePayment: _remove_payment,
    RemoveByHand: _remove_by_hand,
    CreatePayment: _create_payment,
    AdoptPayment: _adopt_payment,
    KeepPayment: _keep_payment,
    TakeOver: _take_over,
    HoldPayment: _hold_payment,
    RemoveCredit: _remove_credit,
    CreateCredit: _create_credit,
    SetAgainst: _set_against,
    AdoptCredit: _adopt_credit,
    KeepCredit: _keep_credit,
    HoldCredit: _hold_credit,
}


def note_doubts(*, work: Slice, bill: MoneyBill, doubted: frozenset[int]) -> bool:
    """Remember which rows look as if Clio listed them twice, and since which run; forget those that no longer do.

    Gives whether the next run has to look again.
    """
    if work.dry_run:
        return False
    fresh = [row_id for row_id in doubted if bill.doubted.get(row_id) is None]
    over = [row_id for row_id, run_id in bill.doubted.items() if run_id is not None and row_id not in doubted]
    if fresh:
        AllocationSnapshot.objects.filter(clio_id__in=fresh).update(doubted_in=work.run.pk)
    if over:
        gone = {record.id for record in bill.vanished}
        AllocationSnapshot.objects.filter(clio_id__in=[one for one in over if one not in gone]).update(doubted_in=None)
    return any(bill.doubted.get(row_id) in {None, work.run.pk} for row_id in doubted)
