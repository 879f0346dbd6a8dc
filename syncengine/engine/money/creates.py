"""Make money in Xero: payments and credit notes in batches of up to 50, allocations of credit notes a call each.

A bill's money counts as planned once all that it asked for was sent; what is still in the queue when a slice ends is
planned again.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from django.db import transaction

from syncengine.domain.batching import batches, halves
from syncengine.domain.crediting import CreateCredit
from syncengine.domain.documents import Blocked, StandingAllocation, StandingCreditNote, StandingPayment
from syncengine.domain.outcomes import Applied, Rejected
from syncengine.domain.payment_plan import CreatePayment
from syncengine.engine import record as book
from syncengine.engine.money.made import apply_allocation, apply_credit, apply_payment
from syncengine.engine.money.queued import QueuedAllocation, QueuedCredit, QueuedPayment
from syncengine.engine.outbox import Item, settle, submit
from syncengine.engine.pulling.payments import observe_made
from syncengine.engine.slice import Slice
from syncengine.models import Link, RecordEvent, Snapshot
from syncengine.xero import WholeBatchRefused, allocation_call, credit_notes_call, explain, payments_call

_BATCH: Final = 50
_Event = RecordEvent.Event


@dataclass(slots=True)
class Queue:
    """What has to be made, gathered over many bills."""

    work: Slice
    payments: list[QueuedPayment] = field(default_factory=list)
    credits: list[QueuedCredit] = field(default_factory=list)
    allocations: list[QueuedAllocation] = field(default_factory=list)
    pending: Counter[int] = field(default_factory=Counter)
    kept: set[int] = field(default_factory=set)
    done: list[int] = field(default_factory=list)

    # Bills --------------------------------------------------------------------------------------------------------

    def open(self, bill_id: int) -> None:
        """A bill's plan is being carried out."""
        self.pending[bill_id] += 1

    def keep(self, bill_id: int) -> None:
        """The bill has to be planned again in the next run."""
        self.kept.add(bill_id)

    def close(self, bill_id: int) -> None:
        """One thing less that the bill waits for; with the last one its money counts as planned."""
        self.pending[bill_id] -= 1
        if not self.pending[bill_id]:
            del self.pending[bill_id]
            if bill_id not in self.kept:
                self.done.append(bill_id)

    def _write_done(self) -> None:
        if self.done and not self.work.dry_run:
            rows = Snapshot.objects.filter(kind=Snapshot.Kind.BILL, clio_id__in=self.done)
            rows.update(money_dirty=False)
        self.done.clear()

    # Filling ------------------------------------------------------------------------------------------------------

    def add_payment(self, *, bill_id: int, link: Link, change: CreatePayment, digest: str) -> None:
        """Make a payment."""
        put_back = bool(link.base.get("put_back"))
        by_hand = put_back and bool(link.base.get("by_hand"))
        self.payments.append(
            QueuedPayment(bill_id, link, change.document, change.generation, digest, change.restores, put_back, by_hand)
        )
        self.open(bill_id)
        if len(self.payments) >= _BATCH:
            self._flush_payments()

    def add_credit(
        self, *, bill_id: int, note: Link, allocation: Link, change: CreateCredit, invoice_id: str, digest: str
    ) -> None:
        """Make a credit note and set it against its invoice."""
        self.credits.append(
            QueuedCredit(
                bill_id, note, allocation, change.document, change.generation, change.taxes, invoice_id, digest
            )
        )
        self.open(bill_id)
        if len(self.credits) >= _BATCH:
            self._flush_credits()

    def add_allocation(self, *, bill_id: int, note: Link, allocation: Link, invoice_id: str, amount: Decimal) -> None:
        """Set a note that stands against an invoice."""
        self.allocations.append(QueuedAllocation(bill_id, note, allocation, invoice_id, amount))
        self.open(bill_id)

    def flush(self) -> None:
        """Send all that is left: credit notes, what they are set against, payments."""
        self._flush_credits()
        self._flush_allocations()
        self._flush_payments()
        self._write_done()

    # Payments -----------------------------------------------------------------------------------------------------

    def _flush_payments(self) -> None:
        queued, self.payments = self.payments, []
        for batch in batches(queued, size=_BATCH, key=lambda one: one.document.reference):
            self._send_payments(batch)
            self.work.breathe()

    def _send_payments(self, batch: Sequence[QueuedPayment]) -> None:
        work, items = self.work, [one.item() for one in batch]
        call = payments_call([one.document for one in batch])
        submission, outcomes = submit(work=work, call=call, kind="payment", operation="create", items=items)
        if isinstance(outcomes, WholeBatchRefused):
            settle(work=work, submission=submission)
            if len(batch) > 1:
                for half in halves(batch):
                    self._send_payments(half)
                return
            outcomes = [Rejected(outcomes.messages)]
        with transaction.atomic():
            settle(work=work, submission=submission)
            made = []
            for one, item, outcome in zip(batch, items, outcomes, strict=True):
                if isinstance(outcome, Applied) and isinstance(outcome.standing, StandingPayment):
                    apply_payment(work=work, link=one.link, item=item, standing=outcome.standing)
                    made.append(outcome.standing)
                    _count_made(work, "payment", one.generation, restores=one.restores, put_back=one.put_back)
                elif isinstance(outcome, Rejected):
                    _refuse(work, one.link, outcome.messages, "payment")
            observe_made(work=work, payments=made)
            links = [one.link for one in batch if one.link.state == Link.State.IN_STEP]
            book.save_links(links)
            book.close_errors(kind=Link.Kind.PAYMENT, clio_ids=[link.clio_id for link in links], now=work.clock())
            work.write_story()
        for one in batch:
            self.close(one.bill_id)
        self._write_done()

    # Credits ------------------------------------------------------------------------------------------------------

    def _flush_credits(self) -> None:
        queued, self.credits = self.credits, []
        for batch in batches(queued, size=_BATCH, key=lambda one: one.document.number):
            self._send_credits(batch)
            self.work.breathe()

    def _send_credits(self, batch: Sequence[QueuedCredit]) -> None:
        work, items = self.work, [one.item() for one in batch]
        call = credit_notes_call([one.document for one in batch])
        submission, outcomes = submit(work=work, call=call, kind="credit_note", operation="create", items=items)
        if isinstance(outcomes, WholeBatchRefused):
            settle(work=work, submission=submission)
            if len(batch) > 1:
                for half in halves(batch):
                    self._send_credits(half)
                return
            outcomes = [Rejected(outcomes.messages)]
        refused: list[tuple[QueuedCredit, Sequence[str]]] = []
        with transaction.atomic():
            settle(work=work, submission=submission)
            for one, item, outcome in zip(batch, items, outcomes, strict=True):
                if isinstance(outcome, Applied) and isinstance(outcome.standing, StandingCreditNote):
                    self._made(one, item, outcome.standing)
                elif isinstance(outcome, Rejected):
                    refused.append((one, outcome.messages))
            work.write_story()
        for one, messages in refused:
            self._find_or_refuse(one, messages)
            self.close(one.bill_id)

    def _made(self, one: QueuedCredit, item: Item, standing: StandingCreditNote) -> None:
        apply_credit(work=self.work, note=one.note, item=item, standing=standing)
        book.save_links([one.note])
        _count_made(self.work, "credit_note", one.generation)
        self.allocations.append(
            QueuedAllocation(one.bill_id, one.note, one.allocation, one.invoice_id, one.document.total)
        )

    def _find_or_refuse(self, one: QueuedCredit, messages: Sequence[str]) -> None:
        """A number that is taken may be our own note without its link; one of ours that is dead gives its place up."""
        work = self.work
        if explain(messages, "credit_note").code == "credit_note_number_taken":
            there = work.xero.credit_note_by_number(one.document.number)
            same = there and (there.contact_id, there.total) == (one.document.contact_id, one.document.total)
            if there and there.is_live and same and not _is_linked(there.credit_note_id):
                with transaction.atomic():
                    self.open(one.bill_id)
                    self._made(one, one.item(), there)
                return
            if there and not there.is_live:
                # Its number is used up: the next run makes the note under the next one.
                one.note.generation = one.generation + 1
        _refuse(work, one.note, messages, "credit_note")

    def _flush_allocations(self) -> None:
        queued, self.allocations = self.allocations, []
        for one in queued:
            self._set_against(one)
            self.close(one.bill_id)
            self.work.breathe()

    def _set_against(self, one: QueuedAllocation) -> None:
        work, note_id = self.work, one.note.xero_id or ""
        date = str(one.note.base.get("date") or work.clock().date().isoformat())
        call = allocation_call(note_id=note_id, invoice_id=one.invoice_id, amount=one.amount, date=date)
        item = Item(one.allocation.clio_id, one.invoice_id, "", "", "", f"{one.amount:f}", note_id)
        submission, outcomes = submit(work=work, call=call, kind="allocation", operation="set_against", items=[item])
        outcome = Rejected(outcomes.messages) if isinstance(outcomes, WholeBatchRefused) else outcomes[0]
        with transaction.atomic():
            settle(work=work, submission=submission)
            if isinstance(outcome, Applied) and isinstance(outcome.standing, StandingAllocation):
                apply_allocation(work=work, allocation=one.allocation, note=one.note, standing=outcome.standing)
                work.count("allocation", "created")
            elif isinstance(outcome, Rejected):
                _refuse(work, one.note, outcome.messages, "allocation")
            work.write_story()


def _refuse(work: Slice, link: Link, messages: Sequence[str], kind: str) -> None:
    why = explain(messages, kind)
    work.count("payment" if kind == "payment" else "credit_note", "rejected")
    blocked = Blocked(why.code, why.message, why.remedy, cause=why.cause)
    book.stop(work=work, link=link, why=blocked, state=Link.State.REFUSED, xero_messages=messages)


def _count_made(work: Slice, kind: str, generation: int, *, restores: bool = False, put_back: bool = False) -> None:
    """What was made anew after an edit counts as updated; what is put back after a round is no change of its own."""
    if put_back:
        return
    work.count(kind, "created" if generation == 1 or restores else "updated")


def _is_linked(note_id: str) -> bool:
    return Link.objects.filter(kind=Link.Kind.CREDIT_NOTE, xero_id=note_id).exists()
