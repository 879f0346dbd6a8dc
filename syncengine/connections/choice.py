"""The choice between the organisations that one consent reached."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.firm_scope import firm_scope
from accounts.models import Firm, User
from syncengine.connections.binding import Account, bind
from syncengine.connections.errors import NothingToChoose
from syncengine.connections.grants import Consent, drop_if_unused, save_consent
from syncengine.models import Connection, Grant, OrganisationChoice, Service

#: An offer that nobody takes up is gone after this.
OFFERED_FOR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Organisation:
    """A Xero organisation on offer."""

    tenant_id: str
    name: str


def offer(*, accounts: Sequence[Account], consent: Consent, now: datetime) -> OrganisationChoice:
    """Keep the consent and what it reached until the current firm's admin has chosen; an older offer is replaced."""
    with transaction.atomic():
        discard_offer()
        return OrganisationChoice.objects.create(
            grant=save_consent(consent),
            offered=[
                {"tenant_id": one.remote_id, "name": one.name, "connection_id": one.connection_id} for one in accounts
            ],
            created_at=now,
        )


def discard_offer() -> None:
    """Take back what is on offer to the current firm, with its tokens if nothing else uses them."""
    with transaction.atomic():
        for choice in OrganisationChoice.objects.all():
            choice.delete()
            drop_if_unused(choice.grant_id)


def offered_organisations(*, firm: Firm, now: datetime) -> list[Organisation]:
    """What the firm's admin may choose from; empty where nothing is on offer, or no longer."""
    with firm_scope(firm):
        choice = OrganisationChoice.objects.filter(created_at__gt=now - OFFERED_FOR).first()
        return [Organisation(row["tenant_id"], row["name"]) for row in choice.offered] if choice else []


def choose_organisation(*, firm: Firm, actor: User | None, tenant_id: str, now: datetime) -> Connection:
    """Tie the firm to one of the organisations on offer.

    Raises:
        NothingToChoose: none is on offer, or this one is not among them.
        AccountRefused: it serves another firm since. Nothing is saved.
    """
    with firm_scope(firm):
        choice = OrganisationChoice.objects.select_related("grant").first()
        if choice is None or choice.created_at <= now - OFFERED_FOR or choice.grant.state != Grant.State.GOOD:
            discard_offer()
            raise NothingToChoose(_("No organisations are on offer any more. Press Connect for Xero to start again."))
        picked = next((row for row in choice.offered if row["tenant_id"] == tenant_id), None)
        if picked is None:
            raise NothingToChoose(_("Choose one of the organisations in the list. Nothing was changed."))
        account = Account(
            service=Service.XERO,
            remote_id=picked["tenant_id"],
            name=picked["name"],
            connection_id=picked["connection_id"],
        )
        return bind(firm=firm, account=account, consent=choice.grant, actor=actor, now=now)
