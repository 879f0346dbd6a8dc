"""Xero's JSON becomes standing documents and chart values. Dates come in three forms (X 4.2); amounts are Decimal.

A key may be missing where its value is empty (X 3.11, X 4.5), so values are tested, never keys.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from syncengine.domain.documents import (
    StandingAllocation,
    StandingContact,
    StandingCredit,
    StandingCreditNote,
    StandingInvoice,
    StandingLine,
    StandingPayment,
)
from syncengine.domain.rules import Account, Organisation, TaxRate
from syncengine.transport.errors import UnreadableAnswer

_MILLISECONDS: Final = re.compile(r"/Date\((-?\d+)(?:[+-]\d{4})?\)/")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_CENT: Final = Decimal("0.01")
#: Xero's id of something that was not created (X 5.1, X 15.7).
NO_ID: Final = "00000000-0000-0000-0000-000000000000"
_PHONE_PARTS: Final = ("PhoneCountryCode", "PhoneAreaCode", "PhoneNumber")
_ADDRESS_PARTS: Final = (
    "AttentionTo", "AddressLine1", "AddressLine2", "AddressLine3", "AddressLine4", "City",
    "Region", "PostalCode", "Country",
)  # fmt: skip


class ParseProblem(UnreadableAnswer):
    """A row of Xero's cannot be read; the message names the field, never its value."""

    def __init__(self, name: str, what: str) -> None:
        super().__init__("xero", f"{name} is not {what}")
        self.field = name


def _day(row: Mapping[str, Any], name: str) -> date | None:
    """A date as Xero writes it: as text beside it, /Date(ms+0000)/ or ISO; None where there is none."""
    text = str(row.get(f"{name}String") or row.get(name) or "")
    if not text:
        return None
    try:
        if match := _MILLISECONDS.fullmatch(text):
            return (_EPOCH + timedelta(milliseconds=int(match[1]))).date()
        return date.fromisoformat(text[:10])
    except (ValueError, OverflowError) as error:
        raise ParseProblem(name, "a date") from error


def _optional(row: Mapping[str, Any], name: str) -> Decimal | None:
    value = row.get(name)
    if value is None:
        return None
    try:
        number = value if isinstance(value, Decimal) else Decimal(str(value))
    except InvalidOperation as error:
        raise ParseProblem(name, "a number") from error
    if not number.is_finite():
        raise ParseProblem(name, "a number")
    return number


def _amount(row: Mapping[str, Any], name: str) -> Decimal:
    number = _optional(row, name)
    amount = (number or Decimal(0)).quantize(_CENT)
    if number is not None and amount != number:
        raise ParseProblem(name, "an amount of whole cents")
    return amount


