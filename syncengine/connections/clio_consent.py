"""Connecting Clio: out to its consent page, and back with a code (C §1)."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.firm_scope import firm_scope
from accounts.models import Firm, User
from syncengine.clio import ClioClient
from syncengine.connections.applications import clio_application
from syncengine.connections.binding import Account, bind
from syncengine.connections.errors import ConsentFailed
from syncengine.connections.grants import Consent
from syncengine.connections.opening import api_session, clio_scope
from syncengine.connections.state import new_state
from syncengine.connections.transactions import refuse_in_transaction
from syncengine.models import Connection, Service
from syncengine.transport.errors import NotAuthorised
from syncengine.transport.oauth import InvalidGrant


def begin_clio(*, firm: Firm, region: str, redirect_uri: str) -> tuple[str, str]:  # noqa: ARG001  (as begin_xero)
    """Where to send the admin, and the state to remember.

    Raises:
        NotSetUp: there is no application for this region.
    """
    app = clio_application(region)
    state = new_state()
    return app.authorize_url(state=state, redirect_uri=redirect_uri), state


def finish_clio(
    *, firm: Firm, actor: User | None, code: str, redirect_uri: str, region: str, now: datetime
) -> Connection:
    """Exchange the code, read whose account it is, and tie the firm to it.

    Raises:
        ConsentFailed: the code is used up, or Clio's answer makes no sense.
        AccountRefused: it is another account than the firm's, or another firm's (BEHAVIOUR §1).
        TransportError: Clio could not be asked. Whatever is raised, nothing is saved.
    """
    refuse_in_transaction()
    app = clio_application(region)
    try:
        tokens = app.fetch_token(code=code, redirect_uri=redirect_uri, now=now)
    except InvalidGrant as error:
        raise ConsentFailed(
            _("Clio's consent has run out or was used already. Start again with the button.")
        ) from error
    session = api_session(
        base_url=app.base_url,
        token=_ConsentToken(tokens.access_token),
        scope=clio_scope(firm=firm, subject=f"consent-{firm.pk}"),
        clock=lambda: now,
    )
    person = ClioClient(session).who_am_i()
    account = _account(person, region)
    consent = Consent(
        service=Service.CLIO,
        subject=f"{region}:{person['id']}",
        access_token=tokens.access_token,
        refresh_token=tokens.refresh_token,
        expires_at=tokens.expires_at,
        scope=tokens.scope,
    )
    with firm_scope(firm):
        return bind(firm=firm, account=account, consent=consent, actor=actor, now=now)


@dataclass(frozen=True, slots=True)
class _ConsentToken:
    """The token of a consent that is not saved yet: there is no other one to be had."""

    value: str

    def access_token(self) -> str:
        return self.value

    def refresh(self, rejected: str) -> str:  # noqa: ARG002
        raise NotAuthorised(Service.CLIO.value)


def _account(person: dict[str, Any], region: str) -> Account:
    """The account of a who_am_i answer (C 10.1)."""
    try:
        account = person["account"]
        created = account.get("created_at")
        return Account(
            service=Service.CLIO,
            remote_id=str(int(account["id"])),
            region=region,
            name=str(account.get("name") or account["id"]),
            created_at=datetime.fromisoformat(created).astimezone(UTC) if created else None,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ConsentFailed(_("Clio did not say whose account this is, so nothing was changed. Try again.")) from error
