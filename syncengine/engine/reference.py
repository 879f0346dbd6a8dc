"""Short lists read whole: Xero's chart, tax rates and organisation, Clio's categories; and the rules made of them."""

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Exists

from accounts.models import Firm
from syncengine.clio import ClioClient
from syncengine.connections import clio_web_url, open_clio, open_xero
from syncengine.domain.records import digest_of
from syncengine.domain.rules import Account, CategoryKey, Organisation, Rules, TaxRate
from syncengine.models import CategoryAccount, Connection, Link, ReferenceList, Service, Snapshot, SyncSettings
from syncengine.transport.errors import TransportError
from syncengine.xero import XeroClient

#: Four times a day (BEHAVIOUR §3).
FRESH_FOR = timedelta(hours=6)
#: Accounts made in Clio from then on have appended IDs fixed on (BEHAVIOUR §3).
APPEND_IDS_FIXED_FROM = date(2019, 7, 1)

_Name = ReferenceList.Name


def refresh_reference(*, firm: Firm, clock: Callable[[], datetime]) -> None:
    """Read the chart, tax rates, organisation and Clio's categories anew, as the settings page and its button ask.

    Raises:
        NotConnected, TransportError: as opening and reading do; what was read before stays in force.
    """
    clio = open_clio(firm=firm, clock=clock)
    try:
        tax = clio_tax(clio.billing_settings())
    except TransportError:
        # Which permission these settings need is not known (C 1.7); they serve suggestions only.
        tax = None
    refresh_xero_lists(xero=open_xero(firm=firm, clock=clock), tax=tax, now=clock())
    refresh_categories(clio=clio, now=clock())


def clio_tax(billing: Mapping[str, Any]) -> dict[str, Any]:
    """Clio's tax rates, per cent as text, with their names, from its billing settings (C 10.2)."""
    found: dict[str, Any] = {"names": {}}
    for case, name in (("primary", "tax_rate"), ("secondary", "secondary_tax_rate")):
        rate = Decimal(str(billing.get(name) or 0))
        if rate:
            # A fraction in places, a percentage in others: no sales tax is below one per cent.
            found[case] = format((rate * 100 if rate < 1 else rate).normalize(), "f")
            found["names"][case] = str(billing.get(name.replace("rate", "name")) or "")
    return found


def refresh_xero_lists(*, xero: XeroClient, tax: dict[str, Any] | None, now: datetime) -> None:
    """Read Xero's three lists and keep them; Clio's tax rates stay as they were where none are given."""
    accounts, rates, organisation = xero.accounts(), xero.tax_rates(), xero.organisation()
    plain: dict[str, Any] = _plain(organisation)
    known = ReferenceList.objects.filter(name=_Name.ORGANISATION).values_list("payload", flat=True).first() or {}
    plain["clio_tax"] = known.get("clio_tax", {}) if tax is None else tax
    _keep(_Name.ACCOUNTS, [_plain(account) for account in accounts], now)
    _keep(_Name.TAX_RATES, [_plain(rate) for rate in rates], now)
    _keep(_Name.ORGANISATION, plain, now)


def refresh_categories(*, clio: ClioClient, now: datetime) -> None:
    """Read Clio's activity and expense categories and keep them."""
    _keep(_Name.CATEGORIES, [_plain(category) for category in clio.categories()], now)


def _plain(value: Any) -> Any:
    def text(item: Any) -> Any:
        if isinstance(item, Decimal):
            return format(item, "f")
        return item.isoformat() if isinstance(item, date) else item

    return {field.name: text(getattr(value, field.name)) for field in dataclasses.fields(value)}


def _keep(name: str, payload: Any, now: datetime) -> None:
    ReferenceList.objects.update_or_create(
        name=name, defaults={"payload": payload, "digest": digest_of(payload), "refreshed_at": now}
    )


@dataclasses.dataclass(frozen=True, slots=True)
class Setup:
    """The rules, and what goes with them."""

    rules: Rules
    #: Moves whenever anything that could unblock a record moves.
    digest: str
    #: Moves when what is in scope moves.
    scope_digest: str
    services: dict[int, str]
    expenses: dict[int, str]
    oldest_refresh: datetime | None
    last_good_call: datetime | None = None
    #: Whether people decided something that no run has taken up yet.
    has_decisions: bool = False
    #: Whether a run that failed left bills marked whose removed lines and allocations have to be looked for.
    has_marked: bool = False


def load_rules(*, firm: Firm) -> Rules:
    """The current firm's rules. See `load_setup`."""
    return load_setup(firm=firm).rules


