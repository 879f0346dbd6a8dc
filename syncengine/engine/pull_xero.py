"""Read what Xero changed, each list as often as the day's budget allows (BEHAVIOUR §11, DESIGN §6)."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from syncengine.domain.documents import StandingContact, StandingInvoice
from syncengine.domain.mapping.contact_forms import fold
from syncengine.engine.invoices.found_again import note_found
from syncengine.engine.pulling import payments
from syncengine.engine.pulling.contact_news import note_changes
from syncengine.engine.pulling.credit_notes import pull_credit_notes
from syncengine.engine.pulling.invoices import CURSOR as INVOICES
from syncengine.engine.pulling.invoices import keep_invoices, pull_invoices
from syncengine.engine.pulling.reading import read_xero
from syncengine.engine.reference import FRESH_FOR, load_setup, refresh_categories, refresh_xero_lists
from syncengine.engine.slice import Slice
from syncengine.models import Cursor, XeroContact

_CONTACTS_EVERY: Final = timedelta(minutes=15)
_CONTACTS: Final = "xero_contacts"


def pull_xero(*, work: Slice) -> None:
    """Read the lists whose time has come; a full run reads them all. An interrupted run goes on at its list."""
    for number, part in enumerate(_PARTS, start=1):
        if work.run.position < number:
            part(work)
            work.run.position = number
    if not work.dry_run:
        work.cursors.flush()  # Clio's, too, in one statement


def _pull_short_lists(work: Slice) -> None:
    now = work.clock()
    oldest = work.setup.oldest_refresh
    if oldest is None or now - oldest >= FRESH_FOR or work.run.full:
        refresh_xero_lists(xero=work.xero, tax=None, now=now)
        refresh_categories(clio=work.clio, now=now)
        work.setup = load_setup(firm=work.firm)


def _pull_payments(work: Slice) -> None:
    if work.setup.rules.payment_bank_account and (work.pressed or payments.are_due(work=work)):
        payments.pull_payments(work=work)


def _pull_contacts(work: Slice) -> None:
    cursor = work.cursors.get(_CONTACTS)
    if work.run.full or work.asked or cursor.since is None or _is_due(cursor, work.clock()):
        read_xero(
            work,
            _CONTACTS,
            lambda since, page: work.xero.contacts_page(since=since, page=page),
            lambda answer: _take_in(work, answer.contacts),
            whole=work.run.full,
        )


def _take_in(work: Slice, contacts: Sequence[StandingContact]) -> None:
    note_changes(work=work, contacts=contacts)
    keep_contacts(contacts)


def _is_due(cursor: Cursor, now: datetime) -> bool:
    return cursor.finished_at is None or now - cursor.finished_at >= _CONTACTS_EVERY


def _pull_credits(work: Slice) -> None:
    if work.setup.rules.credit_notes_account:
        pull_credit_notes(work=work)


def _pull_invoices(work: Slice) -> None:
    if work.lease.row.first_sync_done_at is None:
        # Links may have been forgotten: what stands for a bill already is known before anything is sent.
        if work.cursors.get(INVOICES).finished_at is None and not work.dry_run:
            pull_invoices(work=work, keep=lambda invoices: note_found(work=work, invoices=invoices))
    elif work.run.full:
        pull_invoices(work=work, keep=lambda invoices: _take_in_whole(work, invoices))


def _take_in_whole(work: Slice, invoices: Sequence[StandingInvoice]) -> None:
    note_found(work=work, invoices=invoices)
    keep_invoices(work, invoices)


_PARTS: Final[Sequence[Callable[[Slice], None]]] = (
    _pull_short_lists,
    _pull_payments,
    _pull_contacts,
    _pull_credits,
    _pull_invoices,
)


def keep_contacts(contacts: Sequence[StandingContact]) -> None:
    """Remember contacts as they stand in Xero."""
    rows = [
        XeroContact(
            contact_id=contact.contact_id,
            contact_number=contact.contact_number,
            name_key=fold(contact.name)[:255],
            email_key=fold(contact.email)[:255],
            standing=_plain(contact),
        )
        for contact in {contact.contact_id: contact for contact in contacts}.values()
    ]
    if rows:
        XeroContact.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["firm", "contact_id"],
            update_fields=["contact_number", "name_key", "email_key", "standing"],
        )


def _plain(contact: StandingContact) -> dict[str, Any]:
    return {
        "contact_id": contact.contact_id,
        "contact_number": contact.contact_number,
        "name": contact.name,
        "email": contact.email,
        "status": contact.status,
        "merged_to": contact.merged_to,
        "fields": dict(contact.fields),
    }


def standing_contact(row: XeroContact) -> StandingContact:
    """The contact as it stood when last read."""
    return StandingContact(**row.standing)
