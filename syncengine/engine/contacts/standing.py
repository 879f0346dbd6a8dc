"""What stands in Xero for clients: of links, for a first meeting, and for clients that share one contact."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from syncengine.domain.adoption import match_contact
from syncengine.domain.chunks import chunks
from syncengine.domain.documents import StandingContact
from syncengine.domain.mapping.contact_forms import contact_number, fold
from syncengine.domain.records import ContactRecord
from syncengine.engine.decisions import mark_of_sharing
from syncengine.engine.pull_xero import keep_contacts, standing_contact
from syncengine.engine.slice import Slice
from syncengine.models import Link, RecordEvent, XeroContact

_KIND = Link.Kind.CONTACT
_IDS_A_CALL = 40


def standing_of(*, work: Slice, links: Iterable[Link]) -> dict[str, StandingContact]:
    """What stands in Xero for links, as last read; what was never read is read now. A merged one is followed once.

    The contact that another one was merged into is met for the first time: nobody changed anything in it, so nothing of
    it goes to Clio, and only what is empty there is filled.
    """
    found = as_last_read(link.xero_id for link in links)
    missing = sorted({link.xero_id for link in links if link.xero_id} - found.keys())
    found |= read_now(work=work, contact_ids=missing)
    for link in links:
        there = found.get(link.xero_id or "")
        if there and not there.is_live and there.merged_to and (heir := work.xero.contact(there.merged_to)):
            link.xero_id, link.base = heir.contact_id, {}
            found[heir.contact_id] = heir
            words = f"The contact was merged in Xero into “{heir.name}”, which is linked now."
            work.tell(_KIND, link.clio_id, RecordEvent.Event.LINKED, words, details={"name": heir.name})
    return found


def as_last_read(contact_ids: Iterable[str | None]) -> dict[str, StandingContact]:
    """These contacts of Xero as last read, by id."""
    ids = {contact_id for contact_id in contact_ids if contact_id}
    rows = XeroContact.objects.filter(contact_id__in=ids) if ids else ()
    return {row.contact_id: standing_contact(row) for row in rows}


def read_now(*, work: Slice, contact_ids: Iterable[str]) -> dict[str, StandingContact]:
    """Read these contacts in Xero, 40 a call, and remember them."""
    found: dict[str, StandingContact] = {}
    for piece in chunks(sorted(set(contact_ids)), _IDS_A_CALL):
        read = work.xero.contacts_by_ids(piece)
        keep_contacts(read)
        found |= {contact.contact_id: contact for contact in read}
    return found


def first_of_shared(*, links: Iterable[Link], standing: dict[str, StandingContact]) -> dict[int, int]:
    """Of clients that a person linked to one contact, only the first syncs its fields: {other's id: first's id} (§4).

    The first is the one whose number the contact carries; else the one that has been in step with it before, since the
    others are given no base; else the one that Clio made first. One that shares by a person's word is never the first.
    """
    held = [link for link in links if link.xero_id]
    if not held:
        return {}
    elsewhere = Link.objects.filter(kind=_KIND, xero_id__in={link.xero_id for link in held})
    groups: dict[str, list[Link]] = defaultdict(list)
    for link in [*held, *elsewhere.exclude(clio_id__in=[link.clio_id for link in held])]:
        groups[link.xero_id or ""].append(link)
    found: dict[int, int] = {}
    for xero_id, group in groups.items():
        there = standing.get(xero_id)
        number = there.contact_number if there else ""
        first = min(
            group,
            key=lambda link: (bool(mark_of_sharing(link)), number_of(link) != number, not link.base, link.clio_id),
        )
        found |= {link.clio_id: first.clio_id for link in group if link is not first}
    return found


def number_of(link: Link) -> str:
    """The ContactNumber of a client's own contact in Xero; one that is made anew has another number."""
    return contact_number(link.clio_id, generation=link.generation)


class Candidates:
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
