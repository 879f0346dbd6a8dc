"""What stands beside the fields of the settings: what each is for, and what is wrong with the present choice."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from syncengine.domain.chart import Chart
from syncengine.domain.setting_names import SETTING_NAMES
from syncengine.pages.reference import ClioTax

#: The settings whose lines carry the bills' sales tax on an account that need not be one of revenue.
TAXED_ACCOUNTS = ("expenses_account", "credit_notes_account")


def account_help(name: str) -> tuple[str, ...]:
    """What an account is chosen for; the further sentences are notes."""
    return {
        "time_entries_account": (
            _("For time and other services, unless the activity category has an account of its own."),
        ),
        "expenses_account": (_("For expenses, unless the expense category has an account of its own."),),
        "interest_account": (_("For interest that Clio adds to a bill."),),
        "credit_notes_account": (
            _("For credit notes and write-offs. A revenue or asset account that takes the sales tax of your bills."),
        ),
        "clio_payments_account": (
            _("For payments that clients make online. None: to the bank account below, like all other payments."),
        ),
        "payment_bank_account": (
            _("None: no payments at all are sent, Clio Payments neither."),
            _(
                "Note: this gives you control over trust (client) payments. A payment from trust is sent like any "
                "other; trust ledgers are never sent to Xero. Clio's reports Trust Ledger, Trust Listing and Bank "
                "Account Activity tell what stands in them."
            ),
        ),
    }[name]


def refused_tax_words(*, chart: Chart, account_id: str, tax_types: Iterable[str]) -> str:
    """What Xero will refuse on lines of this account, in words, or empty text (X 6.22)."""
    refused = chart.refused_rates(account_id=account_id, tax_types=tax_types)
    if not refused:
        return ""
    account = chart.accounts[account_id]
    kinds = {"EXPENSE": _("an expense account"), "ASSET": _("an asset account"), "LIABILITY": _("a liability account")}
    return _(
        "%(account)s is %(kind)s, and Xero does not take %(rates)s on one: lines with that tax are refused. Choose an "
        "account that takes it (a revenue account does), or another rate under Tax."
    ) % {
        "account": account.label,
        "kind": kinds.get(account.account_class, _("an account of another kind")),
        "rates": _(" or ").join(rate.name for rate in refused),
    }


def unused_clio_payments_words(*, clio_payments: str, bank: str) -> str:
    """That an account for Clio Payments does nothing yet, because no bank account is matched."""
    if not clio_payments or bank:
        return ""
    return _("Does nothing yet: no payments are sent before a bank account is matched below.")


def held_up_words(count: int) -> str:
    """How many records wait for this setting."""
    if not count:
        return ""
    return ngettext(
        "%(count)s record is held up by this setting.", "%(count)s records are held up by this setting.", count
    ) % {"count": f"{count:,}"}


def tax_label(name: str, clio: ClioTax) -> str:
    """A tax case with what Clio calls the tax, and its percentage: "Primary tax (HST, 13%)"."""
    rates = {
        "tax_primary": (clio.primary_name, clio.primary),
        "tax_secondary": (clio.secondary_name, clio.secondary),
        "tax_both": ("", clio.primary + clio.secondary if clio.primary and clio.secondary else None),
    }
    called, rate = rates.get(name, ("", None))
    label = SETTING_NAMES[name]
    if rate is None:
        return label
    return f"{label} ({called + ', ' if called else ''}{rate.normalize():f}%)"


def missing_tax_words(name: str, value: str, clio: ClioTax) -> str:
    """That Clio charges a tax for which no rate is chosen."""
    used = {
        "tax_primary": clio.primary,
        "tax_secondary": clio.secondary,
        "tax_both": clio.primary and clio.secondary,
    }
    if value or not used.get(name):
        return ""
    return _("Clio charges this tax. Bills that carry it are blocked until a rate is chosen.")
