"""Ties a firm to its Clio account or Xero organisation, or says why not (BEHAVIOUR §1). Nothing is ever half saved."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import Firm, User
from syncengine.connections import history
from syncengine.connections.errors import AccountRefused
from syncengine.connections.grants import Consent, drop_if_unused, save_consent
from syncengine.models import CategoryAccount, Connection, Grant, OrganisationChoice, Service, SyncSettings

_SERVES_ONE_FIRM = "connection_serves_one_firm"


@dataclass(frozen=True, slots=True)
class Account:
    """A Clio account or a Xero organisation. `created_at` (UTC) is known for Clio, `connection_id` is Xero's."""

    service: str
    remote_id: str
    name: str
    region: str = ""
    created_at: datetime | None = None
    connection_id: str = ""


def bind(*, firm: Firm, account: Account, consent: Consent | Grant, actor: User | None, now: datetime) -> Connection:
    """Save the consent and the firm's connection to `account`, in one transaction.

    `consent` is a fresh one, or the grant that keeps it since a choice was offered.

    Raises:
        AccountRefused: the firm is bound to another account, or this one serves another firm. Nothing is saved.
    """
    try:
        with transaction.atomic():
            Firm.objects.select_for_update().get(pk=firm.pk)  # two admins at once: one after the other
            row = bound(account.service)
            refuse_other(row, account)
            if row is None:
                _start_clean_if_other(account)
            former = row.grant_id if row else None
            row = row or Connection(service=account.service, remote_id=account.remote_id, region=account.region)
            row.grant = save_consent(consent) if isinstance(consent, Consent) else consent
            row.name = account.name[:255]
            row.remote_created_at = account.created_at or row.remote_created_at
            row.remote_connection_id = account.connection_id
            row.state, row.problem = Connection.State.CONNECTED, ""
            row.connected_at = row.last_good_call_at = now  # reading the account was the first good call
            row.save()
            if account.service == Service.XERO:
                OrganisationChoice.objects.all().delete()
            if former != row.grant_id:
                drop_if_unused(former)
            history.note(history.CONNECTED, firm=firm, actor=actor, connection=row)
    except IntegrityError as error:
        if _SERVES_ONE_FIRM not in str(error):
            raise
        raise AccountRefused(in_use_message(account)) from error
    return row


def bound(service: str) -> Connection | None:
    """The current firm's connection to a service, in whatever state."""
    return Connection.objects.filter(service=service).first()


def refuse_other(row: Connection | None, account: Account) -> None:
    """Raise AccountRefused if the firm is bound to another account than this one."""
    if row is None or (row.region, row.remote_id) == (account.region, account.remote_id):
        return
    raise AccountRefused(
        _(
            "This firm belongs to the %(kind)s “%(bound)s”, but the login you used led to “%(other)s”, so nothing was "
            "changed. Log in to “%(bound)s”, or first choose “Disconnect and forget links” if the firm really moves."
        )
        % {"kind": kind_of(account.service), "bound": row.name, "other": account.name}
    )


def serves_another_firm(account: Account, *, now: datetime) -> bool:
    """Whether another firm of this installation is tied to the account.

    Rows of other firms cannot be seen from here, so the database's constraint is asked: the account is claimed for the
    current firm, and the claim is rolled back.
    """
    try:
        with transaction.atomic():
            rows = Connection.objects.filter(service=account.service)
            if not rows.update(region=account.region, remote_id=account.remote_id):
                rows.create(
                    service=account.service, region=account.region, remote_id=account.remote_id, connected_at=now
                )
            transaction.set_rollback(True)
    except IntegrityError as error:
        if _SERVES_ONE_FIRM not in str(error):
            raise
        return True
    return False


def in_use_message(account: Account) -> str:
    """Why an account of another firm is refused; the other firm is not named."""
    return _(
        "The %(kind)s “%(name)s” is connected to another firm of this installation already, and it can serve one only. "
        "Nothing was changed. Log in to this firm's own, or have the other firm choose “Disconnect and forget links”."
    ) % {"kind": kind_of(account.service), "name": account.name}


def kind_of(service: str) -> str:
    """What the service calls a firm's books: a Clio account, a Xero organisation."""
    return _("Clio account") if service == Service.CLIO else _("Xero organisation")


def _start_clean_if_other(account: Account) -> None:
    """Drop settings that were made for another account, forgotten since: their ids mean nothing in this one.

    Nothing is then sent before somebody has saved the settings page anew (BEHAVIOUR §3).
    """
    former = history.last_forgotten(account.service)
    if former and (former.get("region", ""), former.get("remote_id")) != (account.region, account.remote_id):
        SyncSettings.objects.all().delete()
        CategoryAccount.objects.all().delete()
