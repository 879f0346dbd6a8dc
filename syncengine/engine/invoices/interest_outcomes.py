"""Send an invoice for later interest and write down what became of it."""

from dataclasses import dataclass
from typing import Final

from django.db import transaction

from syncengine.domain.documents import Blocked, InvoiceDocument, StandingInvoice
from syncengine.domain.money import to_cents
from syncengine.domain.outcomes import Applied, Rejected
from syncengine.engine import record as book
from syncengine.engine.outbox import Item, settle, submit
from syncengine.engine.slice import Slice
from syncengine.models import Link, RecordEvent, Snapshot
from syncengine.xero import WholeBatchRefused, explain, invoices_call

#: What marks such an item in the outbox among those of bills.
LATER_INTEREST: Final = "later_interest"


@dataclass(frozen=True, slots=True)
class QueuedInterest:
    """A charge's link and the invoice that should stand for it."""

    link: Link
    document: InvoiceDocument

    def item(self) -> Item:
        """What the outbox keeps of it."""
        document = self.document
        bill = (LATER_INTEREST, str(self.link.bill_id), "")
        return Item(
            self.link.clio_id, document.number, "", "", document.digest, str(document.total), document.url, (bill,)
        )


def send_interest(*, work: Slice, entry: QueuedInterest) -> None:
    """Create the invoice; one that holds its number and is this very one already is linked."""
    item = entry.item()
    call = invoices_call([entry.document], operation="create")
    submission, outcomes = submit(work=work, call=call, kind="invoice", operation="create", items=[item])
    outcome = Rejected(outcomes.messages) if isinstance(outcomes, WholeBatchRefused) else outcomes[0]
    with transaction.atomic():
        settle(work=work, submission=submission)
        if isinstance(outcome, Applied) and isinstance(outcome.standing, StandingInvoice):
            interest_applied(work=work, item=item, standing=outcome.standing, link=entry.link)
            work.count("invoice", "created")
    if isinstance(outcome, Rejected) and not _adopt(work, entry, item):
        why = explain(outcome.messages, "invoice")
        work.count("invoice", "rejected")
        with transaction.atomic():
            blocked = Blocked(why.code, why.message, why.remedy, cause=why.cause)
            book.stop(work=work, link=entry.link, why=blocked, state=Link.State.REFUSED, xero_messages=outcome.messages)


def _adopt(work: Slice, entry: QueuedInterest, item: Item) -> bool:
    for standing in work.xero.invoices_by_numbers([entry.document.number]):
        ours = standing.is_live and standing.url == entry.document.url and standing.total == entry.document.total
        if ours and standing.number.casefold() == entry.document.number.casefold():
            with transaction.atomic():
                interest_applied(work=work, item=item, standing=standing, link=entry.link)
            work.count("invoice", "adopted")
            return True
    return False


def interest_applied(*, work: Slice, item: Item, standing: StandingInvoice, link: Link | None = None) -> None:
    """Write down that the invoice of a charge stands; payments of interest follow it."""
    (_, bill_id, _) = item.lines[0]
    held = link or Link.objects.filter(kind=Link.Kind.INTEREST, clio_id=item.clio_id).first()
    held = held or Link(kind=Link.Kind.INTEREST, clio_id=item.clio_id)
    held.bill_id = int(bill_id)
    held.xero_id, held.natural_key = standing.invoice_id, standing.number
    held.document_digest = item.document_digest
    held.xero_status, held.xero_amount_minor = standing.status, to_cents(standing.total)
    held.base = book.base_of_invoice(standing=standing, made_at=work.clock())
    held.state, held.applied_at = Link.State.IN_STEP, work.clock()
    book.forgive(held)
    book.save_links([held])
    book.close_errors(kind=held.kind, clio_ids=[held.clio_id], now=work.clock())
    Snapshot.objects.filter(kind=Snapshot.Kind.BILL, clio_id=held.bill_id).update(money_dirty=True)
    details = {"operation": "create", "number": standing.number, "total": str(standing.total)}
    work.tell(held.kind, held.clio_id, RecordEvent.Event.APPLIED, details=details)
    work.write_story()
