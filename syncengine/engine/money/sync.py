"""Waves 4 to 6: credit notes, their being set against invoices, and payments (BEHAVIOUR §6, §7).

A bill's money is planned when its allocations, its invoice, the settings or what stands in Xero moved. The invoice is
read first, unless it was made a moment ago. What goes is taken off at once; what comes is gathered into full batches.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from syncengine.domain.chunks import chunks
from syncengine.domain.records import bill_from_dict, digest_of
from syncengine.domain.scope import scope_of
from syncengine.engine import record as book
from syncengine.engine.money import changes
from syncengine.engine.money.creates import Queue
from syncengine.engine.money.plan import TargetPlan, plan_target
from syncengine.engine.money.state import CREDIT_NOTE, PAYMENT, MoneyBill, Target, load_money
from syncengine.engine.pulling.hand_entries import voided_by_hand
from syncengine.engine.pulling.invoices import look_again
from syncengine.engine.pulling.payments import observe_invoice, observe_payments, pull_payments, seen_on
from syncengine.engine.slice import Slice
from syncengine.models import MONEY_KINDS, AllocationSnapshot, FirmSync, Link, Snapshot

_CHUNK: Final = 40
#: An invoice that this run made so short a time ago is not read again: the payments read since tell of it.
_NEW_FOR: Final = timedelta(minutes=30)
_STOPPED: Final = (Link.State.BLOCKED, Link.State.REFUSED)


def sync_money(*, work: Slice) -> None:
    """Plan the money of every bill that asks for it, and send what came of it."""
    wake(work=work)
    queue = Queue(work)
    after = 0
    while rows := _next(after):
        after = rows[-1].clio_id
        if work.dry_run:
            _pretend(work, rows)
        _settle_rows(work, rows, queue)
        work.breathe()
    queue.flush()


def settle_bills(*, work: Slice, bill_ids: Iterable[int]) -> None:
    """Plan and send the money of these bills now, as the end of a round does."""
    queue = Queue(work)
    for chunk in chunks(sorted(bill_ids), _CHUNK):
        _settle_rows(work, list(Snapshot.objects.filter(kind=Snapshot.Kind.BILL, clio_id__in=chunk)), queue)
    queue.flush()


def has_new_rules(*, work: Slice) -> bool:
    """Whether what decides where money goes moved since it was last planned."""
    return money_digest(work) != work.lease.row.money_digest


def money_digest(work: Slice) -> str:
    """Moves when anything moves that decides whether and where money goes."""
    rules = work.setup.rules
    chosen = (rules.payment_bank_account, rules.clio_payments_account, rules.credit_notes_account)
    accounts = [rules.accounts.get(account_id) for account_id in chosen]
    standing = [(one.status, one.code, one.currency, one.takes_payments) if one else None for one in accounts]
    return digest_of([list(chosen), standing, str(rules.organisation.locked_until), work.setup.scope_digest])


def wake(*, work: Slice) -> None:
    """Mark what has to be planned though nothing of it moved: the settings did, or its time to rest is over."""
    if work.dry_run:
        return
    digest = money_digest(work)
    if digest != work.lease.row.money_digest:
        sent = Link.objects.filter(kind=Link.Kind.INVOICE, clio_id=OuterRef("clio_id"), xero_id__isnull=False)
        rows = Snapshot.objects.filter(Exists(sent), kind=Snapshot.Kind.BILL, money_dirty=False)
        rows.update(money_dirty=True)
        FirmSync.objects.update(money_digest=digest)
        work.lease.row.money_digest = digest
    due = {bill_id for bill_id in stopped_and_due(work=work).values_list("bill_id", flat=True) if bill_id}
    if due:
        Snapshot.objects.filter(kind=Snapshot.Kind.BILL, clio_id__in=due).update(money_dirty=True)


def stopped_and_due(*, work: Slice) -> QuerySet[Link]:
    """Payments and credits that were stopped and whose time to rest is over."""
    rows = Link.objects.filter(kind__in=MONEY_KINDS, state__in=_STOPPED)
    if work.asked:
        return rows
    return rows.filter(Q(retry_at__lte=work.clock()) | Q(retry_at__isnull=True) | ~Q(planned_under=work.setup.digest))


def _next(after: int) -> list[Snapshot]:
    dirty = Snapshot.objects.filter(kind=Snapshot.Kind.BILL, money_dirty=True, clio_id__gt=after)
    return list(dirty.order_by("clio_id")[:_CHUNK])


def _settle_rows(work: Slice, rows: Sequence[Snapshot], queue: Queue) -> None:
    takes: list[Snapshot] = []
    idle: list[Snapshot] = []
    off = _taken_off([row.clio_id for row in rows])
    for row in rows:
        scope = scope_of(bill=bill_from_dict(row.record), rules=work.setup.rules)
        (takes if scope == "in" or row.clio_id in off else idle).append(row)
    bills = [bill for bill in load_money(takes) if bill.main.link.state != Link.State.VOIDED]
    known = {bill.record.id for bill in bills}
    idle += [row for row in takes if row.clio_id not in known]
    _clear(work, [row.clio_id for row in idle])
    busy = [bill for bill in bills if bill.links or bill.vanished or any(target.allocations for target in bill.targets)]
    _clear(work, [bill.record.id for bill in bills if bill not in busy])
    _read_invoices(work, busy)
    linked = linked_ids(busy)
    for bill in busy:
        plans = [_planned(work, bill, target, linked) for target in bill.targets]
        doubted = frozenset().union(*(plan.doubted for plan in plans))
        queue.open(bill.record.id)
        if changes.note_doubts(work=work, bill=bill, doubted=doubted):
            queue.keep(bill.record.id)
        for plan in plans:
            changes.make(work=work, plan=plan, queue=queue)
        queue.close(bill.record.id)


def _taken_off(bill_ids: Sequence[int]) -> set[int]:
    """Bills of which a round took money off that has to go back, whatever became of their scope meanwhile."""
    rows = Link.objects.filter(kind__in=(PAYMENT, CREDIT_NOTE), bill_id__in=list(bill_ids), base__put_back=True)
    return {bill_id or 0 for bill_id in rows.values_list("bill_id", flat=True)}


def _clear(work: Slice, bill_ids: Sequence[int]) -> None:
    if bill_ids and not work.dry_run:
        Snapshot.objects.filter(kind=Snapshot.Kind.BILL, clio_id__in=bill_ids).update(money_dirty=False)


def linked_ids(bills: Iterable[MoneyBill]) -> frozenset[str]:
    """Which of the payments and credit notes on these invoices carry a link of ours, of whatever bill (one query)."""
    ids: set[str] = set()
    for bill in bills:
        for target in bill.targets:
            ids |= target.seen.keys()
            if target.standing:
                ids |= {credit.credit_note_id for credit in target.standing.credits}
    if not ids:
        return frozenset()
    rows = Link.objects.filter(kind__in=(PAYMENT, CREDIT_NOTE), xero_id__in=ids)
    return frozenset(xero_id or "" for xero_id in rows.values_list("xero_id", flat=True))


def _planned(work: Slice, bill: MoneyBill, target: Target, linked: frozenset[str]) -> TargetPlan:
    """Plan an invoice; where something has to go, its payments are read first with their marks, and planned again."""
    plan = plan_target(work=work, bill=bill, target=target, linked_ids=linked)
    if not plan.removes_payments:
        return plan
    observe_payments(work=work, invoice_id=target.invoice_id, payments=work.xero.payments_on(target.invoice_id))
    target.seen = seen_on(invoice_ids=[target.invoice_id]).get(target.invoice_id, {})
    return plan_target(work=work, bill=bill, target=target, linked_ids=linked_ids([bill]))


def _read_invoices(work: Slice, bills: Sequence[MoneyBill]) -> None:
    """Read the invoices whose money is to be planned, 40 a call, except those that were made a moment ago."""
    if any(_is_new(work, target) for bill in bills for target in bill.targets) and not work.payments_read:
        pull_payments(work=work)
    unread = [target for bill in bills for target in bill.targets if not _is_new(work, target)]
    for chunk in chunks(unread, _CHUNK):
        found = {one.invoice_id: one for one in work.xero.invoices_by_ids([target.invoice_id for target in chunk])}
        for target in chunk:
            target.standing = found.get(target.invoice_id)
            if target.standing:
                observe_invoice(work=work, standing=target.standing)
            else:
                target.link.xero_status = "DELETED"
            dead = not (target.standing and target.standing.is_live)
            if dead and target.link.kind == Link.Kind.INVOICE:
                _tell_dead(work, target)
            elif dead and not work.dry_run:
                look_again(work=work, links=[target.link])
    seen = seen_on(invoice_ids=[target.invoice_id for bill in bills for target in bill.targets])
    for bill in bills:
        for target in bill.targets:
            target.seen = seen.get(target.invoice_id, {})


def _tell_dead(work: Slice, target: Target) -> None:
    """Somebody voided or deleted the invoice in Xero: no money goes on it, and somebody has to know (BEHAVIOUR §5)."""
    link = target.link
    if work.dry_run or link.state == Link.State.IGNORED:
        return
    link.record_digest = link.document_digest = (
        ""  # until that is decided the bill is planned, whatever its record says
    )
    with transaction.atomic():
        book.stop(work=work, link=link, why=voided_by_hand(standing=target.standing), state=Link.State.BLOCKED)
        Snapshot.objects.filter(kind=Snapshot.Kind.BILL, clio_id=link.clio_id).update(dirty=True)


def _is_new(work: Slice, target: Target) -> bool:
    made = target.link.base.get("made_at")
    if not made:
        return False
    made_at = datetime.fromisoformat(made)
    return made_at >= work.run.started_at and work.clock() - made_at < _NEW_FOR


def _pretend(work: Slice, rows: Sequence[Snapshot]) -> None:
    """What a dry run would put on invoices that it would make."""
    ids = [row.clio_id for row in rows if row.clio_id in work.pretended_bills]
    if not ids:
        return
    found = AllocationSnapshot.objects.filter(bill_id__in=ids, gone=False).exclude(record__voided=True)
    for plain in found.values_list("record", flat=True):
        if plain["parent_type"] == "CreditMemo":
            work.count("credit_note", "created")
            work.count("allocation", "created")
        elif work.setup.rules.payment_bank_account:
            work.count("payment", "created")
