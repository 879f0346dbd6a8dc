"""Recovery of what was sent about money, and of endings and temporary numbers of invoices (DESIGN §2, Recovery).

An answer that comes late is recorded as it would have been. Where the key is dead, what stands in Xero decides:
payments by their reference, credit notes by their number, removals by what is no longer there.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from syncengine.domain.chunks import chunks
from syncengine.domain.documents import StandingAllocation, StandingCreditNote, StandingPayment
from syncengine.domain.outcomes import Applied, Outcome, Rejected
from syncengine.engine import record as book
from syncengine.engine.invoices.numbers import number_moved
from syncengine.engine.invoices.voids import invoice_ended
from syncengine.engine.money.made import apply_allocation, apply_credit, apply_payment
from syncengine.engine.money.removals import allocation_removed, credit_removed, payment_removed, says_gone
from syncengine.engine.outbox import Item
from syncengine.engine.pulling.allocations import touch_money
from syncengine.engine.pulling.payments import observe_made
from syncengine.engine.slice import Slice
from syncengine.models import AllocationSnapshot, Link, Snapshot, Submission

_GONE = Applied(StandingPayment("", "", Decimal(0), None, status="DELETED"))
_NOTHING = Rejected(())
_IDS_A_CALL = 40


def record(*, work: Slice, submission: Submission, items: Sequence[Item], outcomes: Sequence[Outcome]) -> None:
    """Write down what became of each item; everything concerned is planned once more."""
    what = (submission.kind, submission.operation)
    for item, outcome in zip(items, outcomes, strict=True):
        gone = isinstance(outcome, Rejected) and says_gone(outcome.messages)
        if what == ("payment", "create"):
            _payment_made(work, item, outcome)
        elif what == ("credit_note", "create"):
            _credit_made(work, item, outcome)
        elif what == ("allocation", "set_against"):
            _set_against(work, item, outcome)
        elif isinstance(outcome, Applied) or gone:
            _ended(work, what, item)
        _plan_again(what, item)
    work.write_story()


def _ended(work: Slice, what: tuple[str, str], item: Item) -> None:
    if what == ("payment", "remove"):
        payment_removed(work=work, item=item)
    elif what == ("credit_note", "void"):
        credit_removed(work=work, item=item)
    elif what == ("allocation", "take_off"):
        allocation_removed(work=work, item=item)
    elif what == ("invoice", "void"):
        invoice_ended(work=work, item=item)
    elif what == ("invoice", "renumber"):
        number_moved(work=work, item=item)


def _plan_again(what: tuple[str, str], item: Item) -> None:
    kind, _ = what
    if kind == "invoice":
        Snapshot.objects.filter(kind=Snapshot.Kind.BILL, clio_id=item.clio_id).update(dirty=True)
        return
    rows = AllocationSnapshot.objects.filter(clio_id=item.clio_id).values_list("bill_id", flat=True)
    links = Link.objects.filter(clio_id=item.clio_id, bill_id__isnull=False).values_list("bill_id", flat=True)
    touch_money(bill_id for bill_id in {*rows, *links} if bill_id)


def _payment_made(work: Slice, item: Item, outcome: Outcome) -> None:
    if not isinstance(outcome, Applied) or not isinstance(outcome.standing, StandingPayment):
        return
    link = _link(Link.Kind.PAYMENT, item)
    apply_payment(work=work, link=link, item=item, standing=outcome.standing)
    book.save_links([link])
    observe_made(work=work, payments=[outcome.standing])
    work.count("payment", "created")


def _credit_made(work: Slice, item: Item, outcome: Outcome) -> None:
    if not isinstance(outcome, Applied) or not isinstance(outcome.standing, StandingCreditNote):
        return
    link = _link(Link.Kind.CREDIT_NOTE, item)
    apply_credit(work=work, note=link, item=item, standing=outcome.standing)
    book.save_links([link])
    work.count("credit_note", "created")


def _set_against(work: Slice, item: Item, outcome: Outcome) -> None:
    note = Link.objects.filter(kind=Link.Kind.CREDIT_NOTE, clio_id=item.clio_id).first()
    if note is None or not isinstance(outcome, Applied) or not isinstance(outcome.standing, StandingAllocation):
        return
    apply_allocation(work=work, allocation=_link(Link.Kind.ALLOCATION, item), note=note, standing=outcome.standing)
    work.count("allocation", "created")


def _link(kind: str, item: Item) -> Link:
    return Link.objects.filter(kind=kind, clio_id=item.clio_id).first() or Link(kind=kind, clio_id=item.clio_id)


# The key is dead ------------------------------------------------------------------------------------------------------


def look_up(*, work: Slice, submission: Submission, items: Sequence[Item], since: datetime) -> list[Outcome]:
    """What stands in Xero of each item, or no longer does; `since` (UTC, Xero's clock) bounds the look."""
    what = (submission.kind, submission.operation)
    if what == ("payment", "create"):
        made = _payments_since(work, since)
        return [_found(made.get((item.natural_key, item.url))) for item in items]
    if what == ("payment", "remove"):
        gone = {one.payment_id for one in _payments_since(work, since).values() if not one.is_live}
        return [_GONE if item.xero_id in gone else _NOTHING for item in items]
    if what == ("credit_note", "create"):
        notes = [work.xero.credit_note_by_number(item.natural_key) for item in items]
        return [Applied(note) if note and note.is_live else _NOTHING for note in notes]
    if what == ("credit_note", "void"):
        notes = [work.xero.credit_note(item.xero_id) for item in items]
        return [_NOTHING if note and note.is_live else _GONE for note in notes]
    if submission.kind == "allocation":
        return [_allocation(work, submission.operation, item) for item in items]
    ids = [item.xero_id for item in items]
    invoices = {one.invoice_id: one for some in chunks(ids, _IDS_A_CALL) for one in work.xero.invoices_by_ids(some)}
    return [_invoice_state(submission.operation, item, invoices.get(item.xero_id)) for item in items]


def _payments_since(work: Slice, since: datetime) -> dict[tuple[str, str], StandingPayment]:
    """Payments that changed since, by reference and invoice; compared whole, never by a part of the reference."""
    found: dict[tuple[str, str], StandingPayment] = {}
    page = 1
    while True:
        answer = work.xero.payments_changed(since=since, page=page)
        found |= {(one.reference, one.invoice_id): one for one in answer.payments}
        if not answer.more:
            return found
        page += 1


def _found(standing: StandingPayment | None) -> Outcome:
    return Applied(standing) if standing and standing.is_live else _NOTHING


def _allocation(work: Slice, operation: str, item: Item) -> Outcome:
    """Whether a note is set against its invoice now: asked of the note, which tells of its allocations."""
    link = Link.objects.filter(kind=Link.Kind.CREDIT_NOTE, clio_id=item.clio_id).first()
    note = work.xero.credit_note(link.xero_id) if link and link.xero_id else None
    parts = note.allocations if note else ()
    if operation == "take_off":
        return _NOTHING if any(one.allocation_id == item.xero_id for one in parts) else _GONE
    standing = next((one for one in parts if one.invoice_id == item.natural_key), None)
    return Applied(standing) if standing else _NOTHING


def _invoice_state(operation: str, item: Item, standing: object) -> Outcome:
    if operation == "void":
        ended = standing is None or getattr(standing, "status", "") in {"VOIDED", "DELETED"}
        return _GONE if ended else _NOTHING
    return _GONE if getattr(standing, "number", "") == item.natural_key else _NOTHING


__all__ = ["look_up", "record"]
