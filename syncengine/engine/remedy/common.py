"""What all remedies share: the open problem, the link it is about, Xero read for a person, and what is written down."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils.translation import gettext as _

from accounts.audit import record_event
from accounts.models import Firm, User
from syncengine.connections import NotConnected, NotSetUp, open_xero
from syncengine.engine.decisions import AlreadyDecidedError
from syncengine.engine.schedule import ask_for_run
from syncengine.models import Link, Snapshot, SyncError
from syncengine.transport.errors import Disconnected, LimitReached, NotAuthorised, TransportError
from syncengine.xero import XeroClient

Clock = Callable[[], datetime]
#: How long somebody at a page waits while another worker renews the login.
_PATIENCE: Final = timedelta(seconds=5)


class RemedyError(ValueError):
    """What was asked for cannot be done, and nothing was changed; the text says why, and what to do."""


def open_error(error_id: int, *, codes: frozenset[str] | None = None) -> SyncError:
    """The open problem of this id, if it is one that this remedy helps with.

    Raises:
        RemedyError: it was closed or ignored meanwhile, or is another one now.
    """
    row = SyncError.objects.filter(pk=error_id, state=SyncError.State.OPEN).first()
    if row is None:
        raise RemedyError(_("This problem was closed or ignored in the meantime, so nothing was changed."))
    if codes is not None and row.code not in codes:
        raise RemedyError(_("This is another problem by now. Look at the page again; nothing was changed."))
    return row


def link_of(*, kind: str, clio_id: int | None) -> Link:
    """The link of a record. Raises RemedyError where the record was never planned."""
    link = Link.objects.filter(kind=kind, clio_id=clio_id or 0).first()
    if link is None:
        raise RemedyError(_("This record is not known here yet: sync first, then look again."))
    return link


def bill_record(bill_id: int) -> dict[str, Any]:
    """A bill as last read of Clio, as plain values. Raises RemedyError where it was never read."""
    record = Snapshot.objects.filter(kind=Snapshot.Kind.BILL, clio_id=bill_id).values_list("record", flat=True).first()
    if record is None:
        raise RemedyError(_("This bill is not known here any more: sync first, then look again."))
    plain: dict[str, Any] = record
    return plain


def contact_link_of(row: SyncError) -> Link:
    """The contact that a problem is about: its own, or that of the bill's client."""
    link = link_of(kind=row.kind, clio_id=row.clio_id)
    if row.kind == Link.Kind.CONTACT:
        return link
    bill_id = link.clio_id if row.kind == Link.Kind.INVOICE else link.bill_id
    if bill_id is None:
        raise RemedyError(_("Which contact this is about is not known here: look for the contact's own error."))
    record = bill_record(bill_id)
    return link_of(kind=Link.Kind.CONTACT, clio_id=record.get("client_id"))


def done(*, firm: Firm, user: User, action: str, detail: dict[str, Any], now: datetime) -> None:
    """Write down for the firm's admins what was done, and have a run start at once."""
    record_event(firm=firm, actor=user, action=action, detail=detail)
    ask_for_run(firm=firm, now=now)


@contextmanager
def deciding() -> Iterator[None]:
    """Turn a decision that came second into words."""
    try:
        yield
    except AlreadyDecidedError as error:
        raise RemedyError(
            _("Somebody decided about this a moment ago: %(words)s The next run takes it up, within seconds.")
            % {"words": error}
        ) from error


@contextmanager
def reading_xero(*, firm: Firm, clock: Clock) -> Iterator[XeroClient]:
    """The firm's Xero organisation, to be looked at for a person. Never inside a transaction (DESIGN §4.1).

    Raises:
        RemedyError: Xero cannot be read now; the text says why.
    """
    try:
        yield open_xero(firm=firm, clock=clock, patience=_PATIENCE)
    except (NotConnected, NotSetUp) as error:
        raise RemedyError(str(error)) from error
    except TransportError as error:
        raise RemedyError(
            _("Xero could not be read just now, so nothing was changed. %(why)s") % {"why": _why(error)}
        ) from error


def _why(error: TransportError) -> str:
    if isinstance(error, LimitReached | NotAuthorised | Disconnected):
        return str(error)
    return _("It did not answer as it should; try again in a minute.")
