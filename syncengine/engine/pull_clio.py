"""Read Clio since the cursors into snapshots (BEHAVIOUR §11). Nothing here writes to Clio or Xero."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, Final

from django.db.models import Q

from syncengine.clio import ListEndsEarly, ParseProblem, parse_bill, parse_contact, parse_line
from syncengine.domain.chunks import chunks
from syncengine.domain.records import LineRecord, as_dict, digest_of
from syncengine.engine.cursors import Cursors
from syncengine.engine.pulling.allocations import ALLOCATIONS, doubtful, pull_allocations, relist_bill
from syncengine.engine.pulling.reading import begin_at, params_of, read_pass, readable
from syncengine.engine.pulling.vanishing import close_blind_spots, prove_bills_gone
from syncengine.engine.slice import Slice
from syncengine.models import AllocationSnapshot, LineSnapshot, Link, RecordEvent, Snapshot

_IDS_A_CALL = 200
_BILLS_AT_ONCE = 200
_PROVEN_AT_ONCE = 10
_BY_BILL = "lines_by_bill"


def pull_clio(*, work: Slice) -> None:
    """Read bills, their lines, contacts that matter and the money on bills; an interrupted run goes on at its part."""
    # What an interrupted slice or a failed run found changed is marked in its snapshots.
    work.relisting = work.run.position > 0 or work.setup.has_marked
    for number, part in enumerate(_PARTS, start=1):
        if work.run.position < number:
            part(work)
            work.run.position = number


def _begin(work: Slice) -> None:
    """Begin a run's reading: a first one forgets what a dry run kept, a full one reads everything whole."""
    if work.dry_run:
        return
    bills = work.cursors.get("bills")
    if _is_first(work) and bills.since is None and not bills.next_url:
        # The passes of void and deleted bills begin now, so nothing older may be believed.
        Snapshot.objects.all().delete()
        LineSnapshot.objects.all().delete()
        AllocationSnapshot.objects.all().delete()
    elif work.run.full:
        for resource in ("bills", "line_items", "contacts", ALLOCATIONS):
            work.cursors.rewind(resource)


def _is_first(work: Slice) -> bool:
    return work.cursors.get("bills_void").since is None


def _pull_bills(work: Slice) -> None:
    _read_bills(work, "bills", {}, mark=not _is_first(work))


def _pull_gone_bills(work: Slice) -> None:
    for resource, state in (("bills_void", "void"), ("bills_deleted", "deleted")):
        if work.cursors.get(resource).since is None:
            # Void and deleted bills are never created, so a first sync has no use for them; their passes begin here.
            begin_at(work, resource, like="bills")
        else:
            _read_bills(work, resource, {"state": state}, mark=True)


def _read_bills(work: Slice, resource: str, of_state: dict[str, str], *, mark: bool) -> None:
    """Read bills since a cursor; with `mark`, those that changed are looked at for what was removed of them."""

    def keep(rows: Sequence[dict[str, Any]]) -> None:
        records = _readable(work, rows, parse_bill, "invoice")
        changed = keep_snapshots(work, Snapshot.Kind.BILL, records)
        if changed and mark:
            Snapshot.objects.filter(kind=Snapshot.Kind.BILL, clio_id__in=changed).update(relist=True)
            work.relisting = True
        if work.run.full and not work.dry_run:
            ids = [record["id"] for record in records]
            Snapshot.objects.filter(kind=Snapshot.Kind.BILL, clio_id__in=ids).update(seen_in=work.run.pk)

    read_pass(work, resource, "bills", params_of(work.cursors, resource) | of_state, keep)


def _look_for_removed(work: Slice) -> None:
    """A removed line or allocation announces nothing: those of changed bills are read again (BEHAVIOUR §11)."""
    if not work.relisting:
        return
    marked = Snapshot.objects.filter(kind=Snapshot.Kind.BILL, relist=True).order_by("clio_id")
    bill_ids = list(marked.values_list("clio_id", flat=True))
    suspects = doubtful(bill_ids)
    for some in chunks(bill_ids, _BILLS_AT_ONCE):
        _reread_stored_lines(work, some)
        for bill_id in sorted(suspects & set(some)):
            relist_bill(work=work, bill_id=bill_id, suspects=suspects)
            # Bill by bill, so that a slice that a limit ends is not begun anew by the next one.
            marked.filter(clio_id=bill_id).update(relist=False)
            work.breathe()
        marked.filter(clio_id__in=some).update(relist=False)


