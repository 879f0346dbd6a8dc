"""Settlement: what is to be done about the payments on one invoice (BEHAVIOUR §6).

Pure planning: what Clio lists, what the links remember and what stands in Xero come in, changes come out. The order in
which they are made is the engine's: first what goes, then what comes.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Final

from syncengine.domain.documents import Blocked, StandingInvoice, StandingPayment, Waiting
from syncengine.domain.mapping.payments import key_in, map_payment, payment_key, payment_reference, words_of
from syncengine.domain.money import ZERO
from syncengine.domain.money_documents import PaymentDocument
from syncengine.domain.money_records import AllocationRecord
from syncengine.domain.payment_plan import (
    AdoptPayment,
    CreatePayment,
    HoldPayment,
    KeepPayment,
    PaymentChange,
    PaymentLink,
    PaymentPlan,
    PaymentSources,
    RemoveByHand,
    RemovePayment,
    TakeOver,
)
from syncengine.domain.payment_problems import LISTED_TWICE, cannot_remove, deleted_again, question, too_large
from syncengine.domain.twice_listed import are_twins, listed_twice

#: A payment entered by hand is taken for Clio's if its date is this near.
ADOPT_DAYS: Final = 5
#: A payment that was deleted in Xero is put back this often; then somebody has to look.
MOST_RESTORATIONS: Final = 3


def standing_room(*, invoice: StandingInvoice) -> Decimal:
    """What may still be paid or credited on an invoice, in its currency."""
    return invoice.amount_due if invoice.is_approved else ZERO


def plan_payments(*, sources: PaymentSources) -> PaymentPlan:
    """Plan the payments on one invoice that is approved in Xero, while a bank account is matched."""
    return _Planner(sources).plan()


def room_to_come(*, sources: PaymentSources, held_back: Collection[int] = ()) -> Decimal:
    """What the removals of this plan free on the invoice for good, so that credits may count on it.

    Not what a payment takes again that is put back or made anew, nor the removals of `held_back` allocations.
    """
    comes_back = {row.id: row.amount for row in sources.allocations if row.counts}
    freed = ZERO
    for change in plan_payments(sources=sources).changes:
        seen = sources.seen.get(change.payment_id) if isinstance(change, RemovePayment) else None
        if seen and seen.standing.is_live and change.allocation_id not in held_back:
            freed += max(seen.standing.amount - comes_back.get(change.allocation_id, ZERO), ZERO)
    return freed


class _Planner:
    def __init__(self, sources: PaymentSources) -> None:
        self.s = sources
        self.changes: list[PaymentChange] = []
        self.room = sources.room
        counting = [row for row in sources.allocations if row.is_payment and row.counts]
        self.doubted = listed_twice(allocations=counting, paid=sources.bill.paid)
        dropped = self.doubted & sources.doubted
        self.wanted = {row.id: row for row in counting if row.id not in dropped}
        self.to_create: list[tuple[AllocationRecord, bool]] = []
        self.edited: list[tuple[AllocationRecord, PaymentLink]] = []
        live = (one.standing for one in sources.seen.values() if one.standing.is_live)
        self.free = {one.payment_id: one for one in live if one.payment_id not in sources.linked_ids}

    def plan(self) -> PaymentPlan:
        taken_over = self._take_over()
        for link in sorted(self.s.links.values(), key=lambda link: link.allocation_id):
            if link.payment_id and link.allocation_id not in self.wanted and link.allocation_id not in taken_over:
                self._remove(link, again=False)
        for row in sorted(self.wanted.values(), key=lambda row: row.id):
            if row.id not in taken_over.values():
                self._look_at(row)
        self._replace_edited()
        self._adopt_and_create()
        return PaymentPlan(tuple(self.changes), self.doubted)

    # What stands ------------------------------------------------------------------------------------------------------

    def _take_over(self) -> dict[int, int]:
        """A row that vanished gives its payment to the row that repeated it."""
        found: dict[int, int] = {}
        for gone in sorted(self.s.vanished, key=lambda row: row.id):
            link = self.s.links.get(gone.id)
            heirs = [
                row
                for row in self.wanted.values()
                if row.id in self.s.doubted and row.id not in found.values() and are_twins(row, gone)
            ]
            if link is None or not link.payment_id or not heirs:
                continue
            heir = min(heirs, key=lambda row: row.id)
            held = self.s.links.get(heir.id)
            if held is None or not held.payment_id:
                found[gone.id] = heir.id
                self.changes.append(TakeOver(gone.id, heir.id))
        return found

    def _look_at(self, row: AllocationRecord) -> None:
        link = self.s.links.get(row.id)
        if link is None or not link.payment_id:
            self.to_create.append((row, False))
            return
        seen = self.s.seen.get(link.payment_id)
        here = link.applied is None or link.applied.invoice_id == self.s.invoice_id
        if here and (seen is None or not seen.standing.is_live):
            self.to_create.append((row, True))
        elif here and (link.record_digest == row.digest or not _is_edited(row, link, self.s)):
            self.changes.append(KeepPayment(row.id))
        elif here:
            self._look_at_edit(row, link)
        elif self._remove(link, again=True, elsewhere=True):
            self.to_create.append((row, False))

    def _look_at_edit(self, row: AllocationRecord, link: PaymentLink) -> None:
        """A payment that was edited in Clio is made anew: only where the old one can go and the new one can come."""
        if link.rests:
            return
        seen = self.s.seen[link.payment_id]
        anew = self._document(row, link, link.generation + 1)
        why = cannot_remove(standing=seen.standing, rules=self.s.rules)
        if why is None and not isinstance(anew, PaymentDocument):
            why = anew
        if why is not None:
            self.changes.append(HoldPayment(row.id, why))
        else:
            self.edited.append((row, link))

    def _replace_edited(self) -> None:
        """Take edited payments off, but for those that would not fit any more: these stay as they are."""
        standing = {row.id: self.s.seen[link.payment_id].standing.amount for row, link in self.edited}
        left = sorted(self.edited, key=lambda entry: (entry[0].amount - standing[entry[0].id], entry[0].id))
        while left and sum((row.amount - standing[row.id] for row, _ in left), ZERO) > self.room:
            row, _ = left.pop()
            room = self.room + standing[row.id]
            self.changes.append(
                HoldPayment(row.id, too_large(amount=row.amount, room=room, currency=self.s.bill.currency))
            )
        anew: list[tuple[AllocationRecord, bool]] = []
        for row, link in sorted(left, key=lambda entry: entry[0].id):
            if self._remove(link, again=True):
                anew.append((row, False))
        # They come before what is new, which must not take their place.
        self.to_create = [*anew, *self.to_create]

    def _remove(self, link: PaymentLink, *, again: bool, elsewhere: bool = False) -> bool:
        """Plan to remove a payment of ours; tell why where it cannot be removed now."""
        if link.rests and not again:
            return False
        seen = self.s.seen.get(link.payment_id)
        why = cannot_remove(standing=seen.standing if seen else None, rules=self.s.rules)
        if why is not None:
            self.changes.append(HoldPayment(link.allocation_id, why))
            return False
        self.changes.append(RemovePayment(link.allocation_id, link.payment_id, again=again))
        if seen and seen.standing.is_live and not elsewhere:
            self.room += seen.standing.amount
        return True

    # What is missing --------------------------------------------------------------------------------------------------

    def _adopt_and_create(self) -> None:
        missing = [entry for entry in self.to_create if not self._adopt_own(entry[0])]
        for row in (*self.s.allocations, *self.s.vanished):
            if row.is_payment and row.id not in self.wanted:
                self._adopt_own(row)  # voided or gone since: it is linked, and then removed
        missing = self._adopt_by_hand(missing)
        for row, restores in missing:
            self._create(row, restores=restores)

    def _adopt_own(self, row: AllocationRecord) -> bool:
        """A payment that carries the row's key and has no link is linked first, whatever Clio says by now (§11)."""
        link = self.s.links.get(row.id)
        own = [one for one in self.free.values() if (key_in(one.reference) or (0, 0))[0] == row.id]
        if not own or (link and (link.payment_id or link.rests) and row.id not in self.wanted):
            return False
        standing = max(own, key=lambda one: (one.amount == row.amount, key_in(one.reference), one.payment_id))
        _, generation = key_in(standing.reference) or (0, 1)
        outdated = row.id not in self.wanted or (standing.amount, standing.date) != (row.amount, row.date)
        self._adopt(row, standing, generation=generation, by_hand=False, outdated=outdated)
        return True

    def _adopt(
        self,
        row: AllocationRecord,
        standing: StandingPayment,
        *,
        generation: int,
        by_hand: bool,
        outdated: bool = False,
    ) -> None:
        del self.free[standing.payment_id]
        self.changes.append(AdoptPayment(row.id, standing, generation, by_hand, outdated))

    def _adopt_by_hand(self, missing: Iterable[tuple[AllocationRecord, bool]]) -> list[tuple[AllocationRecord, bool]]:
        """Take payments that were entered by hand for Clio's, where there is no doubt which is which.

        As many rows as payments of one amount are matched in the order of their dates: whichever is which, the sums are
        the same. Several payments for fewer rows are a question.
        """
        left: list[tuple[AllocationRecord, bool]] = []
        for row, restores in missing:
            link = self.s.links.get(row.id)
            chosen = self.s.chosen.get(row.id)
            if (link and link.rests) or chosen == "" or (link and link.put_back):
                left.append((row, restores))
            elif chosen and chosen in self.free:
                self._adopt(row, self.free[chosen], generation=_generation(link), by_hand=True)
            else:
                left.append((row, restores))
        asked = {row.id for row, _ in left if self.s.chosen.get(row.id) == "" or self._put_back(row)}
        for amount in sorted({row.amount for row, _ in left}):
            rows = [row for row, _ in left if row.amount == amount and row.id not in asked and not self._rests(row)]
            found = {row.id: self._candidates(row) for row in rows}
            self._match(rows, found)
        adopted = {change.allocation_id for change in self.changes if isinstance(change, AdoptPayment)}
        held = {change.allocation_id for change in self.changes if isinstance(change, HoldPayment)}
        return [entry for entry in left if entry[0].id not in adopted | held]

    def _put_back(self, row: AllocationRecord) -> bool:
        link = self.s.links.get(row.id)
        return bool(link and link.put_back)

    def _rests(self, row: AllocationRecord) -> bool:
        link = self.s.links.get(row.id)
        return bool(link and link.rests)

    def _match(self, rows: Sequence[AllocationRecord], found: Mapping[int, Sequence[StandingPayment]]) -> None:
        payments = {one.payment_id: one for several in found.values() for one in several}
        if rows and len(payments) == len(rows) and all(len(found[row.id]) == len(rows) for row in rows):
            by_date = sorted(payments.values(), key=lambda one: (one.date or dt.date.min, one.payment_id))
            in_order = sorted(rows, key=lambda row: (row.date or dt.date.min, row.id))
            for row, standing in zip(in_order, by_date, strict=True):
                self._adopt(row, standing, generation=_generation(self.s.links.get(row.id)), by_hand=True)
            return
        for row in rows:
            candidates = [one for one in found[row.id] if one.payment_id in self.free]
            if len(candidates) == 1:
                self._adopt(row, candidates[0], generation=_generation(self.s.links.get(row.id)), by_hand=True)
            elif candidates:
                self.changes.append(HoldPayment(row.id, question(amount=row.amount, candidates=candidates)))

    def _candidates(self, row: AllocationRecord) -> list[StandingPayment]:
        """Payments entered by hand of the same amount, dated within five days; those with a key are somebody's own."""
        return [
            one
            for one in sorted(self.free.values(), key=lambda one: (one.date or dt.date.min, one.payment_id))
            if one.amount == row.amount and key_in(one.reference) is None and _near(one.date, row.date)
        ]

    def _create(self, row: AllocationRecord, *, restores: bool) -> None:
        link = self.s.links.get(row.id) or PaymentLink(row.id)
        if link.rests:
            return
        if row.id in self.doubted:
            self.changes.append(HoldPayment(row.id, LISTED_TWICE))
            return
        if restores and link.restorations >= MOST_RESTORATIONS:
            self.changes.append(HoldPayment(row.id, deleted_again(times=link.restorations)))
            return
        generation = link.generation + 1 if link.applied is not None else link.generation
        document = self._document(row, link, generation)
        if not isinstance(document, PaymentDocument):
            self.changes.append(HoldPayment(row.id, document))
            return
        if document.amount > self.room and restores:
            self._make_room_for(row, link)
        if document.amount > self.room:
            self.changes.append(
                HoldPayment(row.id, too_large(amount=document.amount, room=self.room, currency=self.s.bill.currency))
            )
            return
        self.room -= document.amount
        self.changes.append(CreatePayment(row.id, document, generation, restores))

    def _document(
        self, row: AllocationRecord, link: PaymentLink, generation: int
    ) -> PaymentDocument | Blocked | Waiting:
        """Map the row; what a round took off goes back to the account where it stood, with what was said of it."""
        applied = link.applied
        if not link.put_back or applied is None or not applied.account_id or row.date is None:
            return map_payment(
                allocation=row,
                bill=self.s.bill,
                rules=self.s.rules,
                invoice_id=self.s.invoice_id,
                generation=generation,
            )
        key = payment_key(allocation_id=row.id, generation=generation)
        same = applied.by_hand and applied.amount == row.amount
        return PaymentDocument(
            key=key,
            invoice_id=self.s.invoice_id,
            account_id=applied.account_id,
            date=applied.date if same and applied.date else row.date,
            amount=row.amount,
            reference=payment_reference(key=key, said=applied.reference if same else words_of(row)),
        )

    def _make_room_for(self, row: AllocationRecord, link: PaymentLink) -> None:
        """Ours was deleted in Xero, one payment was entered instead: that is an edit, and Clio's is restored (§6)."""
        ours = self.s.seen.get(link.payment_id)
        if ours is None or len(self.free) != 1:
            return
        theirs = self.s.seen[next(iter(self.free))]
        if theirs.first_seen_at <= ours.seen_at or key_in(theirs.standing.reference):
            return
        if cannot_remove(standing=theirs.standing, rules=self.s.rules) is not None:
            return
        if self.room + theirs.standing.amount < row.amount:
            return
        del self.free[theirs.standing.payment_id]
        self.room += theirs.standing.amount
        self.changes.append(RemoveByHand(row.id, theirs.standing.payment_id))


def _is_edited(row: AllocationRecord, link: PaymentLink, sources: PaymentSources) -> bool:
    """Whether what Clio says now differs from what stands; an account is never changed by settings alone (§5)."""
    if link.applied is None:
        return False
    if (row.amount, row.date) != (link.applied.amount, link.applied.date):
        return not (link.applied.by_hand and row.amount == link.applied.amount and _near(row.date, link.applied.date))
    if link.applied.by_hand:
        return False
    document = map_payment(
        allocation=row,
        bill=sources.bill,
        rules=sources.rules,
        invoice_id=sources.invoice_id,
        generation=link.generation,
    )
    return isinstance(document, PaymentDocument) and document.reference != link.applied.reference


def _near(one: dt.date | None, other: dt.date | None) -> bool:
    return one is not None and other is not None and abs((one - other).days) <= ADOPT_DAYS


def _generation(link: PaymentLink | None) -> int:
    return link.generation if link else 1
