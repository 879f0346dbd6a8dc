"""What `sync --json` and `compare --json` print (DESIGN §5)."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

from accounts.firm_scope import firm_scope
from accounts.models import Firm
from syncengine.clio import parse_bill
from syncengine.connections import open_clio, open_xero
from syncengine.domain.documents import StandingInvoice
from syncengine.domain.records import BillRecord
from syncengine.domain.scope import scope_of
from syncengine.engine.reference import load_setup
from syncengine.engine.run import Worked
from syncengine.engine.slice import Clock, empty_counts
from syncengine.models import Link, Run, SyncError

_STATES = {Run.State.CLEAN: "clean", Run.State.ERRORS: "errors", Run.State.FAILED: "failed"}
#: Exit code of each state; the worst firm decides.
EXIT_CODES = {"clean": 0, "errors": 1, "failed": 2, "waiting": 3}


def sync_report(*, firm: Firm, worked: Worked) -> dict[str, Any]:
    """One line a firm: state, counts, calls, open errors, seconds."""
    run = worked.run
    with firm_scope(firm):
        errors = [
            {
                "kind": row.kind,
                "clio_id": row.clio_id,
                "code": row.code,
                "message": row.message,
                "remedy": row.remedy,
            }
            for row in SyncError.objects.filter(state=SyncError.State.OPEN).order_by("kind", "clio_id", "id")
        ]
    return {
        "firm": firm.slug,
        "state": _STATES.get(Run.State(run.state), "waiting") if run and worked.finished else "waiting",
        "counts": run.counts if run else empty_counts(),
        "clio_calls": run.clio_calls if run else 0,
        "xero_calls": run.xero_calls if run else 0,
        "open_errors": errors,
        "seconds": round(run.seconds, 3) if run else 0.0,
        "message": worked.message,
        "again_at": worked.again_at.isoformat(),
    }


def compare(*, firm: Firm, clock: Clock) -> dict[str, Any]:
    """Read both sides whole and set them against each other: counts and sums of bills, and every difference."""
    with firm_scope(firm):
        setup = load_setup(firm=firm)
        bills = {
            bill.id: bill
            for bill in _all_bills(open_clio(firm=firm, clock=clock))
            if scope_of(bill=bill, rules=setup.rules) == "in"
        }
        invoices = _all_invoices(open_xero(firm=firm, clock=clock))
        links = list(Link.objects.filter(kind=Link.Kind.INVOICE))
    tied = {link.clio_id: invoices.get(link.xero_id or "") for link in links}
    reasons = {link.clio_id: link.reason or link.get_state_display() for link in links}
    live = {clio_id: invoice for clio_id, invoice in tied.items() if invoice and invoice.is_live}
    return {
        "firm": firm.slug,
        "bills": {
            "clio": _side([(bill.currency, bill.due) for bill in bills.values()]),
            "xero": _side([(invoice.currency, invoice.total) for invoice in live.values()]),
        },
        "differences": _differences(bills, live, reasons),
    }


def _all_bills(clio: Any) -> list[BillRecord]:
    page = clio.page("bills", params={})
    rows = list(page.rows)
    while page.next_url:
        page = clio.page("bills", next_url=page.next_url)
        rows += page.rows
    return [parse_bill(row) for row in rows]


def _all_invoices(xero: Any) -> dict[str, StandingInvoice]:
    found: dict[str, StandingInvoice] = {}
    page = 1
    while True:
        answer = xero.invoices_changed(since=None, page=page)
        found |= {invoice.invoice_id: invoice for invoice in answer.invoices}
        if not answer.more:
            return found
        page += 1


def _side(amounts: list[tuple[str, Decimal]]) -> dict[str, Any]:
    by_currency: dict[str, Decimal] = defaultdict(Decimal)
    for currency, amount in amounts:
        by_currency[currency] += amount
    total = sum(by_currency.values(), Decimal("0.00"))
    return {
        "count": len(amounts),
        "sum": f"{total:.2f}",
        "by_currency": {currency: f"{amount:.2f}" for currency, amount in sorted(by_currency.items())},
    }


def _differences(
    bills: dict[int, BillRecord], live: dict[int, StandingInvoice], reasons: dict[int, str]
) -> list[dict[str, Any]]:
    found = []
    for clio_id in sorted(bills.keys() | live.keys()):
        bill, invoice = bills.get(clio_id), live.get(clio_id)
        if bill and invoice and bill.due == invoice.total:
            continue
        if not invoice:
            cause = reasons.get(clio_id, "Not sent yet.")
        elif not bill:
            cause = "Stands in Xero, but its bill is not in scope in Clio (any more)."
        else:
            cause = "The totals differ."
        found.append(
            {
                "kind": "invoice",
                "clio_id": clio_id,
                "number": bill.number if bill else invoice.number if invoice else "",
                "clio": f"{bill.due:.2f}" if bill else None,
                "xero": f"{invoice.total:.2f}" if invoice else None,
                "cause": cause,
            }
        )
    return found
