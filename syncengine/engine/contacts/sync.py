"""Wave 1: contacts. First meetings link what stands in Xero; the rest is created, changes are sent (BEHAVIOUR §4).

What people changed in Xero goes to Clio after the other waves (engine/contacts/edits.py).
"""

from collections.abc import Collection, Sequence
from dataclasses import replace

from django.db import transaction

from syncengine.domain.chunks import chunks
from syncengine.domain.contact_merge import Difference, Merge, merge_contact
from syncengine.domain.documents import Blocked, ContactDocument, StandingContact
from syncengine.domain.mapping.contact_edits import field_words
from syncengine.domain.mapping.contacts import map_contact
from syncengine.domain.records import ContactRecord, bill_from_dict, contact_from_dict
from syncengine.domain.scope import scope_of
from syncengine.engine import record as book
from syncengine.engine.contacts.outcomes import (
    Planned,
    adopt,
    notice,
    record_outcomes,
    send_all,
    settle_links,
    stop,
)
from syncengine.engine.contacts.standing import Candidates, first_of_shared, number_of, read_now, standing_of
from syncengine.engine.decisions import mark_of_sharing
from syncengine.engine.pull_clio import read_needed_contacts
from syncengine.engine.slice import Slice
from syncengine.models import Link, RecordEvent, Snapshot, XeroContact

__all__ = ["record_outcomes", "sync_contacts"]

_KIND = Link.Kind.CONTACT
_CHUNK = 200
_NEEDS_SOMEBODY = (Link.State.BLOCKED, Link.State.REFUSED)


def sync_contacts(*, work: Slice) -> None:
    """Make every client of a bill in scope stand in Xero, and send what changed in Clio."""
    if not work.setup.rules.export_bills:
        return  # nothing goes to Xero; what changed meanwhile is planned when the export is on again
    if work.run.position == 0:
        _leave_out(work, needed=_meet_clients(work))
    dirty = Snapshot.objects.filter(kind=Snapshot.Kind.CONTACT, dirty=True)
    while True:
        rows = list(dirty.filter(clio_id__gt=work.run.position).order_by("clio_id")[:_CHUNK])
        if not rows:
            return
        _Plan(work, [contact_from_dict(row.record) for row in rows]).carry_out()
        work.run.position = rows[-1].clio_id
        work.breathe()


def _meet_clients(work: Slice) -> set[int]:
    """Read the clients of dirty bills in scope that have no snapshot yet. Gives all clients of such bills."""
    bills = Snapshot.objects.filter(kind=Snapshot.Kind.BILL, dirty=True).order_by("clio_id")
    found: set[int] = set()
    for rows in chunks(bills.values_list("record", flat=True).iterator(chunk_size=1000), 1000):
        scoped = (bill_from_dict(row) for row in rows)
        clients = {
            bill.client_id for bill in scoped if bill.client_id and scope_of(bill=bill, rules=work.setup.rules) == "in"
        }
        read_needed_contacts(work=work, clio_ids=clients)
        found |= clients
    return found


def _leave_out(work: Slice, *, needed: Collection[int]) -> None:
    """Ask nothing of anybody about a client that is not in Xero and that no bill in scope needs any more.

    All bills of such a client are still to be sent, so those that need it are among the dirty ones. The snapshot goes:
    a bill that needs the client later has it read anew.
    """
    stopped = Link.objects.filter(kind=_KIND, xero_id=None, state__in=_NEEDS_SOMEBODY)
    links = [link for link in stopped if link.clio_id not in needed]
    if not links or work.dry_run:
        return
    ids = [link.clio_id for link in links]
    for link in links:
        book.forgive(link)
        link.state, link.reason = Link.State.NOT_SENT, "No bill that is synced is for this client."
    with transaction.atomic():
        book.save_links(links)
        Snapshot.objects.filter(kind=Snapshot.Kind.CONTACT, clio_id__in=ids).delete()
        book.close_errors(kind=_KIND, clio_ids=ids, now=work.clock())


