"""Bills → sales invoices (BEHAVIOUR §5)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from syncengine.domain.documents import (
    Blocked,
    DocumentLine,
    InvoiceDocument,
    InvoiceStatus,
    LinkedLine,
    StandingInvoice,
)
from syncengine.domain.mapping.invoice_lines import INTEREST_KEY, Drafted, Sources, draft_lines, interest_digest
from syncengine.domain.mapping.keeping import Standing
from syncengine.domain.mapping.tax_amounts import settle_tax
from syncengine.domain.mapping.totals import Mismatch, Settled, settle_totals
from syncengine.domain.mapping.wording import reference_of
from syncengine.domain.money import ZERO
from syncengine.domain.records import BillRecord, LineRecord
from syncengine.domain.rules import Rules

MAX_NUMBER: Final = 255  # X 3.4
MAX_LINE_AMOUNT: Final = Decimal("9999999999.99")  # X 3.5
_STEPS: Final[tuple[InvoiceStatus, ...]] = ("DRAFT", "SUBMITTED", "AUTHORISED")


@dataclass(frozen=True, slots=True)
class InterestSplit:
    """Interest on a bill: what its invoice carries, and what came later and goes on an invoice of its own."""

    on_invoice: Decimal
    later: Decimal


def is_interest_bill(*, bill: BillRecord, lines: Sequence[LineRecord]) -> bool:
    """Whether this is Clio's own bill for interest on another one; no field says so (BEHAVIOUR §5, Interest)."""
    return bill.original_bill_id is not None and bill.interest_total > 0 and not lines


def split_interest(
    *, settled: Settled, linked: Mapping[str, LinkedLine], standing: StandingInvoice | None
) -> InterestSplit:
    """Divide a bill's interest, so that interest charged after sending changes no sent invoice.

    Everything goes on the invoice until it was approved in Xero with lines of ours; after that, what was on it then.
    """
    sent = standing is not None and standing.status in {"AUTHORISED", "PAID"} and bool(linked)
    if not sent or not settled.interest:
        return InterestSplit(settled.interest, ZERO)
    was = linked.get(INTEREST_KEY)
    if was is None:
        return InterestSplit(ZERO, settled.interest)
    line = Standing.of(linked=linked, standing=standing).line(key=INTEREST_KEY)
    if was.record_digest == interest_digest(interest=settled.interest) or line is None or line.amount is None:
        return InterestSplit(settled.interest, ZERO)
    on_invoice = min(settled.interest, line.amount)
    return InterestSplit(on_invoice, settled.interest - on_invoice)


def map_bill(
    *,
    bill: BillRecord,
    lines: Sequence[LineRecord],
    rules: Rules,
    contact_id: str,
    linked: Mapping[str, LinkedLine],
    standing: StandingInvoice | None,
    number: str | None = None,
    services: Mapping[int, str],
    expenses: Mapping[int, str],
    original_number: str | None = None,
    interest_billed: Decimal = ZERO,
) -> InvoiceDocument | Blocked:
    """Map a bill in scope, with all its lines, to the invoice that should stand in Xero.

    `linked` and `standing` go together: what the link remembers of the lines sent, and the invoice as it stands with
    its lines; both empty for a bill that was never sent. `number` replaces the bill's number where that is taken.
    `services` and `expenses` name Clio's categories by id. `original_number` is the number of the bill that an interest
    bill is for; `interest_billed` is the interest on this bill that bills of their own carry.

    All amounts are in the bill's currency. The lines and their tax add up to `total` to the cent; `total` is Clio's
    `due`, less interest that goes on an invoice of its own.
    """
    alive = standing if standing is not None and standing.is_live else None
    taken = (number or bill.number).strip()
    issued = _issue_date(bill, taken)
    if isinstance(issued, Blocked):
        return issued
    sources = Sources(bill, rules, Standing.of(linked=linked, standing=alive), services, expenses)
    figures = _figures(sources, lines, interest_billed, alive)
    if isinstance(figures, Blocked):
        return figures
    of_interest = is_interest_bill(bill=bill, lines=lines)
    return InvoiceDocument(
        number=taken,
        reference=reference_of(bill=bill, interest_bill=of_interest, original_number=original_number),
        contact_id=contact_id,
        date=issued,
        due_date=bill.due_at or issued,
        currency=bill.currency or rules.organisation.base_currency,
        url=rules.bill_url(bill.id),
        status=_status(bill, alive),
        lines=figures.lines,
        total=figures.total,
        total_tax=figures.total_tax,
        invoice_id=alive.invoice_id if alive else None,
        advances=alive is None or _reached(alive) < _STEPS.index(_status(bill, alive)),
    )


