"""Settle unclear submissions before anything else is done (DESIGN §2, Recovery).

Younger than five minutes: the same bytes under the same key, since Xero then answers what it answered the first time. A
replayed failure, or an older one: wait until seven minutes after the first send, when the key is surely dead; then look
at what changed in Xero since two minutes before it, by Xero's clock, and adopt what carries our natural key. What is
not there is planned anew, under a new key.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from syncengine.domain.documents import StandingContact, StandingInvoice
from syncengine.domain.outcomes import Applied, Outcome, Rejected
from syncengine.domain.records import contact_from_dict
from syncengine.engine import lease as leases
from syncengine.engine import recover_money
from syncengine.engine.contacts.sync import record_outcomes
from syncengine.engine.errors import MustWait
from syncengine.engine.invoices.interest_outcomes import LATER_INTEREST, interest_applied
from syncengine.engine.invoices.outcomes import apply_to_link, save_applied
from syncengine.engine.outbox import Item, send, settle
from syncengine.engine.slice import Slice
from syncengine.models import Link, Snapshot, Submission
from syncengine.xero import WholeBatchRefused

SAME_KEY_FOR = timedelta(minutes=5)
LOOK_AFTER = timedelta(minutes=7)
_LOOK_BACK = timedelta(minutes=2)
_OPEN = (Submission.State.SENDING, Submission.State.UNCLEAR)


def settle_unclear(*, work: Slice) -> None:
    """Settle every submission that has no recorded answer, oldest first.

    Raises:
        MustWait: one of them cannot be settled yet.
    """
    for submission in list(Submission.objects.filter(state__in=_OPEN).order_by("id")):
        work.breathe()
        age = work.clock() - submission.sent_at
        if age < SAME_KEY_FOR and not submission.server_failed:
            _send_again(work, submission)
        elif age < LOOK_AFTER:
            raise MustWait(
                until=submission.sent_at + LOOK_AFTER,
                reason="An answer of Xero's was lost; what became of it is looked up then.",
            )
        else:
            _look_up(work, submission)


def _send_again(work: Slice, submission: Submission) -> None:
    leases.renew(lease=work.lease, now=work.clock())
    submission.attempts += 1
    Submission.objects.filter(pk=submission.pk).update(
        attempts=submission.attempts, lease_generation=work.lease.generation, run=work.run
    )
    outcomes = send(work=work, submission=submission)
    with transaction.atomic():
        settle(work=work, submission=submission)
        if not isinstance(outcomes, WholeBatchRefused):
            _record(work, submission, outcomes)


def _record(work: Slice, submission: Submission, outcomes: Sequence[Outcome]) -> None:
    items = [Item.from_json(plain) for plain in submission.items]
    if submission.kind == "contact":
        _record_contacts(work, submission, items, outcomes)
    elif submission.kind == "invoice" and submission.operation in {"create", "update"}:
        _record_invoices(work, submission, items, outcomes)
    else:
        recover_money.record(work=work, submission=submission, items=items, outcomes=outcomes)


def _record_invoices(work: Slice, submission: Submission, items: Sequence[Item], outcomes: Sequence[Outcome]) -> None:
    links = {link.clio_id: link for link in _links(Link.Kind.INVOICE, items)}
    applied = []
    for item, outcome in zip(items, outcomes, strict=True):
        if not isinstance(outcome, Applied) or not isinstance(outcome.standing, StandingInvoice):
            continue
        if item.lines and item.lines[0][0] == LATER_INTEREST:
            interest_applied(work=work, item=item, standing=outcome.standing)
        else:
            # The bytes sent again may be older than the bill: the digests sent are kept, so that it is planned again.
            link = links.get(item.clio_id) or Link(kind=Link.Kind.INVOICE, clio_id=item.clio_id)
            apply_to_link(work=work, link=link, item=item, standing=outcome.standing)
            applied.append(link)
        work.count("invoice", "created" if submission.operation == "create" else "updated")
    save_applied(work=work, links=applied)
    # Planned once more: the digests tell whether anything moved while the answer was out.
    Snapshot.objects.filter(kind=Snapshot.Kind.BILL, clio_id__in=[item.clio_id for item in items]).update(dirty=True)


def _record_contacts(work: Slice, submission: Submission, items: Sequence[Item], outcomes: Sequence[Outcome]) -> None:
    links = {link.clio_id: link for link in _links(Link.Kind.CONTACT, items)}
    ids = [item.clio_id for item in items]
    rows = Snapshot.objects.filter(kind=Snapshot.Kind.CONTACT, clio_id__in=ids)
    records = {row.clio_id: contact_from_dict(row.record) for row in rows}
    entries, kept = [], []
    for item, outcome in zip(items, outcomes, strict=True):
        if item.clio_id in records and not isinstance(outcome, Rejected):
            link = links.get(item.clio_id) or Link(kind=Link.Kind.CONTACT, clio_id=item.clio_id)
            entries.append((records[item.clio_id], link, item.document_digest))
            kept.append(outcome)
    record_outcomes(work=work, operation=submission.operation, entries=entries, outcomes=kept)
    for item in items:
        Link.objects.filter(kind=Link.Kind.CONTACT, clio_id=item.clio_id).exclude(xero_id=None).update(
            record_digest=item.record_digest
        )
    rows.update(dirty=True)


def _links(kind: str, items: Sequence[Item]) -> list[Link]:
    return list(Link.objects.filter(kind=kind, clio_id__in=[item.clio_id for item in items]))


def _look_up(work: Slice, submission: Submission) -> None:
    """The key is dead: what stands in Xero decides. Matched by natural key, whole (BEHAVIOUR §11)."""
    items = [Item.from_json(plain) for plain in submission.items]
    since = submission.sent_at + timedelta(seconds=submission.clock_skew_seconds) - _LOOK_BACK
    outcomes: list[Outcome] = [Rejected(()) for _ in items]
    if submission.kind == "contact" and submission.operation == "create":
        contacts = _contacts_since(work, since)
        outcomes = [_found(contacts.get(item.natural_key)) for item in items]
    elif submission.kind == "invoice" and submission.operation == "create":
        invoices = _invoices_since(work, since)
        outcomes = [_found(invoices.get((item.natural_key, item.url))) for item in items]
    elif submission.kind not in {"contact", "invoice"} or submission.operation in {"void", "renumber"}:
        outcomes = recover_money.look_up(work=work, submission=submission, items=items, since=since)
    with transaction.atomic():
        settle(work=work, submission=submission, state=Submission.State.DROPPED)
        _record(work, submission, outcomes)


def _found(standing: StandingContact | StandingInvoice | None) -> Outcome:
    return Applied(standing) if standing and standing.is_live else Rejected(())


def _contacts_since(work: Slice, since: datetime) -> dict[str, StandingContact]:
    found: dict[str, StandingContact] = {}
    page = 1
    while True:
        answer = work.xero.contacts_page(since=since, page=page)
        found |= {contact.contact_number: contact for contact in answer.contacts if contact.contact_number}
        if not answer.more:
            return found
        page += 1


def _invoices_since(work: Slice, since: datetime) -> dict[tuple[str, str], StandingInvoice]:
    found: dict[tuple[str, str], StandingInvoice] = {}
    page = 1
    while True:
        answer = work.xero.invoices_changed(since=since, page=page)
        found |= {(invoice.number, invoice.url): invoice for invoice in answer.invoices}
        if not answer.more:
            return found
        page += 1
