"""Plan the money of one bill: credits first, then payments, for each invoice that takes it (BEHAVIOUR §6, §7)."""

from dataclasses import dataclass, field, replace
from decimal import Decimal

from syncengine.domain.crediting import CreditChange, CreditLink, CreditSources, RemoveCredit, plan_credits
from syncengine.domain.money import ZERO
from syncengine.domain.money_records import AllocationRecord
from syncengine.domain.payment_plan import PaymentChange, PaymentSources, RemoveByHand, RemovePayment
from syncengine.domain.records import BillRecord
from syncengine.domain.settlement import plan_payments, room_to_come
from syncengine.engine.brake import held_back
from syncengine.engine.money.state import (
    ALLOCATION,
    CREDIT_NOTE,
    PAYMENT,
    MoneyBill,
    Target,
    credit_link,
    credits_on,
    payment_link,
    room_on,
)
from syncengine.engine.slice import Slice
from syncengine.models import Link


@dataclass(slots=True)
class TargetPlan:
    """What is to be done on one invoice, and the rows that Clio seems to list twice."""

    bill: MoneyBill
    target: Target
    credits: list[CreditChange] = field(default_factory=list)
    payments: tuple[PaymentChange, ...] = ()
    doubted: frozenset[int] = frozenset()

    @property
    def removes_payments(self) -> bool:
        """Whether a payment has to go, so that its marks have to be known."""
        return any(isinstance(change, RemovePayment | RemoveByHand) for change in self.payments)

    @property
    def removes_credits(self) -> bool:
        """Whether a credit note has to go."""
        return any(isinstance(change, RemoveCredit) for change in self.credits)


def plan_target(*, work: Slice, bill: MoneyBill, target: Target, linked_ids: frozenset[str]) -> TargetPlan:
    """Plan one invoice. `linked_ids` are the payments and credit notes on it that carry a link of ours."""
    made = TargetPlan(bill, target)
    if not target.is_approved:
        return made
    room = room_on(bill=bill, target=target)
    payments = _payment_sources(work, bill, target, linked_ids, room)
    freed = ZERO
    if payments and any(row.is_credit and row.counts for row in target.allocations):
        # What goes is taken off before a credit comes, so a credit may take its place.
        held = {allocation_id for kind, allocation_id in held_back(work=work) if kind == PAYMENT}
        freed = room_to_come(sources=payments, held_back=held)
    made.credits, room = plan_credits(
        sources=CreditSources(
            bill=bill.record,
            invoice_id=target.invoice_id,
            contact_id=target.contact_id,
            allocations=[*target.allocations, *_vanished_credits(bill, target)],
            links={link.clio_id: _credit(work, bill, link) for link in _links_of(bill, target, CREDIT_NOTE)},
            standing=credits_on(bill=bill, target=target),
            linked_ids=linked_ids,
            gross=target.gross,
            rules=work.setup.rules,
            room=room + freed,
        )
    )
    if payments:
        planned = plan_payments(sources=replace(payments, room=room - freed))
        made.payments, made.doubted = planned.changes, planned.doubted
    return made


def _payment_sources(
    work: Slice, bill: MoneyBill, target: Target, linked_ids: frozenset[str], room: Decimal
) -> PaymentSources | None:
    """All that the payments on this invoice are planned from; None where there is nothing to plan."""
    rules = work.setup.rules
    payment_links = [payment_link(work=work, link=link) for link in _links_of(bill, target, PAYMENT)]
    allocations = target.allocations
    if not rules.payment_bank_account:
        # Matching is off: what was sent stays, but what a round took off goes back.
        payment_links = [link for link in payment_links if link.put_back]
        allocations = [row for row in allocations if row.id in {link.allocation_id for link in payment_links}]
    vanished = bill.vanished if target is bill.main and rules.payment_bank_account else []
    if not payment_links and not allocations and not vanished:
        return None
    return PaymentSources(
        bill=_with_paid_of(bill, target),
        invoice_id=target.invoice_id,
        allocations=allocations,
        links={link.allocation_id: link for link in payment_links},
        seen=target.seen,
        linked_ids=linked_ids,
        rules=rules,
        room=room,
        vanished=vanished,
        doubted=_doubted_before(work, bill),
        chosen=_chosen(bill),
    )


def _vanished_credits(bill: MoneyBill, target: Target) -> list[AllocationRecord]:
    """Credits that were proven to be gone: they count as voided."""
    return [replace(row, voided=True) for row in bill.vanished if row.is_credit] if target is bill.main else []


def _credit(work: Slice, bill: MoneyBill, note: Link) -> CreditLink:
    return credit_link(work=work, note=note, allocation=bill.links.get((ALLOCATION, note.clio_id)))


def _links_of(bill: MoneyBill, target: Target, kind: str) -> list[Link]:
    """The links that this invoice's plan has to deal with: its allocations' own, and what else of ours stands on it."""
    here = {record.id for record in target.allocations}
    elsewhere = {record.id for other in bill.targets if other is not target for record in other.allocations}
    known = {other.invoice_id for other in bill.targets}
    return [
        link
        for (of_kind, allocation_id), link in bill.links.items()
        if of_kind == kind
        and (
            allocation_id in here
            or (
                allocation_id not in elsewhere
                and link.bill_id == bill.record.id
                and (
                    link.base.get("invoice") == target.invoice_id
                    or (target is bill.main and link.base.get("invoice") not in known)
                )
            )
        )
    ]


def _with_paid_of(bill: MoneyBill, target: Target) -> BillRecord:
    """Clio's paid amount is for the whole bill: what goes on other invoices is no repeat here."""
    others = [record for other in bill.targets if other is not target for record in other.allocations]
    away = sum((record.amount for record in others if record.is_payment and record.counts), ZERO)
    return replace(bill.record, paid=bill.record.paid - away)


def _doubted_before(work: Slice, bill: MoneyBill) -> frozenset[int]:
    """Rows that an earlier run took for repeats: two runs have to see it (BEHAVIOUR §6)."""
    return frozenset(row_id for row_id, run_id in bill.doubted.items() if run_id not in {None, work.run.pk})


def _chosen(bill: MoneyBill) -> dict[int, str]:
    """What people decided about questions, as their links keep it."""
    return {
        allocation_id: link.base["chosen"]
        for (kind, allocation_id), link in bill.links.items()
        if kind == PAYMENT and "chosen" in link.base
    }
