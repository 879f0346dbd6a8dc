"""Category accounts: every Clio category with the Xero account that is in force for it (BEHAVIOUR §3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import Firm
from syncengine.domain.chart import Standing, Use, mark_of
from syncengine.domain.rules import CategoryKey
from syncengine.domain.setting_names import TAX_SETTINGS
from syncengine.models import CategoryAccount, SyncSettings
from syncengine.pages.choices import Choice, Option, OptionGroup, account_choice, account_groups
from syncengine.pages.facts import read_facts
from syncengine.pages.faults import Fault, faults_of
from syncengine.pages.reference import Category, Reference, read_reference
from syncengine.pages.setting_words import refused_tax_words
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
    warning: str = ""


@dataclass(frozen=True, slots=True)
class CategoriesPage:
    """Everything that the page shows.

    `is_open`: Xero is connected and the export is on, or accounts are chosen and the first sync comes next.
    """

    status: Status
    open_errors: int
    is_open: bool
    is_setting_up: bool
    services: tuple[CategoryRow, ...]
    expenses: tuple[CategoryRow, ...]
    version: str
    refreshed_at: datetime | None
    faults: tuple[Fault, ...] = ()


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
    saved = SyncSettings.objects.first() or SyncSettings(firm=firm)
    rows = _Rows(reference, saved, chosen, posted or {}, errors or {})
    setting_up = not facts.has_started and facts.is_saved and facts.has_accounts
    return CategoriesPage(
        status=build_status(facts),
        open_errors=facts.open_errors,
        is_open=facts.xero.is_good and (facts.export_bills or setting_up),
        is_setting_up=setting_up,
        services=rows.of("service"),
        expenses=rows.of("expense"),
        version=mark_of(chosen),
        refreshed_at=reference.refreshed_at,
        faults=faults_of(errors or {}, {field_name((one.kind, one.id)): one.name for one in reference.categories}),
    )


class _Rows:
    """Makes the page's rows from what is in force, or from what was posted."""

    def __init__(
        self,
        reference: Reference,
        saved: SyncSettings,
        chosen: Mapping[CategoryKey, str],
        posted: Mapping[str, str],
        errors: Mapping[str, tuple[str, ...]],
    ) -> None:
        self.reference, self.chosen, self.posted, self.errors = reference, chosen, posted, errors
        self.groups = account_groups(reference.chart, Use.EXPENSES)
        self.defaults = _default_texts(reference, saved)
        self.taxes = [getattr(saved, name) for name in TAX_SETTINGS]

    def of(self, kind: str) -> tuple[CategoryRow, ...]:
        """The rows of one kind of category, by name."""
        of_kind = (category for category in self.reference.categories if category.kind == kind)
        return tuple(self._row(category) for category in sorted(of_kind, key=lambda one: (one.name.casefold(), one.id)))

    def _row(self, category: Category) -> CategoryRow:
        name = field_name((category.kind, category.id))
        value, origin = in_force(category, self.reference, self.chosen)
        value = self.posted.get(name, value)
        choice = self._from_clio(category) if value == FROM_CLIO else self._choice(value)
        return CategoryRow(
            field_name=name,
            name=category.name,
            choice=choice,
            default_text=self.defaults[category.kind],
            origin=origin,
            errors=self.errors.get(name, ()),
            warning=refused_tax_words(chart=self.reference.chart, account_id=choice.value, tax_types=self.taxes),
        )

    def _choice(self, value: str) -> Choice:
        return account_choice(chart=self.reference.chart, use=Use.EXPENSES, value=value, groups=self.groups)

    def _from_clio(self, category: Category) -> Choice:
        code = {"code": category.xero_code}
        told = _("%(code)s (from Clio, not in Xero's chart)") % code
        trouble = _("Clio holds “%(code)s”, which is no account of the connected chart. The default applies.") % code
        kept = OptionGroup(_("From Clio"), (Option(FROM_CLIO, told),))
        return Choice(FROM_CLIO, (kept, *self.groups), trouble)


def _default_texts(reference: Reference, saved: SyncSettings) -> dict[str, str]:
    accounts = reference.chart.accounts
    services, expenses = accounts.get(saved.time_entries_account), accounts.get(saved.expenses_account)
    return {
        "service": _("Default (%(account)s)") % {"account": services.label if services else _("Time Entries")},
        "expense": _("Default (%(account)s)") % {"account": expenses.label if expenses else _("Expenses")},
    }


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


def refused_words(reference: Reference, wanted: Mapping[CategoryKey, str | None]) -> list[str]:
    """What Xero would refuse on lines of these categories as they are saved now, each category by its name."""
    saved = SyncSettings.objects.first()
    taxes = [getattr(saved, name) for name in TAX_SETTINGS] if saved else []
    names = {(one.kind, one.id): one.name for one in reference.categories}
    told = []
    for key, account_id in wanted.items():
        words = refused_tax_words(chart=reference.chart, account_id=account_id or "", tax_types=taxes)
        if words:
            told.append(f"{names[key]}: {words}")
    return told


def may_be_chosen(reference: Reference, value: str) -> bool:
    """Whether the value is one of the dropdown's."""
    return value in {"", FROM_CLIO} or reference.chart.account_standing(value, Use.EXPENSES) is Standing.USABLE
