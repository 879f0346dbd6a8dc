"""Records: things in Clio, parsed. Frozen values; money is Decimal, dates are plain dates, times are aware UTC.

A record turns into a plain dictionary and back (`as_dict`, `*_from_dict`), which is what a snapshot row holds, and has
a digest over the fields that mapping reads, so that a payment on a bill does not look like an edit of the bill
(BEHAVIOUR §5, "What a change touches").
"""

import dataclasses
import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any, Final, Literal

BillState = Literal["draft", "awaiting_approval", "awaiting_payment", "paid", "void", "deleted"]

#: Fields of a bill that move without the bill being edited; the digest leaves them out.
_NOT_AN_EDIT: Final = frozenset({"state", "paid", "pending", "balance", "credits_issued", "updated_at", "client_name"})
_APPROVED: Final = frozenset({"awaiting_payment", "paid"})


@dataclass(frozen=True, slots=True)
class Discount:
    """A discount as Clio states it: `rate` is per cent for "percentage", an amount for "money"."""

    rate: Decimal
    type: Literal["percentage", "money"]
    note: str = ""


@dataclass(frozen=True, slots=True)
class LineRecord:
    """A bill's line in Clio (C 4.3). `quantity` is in hours for services. Amounts are in the bill's currency."""

    id: int
    bill_id: int
    type: str
    kind: str
    date: dt.date | None
    description: str
    note: str
    price: Decimal
    quantity: Decimal
    sub_total: Decimal
    total: Decimal
    tax: Decimal
    secondary_tax: Decimal
    taxable: bool
    secondary_taxable: bool
    order: int | None = None
    discount: Discount | None = None
    activity_id: int | None = None
    service_category_id: int | None = None
    expense_category_id: int | None = None
    timekeeper: str = ""
    matter: str = ""

    @property
    def digest(self) -> str:
        """Digest over every field of the line: whatever a person changes on a line is an edit."""
        return digest_of(as_dict(self))


@dataclass(frozen=True, slots=True)
class BillRecord:
    """A bill in Clio without its lines (C 3.6). Rates are per cent (13.0), whichever form Clio gave them in."""

    id: int
    number: str
    state: BillState
    kind: str
    issued_at: dt.date | None
    due_at: dt.date | None
    currency: str
    client_id: int | None
    client_name: str
    matters: tuple[str, ...]
    purchase_order: str
    subject: str
    tax_rate: Decimal
    secondary_tax_rate: Decimal
    sub_total: Decimal
    services_sub_total: Decimal
    total_tax: Decimal
    total: Decimal
    due: Decimal
    paid: Decimal
    pending: Decimal
    balance: Decimal
    credits_issued: Decimal
    discount: Discount | None
    discount_services_only: bool
    interest_total: Decimal
    original_bill_id: int | None
    updated_at: str

    @property
    def is_approved(self) -> bool:
        """Whether Clio holds the bill as Awaiting Payment or Paid."""
        return self.state in _APPROVED

    @property
    def is_gone(self) -> bool:
        """Whether the bill was voided or deleted in Clio."""
        return self.state in {"void", "deleted"}

    @property
    def is_trust_request(self) -> bool:
        """Whether this asks for trust money; such bills are never sent (BEHAVIOUR §5)."""
        return self.kind == "trust_kind"


def bill_digest(*, bill: BillRecord, lines: tuple[LineRecord, ...]) -> str:
    """Digest over what mapping reads of a bill and its lines. Awaiting Payment and Paid count as the same state."""
    fields = {key: value for key, value in as_dict(bill).items() if key not in _NOT_AN_EDIT}
    fields["state"] = "approved" if bill.is_approved else bill.state
    return digest_of([fields, [as_dict(line) for line in sorted(lines, key=lambda line: line.id)]])


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone number in Clio; `name` is its type there (Work, Mobile, Fax, Home, Other …)."""

    name: str
    number: str
    primary: bool = False
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Email:
    """An e-mail address in Clio; `name` is its label there. Mapping reads the primary one alone, as text."""

    name: str
    address: str
    primary: bool = False
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address in Clio; `name` is its type there (Work, Home, Billing, Other)."""

    name: str
    street: str = ""
    city: str = ""
    province: str = ""
    postal_code: str = ""
    country: str = ""
    primary: bool = False
    id: int | None = None


@dataclass(frozen=True, slots=True)
class ContactRecord:
    """A contact in Clio (C 9.2). An empty `name` means that the login may not see it (C 9.5), never "no name"."""

    id: int
    type: str
    name: str
    first_name: str
    last_name: str
    email: str
    phones: tuple[Phone, ...] = ()
    addresses: tuple[Address, ...] = ()
    etag: str = ""
    updated_at: str = ""
    #: All of them, with the ids that a change of one names.
    emails: tuple[Email, ...] = ()

    @property
    def digest(self) -> str:
        """Digest over what mapping reads; the etag and the time of change move for other reasons too."""
        fields = as_dict(self)
        del fields["etag"], fields["updated_at"], fields["emails"]
        return digest_of(fields)


@dataclass(frozen=True, slots=True)
class CategoryRecord:
    """A Clio activity ("service") or expense category; `xero_code` is the account code that Clio itself holds."""

    id: int
    kind: Literal["service", "expense"]
    name: str
    xero_code: str = ""


def as_dict(record: Any) -> dict[str, Any]:
    """Give a record as plain JSON values: Decimals as text (exact), dates as ISO text, tuples as lists."""
    plain: dict[str, Any] = _plain(record)
    return plain


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | int | bool):
        return value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return {name: _plain(getattr(value, name)) for name in _field_names(value.__class__)}


@cache
def _field_names(record_type: Any) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(record_type))


def digest_of(plain: Any) -> str:
    """Digest of plain JSON values: the first 32 hex digits of SHA-256 over their canonical text."""
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _day(value: str | None) -> dt.date | None:
    return dt.date.fromisoformat(value) if value else None


def _discount(value: dict[str, Any] | None) -> Discount | None:
    return Discount(Decimal(value["rate"]), value["type"], value["note"]) if value else None


_LINE_DECIMALS: Final = ("price", "quantity", "sub_total", "total", "tax", "secondary_tax")
_BILL_DECIMALS: Final = (
    "tax_rate", "secondary_tax_rate", "sub_total", "services_sub_total", "total_tax", "total", "due", "paid",
    "pending", "balance", "credits_issued", "interest_total",
)  # fmt: skip


def line_from_dict(plain: dict[str, Any]) -> LineRecord:
    """Build a line from what `as_dict` gave."""
    values = dict(plain)
    for name in _LINE_DECIMALS:
        values[name] = Decimal(values[name])
    values["date"] = _day(values["date"])
    values["discount"] = _discount(values["discount"])
    return LineRecord(**values)


def bill_from_dict(plain: dict[str, Any]) -> BillRecord:
    """Build a bill from what `as_dict` gave."""
    values = dict(plain)
    for name in _BILL_DECIMALS:
        values[name] = Decimal(values[name])
    values["issued_at"] = _day(values["issued_at"])
    values["due_at"] = _day(values["due_at"])
    values["matters"] = tuple(values["matters"])
    values["discount"] = _discount(values["discount"])
    return BillRecord(**values)


def contact_from_dict(plain: dict[str, Any]) -> ContactRecord:
    """Build a contact from what `as_dict` gave."""
    values = dict(plain)
    values["phones"] = tuple(Phone(**phone) for phone in values["phones"])
    values["addresses"] = tuple(Address(**address) for address in values["addresses"])
    values["emails"] = tuple(Email(**email) for email in values.get("emails", ()))
    return ContactRecord(**values)
