"""Read Clio since the cursors into snapshots (BEHAVIOUR §11). Nothing here writes to Clio or Xero."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from syncengine.clio import ClioClient, ListEndsEarly, Page, ParseProblem, parse_bill, parse_contact, parse_line
from syncengine.domain.chunks import chunks
from syncengine.domain.documents import Blocked
from syncengine.domain.records import LineRecord, as_dict, digest_of
from syncengine.engine import record as book
from syncengine.engine.cursors import Cursors
from syncengine.engine.slice import Slice
from syncengine.models import LineSnapshot, Link, RecordEvent, Snapshot

_OVERLAP = timedelta(minutes=5)
_IDS_A_CALL = 200
_BY_BILL = "lines_by_bill"
_BILLS = ("bills", "bills_void", "bills_deleted")
_STATE_OF = {"bills": None, "bills_void": "void", "bills_deleted": "deleted"}


def pull_clio(*, work: Slice) -> None:
    """Read bills, their lines and the contacts that matter. Goes on where an interrupted slice left off."""
    cursors = work.cursors
    changed: set[int] = set()
    first = cursors.get("bills_void").since is None
    if not work.dry_run and not work.run.position:
        _start(work, cursors, first=first)
    for resource in _BILLS:
        if first and resource != "bills":
            # Void and deleted bills are never created, so a first sync has no use for them; their passes begin here.
            _begin_at_first(cursors, resource, work)
            continue
        changed |= _pull_bills(work, cursors, resource)
    _pull_lines(work, cursors, changed, first=first)
    _pull_contacts(work, cursors)
    if not work.dry_run:
        cursors.flush()


def _start(work: Slice, cursors: Cursors, *, first: bool) -> None:
    """Begin a run's reading: a first one forgets what a dry run kept, a full one reads everything whole."""
    bills = cursors.get("bills")
    if first and bills.since is None and not bills.next_url:
        # The passes of void and deleted bills begin now, so nothing older may be believed.
        Snapshot.objects.all().delete()
        LineSnapshot.objects.all().delete()
    elif work.run.full:
        for resource in ("bills", "line_items", "contacts"):
            cursors.rewind(resource)
    work.run.position = 1


def _begin_at_first(cursors: Cursors, resource: str, work: Slice) -> None:
    since = cursors.get("bills").pass_started_at or cursors.get("bills").since
    if since:
        cursors.finish(resource, started_at=since, now=work.clock())


def _params(cursors: Cursors, resource: str) -> dict[str, str]:
    since = cursors.get(resource).since
    return {"updated_since": (since - _OVERLAP).strftime("%Y-%m-%dT%H:%M:%SZ")} if since else {}


def _pass(
    work: Slice,
    cursors: Cursors,
    resource: str,
    read: Callable[[str | None], Page],
    keep: Callable[[Sequence[dict[str, Any]]], None],
) -> None:
    """Read a list to its end, a page a time, each page kept before the next is asked for."""
    url: str | None = cursors.get(resource).next_url or None
    while True:
        page = read(url)
        keep(page.rows)
        if not page.next_url:
            cursors.finish(resource, started_at=page.server_date, now=work.clock())
            return
        url = page.next_url
        if not work.dry_run:
            cursors.turn_page(resource, next_url=url, started_at=page.server_date)
        work.breathe()


def _pull_bills(work: Slice, cursors: Cursors, resource: str) -> set[int]:
    state = _STATE_OF[resource]
    params = _params(cursors, resource) | ({"state": state} if state else {})
    changed: set[int] = set()

    def read(url: str | None) -> Page:
        return work.clio.page("bills", next_url=url) if url else work.clio.page("bills", params=params)

    def keep(rows: Sequence[dict[str, Any]]) -> None:
        changed.update(keep_snapshots(work, Snapshot.Kind.BILL, _readable(work, rows, parse_bill, "invoice")))

    _pass(work, cursors, resource, read, keep)
    return changed


