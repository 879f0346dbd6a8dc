"""Disconnecting: here in any case, and at Clio or Xero where they can be reached (BEHAVIOUR §2)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.firm_scope import firm_scope
from accounts.models import Firm, User
from syncengine.connections import history
from syncengine.connections.applications import clio_application, xero_application
from syncengine.connections.binding import bound
from syncengine.connections.choice import discard_offer
from syncengine.connections.errors import DisconnectRefused, NotSetUp
from syncengine.connections.forgetting import forget_links, refuse_forgetting_unless_confirmed
from syncengine.connections.grants import drop_if_unused
from syncengine.connections.opening import grant_tokens
from syncengine.connections.transactions import refuse_in_transaction
from syncengine.models import Connection, Service
from syncengine.transport.errors import NotAuthorised, TransportError

_State = Connection.State


class Told(StrEnum):
    """What became of telling the other side."""

    YES = "yes"
    #: It had ended the connection itself.
    NOT_NEEDED = "not_needed"
    #: It could not be reached, or did not take note.
    NO = "no"


@dataclass(frozen=True, slots=True)
class Farewell:
    """What a disconnect did."""

    service: str
    name: str
    forgotten: bool
    told: Told


def disconnect(
    *, firm: Firm, actor: User | None, service: str, forget: bool, typed_name: str, now: datetime
) -> Farewell:
    """Disconnect the firm from Clio or Xero, and tell them so. Without `forget`, the links and the binding stay.

    `forget` drops links, snapshots, cursors, sync errors and lists of the firm, and the binding; `typed_name` must then
    be the firm's name. Settings stay, for the case that the same account is connected again.

    Raises:
        DisconnectRefused: nothing is connected, the name does not match, or forgetting has to wait. Nothing is changed.
    """
    refuse_in_transaction()
    if forget:
        refuse_forgetting_unless_confirmed(firm=firm, typed_name=typed_name)
    with firm_scope(firm):
        row = bound(service)
        if row is None or (not forget and row.state == _State.DISCONNECTED):
            raise DisconnectRefused(_("%(service)s is not connected.") % {"service": Service(service).label})
        told, token = _last_token(firm, row, now)
        with transaction.atomic():
            if forget:
                forget_links(now=now)
            alone = _let_go(firm, actor, row, forget=forget)
        if token and (alone or service == Service.XERO):
            told = _tell(row, token)
    return Farewell(service=service, name=row.name, forgotten=forget, told=told)


def _last_token(firm: Firm, row: Connection, now: datetime) -> tuple[Told, str]:
    """A token to say farewell with, had before anything is changed here."""
    if row.state == _State.DISCONNECTED or row.grant_id is None:
        return Told.NOT_NEEDED, ""
    try:
        return Told.YES, grant_tokens(row=row, firm=firm, clock=lambda: now).access_token()
    except NotAuthorised:
        return Told.NOT_NEEDED, ""
    except (TransportError, NotSetUp):
        return Told.NO, ""


def _let_go(firm: Firm, actor: User | None, row: Connection, *, forget: bool) -> bool:
    """Drop the grant, and with `forget` the binding; whether the grant served this connection alone."""
    former = row.grant_id
    same = Connection.objects.filter(pk=row.pk, connected_at=row.connected_at)
    if row.service == Service.XERO:
        discard_offer()
    if forget:
        history.note(history.FORGOTTEN, firm=firm, actor=actor, connection=row)
        done = same.delete()[0]
    else:
        history.note(history.DISCONNECTED, firm=firm, actor=actor, connection=row)
        done = same.exclude(state=_State.DISCONNECTED).update(
            state=_State.DISCONNECTED, problem="", grant=None, remote_connection_id=""
        )
    if not done:
        raise DisconnectRefused(_("Somebody else changed this connection at the same moment. Look again."))
    return drop_if_unused(former)


def _tell(row: Connection, token: str) -> Told:
    """Xero: this connection only, never the login's whole consent (X 9.5). Clio: its consent (C 1.13)."""
    try:
        if row.service == Service.CLIO:
            done = clio_application(row.region).deauthorize(access_token=token)
        else:
            done = xero_application().delete_connection(access_token=token, connection_id=row.remote_connection_id)
    except (TransportError, NotSetUp):
        done = False
    return Told.YES if done else Told.NO
