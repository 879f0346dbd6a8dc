"""A bill with everything that planning its payments and credits needs; and what links remember of them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from syncengine.domain.crediting import AppliedCredit, CreditLink
from syncengine.domain.documents import StandingCredit, StandingInvoice
from syncengine.domain.money import ZERO, from_cents
from syncengine.domain.money_records import AllocationRecord, allocation_from_dict
from syncengine.domain.payment_plan import AppliedPayment, PaymentLink, SeenPayment
from syncengine.domain.records import BillRecord, bill_from_dict
from syncengine.engine import record as book
from syncengine.engine.pulling.payments import seen_on
from syncengine.engine.slice import Slice
from syncengine.models import MONEY_KINDS, AllocationSnapshot, Link, Snapshot

PAYMENT, CREDIT_NOTE, ALLOCATION = Link.Kind.PAYMENT, Link.Kind.CREDIT_NOTE, Link.Kind.ALLOCATION
_APPROVED: Final = ("AUTHORISED", "PAID")


@dataclass(slots=True)
class Target:
    """An invoice that takes money of a bill: the bill's own, or one for interest. `standing` is there once read."""

    link: Link
    allocations: list[AllocationRecord] = field(default_factory=list)
    seen: dict[str, SeenPayment] = field(default_factory=dict)
    standing: StandingInvoice | None = None

    @property
    def invoice_id(self) -> str:
        """Its id in Xero."""
        return self.link.xero_id or ""

    @property
    def is_approved(self) -> bool:
        """Whether Xero takes payments on it, as far as is known."""
        return (self.standing.status if self.standing else self.link.xero_status) in _APPROVED

    @property
    def gross(self) -> dict[str, Decimal]:
        """What it holds of each tax type, tax included."""
        if self.standing is not None:
            return self.standing.gross
        return {kind: Decimal(amount) for kind, amount in self.link.base.get("gross", {}).items()}

    @property
    def contact_id(self) -> str:
        """Whose invoice it is in Xero."""
        return self.standing.contact_id if self.standing else str(self.link.base.get("contact", ""))


@dataclass(slots=True)
class MoneyBill:
    """One bill, its allocations, and the invoices that its money stands on."""

    record: BillRecord
    targets: list[Target]
    vanished: list[AllocationRecord]
    links: dict[tuple[str, int], Link]
    doubted: dict[int, int | None]

    @property
    def main(self) -> Target:
        """The bill's own invoice."""
        return self.targets[0]

    def link(self, kind: str, allocation_id: int) -> Link:
        """The link of an allocation, made in memory when it is first needed."""
        key = (kind, allocation_id)
        if key not in self.links:
            self.links[key] = Link(kind=kind, clio_id=allocation_id, bill_id=self.record.id)
        return self.links[key]


def load_money(rows: Iterable[Snapshot]) -> list[MoneyBill]:
    """Bring bills together with their allocations, links and payments in Xero (five queries)."""
    records = [bill_from_dict(row.record) for row in rows]
    ids = [record.id for record in records]
    allocations: dict[int, list[AllocationRecord]] = defaultdict(list)
    vanished: dict[int, list[AllocationRecord]] = defaultdict(list)
    doubted: dict[int, dict[int, int | None]] = defaultdict(dict)
    for row in AllocationSnapshot.objects.filter(bill_id__in=ids).order_by("clio_id"):
        (vanished if row.gone else allocations)[row.bill_id or 0].append(allocation_from_dict(row.record))
        doubted[row.bill_id or 0][row.clio_id] = row.doubted_in
    links = _money_links(ids, allocations)
    invoices = _invoice_links(ids)
    seen = seen_on(invoice_ids=[link.xero_id or "" for several in invoices.values() for link in several])
    found = []
    for record in records:
        if record.id in invoices:
            targets = [Target(link, seen=seen.get(link.xero_id or "", {})) for link in invoices[record.id]]
            share_out(allocations[record.id], targets)
            found.append(MoneyBill(record, targets, vanished[record.id], links.get(record.id, {}), doubted[record.id]))
    return found


def _money_links(
    ids: Sequence[int], allocations: Mapping[int, Sequence[AllocationRecord]]
) -> dict[int, dict[tuple[str, int], Link]]:
    """Links by the bill that they stand on, and by the bill that their allocation is on now."""
    bill_of = {record.id: bill_id for bill_id, records in allocations.items() for record in records}
    found: dict[int, dict[tuple[str, int], Link]] = defaultdict(dict)
    for link in Link.objects.filter(kind__in=MONEY_KINDS, bill_id__in=ids):
        # One that moved to another bill is known to both: the one takes it off, the other makes it under the next key.
        for bill_id in {link.bill_id or 0, bill_of.get(link.clio_id, link.bill_id) or 0}:
            found[bill_id][link.kind, link.clio_id] = link
    known = {key for of_bill in found.values() for key in of_bill}
    elsewhere = [allocation_id for allocation_id in bill_of if (PAYMENT, allocation_id) not in known]
    for link in Link.objects.filter(kind__in=MONEY_KINDS, clio_id__in=elsewhere).exclude(bill_id__in=ids):
        found[bill_of[link.clio_id]][link.kind, link.clio_id] = link
    return found


