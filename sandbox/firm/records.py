"""What the stand-in Clio keeps. Whole numbers inside, so that sums are exact and 100,000 bills fit in memory.

Money is in cents, hours in hundredths, tax rates and percentages in thousandths of a percent (13 % is 13,000).
Times are aware and in UTC. Rows name each other by id.
"""

import datetime as dt
from dataclasses import dataclass, field


@dataclass(slots=True, kw_only=True)
class Row:
    """What every record has. `revision` counts its changes and makes its etag."""

    id: int
    created_at: dt.datetime
    updated_at: dt.datetime
    revision: int = 1


@dataclass(slots=True, kw_only=True)
class Account(Row):
    """The law firm's account."""

    name: str
    state: str = "active"
    address: str | None = None
    city: str | None = None
    province: str | None = None
    postal_code: str | None = None
    country: str | None = None
    phone: str | None = None


@dataclass(slots=True, kw_only=True)
class Currency(Row):
    """A currency by its ISO 4217 code."""

    code: str
    sign: str


@dataclass(slots=True, kw_only=True)
class BankAccount(Row):
    """One of the firm's bank accounts; `type` is Operating or Trust."""

    name: str
    type: str
    currency_id: int
    holder: str
    institution: str
    account_number: str
    default_account: bool = False
    clio_payments_enabled: bool = False
    balance: int = 0


@dataclass(slots=True, kw_only=True)
class User(Row):
    """A person of the firm; they keep time."""

    first_name: str
    last_name: str
    email: str
    subscription_type: str
    rate: int
    account_owner: bool = False
    enabled: bool = True


@dataclass(slots=True, kw_only=True)
class Email(Row):
    """An e-mail address of a contact."""

    name: str
    address: str
    primary: bool = False


@dataclass(slots=True, kw_only=True)
class Phone(Row):
    """A phone number of a contact."""

    name: str
    number: str
    primary: bool = False


@dataclass(slots=True, kw_only=True)
class Address(Row):
    """A postal address of a contact."""

    name: str
    street: str = ""
    city: str = ""
    province: str = ""
    postal_code: str = ""
    country: str = ""
    primary: bool = False


@dataclass(slots=True, kw_only=True)
class Contact(Row):
    """A person or a company. A person's name is made of its parts."""

    type: str
    name: str | None
    first_name: str | None = None
    middle_name: str | None = None
    last_name: str | None = None
    prefix: str | None = None
    title: str | None = None
    date_of_birth: dt.date | None = None
    sales_tax_number: str | None = None
    ledes_client_id: str | None = None
    is_client: bool = False
    company_id: int | None = None
    emails: list[Email] = field(default_factory=list)
    phones: list[Phone] = field(default_factory=list)
    addresses: list[Address] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Matter(Row):
    """A case the firm works on for a client."""

    number: int
    display_number: str
    description: str
    client_id: int
    attorney_id: int
    open_date: dt.date
    status: str = "Open"
    client_reference: str | None = None


@dataclass(slots=True, kw_only=True)
class ServiceCategory(Row):
    """An activity description: what kind of work a time entry was."""

    name: str
    xero_service_code: str | None = None


@dataclass(slots=True, kw_only=True)
class ExpenseCategory(Row):
    """What kind of expense; `entry_type` is hard_cost, soft_cost or unassociated."""

    name: str
    entry_type: str
    xero_expense_code: str | None = None


@dataclass(slots=True, kw_only=True)
class TaxRate(Row):
    """A named tax rate; system ones stand for no tax."""

    name: str
    rate: int
    active: bool = True
    is_system: bool = False
    country: str | None = None
    region: str | None = None