def _look_for_vanished(work: Slice) -> None:
    """In a full run, what both whole lists did not name is read by id, or proven to be gone (BEHAVIOUR §9)."""
    if not work.run.full or work.dry_run or work.lease.row.first_sync_done_at is None:
        return
    unseen = ~Q(seen_in=work.run.pk) | Q(seen_in__isnull=True)
    bills = Snapshot.objects.filter(unseen, kind=Snapshot.Kind.BILL).exclude(record__state__in=("void", "deleted"))
    missing = list(bills.order_by("clio_id").values_list("clio_id", flat=True))
    for some in chunks(missing, _PROVEN_AT_ONCE):
        found, proven = prove_bills_gone(work=work, missing=some)
        keep_snapshots(work, Snapshot.Kind.BILL, _readable(work, found, parse_bill, "invoice"))
        Snapshot.objects.filter(kind=Snapshot.Kind.BILL, clio_id__in=[row["id"] for row in found]).update(
            seen_in=work.run.pk
        )
        if not proven:
            break  # nothing can be proven with this login
        work.breathe()
    rows = AllocationSnapshot.objects.filter(unseen, gone=False, bill_id__isnull=False)
    suspects = [bill_id or 0 for bill_id in rows.order_by("bill_id").values_list("bill_id", flat=True).distinct()]
    for bill_id in suspects:
        relist_bill(work=work, bill_id=bill_id, suspects=suspects)
        # Looked at by this run, whatever came of it: a slice that a limit ends is not begun anew by the next one.
        rows.filter(bill_id=bill_id).update(seen_in=work.run.pk)
        work.breathe()
    close_blind_spots(work=work)


def _readable(
    work: Slice, rows: Iterable[dict[str, Any]], parse: Callable[[dict[str, Any]], Any], kind: str
) -> list[dict[str, Any]]:
    return [as_dict(record) for record in readable(work, rows, parse, kind)]


def keep_snapshots(work: Slice, kind: str, records: Sequence[dict[str, Any]]) -> list[int]:
    """Upsert records that differ from their snapshot and mark them dirty. Gives the ids that changed."""
    fresh = {record["id"]: (digest_of(record), record) for record in records}
    known = dict(
        Snapshot.objects.filter(kind=kind, clio_id__in=fresh).values_list("clio_id", "digest") if fresh else ()
    )
    now = work.clock()
    rows = [
        Snapshot(
            kind=kind,
            clio_id=clio_id,
            record=record,
            digest=digest,
            dirty=True,
            read_at=now,
            original_bill_id=record.get("original_bill_id"),
        )
        for clio_id, (digest, record) in fresh.items()
        if known.get(clio_id) != digest
    ]
    if rows:
        Snapshot.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["firm", "kind", "clio_id"],
            update_fields=["record", "digest", "dirty", "read_at", "original_bill_id"],
        )
    ids = [row.clio_id for row in rows]
    touched = [clio_id for clio_id in ids if clio_id in known]
    if touched:
        of_link = Link.Kind.INVOICE if kind == Snapshot.Kind.BILL else Link.Kind.CONTACT
        _ask_again(of_link, touched)
        for clio_id in touched:
            work.tell(of_link, clio_id, RecordEvent.Event.READ)
    return ids


def _ask_again(kind: str, clio_ids: Iterable[int]) -> None:
    """A record that changed in Clio is planned again, whatever was decided about it before."""
    Link.objects.filter(kind=kind, clio_id__in=list(clio_ids)).exclude(planned_under="").update(
        planned_under="", retry_at=None
    )


# Lines ----------------------------------------------------------------------------------------------------------------


def _pull_lines(work: Slice) -> None:
    cursors = work.cursors
    params = params_of(cursors, "line_items")
    try:
        read_pass(work, "line_items", "line_items", params, lambda rows: _keep_lines(_lines(rows)))
    except ListEndsEarly as end:
        # An unordered list may end at 10,000 rows (C 2.12): what it left out is read bill by bill.
        _lines_bill_by_bill(work, cursors, started_at=end.server_date)
        cursors.finish("line_items", started_at=end.server_date, now=work.clock())


def _lines(rows: Iterable[dict[str, Any]]) -> list[LineRecord]:
    """Parse lines. One that cannot be read is left out: its bill then does not add up, and somebody is told."""
    lines = []
    for row in rows:
        if row.get("bill"):
            with suppress(ParseProblem):
                lines.append(parse_line(row))
    return lines


def _keep_lines(lines: Sequence[LineRecord]) -> None:
    fresh = {line.id: line for line in lines}
    plain = {line.id: as_dict(line) for line in lines}
    known = dict(LineSnapshot.objects.filter(clio_id__in=fresh).values_list("clio_id", "digest")) if fresh else {}
    rows = [
        LineSnapshot(clio_id=clio_id, bill_id=line.bill_id, record=plain[clio_id], digest=digest_of(plain[clio_id]))
        for clio_id, line in fresh.items()
    ]
    rows = [row for row in rows if known.get(row.clio_id) != row.digest]
    if rows:
        LineSnapshot.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["firm", "clio_id"],
            update_fields=["bill_id", "record", "digest"],
        )
        touch_bills({row.bill_id for row in rows})


