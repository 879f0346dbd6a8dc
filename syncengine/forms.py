"""Forms: they check what was posted or asked for, and say the way out. Nothing here saves."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from syncengine.domain.chart import Chart, Standing
from syncengine.domain.rules import CategoryKey
from syncengine.domain.setting_names import ACCOUNT_SETTINGS, SETTING_NAMES, TAX_SETTINGS
from syncengine.models import SyncSettings
from syncengine.pages.bill_filter import DEFAULT_SORT, SORTS, BillFilter, state_choices
from syncengine.pages.categories import field_name, may_be_chosen, wanted_choice
from syncengine.pages.reference import Reference
from syncengine.pages.setting_fields import USES
from syncengine.pages.setting_words import refused_tax_words

_DAY = ("%Y-%m-%d",)
#: Without these, no bill can be sent at all or only by chance (BEHAVIOUR §3, 7).
_NEEDED = ("time_entries_account", "expenses_account", "tax_none")


def _date() -> forms.DateField:
    wrong = _("Write the date as year-month-day, like 2026-01-31, or leave it empty.")
    return forms.DateField(required=False, input_formats=_DAY, error_messages={"invalid": wrong})


def _amount() -> forms.DecimalField:
    wrong = _("Write an amount like 1200.50, or leave it empty.")
    told = dict.fromkeys(("invalid", "max_digits", "max_decimal_places", "max_whole_digits"), wrong)
    return forms.DecimalField(required=False, max_digits=15, decimal_places=2, error_messages=told)


class XeroSettingsForm(forms.Form):
    """The Xero settings (names: DESIGN §5). Fields it does not know are ignored; no `version` accepts any.

    `names` narrows it to some of them; `will_export`: check what a bill needs although the export is not switched on.
    """

    export_bills = forms.BooleanField(required=False)
    time_entries_account = forms.CharField(required=False, max_length=64)
    expenses_account = forms.CharField(required=False, max_length=64)
    interest_account = forms.CharField(required=False, max_length=64)
    credit_notes_account = forms.CharField(required=False, max_length=64)
    clio_payments_account = forms.CharField(required=False, max_length=64)
    payment_bank_account = forms.CharField(required=False, max_length=64)
    only_approved_bills = forms.BooleanField(required=False)
    append_contact_ids = forms.BooleanField(required=False)
    tax_none = forms.CharField(required=False, max_length=64)
    tax_primary = forms.CharField(required=False, max_length=64)
    tax_secondary = forms.CharField(required=False, max_length=64)
    tax_both = forms.CharField(required=False, max_length=64)
    version = forms.IntegerField(required=False, min_value=0)

    def __init__(
        self,
        data: Mapping[str, Any],
        *,
        chart: Chart,
        saved: SyncSettings | None,
        ids_fixed: bool,
        names: Collection[str] = SETTING_NAMES,
        will_export: bool = False,
    ) -> None:
        super().__init__(data)
        self.chart = chart
        self.saved = saved or SyncSettings()
        self.ids_fixed = ids_fixed
        self.will_export = will_export
        dates = {"bills_issued_from": _date(), "bills_issued_to": _date()}
        self.fields = {
            name: field for name, field in {**self.fields, **dates}.items() if name in names or name == "version"
        }

    def clean_append_contact_ids(self) -> bool:
        """On whatever was posted, for accounts that have no choice."""
        return self.ids_fixed or bool(self.cleaned_data["append_contact_ids"])

    def clean(self) -> dict[str, Any]:
        """Check what depends on the chart and on other fields."""
        values = self.cleaned_data
        for name in ACCOUNT_SETTINGS:
            self._check_choice(name, self.chart.account_standing(values.get(name, ""), USES[name]), _ACCOUNT_FAULTS)
        for name in TAX_SETTINGS:
            self._check_choice(name, self.chart.tax_standing(values.get(name, "")), _TAX_FAULTS)
        if words := self.refused_taxes("credit_notes_account"):
            # Credit notes carry the tax of their invoices, so here it is more than a warning (BEHAVIOUR §3, §7).
            self.add_error("credit_notes_account", words)
        issued_from, issued_to = values.get("bills_issued_from"), values.get("bills_issued_to")
        if issued_from and issued_to and issued_from > issued_to:
            self.add_error(
                "bills_issued_to",
                _("The range ends before it begins: choose a date on or after %(day)s, or leave one of them empty.")
                % {"day": issued_from.isoformat()},
            )
        if values.get("export_bills") or self.will_export:
            self._check_needed()
        return values

    def refused_taxes(self, name: str) -> str:
        """What Xero would refuse on lines of the account chosen for `name`, with the chosen tax rates, in words."""
        values = self.cleaned_data
        if name in self.errors or not values.get(name):
            return ""
        taxes = [values.get(tax) or "" for tax in TAX_SETTINGS]
        return refused_tax_words(chart=self.chart, account_id=values[name], tax_types=taxes)

    def _check_choice(self, name: str, standing: Standing, faults: Mapping[Standing, Any]) -> None:
        """A new choice must be usable; one that was saved when it was may stay, the page says what is wrong with it."""
        value = self.cleaned_data.get(name)
        if value and standing is not Standing.USABLE and value != getattr(self.saved, name):
            self.add_error(name, faults[standing]() % {"name": SETTING_NAMES[name]})

    def _check_needed(self) -> None:
        for name in _NEEDED:
            if name not in self.fields or name in self.errors or self.cleaned_data.get(name):
                continue
            if name == "tax_none":
                text = _("Choose the tax rate for lines without tax: no bill can be sent without one.")
            else:
                text = _("Choose an account for %(name)s: bills cannot be sent without one.")
            self.add_error(name, text % {"name": SETTING_NAMES[name]})


_ACCOUNT_FAULTS = {
    Standing.UNKNOWN: lambda: _(
        "This account is not in the connected Xero chart. Choose one from the list; a new one appears after “Refresh”."
    ),
    Standing.ARCHIVED: lambda: _("This account is archived in Xero. Restore it there, or choose one from the list."),
    Standing.NO_CODE: lambda: _("This account has no code in Xero. Add one there, or choose one from the list."),
    Standing.UNFIT: lambda: _("This kind of account does not fit %(name)s. Choose one from the list."),
}
_TAX_FAULTS = {
    Standing.UNKNOWN: lambda: _("This tax rate is not in the connected Xero organisation. Choose one from the list."),
    Standing.ARCHIVED: lambda: _("This tax rate is not active in Xero. Choose one from the list."),
    Standing.UNFIT: lambda: _("This tax rate cannot be applied to sales. Choose one from the list."),
}


class CategoriesForm(forms.Form):
    """The account of each category; a category that was not posted stays as it is."""

    version = forms.CharField(required=False, max_length=64)

    def __init__(self, data: Mapping[str, Any], *, reference: Reference, chosen: Mapping[CategoryKey, str]) -> None:
        super().__init__(data)
        self.reference = reference
        self.chosen = chosen
        self.posted = [
            (category, name)
            for category in reference.categories
            if (name := field_name((category.kind, category.id))) in data
        ]
        for _category, name in self.posted:
            self.fields[name] = forms.CharField(required=False, max_length=64)

    def clean(self) -> dict[str, Any]:
        """Check each account against the chart."""
        for category, name in self.posted:
            value = self.cleaned_data.get(name, "")
            if value != self.chosen.get((category.kind, category.id)) and not may_be_chosen(self.reference, value):
                self.add_error(
                    name, _("This account cannot take bills: choose one from the list, or leave the default.")
                )
        return self.cleaned_data

    def wanted(self) -> dict[CategoryKey, str | None]:
        """What is to be saved, for a form that is valid."""
        return {
            (category.kind, category.id): wanted_choice(category, self.reference, self.chosen, self.cleaned_data[name])
            for category, name in self.posted
        }


class BillFilterForm(forms.Form):
    """What the list of bills is narrowed to. A field that makes no sense is left out and says so."""

    state = forms.ChoiceField(required=False)
    text = forms.CharField(required=False, max_length=100)
    client = forms.CharField(required=False, max_length=100)
    sort = forms.CharField(required=False, max_length=20)
    page = forms.IntegerField(required=False, min_value=1, max_value=10_000_000)

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data)
        self.fields["state"].choices = [("", ""), *state_choices()]  # type: ignore[attr-defined]
        self.fields |= {"issued_from": _date(), "issued_to": _date(), "amount_from": _amount(), "amount_to": _amount()}

    def chosen(self) -> BillFilter:
        """The filter, as far as it was understood."""
        self.is_valid()
        values = self.cleaned_data
        sort = values.get("sort") or DEFAULT_SORT

        def amount(name: str) -> Decimal | None:
            value: Decimal | None = values.get(name)
            return value

        return BillFilter(
            state=values.get("state") or "",
            text=values.get("text") or "",
            client=values.get("client") or "",
            issued_from=values.get("issued_from"),
            issued_to=values.get("issued_to"),
            amount_from=amount("amount_from"),
            amount_to=amount("amount_to"),
            sort=sort if sort in SORTS else DEFAULT_SORT,
            page=values.get("page") or 1,
        )

    def faults(self) -> dict[str, str]:
        """What was not understood, by field; the order and the page never complain."""
        return {name: str(messages[0]) for name, messages in self.errors.items() if name not in {"sort", "page"}}


class IgnoreForm(forms.Form):
    """Why a problem is left alone."""

    reason = forms.CharField(max_length=500)
