"""What nobody likes to try on real books: a paid bill is edited in the stand-in Clio, and its payment must stay."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import requests

from sandbox.demo_report import Finding

_SECONDS = 30
_BILL = re.compile(r"/bills/(\d+)")
_LINE = {"kind": "Service", "description": "Added after the bill was paid", "quantity": 1, "price": 100}


@dataclass(frozen=True)
class Edit:
    """A bill that was edited: which, what it comes to now, and the payments that stood on its invoice."""

    invoice_id: str
    number: str
    before: Decimal
    after: Decimal
    payments: tuple[Decimal, ...]


def edit_a_paid_bill(clio_url: str, xero_url: str) -> Edit | None:
    """Add a line to a paid bill in the stand-in Clio; None if no payment stands in the stand-in Xero."""
    books = _books(xero_url)
    live = {row["InvoiceID"]: row for row in books["invoices"] if row["Type"] == "ACCREC"}
    for payment in books["payments"]:
        invoice = live.get(payment["Invoice"]["InvoiceID"])
        found = _BILL.search(invoice.get("Url", "")) if invoice else None
        if invoice and found and payment["Status"] == "AUTHORISED" and payment["Reference"].startswith("CLIO-A"):
            body = {"action": "edit_bill", "bill_id": int(found[1]), "lines": {"add": [_LINE]}}
            answer = requests.post(f"{clio_url}/control/actions", json=body, timeout=_SECONDS)
            answer.raise_for_status()
            bill = answer.json()
            return Edit(
                invoice_id=invoice["InvoiceID"],
                number=invoice["InvoiceNumber"],
                before=Decimal(str(invoice["Total"])),
                after=Decimal(str(bill["due"])),
                payments=_payments(books, invoice["InvoiceID"]),
            )
    return None


def edit_arrived(edit: Edit | None, xero_url: str) -> Finding:
    """Judge the next sync: the invoice has the bill's new total, and what was paid stands as it did."""
    if edit is None:
        return Finding("edit of a paid bill: no payment stands that could be tried", clean=False)
    books = _books(xero_url)
    invoice = next(row for row in books["invoices"] if row["InvoiceID"] == edit.invoice_id)
    total, payments = Decimal(str(invoice["Total"])), _payments(books, edit.invoice_id)
    clean = total == edit.after != edit.before and payments == edit.payments
    return Finding(
        f"edit of a paid bill: {edit.number} went from {edit.before} to {edit.after} in Clio, in Xero to {total}; "
        f"its payments stand at {_sum(payments)}, before {_sum(edit.payments)}",
        clean=clean,
    )


def _books(xero_url: str) -> dict[str, Any]:
    """What the stand-in's first organisation holds."""
    summary = requests.get(f"{xero_url}/control/state", timeout=_SECONDS)
    summary.raise_for_status()
    tenant = summary.json()["organisations"][0]["tenant_id"]
    answer = requests.get(f"{xero_url}/control/state", params={"tenant": tenant}, timeout=_SECONDS)
    answer.raise_for_status()
    books: dict[str, Any] = answer.json()
    return books


def _payments(books: dict[str, Any], invoice_id: str) -> tuple[Decimal, ...]:
    on_it = [row for row in books["payments"] if row["Invoice"]["InvoiceID"] == invoice_id]
    return tuple(sorted(Decimal(str(row["Amount"])) for row in on_it if row["Status"] != "DELETED"))


def _sum(amounts: tuple[Decimal, ...]) -> str:
    return f"{sum(amounts, Decimal(0)):.2f}"
