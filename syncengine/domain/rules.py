"""Rules: a firm's settings and the parts of its Xero chart that mapping needs, as one plain value passed in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

CategoryKey = tuple[Literal["service", "expense"], int]


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the firm's Xero chart (X 3.9)."""

    account_id: str
    code: str
    name: str
    type: str
    account_class: str
    status: str
    tax_type: str = ""
    currency: str = ""
    takes_payments: bool = False
    system_account: str = ""

    @property
    def is_usable(self) -> bool:
        """Whether documents can name it: active and with a code (BEHAVIOUR §3)."""
        return self.status == "ACTIVE" and bool(self.code)

    @property
    def label(self) -> str:
        """How pages name it: "CODE – Name" (DESIGN §5)."""
        return f"{self.code} – {self.name}" if self.code else self.name


@dataclass(frozen=True, slots=True)
class TaxRate:
    """A Xero tax rate (X 3.12); `effective_rate` is per cent."""

    tax_type: str
    name: str
    status: str
    effective_rate: Decimal
    can_apply_to_revenue: bool = True
    can_apply_to_expenses: bool = True
    can_apply_to_assets: bool = True
    can_apply_to_liabilities: bool = True

    @property
    def is_active(self) -> bool:
        """Whether new documents may use it."""
        return self.status == "ACTIVE"

    def suits(self, account_class: str) -> bool:
        """Whether Xero takes it on a line whose account is of this class (X 3.12, 6.22)."""
        return {
            "REVENUE": self.can_apply_to_revenue,
            "EXPENSE": self.can_apply_to_expenses,
            "ASSET": self.can_apply_to_assets,
            "LIABILITY": self.can_apply_to_liabilities,
        }.get(account_class, True)


@dataclass(frozen=True, slots=True)
class Organisation:
    """What mapping needs of the Xero organisation. Lock dates are inclusive: what is dated on them is locked."""

    name: str = ""
    base_currency: str = ""
    period_lock: date | None = None
    year_end_lock: date | None = None

    @property
    def locked_until(self) -> date | None:
        """The later of the two lock dates, or None."""
        return max((day for day in (self.period_lock, self.year_end_lock) if day), default=None)


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything that decides how a record becomes a document. Accounts are named by Xero's AccountID."""

    export_bills: bool = False
    time_entries_account: str = ""
    expenses_account: str = ""
    interest_account: str = ""
    credit_notes_account: str = ""
    #: Where online payments go; empty: to the bank account, like all others.
    clio_payments_account: str = ""
    #: Empty: no payments are sent at all.
    payment_bank_account: str = ""
    issued_from: date | None = None
    issued_to: date | None = None
    only_approved: bool = True
    append_ids: bool = True
    append_id_for: frozenset[int] = frozenset()
    tax_none: str = ""
    tax_primary: str = ""
    tax_secondary: str = ""
    tax_both: str = ""
    category_accounts: Mapping[CategoryKey, str] = field(default_factory=dict)
    accounts: Mapping[str, Account] = field(default_factory=dict)
    tax_rates: Mapping[str, TaxRate] = field(default_factory=dict)
    organisation: Organisation = field(default_factory=Organisation)
    clio_web_url: str = ""

    def bill_url(self, bill_id: int) -> str:
        """The bill's page in Clio; also the Url that marks an invoice as ours (DESIGN §1, natural key)."""
        return f"{self.clio_web_url}/nc/#/bills/{bill_id}"