def _invoice_links(ids: Sequence[int]) -> dict[int, list[Link]]:
    """The invoice of each bill that stands, then those for its interest: later charges, and Clio's own bills for it."""
    found: dict[int, list[Link]] = {}
    standing = Link.objects.filter(kind=Link.Kind.INVOICE, xero_id__isnull=False)
    for link in standing.filter(clio_id__in=ids):
        found[link.clio_id] = [link]
    for link in Link.objects.filter(kind=Link.Kind.INTEREST, bill_id__in=list(found), xero_id__isnull=False).order_by(
        "clio_id"
    ):
        found[link.bill_id or 0].append(link)
    own = Snapshot.objects.filter(kind=Snapshot.Kind.BILL, original_bill_id__in=list(found)).order_by("clio_id")
    originals = dict(own.values_list("clio_id", "original_bill_id"))
    if originals:
        for link in standing.filter(clio_id__in=list(originals)).order_by("clio_id"):
            found[originals[link.clio_id] or 0].append(link)
    return found


def share_out(allocations: Iterable[AllocationRecord], targets: Sequence[Target]) -> None:
    """Money goes on the bill's own invoice; money for interest on the invoice that carries the interest (§5).

    A payment is never divided: it goes on the first such invoice that can hold it, else on the bill's own.
    """
    left = {target.invoice_id: from_cents(target.link.xero_amount_minor or 0) for target in targets[1:]}
    for record in allocations:
        holder = targets[0]
        if record.interest and record.counts:
            fitting = (target for target in targets[1:] if left[target.invoice_id] >= abs(record.amount))
            holder = next(fitting, targets[0])
            if holder is not targets[0]:
                left[holder.invoice_id] -= abs(record.amount)
        holder.allocations.append(record)


# What links remember --------------------------------------------------------------------------------------------------


def payment_link(*, work: Slice, link: Link) -> PaymentLink:
    """What planning needs of a payment's link."""
    base = link.base
    applied = None
    if base.get("invoice"):
        applied = AppliedPayment(
            invoice_id=base["invoice"],
            account_id=base.get("account", ""),
            date=dt.date.fromisoformat(base["date"]) if base.get("date") else None,
            amount=Decimal(base["amount"]),
            reference=base.get("reference", ""),
            by_hand=bool(base.get("by_hand")),
        )
    return PaymentLink(
        allocation_id=link.clio_id,
        payment_id=link.xero_id or "",
        generation=link.generation,
        record_digest=link.record_digest,
        restorations=link.restorations,
        applied=applied,
        put_back=bool(base.get("put_back")),
        # What a round took off goes back whatever was decided about it.
        rests=book.rests(work=work, link=link) and not base.get("put_back"),
    )


def applied_payment(
    *, invoice_id: str, account_id: str, date: dt.date | None, amount: Decimal, reference: str, by_hand: bool
) -> dict[str, Any]:
    """What a payment's link keeps of what stands."""
    return {
        "invoice": invoice_id,
        "account": account_id,
        "date": date.isoformat() if date else "",
        "amount": f"{amount:f}",
        "reference": reference,
        "by_hand": by_hand,
    }


def credit_link(*, work: Slice, note: Link, allocation: Link | None) -> CreditLink:
    """What planning needs of a credit's two links."""
    base = note.base
    applied = None
    if base.get("invoice"):
        applied = AppliedCredit(
            invoice_id=base["invoice"],
            contact_id=base.get("contact", ""),
            amount=Decimal(base["amount"]),
            dated=base.get("date", ""),
            taxes=tuple(base.get("taxes", ())),
            by_hand=bool(base.get("by_hand")),
        )
    return CreditLink(
        allocation_id=note.clio_id,
        note_id=note.xero_id or "",
        # "again": somebody chose to have it set against the invoice once more.
        set_against=bool(allocation and allocation.xero_id) and not base.get("again"),
        anew=bool(base.get("anew")),
        generation=note.generation,
        record_digest=note.record_digest,
        applied=applied,
        # What a round took off goes back whatever was decided about it.
        rests=not base.get("put_back")
        and (book.rests(work=work, link=note) or bool(allocation and book.rests(work=work, link=allocation))),
    )


def credits_on(*, bill: MoneyBill, target: Target) -> list[StandingCredit]:
    """The credit notes that are set against an invoice: as it tells itself, else as our links remember them."""
    if target.standing is not None:
        return list(target.standing.credits)
    return [
        StandingCredit(link.xero_id or "", link.natural_key, Decimal(link.base["amount"]))
        for (kind, allocation_id), link in bill.links.items()
        if kind == CREDIT_NOTE
        and link.xero_id
        and link.base.get("invoice") == target.invoice_id
        and bill.links.get((ALLOCATION, allocation_id), Link()).xero_id
    ]


def room_on(*, bill: MoneyBill, target: Target) -> Decimal:
    """What may still be put on an invoice, in its currency."""
    if not target.is_approved:
        return ZERO
    if target.standing is not None:
        return target.standing.amount_due
    paid = sum((one.standing.amount for one in target.seen.values() if one.standing.is_live), ZERO)
    credited = sum((one.amount for one in credits_on(bill=bill, target=target)), ZERO)
    return from_cents(target.link.xero_amount_minor or 0) - paid - credited
