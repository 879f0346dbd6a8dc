"""Read the money on bills from Clio: allocations of payments and credits (BEHAVIOUR §11; C §5).

A hard-deleted allocation announces nothing, so those of a changed bill are listed anew where its figures say that
something is missing, and what is missing is proven to be gone (vanishing.py).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from typing import Any

from syncengine.clio import parse_allocation
from syncengine.domain.money_records import AllocationRecord, allocation_from_dict
from syncengine.domain.records import as_dict, digest_of
from syncengine.engine import record as book
from syncengine.engine.pulling.reading import UNREADABLE, begin_at, params_of, read_pass, readable
from syncengine.engine.pulling.vanishing import prove_allocations_gone
from syncengine.engine.slice import Slice
from syncengine.models import MONEY_KINDS, AllocationSnapshot, Link, RecordEvent, Snapshot

ALLOCATIONS, VOIDED = "allocations", "allocations_voided"


def pull_allocations(work: Slice) -> None:
    """Read allocations since the cursor, voided ones too."""
    cursors = work.cursors
    for resource, extra in ((ALLOCATIONS, {}), (VOIDED, {"status": "invalid"})):
        if resource == VOIDED and cursors.get(VOIDED).since is None:
            # What was voided before anything was sent asks for nothing; the pass begins where the first one began.
            begin_at(work, VOIDED, like=ALLOCATIONS)
            continue
        params = params_of(cursors, resource) | extra
        read_pass(work, resource, "allocations", params, lambda rows: keep_allocations(work, _readable(work, rows)))


def _readable(work: Slice, rows: Iterable[dict[str, Any]]) -> list[AllocationRecord]:
    about = "record of a payment or credit"
    return readable(work, rows, parse_allocation, Link.Kind.PAYMENT, about=about, named="payment")


def keep_allocations(work: Slice, records: Sequence[AllocationRecord]) -> None:
    """Upsert rows that differ from their snapshot; their bills' money is planned again, the former bill's too."""
    fresh = {record.id: record for record in records}
    if not fresh:
        return
    held = AllocationSnapshot.objects.filter(clio_id__in=fresh)
    known = {row.clio_id: row for row in held}
    changed = [record for record in fresh.values() if _differs(record, known.get(record.id))]
    if changed:
        AllocationSnapshot.objects.bulk_create(
            [
                AllocationSnapshot(
                    clio_id=record.id, bill_id=record.bill_id, record=as_dict(record), digest=record.digest, gone=False
                )
                for record in changed
            ],
            update_conflicts=True,
            unique_fields=["firm", "clio_id"],
            update_fields=["bill_id", "record", "digest", "gone"],
        )
        bills = {record.bill_id for record in changed} | {
            known[record.id].bill_id for record in changed if record.id in known
        }
        touch_money(bill_id for bill_id in bills if bill_id)
        ask_again(record.id for record in changed)
        book.close_code(
            kind=Link.Kind.PAYMENT, code=UNREADABLE, clio_ids=[record.id for record in changed], now=work.clock()
        )
        for record in changed:
            if record.id in known:
                kind = Link.Kind.PAYMENT if record.is_payment else Link.Kind.CREDIT_NOTE
                work.tell(kind, record.id, RecordEvent.Event.READ, details={"amount": f"{record.amount:f}"})
    if work.run.full and not work.dry_run:
        AllocationSnapshot.objects.filter(clio_id__in=fresh).update(seen_in=work.run.pk)


def _differs(record: AllocationRecord, known: AllocationSnapshot | None) -> bool:
    return known is None or known.gone or known.digest != digest_of(as_dict(record))


def touch_money(bill_ids: Iterable[int]) -> None:
    """Plan the payments and credits on these bills again."""
    ids = list(bill_ids)
    if ids:
        Snapshot.objects.filter(kind=Snapshot.Kind.BILL, clio_id__in=ids, money_dirty=False).update(money_dirty=True)


def ask_again(allocation_ids: Iterable[int]) -> None:
    """A record that changed in Clio is planned again, whatever was decided about it before."""
    rows = Link.objects.filter(kind__in=MONEY_KINDS, clio_id__in=list(allocation_ids))
    rows.exclude(planned_under="").update(planned_under="", retry_at=None)


def relist_bill(*, work: Slice, bill_id: int, suspects: Collection[int] = ()) -> None:
    """List one bill's allocations anew; a row that is known and not listed any more is read by id, or proven gone."""
    records = _readable(work, work.clio.all_rows("allocations", {"bill_id": bill_id}))
    keep_allocations(work, records)
    listed = {record.id for record in records}
    known = AllocationSnapshot.objects.filter(bill_id=bill_id, gone=False).values_list("clio_id", flat=True)
    missing = sorted(set(known) - listed)
    if missing:
        still_there = prove_allocations_gone(work=work, bill_id=bill_id, missing=missing, suspects=suspects)
        keep_allocations(work, _readable(work, still_there))


def doubtful(bill_ids: Collection[int]) -> set[int]:
    """Bills that state to be paid and credited with another sum than is known of them: something of them is missing."""
    sums: dict[int, Decimal] = defaultdict(Decimal)
    rows = AllocationSnapshot.objects.filter(bill_id__in=bill_ids, gone=False)
    for bill_id, plain in rows.values_list("bill_id", "record"):
        record = allocation_from_dict(plain)
        sums[bill_id or 0] += abs(record.amount) if record.counts else 0
    stated = Snapshot.objects.filter(kind=Snapshot.Kind.BILL, clio_id__in=list(bill_ids))
    return {
        clio_id
        for clio_id, plain in stated.values_list("clio_id", "record")
        if Decimal(plain["paid"]) + Decimal(plain["credits_issued"]) != sums[clio_id]
    }