@dataclass(frozen=True, slots=True)
class _Figures:
    lines: tuple[DocumentLine, ...]
    total: Decimal
    total_tax: Decimal


def _figures(
    sources: Sources, lines: Sequence[LineRecord], interest_billed: Decimal, standing: StandingInvoice | None
) -> _Figures | Blocked:
    """The document's lines and what they add up to."""
    settled = settle_totals(bill=sources.bill, lines=lines, interest_billed=interest_billed)
    if isinstance(settled, Mismatch):
        return _does_not_add_up(settled)
    interest = split_interest(settled=settled, linked=sources.standing.linked, standing=standing)
    drafted = draft_lines(sources=sources, settled=settled, interest=interest.on_invoice)
    if isinstance(drafted, Blocked):
        return drafted
    with_tax = _with_tax(drafted, settled.total_tax, sources.rules)
    if isinstance(with_tax, Blocked):
        return with_tax
    return _Figures(with_tax, settled.total - interest.later, settled.total_tax)


def _issue_date(bill: BillRecord, number: str) -> dt.date | Blocked:
    """The bill's issue date, or what keeps the bill from becoming an invoice whatever its lines say."""
    if bill.issued_at is None:
        return _blocked("issue_date_missing", "The bill has no issue date", "Set an issue date in Clio.", "issued_at")
    if not number:
        return _blocked("number_missing", "The bill has no number", "Give the bill a number in Clio.", "number")
    if len(number) > MAX_NUMBER:
        message = f"The bill's number is longer than {MAX_NUMBER} characters"
        return _blocked("number_too_long", message, "Give the bill a shorter number in Clio.", "number")
    if bill.due < 0:
        message = "The bill's total is below zero, and Xero takes no such invoice"
        return _blocked("total_negative", message, "Correct the bill in Clio.", "due")
    return bill.issued_at


def _status(bill: BillRecord, standing: StandingInvoice | None) -> InvoiceStatus:
    """The status that the bill asks for, never behind the one that stands: Xero cannot un-approve (X 7.11)."""
    step = 2 if bill.is_approved else 1 if bill.state == "awaiting_approval" else 0
    return _STEPS[max(step, _reached(standing)) if standing is not None else step]


def _reached(standing: StandingInvoice) -> int:
    return {"SUBMITTED": 1, "AUTHORISED": 2, "PAID": 2}.get(standing.status, 0)


def _with_tax(drafted: list[Drafted], total_tax: Decimal, rules: Rules) -> tuple[DocumentLine, ...] | Blocked:
    lines = [one.line for one in drafted]
    if any(line.amount is not None and abs(line.amount) > MAX_LINE_AMOUNT for line in lines):
        return _blocked("amount_too_large", "A line is larger than Xero takes", "Split the line in Clio.", "amount")
    settled = settle_tax(lines=lines, taxed=[one.taxed for one in drafted], total_tax=total_tax, rates=rules.tax_rates)
    if settled is not None:
        return settled
    return _blocked(
        "tax_without_line",
        f"The bill has tax of {total_tax:f}, but none of its lines is taxed",
        "Check the tax of the bill's lines in Clio.",
        "total_tax",
    )


def _does_not_add_up(mismatch: Mismatch) -> Blocked:
    return Blocked(
        code="totals_mismatch",
        message=mismatch.message,
        remedy="Open the bill in Clio and save it again. If the figures still differ, show them to support.",
        field="due",
        details=mismatch.figures,
    )


def _blocked(code: str, message: str, remedy: str, field: str) -> Blocked:
    return Blocked(code=code, message=message, remedy=remedy, field=field)
