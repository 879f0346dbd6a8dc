"""The steps of a preview: read both sides, look at clients, at Xero's invoices, at every bill. Nothing is sent."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from syncengine.domain.adoption import match_contact
from syncengine.domain.chunks import chunks
from syncengine.domain.documents import Blocked, ContactDocument, InvoiceDocument, StandingContact, StandingInvoice
from syncengine.domain.mapping.contact_forms import contact_number, fold
from syncengine.domain.mapping.contacts import map_contact
from syncengine.domain.preview import Tally, count, other_rates, refused_line, sample_of, stands_for
from syncengine.domain.records import ContactRecord, bill_from_dict, contact_from_dict
from syncengine.domain.rules import Rules
from syncengine.domain.scope import is_locked, scope_of
from syncengine.engine import lease as leases
from syncengine.engine.desired import Bill, document_for, load_bills
from syncengine.engine.pull_clio import pull_clio, read_needed_contacts
from syncengine.engine.pull_xero import pull_xero, standing_contact
from syncengine.engine.reference import Setup
from syncengine.engine.slice import Slice
from syncengine.models import Link, Preview, Snapshot, XeroContact
from syncengine.xero import explain

_CHUNK = 200
_Step = Preview.Step


@dataclass(slots=True)
class Look(Slice):
    """A slice that reads and plans, and tells no history: nothing happens to a record by looking at it."""

    tally: Tally = field(default_factory=Tally)

    def tell(self, *_args: Any, **_kwargs: Any) -> None:
        """Say nothing."""


def would_be(setup: Setup) -> Setup:
    """The setup as it will be once the export is switched on, which is what a preview is of."""
    return replace(setup, rules=replace(setup.rules, export_bills=True))


def read_clio(work: Look, preview: Preview) -> None:
    """Read bills and lines as the first sync does; it then goes on from there."""
    _read(work, preview, pull_clio)


def read_xero(work: Look, preview: Preview) -> None:
    """Read contacts, chart, rates and organisation."""
    _read(work, preview, pull_xero)


def _read(work: Look, preview: Preview, pull: Callable[..., None]) -> None:
    """Read with a run's own readers, which keep in its position how far they are."""
    work.run.position = preview.position
    try:
        pull(work=work)
    finally:
        preview.position = work.run.position


def look_at_clients(work: Look, preview: Preview) -> None:
    """Read the clients of bills in scope, and see which stand in Xero already and which would be refused.

    Here what is added up begins, under the settings and lists as they are now.
    """
    work.tally, preview.made_under = Tally(), work.setup.digest
    rules = would_be(work.setup).rules
    clients = {bill.client_id for bill in _all_bills() if bill.client_id and scope_of(bill=bill, rules=rules) == "in"}
    read_needed_contacts(work=work, clio_ids=clients)
    linked = set(Link.objects.filter(kind=Link.Kind.CONTACT, xero_id__isnull=False).values_list("clio_id", flat=True))
    meeting = _Meeting(rules, work.tally)
    for ids in chunks(sorted(clients - linked), _CHUNK):
        rows = Snapshot.objects.filter(kind=Snapshot.Kind.CONTACT, clio_id__in=ids).order_by("clio_id")
        meeting.look_at([contact_from_dict(row.record) for row in rows])
        # No call is made here, and who met whom is not kept: it goes to its end, whatever the slice's time.
        leases.renew(lease=work.lease, now=work.clock())


def _all_bills() -> Iterator[Any]:
    rows = Snapshot.objects.filter(kind=Snapshot.Kind.BILL).order_by("clio_id").values_list("record", flat=True)
    return (bill_from_dict(row) for row in rows.iterator(chunk_size=1000))


class _Meeting:
    """How clients meet the contacts of Xero (BEHAVIOUR §4), without linking anything."""

    def __init__(self, rules: Rules, tally: Tally) -> None:
        self.rules, self.tally = rules, tally
        self.met = set(Link.objects.filter(kind=Link.Kind.CONTACT).values_list("xero_id", flat=True)) - {None}
        self.names: set[str] = set()

    def look_at(self, records: Sequence[ContactRecord]) -> None:
        """Look at some clients, in the order of their ids."""
        documents = {record.id: map_contact(record=record, rules=self.rules) for record in records}
        standing = self._candidates(records, documents)
        for record in records:
            match = match_contact(record=record, candidates=standing, linked_ids=frozenset(filter(None, self.met)))
            if match:
                self.met.add(match.contact_id)
                self.tally.meet(name=match.name, email=match.email)
            else:
                self._create(record, documents[record.id], standing)

    def _create(
        self, record: ContactRecord, document: ContactDocument | Blocked, standing: Sequence[StandingContact]
    ) -> None:
        if isinstance(document, ContactDocument):
            key = fold(document.name)
            taken = key in self.names or any(one.is_live and fold(one.name) == key for one in standing)
            self.names.add(key)
            if not taken:
                self.tally.contacts_new += 1
                return
            told = explain([f"The contact name {document.name} is already assigned to another contact"], "contact")
            document = Blocked(told.code, told.message, told.remedy)
        self.tally.refused_clients.append(record.id)
        self.tally.hold(kind="contact", name=record.name, why=document)

    def _candidates(
        self, records: Sequence[ContactRecord], documents: Mapping[int, ContactDocument | Blocked]
    ) -> list[StandingContact]:
        names = {fold(record.name)[:255] for record in records if record.name}
        names |= {fold(one.name)[:255] for one in documents.values() if isinstance(one, ContactDocument)}
        numbers = {contact_number(record.id) for record in records}
        rows = XeroContact.objects.filter(name_key__in=names) | XeroContact.objects.filter(contact_number__in=numbers)
        return [standing_contact(row) for row in rows]


