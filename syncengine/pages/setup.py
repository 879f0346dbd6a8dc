"""The pages of the first-time path: connections, accounts and taxes, range and preferences (BEHAVIOUR §3)."""

from dataclasses import dataclass
from datetime import datetime

from syncengine.domain.setting_names import ACCOUNT_SETTINGS, SETTING_NAMES, TAX_SETTINGS
from syncengine.models import SyncSettings
from syncengine.pages.connections import ConnectionsPage, build_connections
from syncengine.pages.facts import Facts
from syncengine.pages.faults import Fault, faults_of
from syncengine.pages.reference import read_reference
from syncengine.pages.setting_fields import DateEntry, Dropdown, SettingFields, Submitted, Tick
from syncengine.pages.setup_steps import Steps, build_steps
from syncengine.pages.xero_settings import (
    account_settings,
    append_ids_fixed,
    date_fields,
    held_up,
    ids_tick,
    without_code_words,
)

#: What each of the two forms saves.
ACCOUNTS_STEP = (*ACCOUNT_SETTINGS, *TAX_SETTINGS)
PREFERENCES_STEP = ("bills_issued_from", "bills_issued_to", "only_approved_bills", "append_contact_ids")


@dataclass(frozen=True, slots=True)
class SetupPage:
    """What every page of the path shows around its own."""

    steps: Steps
    open_errors: int
    has_started: bool


@dataclass(frozen=True, slots=True)
class ConnectPage(SetupPage):
    """Both connections, and what is to be done about them."""

    connections: ConnectionsPage


@dataclass(frozen=True, slots=True)
class AccountsPage(SetupPage):
    """Accounts and tax rates; what is suggested counts once it is saved."""

    accounts: tuple[Dropdown, ...]
    taxes: tuple[Dropdown, ...]
    has_chart: bool
    is_connected: bool
    without_code_words: str
    refreshed_at: datetime | None
    version: int
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class PreferencesPage(SetupPage):
    """Range and preferences."""

    issued_from: DateEntry
    issued_to: DateEntry
    only_approved: Tick
    append_ids: Tick
    append_ids_fixed: bool
    version: int
    faults: tuple[Fault, ...]


def build_connect(*, facts: Facts, now: datetime) -> ConnectPage:
    """Build the first page of the path: two queries beside the facts."""
    return ConnectPage(
        steps=build_steps(facts),
        open_errors=facts.open_errors,
        has_started=facts.has_started,
        connections=build_connections(firm=facts.firm, now=now, facts=facts),
    )


def build_accounts(*, facts: Facts, submitted: Submitted | None = None, stale: bool = False) -> AccountsPage:
    """Build the page for accounts and tax rates: three queries beside the facts."""
    reference = read_reference()
    saved = _saved(facts)
    fields = SettingFields(saved, reference, submitted, held_up(), stale=stale, propose_accounts=True)
    return AccountsPage(
        steps=build_steps(facts),
        open_errors=facts.open_errors,
        has_started=facts.has_started,
        accounts=tuple(fields.account(name) for name in account_settings(facts)),
        taxes=tuple(fields.tax(name) for name in TAX_SETTINGS),
        has_chart=bool(reference.chart.accounts),
        is_connected=facts.is_connected,
        without_code_words=without_code_words(reference.chart),
        refreshed_at=reference.refreshed_at,
        version=saved.version,
        faults=_faults(submitted),
    )


def build_preferences(*, facts: Facts, submitted: Submitted | None = None, stale: bool = False) -> PreferencesPage:
    """Build the page for range and preferences: two queries beside the facts."""
    saved = _saved(facts)
    fields = SettingFields(saved, read_reference(), submitted, {}, stale=stale)
    issued_from, issued_to = date_fields(fields)
    return PreferencesPage(
        steps=build_steps(facts),
        open_errors=facts.open_errors,
        has_started=facts.has_started,
        issued_from=issued_from,
        issued_to=issued_to,
        only_approved=fields.tick("only_approved_bills"),
        append_ids=ids_tick(fields, facts.clio),
        append_ids_fixed=append_ids_fixed(facts.clio),
        version=saved.version,
        faults=_faults(submitted),
    )


def step_names(names: tuple[str, ...], facts: Facts) -> list[str]:
    """Those of a form's settings that the firm has."""
    return [name for name in names if name not in ACCOUNT_SETTINGS or name in account_settings(facts)]


def _saved(facts: Facts) -> SyncSettings:
    return SyncSettings.objects.select_related("saved_by").first() or SyncSettings(firm=facts.firm)


def _faults(submitted: Submitted | None) -> tuple[Fault, ...]:
    return faults_of(submitted.errors if submitted else {}, SETTING_NAMES)
