"""Connecting Xero: out to its consent page, and back with a code (X §9)."""

import logging
from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.firm_scope import firm_scope
from accounts.models import Firm, User
from syncengine.connections.applications import xero_application
from syncengine.connections.binding import Account, bind, bound, in_use_message, refuse_other, serves_another_firm
from syncengine.connections.choice import discard_offer, offer
from syncengine.connections.errors import AccountRefused, ConsentFailed
from syncengine.connections.grants import Consent
from syncengine.connections.state import new_state
from syncengine.connections.transactions import refuse_in_transaction
from syncengine.models import Connection, OrganisationChoice, Service
from syncengine.transport.errors import TransportError
from syncengine.transport.oauth import InvalidGrant, TokenSet
from syncengine.xero.oauth import XeroConnection, XeroOAuth, claims

_logger = logging.getLogger(__name__)
_ORGANISATION = "ORGANISATION"


def begin_xero(*, firm: Firm, redirect_uri: str) -> tuple[str, str]:
    """Where to send the admin, and the state to remember. What was on offer before is taken back.

    Raises:
        NotSetUp: there is no application.
    """
    app = xero_application()
    with firm_scope(firm):
        discard_offer()
    state = new_state()
    return app.authorize_url(state=state, redirect_uri=redirect_uri), state


def finish_xero(
    *, firm: Firm, actor: User | None, code: str, redirect_uri: str, now: datetime
) -> Connection | OrganisationChoice:
    """Exchange the code and tie the firm to its organisation, or offer several.

    The organisation that the firm is bound to is taken without asking. Otherwise those of this consent count (X 9.6),
    and only where Xero does not tell, all that the login reaches.

    Raises:
        ConsentFailed: the code is used up, or no organisation was connected.
        AccountRefused: not the firm's organisation, or another firm's (BEHAVIOUR §1). What this consent connected for
            nothing is disconnected at Xero again.
        TransportError: Xero could not be asked. Whatever is raised, nothing is saved.
    """
    refuse_in_transaction()
    app = xero_application()
    try:
        tokens = app.fetch_token(code=code, redirect_uri=redirect_uri, now=now)
        reached = app.connections(access_token=tokens.access_token)
    except InvalidGrant as error:
        raise ConsentFailed(
            _("Xero's consent has run out or was used already. Start again with the button.")
        ) from error
    organisations = [_account(row) for row in reached if row.tenant_type == _ORGANISATION]
    event = str(claims(tokens).get("authentication_event_id") or "")
    fresh = {row.tenant_id for row in reached if event and row.auth_event_id == event}
    just_made = [account for account in organisations if account.remote_id in fresh]
    with firm_scope(firm):
        try:
            return _settle(
                firm=firm, actor=actor, organisations=organisations, just_made=just_made, tokens=tokens, now=now
            )
        except AccountRefused:
            unused = [account for account in just_made if not serves_another_firm(account, now=now)]
            _withdraw(app, tokens, unused)
            raise


def _settle(
    *,
    firm: Firm,
    actor: User | None,
    organisations: Sequence[Account],
    just_made: Sequence[Account],
    tokens: TokenSet,
    now: datetime,
) -> Connection | OrganisationChoice:
    if not organisations:
        raise ConsentFailed(
            _("No organisation was chosen in Xero, so nothing was changed. Start again and choose one.")
        )
    candidates = just_made or organisations
    row = bound(Service.XERO)
    if row:
        mine = [account for account in organisations if account.remote_id == row.remote_id]
        refuse_other(row, (mine or candidates)[0])
        candidates = mine
    free = [account for account in candidates if not serves_another_firm(account, now=now)]
    if not free:
        raise AccountRefused(in_use_message(candidates[0]))
    consent = _consent(tokens, free[0])
    if len(candidates) > 1:
        return offer(accounts=free, consent=consent, now=now)
    return bind(firm=firm, account=free[0], consent=consent, actor=actor, now=now)


def _account(row: XeroConnection) -> Account:
    return Account(
        service=Service.XERO,
        remote_id=row.tenant_id,
        name=row.name or row.tenant_id,
        connection_id=row.connection_id,
    )


def _consent(tokens: TokenSet, account: Account) -> Consent:
    """The login's consent. Where the tokens do not name the login, it counts as this organisation's own."""
    person = claims(tokens).get("xero_userid")
    return Consent(
        service=Service.XERO,
        subject=str(person) if person else f"tenant:{account.remote_id}",
        access_token=tokens.access_token,
        refresh_token=tokens.refresh_token,
        expires_at=tokens.expires_at,
        scope=tokens.scope,
    )


def _withdraw(app: XeroOAuth, tokens: TokenSet, accounts: Sequence[Account]) -> None:
    """Disconnect at Xero what a refused consent connected for nothing (X 9.5)."""
    for account in accounts:
        try:
            app.delete_connection(access_token=tokens.access_token, connection_id=account.connection_id)
        except TransportError:
            _logger.info("a Xero connection that serves nobody could not be removed")
