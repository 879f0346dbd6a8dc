"""Wave 1: contacts. First meetings link what stands in Xero; the rest is created, changes are sent (BEHAVIOUR §4)."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.db import transaction

from syncengine.domain.adoption import match_contact
from syncengine.domain.batching import batches, halves
from syncengine.domain.chunks import chunks
from syncengine.domain.contact_merge import base_of
from syncengine.domain.documents import Blocked, ContactDocument, StandingContact
from syncengine.domain.mapping.contact_forms import contact_number, fold
from syncengine.domain.mapping.contacts import map_contact
from syncengine.domain.outcomes import Applied, Outcome, Rejected
from syncengine.domain.records import ContactRecord, bill_from_dict, contact_from_dict
from syncengine.domain.scope import scope_of
from syncengine.engine import record as book
from syncengine.engine.outbox import Item, settle, submit
from syncengine.engine.pull_clio import read_needed_contacts
from syncengine.engine.pull_xero import keep_contacts, standing_contact
from syncengine.engine.slice import Slice
from syncengine.models import Link, RecordEvent, Snapshot, XeroContact
from syncengine.xero import WholeBatchRefused, contacts_call, explain

_KIND = Link.Kind.CONTACT
_CHUNK = 200
_IDS_A_CALL = 40


def sync_contacts(*, work: Slice) -> None:
    """Make every client of a bill in scope stand in Xero, and send what changed in Clio."""
    if work.run.position == 0:
        _meet_clients(work)
    dirty = Snapshot.objects.filter(kind=Snapshot.Kind.CONTACT, dirty=True)
    while True:
        rows = list(dirty.filter(clio_id__gt=work.run.position).order_by("clio_id")[:_CHUNK])
        if not rows:
            return
        _plan_and_send(work, [contact_from_dict(row.record) for row in rows])
        work.run.position = rows[-1].clio_id
        work.breathe()


def _meet_clients(work: Slice) -> None:
    """Read the clients of dirty bills in scope that have no snapshot yet."""
    bills = Snapshot.objects.filter(kind=Snapshot.Kind.BILL, dirty=True).order_by("clio_id")
    for rows in chunks(bills.values_list("record", flat=True).iterator(chunk_size=1000), 1000):
        scoped = (bill_from_dict(row) for row in rows)
        clients = {
            bill.client_id for bill in scoped if bill.client_id and scope_of(bill=bill, rules=work.setup.rules) == "in"
        }
        read_needed_contacts(work=work, clio_ids=clients)


def _plan_and_send(work: Slice, records: Sequence[ContactRecord]) -> None:
    links = {link.clio_id: link for link in Link.objects.filter(kind=_KIND, clio_id__in=[r.id for r in records])}
    standing = _standing_of(work, links.values())
    candidates = _Candidates(records)
    creates: list[tuple[ContactRecord, Link, ContactDocument]] = []
    updates: list[tuple[ContactRecord, Link, ContactDocument]] = []
    settled: list[Link] = []
    for record in records:
        link = links.get(record.id) or Link(kind=_KIND, clio_id=record.id)
        link.title = record.name[:255]
        if _rests(work, link):
            work.count("contact", "blocked")
            continue
        if not link.xero_id and (match := candidates.match(record)):
            _adopt(work, link, record, match)
            work.count("contact", "adopted")
            work.tell("contact", record.id, RecordEvent.Event.LINKED, details={"name": match.name})
            # At a first meeting only what is empty in Xero is filled (BEHAVIOUR §4).
            fill = map_contact(record=record, rules=work.setup.rules, standing=match)
            if isinstance(fill, ContactDocument) and fill.fields:
                updates.append((record, link, fill))
            else:
                settled.append(link)
            continue
        if link.xero_id and link.record_digest == record.digest:
            settled.append(link)
            work.count("contact", "unchanged")
            continue
        there = standing.get(link.xero_id or "")
        document = _mapped(work, record, link, there)
        if isinstance(document, Blocked):
            _stop(work, link, document)
        elif there and not document.fields and document.name == there.name:
            _adopt(work, link, record, there)
            settled.append(link)
            work.count("contact", "unchanged")
        else:
            (updates if link.xero_id else creates).append((record, link, document))
    if work.dry_run:
        _pretend(work, creates, updates)
        return
    with transaction.atomic():
        _settle(work, settled)
    for operation, planned in (("create", creates), ("update", updates)):
        for batch in batches(planned, size=50, key=lambda entry: entry[2].contact_number):
            _send(work, operation, batch)


_Planned = tuple[ContactRecord, Link, ContactDocument]


def _mapped(work: Slice, record: ContactRecord, link: Link, there: StandingContact | None) -> ContactDocument | Blocked:
    if link.xero_id and (there is None or not there.is_live):
        return Blocked(
            "contact_archived",
            "The contact is archived in Xero, or no longer found there.",
            "Restore the contact in Xero.",
            details={"xero_contact_id": link.xero_id},
        )
    return map_contact(record=record, rules=work.setup.rules, standing=there, base=link.base or None)


def _pretend(work: Slice, creates: Sequence[_Planned], updates: Sequence[_Planned]) -> None:
    work.count("contact", "created", len(creates))
    work.count("contact", "updated", len(updates))
    work.pretended_contacts.update(record.id for record, _, _ in creates)


def _rests(work: Slice, link: Link) -> bool:
    """Whether a stopped link is left alone in this run: nothing moved that could help, and nobody asked."""
    if link.state == Link.State.IGNORED:
        return bool(link.planned_under)
    if not link.planned_under or link.planned_under != work.setup.digest:
        return False
    return not work.asked and link.retry_at is not None and link.retry_at > work.clock()


def _standing_of(work: Slice, links: Iterable[Link]) -> dict[str, StandingContact]:
    """What stands in Xero for links, as last read; what was never read is read now. A merged one is followed once."""
    ids = {link.xero_id for link in links if link.xero_id}
    rows = XeroContact.objects.filter(contact_id__in=ids) if ids else ()
    found = {row.contact_id: standing_contact(row) for row in rows}
    for missing in chunks(sorted(ids - found.keys()), _IDS_A_CALL):
        read = work.xero.contacts_by_ids(missing)
        keep_contacts(read)
        found |= {contact.contact_id: contact for contact in read}
    for link in links:
        there = found.get(link.xero_id or "")
        if there and not there.is_live and there.merged_to and (heir := work.xero.contact(there.merged_to)):
            link.xero_id = heir.contact_id
            found[heir.contact_id] = heir
    return found


class _Candidates:
    """Xero's contacts that could be the same as one of these records."""

    def __init__(self, records: Sequence[ContactRecord]) -> None:
        names = {fold(record.name)[:255] for record in records if record.name}
        numbers = {contact_number(record.id) for record in records}
        rows = XeroContact.objects.filter(name_key__in=names) | XeroContact.objects.filter(contact_number__in=numbers)
        self.contacts = [standing_contact(row) for row in rows]
        ids = [contact.contact_id for contact in self.contacts]
        self.linked = set(Link.objects.filter(kind=_KIND, xero_id__in=ids).values_list("xero_id", flat=True))

    def match(self, record: ContactRecord) -> StandingContact | None:
        """The one to link at a first meeting, if any; never offered twice."""
        found = match_contact(record=record, candidates=self.contacts, linked_ids=frozenset(filter(None, self.linked)))
        if found:
            self.linked.add(found.contact_id)
        return found


