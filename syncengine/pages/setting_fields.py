"""The fields of the Xero settings page: as saved or as posted, with what is wrong and what is suggested."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from syncengine.domain.chart import Chart, Use
from syncengine.domain.setting_names import SETTING_NAMES, TAX_SETTINGS
from syncengine.domain.suggestions import suggested_accounts
from syncengine.models import SyncSettings
from syncengine.pages.choices import Choice, account_choice, account_groups, tax_choice, tax_groups, texts
from syncengine.pages.reference import ClioTax, Reference
from syncengine.pages.setting_words import (
    TAXED_ACCOUNTS,
    account_help,
    held_up_words,
    missing_tax_words,
    refused_tax_words,
    tax_label,
    unused_clio_payments_words,
)

USES: Mapping[str, Use] = {
    "time_entries_account": Use.SERVICES,
    "expenses_account": Use.EXPENSES,
    "interest_account": Use.SERVICES,
    "credit_notes_account": Use.CREDIT_NOTES,
    "clio_payments_account": Use.PAYMENTS,
    "payment_bank_account": Use.PAYMENTS,
}


@dataclass(frozen=True, slots=True)
class Submitted:
    """What somebody posted and what is wrong with it; `errors` by field name, "" for the form as a whole."""

    values: Mapping[str, str]
    errors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Dropdown:
    """One dropdown of the page. `suggested` marks a value that was preselected and is not saved yet."""

    name: str
    label: str
    help: tuple[str, ...]
    choice: Choice
    empty_text: str
    errors: tuple[str, ...] = ()
    warning: str = ""
    suggested: bool = False
    suggestion_help: str = ""
    #: What would fit, where something else was saved.
    suggestion: str = ""
    saved_meanwhile: str = ""


@dataclass(frozen=True, slots=True)
class Tick:
    """One checkbox of the page."""

    name: str
    label: str
    is_on: bool
    saved_meanwhile: str = ""


@dataclass(frozen=True, slots=True)
class DateEntry:
    """One date of the page, as ISO text or as it was typed."""

    name: str
    label: str
    value: str
    errors: tuple[str, ...] = ()
    saved_meanwhile: str = ""


class SettingFields:
    """Makes the page's fields from what was saved, or from what was posted."""

    def __init__(
        self,
        saved: SyncSettings,
        reference: Reference,
        submitted: Submitted | None,
        held_up: Mapping[str, int],
        *,
        stale: bool = False,
        propose_accounts: bool = False,
    ) -> None:
        self.saved, self.submitted, self.held_up, self.stale = saved, submitted, held_up, stale
        self.chart = reference.chart
        proposed = suggested_accounts(self.chart) if propose_accounts else {}
        self.suggestions = suggested_taxes(self.chart, reference.clio_tax) | proposed
        self.clio_tax = reference.clio_tax
        self.groups = {use: account_groups(self.chart, use) for use in Use}
        self.tax_groups = tax_groups(self.chart)

    def _value(self, name: str) -> str:
        kept: Any = getattr(self.saved, name)
        text = kept.isoformat() if isinstance(kept, date) else str(kept or "")
        return self.submitted.values.get(name, "") if self.submitted else text

    def _shown(self, name: str) -> tuple[str, bool]:
        """The value that the form shows, and whether it is only proposed: before the first save, where none stands."""
        value, suggestion = self._value(name), self.suggestions.get(name, "")
        proposed = bool(suggestion) and not value and self.saved.saved_at is None and self.submitted is None
        return (suggestion, True) if proposed else (value, False)

    def _errors(self, name: str) -> tuple[str, ...]:
        return self.submitted.errors.get(name, ()) if self.submitted else ()

    def _meanwhile(self, name: str, posted: Any, told: Mapping[str, str]) -> str:
        """What was saved by somebody else, where it is not what stands in the form."""
        kept = getattr(self.saved, name)
        plain = kept.isoformat() if isinstance(kept, date) else kept if isinstance(kept, bool) else kept or ""
        if not self.stale or plain == posted:
            return ""
        words = (_("on") if plain else _("off")) if isinstance(plain, bool) else told.get(plain, plain) or _("None")
        return _("Saved meanwhile: %(value)s") % {"value": words}

    def tick(self, name: str) -> Tick:
        """A checkbox."""
        is_on = name in self.submitted.values if self.submitted else bool(getattr(self.saved, name))
        return Tick(name, SETTING_NAMES[name], is_on, self._meanwhile(name, is_on, {}))

    def date(self, name: str, label: str) -> DateEntry:
        """A date."""
        value = self._value(name)
        return DateEntry(name, label, value, self._errors(name), self._meanwhile(name, value, {}))

    def account(self, name: str) -> Dropdown:
        """A dropdown of accounts; the first-time path proposes the one account whose name fits."""
        groups, value, suggested = self.groups[USES[name]], *self._shown(name)
        return Dropdown(
            name=name,
            label=SETTING_NAMES[name],
            help=account_help(name),
            choice=account_choice(chart=self.chart, use=USES[name], value=value, groups=groups),
            empty_text=_("None"),
            errors=self._errors(name),
            warning=held_up_words(self.held_up.get(name, 0)) or self._account_warning(name, value),
            suggested=suggested,
            suggestion_help=_("Its name fits. It counts once you save."),
            saved_meanwhile=self._meanwhile(name, value, texts(groups)),
        )

    def _account_warning(self, name: str, value: str) -> str:
        """What Xero will refuse, or what does nothing, with the values that stand in the form."""
        if name in TAXED_ACCOUNTS:
            taxes = [self._shown(tax)[0] for tax in TAX_SETTINGS]
            return refused_tax_words(chart=self.chart, account_id=value, tax_types=taxes)
        if name == "clio_payments_account":
            return unused_clio_payments_words(clio_payments=value, bank=self._value("payment_bank_account"))
        return ""

    def tax(self, name: str) -> Dropdown:
        """A dropdown of tax rates; before the first save it proposes the one rate that equals Clio's."""
        (value, suggested), suggestion = self._shown(name), self.suggestions[name]
        named = texts(self.tax_groups).get(suggestion, "")
        return Dropdown(
            name=name,
            label=tax_label(name, self.clio_tax),
            help=(),
            choice=tax_choice(chart=self.chart, value=value, groups=self.tax_groups),
            empty_text=_("None"),
            errors=self._errors(name),
            warning=held_up_words(self.held_up.get(name, 0))
            or missing_tax_words(name, value or suggestion, self.clio_tax),
            suggested=suggested,
            suggestion_help=_("The one Xero rate that fits. It counts once you save."),
            suggestion=named if not value else "",
            saved_meanwhile=self._meanwhile(name, value, texts(self.tax_groups)),
        )


def suggested_taxes(chart: Chart, clio: ClioTax) -> dict[str, str]:
    """For each of Clio's tax cases the one TaxType that suits, else empty: never a guess between several."""
    primary, secondary = clio.primary, clio.secondary
    both = primary + secondary if primary and secondary else None
    return {
        "tax_none": chart.suggested_tax(None),
        "tax_primary": chart.suggested_tax(primary) if primary else "",
        "tax_secondary": chart.suggested_tax(secondary) if secondary else "",
        "tax_both": chart.suggested_tax(both) if both else "",
    }
