"""Rows of Clio's answers become records. Unknown kinds are kept as text; redacted and missing values are empty.

The exception is what a bill or a line comes to: an amount that is not there is not nothing.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final, Literal, cast

from syncengine.domain.money_records import AllocationRecord, InterestCharge
from syncengine.domain.records import (
    Address,
    BillRecord,
    BillState,
    CategoryRecord,
    ContactRecord,
    Discount,
    Email,
    LineRecord,
    Phone,
)
from syncengine.transport.errors import UnreadableAnswer

Row = Mapping[str, Any]

ZERO: Final = Decimal("0.00")
_CENT: Final = Decimal("0.01")
#: What rounding line by line may come to.
_SLACK: Final = Decimal("0.02")
_UNCHARGED: Final = frozenset({"NoChargeLineItem", "SummaryLineItem"})


class ParseProblem(UnreadableAnswer):
    """A row of Clio's cannot be read; names the record and the field, never the value."""

    def __init__(self, row: Row, name: str, what: str) -> None:
        record = row.get("id")
        super().__init__("clio", f"{name} of record {record if isinstance(record, int) else '?'} is not {what}")
        self.field = name


def _amount(row: Row, name: str) -> Decimal:
    value = row.get(name)
    if value is None:
        return ZERO
    try:
        amount = value if isinstance(value, Decimal) else Decimal(str(value))
        if amount.is_finite():
            return _two_places(amount)
    except InvalidOperation:
        pass
    raise ParseProblem(row, name, "a number")


def _present(row: Row, name: str) -> Decimal:
    """An amount that must be there: taking a hidden one for nothing would book the bill at nothing."""
    if row.get(name) is None:
        raise ParseProblem(row, name, "there")
    return _amount(row, name)


def _two_places(value: Decimal) -> Decimal:
    """At least two places, so that 1150 and 1150.0 and 1150.00 are one value with one digest."""
    cents = value.quantize(_CENT)
    return cents if cents == value else value.normalize()


def _text(row: Row, name: str) -> str:
    value = row.get(name)
    # PostgreSQL keeps no NUL in a text.
    return "" if value is None else str(value).replace("\x00", "")


def _day(row: Row, name: str) -> date | None:
    value = row.get(name)
    if not value:
        return None
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError as error:
        raise ParseProblem(row, name, "a date") from error


def _own_id(row: Row) -> int:
    found = _id(row)
    if found is None:
        raise ParseProblem(row, "id", "there")
    return found


def _id(value: Any) -> int | None:
    found = value.get("id") if isinstance(value, Mapping) else None
    return int(found) if isinstance(found, int | str) and str(found).isdecimal() else None


def _name(value: Any, field: str = "name") -> str:
    return _text(value, field) if isinstance(value, Mapping) else ""


def _per_cent(row: Row, name: str, tax: str) -> Decimal:
    """A tax rate as per cent. Clio gives fractions in places and percentages in others (C 10.4).

    One and more is per cent, since no tax is 100 %. Less is a fraction, since hardly any sales tax is below one per
    cent; unless the bill's own tax is what that small percentage comes to.
    """
    rate = _amount(row, name)
    if not 0 < rate < 1:
        return rate
    charged = _amount(row, tax)
    net = _amount(row, "due") - _amount(row, "total_tax")
    bases = [base for base in (_amount(row, "sub_total"), net) if base > 0]
    is_per_cent = charged > 0 and any(abs(charged - base * rate / 100) <= _SLACK for base in bases)
    return rate if is_per_cent else _two_places(rate * 100)


def _discount(row: Row, *, before: str, after: str) -> Discount | None:
    """A discount; none if it takes nothing. A percentage below one is a fraction only where the figures say so."""
    value = row.get("discount")
    rate = _amount(value, "rate") if isinstance(value, Mapping) else ZERO
    if not rate or not isinstance(value, Mapping):
        return None
    if value.get("type") == "money":
        return Discount(rate, "money", _text(value, "note"))
    base, taken = _amount(row, "sub_total"), _amount(row, before) - _amount(row, after)
    if 0 < rate < 1 and taken > 0 and abs(taken - base * rate) <= _SLACK < abs(taken - base * rate / 100):
        rate = _two_places(rate * 100)
    return Discount(rate, "percentage", _text(value, "note"))


def parse_bill(row: Row) -> BillRecord:
    """A bill. Raises ParseProblem where an amount or date cannot be read, or `due` of a live bill is missing."""
    interest = row.get("interest")
    return BillRecord(
        id=_own_id(row),
        number=_text(row, "number"),
        state=cast("BillState", _text(row, "state")),
        kind=_text(row, "kind"),
        issued_at=_day(row, "issued_at"),
        due_at=_day(row, "due_at"),
        currency=_name(row.get("currency"), "code"),
        client_id=_id(row.get("client")),
        client_name=_name(row.get("client")),
        matters=tuple(filter(None, (_name(matter, "display_number") for matter in row.get("matters") or ()))),
        purchase_order=_text(row, "purchase_order"),
        subject=_text(row, "subject"),
        tax_rate=_per_cent(row, "tax_rate", "tax_sum"),
        secondary_tax_rate=_per_cent(row, "secondary_tax_rate", "secondary_tax_sum"),
        sub_total=_amount(row, "sub_total"),
        services_sub_total=_amount(row, "services_sub_total"),
        total_tax=_amount(row, "total_tax"),
        total=_amount(row, "total"),
        due=_amount(row, "due") if _text(row, "state") in {"void", "deleted"} else _present(row, "due"),
        paid=_amount(row, "paid"),
        pending=_amount(row, "pending"),
        balance=_amount(row, "balance"),
        credits_issued=_amount(row, "credits_issued"),
        discount=_discount(row, before="total", after="due"),
        discount_services_only=bool(row.get("discount_services_only")),
        interest_total=_amount(interest, "total") if isinstance(interest, Mapping) else Decimal("0.00"),
        original_bill_id=_id(row.get("original_bill")),
        updated_at=_text(row, "updated_at"),
    )


