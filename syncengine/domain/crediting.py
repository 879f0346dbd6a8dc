"""Crediting: what is to be done about the credit notes on one invoice (BEHAVIOUR §7). Pure planning, as settlement."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from syncengine.domain.documents import Blocked, StandingCredit, Waiting
from syncengine.domain.mapping.credit_notes import key_of_note, map_credit_note, tax_types_of
from syncengine.domain.money import ZERO
from syncengine.domain.money_documents import CreditNoteDocument
from syncengine.domain.money_records import AllocationRecord
from syncengine.domain.payment_problems import too_large
from syncengine.domain.records import BillRecord
from syncengine.domain.rules import Rules
from syncengine.domain.scope import is_locked


@dataclass(frozen=True, slots=True)
class AppliedCredit:
    """What was last applied for a credit. `taxes` are the tax types of the invoice that the note was made for."""

    invoice_id: str
    contact_id: str
    amount: Decimal
    dated: str
    taxes: tuple[str, ...] = ()
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class CreditLink:
    """What planning needs of an allocation's two links: the credit note, and its being set against the invoice."""

    allocation_id: int
    note_id: str = ""
    set_against: bool = False
    generation: int = 1
    record_digest: str = ""
    applied: AppliedCredit | None = None
    #: Somebody chose to have it made anew.
    anew: bool = False
    rests: bool = False


@dataclass(frozen=True, slots=True)
class RemoveCredit:
    """The note comes off the invoice and is voided. `again`: it is made anew in the same plan."""

    allocation_id: int
    note_id: str
    again: bool = False


@dataclass(frozen=True, slots=True)
class CreateCredit:
    """A note has to be made, and then set against the invoice."""

    allocation_id: int
    document: CreditNoteDocument
    generation: int
    taxes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SetAgainst:
    """A note of ours that stands has to be set against the invoice; `amount` is in the invoice's currency."""

    allocation_id: int
    note_id: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class AdoptCredit:
    """A credit note that is set against the invoice is this one: entered by hand, or ours without its link.

    `generation` is of our key that it carries; 0 where it was entered by hand.
    """

    allocation_id: int
    standing: StandingCredit
    generation: int = 0


@dataclass(frozen=True, slots=True)
class KeepCredit:
    """It stands as Clio asks."""

    allocation_id: int


@dataclass(frozen=True, slots=True)
class HoldCredit:
    """Something is to be done, but not now."""

    allocation_id: int
    why: Blocked | Waiting


CreditChange = RemoveCredit | CreateCredit | SetAgainst | AdoptCredit | KeepCredit | HoldCredit


@dataclass(slots=True)
class CreditSources:
    """All that the credits on one invoice are planned from.

    `standing` are the credit notes that are set against the invoice, whoever did it; `gross` is what the invoice holds
    of each tax type; `room` what may still be credited, before anything is removed.
    """

    bill: BillRecord
    invoice_id: str
    contact_id: str
    allocations: Sequence[AllocationRecord]
    links: Mapping[int, CreditLink]
    standing: Sequence[StandingCredit]
    linked_ids: frozenset[str]
    gross: Mapping[str, Decimal]
    rules: Rules
    room: Decimal
    changes: list[CreditChange] = field(default_factory=list)


def plan_credits(*, sources: CreditSources) -> tuple[list[CreditChange], Decimal]:
    """Plan the credits on one invoice that is approved in Xero. Gives the changes and the room that is left."""
    wanted = {row.id: row for row in sources.allocations if row.is_credit and row.counts}
    for link in sorted(sources.links.values(), key=lambda link: link.allocation_id):
        if link.note_id and link.allocation_id not in wanted and not link.rests:
            _remove(sources, link, again=False)
    missing = [row for row in sorted(wanted.values(), key=lambda row: row.id) if not _stands(sources, row)]
    # What is made anew comes before what is new, which must not take its place.
    missing.sort(key=lambda row: not _was_ours(sources, row))
    free = {one.credit_note_id: one for one in sources.standing if one.credit_note_id not in sources.linked_ids}
    own = _adopt_own(sources, missing, free)
    for row in (row for row in missing if row.id not in own):
        match = min(
            (one for one in free.values() if one.amount == abs(row.amount) and key_of_note(one.number) is None),
            key=lambda one: (one.number, one.credit_note_id),
            default=None,
        )
        if match and not _rests(sources, row) and not _was_ours(sources, row):
            del free[match.credit_note_id]
            sources.changes.append(AdoptCredit(row.id, match))
        else:
            _create(sources, row)
    return sources.changes, sources.room


def _adopt_own(
    sources: CreditSources, missing: Sequence[AllocationRecord], free: dict[str, StandingCredit]
) -> frozenset[int]:
    """Link what carries our key and has no link first, whatever Clio says of it by now (BEHAVIOUR §11)."""
    unlinked = {row.id for row in missing}
    for row in sources.allocations:
        link = sources.links.get(row.id)
        if row.is_credit and not row.counts and not (link and (link.note_id or link.rests)):
            unlinked.add(row.id)  # voided since: it is linked, and then removed
    found: set[int] = set()
    for one in sorted(free.values(), key=lambda one: one.credit_note_id):
        key = key_of_note(one.number)
        if key and key[0] in unlinked - found:
            del free[one.credit_note_id]
            found.add(key[0])
            sources.changes.append(AdoptCredit(key[0], one, key[1]))
    return frozenset(found)


