"""The Xero settings page (BEHAVIOUR §3), shown as saved, or as somebody just posted it."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Firm
from syncengine.domain.chart import Chart
from syncengine.domain.setting_names import ACCOUNT_SETTINGS, CLIO_PAYMENTS_REGIONS, SETTING_NAMES, TAX_SETTINGS
from syncengine.models import SyncError, SyncSettings
from syncengine.pages.facts import ConnectionView, Facts, read_facts
from syncengine.pages.faults import Fault, faults_of
from syncengine.pages.reference import read_reference
from syncengine.pages.setting_fields import DateEntry, Dropdown, SettingFields, Submitted, Tick
from syncengine.pages.status import Status, build_status

#: A Clio account made before this day chooses whether IDs are appended; a later one has them, fixed (BEHAVIOUR §3).
APPEND_IDS_FIXED_FROM = datetime(2019, 7, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class XeroSettingsPage:
    """Everything that the page shows."""

    status: Status
    open_errors: int
    export_bills: Tick
    accounts: tuple[Dropdown, ...]
    issued_from: DateEntry
    issued_to: DateEntry
    only_approved: Tick
    append_ids: Tick
    append_ids_fixed: bool
    clio_since: datetime | None
    taxes: tuple[Dropdown, ...]
    version: int
    saved_at: datetime | None
    saved_by: str
    faults: tuple[Fault, ...]
    without_code_words: str
    refreshed_at: datetime | None
    has_chart: bool
    bills_in_xero: int


def append_ids_fixed(clio: ConnectionView) -> bool:
    """Whether IDs are always appended. Not knowing the account's age counts as a later one: that is the safe side."""
    return clio.remote_created_at is None or clio.remote_created_at >= APPEND_IDS_FIXED_FROM


def build_xero_settings(*, firm: Firm, submitted: Submitted | None = None, stale: bool = False) -> XeroSettingsPage:
    """Build the current firm's page in seven queries. `stale`: tell beside each field what was saved meanwhile."""
    facts = read_facts(firm)
    reference = read_reference()
    saved = SyncSettings.objects.select_related("saved_by").first() or SyncSettings(firm=firm)
    fields = SettingFields(saved, reference, submitted, held_up(), stale=stale)
    issued_from, issued_to = date_fields(fields)
    status = build_status(facts)
    return XeroSettingsPage(
        status=status,
        open_errors=facts.open_errors,
        export_bills=fields.tick("export_bills"),
        accounts=tuple(fields.account(name) for name in account_settings(facts)),
        issued_from=issued_from,
        issued_to=issued_to,
        only_approved=fields.tick("only_approved_bills"),
        append_ids=ids_tick(fields, facts.clio),
        append_ids_fixed=append_ids_fixed(facts.clio),
        clio_since=facts.clio.remote_created_at,
        taxes=tuple(fields.tax(name) for name in TAX_SETTINGS),
        version=saved.version,
        saved_at=saved.saved_at,
        saved_by=str(saved.saved_by or ""),
        faults=faults_of(submitted.errors if submitted else {}, SETTING_NAMES),
        without_code_words=without_code_words(reference.chart),
        refreshed_at=reference.refreshed_at,
        has_chart=bool(reference.chart.accounts),
        bills_in_xero=status.counters.in_step,
    )


def date_fields(fields: SettingFields) -> tuple[DateEntry, DateEntry]:
    """Both ends of the range of issue dates."""
    return fields.date("bills_issued_from", _("from")), fields.date("bills_issued_to", _("to"))


def ids_tick(fields: SettingFields, clio: ConnectionView) -> Tick:
    """Whether IDs are appended; on, without a choice, for later accounts."""
    if append_ids_fixed(clio):
        return Tick("append_contact_ids", SETTING_NAMES["append_contact_ids"], is_on=True)
    return fields.tick("append_contact_ids")


def offers_clio_payments(facts: Facts) -> bool:
    """Whether the firm has Clio Payments: by the region of its Clio account, or its own before that is known."""
    return (facts.clio.region or facts.firm.region) in CLIO_PAYMENTS_REGIONS


def account_settings(facts: Facts) -> tuple[str, ...]:
    """The account settings that the firm has, in the page's order."""
    offered = offers_clio_payments(facts)
    return tuple(name for name in ACCOUNT_SETTINGS if offered or name != "clio_payments_account")


def held_up() -> dict[str, int]:
    """How many records each setting holds up, by field name."""
    rows = SyncError.objects.filter(state=SyncError.State.OPEN, field__in=SETTING_NAMES)
    return dict(rows.order_by().values_list("field").annotate(Count("pk")))


def without_code_words(chart: Chart) -> str:
    """How many accounts are left out for having no code, and how to add one."""
    count = chart.without_code()
    if not count:
        return ""
    return ngettext(
        "%(count)s account is left out because it has no code. Add one in Xero (Accounting, Chart of accounts), "
        "then refresh the chart.",
        "%(count)s accounts are left out because they have no code. Add one in Xero (Accounting, Chart of accounts), "
        "then refresh the chart.",
        count,
    ) % {"count": f"{count:,}"}
