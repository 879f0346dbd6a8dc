"""What an organisation holds. Rows are never changed in place: a change puts a new row (see table.py)."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from sandbox.xero.values import ZERO

LIVE_SETTLED = ("AUTHORISED", "PAID")
DEAD = ("VOIDED", "DELETED")


@dataclass(frozen=True, slots=True)
class Account:
    """A row of the chart of accounts."""

    id: str
    code: str
    name: str
    type: str
    account_class: str
    tax_type: str
    updated: dt.datetime
    status: str = "ACTIVE"
    system: str = ""
    payments_enabled: bool = False
    currency: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class TaxRate:
    """A tax rate; `classes` are the account classes it can apply to, `rate` is a percentage."""

    tax_type: str
    name: str
    rate: Decimal
    classes: frozenset[str]
    report_type: str
    status: str = "ACTIVE"


@dataclass(frozen=True, slots=True)
class TrackingCategory:
    """A tracking category with its options as (id, name)."""

    id: str
    name: str
    options: tuple[tuple[str, str], ...]
    status: str = "ACTIVE"


@dataclass(frozen=True, slots=True)
class Contact:
    """A customer or supplier. Addresses and phones are (type, ((field, text), …)) in Xero's field names."""

    id: str
    name: str
    updated: dt.datetime
    status: str = "ACTIVE"
    number: str = ""
    account_number: str = ""
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    company_number: str = ""
    tax_number: str = ""
    bank_details: str = ""
    currency: str = ""
    persons: tuple[tuple[tuple[str, str | bool], ...], ...] = ()
    addresses: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    phones: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    merged_to: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a document; a line of text alone has no quantity. Tracking is (category id, option id)."""

    id: str
    description: str
    quantity: Decimal | None = None
    unit_amount: Decimal = ZERO
    account_id: str = ""
    tax_type: str = ""
    tax_amount: Decimal = ZERO
    tax_given: bool = False
    line_amount: Decimal = ZERO
    discount_rate: Decimal | None = None
    discount_amount: Decimal | None = None
    item_code: str = ""
    tracking: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """An invoice, a credit note or a bank transaction. Amounts are in `currency`, to the cent."""

    id: str
    type: str
    status: str
    contact_id: str
    date: dt.date
    amount_types: str
    lines: tuple[Line, ...]
    currency: str
    rate: Decimal
    updated: dt.datetime
    number: str = ""
    reference: str = ""
    due_date: dt.date | None = None
    url: str = ""
    branding_theme: str = ""
    sent_to_contact: bool = False
    subtotal: Decimal = ZERO
    tax: Decimal = ZERO
    total: Decimal = ZERO
    paid: Decimal = ZERO
    credited: Decimal = ZERO
    fully_paid_on: dt.date | None = None
    payments: tuple[str, ...] = ()
    allocations: tuple[str, ...] = ()
    bank_account: str = ""
    reconciled: bool = False

    @property
    def outstanding(self) -> Decimal:
        """What is still due on an invoice, or left of a credit note; nothing once voided."""
        return ZERO if self.status in DEAD else self.total - self.paid - self.credited

    @property
    def is_settled_in_part(self) -> bool:
        """Whether a payment or a credit stands on it."""
        return bool(self.payments or self.allocations)


@dataclass(frozen=True, slots=True)
class Payment:
    """Money paid on an invoice, or paid back on a credit note."""

    id: str
    type: str
    document_id: str
    account_id: str
    date: dt.date
    amount: Decimal
    rate: Decimal
    updated: dt.datetime
    reference: str = ""
    status: str = "AUTHORISED"
    reconciled: bool = False
    batch_id: str = ""

    @property
    def is_refund(self) -> bool:
        """Whether it stands on a credit note."""
        return self.type.endswith("CREDITPAYMENT")


@dataclass(frozen=True, slots=True)
class Allocation:
    """Part of a credit note set against an invoice."""

    id: str
    credit_note_id: str
    invoice_id: str
    amount: Decimal
    date: dt.date
    updated: dt.datetime
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """A line of a document's history."""

    details: str
    changes: str
    user: str
    time: dt.datetime
