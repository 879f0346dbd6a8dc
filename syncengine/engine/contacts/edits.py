"""Wave 8: contact edits back to Clio: what people changed in Xero alone (BEHAVIOUR §4, Afterwards both ways).

Wave 1 leaves a client dirty whose contact holds something that Clio has yet to take. Here each is merged again from
what was last read on both sides, and changed in Clio with If-Match. Clio takes no idempotency keys (C 2.28), and
needs none: after a lost answer the client is read anew like any other that changed, and what was written then stands
on both sides. What was not is written by the next run.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from syncengine.clio import Stale, parse_contact
from syncengine.domain.contact_merge import Difference, Merge, base_of, merge_contact
from syncengine.domain.documents import Blocked, StandingContact
from syncengine.domain.mapping.contact_edits import contact_edit, differences, field_words
from syncengine.domain.records import ContactRecord, as_dict, contact_from_dict, digest_of
from syncengine.engine import record as book
from syncengine.engine.contacts.outcomes import notice
from syncengine.engine.contacts.standing import as_last_read, first_of_shared
from syncengine.engine.outbox import NetworkInsideTransaction
from syncengine.engine.pull_clio import keep_snapshots
from syncengine.engine.slice import Slice
from syncengine.models import Link, RecordEvent, Snapshot
from syncengine.transport.errors import NoAnswer, Refused, ServerTrouble, UnreadableAnswer

_KIND = Link.Kind.CONTACT
_CHUNK = 200
#: How often Clio may leave a change without an answer before somebody is told.
_TRIES = 3
_GONE = "Clio shows this contact no longer, so what was changed in Xero was not written there."


@dataclass(frozen=True, slots=True)
class _Edit:
    """One client with what Clio has yet to take, with both sides' values of it."""

    record: ContactRecord
    link: Link
    standing: StandingContact
    merge: Merge
    fields: tuple[Difference, ...]

    @property
    def words(self) -> str:
        return ", ".join(f"{field_words(one.field)} “{one.xero}”" for one in self.fields)


def send_contact_edits(*, work: Slice) -> None:
    """Write to Clio what people changed in Xero, one contact a call; goes on where an interrupted slice left off."""
    if not work.setup.rules.export_bills:
        return
    dirty = Snapshot.objects.filter(kind=Snapshot.Kind.CONTACT, dirty=True)
    while True:
        rows = list(dirty.filter(clio_id__gt=work.run.position).order_by("clio_id")[:_CHUNK])
        if not rows:
            return
        for edit in _planned(work, rows):
            if work.dry_run:
                work.count("contact", "updated")
                continue
            _write(work, edit)
            work.run.position = edit.record.id
            work.breathe()
        work.run.position = rows[-1].clio_id
        work.breathe()


def _planned(work: Slice, rows: Sequence[Snapshot]) -> Iterator[_Edit]:
    """Merge again. What Xero has yet to take goes there first, in the next run; what rests is left alone."""
    clio_ids = [row.clio_id for row in rows]
    links = {link.clio_id: link for link in Link.objects.filter(kind=_KIND, clio_id__in=clio_ids).exclude(xero_id=None)}
    standing = as_last_read(link.xero_id for link in links.values())
    seconds = first_of_shared(links=links.values(), standing=standing)
    for record in (contact_from_dict(row.record) for row in rows):
        link = links.get(record.id)
        there = standing.get(link.xero_id or "") if link else None
        if not link or not link.base or not there or not there.is_live or record.id in seconds:
            continue
        if book.rests(work=work, link=link):
            continue
        merge = merge_contact(record=record, standing=there, base=link.base)
        # In a dry run nothing went to Xero before, so nothing has to have arrived there.
        if merge.to_clio and (work.dry_run or not merge.to_xero):
            fields = differences(record=record, standing=there, merge=merge)
            yield _Edit(record, link, there, merge, fields)


def _write(work: Slice, edit: _Edit) -> None:
    """Change one contact in Clio, and write down what became of it."""
    if connection.in_atomic_block:
        raise NetworkInsideTransaction("contacts")
    body = contact_edit(record=edit.record, changes=edit.merge.to_clio, standing=edit.standing)
    try:
        row = work.clio.change_contact(edit.record.id, edit=body, etag=edit.record.etag)
        answered = parse_contact(row) if row else None
    except Stale:
        _merge_again(work, edit)
    except Refused as refused:
        _refuse(work, edit, refused)
    except (NoAnswer, ServerTrouble, UnreadableAnswer):
        _wait_for_answer(work, edit)
    else:
        if answered is None:
            _leave(work, edit)
        else:
            _record(work, edit, answered)


