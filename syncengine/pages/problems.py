"""Sync errors as the page tells them: grouped by cause, newest first inside, never more than a page can hold."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, TypeVar

from django.db.models import BigIntegerField, Case, Count, F, Max, Min, OuterRef, Q, Subquery, When, Window
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, RowNumber
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from syncengine.domain.setting_names import SETTING_NAMES
from syncengine.models import Link, Snapshot, SyncError
from syncengine.pages.addresses import Addresses

RECORDS_SHOWN = 20
_ROWS_READ = 600
_WAITING_READ = 500
_WAITING_SHOWN = 10
_RECORD_KINDS = (Link.Kind.CONTACT, Link.Kind.INVOICE)
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class WaitingBill:
    """A bill that goes on once its contact does."""

    number: str
    clio_url: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One sync error of one record, or of the firm as a whole (`is_of_firm`). Times are UTC."""

    id: int
    name: str
    is_of_firm: bool
    message: str
    remedy: str
    xero_messages: tuple[str, ...]
    clio_url: str
    clio_id: int | None
    xero_url: str
    first_seen_at: datetime
    last_seen_at: datetime
    times: int
    waiting: tuple[WaitingBill, ...]
    waiting_words: str
    ignored_reason: str
    ignored_by: str


@dataclass(frozen=True, slots=True)
class Cause:
    """The problems of one cause. `id` is that of one of them, and stands for all; `more` are not listed."""

    id: int
    title: str
    remedy: str
    xero_messages: tuple[str, ...]
    settings_page: str
    count: int
    count_words: str
    first_seen_at: datetime
    last_seen_at: datetime
    problems: tuple[Problem, ...]
    more: int

    @property
    def is_one(self) -> bool:
        """Whether one record alone has this problem."""
        return self.count == 1


@dataclass(frozen=True, slots=True)
class Problems:
    """What needs somebody, and what somebody decided to leave."""

    open: tuple[Cause, ...]
    ignored: tuple[Problem, ...]


def read_problems(*, addresses: Addresses) -> Problems:
    """Read the current firm's open and ignored errors: three queries at most, however many there are."""
    rows = _rows()
    links = _links(rows)
    waiting = _waiting([row.clio_id for row in rows if row.kind == Link.Kind.CONTACT and row.clio_id], addresses)
    causes: list[Cause] = []
    ignored: list[Problem] = []
    for (state, _code, _cause), group in groupby(rows, key=lambda row: (row.state, row.code, row.cause)):
        of_cause = list(group)
        problems = tuple(_problem(row, links, waiting, addresses) for row in of_cause)
        if state == SyncError.State.IGNORED:
            ignored.extend(problems)
        else:
            causes.append(_cause_of(of_cause, problems))
    return Problems(open=tuple(causes), ignored=tuple(ignored))


def _rows() -> list[Any]:
    """The first records of every cause, each with the figures of its whole cause; what holds up most comes first."""
    cause: dict[str, Any] = {"partition_by": [F("state"), F("code"), F("cause")]}
    shown = (SyncError.State.OPEN, SyncError.State.IGNORED)
    return list(
        SyncError.objects.filter(state__in=shown)
        .select_related("ignored_by")
        .annotate(
            place=Window(RowNumber(), order_by=[F("last_seen_at").desc(), F("pk").asc()], **cause),
            of_cause=Window(Count("pk"), **cause),
            first_of_cause=Window(Min("first_seen_at"), **cause),
            last_of_cause=Window(Max("last_seen_at"), **cause),
            of_firm=Case(When(kind__in=_RECORD_KINDS, then=0), default=1),
        )
        .filter(place__lte=RECORDS_SHOWN)
        .order_by("-state", "-of_firm", "-of_cause", "code", "cause", "place")[:_ROWS_READ]
    )


def _links(rows: Iterable[Any]) -> dict[tuple[str, int], Link]:
    ids: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        if row.clio_id is not None and row.kind in _RECORD_KINDS:
            ids[row.kind].append(row.clio_id)
    if not ids:
        return {}
    wanted = Q(pk__in=[])
    for kind, clio_ids in ids.items():
        wanted |= Q(kind=kind, clio_id__in=clio_ids)
    columns = ("kind", "clio_id", "firm_id", "xero_id", "number", "title")
    return {(link.kind, link.clio_id): link for link in Link.objects.filter(wanted).only(*columns)}


