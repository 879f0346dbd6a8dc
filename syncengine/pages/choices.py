"""Dropdowns of accounts and tax rates, with what is wrong about the present choice (BEHAVIOUR §3)."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from syncengine.domain.chart import Chart, Standing, Use
from syncengine.domain.rules import Account

#: Xero's types of account, in the order and with the names of Xero's own chart.
TYPE_NAMES = {
    "BANK": gettext_lazy("Bank"),
    "REVENUE": gettext_lazy("Revenue"),
    "SALES": gettext_lazy("Sales"),
    "OTHERINCOME": gettext_lazy("Other Income"),
    "DIRECTCOSTS": gettext_lazy("Direct Costs"),
    "EXPENSE": gettext_lazy("Expense"),
    "OVERHEADS": gettext_lazy("Overhead"),
    "DEPRECIATN": gettext_lazy("Depreciation"),
    "CURRENT": gettext_lazy("Current Asset"),
    "INVENTORY": gettext_lazy("Inventory"),
    "PREPAYMENT": gettext_lazy("Prepayment"),
    "FIXED": gettext_lazy("Fixed Asset"),
    "NONCURRENT": gettext_lazy("Non-current Asset"),
    "CURRLIAB": gettext_lazy("Current Liability"),
    "LIABILITY": gettext_lazy("Liability"),
    "TERMLIAB": gettext_lazy("Non-current Liability"),
    "PAYG": gettext_lazy("PAYG Liability"),
}


@dataclass(frozen=True, slots=True)
class Option:
    """One entry of a dropdown."""

    value: str
    text: str


@dataclass(frozen=True, slots=True)
class OptionGroup:
    """Entries under one heading; an empty heading stands for none."""

    name: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """A dropdown with its present value. `trouble` says what is wrong with that value now."""

    value: str
    groups: tuple[OptionGroup, ...]
    trouble: str = ""


def account_groups(chart: Chart, use: Use) -> tuple[OptionGroup, ...]:
    """The accounts that may be chosen, grouped by type as Xero orders them."""
    by_type: dict[str, list[Account]] = {}
    for account in chart.choices(use):
        by_type.setdefault(account.type, []).append(account)
    places = list(TYPE_NAMES)
    ordered = sorted(by_type, key=lambda name: (places.index(name) if name in places else len(places), name))
    return tuple(
        OptionGroup(
            str(TYPE_NAMES.get(name, name.capitalize())),
            tuple(Option(account.account_id, account.label) for account in by_type[name]),
        )
        for name in ordered
    )


def account_choice(*, chart: Chart, use: Use, value: str, groups: tuple[OptionGroup, ...]) -> Choice:
    """A dropdown of accounts; a value that may no longer be chosen stays visible and says why."""
    standing = chart.account_standing(value, use)
    if not value or standing is Standing.USABLE:
        return Choice(value, groups)
    account = chart.accounts.get(value)
    mark, trouble = _account_trouble(standing)
    name = account.label if account else _("Unknown account")
    kept = OptionGroup(_("Chosen earlier"), (Option(value, f"{name} ({mark})"),))
    return Choice(value, (kept, *groups), trouble)


def _account_trouble(standing: Standing) -> tuple[str, str]:
    return {
        Standing.ARCHIVED: (
            _("archived in Xero"),
            _("This account is archived in Xero. What needs it waits: restore it in Xero or choose another one."),
        ),
        Standing.NO_CODE: (
            _("no code in Xero"),
            _("This account has lost its code in Xero. What needs it waits: add one there or choose another account."),
        ),
        Standing.UNFIT: (
            _("wrong kind of account"),
            _("Xero holds this account under another type now, one that does not fit here. Choose another one."),
        ),
    }.get(
        standing,
        (_("not in Xero"), _("This account is not in the connected chart. Choose another one.")),
    )


def tax_groups(chart: Chart) -> tuple[OptionGroup, ...]:
    """The tax rates that may be chosen, in one group without a heading."""
    options = tuple(
        Option(rate.tax_type, _rate_text(rate.name, f"{rate.effective_rate.normalize():f}"))
        for rate in chart.tax_choices()
    )
    return (OptionGroup("", options),) if options else ()


def _rate_text(name: str, percentage: str) -> str:
    """Name and rate; most organisations write the rate into the name already."""
    return name if f"{percentage}%" in name.replace(" %", "%") else f"{name} ({percentage}%)"


def tax_choice(*, chart: Chart, value: str, groups: tuple[OptionGroup, ...]) -> Choice:
    """A dropdown of tax rates; a value that may no longer be chosen stays visible and says why."""
    standing = chart.tax_standing(value)
    if not value or standing is Standing.USABLE:
        return Choice(value, groups)
    rate = chart.tax_rates.get(value)
    if standing is Standing.UNFIT:
        mark, trouble = _("not for sales"), _("This tax rate cannot be applied to sales. Choose another one.")
    else:
        mark = _("no longer active in Xero")
        trouble = _("This tax rate is not active in Xero. What needs it waits: choose another one.")
    kept = OptionGroup(_("Chosen earlier"), (Option(value, f"{rate.name if rate else value} ({mark})"),))
    return Choice(value, (kept, *groups), trouble)


def texts(groups: Iterable[OptionGroup]) -> dict[str, str]:
    """Value → text of every entry."""
    return {option.value: option.text for group in groups for option in group.options}
