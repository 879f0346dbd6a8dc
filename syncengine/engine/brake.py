"""The brake: unusually many removals wait until an admin has looked at them (BEHAVIOUR §9).

What would be removed is worked out from what Clio says and the links, before anything is removed. What is put back in
the same plan does not count. A decision covers the documents that it was made about, and no others.
"""

from datetime import datetime, timedelta
from typing import Final

from syncengine.domain.documents import Blocked, Waiting
from syncengine.domain.money_records import allocation_from_dict
from syncengine.domain.plan import BRAKE_COUNT, exceeds_brake
from syncengine.domain.records import bill_from_dict
from syncengine.domain.scope import scope_of
from syncengine.engine import record as book
from syncengine.engine.slice import Slice
from syncengine.models import AllocationSnapshot, Link, Review, Snapshot

KIND: Final = "review"
REVIEW: Final = Waiting("review", "Waits until an admin has looked at what would be removed.")
#: A yes is meant for now: what it covered and was not done within a week is asked about again.
_HOLDS: Final = timedelta(days=7)
_INVOICE, _INTEREST = Link.Kind.INVOICE, Link.Kind.INTEREST
_PAYMENT, _NOTE = Link.Kind.PAYMENT, Link.Kind.CREDIT_NOTE
_LEFT_ALONE: Final = (Link.State.VOIDED, Link.State.IGNORED)
Item = tuple[str, int]


def held_back(*, work: Slice) -> frozenset[Item]:
    """The removals that may not be made in this slice, as (kind, Clio id); worked out once, when first needed."""
    if work.held_back is None:
        work.held_back = _look(work)
    return work.held_back


def look_again(*, work: Slice) -> None:
    """Withdraw a review that is about what nobody asks for any more, even where nothing is to be removed now."""
    if Review.objects.filter(state=Review.State.OPEN).exists():
        held_back(work=work)


def _look(work: Slice) -> frozenset[Item]:
    wanted = wanted_removals(work=work)
    approved = _approved(since=work.clock() - _HOLDS) if len(wanted) > BRAKE_COUNT else frozenset()
    undecided = sorted(set(wanted) - approved)
    links = Link.objects.filter(xero_id__isnull=False).count() if undecided else 0
    if not exceeds_brake(removals=len(undecided), links=links):
        _withdraw(work)
        return frozenset()
    if not work.dry_run:
        _ask(undecided, now=work.clock())
    return frozenset(undecided)


def _approved(*, since: datetime) -> frozenset[Item]:
    """What an admin said yes to lately. What was to be kept rests by its links, until it changes in Clio."""
    rows = Review.objects.filter(state=Review.State.APPROVED, decided_at__gte=since).values_list("items", flat=True)
    return frozenset((kind, clio_id) for items in rows for kind, clio_id in items)


def wanted_removals(*, work: Slice) -> list[Item]:
    """What Clio asks to be removed of what stands in Xero: voided bills with all that is on them, voided money."""
    return [*_of_bills(work), *_of_money(work)]


def _of_bills(work: Slice) -> list[Item]:
    gone = [
        row["id"]
        for row in Snapshot.objects.filter(
            kind=Snapshot.Kind.BILL, dirty=True, record__state__in=("void", "deleted")
        ).values_list("record", flat=True)
        if scope_of(bill=bill_from_dict(row), rules=work.setup.rules) == "gone"
    ]
    standing = Link.objects.filter(xero_id__isnull=False).exclude(state__in=_LEFT_ALONE)
    main = standing.filter(kind=_INVOICE, clio_id__in=gone)
    on_them = standing.filter(kind__in=(_INTEREST, _PAYMENT, _NOTE), bill_id__in=gone)
    return [*main.values_list("kind", "clio_id"), *on_them.values_list("kind", "clio_id")]


def _of_money(work: Slice) -> list[Item]:
    """Payments and credits that stand and whose row in Clio is voided, gone or for nothing, on bills to be planned."""
    if not work.setup.rules.export_bills:
        return []
    dirty = Snapshot.objects.filter(kind=Snapshot.Kind.BILL, money_dirty=True).values("clio_id")
    links = Link.objects.filter(kind__in=(_PAYMENT, _NOTE), xero_id__isnull=False, bill_id__in=dirty)
    links = links.exclude(state__in=_LEFT_ALONE)
    if not work.setup.rules.payment_bank_account:
        links = links.exclude(kind=_PAYMENT)
    standing = list(links.values_list("kind", "clio_id"))
    rows = {
        row.clio_id: row for row in AllocationSnapshot.objects.filter(clio_id__in=[clio_id for _, clio_id in standing])
    }
    return [(kind, clio_id) for kind, clio_id in standing if is_gone(rows.get(clio_id))]


def is_gone(row: AllocationSnapshot | None) -> bool:
    """Whether Clio no longer asks for the payment or credit of this row."""
    return row is not None and (row.gone or not allocation_from_dict(row.record).counts)


def _ask(items: list[Item], *, now: datetime) -> None:
    """Open a review, or bring the open one up to date; one sync error says so."""
    plain = [list(item) for item in items]
    if not Review.objects.filter(state=Review.State.OPEN).update(items=plain):
        Review.objects.create(items=plain, made_at=now)
    book.note_error(kind=KIND, clio_id=None, why=needs_review(len(items)), now=now)


def needs_review(removals: int) -> Blocked:
    """The one error of a stopped plan."""
    return Blocked(
        code="needs_review",
        message=f"{removals} documents would be voided or removed in Xero at once, which is unusually many",
        remedy="An admin looks at the list and says whether to go ahead or to keep them. Everything else goes on.",
        details={"removals": str(removals)},
    )


def _withdraw(work: Slice) -> None:
    """What the open review is about is no longer asked for, or no longer much."""
    if work.dry_run:
        return
    if Review.objects.filter(state=Review.State.OPEN).delete()[0]:
        book.close_errors(kind=KIND, clio_ids=[None], now=work.clock())


def count_open() -> int:
    """How many documents the open review holds back."""
    found = Review.objects.filter(state=Review.State.OPEN).values_list("items", flat=True).first()
    return len(found or ())


__all__ = ["KIND", "REVIEW", "count_open", "held_back", "is_gone", "look_again", "needs_review", "wanted_removals"]
