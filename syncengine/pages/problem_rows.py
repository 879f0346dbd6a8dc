"""The rows that the pages of sync errors are made from: errors with their links, and the bills that wait."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    F,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
    Window,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, JSONObject, RowNumber

from syncengine.models import Link, Snapshot, SyncError

RECORDS_SHOWN: Final = 20
WAITING_READ: Final = 500
_ROWS_READ: Final = 600
_SHOWN: Final = (SyncError.State.OPEN, SyncError.State.IGNORED)


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """What pages tell of an error's link; empty values where there is none yet."""

    xero_id: str = ""
    number: str = ""
    title: str = ""
    bill_id: int | None = None
    bill_number: str = ""
    invoice_id: str = ""
    natural_key: str = ""
    generation: int = 1
    decided: str = ""
    decided_by: str = ""


_Key = tuple[str, int | None]
_LINK_COLUMNS: Final = (
    "kind", "clio_id", "xero_id", "number", "title", "bill_id", "natural_key", "generation", "decided",
)  # fmt: skip


def link_rows(rows: Iterable[Any]) -> QuerySet[Any]:
    """The links of these errors, and those of the bills on which they stand; `plain` is each as JSON.

    One look by key: what is looked up for each of thousands of errors would take minutes while a first sync fills the
    tables and PostgreSQL has not counted them yet.
    """
    ids: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        if row.clio_id is not None:
            ids[row.kind].add(row.clio_id)
    wanted = Q(pk__in=[])
    for kind, clio_ids in ids.items():
        wanted |= Q(kind=kind, clio_id__in=clio_ids)
        if kind not in {Link.Kind.INVOICE, Link.Kind.CONTACT}:
            of_kind = Link.objects.filter(kind=kind, clio_id__in=clio_ids, bill_id__isnull=False)
            wanted |= Q(kind=Link.Kind.INVOICE, clio_id__in=of_kind.values("bill_id"))
    return Link.objects.filter(wanted).annotate(plain=JSONObject(**{name: name for name in _LINK_COLUMNS}))


def link_facts(plain_links: Iterable[Mapping[str, Any]]) -> dict[_Key, LinkFacts]:
    """What the links of `link_rows` tell, by kind and Clio id."""
    by_key: dict[_Key, Mapping[str, Any]] = {(plain["kind"], plain["clio_id"]): plain for plain in plain_links}
    return {key: _facts(plain, by_key.get((Link.Kind.INVOICE, plain["bill_id"]), {})) for key, plain in by_key.items()}


def _facts(plain: Mapping[str, Any], bill: Mapping[str, Any]) -> LinkFacts:
    decided = plain["decided"] or {}
    return LinkFacts(
        xero_id=plain["xero_id"] or "",
        number=plain["number"],
        title=plain["title"],
        bill_id=plain["bill_id"],
        bill_number=bill.get("number") or "",
        invoice_id=bill.get("xero_id") or "",
        natural_key=plain["natural_key"],
        generation=plain["generation"],
        decided=decided.get("words", ""),
        decided_by=decided.get("by", ""),
    )


def _errors() -> QuerySet[Any]:
    """Errors of the current firm with the figures of their whole cause."""
    cause: dict[str, Any] = {"partition_by": [F("state"), F("code"), F("cause")]}
    return (
        SyncError.objects.filter(state__in=_SHOWN)
        .select_related("ignored_by")
        .annotate(
            place=Window(RowNumber(), order_by=[F("last_seen_at").desc(), F("pk").asc()], **cause),
            of_cause=Window(Count("pk"), **cause),
            first_of_cause=Window(Min("first_seen_at"), **cause),
            last_of_cause=Window(Max("last_seen_at"), **cause),
            of_firm=Case(When(clio_id__isnull=True, then=1), default=0),
        )
    )


def leading_rows() -> list[Any]:
    """The first records of every cause; what holds up the whole firm comes first, then what holds up most."""
    shown = _errors().filter(place__lte=RECORDS_SHOWN)
    return list(shown.order_by("-state", "-of_firm", "-of_cause", "code", "cause", "place")[:_ROWS_READ])


def rows_of_causes(keys: Collection[tuple[str, str, str]]) -> list[Any]:
    """The first records of these causes, each named by state, code and cause; in the order of `keys`."""
    wanted = Q(pk__in=[])
    for state, code, cause in keys:
        wanted |= Q(state=state, code=code, cause=cause)
    places = {key: place for place, key in enumerate(keys)}
    rows = list(_errors().filter(wanted).filter(place__lte=RECORDS_SHOWN).order_by("place"))
    return sorted(rows, key=lambda row: (places[row.state, row.code, row.cause], row.place))


def rows_of_cause(*, state: str, code: str, cause: str, start: int, end: int) -> list[Any]:
    """The records of one cause from place `start` (from 0) to before `end`, newest first."""
    rows = _errors().filter(state=state, code=code, cause=cause).filter(place__gt=start, place__lte=end)
    return list(rows.order_by("place"))


def rows_of_records(records: Collection[tuple[str, int]]) -> list[Any]:
    """The open and ignored errors of these records, each named by kind and Clio id, cause by cause."""
    wanted = Q(pk__in=[])
    for kind in {kind for kind, _ in records}:
        wanted |= Q(kind=kind, clio_id__in=[clio_id for of_kind, clio_id in records if of_kind == kind])
    return list(_errors().filter(wanted).order_by("-state", "code", "cause", "place")[:_ROWS_READ])


def rows_of_errors(ids: Collection[int]) -> list[Any]:
    """These errors, if they are open or ignored."""
    return list(_errors().filter(pk__in=ids).order_by("pk"))


def cause_keys(*, state: str, start: int, end: int) -> list[tuple[str, str, str]]:
    """The causes of this state, from the one that holds up most, without their records."""
    of_firm = Case(When(clio_id__isnull=True, then=Value(1)), default=Value(0))
    causes = (
        SyncError.objects.filter(state=state)
        .order_by()
        .values("code", "cause")
        .annotate(of_firm=Max(of_firm), of_cause=Count("pk"))
        .order_by("-of_firm", "-of_cause", "code", "cause")
    )
    return [(state, row["code"], row["cause"]) for row in causes[start:end]]


def waiting_bills(contact_ids: Sequence[int]) -> dict[int, list[tuple[int, str]]]:
    """The bills that wait for these contacts, as (Clio id, number), found among all that wait."""
    if not contact_ids:
        return {}
    of_bill = Snapshot.objects.filter(kind=Snapshot.Kind.BILL, clio_id=OuterRef("clio_id"))
    client = Cast(KeyTextTransform("client_id", "record"), BigIntegerField())
    rows = (
        Link.objects.filter(kind=Link.Kind.INVOICE, state=Link.State.WAITING)
        .annotate(client=Subquery(of_bill.values(of_client=client)[:1]))
        .filter(client__in=contact_ids)
        .order_by("clio_id")
        .values_list("client", "clio_id", "number")[:WAITING_READ]
    )
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for client_id, clio_id, number in rows:
        found[client_id].append((clio_id, number))
    return found


def count_open_errors() -> int:
    """How many open errors the current firm has, as the navigation shows."""
    return SyncError.objects.filter(state=SyncError.State.OPEN).count()


def contacts_in(rows: Iterable[Any]) -> list[int]:
    """The contacts among the records of these errors."""
    return [row.clio_id for row in rows if row.kind == Link.Kind.CONTACT and row.clio_id]
