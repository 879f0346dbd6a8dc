"""Write down which payments, credit notes and allocations now stand in Xero: links and the history of records."""

from decimal import Decimal

from syncengine.domain.documents import StandingAllocation, StandingCreditNote, StandingPayment
from syncengine.domain.money import to_cents
from syncengine.engine import record as book
from syncengine.engine.money.state import applied_payment
from syncengine.engine.outbox import Item
from syncengine.engine.slice import Slice
from syncengine.models import Link, RecordEvent

_Event = RecordEvent.Event


def apply_payment(*, work: Slice, link: Link, item: Item, standing: StandingPayment) -> None:
    """Write on a link which payment now stands for it; the caller saves it."""
    (_, bill_id, generation), (_, account_id, key), (_, by_hand, _) = item.lines
    link.bill_id = int(bill_id)
    restored = bool(link.base.get("invoice")) and not link.base.get("put_back") and link.xero_id is not None
    link.restorations += 1 if restored else 0
    link.xero_id = standing.payment_id
    link.natural_key = key
    link.generation = int(generation)
    link.record_digest = item.record_digest
    link.document_digest = item.document_digest
    link.base = applied_payment(
        invoice_id=item.url,
        account_id=account_id,
        date=standing.date,
        amount=Decimal(item.total),
        reference=item.natural_key,
        by_hand=bool(by_hand),
    )
    link.xero_amount_minor = to_cents(Decimal(item.total))
    _stands(work, link, {"operation": "create", "key": key, "amount": item.total})
    if restored:
        words = "Deleted in Xero, and put back: overwritten by the sync."
        work.tell(link.kind, link.clio_id, _Event.CHANGED_IN_XERO, words)


def apply_credit(*, work: Slice, note: Link, item: Item, standing: StandingCreditNote) -> None:
    """Write on a link which credit note now stands for it; the caller saves it."""
    (_, bill_id, generation), (_, taxes, date) = item.lines
    note.bill_id = int(bill_id)
    note.xero_id = standing.credit_note_id
    note.natural_key = standing.number
    note.generation = int(generation)
    note.record_digest = item.record_digest
    note.document_digest = item.document_digest
    note.base = {
        "invoice": item.url,
        "contact": standing.contact_id,
        "amount": item.total,
        "date": date,
        "taxes": taxes.split(",") if taxes else [],
    }
    note.xero_amount_minor = 0  # nothing is credited before it is set against its invoice
    _stands(work, note, {"operation": "create", "key": standing.number, "amount": item.total})


def apply_allocation(*, work: Slice, allocation: Link, note: Link, standing: StandingAllocation) -> None:
    """Write down that a note is set against its invoice; saves both links."""
    allocation.bill_id = note.bill_id
    allocation.xero_id = standing.allocation_id or f"{note.xero_id}:{note.base.get('invoice', '')}"
    allocation.natural_key = note.natural_key
    _stands(work, allocation, {"operation": "set_against", "key": note.natural_key})
    note.state = Link.State.IN_STEP
    note.base = {name: value for name, value in note.base.items() if name not in {"put_back", "again"}}
    note.xero_amount_minor = to_cents(Decimal(note.base.get("amount", "0")))
    book.forgive(note)
    book.save_links([note, allocation])
    for link in (note, allocation):
        book.close_errors(kind=link.kind, clio_ids=[link.clio_id], now=work.clock())


def _stands(work: Slice, link: Link, details: dict[str, str]) -> None:
    book.forgive(link)
    link.state = Link.State.IN_STEP
    link.xero_status = "AUTHORISED"
    link.applied_at = work.clock()
    work.tell(link.kind, link.clio_id, _Event.APPLIED, details=details)