def parse_line(row: Row) -> LineRecord:
    """A bill's line. Raises ParseProblem where an amount or date cannot be read."""
    bill_id, kind = _id(row.get("bill")), _text(row, "type")
    if bill_id is None:
        raise ParseProblem(row, "bill", "there")
    if row.get("sub_total") is None and kind not in _UNCHARGED:
        _present(row, "total")
    activity = row.get("activity") or {}
    order = row.get("group_ordering")
    return LineRecord(
        id=_own_id(row),
        bill_id=bill_id,
        type=kind,
        kind=_text(row, "kind"),
        date=_day(row, "date"),
        description=_text(row, "description"),
        note=_text(row, "note"),
        price=_amount(row, "price"),
        quantity=_amount(row, "quantity"),
        sub_total=_amount(row, "sub_total"),
        total=_amount(row, "total"),
        tax=_amount(row, "tax"),
        secondary_tax=_amount(row, "secondary_tax"),
        taxable=bool(row.get("taxable")),
        secondary_taxable=bool(row.get("secondary_taxable")),
        order=order if isinstance(order, int) else None,
        discount=_discount(row, before="sub_total", after="total"),
        activity_id=_id(activity),
        service_category_id=_id(activity.get("activity_description")),
        expense_category_id=_id(activity.get("expense_category")),
        timekeeper=_name(row.get("user")),
        matter=_name(row.get("matter"), "display_number"),
    )


def parse_contact(row: Row) -> ContactRecord:
    """A contact; an empty name means that the login may not see it (C 9.5)."""
    return ContactRecord(
        id=_own_id(row),
        type=_text(row, "type"),
        name=_text(row, "name"),
        first_name=_text(row, "first_name"),
        last_name=_text(row, "last_name"),
        email=_text(row, "primary_email_address"),
        phones=tuple(
            Phone(_text(phone, "name"), _text(phone, "number"), bool(phone.get("primary")), _id(phone))
            for phone in row.get("phone_numbers") or ()
        ),
        addresses=tuple(
            Address(
                name=_text(address, "name"),
                street=_text(address, "street"),
                city=_text(address, "city"),
                province=_text(address, "province"),
                postal_code=_text(address, "postal_code"),
                country=_text(address, "country"),
                primary=bool(address.get("primary")),
                id=_id(address),
            )
            for address in row.get("addresses") or ()
        ),
        etag=_text(row, "etag"),
        updated_at=_text(row, "updated_at"),
        emails=tuple(
            Email(_text(email, "name"), _text(email, "address"), bool(email.get("primary")), _id(email))
            for email in row.get("email_addresses") or ()
        ),
    )


def parse_category(row: Row, kind: Literal["service", "expense"]) -> CategoryRecord:
    """An activity or expense category, with the code that Clio itself holds (C 8.1)."""
    code = _text(row, "xero_service_code" if kind == "service" else "xero_expense_code")
    return CategoryRecord(_own_id(row), kind, _text(row, "name"), code)


def parse_allocation(row: Row) -> AllocationRecord:
    """A payment's or credit's part on a bill (C 5.4). Raises ParseProblem where its amount is missing or unreadable."""
    parent = row.get("parent") or {}
    source = row.get("source_bank_account")
    return AllocationRecord(
        id=_own_id(row),
        bill_id=_id(row.get("bill")),
        parent_type=_text(parent, "type"),
        parent_id=_id(parent),
        amount=_present(row, "amount"),
        date=_day(row, "date"),
        interest=bool(row.get("interest")),
        voided=bool(row.get("voided_at")),
        online=bool(row.get("has_online_payment")),
        # A source account is set where the money came from trust (C 5.7).
        from_trust=bool(_id(source)) and _name(source, "type") in {"Trust", "TrustAccount", ""},
        said=_text(parent, "identifier"),
        description=_text(row, "description"),
        contact_id=_id(row.get("contact")),
    )


def parse_interest_charge(row: Row) -> InterestCharge:
    """Interest charged on a bill (C 6.5). Raises ParseProblem where the amount or the bill is missing."""
    bill_id = _id(row.get("bill"))
    if bill_id is None:
        raise ParseProblem(row, "bill", "there")
    return InterestCharge(
        id=_own_id(row),
        bill_id=bill_id,
        date=_day(row, "date"),
        total=_present(row, "total"),
        description=_text(row, "description"),
    )
