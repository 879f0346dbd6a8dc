"""What the ways out of sync errors need to know of the firm: settings, chart, categories, contacts; in one query."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, JSONField, OuterRef, Q, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import JSONObject

from accounts.firm_scope import current_firm_id
from accounts.models import Firm
from syncengine.domain.chart import Chart, chart_from_payloads
from syncengine.domain.rules import CategoryKey
from syncengine.domain.setting_names import ACCOUNT_SETTINGS, SETTING_NAMES, TAX_SETTINGS
from syncengine.domain.ways import field_of_category
from syncengine.models import (
    CategoryAccount,
    Connection,
    Link,
    ReferenceList,
    Service,
    SyncError,
    SyncSettings,
    XeroContact,
)
from syncengine.pages.problem_rows import LinkFacts, link_facts, link_rows

_Name: Final = ReferenceList.Name
_MOST_CONTACTS: Final = 200
#: A Clio account made before this day chooses whether IDs are appended; a later one has them, fixed (BEHAVIOUR §3).
_IDS_FIXED_FROM: Final = datetime(2019, 7, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ContactOffer:
    """A contact in Xero that a client may be linked to. `linked_to` names the client that it belongs to already."""

    contact_id: str
    name: str
    email: str
    number: str
    is_live: bool
    linked_to: str


@dataclass(frozen=True, slots=True)
class RemedyFacts:
    """As plain values. `named` is what is in force by field: setting or category → AccountID or TaxType.

    `pays_into` is the matched bank account; empty: payments are not synced, so those in Xero are not read. Credits go
    on `credits_on`; empty: they are not synced.
    """

    chart: Chart = field(default_factory=Chart)
    named: Mapping[str, str] = field(default_factory=dict)
    field_names: Mapping[str, str] = field(default_factory=dict)
    appends_all_ids: bool = True
    append_id_for: frozenset[int] = frozenset()
    contacts: tuple[ContactOffer, ...] = ()
    open_errors: int = 0
    clio_region: str = ""
    pays_into: str = ""
    credits_on: str = ""
    links: Mapping[tuple[str, int | None], LinkFacts] = field(default_factory=dict)


def read_remedy_facts(
    *, errors: Iterable[Any], names: Collection[str] = (), numbers: Collection[str] = ()
) -> RemedyFacts:
    """Read the current firm's facts, with the links of these errors' records, and the Xero contacts of these folded
    names or ContactNumbers.
    """
    contacts = Q(name_key__in=names) | Q(contact_number__in=numbers)
    row: Any = Firm.objects.values(
        accounts=_list(_Name.ACCOUNTS),
        tax_rates=_list(_Name.TAX_RATES),
        categories=_list(_Name.CATEGORIES),
        settings=Subquery(_settings().values("plain")[:1], output_field=JSONField()),
        chosen=ArraySubquery(
            CategoryAccount.objects.order_by().values(
                plain=JSONObject(kind="kind", clio_id="clio_id", account_id="account_id")
            )
        ),
        open_errors=Subquery(
            SyncError.objects.filter(state=SyncError.State.OPEN)
            .order_by()
            .values("firm")
            .annotate(n=Count("pk"))
            .values("n")
        ),
        clio_region=Subquery(Connection.objects.filter(service=Service.CLIO).values("region")[:1]),
        clio_since=Subquery(Connection.objects.filter(service=Service.CLIO).values("remote_created_at")[:1]),
        contacts=ArraySubquery(contact_rows(contacts).values("plain")[:_MOST_CONTACTS]),
        links=ArraySubquery(link_rows(errors).order_by().values("plain")),
    ).get(pk=current_firm_id())
    settings = row["settings"] or {}
    chart = chart_from_payloads(accounts=row["accounts"] or (), tax_rates=row["tax_rates"] or ())
    categories = row["categories"] or ()
    chosen: dict[CategoryKey, str] = {(one["kind"], one["clio_id"]): one["account_id"] for one in row["chosen"] or ()}
    since = row["clio_since"]
    return RemedyFacts(
        chart=chart,
        named=_named(settings, categories, chosen, chart),
        field_names=dict(SETTING_NAMES) | _category_names(categories),
        appends_all_ids=since is None or since >= _IDS_FIXED_FROM or bool(settings.get("append_contact_ids")),
        append_id_for=frozenset(settings.get("append_id_for") or ()),
        contacts=tuple(offer_of(plain) for plain in row["contacts"] or ()),
        links=link_facts(row["links"] or ()),
        open_errors=row["open_errors"] or 0,
        clio_region=row["clio_region"] or "",
        pays_into=settings.get("payment_bank_account") or "",
        credits_on=settings.get("credit_notes_account") or "",
    )


def _list(name: str) -> Subquery:
    return Subquery(ReferenceList.objects.filter(name=name).values("payload")[:1])


def _settings() -> Any:
    names = {*ACCOUNT_SETTINGS, *TAX_SETTINGS, "append_contact_ids", "append_id_for"}
    names |= {"payment_bank_account", "credit_notes_account"}
    return SyncSettings.objects.order_by().annotate(plain=JSONObject(**{name: name for name in names}))


def _category_names(categories: Any) -> dict[str, str]:
    return {field_of_category((one["kind"], one["id"])): str(one["name"]) for one in categories}


def _named(
    settings: Mapping[str, Any], categories: Any, chosen: Mapping[CategoryKey, str], chart: Chart
) -> dict[str, str]:
    """What is in force by field. A category that the firm did not choose for has what Clio itself holds."""
    named = {name: str(settings.get(name) or "") for name in (*ACCOUNT_SETTINGS, *TAX_SETTINGS)}
    for one in categories:
        key: CategoryKey = (one["kind"], one["id"])
        held = chart.account_holding(one.get("xero_code") or "")
        named[field_of_category(key)] = chosen.get(key, held.account_id if held else "")
    return named


def contact_rows(wanted: Q) -> Any:
    """Xero's contacts that fit, as last read, each with the client that it belongs to; by name."""
    client = Link.objects.filter(kind=Link.Kind.CONTACT, xero_id=OuterRef("contact_id")).order_by("pk")
    standing = {name: KeyTextTransform(name, "standing") for name in ("name", "email", "status")}
    return (
        XeroContact.objects.filter(wanted)
        .annotate(linked_to=Subquery(client.values("title")[:1]))
        .annotate(plain=JSONObject(contact_id="contact_id", number="contact_number", linked_to="linked_to", **standing))
        .order_by("name_key", "contact_id")
    )


def offer_of(plain: Mapping[str, Any]) -> ContactOffer:
    """One row of `contact_rows`."""
    return ContactOffer(
        contact_id=plain["contact_id"],
        name=plain["name"] or "",
        email=plain["email"] or "",
        number=plain["number"] or "",
        is_live=plain["status"] == "ACTIVE",
        linked_to=plain["linked_to"] or "",
    )
