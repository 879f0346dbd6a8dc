"""The list of all bills: filtered, sorted, a page at a time."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from syncengine.domain.money import from_cents, to_cents
from syncengine.models import Link
from syncengine.pages.addresses import Addresses
from syncengine.pages.bill_filter import COLUMNS, STATES_OF, BillFilter, Chip, Heading, chips, headings

PAGE_SIZE = 50
TONES = {
    Link.State.NEW: "waiting",
    Link.State.IN_STEP: "good",
    Link.State.WAITING: "waiting",
    Link.State.BLOCKED: "blocked",
    Link.State.REFUSED: "refused",
    Link.State.IGNORED: "quiet",
    Link.State.OUT_OF_RANGE: "quiet",
    Link.State.NOT_SENT: "quiet",
}


@dataclass(frozen=True, slots=True)
class BillRow:
    """One bill. `amount` is in `currency`; the ids link to both sides."""

    clio_id: int
    number: str
    client: str
    dated: date | None
    amount: Decimal | None
    currency: str
    state: str
    state_words: str
    tone: str
    reason: str
    notice: str
    clio_url: str
    xero_id: str
    xero_url: str


@dataclass(frozen=True, slots=True)
class BillList:
    """A page of the list, with its filter."""

    filter: BillFilter
    rows: tuple[BillRow, ...]
    headings: tuple[Heading, ...]
    chips: tuple[Chip, ...]
    count_words: str
    found: int
    all: int
    page: int
    pages: int
    previous: str
    next: str
    span_words: str


def read_bills(*, chosen: BillFilter, all_bills: int, addresses: Addresses) -> BillList:
    """Read one page of the current firm's bills: one query, and one more to count where the list is narrowed."""
    rows = _found(chosen)
    found = rows.count() if chosen.is_narrow else all_bills
    pages = max(1, -(-found // PAGE_SIZE))
    page = min(max(chosen.page, 1), pages)
    start = (page - 1) * PAGE_SIZE
    shown = tuple(_row(link, addresses) for link in _sorted(rows, chosen.sort)[start : start + PAGE_SIZE])
    return BillList(
        filter=chosen,
        rows=shown,
        headings=headings(chosen),
        chips=chips(chosen),
        count_words=_count_words(found, all_bills, narrowed=chosen.is_narrow),
        found=found,
        all=all_bills,
        page=page,
        pages=pages,
        previous=replace(chosen, page=page - 1).query() if page > 1 else "",
        next=replace(chosen, page=page + 1).query() if page < pages else "",
        span_words=_("%(first)s–%(last)s of %(found)s")
        % {"first": f"{start + 1:,}", "last": f"{start + len(shown):,}", "found": f"{found:,}"},
    )


def _found(chosen: BillFilter) -> QuerySet[Link]:
    rows = Link.objects.filter(kind=Link.Kind.INVOICE)
    if chosen.state:
        rows = rows.filter(state__in=STATES_OF.get(chosen.state, (chosen.state,)))
    if chosen.text:
        rows = rows.filter(Q(number__icontains=chosen.text) | Q(title__icontains=chosen.text))
    if chosen.issued_from:
        rows = rows.filter(dated__gte=chosen.issued_from)
    if chosen.issued_to:
        rows = rows.filter(dated__lte=chosen.issued_to)
    if chosen.amount_from is not None:
        rows = rows.filter(amount_minor__gte=to_cents(chosen.amount_from))
    if chosen.amount_to is not None:
        rows = rows.filter(amount_minor__lte=to_cents(chosen.amount_to))
    return rows


def _sorted(rows: QuerySet[Link], sort: str) -> QuerySet[Link]:
    minus = "-" if sort.startswith("-") else ""
    return rows.order_by(f"{minus}{COLUMNS[sort.removeprefix('-')]}", f"{minus}clio_id")


def _row(link: Link, addresses: Addresses) -> BillRow:
    return BillRow(
        clio_id=link.clio_id,
        number=link.number,
        client=link.title,
        dated=link.dated,
        amount=None if link.amount_minor is None else from_cents(link.amount_minor),
        currency=link.currency,
        state=link.state,
        state_words=str(Link.State(link.state).label),
        tone=TONES[Link.State(link.state)],
        reason=link.reason,
        notice=link.notice,
        clio_url=addresses.in_clio(kind=link.kind, clio_id=link.clio_id),
        xero_id=link.xero_id or "",
        xero_url=addresses.in_xero(kind=link.kind, xero_id=link.xero_id),
    )


def _count_words(found: int, all_bills: int, *, narrowed: bool) -> str:
    if not narrowed:
        return ngettext("%(all)s bill", "%(all)s bills", all_bills) % {"all": f"{all_bills:,}"}
    return ngettext("%(found)s of %(all)s bill", "%(found)s of %(all)s bills", all_bills) % {
        "found": f"{found:,}",
        "all": f"{all_bills:,}",
    }
