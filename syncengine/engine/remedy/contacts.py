"""Remedies for contacts: link to one that stands in Xero, append the ID, make it anew (BEHAVIOUR §4)."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import tell
from accounts.models import Firm, User
from syncengine.domain.mapping.contact_forms import contact_number, id_suffix
from syncengine.domain.ways import APPENDABLE, LINKABLE, RENEWABLE
from syncengine.engine.decisions import Act, decide, plan_again, shared_with, tell_asked
from syncengine.engine.pull_xero import standing_contact
from syncengine.engine.reference import appends_ids
from syncengine.engine.remedy.common import RemedyError, contact_link_of, deciding, done, open_error
from syncengine.models import Connection, Link, Service, Snapshot, SyncError, SyncSettings, XeroContact

_TRIES: Final = 5


def link_contact(*, firm: Firm, user: User, error_id: int, contact_id: str, now: datetime) -> str:
    """Link the client of a problem to this contact in Xero, and give the contact's name.

    A contact that another client is linked to already is shared from then on: only that other client syncs its fields,
    this one only names it on its invoices.

    Raises:
        RemedyError: the problem is over, or the contact cannot be linked to.
    """
    row = open_error(error_id, codes=LINKABLE)
    link = contact_link_of(row)
    kept = XeroContact.objects.filter(contact_id=contact_id).first()
    if kept is None:
        raise RemedyError(
            _("This contact is not among those last read from Xero. Press “Sync now”, then choose it again.")
        )
    standing = standing_contact(kept)
    if not standing.is_live:
        raise RemedyError(
            _("%(name)s is archived in Xero, so nothing can be sent to it. Restore it there, or choose another one.")
            % {"name": standing.name}
        )
    if link.xero_id == contact_id and row.kind == Link.Kind.CONTACT:
        raise RemedyError(_("It is linked to this contact already."))
    words = _("Link to the Xero contact %(name)s.") % {"name": standing.name}
    with deciding(), transaction.atomic():
        decide(
            link=link,
            act=Act.LINK_CONTACT,
            user=user,
            words=words,
            now=now,
            contact_id=contact_id,
            shared_with=_first_client(link, contact_id),
            generation=_free_generation(link, contact_id),
        )
        _plan_bills_again(row, link)
    _done(firm, user, "contact_linked", link, now)
    return standing.name


def _first_client(link: Link, contact_id: str) -> int | None:
    """The client whose contact it is already, if there is one: the one that shares it with nobody else."""
    others = Link.objects.filter(kind=link.kind, xero_id=contact_id).exclude(pk=link.pk).order_by("pk")
    return next((other.clio_id for other in others if shared_with(other) is None), None)


def _free_generation(link: Link, contact_id: str) -> int:
    """The generation whose ContactNumber no other contact holds; archived ones keep theirs for good (X 7.3)."""
    number = contact_number(link.clio_id, generation=link.generation)
    held = XeroContact.objects.filter(contact_number=number).exclude(contact_id=contact_id).exists()
    return link.generation + 1 if held else link.generation


def append_id(*, firm: Firm, user: User, error_id: int, now: datetime) -> str:
    """Have the Clio ID appended to this contact's name, and to no other's; give the name that it will have.

    Raises:
        RemedyError: the problem is over, or IDs are appended already.
    """
    row = open_error(error_id, codes=APPENDABLE)
    link = contact_link_of(row)
    name = f"{link.title}{id_suffix(clio_id=link.clio_id)}"
    with transaction.atomic():
        _add_to_list(link.clio_id)
        words = _("Append the Clio ID: “%(name)s”.") % {"name": name}
        tell_asked(kind=link.kind, clio_id=link.clio_id, user=user, words=words, now=now)
        plan_again(kind=link.kind, clio_ids=[link.clio_id])
    _done(firm, user, "contact_id_appended", link, now)
    return name


def _add_to_list(clio_id: int) -> None:
    settings, _made = SyncSettings.objects.get_or_create()
    clio = Connection.objects.filter(service=Service.CLIO).first()
    for _try in range(_TRIES):
        had = settings.append_id_for
        if clio_id in had or appends_ids(settings=settings, clio=clio):
            raise RemedyError(
                _("The ID is appended already, and that name is taken, too. Link to the contact, or rename it in Clio.")
            )
        added = sorted({*had, clio_id})
        if SyncSettings.objects.filter(pk=settings.pk, append_id_for=had).update(append_id_for=added):
            return
        settings.refresh_from_db()
    raise RemedyError(_("Somebody else changed the settings at the same moment. Try again."))


def renew_contact(*, firm: Firm, user: User, error_id: int, now: datetime) -> None:
    """Have a new contact made in Xero for this client. What is sent from then on goes to it; the old one stays.

    Raises:
        RemedyError: the problem is over.
    """
    row = open_error(error_id, codes=RENEWABLE)
    link = contact_link_of(row)
    with deciding(), transaction.atomic():
        decide(link=link, act=Act.NEW_CONTACT, user=user, words=_("Make a new contact in Xero."), now=now)
        _plan_bills_again(row, link)
    _done(firm, user, "contact_renewed", link, now)


def _plan_bills_again(row: SyncError, contact: Link) -> None:
    """The client's bills that have the same problem are planned again with it."""
    if row.kind == Link.Kind.CONTACT:
        return
    alike = SyncError.objects.filter(kind=row.kind, code=row.code, state=SyncError.State.OPEN).values("clio_id")
    if row.kind != Link.Kind.INVOICE:
        plan_again(kind=row.kind, clio_ids=[row.clio_id])
        return
    bills = Snapshot.objects.filter(
        kind=Snapshot.Kind.BILL, clio_id__in=alike, record__client_id=contact.clio_id
    ).values("clio_id")
    plan_again(kind=row.kind, clio_ids=list(bills.values_list("clio_id", flat=True)))


def _done(firm: Firm, user: User, action: str, link: Link, now: datetime) -> None:
    done(firm=firm, user=user, action=action, detail={"clio_id": link.clio_id}, now=now)


tell(
    "contact_linked",
    lambda detail: _("Client %(id)s was linked to a contact in Xero by hand.") % {"id": detail.get("clio_id")},
)
tell(
    "contact_id_appended",
    lambda detail: _("The Clio ID is appended to the name of client %(id)s.") % {"id": detail.get("clio_id")},
)
tell(
    "contact_renewed",
    lambda detail: _("A new contact in Xero was asked for, for client %(id)s.") % {"id": detail.get("clio_id")},
)
