"""How lists are read: since a cursor with an overlap, a page a time, each kept before the next is read."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, Protocol, TypeVar

from syncengine.clio import ParseProblem
from syncengine.domain.documents import Blocked
from syncengine.engine import record as book
from syncengine.engine.cursors import Cursors
from syncengine.engine.slice import Slice
from syncengine.transport.errors import Refused

#: What an address of a page may be answered that is no longer good.
_NO_SUCH_PAGE: Final = frozenset({400, 404, 422})
OVERLAP: Final = timedelta(minutes=5)
UNREADABLE: Final = "unreadable"
_Record = TypeVar("_Record")


def params_of(cursors: Cursors, resource: str) -> dict[str, str]:
    """What a pass asks for: what changed since the cursor, less the overlap; everything where there is none."""
    since = cursors.get(resource).since
    return {"updated_since": (since - OVERLAP).strftime("%Y-%m-%dT%H:%M:%SZ")} if since else {}


def begin_at(work: Slice, resource: str, *, like: str) -> None:
    """Let a resource's passes begin where another one's first pass began, without reading anything."""
    since = work.cursors.get(like).pass_started_at or work.cursors.get(like).since
    if since:
        work.cursors.finish(resource, started_at=since, now=work.clock())


def read_pass(
    work: Slice,
    resource: str,
    listed: str,
    params: dict[str, str],
    keep: Callable[[Sequence[dict[str, Any]]], Any],
) -> None:
    """Read the list `listed` to its end, under the cursor named `resource`; an interrupted pass goes on at its page."""
    cursors = work.cursors
    url: str | None = cursors.get(resource).next_url or None
    left_off = bool(url)
    while True:
        try:
            page = work.clio.page(listed, next_url=url) if url else work.clio.page(listed, params=params)
        except Refused as refusal:
            if not left_off or refusal.status not in _NO_SUCH_PAGE:
                raise
            # Clio does not know the page any more where an earlier slice left off: the pass begins anew.
            cursors.restart(resource)
            url, left_off = None, False
            continue
        left_off = False
        keep(page.rows)
        if not page.next_url:
            cursors.finish(resource, started_at=page.server_date, now=work.clock())
            return
        url = page.next_url
        if not work.dry_run:
            cursors.turn_page(resource, next_url=url, started_at=page.server_date)
        work.breathe()


class XeroPage(Protocol):
    """What one page of any list of Xero's says beside its rows."""

    @property
    def more(self) -> bool:
        """Whether another page follows."""

    @property
    def server_date(self) -> datetime:
        """Xero's clock (UTC)."""


_Page = TypeVar("_Page", bound=XeroPage)


def read_xero(
    work: Slice,
    resource: str,
    read: Callable[[datetime | None, int], _Page],
    keep: Callable[[_Page], Any],
    *,
    whole: bool,
) -> None:
    """Read a list of Xero's to its end, whole or since its cursor; an interrupted run goes on at its page.

    Another run begins anew: the pages of a whole list are not those of what changed. Rows move between pages while they
    change (X 8.3): what changes during a pass is read again by the next one, for its overlap.
    """
    cursors = work.cursors
    cursor = cursors.get(resource)
    run, _, left_off = cursor.next_url.partition(":")
    if cursor.next_url and run != str(work.run.pk):
        cursors.restart(resource)
        left_off = ""
    page = int(left_off or 1)
    since = None if whole or cursor.since is None else cursor.since - OVERLAP
    while True:
        answer = read(since, page)
        keep(answer)
        if not answer.more:
            cursors.finish(resource, started_at=answer.server_date, now=work.clock())
            break
        page += 1
        if not work.dry_run:
            cursors.turn_page(resource, next_url=f"{work.run.pk}:{page}", started_at=answer.server_date)
        work.breathe()


def begin_now(work: Slice, resource: str) -> None:
    """Let the passes over a list of Xero's begin now, by Xero's clock, without reading anything."""
    work.cursors.finish(resource, started_at=work.clock() + work.xero.clock_skew - OVERLAP, now=work.clock())


def readable(
    work: Slice,
    rows: Iterable[dict[str, Any]],
    parse: Callable[[dict[str, Any]], _Record],
    kind: str,
    *,
    about: str = "record",
    named: str = "record",
) -> list[_Record]:
    """Parse rows of Clio's that can be read; one that cannot is told about and never stops the others (DESIGN §4.5).

    The problem speaks of Clio's `about`, and says to save the `named` again.
    """
    records = []
    for row in rows:
        try:
            records.append(parse(row))
        except ParseProblem as problem:
            remedy = f"Open the {named} in Clio and save it again; if that does not help, show this to support."
            why = Blocked(UNREADABLE, f"Clio's {about} cannot be read: {problem}", remedy)
            book.note_error(kind=kind, clio_id=row["id"], why=why, now=work.clock())
    return records
