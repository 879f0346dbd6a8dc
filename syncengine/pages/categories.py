"""Category accounts: every Clio category with the Xero account that is in force for it (BEHAVIOUR §3)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import Firm
from syncengine.domain.chart import Standing, Use, mark_of
from syncengine.domain.rules import CategoryKey
from syncengine.models import CategoryAccount, SyncSettings
from syncengine.pages.choices import Choice, Option, OptionGroup, account_choice, account_groups
from syncengine.pages.facts import read_facts
from syncengine.pages.reference import Category, Reference, read_reference
from syncengine.pages.status import Status, build_status

#: What a dropdown posts to leave a category to what Clio holds, where that is no account of the chart.
FROM_CLIO = "clio"


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """One category. `origin` says where the account in force comes from; `default_text` names what blank means."""

    field_name: str
    name: str
    choice: Choice
    default_text: str
    origin: str
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CategoriesPage:
    """Everything that the page shows. `is_open`: Xero is connected and the export is on."""

    status: Status
    open_errors: int
    is_open: bool
    services: tuple[CategoryRow, ...]
    expenses: tuple[CategoryRow, ...]
    version: str
    refreshed_at: datetime | None
    faults: tuple[tuple[str, str, str], ...] = field(default=())


def field_name(key: CategoryKey) -> str:
    """The name of a category's dropdown in the form."""
    return f"{key[0]}-{key[1]}"


def read_choices() -> dict[CategoryKey, str]:
    """The accounts that the current firm chose itself."""
    rows = CategoryAccount.objects.values_list("kind", "clio_id", "account_id")
    return {(kind, clio_id): account_id for kind, clio_id, account_id in rows}  # type: ignore[misc]


def build_categories(
    *,
    firm: Firm,
    posted: Mapping[str, str] | None = None,
    errors: Mapping[str, tuple[str, ...]] | None = None,
) -> CategoriesPage:
    """Build the current firm's page in eight queries; `posted` is what somebody just posted, by field name."""
    facts = read_facts(firm)
    reference = read_reference()
    chosen = read_choices()
    defaults = _default_texts(reference)
    groups = account_groups(reference.chart, Use.EXPENSES)
    errors = errors or {}

    def rows(kind: str) -> tuple[CategoryRow, ...]:
        of_kind = (category for category in reference.categories if category.kind == kind)
        return tuple(
            _row(category, reference, chosen, groups, defaults[kind], posted, errors)
            for category in sorted(of_kind, key=lambda one: (one.name.casefold(), one.id))
        )

    names = {field_name((one.kind, one.id)): one.name for one in reference.categories}
    return CategoriesPage(
        status=build_status(facts),
        open_errors=facts.open_errors,
        is_open=facts.xero.is_good and facts.export_bills,
        services=rows("service"),
        expenses=rows("expense"),
        version=mark_of(chosen),
        refreshed_at=reference.refreshed_at,
        faults=tuple((name, names.get(name, ""), text) for name, told in errors.items() for text in told),
    )


def _default_texts(reference: Reference) -> dict[str, str]:
    saved = SyncSettings.objects.only("firm_id", "time_entries_account", "expenses_account").first()
    accounts = reference.chart.accounts
    services = accounts.get(saved.time_entries_account) if saved else None
    expenses = accounts.get(saved.expenses_account) if saved else None
    return {
        "service": _("Default (%(account)s)") % {"account": services.label if services else _("Time Entries")},
        "expense": _("Default (%(account)s)") % {"account": expenses.label if expenses else _("Expenses")},
    }


def _row(
    category: Category,
    reference: Reference,
    chosen: Mapping[CategoryKey, str],
    groups: tuple[OptionGroup, ...],
    default_text: str,
    posted: Mapping[str, str] | None,
    errors: Mapping[str, tuple[str, ...]],
) -> CategoryRow:
    key: CategoryKey = (category.kind, category.id)
    name = field_name(key)
    value, origin = in_force(category, reference, chosen)
    if posted is not None and name in posted:
        value = posted[name]
    choice = account_choice(chart=reference.chart, use=Use.EXPENSES, value=value, groups=groups)
    if value == FROM_CLIO:
        told = _("%(code)s (from Clio, not in Xero's chart)") % {"code": category.xero_code}
        trouble = _(
            "Clio holds “%(code)s”, which is no account of the connected chart, so the default applies. Choose one here."
        )
        kept = OptionGroup(_("From Clio"), (Option(FROM_CLIO, told),))
        choice = Choice(value, (kept, *groups), trouble % {"code": category.xero_code})
    return CategoryRow(name, category.name, choice, default_text, origin, errors.get(name, ()))


def in_force(category: Category, reference: Reference, chosen: Mapping[CategoryKey, str]) -> tuple[str, str]:
    """The dropdown's value for a category, and in words where it comes from."""
    key: CategoryKey = (category.kind, category.id)
    if key in chosen:
        return chosen[key], _("Chosen here") if chosen[key] else _("Default, chosen here")
    if not category.xero_code:
        return "", _("Default")
    held = reference.chart.account_holding(category.xero_code)
    if held is None:
        return FROM_CLIO, _("From Clio, not found")
    return held.account_id, _("From Clio")


def wanted_choice(
    category: Category, reference: Reference, chosen: Mapping[CategoryKey, str], value: str
) -> str | None:
    """What saving `value` means: an AccountID or "" (the default) of the firm's own, None: as Clio holds it."""
    if chosen.get((category.kind, category.id)) == value:
        return value
    held = reference.chart.account_holding(category.xero_code) if category.xero_code else None
    as_clio = held.account_id if held else FROM_CLIO if category.xero_code else ""
    return None if value in {as_clio, FROM_CLIO} else value


def may_be_chosen(reference: Reference, value: str) -> bool:
    """Whether the value is one of the dropdown's."""
    return value in {"", FROM_CLIO} or reference.chart.account_standing(value, Use.EXPENSES) is Standing.USABLE
