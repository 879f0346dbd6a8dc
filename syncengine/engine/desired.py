"""What should stand in Xero for a stretch of bills: records and rules in, planned changes out."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from syncengine.domain.documents import Blocked, InvoiceDocument, LinkedLine, StandingInvoice, Waiting
from syncengine.domain.mapping.invoices import map_bill, split_interest
from syncengine.domain.mapping.totals import Mismatch, settle_totals
from syncengine.domain.money import ZERO
from syncengine.domain.records import BillRecord, LineRecord, bill_digest, bill_from_dict, line_from_dict
from syncengine.engine.reference import Setup
from syncengine.models import LineSnapshot, Link, Snapshot

_CONTACT, _INVOICE = Link.Kind.CONTACT, Link.Kind.INVOICE


@dataclass(slots=True)
class Bill:
    """One bill with everything that planning it needs."""

    record: BillRecord
    lines: tuple[LineRecord, ...]
    link: Link
    contact: Link | None
    #: Interest on this bill that bills of their own carry, in its currency.
    interest_billed: Decimal = ZERO
    #: Of an interest bill: the number of the bill that it is for.
    original_number: str | None = None
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        self.digest = bill_digest(bill=self.record, lines=self.lines)


def load_bills(rows: Iterable[Snapshot]) -> list[Bill]:
    """Bring snapshots of bills together with their lines, links and contacts' links (three queries)."""
    records = [bill_from_dict(row.record) for row in rows]
    ids = [record.id for record in records]
    lines: dict[int, list[LineRecord]] = defaultdict(list)
    for plain in LineSnapshot.objects.filter(bill_id__in=ids).values_list("record", flat=True):
        line = line_from_dict(plain)
        lines[line.bill_id].append(line)
    clients = {record.client_id for record in records if record.client_id}
    links = {(link.kind, link.clio_id): link for link in Link.objects.filter(kind=_INVOICE, clio_id__in=ids)}
    links |= {(link.kind, link.clio_id): link for link in Link.objects.filter(kind=_CONTACT, clio_id__in=clients)}
    billed = _interest_of_its_own(ids)
    numbers = _numbers_of({record.original_bill_id for record in records if record.original_bill_id})
    return [
        Bill(
            record,
            tuple(lines[record.id]),
            links.get((_INVOICE, record.id)) or Link(kind=_INVOICE, clio_id=record.id),
            links.get((_CONTACT, record.client_id or 0)),
            billed.get(record.id, ZERO),
            numbers.get(record.original_bill_id or 0),
        )
        for record in records
    ]


def _interest_of_its_own(bill_ids: Sequence[int]) -> dict[int, Decimal]:
    """Interest of these bills that Clio put on bills of their own; it must not count twice (BEHAVIOUR §5, Interest)."""
    found: dict[int, Decimal] = defaultdict(lambda: ZERO)
    rows = Snapshot.objects.filter(kind=Snapshot.Kind.BILL, original_bill_id__in=bill_ids)
    for plain in rows.values_list("record", flat=True):
        record = bill_from_dict(plain)
        if not record.is_gone and record.original_bill_id:
            found[record.original_bill_id] += record.interest_total
    return found


def _numbers_of(bill_ids: Collection[int]) -> dict[int, str]:
    if not bill_ids:
        return {}
    rows = Snapshot.objects.filter(kind=Snapshot.Kind.BILL, clio_id__in=bill_ids)
    return dict(rows.values_list("clio_id", "record__number"))


def later_interest(*, bill: Bill, standing: StandingInvoice) -> Decimal:
    """Interest charged after the bill was sent, which a sent invoice does not take up; in the bill's currency."""
    settled = settle_totals(bill=bill.record, lines=bill.lines, interest_billed=bill.interest_billed)
    if isinstance(settled, Mismatch):
        return ZERO
    return split_interest(settled=settled, linked=_linked(bill.link), standing=standing).later


def document_for(
    *, bill: Bill, setup: Setup, standing: StandingInvoice | None, pretend_contact: bool = False
) -> InvoiceDocument | Blocked | Waiting:
    """Map one bill; without a contact in Xero it waits for it."""
    contact_id = bill.contact.xero_id if bill.contact else None
    if not contact_id:
        if not bill.record.client_id:
            return Blocked("client_missing", "This bill has no client in Clio.", "Give the bill a client in Clio.")
        if not pretend_contact and bill.contact is None:
            return Blocked(
                "client_hidden",
                "Clio does not show this bill's client to the connected login, or the client was deleted.",
                "In Clio, let the connected user see the client, or move the bill to another client.",
            )
        if not pretend_contact:
            return Waiting("waiting_for_contact", "Waiting for its contact.")
        contact_id = "00000000-0000-0000-0000-000000000000"
    return map_bill(
        bill=bill.record,
        lines=bill.lines,
        rules=setup.rules,
        contact_id=contact_id,
        linked=_linked(bill.link),
        standing=standing,
        number=_extended_number(bill),
        services=setup.services,
        expenses=setup.expenses,
        original_number=bill.original_number,
        interest_billed=bill.interest_billed,
    )


def _extended_number(bill: Bill) -> str | None:
    """The number under which a bill goes whose own is taken for good; None once Clio gave it another one (§5)."""
    link = bill.link
    if link.generation == 1 or not link.natural_key.startswith(f"{bill.record.number.strip()[:200]}-"):
        return None
    return link.natural_key


def _linked(link: Link) -> Mapping[str, LinkedLine]:
    return {key: LinkedLine(*values) for key, values in link.lines.items()}


def lines_of_link(document_lines: Sequence[tuple[str, str, str]], standing: StandingInvoice) -> dict[str, list[str]]:
    """Tie the lines that were sent to the LineItemIDs that Xero answered, in order: Xero keeps the order of lines."""
    if len(document_lines) != len(standing.lines):
        return {}
    return {
        key: [there.line_item_id, digest, coding]
        for (key, digest, coding), there in zip(document_lines, standing.lines, strict=True)
    }
