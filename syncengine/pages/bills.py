"""The list of all bills: filtered, sorted, a page at a time."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from syncengine.domain.money import from_cents, to_cents
from syncengine.models import Link
from syncengine.pages.addresses import Addresses
from syncengine.pages.bill_filter import COLUMNS, STATES_OF, BillFilter, Chip, Heading, chips, headings
from syncengine.pages.wording import sentence

PAGE_SIZE = 50
_COLUMNS = (
    "firm_id", "kind", "clio_id", "number", "title", "dated", "amount_minor", "currency", "state", "reason", "notice",
    "xero_id",
)  # fmt: skip
TONES = {
    Link.State.NEW: "waiting",
    Link.State.IN_STEP: "good",
    Link.State.WAITING: "waiting",
    Link.State.BLOCKED: "blocked",
    Link.State.REFUSED: "refused",
    Link.State.IGNORED: "quiet",
    Link.State.OUT_OF_RANGE: "quiet",
    Link.State.NOT_SENT: "quiet",
    Link.State.VOIDED: "quiet",
}


@dataclass(frozen=True, slots=True)
class BillRow:
    """One bill. `amount` is in `currency`; `page` is its own page here, and the ids link to both sides."""

    clio_id: int
    number: str
    page: str
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
    csv: str


def read_bills(*, chosen: BillFilter, all_bills: int, addresses: Addresses) -> BillList:
    """Read one page of the current firm's bills: one query, and one more to count where the list is narrowed."""
    rows = found_bills(chosen)
    found = rows.count() if chosen.is_narrow else all_bills
    pages = max(1, -(-found // PAGE_SIZE))
    page = min(max(chosen.page, 1), pages)
    start = (page - 1) * PAGE_SIZE
    links = rows.only(*_COLUMNS).order_by(*order_of(chosen.sort))[start : start + PAGE_SIZE]
    shown = tuple(_row(link, addresses) for link in links)
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
        csv=replace(chosen, page=1).query(),
    )


def found_bills(chosen: BillFilter) -> QuerySet[Link]:
    """The current firm's bills that fit a filter, in no order."""
    rows = Link.objects.filter(kind=Link.Kind.INVOICE)
    if chosen.state:
        rows = rows.filter(state__in=STATES_OF.get(chosen.state, (chosen.state,)))
    if chosen.text:
        columns = ("number", "title", "reason", "notice")
        rows = rows.filter(reduce(or_, (Q(**{f"{name}__icontains": chosen.text}) for name in columns)))
    if chosen.client:
        rows = rows.filter(title__icontains=chosen.client)
    if chosen.issued_from:
        rows = rows.filter(dated__gte=chosen.issued_from)
    if chosen.issued_to:
        rows = rows.filter(dated__lte=chosen.issued_to)
    if chosen.amount_from is not None:
        rows = rows.filter(amount_minor__gte=to_cents(chosen.amount_from))
    if chosen.amount_to is not None:
        rows = rows.filter(amount_minor__lte=to_cents(chosen.amount_to))
    return rows


def order_of(sort: str) -> tuple[str, str]:
    """The columns that a list is sorted by; every order ends with the Clio id, so that pages never overlap."""
    minus = "-" if sort.startswith("-") else ""
    return f"{minus}{COLUMNS[sort.removeprefix('-')]}", f"{minus}clio_id"


def _row(link: Link, addresses: Addresses) -> BillRow:
    return BillRow(
        clio_id=link.clio_id,
        number=link.number or str(link.clio_id),
        page=reverse("bill_record", args=[link.clio_id]),
        client=link.title,
        dated=link.dated,
        amount=None if link.amount_minor is None else from_cents(link.amount_minor),
        currency=link.currency,
        state=link.state,
        state_words=str(Link.State(link.state).label),
        tone=TONES[Link.State(link.state)],
        reason=sentence(link.reason),
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
