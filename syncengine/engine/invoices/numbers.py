"""Invoice numbers that move: bills that swap numbers, or take one that another bill gave up (BEHAVIOUR §5)."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from django.db import transaction

from syncengine.domain.batching import batches
from syncengine.domain.outcomes import Applied
from syncengine.domain.records import bill_from_dict
from syncengine.engine import record as book
from syncengine.engine.invoices.outcomes import Planned
from syncengine.engine.outbox import Item, settle, submit
from syncengine.engine.slice import Slice
from syncengine.models import Link, RecordEvent, Snapshot
from syncengine.xero import WholeBatchRefused, invoice_fields_call

_KIND: Final = Link.Kind.INVOICE
_MOST: Final = 255


def free_numbers(*, work: Slice, planned: Sequence[Planned]) -> None:
    """Let invoices of ours give up numbers that others of ours take now.

    Such an invoice gets the number that its own bill carries in Clio by now; where that is still held by another one of
    ours, as when two swap, a temporary one in between: its bill is planned in the same run.
    """
    wanted = {entry.document.number: entry.bill.record.id for entry in planned}
    holders = [
        link
        for link in Link.objects.filter(kind=_KIND, natural_key__in=wanted, xero_id__isnull=False)
        if wanted[link.natural_key] != link.clio_id and link.state != Link.State.VOIDED
    ]
    if not holders or work.dry_run:
        return
    rows = Snapshot.objects.filter(kind=Snapshot.Kind.BILL, clio_id__in=[link.clio_id for link in holders], dirty=True)
    numbers = {row.clio_id: bill_from_dict(row.record).number.strip() for row in rows}
    moving = [link for link in holders if numbers.get(link.clio_id, link.natural_key) != link.natural_key]
    wishes = [numbers[link.clio_id] for link in moving if link.clio_id in numbers]
    held_now = Link.objects.filter(kind=_KIND, natural_key__in=wishes, xero_id__isnull=False)
    taken = {*held_now.exclude(state=Link.State.VOIDED).values_list("natural_key", flat=True), *wanted}
    places = {link.clio_id: _place_for(link, numbers.get(link.clio_id, ""), taken) for link in moving}
    for batch in batches(moving, size=50, key=lambda link: link.xero_id or ""):
        _move_aside(work, batch, places)
    held = {link.clio_id: link for link in moving}
    for entry in planned:
        if entry.bill.record.id in held:
            entry.bill.link.natural_key = held[entry.bill.record.id].natural_key


def _place_for(link: Link, wish: str, taken: Collection[str]) -> str:
    """Its bill's own number, if none of ours has or takes that: its bill may be blocked, and then it stays there."""
    return wish if wish and wish not in taken else temporary(link)


def temporary(link: Link) -> str:
    """The number in between: "1042~9001"."""
    suffix = f"~{link.clio_id}"
    return link.natural_key[: _MOST - len(suffix)] + suffix


def _move_aside(work: Slice, links: Sequence[Link], places: Mapping[int, str]) -> None:
    fields = [{"InvoiceID": link.xero_id or "", "InvoiceNumber": places[link.clio_id]} for link in links]
    items = [Item(link.clio_id, places[link.clio_id], link.xero_id or "", "", "") for link in links]
    call = invoice_fields_call(fields)
    submission, outcomes = submit(work=work, call=call, kind="invoice", operation="renumber", items=items)
    moved: set[int] = set()
    with transaction.atomic():
        settle(work=work, submission=submission)
        if not isinstance(outcomes, WholeBatchRefused):
            for item, outcome in zip(items, outcomes, strict=True):
                if isinstance(outcome, Applied):
                    number_moved(work=work, item=item)
                    moved.add(item.clio_id)
        work.write_story()
    for link in links:
        link.refresh_from_db()
    # Somebody else's invoice may hold the number that a bill has by now: that is for its own update to tell.
    left = [link for link in links if link.clio_id not in moved and places[link.clio_id] != temporary(link)]
    if left:
        _move_aside(work, left, {link.clio_id: temporary(link) for link in left})


def number_moved(*, work: Slice, item: Item) -> None:
    """Write down that an invoice has given up its number for this one."""
    for link in Link.objects.filter(kind=_KIND, clio_id=item.clio_id, xero_id=item.xero_id):
        link.natural_key = item.natural_key
        link.record_digest = link.document_digest = ""
        book.save_links([link])
        work.tell(link.kind, link.clio_id, RecordEvent.Event.APPLIED, details={"operation": "renumber"})