def find_in_xero(work: Look, preview: Preview) -> None:
    """See which bills stand in Xero already, by number: entered by hand, or sent by another integration."""
    preview.position = preview.position or 1
    while True:
        page = work.xero.invoices_changed(page=preview.position)
        _note_standing(work.tally, page.invoices, would_be(work.setup).rules)
        if not page.more:
            return
        preview.position += 1
        work.breathe()


def _note_standing(tally: Tally, invoices: Sequence[StandingInvoice], rules: Rules) -> None:
    by_number = {one.number: one for one in invoices if one.is_live and one.number}
    rows = Snapshot.objects.filter(kind=Snapshot.Kind.BILL, record__number__in=sorted(by_number)) if by_number else ()
    for row in rows:
        bill = bill_from_dict(row.record)
        same = stands_for(bill=bill, standing=by_number[bill.number], url=rules.bill_url(bill.id))
        tally.standing[str(bill.id)] = "linked" if same else "taken"


def look_at_bills(work: Look, preview: Preview) -> None:
    """Map every bill in Clio id order as the sync will, and add up what comes of it."""
    setup, tally = would_be(work.setup), work.tally
    refused = frozenset(tally.refused_clients)
    while True:
        bills = Snapshot.objects.filter(kind=Snapshot.Kind.BILL, clio_id__gt=preview.position)
        rows = list(bills.order_by("clio_id")[:_CHUNK])
        if not rows:
            break
        for bill in load_bills(rows):
            _look_at(bill, setup, tally, refused)
        tally.looked_at += len(rows)
        preview.position = rows[-1].clio_id
        work.breathe()
    for sample in tally.samples:
        sample["xero"]["contact"] = _contact_name(sample, setup.rules)


def _look_at(bill: Bill, setup: Setup, tally: Tally, refused: frozenset[int]) -> None:
    record = bill.record
    scope = scope_of(bill=record, rules=setup.rules)
    if bill.link.xero_id:
        tally.in_xero += 1
    elif scope != "in":
        count(tally.left_out, scope)
    elif locked := is_locked(date=record.issued_at, rules=setup.rules):
        count(tally.waiting, locked.message)
    elif record.client_id in refused:
        count(tally.waiting, "waiting_for_contact")
    elif tally.standing.get(str(record.id)) == "linked":
        tally.link(bill=record)
    else:
        _plan(bill, setup, tally)


def _plan(bill: Bill, setup: Setup, tally: Tally) -> None:
    record = bill.record
    document: Any = document_for(bill=bill, setup=setup, standing=None, pretend_contact=True)
    if isinstance(document, InvoiceDocument):
        why = refused_line(document=document, rules=setup.rules)
        if tally.standing.get(str(record.id)) == "taken":
            told = explain(["Invoice # must be unique."], "invoice")
            why = Blocked(told.code, told.message, told.remedy)
        if why is None:
            for rate in other_rates(bill=record, rules=setup.rules):
                count(tally.other_rates, rate)
            sample = sample_of(bill=record, lines=bill.lines, document=document, rules=setup.rules)
            tally.create(bill=record, sample=sample)
            return
        document = why
    if isinstance(document, Blocked):
        tally.hold(kind="invoice", name=record.number or str(record.id), why=document, bill=record)
    else:
        count(tally.waiting, document.message)


def _contact_name(sample: Mapping[str, Any], rules: Rules) -> str:
    """What the client of a sample is called in Xero: as it stands there, else as it would be created."""
    row = Snapshot.objects.filter(kind=Snapshot.Kind.CONTACT, clio_id=sample["client_id"]).first()
    if row is None:
        return str(sample["client"])
    record = contact_from_dict(row.record)
    rows = XeroContact.objects.filter(name_key=fold(record.name)[:255])
    match = match_contact(record=record, candidates=[standing_contact(one) for one in rows], linked_ids=frozenset())
    document = map_contact(record=record, rules=rules)
    return match.name if match else document.name if isinstance(document, ContactDocument) else record.name


STEPS: tuple[tuple[str, Callable[[Look, Preview], None]], ...] = (
    (_Step.READ_CLIO, read_clio),
    (_Step.READ_XERO, read_xero),
    (_Step.CLIENTS, look_at_clients),
    (_Step.FIND, find_in_xero),
    (_Step.PLAN, look_at_bills),
)