def _record(work: Slice, edit: _Edit, answered: ContactRecord) -> None:
    """Clio took it. Its answer is the snapshot and the base from now on, so that our own write is no change."""
    link = edit.link
    link.base = base_of(record=answered, standing=edit.standing, earlier=link.base, held=edit.merge.kept)
    link.record_digest = answered.digest
    link.title = answered.name[:255]
    link.applied_at = work.clock()
    plain = as_dict(answered)
    rows = Snapshot.objects.filter(kind=Snapshot.Kind.CONTACT, clio_id=link.clio_id)
    details = {"fields": [{"field": one.field, "clio": one.clio, "xero": one.xero} for one in edit.fields]}
    work.tell(_KIND, link.clio_id, RecordEvent.Event.TO_CLIO, f"{edit.words}.", details=details)
    work.count("contact", "updated")
    with transaction.atomic():
        rows.update(record=plain, digest=digest_of(plain), read_at=work.clock())
        _settle(work, link)


def _settle(work: Slice, link: Link) -> None:
    link.state = Link.State.IN_STEP
    book.forgive(link)
    book.save_links([link])
    book.clean(Snapshot.Kind.CONTACT, [link.clio_id])
    book.close_errors(kind=_KIND, clio_ids=[link.clio_id], now=work.clock())
    work.write_story()


def _merge_again(work: Slice, edit: _Edit) -> None:
    """Somebody changed the contact in Clio since it was read: it is read now, and merged again in the next run."""
    row = work.clio.one("contacts", edit.record.id)
    if row is None:
        _leave(work, edit)
        return
    keep_snapshots(work, Snapshot.Kind.CONTACT, [as_dict(parse_contact(row))])
    _wait(work, edit.link, "Changed in Clio meanwhile; the next run merges both sides again.")


def _leave(work: Slice, edit: _Edit) -> None:
    """Clio has the contact no longer, or hides it: there is nothing to write to, and nobody has to do anything."""
    notice(work=work, link=edit.link, words=_GONE)
    with transaction.atomic():
        _settle(work, edit.link)


def _wait_for_answer(work: Slice, edit: _Edit) -> None:
    """The answer was lost: the next run sees whether it was written. If Clio never answers, somebody is told."""
    edit.link.attempts += 1
    if edit.link.attempts < _TRIES:
        _wait(
            work, edit.link, f"Clio gave no answer when this was written there: {edit.words}. The next run looks again."
        )
        return
    why = Blocked(
        "clio_no_answer",
        f"Clio gives no answer when what was changed in Xero is written there: {edit.words}.",
        "It is tried again by itself. If it stays so, enter the value in Clio by hand.",
    )
    _stop(work, edit.link, why)


def _wait(work: Slice, link: Link, words: str) -> None:
    link.state, link.reason = Link.State.WAITING, words
    work.tell(_KIND, link.clio_id, RecordEvent.Event.WAITING, words)
    with transaction.atomic():
        book.save_links([link])
        work.write_story()


def _refuse(work: Slice, edit: _Edit, refused: Refused) -> None:
    details = {"contact": edit.record.name, "clio_message": refused.detail, "fields": edit.words}
    if refused.status == 403:
        why = Blocked(
            "clio_forbidden",
            "Clio does not let the connected login change contacts, so what was changed in Xero is not written there.",
            "In Clio, let the connected user edit contacts, or reconnect Clio as a user who may.",
            cause="clio_forbidden",
            details=details,
        )
    else:
        why = Blocked(
            "clio_refused",
            f"Clio does not take what was changed in Xero: {edit.words}. Clio says: {refused.detail or refused.kind}",
            "Correct the contact in Xero, or enter the value in Clio by hand.",
            details=details,
        )
    _stop(work, edit.link, why)


def _stop(work: Slice, link: Link, why: Blocked) -> None:
    work.count("contact", "rejected")
    with transaction.atomic():
        book.stop(work=work, link=link, why=why, state=Link.State.BLOCKED)
