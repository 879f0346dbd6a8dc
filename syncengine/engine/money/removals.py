"""Take money of ours off an invoice in Xero: a payment is deleted, a credit note set free and voided; a call each.

What Xero refuses (reconciled, in a batch, in a locked period) becomes a sync error of that payment or credit. What was
done is recorded in the transaction that settles the call, so that a removal of ours is never taken for somebody else's.
"""

from collections.abc import Sequence
from typing import Final

from django.db import transaction

from syncengine.domain.documents import Blocked, StandingCreditNote
from syncengine.domain.outcomes import Outcome, Rejected
from syncengine.engine import record as book
from syncengine.engine.outbox import Item, settle, submit
from syncengine.engine.pulling.payments import mark_deleted
from syncengine.engine.slice import Slice
from syncengine.models import Link, RecordEvent, Submission
from syncengine.xero import (
    WholeBatchRefused,
    WriteCall,
    delete_allocation_call,
    delete_payment_call,
    explain,
    void_credit_notes_call,
)

#: Words of Xero's that say that what was to be removed is gone already.
_GONE: Final = ("was not found", "could not be found", "not of valid status for modification")
_REMOVED: Final = "Removed in Xero, since it was voided or deleted in Clio."
_Event = RecordEvent.Event
_NOTE: Final = Link.Kind.CREDIT_NOTE


def remove_payment(*, work: Slice, link: Link, again: bool, by_hand: bool = False) -> bool:
    """Delete a payment in Xero; False where Xero refused, which is then the link's sync error.

    `again`: it is made anew or put back afterwards. `by_hand`: the payment is not the link's own but the one that was
    entered in its place; the link then stays as it is.
    """
    call = delete_payment_call(link.xero_id or "")
    item = _item(link, again=again, by_hand=by_hand)
    submission, messages = _send(work, "payment", "remove", call, item)
    with transaction.atomic():
        settle(work=work, submission=submission)
        if messages and not says_gone(messages):
            _stop(work, link, messages)
        else:
            payment_removed(work=work, item=item)
    work.breathe()
    if not messages or says_gone(messages):
        link.refresh_from_db() if link.pk else None
        return True
    return False


def payment_removed(*, work: Slice, item: Item) -> None:
    """Write down that a payment was deleted in Xero by us."""
    (_, again, by_hand) = item.lines[0]
    mark_deleted(payment_id=item.xero_id)
    link = None if by_hand else Link.objects.filter(kind=Link.Kind.PAYMENT, clio_id=item.clio_id).first()
    if link is not None:
        _let_go(work, link, again=bool(again))
        book.save_links([link])
    if not again:
        work.count("payment", "removed")
        book.close_errors(kind=Link.Kind.PAYMENT, clio_ids=[item.clio_id], now=work.clock())
    work.tell(Link.Kind.PAYMENT, item.clio_id, _Event.APPLIED, details={"operation": "remove"})
    work.write_story()


def remove_credit(*, work: Slice, note: Link, again: bool) -> bool:
    """Take a credit note off its invoice and void it; one entered by hand is voided only if it was all for this one."""
    whole = work.xero.credit_note(note.xero_id or "")
    item = _item(note, again=again)
    if whole is None or not whole.is_live:
        with transaction.atomic():
            credit_removed(work=work, item=item)
    else:
        invoice_id = str(note.base.get("invoice", ""))
        if not take_off(work=work, note=note, whole=whole, invoice_id=invoice_id):
            return False
        others = [one for one in whole.allocations if one.invoice_id != invoice_id]
        if others or (note.base.get("by_hand") and not note.base.get("whole")):
            with transaction.atomic():
                credit_removed(work=work, item=item)
        elif not _void_note(work, note, item):
            return False
    work.breathe()
    note.refresh_from_db()
    return True


def _void_note(work: Slice, note: Link, item: Item) -> bool:
    call = void_credit_notes_call([note.xero_id or ""])
    submission, messages = _send(work, "credit_note", "void", call, item)
    with transaction.atomic():
        settle(work=work, submission=submission)
        if messages and not says_gone(messages):
            _stop(work, note, messages)
            return False
        credit_removed(work=work, item=item)
    return True