class _Plan:
    """The plan for one stretch of clients: each is settled or stopped, created, updated, or left for Clio's turn."""

    def __init__(self, work: Slice, records: Sequence[ContactRecord]) -> None:
        self.work, self.records = work, records
        known = Link.objects.filter(kind=_KIND, clio_id__in=[record.id for record in records])
        self.links = {link.clio_id: link for link in known}
        self.standing = standing_of(work=work, links=list(self.links.values()))
        self.first = first_of_shared(links=list(self.links.values()), standing=self.standing)
        self.candidates = Candidates(records)
        self.creates: list[Planned] = []
        self.changed: list[tuple[ContactRecord, Link]] = []
        self.updates: list[Planned] = []
        self.met: set[int] = set()
        self.settled: list[Link] = []
        self.pending: set[int] = set()

    def carry_out(self) -> None:
        """Plan all of them, look once more in Xero at those that would be updated, and send."""
        for record in self.records:
            link = self.links.get(record.id) or Link(kind=_KIND, clio_id=record.id)
            link.title = record.name[:255] or link.title
            if book.rests(work=self.work, link=link):
                self.work.count("contact", "blocked")
            elif link.xero_id or self._meets(record, link):
                self._plan_linked(record, link)
            else:
                self._plan_new(record, link)
        self._look_again()
        if self.work.dry_run:
            self.work.count("contact", "created", len(self.creates))
            self.work.count("contact", "updated", len(self.updates))
            self.work.pretended_contacts.update(self.met, (record.id for record, _, _ in self.creates))
            return
        with transaction.atomic():
            settle_links(work=self.work, links=self.settled, pending=self.pending)
        send_all(work=self.work, operation="create", planned=self.creates)
        send_all(work=self.work, operation="update", planned=self.updates)

    def _meets(self, record: ContactRecord, link: Link) -> bool:
        """Whether a client meets a contact that stands in Xero already; they are linked, without a base yet."""
        match = self.candidates.match(record)
        if match is None:
            return False
        link.xero_id, link.base = match.contact_id, {}
        self.standing[match.contact_id] = match
        self.met.add(record.id)
        self.work.count("contact", "adopted")
        self.work.tell(_KIND, record.id, RecordEvent.Event.LINKED, details={"name": match.name})
        return True

    def _plan_new(self, record: ContactRecord, link: Link) -> None:
        document = map_contact(record=record, rules=self.work.setup.rules)
        if isinstance(document, Blocked):
            stop(work=self.work, link=link, why=document)
        else:
            self.creates.append((record, link, replace(document, contact_number=number_of(link))))

    def _plan_linked(self, record: ContactRecord, link: Link) -> None:
        there = self.standing.get(link.xero_id or "")
        if there is None or not there.is_live:
            self._stop_archived(link, there)
            return
        if record.id in self.first:
            self._settle_second(record, link, there)
            return
        if mark_of_sharing(link):
            link.base = {}  # the other one went elsewhere: from now on this one's details count
        if not record.name.strip():
            # Hidden from this login (C 9.5): nothing can be compared, so what was last seen stays the base.
            link.record_digest = record.digest
            self._settle(link)
        elif self._merge(record, link, there).to_xero:
            self.changed.append((record, link))
        else:
            self._agree(record, link, there)

    def _merge(self, record: ContactRecord, link: Link, there: StandingContact) -> Merge:
        append = record.id in self.work.setup.rules.append_id_for
        return merge_contact(record=record, standing=there, base=link.base or None, append=append)

    def _agree(self, record: ContactRecord, link: Link, there: StandingContact) -> None:
        """Nothing goes to Xero: the two are in step, or Clio has yet to take something."""
        if adopt(work=self.work, link=link, record=record, standing=there):
            self.settled.append(link)
            self.pending.add(record.id)
        else:
            self._settle(link)

    def _settle(self, link: Link) -> None:
        self.settled.append(link)
        if link.clio_id not in self.met:
            self.work.count("contact", "unchanged")

    def _settle_second(self, record: ContactRecord, link: Link, there: StandingContact) -> None:
        """Another client's fields stand in this contact (BEHAVIOUR §4); without a base this one never counts first."""
        link.base = mark_of_sharing(link)
        link.record_digest, link.xero_status = record.digest, there.status
        words = (
            f"Shares its contact in Xero with client {self.first[record.id]} in Clio; only that client's details are"
            " kept in step with it."
        )
        notice(work=self.work, link=link, words=words)
        self._settle(link)

    def _stop_archived(self, link: Link, there: StandingContact | None) -> None:
        link.xero_status = there.status if there else ""
        why = Blocked(
            "contact_archived",
            "The contact is archived in Xero, or no longer found there.",
            "Restore the contact in Xero, or link this client to another contact there.",
            details={"xero_contact_id": link.xero_id or "", "xero_name": there.name if there else ""},
        )
        stop(work=self.work, link=link, why=why)

    def _look_again(self) -> None:
        """Merge once more with what stands in Xero at this moment.

        What was read up to 15 minutes ago would overwrite what a person has just entered there: an address goes whole.
        """
        fresh = read_now(work=self.work, contact_ids=[link.xero_id or "" for _, link in self.changed])
        numbers = [number_of(link) for _, link in self.changed]
        held = dict(
            XeroContact.objects.filter(contact_number__in=numbers).values_list("contact_number", "contact_id")
            if numbers
            else ()
        )
        for record, link in self.changed:
            there = fresh.get(link.xero_id or "")
            if there is None or not there.is_live:
                if there is None or not there.merged_to:  # else the next run follows it
                    self._stop_archived(link, there)
                continue
            merge = self._merge(record, link, there)
            if not merge.to_xero:
                self._agree(record, link, there)
                continue
            document = map_contact(record=record, rules=self.work.setup.rules, standing=there, base=link.base or None)
            if isinstance(document, ContactDocument):
                if not there.contact_number:
                    document = replace(document, contact_number=number_of(link))
                if held.get(document.contact_number, there.contact_id) != there.contact_id:
                    # The one that was merged into this one keeps its number, archived as it is (X 7.3).
                    document = replace(document, contact_number="")
                self._tell_conflicts(link, merge.conflicts)
                self.updates.append((record, link, document))

    def _tell_conflicts(self, link: Link, conflicts: Sequence[Difference]) -> None:
        """Both sides changed the same field: Clio's is taken, and the history shows both (BEHAVIOUR §4)."""
        if not conflicts or link.attempts:  # told when it was tried first
            return
        parts = [f"{field_words(one.field)} “{one.clio}” over “{one.xero}”" for one in conflicts]
        words = f"Changed on both sides: Clio's {', '.join(parts)} of Xero's."
        details = {"fields": [{"field": one.field, "clio": one.clio, "xero": one.xero} for one in conflicts]}
        self.work.tell(_KIND, link.clio_id, RecordEvent.Event.CONFLICT, words, details=details)