def _was_ours(sources: CreditSources, row: AllocationRecord) -> bool:
    """Whether a note is being made anew: what stands by hand beside it is then something else."""
    return any(isinstance(change, RemoveCredit) and change.allocation_id == row.id for change in sources.changes)


def _rests(sources: CreditSources, row: AllocationRecord) -> bool:
    link = sources.links.get(row.id)
    return bool(link and link.rests)


def _on_invoice(sources: CreditSources, note_id: str) -> StandingCredit | None:
    return next((one for one in sources.standing if one.credit_note_id == note_id), None)


def _stands(sources: CreditSources, row: AllocationRecord) -> bool:
    """Settle a credit whose note stands; False where it has to be made (anew)."""
    link = sources.links.get(row.id)
    if link is None or not link.note_id:
        return False
    there = _on_invoice(sources, link.note_id)
    if _is_edited(sources, row, link):
        why = _cannot_replace(sources, row, link, there)
        if link.rests or why is not None:
            sources.changes.extend([] if link.rests or why is None else [HoldCredit(row.id, why)])
            return True
        return not _remove(sources, link, again=True)
    if there is not None and there.amount == abs(row.amount):
        sources.changes.append(KeepCredit(row.id))
    elif link.rests:
        return True
    elif link.set_against:
        sources.changes.append(HoldCredit(row.id, _taken_off(there)))
    elif abs(row.amount) > sources.room:
        sources.changes.append(HoldCredit(row.id, _too_large(sources, abs(row.amount), sources.room)))
    else:
        sources.room -= abs(row.amount)
        sources.changes.append(SetAgainst(row.id, link.note_id, abs(row.amount)))
    return True


def _is_edited(sources: CreditSources, row: AllocationRecord, link: CreditLink) -> bool:
    """Whether the note has to be made anew: amount, date, invoice or its set of tax types changed (§7)."""
    applied = link.applied
    if link.anew:
        return True
    if applied is None:
        return False
    if applied.invoice_id != sources.invoice_id or applied.amount != abs(row.amount):
        return True
    if applied.by_hand:
        return False
    dated = row.date.isoformat() if row.date else ""
    taxes = tuple(tax_types_of(gross=sources.gross))
    return applied.dated != dated or (bool(sources.gross) and applied.taxes != taxes)


def _cannot_replace(
    sources: CreditSources, row: AllocationRecord, link: CreditLink, there: StandingCredit | None
) -> Blocked | Waiting | None:
    """Why a note could not be made anew once it is off: then it stays as it is."""
    document = _document(sources, row, link)
    if not isinstance(document, CreditNoteDocument):
        return document
    room = sources.room + (there.amount if there else ZERO)
    return _too_large(sources, document.total, room) if document.total > room else None


def _document(
    sources: CreditSources, row: AllocationRecord, link: CreditLink
) -> CreditNoteDocument | Blocked | Waiting:
    return map_credit_note(
        allocation=row,
        bill=sources.bill,
        rules=sources.rules,
        contact_id=sources.contact_id,
        gross=sources.gross,
        generation=_next_generation(link),
    )


def _next_generation(link: CreditLink) -> int:
    return link.generation + 1 if link.applied is not None else link.generation


def _remove(sources: CreditSources, link: CreditLink, *, again: bool) -> bool:
    """Plan to remove a note of ours; one dated in a locked period waits (X 6.32)."""
    dated = link.applied.dated if link.applied else ""
    locked = is_locked(date=dt.date.fromisoformat(dated) if dated else None, rules=sources.rules)
    if locked is not None:
        sources.changes.append(HoldCredit(link.allocation_id, locked))
        return False
    sources.changes.append(RemoveCredit(link.allocation_id, link.note_id, again=again))
    there = _on_invoice(sources, link.note_id)
    sources.room += there.amount if there else ZERO
    return True


def _create(sources: CreditSources, row: AllocationRecord) -> None:
    link = sources.links.get(row.id) or CreditLink(row.id)
    if link.rests:
        return
    document = _document(sources, row, link)
    if not isinstance(document, CreditNoteDocument):
        sources.changes.append(HoldCredit(row.id, document))
    elif document.total > sources.room:
        sources.changes.append(HoldCredit(row.id, _too_large(sources, document.total, sources.room)))
    else:
        sources.room -= document.total
        taxes = tuple(tax_types_of(gross=sources.gross))
        sources.changes.append(CreateCredit(row.id, document, _next_generation(link), taxes))


def _taken_off(there: StandingCredit | None) -> Blocked:
    if there is None:
        message = "The credit note was taken off this invoice, or voided, in Xero"
    else:
        message = f"The credit note is set against this invoice with {there.amount:f} in Xero, not with Clio's amount"
    return Blocked(
        code="credit_taken_off",
        message=message,
        remedy="Choose what happens; or put the credit note back on the invoice in Xero; or delete the credit in Clio.",
        details={
            "choices": [
                {"value": "again", "label": "Set the same credit note against the invoice again"},
                {"value": "anew", "label": "Void what is left of it in Xero, and make a new credit note"},
            ],
            "choice_none": "",
            "choice_question": "What should happen?",
        },
    )


def _too_large(sources: CreditSources, amount: Decimal, room: Decimal) -> Blocked:
    return too_large(amount=amount, room=room, currency=sources.bill.currency, what="credit")
