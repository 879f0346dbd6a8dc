"""Read what Xero changed: contacts (every 15 minutes) and the short lists (four times a day), on the day's budget."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from syncengine.domain.documents import StandingContact
from syncengine.domain.mapping.contact_forms import fold
from syncengine.engine.cursors import Cursors
from syncengine.engine.reference import FRESH_FOR, load_setup, refresh_categories, refresh_xero_lists
from syncengine.engine.slice import Slice
from syncengine.models import Cursor, XeroContact

_OVERLAP = timedelta(minutes=5)
_CONTACTS_EVERY = timedelta(minutes=15)
_CONTACTS = "xero_contacts"


def pull_xero(*, work: Slice) -> None:
    """Refresh the short lists where they are old, and read the contacts that changed where it is time."""
    now = work.clock()
    oldest = work.setup.oldest_refresh
    if oldest is None or now - oldest >= FRESH_FOR or work.run.full:
        refresh_xero_lists(xero=work.xero, tax=None, now=now)
        refresh_categories(clio=work.clio, now=now)
        work.setup = load_setup(firm=work.firm)
    cursors = work.cursors
    cursor = cursors.get(_CONTACTS)
    if work.run.full or work.asked or cursor.since is None or _is_due(cursor, now):
        _pull_contacts(work, cursors, cursor)


def _is_due(cursor: Cursor, now: datetime) -> bool:
    return cursor.finished_at is None or now - cursor.finished_at >= _CONTACTS_EVERY


def _pull_contacts(work: Slice, cursors: Cursors, cursor: Cursor) -> None:
    # An interrupted read goes on at its page; `next_url` holds the page's number.
    page = int(cursor.next_url or 1)
    since = None if work.run.full else cursor.since
    while True:
        answer = work.xero.contacts_page(since=since - _OVERLAP if since else None, page=page)
        keep_contacts(answer.contacts)
        if not answer.more:
            break
        page += 1
        if not work.dry_run:
            cursors.turn_page(_CONTACTS, next_url=str(page), started_at=answer.server_date)
        work.breathe()
    cursors.finish(_CONTACTS, started_at=answer.server_date, now=work.clock())
    if not work.dry_run:
        cursors.flush()


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
