"""What becomes of contacts: settled, stopped, or sent in batches and recorded by what Xero answers."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from django.db import transaction

from syncengine.domain.batching import batches, halves
from syncengine.domain.contact_merge import Difference, Merge, base_of, merge_contact
from syncengine.domain.documents import Blocked, ContactDocument, StandingContact
from syncengine.domain.mapping.contact_edits import field_words
from syncengine.domain.mapping.contact_forms import fold, id_suffix, xero_name
from syncengine.domain.outcomes import Applied, Outcome, Rejected
from syncengine.domain.records import ContactRecord
from syncengine.engine import record as book
from syncengine.engine.contacts.standing import number_of
from syncengine.engine.outbox import Item, settle, submit
from syncengine.engine.pull_xero import keep_contacts, standing_contact
from syncengine.engine.slice import Slice
from syncengine.models import Link, RecordEvent, Snapshot, XeroContact
from syncengine.xero import WholeBatchRefused, contacts_call, explain

_KIND = Link.Kind.CONTACT
Planned = tuple[ContactRecord, Link, ContactDocument]


def adopt(*, work: Slice, link: Link, record: ContactRecord, standing: StandingContact) -> bool:
    """Tie a link to what stands in Xero: the base is each side's present value. Gives whether Clio has yet to change.

    What Xero changed and Clio has not taken stays out of the base, so that it is written to Clio after the other waves,
    or shown.
    """
    earlier = link.base or None
    merge = merge_contact(record=record, standing=standing, base=earlier) if earlier else Merge()
    link.base = base_of(record=record, standing=standing, earlier=earlier, held=(*merge.pending, *merge.kept))
    link.xero_id = standing.contact_id
    link.natural_key = number_of(link)
    link.record_digest = record.digest
    link.xero_status = standing.status
    link.applied_at = work.clock()
    notice(work=work, link=link, words=_shown(merge.shown))
    return bool(merge.pending)


def _shown(shown: Collection[Difference]) -> str:
    """Say what stands in Xero alone: it goes nowhere until Clio's value changes (BEHAVIOUR §4)."""
    if not shown:
        return ""
    parts = [
        f"{field_words(one.field)} “{one.xero}”" + (f" (in Clio “{one.clio}”)" if one.clio else "") for one in shown
    ]
    return f"Changed in Xero only: {', '.join(parts)}."


def notice(*, work: Slice, link: Link, words: str) -> None:
    """Show something to know on a link, and write it into the history when it is new."""
    if words and words != link.notice:
        work.tell(_KIND, link.clio_id, RecordEvent.Event.NOTICE, words)
    link.notice = words


def settle_links(*, work: Slice, links: Sequence[Link], pending: Collection[int] = ()) -> None:
    """Save links. All but those that have yet to be written to Clio are in step, and their errors close."""
    done = [link for link in links if link.clio_id not in pending]
    for link in done:
        link.state = Link.State.IN_STEP
        book.forgive(link)
    book.save_links(links)
    ids = [link.clio_id for link in done]
    book.clean(Snapshot.Kind.CONTACT, ids)
    book.close_errors(kind=_KIND, clio_ids=ids, now=work.clock())


def stop(*, work: Slice, link: Link, why: Blocked, messages: Sequence[str] = ()) -> None:
    """Stop a link with a sync error: blocked by us, or refused by Xero where it said something."""
    work.count("contact", "rejected" if messages else "blocked")
    if work.dry_run:
        return
    state = Link.State.REFUSED if messages else Link.State.BLOCKED
    with transaction.atomic():
        book.stop(work=work, link=link, why=why, state=state, xero_messages=messages)


def send_all(*, work: Slice, operation: str, planned: Sequence[Planned]) -> None:
    """Create or update contacts, 50 a call."""
    for batch in batches(planned, size=50, key=lambda entry: entry[2].contact_id or entry[2].contact_number):
        _send(work, operation, batch)


def _send(work: Slice, operation: str, batch: Sequence[Planned]) -> None:
    items = [
        Item(record.id, document.contact_number, link.xero_id or "", record.digest, document.digest)
        for record, link, document in batch
    ]
    call = contacts_call([document for _, _, document in batch], operation=operation)
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
    *,
    work: Slice,
    operation: str,
    entries: Sequence[tuple[ContactRecord, Link, str]],
    outcomes: Sequence[Outcome],
) -> None:
    """Write down what became of each contact of a batch. The records are those that were sent.

    What is unclear is settled before Clio is read again (DESIGN §2), so that holds for settled submissions too.
    """
    applied: list[Link] = []
    pending: set[int] = set()
    standing: list[StandingContact] = []
    for (record, link, document_digest), outcome in zip(entries, outcomes, strict=True):
        if isinstance(outcome, Applied) and isinstance(outcome.standing, StandingContact):
            if adopt(work=work, link=link, record=record, standing=outcome.standing):
                pending.add(record.id)
            link.document_digest = document_digest
            applied.append(link)
            standing.append(_with_number(outcome.standing, link, operation))
            work.count("contact", "created" if operation == "create" else "updated")
            details = {"operation": operation, "name": outcome.standing.name}
            work.tell("contact", record.id, RecordEvent.Event.APPLIED, details=details)
        elif isinstance(outcome, Rejected):
            _refuse(work, link, record, outcome)
    keep_contacts(standing)
    settle_links(work=work, links=applied, pending=pending)


def _with_number(standing: StandingContact, link: Link, operation: str) -> StandingContact:
    """What Xero answered; a new contact has the number that it was made with, whether or not the answer holds it."""
    if standing.contact_number or operation != "create":
        return standing
    return replace(standing, contact_number=number_of(link))


def _refuse(work: Slice, link: Link, record: ContactRecord, outcome: Rejected) -> None:
    why = explain(outcome.messages, "contact")
    details = {"contact": record.name, "append": f"{record.name}{id_suffix(clio_id=record.id)}"}
    holder = _holder(why.code, record, link, outcome.messages)
    if holder:
        details |= {"xero_contact_id": holder.contact_id, "xero_name": holder.name, "xero_email": holder.email}
    blocked = Blocked(why.code, why.message, why.remedy, cause=why.cause, details=details)
    stop(work=work, link=link, why=blocked, messages=outcome.messages)


def _holder(code: str, record: ContactRecord, link: Link, messages: Sequence[str]) -> StandingContact | None:
    """The contact in Xero that has this client's name or number, if that is what Xero said."""
    if code == "contact_name_taken":
        names = {fold(xero_name(record=record, append=append))[:255] for append in (False, True)}
        rows = XeroContact.objects.filter(name_key__in=names)
    elif code == "contact_number_taken":
        rows = XeroContact.objects.filter(contact_number=number_of(link))
    else:
        return None
    holders = [standing_contact(row) for row in rows.exclude(contact_id=link.xero_id or "")]
    said = " ".join(messages).casefold()
    return min(
        (holder for holder in holders if holder.is_live or code == "contact_number_taken"),
        key=lambda holder: (holder.name.casefold() not in said, -len(holder.name), holder.contact_id),
        default=None,
    )
