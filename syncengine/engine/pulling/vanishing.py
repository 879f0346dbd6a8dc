"""Gone is proven, not assumed (BEHAVIOUR §9).

A record counts as deleted in Clio only if reading it by id answers 404 while the same login still sees another record
of the same kind that is known to exist. A login that sees less than before raises one error, and nothing is removed.
"""

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any, Final

from syncengine.domain.documents import Blocked
from syncengine.domain.money_records import allocation_from_dict
from syncengine.engine import record as book
from syncengine.engine.slice import Slice
from syncengine.models import AllocationSnapshot, Link, RecordEvent, Snapshot, SyncError

_KIND: Final = "connection"
_WORDS: Final = {"bills": "bills", "allocations": "payments"}
_GONE_STATES: Final = ("void", "deleted")


def sees_less(resource: str) -> Blocked:
    """The one error of a login that no longer sees what it saw."""
    return Blocked(
        code="sees_less",
        message=f"The connected Clio login no longer sees {_WORDS[resource]} that it saw before",
        remedy=(
            "Nothing was removed in Xero. In Clio, give that person back the right to see them, or reconnect Clio as an"
            " administrator. It is looked at again every night, and at once when you retry."
        ),
        cause=resource,
    )


def _read_by_id(work: Slice, listed: str, ids: Sequence[int]) -> tuple[list[dict[str, Any]], list[int]]:
    """Read records one by one: gives those that are there, and the ids of which Clio says 404."""
    still_there, not_found = [], []
    for clio_id in ids:
        row = work.clio.one(listed, clio_id)
        if row is None:
            not_found.append(clio_id)
        else:
            still_there.append(row)
    return still_there, not_found


def prove_allocations_gone(
    *, work: Slice, bill_id: int, missing: Sequence[int], suspects: Collection[int] = ()
) -> list[dict[str, Any]]:
    """Read rows by id that their bill no longer lists: gives those that are still there, marks the others as gone.

    `suspects` are bills of which something else may be gone, so that nothing on them can be the witness. Where no other
    allocation is known, the bill's own figures are the witness: what it states as paid and credited must be exactly
    what is left of it.
    """
    still_there, not_found = _read_by_id(work, "allocations", missing)
    if not not_found:
        return still_there
    witness = _another_allocation(not_found, {bill_id, *suspects})
    if _is_seen(work, "allocations", witness) if witness else _figures_agree(bill_id, not_found):
        mark_allocations_gone(work=work, clio_ids=not_found)
    else:
        _tell_sees_less(work, "allocations")
    return still_there


def mark_allocations_gone(*, work: Slice, clio_ids: Collection[int]) -> None:
    """These rows were deleted in Clio: the money on their bills is planned again without them."""
    rows = AllocationSnapshot.objects.filter(clio_id__in=clio_ids)
    bills = [bill_id for bill_id in rows.values_list("bill_id", flat=True) if bill_id]
    rows.update(gone=True)
    Snapshot.objects.filter(kind=Snapshot.Kind.BILL, clio_id__in=bills).update(money_dirty=True)
    for clio_id in clio_ids:
        for kind in Link.objects.filter(clio_id=clio_id, bill_id__isnull=False).values_list("kind", flat=True):
            work.tell(kind, clio_id, RecordEvent.Event.READ, "Deleted in Clio.")


def prove_bills_gone(*, work: Slice, missing: Sequence[int]) -> tuple[list[dict[str, Any]], bool]:
    """Read bills by id that a whole list no longer names: gives those that are still there; the others are deleted.

    Gives also whether that was proven: if not, the login sees less than before, and nothing was marked.
    """
    still_there, not_found = _read_by_id(work, "bills", missing)
    if not not_found:
        return still_there, True
    witness = (
        Snapshot.objects.filter(kind=Snapshot.Kind.BILL, seen_in=work.run.pk)
        .order_by("-clio_id")
        .values_list("clio_id", flat=True)
        .first()
    )
    proven = bool(witness) and _is_seen(work, "bills", witness or 0)
    if proven:
        _mark_bills_deleted(work, not_found)
    else:
        _tell_sees_less(work, "bills")
    return still_there, proven


def _mark_bills_deleted(work: Slice, clio_ids: Sequence[int]) -> None:
    for row in Snapshot.objects.filter(kind=Snapshot.Kind.BILL, clio_id__in=clio_ids):
        row.record = {**row.record, "state": "deleted"}
        row.dirty = row.money_dirty = True
        row.save(update_fields=["record", "dirty", "money_dirty"])
        work.tell(Link.Kind.INVOICE, row.clio_id, RecordEvent.Event.READ, "No longer in Clio.")
    Link.objects.filter(kind=Link.Kind.INVOICE, clio_id__in=clio_ids).update(planned_under="", retry_at=None)


def _another_allocation(missing: Collection[int], suspects: Collection[int]) -> int | None:
    """An allocation that is known to exist, the newest one, on a bill whose figures agree with what is known of it."""
    rows = AllocationSnapshot.objects.filter(gone=False).exclude(clio_id__in=missing).exclude(bill_id__in=suspects)
    found: int | None = rows.order_by("-clio_id").values_list("clio_id", flat=True).first()
    return found


def _is_seen(work: Slice, resource: str, clio_id: int) -> bool:
    """Whether the login sees a record that is known to exist.

    Asked each time, after what is to be proven was not found: the login may lose its sight between two records.
    """
    seen = work.clio.one(resource, clio_id) is not None
    if seen:
        book.close_cause(kind=_KIND, code="sees_less", cause=resource, now=work.clock())
    return seen


def _figures_agree(bill_id: int, missing: Collection[int]) -> bool:
    bill = Snapshot.objects.filter(kind=Snapshot.Kind.BILL, clio_id=bill_id).values_list("record", flat=True).first()
    if bill is None:
        return False
    rows = AllocationSnapshot.objects.filter(bill_id=bill_id, gone=False).exclude(clio_id__in=missing)
    left = sum(
        (
            abs(record.amount)
            for record in map(allocation_from_dict, rows.values_list("record", flat=True))
            if record.counts
        ),
        Decimal(0),
    )
    return Decimal(bill["paid"]) + Decimal(bill["credits_issued"]) == left


def close_blind_spots(*, work: Slice) -> None:
    """A full run looked at everything: what it did not have to tell of is seen again."""
    told = SyncError.objects.filter(kind=_KIND, code="sees_less", last_seen_at__gte=work.run.started_at)
    open_still = set(told.values_list("cause", flat=True))
    for resource in _WORDS.keys() - open_still:
        book.close_cause(kind=_KIND, code="sees_less", cause=resource, now=work.clock())


def _tell_sees_less(work: Slice, resource: str) -> None:
    if not work.dry_run:
        book.note_error(kind=_KIND, clio_id=None, why=sees_less(resource), now=work.clock())
