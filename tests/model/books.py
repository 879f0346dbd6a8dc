"""What stands in Xero on the invoices of Clio's bills, read from the stand-in's state. Amounts are whole cents."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

Json = Mapping[str, Any]
_ENDED = frozenset({"VOIDED", "DELETED"})
_BILL = re.compile(r"/bills/(\d+)$")
_PAYMENT_KEY = re.compile(r"CLIO-A(\d+)(?:-\d+)?(?: |$)")
_NOTE_KEY = re.compile(r"CLIO-CN-(\d+)(?:-\d+)?$")


@dataclass(frozen=True, slots=True)
class Payment:
    """A live payment. `key` is the allocation in Clio that its reference names, if it names one."""

    id: str
    amount: int
    on: date
    account: str
    key: int | None
    reconciled: bool = False


@dataclass(frozen=True, slots=True)
class Credit:
    """A credit note as it is set against an invoice. `key` is the allocation in Clio that its number names."""

    id: str
    amount: int
    key: int | None
    on: date


@dataclass(frozen=True, slots=True)
class Invoice:
    """A live sales invoice with the money on it."""

    id: str
    bill_id: int
    number: str
    status: str
    total: int
    due: int
    currency: str
    contact: str
    issued: date
    due_on: date
    accounts: tuple[tuple[str, str], ...]
    payments: tuple[Payment, ...]
    credits: tuple[Credit, ...]

    @property
    def is_approved(self) -> bool:
        """Whether it counts in the books."""
        return self.status in {"AUTHORISED", "PAID"}


@dataclass(frozen=True, slots=True)
class Books:
    """The invoices of bills, and all money in the organisation, by hand or not."""

    invoices: tuple[Invoice, ...]
    payments: Mapping[str, tuple[str, Payment]]
    notes: tuple[tuple[str, str, int | None, int], ...]
    numbers: frozenset[str]

    def of(self, bill_id: int) -> Invoice | None:
        """A bill's invoice, if it stands."""
        return next((one for one in self.invoices if one.bill_id == bill_id), None)


def read_books(state: Json) -> Books:
    """Read an organisation. `notes` are (id, number, key, what is left of it) of those that are not voided."""
    payments = {
        row["PaymentID"]: (row["Invoice"]["InvoiceID"], _payment(row))
        for row in state["payments"]
        if row["Status"] not in _ENDED and "Invoice" in row
    }
    allocations = [row for row in state["allocations"] if not row["IsDeleted"]]
    dates = {row["CreditNoteID"]: _day(row["DateString"]) for row in state["credit_notes"]}
    invoices = [
        _invoice(row, [paid for on, paid in payments.values() if on == row["InvoiceID"]], allocations, dates)
        for row in state["invoices"]
        if row["Type"] == "ACCREC" and row["Status"] not in _ENDED and _BILL.search(row.get("Url") or "")
    ]
    notes = [
        (
            row["CreditNoteID"],
            row["CreditNoteNumber"],
            _key(_NOTE_KEY, row["CreditNoteNumber"]),
            _cents(row["RemainingCredit"]),
        )
        for row in state["credit_notes"]
        if row["Status"] not in _ENDED
    ]
    numbers = frozenset(row["InvoiceNumber"] for row in state["invoices"] if row["Type"] == "ACCREC")
    return Books(tuple(invoices), payments, tuple(notes), numbers)


def _invoice(
    row: Json, payments: Iterable[Payment], allocations: Iterable[Json], note_dates: Mapping[str, date]
) -> Invoice:
    found = _BILL.search(row["Url"])
    credits_on = [
        Credit(
            id=one["CreditNote"]["CreditNoteID"],
            amount=_cents(one["Amount"]),
            key=_key(_NOTE_KEY, one["CreditNote"]["CreditNoteNumber"]),
            on=note_dates[one["CreditNote"]["CreditNoteID"]],
        )
        for one in allocations
        if one["Invoice"]["InvoiceID"] == row["InvoiceID"]
    ]
    return Invoice(
        id=row["InvoiceID"],
        bill_id=int(found[1]) if found else 0,
        number=row["InvoiceNumber"],
        status=row["Status"],
        total=_cents(row["Total"]),
        due=_cents(row["AmountDue"]),
        currency=row["CurrencyCode"],
        contact=row["Contact"]["Name"],
        issued=_day(row["DateString"]),
        due_on=_day(row["DueDateString"]),
        accounts=tuple((line["LineItemID"], line.get("AccountCode", "")) for line in row["LineItems"]),
        payments=tuple(payments),
        credits=tuple(credits_on),
    )


def _payment(row: Json) -> Payment:
    milliseconds = int(re.sub(r"\D.*", "", row["Date"].removeprefix("/Date(")))
    return Payment(
        id=row["PaymentID"],
        amount=_cents(row["Amount"]),
        on=date.fromordinal(date(1970, 1, 1).toordinal() + milliseconds // 86_400_000),
        account=row["Account"]["Code"],
        key=_key(_PAYMENT_KEY, row.get("Reference", "")),
        reconciled=row["IsReconciled"],
    )


def _key(pattern: re.Pattern[str], text: str) -> int | None:
    found = pattern.match(text)
    return int(found[1]) if found else None


def _day(text: str) -> date:
    return date.fromisoformat(text[:10])


def _cents(amount: Decimal) -> int:
    return int((amount * 100).to_integral_exact())