def _adopt(work: Slice, link: Link, record: ContactRecord, standing: StandingContact) -> None:
    """Link a contact that already stands in Xero: the base is each side's present value, nothing is sent (§4)."""
    link.xero_id = standing.contact_id
    link.natural_key = contact_number(record.id)
    link.base = base_of(record=record, standing=standing, earlier=link.base or None)
    link.record_digest = record.digest
    link.xero_status = standing.status
    link.applied_at = work.clock()


def _settle(work: Slice, links: Sequence[Link]) -> None:
    for link in links:
        link.state = Link.State.IN_STEP
        book.forgive(link)
    book.save_links(links)
    ids = [link.clio_id for link in links]
    book.clean(Snapshot.Kind.CONTACT, ids)
    book.close_errors(kind=_KIND, clio_ids=ids, now=work.clock())


def _stop(work: Slice, link: Link, why: Blocked, messages: Sequence[str] = ()) -> None:
    work.count("contact", "rejected" if messages else "blocked")
    if work.dry_run:
        return
    state = Link.State.REFUSED if messages else Link.State.BLOCKED
    with transaction.atomic():
        book.stop(work=work, link=link, why=why, state=state, xero_messages=messages)
        book.save_links([link])


def _send(work: Slice, operation: str, batch: Sequence[tuple[ContactRecord, Link, ContactDocument]]) -> None:
    documents = [document for _, _, document in batch]
    items = [
        Item(record.id, document.contact_number, link.xero_id or "", record.digest, document.digest)
        for record, link, document in batch
    ]
    call = contacts_call(documents, operation=operation)
    submission, outcomes = submit(work=work, call=call, kind="contact", operation=operation, items=items)
    if isinstance(outcomes, WholeBatchRefused):
        settle(work=work, submission=submission)
        if len(batch) == 1:
            _refuse(work, batch[0][1], batch[0][0], Rejected(outcomes.messages))
            return
        for half in halves(batch):
            _send(work, operation, half)
        return
    with transaction.atomic():
        settle(work=work, submission=submission)
        record_outcomes(
            work=work,
            operation=operation,
            entries=[(record, link, document.digest) for record, link, document in batch],
            outcomes=outcomes,
        )


def record_outcomes(
    *, work: Slice, operation: str, entries: Sequence[tuple[ContactRecord, Link, str]], outcomes: Sequence[Outcome]
) -> None:
    """Write down what became of each contact of a batch."""
    applied: list[Link] = []
    standing: list[StandingContact] = []
    for (record, link, document_digest), outcome in zip(entries, outcomes, strict=True):
        if isinstance(outcome, Applied) and isinstance(outcome.standing, StandingContact):
            _adopt(work, link, record, outcome.standing)
            link.document_digest = document_digest
            applied.append(link)
            standing.append(replace(outcome.standing, contact_number=contact_number(record.id)))
            work.count("contact", "created" if operation == "create" else "updated")
            details = {"operation": operation, "name": outcome.standing.name}
            work.tell("contact", record.id, RecordEvent.Event.APPLIED, details=details)
        elif isinstance(outcome, Rejected):
            _refuse(work, link, record, outcome)
    keep_contacts(standing)
    _settle(work, applied)


def _refuse(work: Slice, link: Link, record: ContactRecord, outcome: Rejected) -> None:
    why = explain(outcome.messages, "contact")
    details = {"contact": record.name, "append": f"{record.name} ({record.id})"}
    holder = XeroContact.objects.filter(name_key=fold(record.name)[:255]).first()
    if holder:
        details |= {"xero_contact_id": holder.contact_id, "xero_email": holder.email_key}
    _stop(work, link, Blocked(why.code, why.message, why.remedy, cause=why.cause, details=details), outcome.messages)