def _readable(
    work: Slice, rows: Iterable[dict[str, Any]], parse: Callable[[dict[str, Any]], Any], kind: str
) -> list[dict[str, Any]]:
    """Parse what can be read; a row that cannot is told about and never stops the others (DESIGN §4.5)."""
    records = []
    for row in rows:
        try:
            records.append(as_dict(parse(row)))
        except ParseProblem as problem:
            remedy = "Open the record in Clio and save it again; if that does not help, show this to support."
            why = Blocked("unreadable", f"Clio's record cannot be read: {problem}", remedy)
            book.note_error(kind=kind, clio_id=row["id"], why=why, now=work.clock())
    return records


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


def _pull_lines(work: Slice, cursors: Cursors, changed: set[int], *, first: bool) -> None:
    params = _params(cursors, "line_items")

    def read(url: str | None) -> Page:
        return work.clio.page("line_items", next_url=url) if url else work.clio.page("line_items", params=params)

    def keep(rows: Sequence[dict[str, Any]]) -> None:
        _keep_lines(_lines(rows))

    try:
        _pass(work, cursors, "line_items", read, keep)
    except ListEndsEarly as end:
        # An unordered list may end at 10,000 rows (C 2.12): what it left out is read bill by bill.
        _lines_bill_by_bill(work, cursors, started_at=end.server_date)
        cursors.finish("line_items", started_at=end.server_date, now=work.clock())
    if changed and not first:
        _reread_stored_lines(work, changed)


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


def _reread_stored_lines(work: Slice, bill_ids: set[int]) -> None:
    """Read the lines that changed bills are known to have; one that is not answered any more was removed."""
    stored = list(
        LineSnapshot.objects.filter(bill_id__in=bill_ids).values_list("clio_id", flat=True).order_by("clio_id")
    )
    for chunk in chunks(stored, _IDS_A_CALL):
        rows = _all_rows(work.clio, "line_items", {"ids[]": chunk})
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
    lines = _lines(_all_rows(work.clio, "line_items", {"bill_id": bill_id}))
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


def _all_rows(clio: ClioClient, resource: str, params: dict[str, Any]) -> list[dict[str, Any]]:
    page = clio.page(resource, params=params)
    rows = list(page.rows)
    while page.next_url:
        page = clio.page(resource, next_url=page.next_url)
        rows += page.rows
    return rows


# Contacts -------------------------------------------------------------------------------------------------------------


def _pull_contacts(work: Slice, cursors: Cursors) -> None:
    """Contacts that changed, kept only where a bill in scope needs them."""
    cursor = cursors.get("contacts")
    if cursor.since is None:
        # Nothing is known yet, so nothing can have changed: the needed ones are read by id, and the pass begins here.
        bills = cursors.get("bills")
        if bills.since:
            cursors.finish("contacts", started_at=bills.since, now=work.clock())
        return
    params = _params(cursors, "contacts")

    def read(url: str | None) -> Page:
        return work.clio.page("contacts", next_url=url) if url else work.clio.page("contacts", params=params)

    def keep(rows: Sequence[dict[str, Any]]) -> None:
        ids = [row["id"] for row in rows]
        wanted = set(
            Snapshot.objects.filter(kind=Snapshot.Kind.CONTACT, clio_id__in=ids).values_list("clio_id", flat=True)
            if ids
            else ()
        )
        records = _readable(work, [row for row in rows if row["id"] in wanted], parse_contact, "contact")
        keep_snapshots(work, Snapshot.Kind.CONTACT, records)

    _pass(work, cursors, "contacts", read, keep)


def read_needed_contacts(*, work: Slice, clio_ids: Iterable[int]) -> None:
    """Read the contacts that have no snapshot yet, by ids."""
    wanted = sorted(set(clio_ids))
    for chunk in chunks(wanted, 1000):
        known = set(
            Snapshot.objects.filter(kind=Snapshot.Kind.CONTACT, clio_id__in=chunk).values_list("clio_id", flat=True)
        )
        missing = [clio_id for clio_id in chunk if clio_id not in known]
        for ids in chunks(missing, _IDS_A_CALL):
            rows = _all_rows(work.clio, "contacts", {"ids[]": ids})
            keep_snapshots(work, Snapshot.Kind.CONTACT, _readable(work, rows, parse_contact, "contact"))
            work.breathe()
