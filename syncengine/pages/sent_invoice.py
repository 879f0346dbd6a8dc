"""The invoice as it was sent last: read back from the exact bytes of the call, as long as they are kept."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from syncengine.domain.chart import Chart
from syncengine.domain.money import round_half_up
from syncengine.models import Link, RecordEvent, Submission

#: Calls that carry no lines (a void, another number) stand between; the last one with lines is among these.
_LOOKED_THROUGH: Final = 4


@dataclass(frozen=True, slots=True)
class SentLine:
    """One line as it was sent. A line of text alone has no figures. Amounts are before tax."""

    description: str
    quantity: Decimal | None
    unit_amount: Decimal | None
    amount: Decimal | None
    account: str
    tax_rate: str
    tax_amount: Decimal | None


@dataclass(frozen=True, slots=True)
class SentInvoice:
    """An invoice as it was sent at `sent_at` (UTC). `sub_total` is the sum of its lines, before tax."""

    number: str
    reference: str
    dated: date | None
    due: date | None
    currency: str
    status: str
    lines: tuple[SentLine, ...]
    sub_total: Decimal
    sent_at: datetime


def read_sent(*, clio_id: int, chart: Chart) -> SentInvoice | None:
    """The bill's invoice as it was sent last, in one query; None if it never was, or the bytes are no longer kept."""
    calls = (
        RecordEvent.objects.filter(
            kind=Link.Kind.INVOICE, clio_id=clio_id, event=RecordEvent.Event.SENT, submission__isnull=False
        )
        .order_by("-pk")
        .values("submission_id")[:_LOOKED_THROUGH]
    )
    for submission in Submission.objects.filter(pk__in=calls).order_by("-pk"):
        element = element_of(submission.body, clio_id)
        if element is not None:
            return tell_invoice(element, submission.sent_at, chart)
    return None


def element_of(body: bytes | None, clio_id: int) -> Mapping[str, Any] | None:
    """The bill's element of a call, if it carries lines; found by the address of the bill, which is its Url."""
    if not body:
        return None
    try:
        plain = json.loads(body, parse_float=Decimal)
    except ValueError:
        return None
    elements = plain.get("Invoices") if isinstance(plain, dict) else None
    for element in elements if isinstance(elements, list) else ():
        own = str(element.get("Url") or "").rpartition("/")[2] == str(clio_id)
        if own and element.get("LineItems"):
            found: Mapping[str, Any] = element
            return found
    return None


def tell_invoice(element: Mapping[str, Any], sent_at: datetime, chart: Chart) -> SentInvoice:
    """Tell one element of a call, with accounts and tax rates by name where the chart still has them."""
    accounts = {account.code: account.label for account in chart.accounts.values() if account.code}
    rates = {rate.tax_type: rate.name for rate in chart.tax_rates.values()}
    lines = tuple(_line(line, accounts, rates) for line in element["LineItems"])
    return SentInvoice(
        number=str(element.get("InvoiceNumber") or ""),
        reference=str(element.get("Reference") or ""),
        dated=_day(element.get("Date")),
        due=_day(element.get("DueDate")),
        currency=str(element.get("CurrencyCode") or ""),
        status=str(element.get("Status") or ""),
        lines=lines,
        sub_total=sum((line.amount for line in lines if line.amount is not None), Decimal(0)),
        sent_at=sent_at,
    )


def _line(line: Mapping[str, Any], accounts: Mapping[str, str], rates: Mapping[str, str]) -> SentLine:
    quantity, unit_amount = _number(line.get("Quantity")), _number(line.get("UnitAmount"))
    amount = None
    if quantity is not None and unit_amount is not None:
        amount = round_half_up(quantity * unit_amount)
    code, tax_type = str(line.get("AccountCode") or ""), str(line.get("TaxType") or "")
    return SentLine(
        description=str(line.get("Description") or ""),
        quantity=quantity,
        unit_amount=unit_amount,
        amount=amount,
        account=accounts.get(code, code),
        tax_rate=rates.get(tax_type, tax_type),
        tax_amount=_number(line.get("TaxAmount")),
    )


def _number(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value or "")[:10])
    except ValueError:
        return None