def load_setup(*, firm: Firm) -> Setup:
    """Read settings, category accounts, reference lists and the Clio connection into one plain value (four queries)."""
    waiting = Exists(Link.objects.exclude(decided={}))
    marked = Exists(Snapshot.objects.filter(relist=True))
    annotated = SyncSettings.objects.annotate(has_decisions=waiting, has_marked=marked)
    settings = annotated.first() or SyncSettings(firm=firm)
    lists = {row.name: row for row in ReferenceList.objects.all()}
    chosen = {(row.kind, row.clio_id): row.account_id for row in CategoryAccount.objects.all()}
    clio = Connection.objects.filter(service=Service.CLIO).first()
    accounts = {row["account_id"]: Account(**row) for row in _payload(lists, _Name.ACCOUNTS, [])}
    categories = _payload(lists, _Name.CATEGORIES, [])
    rules = Rules(
        export_bills=settings.export_bills,
        time_entries_account=settings.time_entries_account,
        expenses_account=settings.expenses_account,
        interest_account=settings.interest_account,
        credit_notes_account=settings.credit_notes_account,
        clio_payments_account=settings.clio_payments_account,
        payment_bank_account=settings.payment_bank_account,
        issued_from=settings.bills_issued_from,
        issued_to=settings.bills_issued_to,
        only_approved=settings.only_approved_bills,
        append_ids=appends_ids(settings=settings, clio=clio),
        append_id_for=frozenset(settings.append_id_for),
        tax_none=settings.tax_none,
        tax_primary=settings.tax_primary,
        tax_secondary=settings.tax_secondary,
        tax_both=settings.tax_both,
        category_accounts=_category_accounts(categories, chosen, accounts.values()),
        accounts=accounts,
        tax_rates={
            row["tax_type"]: TaxRate(**{**row, "effective_rate": Decimal(row["effective_rate"])})
            for row in _payload(lists, _Name.TAX_RATES, [])
        },
        organisation=_organisation(_payload(lists, _Name.ORGANISATION, {})),
        clio_web_url=clio_web_url(clio.region) if clio else "",
    )
    scope = [rules.export_bills, str(rules.issued_from), str(rules.issued_to), rules.only_approved]
    parts = [settings.version, settings.append_id_for, sorted(map(str, chosen.items()))]
    return Setup(
        rules=rules,
        digest=digest_of([*parts, *(row.digest for _, row in sorted(lists.items()))]),
        scope_digest=digest_of(scope),
        services={row["id"]: row["name"] for row in categories if row["kind"] == "service"},
        expenses={row["id"]: row["name"] for row in categories if row["kind"] == "expense"},
        oldest_refresh=min((row.refreshed_at for row in lists.values()), default=None) if len(lists) == 4 else None,
        last_good_call=clio.last_good_call_at if clio else None,
        has_decisions=getattr(settings, "has_decisions", False),
        has_marked=getattr(settings, "has_marked", False),
    )


def appends_ids(*, settings: SyncSettings, clio: Connection | None) -> bool:
    """Whether new contacts get their Clio ID appended: a choice only for accounts made before 1 July 2019."""
    if clio and clio.remote_created_at and clio.remote_created_at.date() < APPEND_IDS_FIXED_FROM:
        return settings.append_contact_ids
    return True


def _payload(lists: dict[str, ReferenceList], name: str, default: Any) -> Any:
    return lists[name].payload if name in lists else default


def _category_accounts(
    categories: Iterable[dict[str, Any]], chosen: dict[tuple[str, int], str], accounts: Iterable[Account]
) -> dict[CategoryKey, str]:
    by_code = {account.code: account.account_id for account in accounts if account.code}
    by_id = {account.account_id for account in accounts}
    found: dict[CategoryKey, str] = {}
    for row in categories:
        key: CategoryKey = (row["kind"], row["id"])
        # Whether Clio holds a code or an account's id is not known (C 8.2): accept either.
        held = by_code.get(row["xero_code"]) or (row["xero_code"] if row["xero_code"] in by_id else "")
        account_id = chosen.get(key, held)
        if account_id:
            found[key] = account_id
    return found


def _organisation(plain: dict[str, Any]) -> Organisation:
    def day(name: str) -> date | None:
        return date.fromisoformat(plain[name]) if plain.get(name) else None

    return Organisation(
        name=plain.get("name", ""),
        base_currency=plain.get("base_currency", ""),
        period_lock=day("period_lock"),
        year_end_lock=day("year_end_lock"),
    )
