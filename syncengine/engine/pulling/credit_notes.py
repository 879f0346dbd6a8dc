"""Credit notes that changed in Xero, every two hours: one of ours that somebody voided or took off is noticed (§7)."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Final

from syncengine.domain.documents import StandingCreditNote
from syncengine.engine.pulling.allocations import touch_money
from syncengine.engine.pulling.reading import begin_now, read_xero
from syncengine.engine.slice import Slice
from syncengine.models import Link

CURSOR: Final = "xero_credit_notes"
#: With payments and contacts this keeps an idle firm's day below 270 calls (DESIGN §6).
EVERY: Final = timedelta(hours=2)


def pull_credit_notes(*, work: Slice) -> None:
    """Read what changed, where it is time. The first pass begins now: nothing of ours is older."""
    cursor = work.cursors.get(CURSOR)
    if cursor.since is None and not cursor.next_url:
        begin_now(work, CURSOR)
    elif work.pressed or cursor.finished_at is None or work.clock() - cursor.finished_at >= EVERY:
        read_xero(
            work,
            CURSOR,
            lambda since, page: work.xero.credit_notes_changed(since=since, page=page),
            lambda answer: _keep(answer.credit_notes),
            whole=False,
        )


def _keep(notes: Sequence[StandingCreditNote]) -> None:
    """Have the money planned again of every bill whose credit note does not stand as its link says."""
    there = {note.credit_note_id: note for note in notes}
    links = Link.objects.filter(kind=Link.Kind.CREDIT_NOTE, xero_id__in=there).exclude(state=Link.State.VOIDED)
    moved = {link.bill_id for link in links if link.bill_id and not _stands(link, there[link.xero_id or ""])}
    touch_money(moved)


def _stands(link: Link, note: StandingCreditNote) -> bool:
    """Whether it is still set against its invoice, with the amount that was sent."""
    amount = Decimal(link.base.get("amount", "0"))
    return note.is_live and any(
        part.invoice_id == link.base.get("invoice") and part.amount == amount for part in note.allocations
    )
