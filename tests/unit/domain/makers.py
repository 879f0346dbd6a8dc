"""Builders of domain values for tests. Figures are given as text, by hand; nothing is worked out except defaults."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from syncengine.domain.documents import (
    Blocked,
    DocumentLine,
    InvoiceDocument,
    LinkedLine,
    StandingContact,
    StandingInvoice,
    StandingLine,
)
from syncengine.domain.mapping.invoices import map_bill
from syncengine.domain.records import BillRecord, ContactRecord, Discount, LineRecord
from syncengine.domain.rules import Account, Organisation, Rules, TaxRate

NO_TAX, GST, PST, BOTH = "NONE", "OUTPUT", "TAX001", "TAX002"
SERVICES: Mapping[int, str] = {61: "Drafting", 62: "Court"}
EXPENSES: Mapping[int, str] = {15: "Filing fees"}

_LINE_FIGURES = ("price", "quantity", "sub_total", "total", "tax", "secondary_tax")
_BILL_FIGURES = (
    "tax_rate", "secondary_tax_rate", "sub_total", "services_sub_total", "total_tax", "total", "due", "paid",
    "pending", "balance", "credits_issued", "interest_total",
)  # fmt: skip


def percent(rate: str, note: str = "") -> Discount:
    return Discount(Decimal(rate), "percentage", note)


def money(amount: str, note: str = "") -> Discount:
    return Discount(Decimal(amount), "money", note)


def line(line_id: int = 31001, **changes: Any) -> LineRecord:
    """A service line: 4 h at 250.00 = 1,000.00, untaxed. `amount` sets sub_total and total together."""
    amount = changes.pop("amount", None)
    figures = {"price": "250.00", "quantity": "4", "sub_total": "1000.00", "total": "1000.00"}
    if amount is not None:
        figures |= {"price": amount, "quantity": "1", "sub_total": amount, "total": amount}
    figures |= {"tax": "0.00", "secondary_tax": "0.00"}
    figures |= {name: changes.pop(name) for name in _LINE_FIGURES if name in changes}
    values: dict[str, Any] = {
        "id": line_id,
        "bill_id": 9001,
        "type": "ActivityLineItem",
        "kind": "Service",
        "date": dt.date(2026, 4, 20),
        "description": "",
        "note": "Lease review",
        "taxable": False,
        "secondary_taxable": False,
        "service_category_id": 61 if changes.get("kind", "Service") == "Service" else None,
        "timekeeper": "Ana Reyes",
        **changes,
    }
    values |= {name: Decimal(value) for name, value in figures.items()}
    return LineRecord(**values)


def expense(line_id: int = 32001, **changes: Any) -> LineRecord:
    """An expense line of 150.00, untaxed."""
    defaults = {"amount": "150.00", "kind": "Expense", "expense_category_id": 15, "note": "Court filing"}
    return line(line_id, **{**defaults, **changes})


def bill(**changes: Any) -> BillRecord:
    """An approved bill of 1,000.00, number 1042. `balance` is what is due unless it is given."""
    figures = dict.fromkeys(_BILL_FIGURES, "0.00") | {"due": "1000.00"}
    figures["balance"] = changes.get("due", figures["due"])
    figures |= {name: changes.pop(name) for name in _BILL_FIGURES if name in changes}
    values: dict[str, Any] = {
        "id": 9001,
        "number": "1042",
        "state": "awaiting_payment",
        "kind": "revenue_kind",
        "issued_at": dt.date(2026, 5, 4),
        "due_at": dt.date(2026, 6, 3),
        "currency": "CAD",
        "client_id": 501,
        "client_name": "Harbour Bakery Ltd",
        "matters": ("00077-Harbour",),
        "purchase_order": "",
        "subject": "",
        "discount": None,
        "discount_services_only": False,
        "original_bill_id": None,
        "updated_at": "2026-05-04T10:15:02-04:00",
        **changes,
    }
    values |= {name: Decimal(value) for name, value in figures.items()}
    return BillRecord(**values)


def account(code: str, name: str = "", **changes: Any) -> Account:
    values = {"account_id": f"acc-{code}", "type": "REVENUE", "account_class": "REVENUE", "status": "ACTIVE", **changes}
    return Account(code=code, name=name or f"Account {code}", **values)


def tax_rate(tax_type: str, per_cent: str, status: str = "ACTIVE") -> TaxRate:
    return TaxRate(tax_type, f"Rate {tax_type}", status, Decimal(per_cent))


def rules(**changes: Any) -> Rules:
    """Everything chosen: services 200, expenses 400, interest 270; taxes 0, 5, 7 and 12 per cent."""
    accounts = [account(code) for code in ("200", "210", "270", "400")]
    rates = [tax_rate(NO_TAX, "0"), tax_rate(GST, "5"), tax_rate(PST, "7"), tax_rate(BOTH, "12")]
    values: dict[str, Any] = {
        "export_bills": True,
        "time_entries_account": "acc-200",
        "expenses_account": "acc-400",
        "interest_account": "acc-270",
        "append_ids": False,
        "tax_none": NO_TAX,
        "tax_primary": GST,
        "tax_secondary": PST,
        "tax_both": BOTH,
        "accounts": {one.account_id: one for one in accounts},
        "tax_rates": {one.tax_type: one for one in rates},
        "organisation": Organisation(name="Reyes Law", base_currency="CAD"),
        "clio_web_url": "https://app.clio.example",
        **changes,
    }
    return Rules(**values)


def mapped(record: BillRecord, lines: Sequence[LineRecord], **changes: Any) -> InvoiceDocument | Blocked:
    """Map a bill that was never sent, unless told otherwise."""
    values: dict[str, Any] = {
        "rules": rules(),
        "contact_id": "contact-1",
        "linked": {},
        "standing": None,
        "services": SERVICES,
        "expenses": EXPENSES,
        **changes,
    }
    return map_bill(bill=record, lines=lines, **values)


def document(record: BillRecord, lines: Sequence[LineRecord], **changes: Any) -> InvoiceDocument:
    """The document of a bill that is not blocked."""
    made = mapped(record, lines, **changes)
    assert isinstance(made, InvoiceDocument), made
    return made


def blocked(record: BillRecord, lines: Sequence[LineRecord], **changes: Any) -> Blocked:
    """What blocks a bill."""
    made = mapped(record, lines, **changes)
    assert isinstance(made, Blocked), made
    return made


def standing_line(sent: DocumentLine, **changes: Any) -> StandingLine:
    values: dict[str, Any] = {
        "line_item_id": f"item-{sent.key}",
        "description": sent.description,
        "quantity": sent.quantity,
        "unit_amount": sent.unit_amount,
        "amount": sent.amount,
        "account_code": sent.account_code,
        "tax_type": sent.tax_type,
        "tax_amount": sent.tax_amount,
        **changes,
    }
    return StandingLine(**values)


def sent_invoice(
    sent: InvoiceDocument, by_hand: Mapping[str, Mapping[str, Any]] | None = None, **changes: Any
) -> tuple[StandingInvoice, dict[str, LinkedLine]]:
    """What stands in Xero after a document was sent, and what the link remembers. `by_hand`: edits made in Xero."""
    edits = by_hand or {}
    values: dict[str, Any] = {
        "invoice_id": "inv-1",
        "number": sent.number,
        "status": sent.status,
        "contact_id": sent.contact_id,
        "contact_name": "Harbour Bakery Ltd",
        "date": sent.date,
        "due_date": sent.due_date,
        "currency": sent.currency,
        "url": sent.url,
        "reference": sent.reference,
        "total": sent.total,
        "amount_due": sent.total,
        "amount_paid": Decimal("0.00"),
        "amount_credited": Decimal("0.00"),
        "lines": tuple(standing_line(one, **edits.get(one.key, {})) for one in sent.lines),
        **changes,
    }
    linked = {one.key: LinkedLine(f"item-{one.key}", one.record_digest, one.coding) for one in sent.lines}
    return StandingInvoice(**values), linked


def contact(**changes: Any) -> ContactRecord:
    """A company, Harbour Bakery Ltd, id 501."""
    values: dict[str, Any] = {
        "id": 501,
        "type": "Company",
        "name": "Harbour Bakery Ltd",
        "first_name": "",
        "last_name": "",
        "email": "ap@harbour.example",
        **changes,
    }
    return ContactRecord(**values)


def standing_contact(**changes: Any) -> StandingContact:
    """The same company as it stands in Xero, with our ContactNumber."""
    values: dict[str, Any] = {
        "contact_id": "contact-1",
        "contact_number": "CLIO-501",
        "name": "Harbour Bakery Ltd",
        "email": "ap@harbour.example",
        "status": "ACTIVE",
        **changes,
    }
    return StandingContact(**values)


def figures(made: InvoiceDocument) -> list[tuple[str, str | None, str, str]]:
    """Lines as (key, amount, account, tax type): what most tests look at."""
    return [
        (one.key, None if one.amount is None else str(one.amount), one.account_code, one.tax_type) for one in made.lines
    ]
