"""Rounds: edits that Xero does not take under payments. Our money comes off, the invoice is updated, it goes on again.

One round takes at most 50 invoices, and is begun only when it can be finished: nothing on them was entered by hand, is
reconciled or in a locked period, what goes back fits, and the limits leave room for all of it. If an update is refused
everything goes back. A round that is cut off is finished by the next slice: what was taken off is marked to be put back
before it is taken off (BEHAVIOUR §5).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from typing import Final

from django.db import transaction

from syncengine.domain.documents import Blocked, StandingInvoice, Waiting
from syncengine.domain.money_records import allocation_from_dict
from syncengine.domain.settled_edits import client_problem
from syncengine.engine import record as book
from syncengine.engine.brake import REVIEW, held_back, is_gone
from syncengine.engine.desired import Bill
from syncengine.engine.invoices.outcomes import Planned, send_batch, stop
from syncengine.engine.money.removals import remove_payment, take_off
from syncengine.engine.money.sync import settle_bills
from syncengine.engine.pulling.hand_entries import by_hand_on, locked_credits, marks_problem, our_money_on
from syncengine.engine.pulling.payments import observe_invoice, seen_on
from syncengine.engine.slice import Slice
from syncengine.models import AllocationSnapshot, Link, Snapshot

_MOST: Final = 50
_LIMITS: Final = Waiting("limits", "Waiting for Xero's limit: its payments come off and go back on in one go.")


@dataclass(frozen=True, slots=True)
class Turn:
    """One invoice of a round, as it stands with its money."""

    planned: Planned
    standing: StandingInvoice

    @property
    def bill(self) -> Bill:
        """Its bill."""
        return self.planned.bill

    @property
    def calls(self) -> int:
        """The calls that it takes, beside those that the round shares: each payment off, each credit off and on."""
        return len(self.standing.payments) + 3 * len(self.standing.credits)


def in_rounds(*, work: Slice, turns: Sequence[Turn]) -> None:
    """Make these edits in rounds; what cannot be done now says why."""
    ready = [turn for turn in turns if _may_begin(work, turn)]
    if work.dry_run:
        work.count("invoice", "updated", len(ready))
        return
    while ready:
        taken = _as_many_as_fit(work, ready[:_MOST])
        if not taken:
            for turn in ready:
                book.wait(work=work, link=turn.bill.link, waiting=_LIMITS)
            book.save_links([turn.bill.link for turn in ready])
            return
        _round(work, taken)
        del ready[: len(taken)]
        work.breathe()


def _may_begin(work: Slice, turn: Turn) -> bool:
    observe_invoice(work=work, standing=turn.standing)
    why = (
        client_problem(document=turn.planned.document, standing=turn.standing)
        or _by_hand(turn.standing)
        or _kept(work, turn.standing)
        or _would_not_fit(turn)
        or locked_credits(work=work, standing=turn.standing)
        or marks_problem(work=work, standing=turn.standing)
    )
    if isinstance(why, Blocked):
        stop(work, turn.bill, why)
    elif why is not None and not work.dry_run:
        book.wait(work=work, link=turn.bill.link, waiting=why)
        book.save_links([turn.bill.link])
    return why is None


def _by_hand(standing: StandingInvoice) -> Blocked | None:
    hand = by_hand_on(standing=standing)
    if not hand:
        return None
    return Blocked(
        code="money_by_hand",
        message=f"The bill was edited, but in Xero its invoice {standing.number} carries {', '.join(hand)}",
        remedy=(
            "Nothing was touched. Remove that from the invoice in Xero, let the edit arrive, and enter it again; or"
            " edit the invoice there by hand and ignore this."
        ),
        details={"invoice": standing.invoice_id},
    )


def _kept(work: Slice, standing: StandingInvoice) -> Blocked | Waiting | None:
    """Money that Clio no longer asks for does not go back: while an admin has it kept, it may not come off either."""
    links = [link for several in our_money_on(standing=standing) for link in several]
    if any((link.kind, link.clio_id) in held_back(work=work) for link in links):
        return REVIEW
    ignored = [link for link in links if link.state == Link.State.IGNORED]
    rows = AllocationSnapshot.objects.filter(clio_id__in=[link.clio_id for link in ignored]) if ignored else ()
    kept = [row.clio_id for row in rows if is_gone(row)]
    if not kept:
        return None
    return Blocked(
        code="money_kept",
        message=(
            f"The bill was edited, but in Xero its invoice {standing.number} carries money that was voided in Clio and"
            " kept in Xero, as was decided"
        ),
        remedy=(
            "Nothing was touched. Remove that payment or credit in Xero, then try again; or edit the invoice there by"
            " hand and ignore this."
        ),
        details={"invoice": standing.invoice_id},
    )


def _would_not_fit(turn: Turn) -> Blocked | None:
    """What goes back on must fit the edited invoice: what Clio says of its money counts."""
    rows = AllocationSnapshot.objects.filter(bill_id=turn.bill.record.id, gone=False).values_list("record", flat=True)
    records = [record for record in map(allocation_from_dict, rows) if record.counts and not record.interest]
    back = sum((abs(record.amount) for record in records), Decimal(0))
    on_it = sum((one.amount for one in turn.standing.payments), Decimal(0))
    on_it += sum((one.amount for one in turn.standing.credits), Decimal(0))
    total = turn.planned.document.total
    if min(back, on_it) <= total:
        return None
    return Blocked(
        code="round_would_not_fit",
        message=f"The bill comes to {total:f} now, and {min(back, on_it):f} was paid or credited on it",
        remedy="Correct the payments or the bill in Clio: what was paid must not be more than the bill.",
        details={"total": f"{total:f}", "settled": f"{min(back, on_it):f}"},
    )


def _as_many_as_fit(work: Slice, turns: Sequence[Turn]) -> Sequence[Turn]:
    """As many as the limits leave room for; a single one that a minute cannot hold begins with a whole minute."""
    for count in range(len(turns), 0, -1):
        some = turns[:count]
        payments = sum(len(turn.standing.payments) for turn in some)
        calls = sum(turn.calls for turn in some) + 2 + ceil(payments / 50) + ceil(count / 40)
        if work.xero.has_room_for(calls):
            return some
    return ()


def _round(work: Slice, turns: Sequence[Turn]) -> None:
    off = [turn for turn in turns if _take_off(work, turn)]
    if off:
        send_batch(work=work, operation="update", batch=[turn.planned for turn in off])
    settle_bills(work=work, bill_ids=[turn.bill.record.id for turn in turns])


def _take_off(work: Slice, turn: Turn) -> bool:
    """Take our money off one invoice; False where Xero refused something: then all of it goes back."""
    payments, notes = our_money_on(standing=turn.standing)
    seen = seen_on(invoice_ids=[turn.standing.invoice_id]).get(turn.standing.invoice_id, {})
    with transaction.atomic():
        Snapshot.objects.filter(kind=Snapshot.Kind.BILL, clio_id=turn.bill.record.id).update(money_dirty=True)
        for link in payments:
            account = seen[link.xero_id].standing.account_id if link.xero_id in seen else ""
            link.base = {**link.base, "put_back": True, "account": account or link.base.get("account", "")}
        for note in notes:
            note.base = {**note.base, "put_back": True}
        book.save_links([*payments, *notes])
    for link in payments:
        if not remove_payment(work=work, link=link, again=True):
            return _give_up(work, turn)
    for note in notes:
        whole = work.xero.credit_note(note.xero_id or "")
        if whole and not take_off(work=work, note=note, whole=whole, invoice_id=turn.standing.invoice_id):
            return _give_up(work, turn)
    return True


def _give_up(work: Slice, turn: Turn) -> bool:
    stop(work, turn.bill, _REFUSED)
    return False


_REFUSED: Final = Blocked(
    code="round_refused",
    message="The bill was edited, but Xero refused to take one of its payments or credits off for that",
    remedy="Follow what is said of that payment or credit, then try again. The others are put back as they were.",
)
