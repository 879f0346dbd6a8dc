"""The page of one contact: both sides field by field, what is wrong and what to do, its history."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from syncengine.domain.contact_merge import clio_form, xero_form
from syncengine.domain.documents import StandingContact
from syncengine.domain.mapping.contact_forms import plain_name, without_id
from syncengine.domain.records import ContactRecord, contact_from_dict
from syncengine.models import Link, Snapshot, XeroContact
from syncengine.pages.addresses import addresses_for
from syncengine.pages.bills import TONES
from syncengine.pages.contact_fields import PATHS, field_label
from syncengine.pages.history import History, Source, read_history
from syncengine.pages.ledger import Agreement
from syncengine.pages.problem_rows import rows_of_records
from syncengine.pages.problems import Cause, facts_for, tell_causes
from syncengine.pages.sides import SideRow, compare_sides
from syncengine.pages.wording import sentence

_KIND = Link.Kind.CONTACT


@dataclass(frozen=True, slots=True)
class ContactRecordPage:
    """Everything that the page shows. `shared` says whose contact it is, where a person let two clients share one."""

    clio_id: int
    name: str
    state_words: str
    tone: str
    reason: str
    notice: str
    decided: str
    decided_by: str
    shared: str
    clio_url: str
    xero_url: str
    bills_page: str
    rows: tuple[SideRow, ...]
    causes: tuple[Cause, ...]
    ignored: tuple[Cause, ...]
    history: History
    applied_at: datetime | None
    open_errors: int


def build_contact_record(*, clio_id: int, before: int | None = None) -> ContactRecordPage | None:
    """Build the page of one of the current firm's contacts in eight queries; None where no such contact was read."""
    snapshot = Snapshot.objects.filter(kind=Snapshot.Kind.CONTACT, clio_id=clio_id).first()
    link = Link.objects.filter(kind=_KIND, clio_id=clio_id).first()
    if link is None and snapshot is None:
        return None
    link = link or Link(kind=_KIND, clio_id=clio_id)
    kept = XeroContact.objects.filter(contact_id=link.xero_id).first() if link.xero_id else None
    standing = StandingContact(**kept.standing) if kept else None
    errors = rows_of_records([(_KIND, clio_id)])
    facts = facts_for(errors)
    addresses = addresses_for(facts.clio_region)
    causes = tell_causes(rows=errors, addresses=addresses, facts=facts)
    record = contact_from_dict(snapshot.record) if snapshot and snapshot.record else None
    state = Link.State(link.state)
    name = (record.name if record else "") or link.title or _("Contact %(id)s") % {"id": clio_id}
    decided = link.decided if state != Link.State.IGNORED else {}
    return ContactRecordPage(
        clio_id=clio_id,
        name=name,
        state_words=str(state.label),
        tone=TONES.get(state, "quiet"),
        reason=sentence(link.reason),
        notice=link.notice,
        decided=decided.get("words", ""),
        decided_by=decided.get("by", ""),
        shared=_shared(link),
        clio_url=addresses.in_clio(kind=_KIND, clio_id=clio_id),
        xero_url=addresses.in_xero(kind=_KIND, xero_id=link.xero_id),
        bills_page=f"{reverse('bill_syncing')}?{urlencode({'client': name})}#bills",
        rows=tuple(_rows(record, standing, link)),
        causes=tuple(cause for cause in causes if not cause.is_ignored),
        ignored=tuple(cause for cause in causes if cause.is_ignored),
        history=read_history(sources=[Source(_KIND, clio_id)], before=before),
        applied_at=link.applied_at,
        open_errors=facts.open_errors,
    )


def _shared(link: Link) -> str:
    if link.base.get("shared_with") is None:
        return ""
    return _(
        "By a person's decision this client shares its contact in Xero with client %(id)s: only that one's fields are"
        " synced; this one's bills name the contact."
    ) % {"id": link.base["shared_with"]}


def _rows(record: ContactRecord | None, standing: StandingContact | None, link: Link) -> Iterator[SideRow]:
    """Every field that one of the sides has, in the order of people's address books."""
    clio: Mapping[str, str] = clio_form(record) if record else {}
    xero: Mapping[str, str] = xero_form(standing) if standing else {}
    for path in PATHS:
        ours, theirs = clio.get(path, ""), xero.get(path, "")
        if not ours and not theirs:
            continue
        same = _same_name(theirs, ours, link.clio_id) if path == "Name" else ours == theirs
        words = "" if ours else _("Only in Xero")
        row = compare_sides(
            field_label(path), ours or None, theirs, stands=standing is not None, same=same, words=words
        )
        if standing is not None and not theirs:
            row = SideRow(row.name, ours, None, Agreement.DIFFER, _("Empty in Xero"))
        yield row


def _same_name(in_xero: str, in_clio: str, clio_id: int) -> bool:
    """An appended ID makes no difference."""
    return plain_name(without_id(name=in_xero, clio_id=clio_id)) == in_clio
