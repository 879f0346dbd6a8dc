"""Read both sides whole and set them against each other (BEHAVIOUR §11, DESIGN §5)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from accounts.firm_scope import firm_scope
from accounts.models import Firm
from syncengine.clio import ClioClient, parse_allocation, parse_bill
from syncengine.connections import open_clio, open_xero
from syncengine.domain.documents import StandingInvoice
from syncengine.domain.money import ZERO
from syncengine.domain.money_records import AllocationRecord
from syncengine.domain.records import BillRecord
from syncengine.domain.rules import Rules
from syncengine.domain.scope import scope_of
from syncengine.domain.tie_out import Difference, Pair, Side, Sides, Tie, TieOut, tie_out
from syncengine.engine.reference import load_setup
from syncengine.engine.slice import Clock
from syncengine.models import Link
from syncengine.xero import XeroClient


def compare(*, firm: Firm, clock: Clock) -> dict[str, Any]:
    """What `compare --json` prints: counts and sums of bills, payments and credits, and every difference."""
    with firm_scope(firm):
        setup = load_setup(firm=firm)
        clio = open_clio(firm=firm, clock=clock)
        sides = sides_of(
            bills=[parse_bill(row) for row in clio.all_rows("bills", {})],
            allocations=_all_allocations(clio),
            invoices=all_invoices(open_xero(firm=firm, clock=clock)),
            links=Link.objects.exclude(kind=Link.Kind.CONTACT).order_by("kind", "clio_id"),
            rules=setup.rules,
        )
    return as_report(firm=firm, found=tie_out(sides=sides))


def sides_of(
    *,
    bills: Iterable[BillRecord],
    allocations: list[AllocationRecord],
    invoices: dict[str, StandingInvoice],
    links: Iterable[Link],
    rules: Rules,
) -> Sides:
    """Bring what was read together with what the links say."""
    in_scope: dict[int, BillRecord] = {}
    frozen: set[int] = set()
    billed: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for bill in bills:
        scope = scope_of(bill=bill, rules=rules)
        if scope == "in":
            in_scope[bill.id] = bill
        elif scope in {"out_of_range", "off", "trust"}:
            frozen.add(bill.id)
        if bill.original_bill_id and not bill.is_gone:
            billed[bill.original_bill_id] += bill.interest_total
    ties: dict[str, dict[int, Tie]] = defaultdict(dict)
    interest: dict[int, list[str]] = defaultdict(list)
    for link in links:
        if link.kind == Link.Kind.INTEREST:
            interest[link.bill_id or 0].append(link.xero_id or "")
        ties[link.kind][link.clio_id] = Tie(link.xero_id or "", _reason(link))
    return Sides(
        bills=in_scope,
        allocations=allocations,
        invoices=invoices,
        main=ties[Link.Kind.INVOICE],
        payments=ties[Link.Kind.PAYMENT],
        credits=ties[Link.Kind.CREDIT_NOTE],
        interest=interest,
        interest_billed=billed,
        frozen=frozenset(frozen),
        payments_matched=bool(rules.payment_bank_account),
    )


def _reason(link: Link) -> str:
    """Why it is as it is, where its state says that something is the matter."""
    if link.reason or link.notice:
        return link.reason or link.notice
    return "" if link.state in {Link.State.IN_STEP, Link.State.NEW} else f"{link.get_state_display()}."


def _all_allocations(clio: ClioClient) -> list[AllocationRecord]:
    return [parse_allocation(row) for row in clio.all_rows("allocations", {})]


def all_invoices(xero: XeroClient) -> dict[str, StandingInvoice]:
    """Every sales invoice of the organisation by id, without its lines."""
    found: dict[str, StandingInvoice] = {}
    page, more = 1, True
    while more:
        answer = xero.invoices_changed(since=None, page=page)
        found |= {invoice.invoice_id: replace(invoice, lines=()) for invoice in answer.invoices}
        page, more = page + 1, answer.more
    return found


def as_report(*, firm: Firm, found: TieOut) -> dict[str, Any]:
    """Plain JSON values; sums have two places, over all currencies and in each."""
    return {
        "firm": firm.slug,
        "bills": _pair(found.bills),
        "payments": _pair(found.payments),
        "credits": _pair(found.credits),
        "differences": [_difference(one) for one in found.differences],
    }


def _pair(pair: Pair) -> dict[str, Any]:
    return {"clio": _side(pair.clio), "xero": _side(pair.xero)}


def _side(side: Side) -> dict[str, Any]:
    return {
        "count": side.count,
        "sum": f"{sum(side.by_currency.values(), ZERO):.2f}",
        "by_currency": {currency: f"{amount:.2f}" for currency, amount in side.by_currency.items()},
    }


def _difference(one: Difference) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "clio_id": one.clio_id,
        "bill_id": one.bill_id,
        "number": one.number,
        "currency": one.currency,
        "clio": None if one.clio is None else f"{one.clio:.2f}",
        "xero": None if one.xero is None else f"{one.xero:.2f}",
        "cause": one.cause,
    }
