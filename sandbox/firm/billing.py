"""Bills, their lines and the money on them, as the stand-in Clio keeps them (units: sandbox.firm.records)."""

import datetime as dt
from dataclasses import dataclass

from sandbox.firm.records import Row


@dataclass(slots=True, kw_only=True)
class Activity(Row):
    """A time entry or an expense; `quantity` is hours for time, a count for expenses."""

    type: str
    date: dt.date
    price: int
    total: int
    matter_id: int | None
    user_id: int
    currency_id: int
    quantity: int | None = None
    note: str | None = None
    reference: str | None = None
    non_billable: bool = False
    no_charge: bool = False
    taxed: bool = False
    secondary_taxed: bool = False
    service_category_id: int | None = None
    expense_category_id: int | None = None
    bill_id: int | None = None
    vendor_id: int | None = None
    input_tax_rate_id: int | None = None


@dataclass(slots=True, kw_only=True)
class Discount:
    """`rate` is thousandths of a percent for type percentage, cents for type money."""

    type: str
    rate: int
    note: str | None = None


@dataclass(slots=True, kw_only=True)
class Line(Row):
    """A line of a bill. The amounts follow sandbox.firm.figures."""

    type: str
    kind: str
    bill_id: int
    date: dt.date
    description: str
    price: int
    quantity: int
    note: str | None = None
    position: int = 1
    matter_id: int | None = None
    user_id: int | None = None
    activity_id: int | None = None
    discount: Discount | None = None
    taxable: bool = False
    secondary_taxable: bool = False
    sub_total: int = 0
    total: int = 0
    tax: int = 0
    secondary_tax: int = 0


@dataclass(slots=True, kw_only=True)
class Bill(Row):
    """A bill, a trust request (kind trust_kind) or an interest bill (original_bill_id, interest and no lines)."""

    number: str
    state: str
    issued_at: dt.date
    due_at: dt.date | None
    client_id: int
    matter_ids: list[int]
    user_id: int
    currency_id: int
    kind: str = "revenue_kind"
    subject: str | None = None
    memo: str | None = None
    purchase_order: str | None = None
    start_at: dt.date | None = None
    end_at: dt.date | None = None
    last_sent_at: dt.datetime | None = None
    paid_at: dt.datetime | None = None
    tax_rate: int = 0
    secondary_tax_rate: int = 0
    discount: Discount | None = None
    discount_services_only: bool = False
    original_bill_id: int | None = None
    interest: int = 0
    interest_rate: int = 0
    trust_amount: int = 0
    sub_total: int = 0
    services_sub_total: int = 0
    taxable_sub_total: int = 0
    secondary_taxable_sub_total: int = 0
    services_taxable_sub_total: int = 0
    services_secondary_taxable_sub_total: int = 0
    tax_sum: int = 0
    secondary_tax_sum: int = 0
    services_tax: int = 0
    services_secondary_tax: int = 0
    total_tax: int = 0
    total: int = 0
    due: int = 0
    paid: int = 0
    pending: int = 0
    credits_issued: int = 0
    interest_paid: int = 0
    balance: int = 0


@dataclass(slots=True, kw_only=True)
class Payment(Row):
    """Money received. No call serves it (C 5.6); allocations name it as their parent."""

    amount: int
    date: dt.date
    reference: str | None = None


@dataclass(slots=True, kw_only=True)
class CreditMemo(Row):
    """What the firm gives up of a bill."""

    amount: int
    date: dt.date
    description: str
    contact_id: int
    user_id: int
    discount: bool = False
    voided_at: dt.datetime | None = None


@dataclass(slots=True, kw_only=True)
class Allocation(Row):
    """A payment's or a credit memo's part on one bill. `counted` is False for a row that Clio lists twice (C 5.9)."""

    date: dt.date
    amount: int
    bill_id: int | None
    contact_id: int
    matter_id: int | None
    parent_type: str
    parent_id: int
    interest: bool = False
    online: bool = False
    description: str | None = None
    identifier: str | None = None
    source_bank_account_id: int | None = None
    destination_bank_account_id: int | None = None
    voided_at: dt.datetime | None = None
    counted: bool = True


@dataclass(slots=True, kw_only=True)
class InterestCharge(Row):
    """Interest charged on a bill at a date; `total` in cents."""

    date: dt.date
    description: str
    total: int
    bill_id: int