def credit_removed(*, work: Slice, item: Item) -> None:
    """Write down that a credit note is off its invoice, and voided where it was ours."""
    (_, again, _) = item.lines[0]
    links = list(Link.objects.filter(kind__in=(_NOTE, Link.Kind.ALLOCATION), clio_id=item.clio_id))
    for link in links:
        _let_go(work, link, again=bool(again))
    book.save_links(links)
    if not again:
        work.count("credit_note", "voided")
        for link in links:
            book.close_errors(kind=link.kind, clio_ids=[link.clio_id], now=work.clock())
    work.tell(_NOTE, item.clio_id, _Event.APPLIED, details={"operation": "void"})
    work.write_story()


def take_off(*, work: Slice, note: Link, whole: StandingCreditNote, invoice_id: str) -> bool:
    """Take a credit note off one invoice and leave the note; False where Xero refused."""
    for part in whole.allocations:
        if part.invoice_id != invoice_id:
            continue
        call = delete_allocation_call(note_id=whole.credit_note_id, allocation_id=part.allocation_id)
        item = Item(note.clio_id, invoice_id, part.allocation_id, "", "")
        submission, messages = _send(work, "allocation", "take_off", call, item)
        with transaction.atomic():
            settle(work=work, submission=submission)
            if messages and not says_gone(messages):
                _stop(work, note, messages)
                return False
            allocation_removed(work=work, item=item)
        work.breathe()
    return True


def allocation_removed(*, work: Slice, item: Item) -> None:
    """Write down that a credit note is no longer set against its invoice, by us."""
    work.count("allocation", "removed")
    for link in Link.objects.filter(kind=Link.Kind.ALLOCATION, clio_id=item.clio_id):
        link.xero_id = None
        book.save_links([link])
    Link.objects.filter(kind=_NOTE, clio_id=item.clio_id).update(xero_amount_minor=0)


def _item(link: Link, *, again: bool, by_hand: bool = False) -> Item:
    how = ("removal", "again" if again else "", "by_hand" if by_hand else "")
    return Item(link.clio_id, link.natural_key, link.xero_id or "", "", "", lines=(how,))


def _send(work: Slice, kind: str, operation: str, call: WriteCall, item: Item) -> tuple[Submission, Sequence[str]]:
    """Submit a call about one document; gives what Xero said where it refused."""
    submission, outcomes = submit(work=work, call=call, kind=kind, operation=operation, items=[item])
    return submission, refusal(outcomes)


def refusal(outcomes: Sequence[Outcome] | WholeBatchRefused) -> Sequence[str]:
    """What Xero said to the one item of a call, if it refused it."""
    if isinstance(outcomes, WholeBatchRefused):
        return outcomes.messages
    outcome = outcomes[0]
    return outcome.messages or ("Xero gave no reason.",) if isinstance(outcome, Rejected) else ()


def says_gone(messages: Sequence[str]) -> bool:
    """Whether Xero refused because the document is not there any more."""
    return any(words in message for message in messages for words in _GONE)


def _stop(work: Slice, link: Link, messages: Sequence[str]) -> None:
    why = explain(messages, link.kind)
    work.count("payment" if link.kind == Link.Kind.PAYMENT else "credit_note", "rejected")
    held = Link.objects.filter(kind=link.kind, clio_id=link.clio_id).first() or link
    blocked = Blocked(why.code, why.message, why.remedy, cause=why.cause)
    book.stop(work=work, link=held, why=blocked, state=Link.State.REFUSED, xero_messages=messages)


def _let_go(work: Slice, link: Link, *, again: bool) -> None:
    link.xero_id = link.xero_amount_minor = None
    book.forgive(link)
    link.applied_at = work.clock()
    if again:
        link.state, link.reason = Link.State.WAITING, "Taken off in Xero; it is put back next."
    else:
        link.state, link.reason, link.xero_status = Link.State.VOIDED, _REMOVED, "DELETED"
        link.clio_state = "void"