def _id(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    if not isinstance(value, str) or not value:
        raise ParseProblem(name, "there")
    return value


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    return "" if value is None else str(value)


def parse_invoice(row: Mapping[str, Any]) -> StandingInvoice:
    """An invoice as it stands; `lines` is empty where Xero left them out (X 7.19). Raises ParseProblem."""
    contact = row.get("Contact") or {}
    return StandingInvoice(
        invoice_id=_id(row, "InvoiceID"),
        number=_text(row, "InvoiceNumber"),
        status=_text(row, "Status"),
        contact_id=_text(contact, "ContactID"),
        contact_name=_text(contact, "Name"),
        date=_day(row, "Date"),
        due_date=_day(row, "DueDate"),
        currency=_text(row, "CurrencyCode"),
        url=_text(row, "Url"),
        reference=_text(row, "Reference"),
        total=_amount(row, "Total"),
        amount_due=_amount(row, "AmountDue"),
        amount_paid=_amount(row, "AmountPaid"),
        amount_credited=_amount(row, "AmountCredited"),
        lines=tuple(_line(line) for line in row.get("LineItems") or ()),
        payments=tuple(_payment_on(payment, _id(row, "InvoiceID")) for payment in row.get("Payments") or ()),
        credits=tuple(_credit_on(note) for note in row.get("CreditNotes") or ()),
        tax_included=_text(row, "LineAmountTypes") == "Inclusive",
    )


def _payment_on(row: Mapping[str, Any], invoice_id: str) -> StandingPayment:
    """A payment as its invoice tells of it: without account and marks (X 4.8)."""
    return StandingPayment(
        payment_id=_id(row, "PaymentID"),
        invoice_id=invoice_id,
        amount=_amount(row, "Amount"),
        date=_day(row, "Date"),
        reference=_text(row, "Reference"),
    )


def _credit_on(row: Mapping[str, Any]) -> StandingCredit:
    return StandingCredit(_id(row, "CreditNoteID"), _text(row, "CreditNoteNumber"), _amount(row, "AppliedAmount"))


def parse_payment(row: Mapping[str, Any]) -> StandingPayment:
    """A payment as it stands, or as it was deleted (X 7.24). Raises ParseProblem."""
    return StandingPayment(
        payment_id=_id(row, "PaymentID"),
        invoice_id=_text(row.get("Invoice") or {}, "InvoiceID"),
        amount=_amount(row, "Amount"),
        date=_day(row, "Date"),
        reference=_text(row, "Reference"),
        account_id=_text(row.get("Account") or {}, "AccountID"),
        status=_text(row, "Status") or "AUTHORISED",
        reconciled=row.get("IsReconciled") is True,
        batch_id=_text(row, "BatchPaymentID") or _text(row.get("BatchPayment") or {}, "BatchPaymentID"),
    )


def parse_credit_note(row: Mapping[str, Any]) -> StandingCreditNote:
    """A credit note as it stands, with what it is set against. Raises ParseProblem."""
    return StandingCreditNote(
        credit_note_id=_id(row, "CreditNoteID"),
        number=_text(row, "CreditNoteNumber"),
        status=_text(row, "Status"),
        contact_id=_text(row.get("Contact") or {}, "ContactID"),
        total=_amount(row, "Total"),
        allocations=tuple(
            parse_allocation(one) for one in row.get("Allocations") or () if one.get("IsDeleted") is not True
        ),
    )


def parse_allocation(row: Mapping[str, Any]) -> StandingAllocation:
    """A part of a credit note; Xero spells its id in two ways, and tells the invoice in two forms (X 7.30)."""
    invoice = row.get("Invoice") or {}
    invoice = invoice[0] if isinstance(invoice, list) and invoice else invoice
    return StandingAllocation(
        allocation_id=_text(row, "AllocationID") or _text(row, "AllocationId"),
        invoice_id=_text(invoice if isinstance(invoice, Mapping) else {}, "InvoiceID"),
        amount=_amount(row, "Amount") if row.get("Amount") is not None else _amount(row, "AppliedAmount"),
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
        contact_id=_id(row, "ContactID"),
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
        account_id=_id(row, "AccountID"),
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
    rate = _optional(row, "EffectiveRate")
    return TaxRate(
        tax_type=_text(row, "TaxType"),
        name=_text(row, "Name"),
        status=_text(row, "Status"),
        effective_rate=rate if rate is not None else _optional(row, "DisplayTaxRate") or Decimal(0),
        can_apply_to_revenue=row.get("CanApplyToRevenue") is not False,
        can_apply_to_expenses=row.get("CanApplyToExpenses") is not False,
        can_apply_to_assets=row.get("CanApplyToAssets") is not False,
        can_apply_to_liabilities=row.get("CanApplyToLiabilities") is not False,
    )


def parse_organisation(row: Mapping[str, Any]) -> Organisation:
    """The organisation; lock dates are absent where unset (X 3.11)."""
    return Organisation(
        name=_text(row, "Name"),
        base_currency=_text(row, "BaseCurrency"),
        period_lock=_day(row, "PeriodLockDate"),
        year_end_lock=_day(row, "EndOfYearLockDate"),
    )
