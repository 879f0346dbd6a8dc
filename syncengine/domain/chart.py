"""What the settings may choose from: the accounts and tax rates of the connected chart that fit (BEHAVIOUR §3)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from syncengine.domain.records import digest_of
from syncengine.domain.rules import Account, CategoryKey, TaxRate

#: Xero's own name for "no tax", the same in every organisation.
NO_TAX = "NONE"


class Use(StrEnum):
    """What an account is chosen for."""

    SERVICES = "services"  # Time Entries, Interest
    EXPENSES = "expenses"  # Expenses, and the categories
    CREDIT_NOTES = "credit_notes"
    PAYMENTS = "payments"  # Clio Payments, and the bank account that payments are matched to


class Standing(StrEnum):
    """How a chosen account or tax rate stands in Xero now."""

    USABLE = "usable"
    ARCHIVED = "archived"
    NO_CODE = "no_code"
    UNFIT = "unfit"
    UNKNOWN = "unknown"


def _fits(account: Account, use: Use) -> bool:
    """Whether the kind of account suits, whatever its code and status. System accounts never do."""
    if account.system_account:
        return False
    if use is Use.PAYMENTS:
        # A bank account takes payments whatever its flag says (X 3.10).
        return account.type == "BANK" or account.takes_payments
    if account.type == "BANK":
        return False
    if use is Use.SERVICES:
        return account.account_class == "REVENUE"
    if use is Use.CREDIT_NOTES:
        return account.account_class in {"REVENUE", "ASSET"}
    return account.account_class in {"REVENUE", "EXPENSE", "LIABILITY"} or account.type == "CURRENT"


@dataclass(frozen=True, slots=True)
class Chart:
    """The accounts by Xero's AccountID and the tax rates by TaxType, as last read."""

    accounts: Mapping[str, Account] = field(default_factory=dict)
    tax_rates: Mapping[str, TaxRate] = field(default_factory=dict)

    def choices(self, use: Use) -> list[Account]:
        """The accounts that may be chosen: they fit, are active and have a code; by code."""
        fitting = (account for account in self.accounts.values() if _fits(account, use) and account.is_usable)
        return sorted(fitting, key=lambda account: (account.code, account.name))

    def without_code(self) -> int:
        """How many active accounts would fit one of the uses if they had a code."""
        return sum(
            1
            for account in self.accounts.values()
            if account.status == "ACTIVE" and not account.code and any(_fits(account, use) for use in Use)
        )

    def account_standing(self, account_id: str, use: Use) -> Standing:
        """How this account stands for this use."""
        account = self.accounts.get(account_id)
        if account is None:
            return Standing.UNKNOWN
        if account.status != "ACTIVE":
            return Standing.ARCHIVED
        if not account.code:
            return Standing.NO_CODE
        return Standing.USABLE if _fits(account, use) else Standing.UNFIT

    def account_holding(self, held: str) -> Account | None:
        """The account that a Clio category names, by its code or its AccountID (C 8.2 leaves open which)."""
        by_code = next((account for account in self.accounts.values() if held and account.code == held), None)
        return by_code or self.accounts.get(held)

    def tax_choices(self) -> list[TaxRate]:
        """The active tax rates that sales may carry, by name."""
        fitting = (rate for rate in self.tax_rates.values() if rate.is_active and rate.can_apply_to_revenue)
        return sorted(fitting, key=lambda rate: (rate.name.casefold(), rate.tax_type))

    def tax_standing(self, tax_type: str) -> Standing:
        """How this tax rate stands for sales."""
        rate = self.tax_rates.get(tax_type)
        if rate is None:
            return Standing.UNKNOWN
        if not rate.is_active:
            return Standing.ARCHIVED
        return Standing.USABLE if rate.can_apply_to_revenue else Standing.UNFIT

    def refused_rates(self, *, account_id: str, tax_types: Iterable[str]) -> list[TaxRate]:
        """Those of the chosen rates that Xero refuses on a line of this account, because of its class (X 6.22)."""
        account = self.accounts.get(account_id)
        if account is None:
            return []
        chosen = (self.tax_rates[tax_type] for tax_type in dict.fromkeys(tax_types) if tax_type in self.tax_rates)
        return [rate for rate in chosen if rate.is_active and not rate.suits(account.account_class)]

    def suggested_tax(self, percentage: Decimal | None) -> str:
        """The TaxType whose rate equals `percentage` (per cent) if exactly one active sales rate does, else empty.

        None asks for the untaxed case: the organisation's no-tax rate.
        """
        rates = self.tax_choices()
        if percentage is None:
            return NO_TAX if any(rate.tax_type == NO_TAX for rate in rates) else ""
        equal = [rate.tax_type for rate in rates if rate.effective_rate == percentage]
        return equal[0] if len(equal) == 1 else ""


def chart_from_payloads(*, accounts: Iterable[Mapping[str, Any]], tax_rates: Iterable[Mapping[str, Any]]) -> Chart:
    """Build the chart from the plain values that the reference lists hold."""
    return Chart(
        accounts={row["account_id"]: Account(**row) for row in accounts},
        tax_rates={
            row["tax_type"]: TaxRate(**{**row, "effective_rate": Decimal(row["effective_rate"])}) for row in tax_rates
        },
    )


def mark_of(chosen: Mapping[CategoryKey, str]) -> str:
    """Mark of a set of category choices: a form carries the one it was opened with, saving compares it."""
    return digest_of(sorted([*key, account_id] for key, account_id in chosen.items()))