def _waiting(contact_ids: Sequence[int], addresses: Addresses) -> dict[int, list[WaitingBill]]:
    """The bills that wait for these contacts, found among all that wait."""
    if not contact_ids:
        return {}
    of_bill = Snapshot.objects.filter(kind=Snapshot.Kind.BILL, clio_id=OuterRef("clio_id"))
    client = Cast(KeyTextTransform("client_id", "record"), BigIntegerField())
    rows = (
        Link.objects.filter(kind=Link.Kind.INVOICE, state=Link.State.WAITING)
        .annotate(client=Subquery(of_bill.values(of_client=client)[:1]))
        .filter(client__in=contact_ids)
        .order_by("clio_id")
        .values_list("client", "clio_id", "number")[:_WAITING_READ]
    )
    found: dict[int, list[WaitingBill]] = defaultdict(list)
    for client_id, clio_id, number in rows:
        address = addresses.in_clio(kind=Link.Kind.INVOICE, clio_id=clio_id)
        found[client_id].append(WaitingBill(number or str(clio_id), address))
    return found


def _problem(
    row: Any,
    links: Mapping[tuple[str, int], Link],
    waiting: Mapping[int, Sequence[WaitingBill]],
    addresses: Addresses,
) -> Problem:
    link = links.get((row.kind, row.clio_id))
    bills = waiting.get(row.clio_id, ()) if row.kind == Link.Kind.CONTACT else ()
    return Problem(
        id=row.pk,
        name=_name(row, link),
        is_of_firm=row.kind not in _RECORD_KINDS,
        message=_sentence(row.message),
        remedy=row.remedy,
        xero_messages=tuple(str(message) for message in row.xero_messages),
        clio_url=addresses.in_clio(kind=row.kind, clio_id=row.clio_id),
        clio_id=row.clio_id,
        xero_url=addresses.in_xero(kind=row.kind, xero_id=link.xero_id if link else None),
        first_seen_at=row.first_seen_at,
        last_seen_at=row.last_seen_at,
        times=row.times,
        waiting=tuple(bills[:_WAITING_SHOWN]),
        waiting_words=_waiting_words(len(bills)),
        ignored_reason=row.ignored_reason,
        ignored_by=str(row.ignored_by or ""),
    )


def _waiting_words(count: int) -> str:
    if not count:
        return ""
    if count >= _WAITING_READ:
        return _("%(count)s bills or more wait for it") % {"count": f"{count:,}"}
    return ngettext("%(count)s bill waits for it", "%(count)s bills wait for it", count) % {"count": f"{count:,}"}


def _name(row: Any, link: Link | None) -> str:
    if row.kind == Link.Kind.INVOICE:
        number = (link.number if link else "") or row.details.get("number") or str(row.clio_id)
        return _("Bill %(number)s") % {"number": number}
    if row.kind == Link.Kind.CONTACT:
        return (link.title if link else "") or row.details.get("contact") or _("Contact %(id)s") % {"id": row.clio_id}
    return _("The whole firm")


def _cause_of(rows: Sequence[Any], problems: tuple[Problem, ...]) -> Cause:
    first = rows[0]
    return Cause(
        id=first.pk,
        title=_title(problems, first.of_cause),
        remedy=_same([row.remedy for row in rows]) or "",
        xero_messages=_same([problem.xero_messages for problem in problems]) or (),
        settings_page=settings_page(first.field),
        count=first.of_cause,
        count_words=ngettext("%(count)s record", "%(count)s records", first.of_cause)
        % {"count": f"{first.of_cause:,}"},
        first_seen_at=first.first_of_cause,
        last_seen_at=first.last_of_cause,
        problems=problems,
        more=first.of_cause - len(problems),
    )


def _title(problems: Sequence[Problem], count: int) -> str:
    common = _same([problem.message for problem in problems])
    if common:
        return common
    return _("%(message)s And %(others)s more like it.") % {
        "message": problems[0].message,
        "others": f"{count - 1:,}",
    }


def _sentence(message: str) -> str:
    return message if message.endswith((".", "!", "?")) else f"{message}."


def _same(values: Sequence[_T]) -> _T | None:
    return values[0] if all(value == values[0] for value in values) else None


def settings_page(field: str) -> str:
    """The name of the page on which this field is mended, or empty text."""
    if field in SETTING_NAMES:
        return "xero_settings"
    return "categories" if field.startswith("category:") else ""
