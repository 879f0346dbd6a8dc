"""The list of all bills: filtered, sorted, a page at a time."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from syncengine.domain.money import from_cents, to_cents
from syncengine.models import Link
from syncengine.pages.addresses import Addresses

PAGE_SIZE = 50
NEEDS_SOMEBODY = "needs_somebody"
_STATES_OF: Mapping[str, tuple[str, ...]] = {
    NEEDS_SOMEBODY: (Link.State.BLOCKED, Link.State.REFUSED),
    Link.State.WAITING: (Link.State.WAITING, Link.State.NEW),
}
#: Heading → column. Every order ends with the Clio id, so that pages never overlap.
_COLUMNS = {"number": "number", "client": "title", "date": "dated", "amount": "amount_minor", "state": "state"}
DEFAULT_SORT = "-date"
SORTS = frozenset({*_COLUMNS, *(f"-{name}" for name in _COLUMNS)})
TONES = {
    Link.State.NEW: "waiting",
    Link.State.IN_STEP: "good",
    Link.State.WAITING: "waiting",
    Link.State.BLOCKED: "refused",
    Link.State.REFUSED: "refused",
    Link.State.IGNORED: "quiet",
    Link.State.OUT_OF_RANGE: "quiet",
    Link.State.NOT_SENT: "quiet",
}


@dataclass(frozen=True, slots=True)
class BillFilter:
    """What the reader asked for. Amounts are in each bill's own currency; `state` is a Link state or NEEDS_SOMEBODY."""

    state: str = ""
    text: str = ""
    issued_from: date | None = None
    issued_to: date | None = None
    amount_from: Decimal | None = None
    amount_to: Decimal | None = None
    sort: str = DEFAULT_SORT
    page: int = 1

    @property
    def is_narrow(self) -> bool:
        """Whether anything but the order and the page was asked for."""
        return any(getattr(self, name) not in ("", None) for name in _NARROWING)

    def query(self) -> str:
        """The filter as the part of an address that begins with "?"; what is at its default is left out."""
        default = BillFilter()
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        told = {name: str(value) for name, value in values.items() if value != getattr(default, name)}
        return f"?{urlencode(told)}"


_NARROWING = ("state", "text", "issued_from", "issued_to", "amount_from", "amount_to")


@dataclass(frozen=True, slots=True)
class Chip:
    """One active filter, in words, and the address of the list without it."""

    words: str
    without: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's heading: a link that sorts by it. `direction` is "ascending", "descending" or empty."""

    name: str
    address: str
    direction: str
    is_amount: bool = False


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
        headings=_headings(chosen),
        chips=_chips(chosen),
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
        rows = rows.filter(state__in=_STATES_OF.get(chosen.state, (chosen.state,)))
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
    return rows.order_by(f"{minus}{_COLUMNS[sort.removeprefix('-')]}", f"{minus}clio_id")


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


def _headings(chosen: BillFilter) -> tuple[Heading, ...]:
    names = {
        "number": _("Bill"),
        "state": _("State"),
        "client": _("Client"),
        "date": _("Issued"),
        "amount": _("Amount"),
    }
    return tuple(_heading(chosen, key, name) for key, name in names.items())


def _heading(chosen: BillFilter, key: str, name: str) -> Heading:
    descends = {key: "ascending", f"-{key}": "descending"}.get(chosen.sort, "")
    # Dates and amounts are looked through from the top first.
    first, second = (f"-{key}", key) if key in {"date", "amount"} else (key, f"-{key}")
    sort = second if chosen.sort == first else first
    return Heading(name, replace(chosen, sort=sort, page=1).query(), descends, is_amount=key == "amount")


def state_choices() -> list[tuple[str, str]]:
    """The states that the list can be narrowed to, in the order that matters to a reader."""
    return [
        (NEEDS_SOMEBODY, _("Needs somebody")),
        *(
            (state.value, str(state.label))
            for state in (
                Link.State.IN_STEP,
                Link.State.WAITING,
                Link.State.BLOCKED,
                Link.State.REFUSED,
                Link.State.IGNORED,
                Link.State.OUT_OF_RANGE,
                Link.State.NOT_SENT,
            )
        ),
    ]


def _chips(chosen: BillFilter) -> tuple[Chip, ...]:
    words = {
        "state": lambda value: _("State: %(value)s") % {"value": dict(state_choices()).get(value, value)},
        "text": lambda value: _("“%(value)s”") % {"value": value},
        "issued_from": lambda value: _("Issued from %(value)s") % {"value": value},
        "issued_to": lambda value: _("Issued to %(value)s") % {"value": value},
        "amount_from": lambda value: _("At least %(value)s") % {"value": f"{value:,}"},
        "amount_to": lambda value: _("At most %(value)s") % {"value": f"{value:,}"},
    }
    default = BillFilter()
    active = [name for name in _NARROWING if getattr(chosen, name) not in ("", None)]
    return tuple(
        Chip(
            words[name](getattr(chosen, name)),
            replace(chosen, **{name: getattr(default, name)}, page=1).query(),
        )
        for name in active
    )
