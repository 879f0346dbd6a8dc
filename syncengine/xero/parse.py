"""Xero's JSON becomes standing documents and chart values. Dates come in three forms (X 4.2); amounts are Decimal."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from syncengine.domain.documents import StandingContact, StandingInvoice, StandingLine
from syncengine.domain.rules import Account, Organisation, TaxRate

_MILLISECONDS = re.compile(r"/Date\((-?\d+)")
NO_ID = "00000000-0000-0000-0000-000000000000"
_PHONE_PARTS = ("PhoneCountryCode", "PhoneAreaCode", "PhoneNumber")
_ADDRESS_PARTS = (
    "AttentionTo", "AddressLine1", "AddressLine2", "AddressLine3", "AddressLine4", "City",
    "Region", "PostalCode", "Country",
)  # fmt: skip


def day(value: Any) -> date | None:
    """A date as Xero writes it: /Date(ms+0000)/ or ISO; None where there is none."""
    if not value:
        return None
    if match := _MILLISECONDS.match(str(value)):
        return datetime.fromtimestamp(int(match[1]) / 1000, tz=UTC).date()
    return date.fromisoformat(str(value)[:10])


def _amount(row: Mapping[str, Any], name: str) -> Decimal:
    value = row.get(name)
    return Decimal(str(value)).quantize(Decimal("0.01")) if value is not None else Decimal("0.00")


def _optional(row: Mapping[str, Any], name: str) -> Decimal | None:
    value = row.get(name)
    return Decimal(str(value)) if value is not None else None


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    return "" if value is None else str(value)


def parse_invoice(row: Mapping[str, Any]) -> StandingInvoice:
    """An invoice as it stands."""
    contact = row.get("Contact") or {}
    return StandingInvoice(
        invoice_id=_text(row, "InvoiceID"),
        number=_text(row, "InvoiceNumber"),
        status=_text(row, "Status"),
        contact_id=_text(contact, "ContactID"),
        contact_name=_text(contact, "Name"),
        date=day(row.get("DateString") or row.get("Date")),
        due_date=day(row.get("DueDateString") or row.get("DueDate")),
        currency=_text(row, "CurrencyCode"),
        url=_text(row, "Url"),
        reference=_text(row, "Reference"),
        total=_amount(row, "Total"),
        amount_due=_amount(row, "AmountDue"),
        amount_paid=_amount(row, "AmountPaid"),
        amount_credited=_amount(row, "AmountCredited"),
        lines=tuple(_line(line) for line in row.get("LineItems") or ()),
    )


def _line(row: Mapping[str, Any]) -> StandingLine:
    return StandingLine(
        line_item_id=_text(row, "LineItemID"),
        description=_text(row, "Description"),
        quantity=_optional(row, "Quantity"),
        unit_amount=_optional(row, "UnitAmount"),
        amount=_optional(row, "LineAmount"),
        account_code=_text(row, "AccountCode"),
        tax_type=_text(row, "TaxType"),
        tax_amount=_optional(row, "TaxAmount"),
        tracking=tuple(row.get("Tracking") or ()),
    )


def parse_contact(row: Mapping[str, Any]) -> StandingContact:
    """A contact as it stands, with the fields that merging compares; empty values are left out (X 4.5)."""
    fields: dict[str, Any] = {name: row[name] for name in ("FirstName", "LastName", "EmailAddress") if row.get(name)}
    phones = [_parts(phone, "PhoneType", _PHONE_PARTS) for phone in row.get("Phones") or ()]
    addresses = [_parts(address, "AddressType", _ADDRESS_PARTS) for address in row.get("Addresses") or ()]
    if phones := [phone for phone in phones if len(phone) > 1]:
        fields["Phones"] = phones
    if addresses := [address for address in addresses if len(address) > 1]:
        fields["Addresses"] = addresses
    return StandingContact(
        contact_id=_text(row, "ContactID"),
        contact_number=_text(row, "ContactNumber"),
        name=_text(row, "Name"),
        email=_text(row, "EmailAddress"),
        status=_text(row, "ContactStatus") or "ACTIVE",
        merged_to=_text(row, "MergedToContactID"),
        fields=fields,
    )


def _parts(row: Mapping[str, Any], kind: str, names: tuple[str, ...]) -> dict[str, str]:
    return {kind: _text(row, kind)} | {name: str(row[name]) for name in names if row.get(name)}


def parse_account(row: Mapping[str, Any]) -> Account:
    """An account of the chart. A bank account takes payments whatever its flag says (X 3.10)."""
    kind = _text(row, "Type")
    return Account(
        account_id=_text(row, "AccountID"),
        code=_text(row, "Code"),
        name=_text(row, "Name"),
        type=kind,
        account_class=_text(row, "Class"),
        status=_text(row, "Status"),
        tax_type=_text(row, "TaxType"),
        currency=_text(row, "CurrencyCode"),
        takes_payments=kind == "BANK" or bool(row.get("EnablePaymentsToAccount")),
        system_account=_text(row, "SystemAccount"),
    )


def parse_tax_rate(row: Mapping[str, Any]) -> TaxRate:
    """A tax rate, per cent."""
    rate = row.get("EffectiveRate")
    return TaxRate(
        tax_type=_text(row, "TaxType"),
        name=_text(row, "Name"),
        status=_text(row, "Status"),
        effective_rate=Decimal(str(rate if rate is not None else row.get("DisplayTaxRate") or 0)),
        can_apply_to_revenue=bool(row.get("CanApplyToRevenue", True)),
        can_apply_to_expenses=bool(row.get("CanApplyToExpenses", True)),
    )


def parse_organisation(row: Mapping[str, Any]) -> Organisation:
    """The organisation; lock dates are absent where unset (X 3.11)."""
    return Organisation(
        name=_text(row, "Name"),
        base_currency=_text(row, "BaseCurrency"),
        period_lock=day(row.get("PeriodLockDate")),
        year_end_lock=day(row.get("EndOfYearLockDate")),
    )
