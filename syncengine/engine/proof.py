"""The proof that both sides agree, made at the end of every full run: Xero read whole once more, beside what Clio said.

What is found is kept for the pages: counts and sums of both sides, and the differences with their causes. What nobody
announced is planned again in the next run.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from syncengine.domain.documents import StandingCredit, StandingInvoice
from syncengine.domain.money import ZERO, from_cents
from syncengine.domain.money_records import allocation_from_dict
from syncengine.domain.records import BillRecord, bill_from_dict
from syncengine.domain.rules import Rules
from syncengine.domain.tie_out import TieOut, added, tie_out
from syncengine.engine.compare import as_report, sides_of
from syncengine.engine.pulling.invoices import pull_invoices
from syncengine.engine.pulling.payments import seen_on
from syncengine.engine.slice import Slice
from syncengine.models import AllocationSnapshot, FirmSync, Link, Snapshot

_CHUNK: Final = 1000
#: How many differences are kept for the page; the rest is counted.
_KEPT: Final = 500
_INVOICES: Final = (Link.Kind.INVOICE, Link.Kind.INTEREST)


def prove(*, work: Slice) -> None:
    """Read what stands in Xero, compare, and keep what came of it. A dry run keeps nothing."""
    pull_invoices(work=work)
    if work.dry_run:
        return
    report = as_report(firm=work.firm, found=_compared(work.setup.rules))
    report["different"] = len(report["differences"])
    report["differences"] = report["differences"][:_KEPT]
    now = work.clock()
    FirmSync.objects.update(tie_out={"at": now.isoformat(), **report}, full_done_at=now)


def _compared(rules: Rules) -> TieOut:
    """Compare a thousand bills at a time, so that memory stays flat."""
    found = TieOut.nothing()
    after = 0
    bills = Snapshot.objects.filter(kind=Snapshot.Kind.BILL).order_by("clio_id")
    while rows := list(bills.filter(clio_id__gt=after)[:_CHUNK]):
        after = rows[-1].clio_id
        found = added(found, _compare_chunk([bill_from_dict(row.record) for row in rows], rules))
    return found


def _compare_chunk(bills: Sequence[BillRecord], rules: Rules) -> TieOut:
    ids = [bill.id for bill in bills]
    plain = AllocationSnapshot.objects.filter(bill_id__in=ids, gone=False).values_list("record", flat=True)
    links = [*_links(ids, kinds=_INVOICES), *_links(ids, kinds=(Link.Kind.PAYMENT, *_NOTES))]
    own = Snapshot.objects.filter(kind=Snapshot.Kind.BILL, original_bill_id__in=ids).exclude(clio_id__in=ids)
    sides = sides_of(
        bills=[*bills, *(bill_from_dict(record) for record in own.values_list("record", flat=True))],
        allocations=[allocation_from_dict(record) for record in plain],
        invoices=_standing(links),
        links=links,
        rules=rules,
    )
    of_chunk = set(ids)
    return tie_out(sides=replace(sides, bills={bill.id: bill for bill in sides.bills.values() if bill.id in of_chunk}))


_NOTES: Final = (Link.Kind.CREDIT_NOTE, Link.Kind.ALLOCATION)


def _links(bill_ids: Sequence[int], *, kinds: Sequence[str]) -> list[Link]:
    of_bill = Link.objects.filter(kind__in=[kind for kind in kinds if kind != Link.Kind.INVOICE], bill_id__in=bill_ids)
    if Link.Kind.INVOICE not in kinds:
        return list(of_bill)
    return [*Link.objects.filter(kind=Link.Kind.INVOICE, clio_id__in=bill_ids), *of_bill]


def _standing(links: Iterable[Link]) -> dict[str, StandingInvoice]:
    """The invoices of these links as they were read a moment ago."""
    invoices = {link.xero_id: link for link in links if link.kind in _INVOICES and link.xero_id}
    seen = seen_on(invoice_ids=invoices)
    credits_on = _credits(links)
    return {
        xero_id: _invoice(link, [one.standing for one in seen.get(xero_id, {}).values()], credits_on.get(xero_id, ()))
        for xero_id, link in invoices.items()
    }


def _credits(links: Iterable[Link]) -> Mapping[str, Sequence[StandingCredit]]:
    set_against = {link.clio_id for link in links if link.kind == Link.Kind.ALLOCATION and link.xero_id}
    found: dict[str, list[StandingCredit]] = defaultdict(list)
    for link in links:
        if link.kind == Link.Kind.CREDIT_NOTE and link.xero_id and link.clio_id in set_against:
            note = StandingCredit(link.xero_id, link.natural_key, Decimal(link.base.get("amount", "0")))
            found[link.base.get("invoice", "")].append(note)
    return found


def _invoice(link: Link, payments: Sequence[Any], credits_on: Sequence[StandingCredit]) -> StandingInvoice:
    total = from_cents(link.xero_amount_minor or 0)
    stated = link.base.get("stated", {})
    return StandingInvoice(
        invoice_id=link.xero_id or "",
        number=link.natural_key or link.number,
        status=link.xero_status,
        contact_id="",
        contact_name="",
        date=None,
        due_date=None,
        currency=link.currency,
        url="",
        reference="",
        total=total,
        amount_due=ZERO,
        amount_paid=Decimal(stated.get("paid", "0")),
        amount_credited=Decimal(stated.get("credited", "0")),
        payments=tuple(payments),
        credits=tuple(credits_on),
    )
