"""Plan bills: what each dirty bill asks for, before anything is sent (BEHAVIOUR §5); for updates and creations."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from django.db.models import Exists, OuterRef

from syncengine.domain.adoption import renumbered
from syncengine.domain.documents import Blocked, InvoiceDocument, StandingInvoice, Waiting
from syncengine.domain.money import round_half_up, to_cents
from syncengine.domain.scope import is_locked, scope_of
from syncengine.engine import record as book
from syncengine.engine.desired import Bill, document_for, load_bills
from syncengine.engine.invoices.outcomes import Planned, stop
from syncengine.engine.pull_clio import reread_bill
from syncengine.engine.slice import Slice
from syncengine.models import Link, Snapshot

_OUT: Final = {
    "out_of_range": (Link.State.OUT_OF_RANGE, "Issued outside the dates that are synced."),
    "not_approved": (Link.State.NOT_SENT, "Not approved in Clio yet."),
    "trust": (Link.State.NOT_SENT, "A request for trust money; these are never sent."),
    "gone": (Link.State.NOT_SENT, "Voided or deleted in Clio before it was sent."),
    "off": (Link.State.OUT_OF_RANGE, "Export of bills is switched off."),
}
REOPENED: Final = "Reopened in Clio: the invoice in Xero stays as it is until the bill is approved again."
_FROZEN_VOID: Final = "Voided or deleted in Clio; its invoice still stands in Xero, since the bill is out of range."


def dirty_bills(*, after: int, sent: bool, most: int) -> list[Snapshot]:
    """The next dirty bills in Clio id order: those whose invoice stands, or those that have none (one query)."""
    links = Link.objects.filter(kind=Link.Kind.INVOICE, clio_id=OuterRef("clio_id"), xero_id__isnull=False)
    stands = Exists(links.exclude(state=Link.State.VOIDED))
    rows = Snapshot.objects.filter(stands if sent else ~stands, kind=Snapshot.Kind.BILL, dirty=True, clio_id__gt=after)
    return list(rows.order_by("clio_id")[:most])


def plan_bills(*, work: Slice, bills: Sequence[Bill]) -> tuple[list[Planned], list[Bill]]:
    """Sort bills: settled now, to be created, to be looked at in Xero and updated."""
    creates: list[Planned] = []
    updates: list[Bill] = []
    settled: list[Link] = []
    shown: list[Link] = []
    back: list[int] = []
    for bill in bills:
        describe(bill)
        scope = scope_of(bill=bill.record, rules=work.setup.rules)
        if scope == "in" and _was_frozen(bill.link):
            back.append(bill.record.id)
            bill.link.notice = ""
        if scope != "in":
            _leave_out(bill, scope, settled)
        elif book.rests(work=work, link=bill.link) or (
            bill.link.record_digest == bill.digest and _differs_still(bill.link)
        ):
            work.count("invoice", "blocked")
        elif bill.link.xero_id and bill.link.record_digest == bill.digest and bill.link.state != Link.State.VOIDED:
            bill.link.state = Link.State.IN_STEP
            book.forgive(bill.link)
            settled.append(bill.link)
            work.count("invoice", "unchanged")
        elif locked := _locked(work, bill):
            _wait(work, bill.link, locked, shown)
        elif bill.link.xero_id and bill.link.state != Link.State.VOIDED:
            updates.append(bill)
        else:
            _revive(bill)
            document = mapped(work=work, bill=bill, standing=None)
            if isinstance(document, InvoiceDocument):
                creates.append(Planned(bill, document))
            else:
                hold(work=work, bill=bill, why=document, shown=shown)
    if not work.dry_run:
        book.save_links([*settled, *shown])
        ids = [link.clio_id for link in settled]
        book.clean(Snapshot.Kind.BILL, ids)
        book.close_errors(kind=Link.Kind.INVOICE, clio_ids=ids, now=work.clock())
        if back:
            # What was paid or credited meanwhile was left alone with the bill.
            Snapshot.objects.filter(kind=Snapshot.Kind.BILL, clio_id__in=back).update(money_dirty=True)
    return creates, updates


def _was_frozen(link: Link) -> bool:
    """Whether the invoice of a bill that is in scope was left alone till now: out of range, or reopened in Clio."""
    away = link.state in {Link.State.OUT_OF_RANGE, Link.State.NOT_SENT} or link.notice == REOPENED
    return bool(link.xero_id) and away


def _locked(work: Slice, bill: Bill) -> Waiting | None:
    """What a bill waits for if its date, or that of its invoice in Xero, lies in a locked period (X 7.18)."""
    link, rules = bill.link, work.setup.rules
    stands = link.base.get("dated") if link.xero_id and link.state != Link.State.VOIDED else None
    there = dt.date.fromisoformat(stands) if stands else None
    return is_locked(date=bill.record.issued_at, rules=rules) or is_locked(date=there, rules=rules)


def _revive(bill: Bill) -> None:
    """A bill whose invoice we voided is wanted again: it goes under a new number, since the old one is used up."""
    link = bill.link
    if link.state == Link.State.VOIDED and link.xero_id:
        begin_anew(link=link, number=bill.record.number)


def begin_anew(*, link: Link, number: str) -> None:
    """Let a bill be sent as a new invoice under an extended number; what its link held of the old one is dropped."""
    link.xero_id, link.lines, link.base = None, {}, {}
    link.record_digest = link.document_digest = ""
    link.generation += 1
    link.natural_key = renumbered(number.strip(), link.clio_id)
    link.notice = f"Sent as {link.natural_key}: {number.strip()} is held by a voided invoice."
    link.state, link.reason = Link.State.NEW, ""
    book.forgive(link)


def describe(bill: Bill) -> None:
    """Fill in the columns by which pages show, filter and sort a bill."""
    record, link = bill.record, bill.link
    link.number = record.number[:255]
    link.title = record.client_name[:255]
    link.dated = record.issued_at
    link.amount_minor = to_cents(round_half_up(record.due))
    link.currency = record.currency
    link.clio_state = record.state


def _differs_still(link: Link) -> bool:
    """Whether a total that Xero answered differently stays told of: nothing moved that could have mended it."""
    return link.state == Link.State.BLOCKED and link.reason.startswith("Clio says")


def _leave_out(bill: Bill, scope: str, settled: list[Link]) -> None:
    link = bill.link
    sent = bool(link.xero_id) and link.state != Link.State.VOIDED
    if scope == "gone" and sent:
        return  # voids.py has dealt with it, or says why not
    if scope == "gone" and link.state == Link.State.VOIDED:
        settled.append(link)
        return
    if scope == "not_approved" and sent:
        link.state, link.notice = Link.State.IN_STEP, REOPENED
    else:
        link.state, link.reason = _OUT[scope]
        link.notice = _FROZEN_VOID if sent and bill.record.is_gone else ""
    settled.append(link)


def mapped(*, work: Slice, bill: Bill, standing: StandingInvoice | None) -> InvoiceDocument | Blocked | Waiting:
    """Map a bill; one that does not add up is read once more by id before anybody is told (BEHAVIOUR §5, Totals)."""
    pretend = bill.record.client_id in work.pretended_contacts
    document = document_for(bill=bill, setup=work.setup, standing=standing, pretend_contact=pretend)
    known = bill.link.state == Link.State.BLOCKED and bill.link.planned_under == work.setup.digest
    if isinstance(document, Blocked) and document.code == "totals_mismatch" and not known:
        reread_bill(work=work, bill_id=bill.record.id)
        rows = Snapshot.objects.filter(kind=Snapshot.Kind.BILL, clio_id=bill.record.id)
        for fresh in load_bills(rows):
            bill.record, bill.lines, bill.digest = fresh.record, fresh.lines, fresh.digest
        if scope_of(bill=bill.record, rules=work.setup.rules) != "in":
            return Waiting("changed_meanwhile", "Changed in Clio meanwhile; the next run looks again.")
        document = document_for(bill=bill, setup=work.setup, standing=standing, pretend_contact=pretend)
    return document


def hold(*, work: Slice, bill: Bill, why: Blocked | Waiting, shown: list[Link]) -> None:
    """Give a bill that is not sent now the state that says why."""
    if isinstance(why, Waiting):
        _wait(work, bill.link, why, shown)
    else:
        stop(work, bill, why)


def _wait(work: Slice, link: Link, waiting: Waiting, shown: list[Link]) -> None:
    book.wait(work=work, link=link, waiting=waiting)
    if not work.dry_run:
        book.close_errors(kind=link.kind, clio_ids=[link.clio_id], now=work.clock())
    shown.append(link)


__all__ = ["REOPENED", "begin_anew", "describe", "dirty_bills", "hold", "mapped", "plan_bills"]