def touch_bills(bill_ids: Iterable[int]) -> None:
    """Plan these bills again."""
    ids = list(bill_ids)
    if Snapshot.objects.filter(kind=Snapshot.Kind.BILL, clio_id__in=ids, dirty=False).update(dirty=True):
        _ask_again(Link.Kind.INVOICE, ids)


def _reread_stored_lines(work: Slice, bill_ids: Sequence[int]) -> None:
    """Read the lines that changed bills are known to have; one that is not answered any more was removed."""
    stored = list(
        LineSnapshot.objects.filter(bill_id__in=bill_ids).values_list("clio_id", flat=True).order_by("clio_id")
    )
    for chunk in chunks(stored, _IDS_A_CALL):
        rows = work.clio.all_rows("line_items", {"ids[]": chunk})
        lines = _lines(rows)
        _keep_lines(lines)
        gone = set(chunk) - {line.id for line in lines}
        if gone:
            LineSnapshot.objects.filter(clio_id__in=gone).delete()
        work.breathe()


def reread_bill(*, work: Slice, bill_id: int) -> None:
    """Read one bill and its lines anew by id, as a bill that does not add up is (BEHAVIOUR §5, Totals)."""
    row = work.clio.one("bills", bill_id)
    if row is not None:
        keep_snapshots(work, Snapshot.Kind.BILL, _readable(work, [row], parse_bill, "invoice"))
    _lines_of_bill(work, bill_id)


def _lines_of_bill(work: Slice, bill_id: int) -> None:
    lines = _lines(work.clio.all_rows("line_items", {"bill_id": bill_id}))
    _keep_lines(lines)
    LineSnapshot.objects.filter(bill_id=bill_id).exclude(clio_id__in=[line.id for line in lines]).delete()


def _lines_bill_by_bill(work: Slice, cursors: Cursors, *, started_at: datetime) -> None:
    """Read the lines of every bill that has none yet, a call a bill; goes on where an interrupted slice left off."""
    done = int(cursors.get(_BY_BILL).next_url or 0)
    with_lines = LineSnapshot.objects.values("bill_id")
    missing = Snapshot.objects.filter(kind=Snapshot.Kind.BILL, clio_id__gt=done).exclude(clio_id__in=with_lines)
    for bill_id in list(missing.values_list("clio_id", flat=True).order_by("clio_id")):
        _lines_of_bill(work, bill_id)
        if not work.dry_run:
            cursors.turn_page(_BY_BILL, next_url=str(bill_id), started_at=started_at)
        work.breathe()
    cursors.finish(_BY_BILL, started_at=started_at, now=work.clock())


# Contacts -------------------------------------------------------------------------------------------------------------


def _pull_contacts(work: Slice) -> None:
    """Contacts that changed, kept only where a bill in scope needs them."""
    cursors = work.cursors
    cursor = cursors.get("contacts")
    begins = cursor.since is None and not cursor.next_url
    if begins and not Snapshot.objects.filter(kind=Snapshot.Kind.CONTACT).exists():
        # Nothing is known yet, so nothing can have changed: the needed ones are read by id, and the pass begins here.
        bills = cursors.get("bills")
        if bills.since:
            cursors.finish("contacts", started_at=bills.since, now=work.clock())
        return
    params = params_of(cursors, "contacts")

    def keep(rows: Sequence[dict[str, Any]]) -> None:
        ids = [row["id"] for row in rows]
        wanted = set(
            Snapshot.objects.filter(kind=Snapshot.Kind.CONTACT, clio_id__in=ids).values_list("clio_id", flat=True)
            if ids
            else ()
        )
        records = _readable(work, [row for row in rows if row["id"] in wanted], parse_contact, "contact")
        keep_snapshots(work, Snapshot.Kind.CONTACT, records)

    read_pass(work, "contacts", "contacts", params, keep)


def read_needed_contacts(*, work: Slice, clio_ids: Iterable[int]) -> None:
    """Read the contacts that have no snapshot yet, by ids."""
    wanted = sorted(set(clio_ids))
    for chunk in chunks(wanted, 1000):
        known = set(
            Snapshot.objects.filter(kind=Snapshot.Kind.CONTACT, clio_id__in=chunk).values_list("clio_id", flat=True)
        )
        missing = [clio_id for clio_id in chunk if clio_id not in known]
        for ids in chunks(missing, _IDS_A_CALL):
            rows = work.clio.all_rows("contacts", {"ids[]": ids})
            keep_snapshots(work, Snapshot.Kind.CONTACT, _readable(work, rows, parse_contact, "contact"))
            work.breathe()


_PARTS: Final[Sequence[Callable[[Slice], None]]] = (
    _begin,
    _pull_bills,
    _pull_gone_bills,
    _pull_lines,
    _pull_contacts,
    pull_allocations,
    _look_for_removed,
    _look_for_vanished,
)
