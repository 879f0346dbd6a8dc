"""Opens the current firm's Clio account or Xero organisation for calls."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

import redis
from django.conf import settings
from django.utils.translation import gettext as _

from accounts.firm_scope import firm_scope
from accounts.models import Firm
from syncengine.clio import ClioClient
from syncengine.connections.applications import clio_application, xero_application
from syncengine.connections.errors import NotConnected
from syncengine.connections.tokens import GrantTokens
from syncengine.models import Connection, Service
from syncengine.transport.oauth import TokenSet
from syncengine.transport.session import ApiSession, TokenSource
from syncengine.transport.throttle import Limiter, Scope
from syncengine.xero import XeroClient

#: C 2.16; what Clio's headers say takes its place.
_CLIO_A_MINUTE: Final = 50
#: X 10.1: an organisation's calls a minute and at one time, the application's a minute.
_XERO_A_MINUTE: Final = 60
_XERO_AT_ONCE: Final = 5
_XERO_APP_A_MINUTE: Final = 10_000

Clock = Callable[[], datetime]


def open_clio(
    *, firm: Firm, clock: Clock, limiter: Limiter | None = None, patience: timedelta = timedelta(0)
) -> ClioClient:
    """The firm's Clio account. `patience`: how long a person may wait while another worker renews the login.

    Raises:
        NotConnected: there is no working connection.
    """
    return _clio(_connections(firm), firm=firm, clock=clock, limiter=limiter, patience=patience)


def open_both(*, firm: Firm, clock: Clock, reserve_day: float = 0.0) -> tuple[ClioClient, XeroClient]:
    """Both sides for a run, with one query. Raises as `open_clio` and `open_xero` do."""
    rows = _connections(firm)
    none = timedelta(0)
    return (
        _clio(rows, firm=firm, clock=clock, limiter=None, patience=none),
        _xero(rows, firm=firm, clock=clock, limiter=None, reserve_day=reserve_day, patience=none),
    )


def _clio(
    rows: Mapping[str, Connection], *, firm: Firm, clock: Clock, limiter: Limiter | None, patience: timedelta
) -> ClioClient:
    row = _working(rows, Service.CLIO)
    app = clio_application(row.region)
    scope = clio_scope(firm=firm, subject=str(row.grant_id))
    tokens = grant_tokens(row=row, firm=firm, clock=clock, patience=patience)
    return ClioClient(api_session(base_url=app.base_url, token=tokens, scope=scope, clock=clock, limiter=limiter))


def open_xero(
    *,
    firm: Firm,
    clock: Clock,
    limiter: Limiter | None = None,
    reserve_day: float = 0.0,
    patience: timedelta = timedelta(0),
) -> XeroClient:
    """The firm's Xero organisation. `reserve_day` is the part of the day's calls to leave alone (BEHAVIOUR §9).

    Raises:
        NotConnected: there is no working connection.
    """
    rows = _connections(firm)
    return _xero(rows, firm=firm, clock=clock, limiter=limiter, reserve_day=reserve_day, patience=patience)


def _xero(
    rows: Mapping[str, Connection],
    *,
    firm: Firm,
    clock: Clock,
    limiter: Limiter | None,
    reserve_day: float,
    patience: timedelta,
) -> XeroClient:
    row = _working(rows, Service.XERO)
    app = xero_application()
    scope = Scope(
        service=Service.XERO.value,
        subject=row.remote_id,
        firm=str(firm.pk),
        app=app.client_id,
        per_minute=_XERO_A_MINUTE,
        concurrent=_XERO_AT_ONCE,
        per_day=settings.XERO_DAY_LIMIT,
        reserve_day=reserve_day,
        per_minute_app=_XERO_APP_A_MINUTE,
    )
    tokens = grant_tokens(row=row, firm=firm, clock=clock, patience=patience)
    session = api_session(base_url=app.api_url, token=tokens, scope=scope, clock=clock, limiter=limiter)
    return XeroClient(session, row.remote_id)


def grant_tokens(*, row: Connection, firm: Firm, clock: Clock, patience: timedelta = timedelta(0)) -> GrantTokens:
    """The tokens of a connection's grant. Raises NotSetUp where the application is gone from the settings."""
    app = clio_application(row.region) if row.service == Service.CLIO else xero_application()

    def renew(refresh_token: str, now: datetime) -> TokenSet:
        return app.refresh(refresh_token=refresh_token, now=now)

    return GrantTokens(firm=firm, service=row.service, renew=renew, clock=clock, patience=patience)


def clio_scope(*, firm: Firm, subject: str) -> Scope:
    """Whose limits calls to Clio count against: one login's (C 2.16); at one time any number."""
    return Scope(
        service=Service.CLIO.value, subject=subject, firm=str(firm.pk), per_minute=_CLIO_A_MINUTE, concurrent=0
    )


def api_session(
    *, base_url: str, token: TokenSource, scope: Scope, clock: Clock, limiter: Limiter | None = None
) -> ApiSession:
    """A session under the limiter that all workers share."""
    return ApiSession(
        base_url=base_url,
        token=token,
        limiter=limiter or Limiter(_redis(settings.REDIS_URL), clock=clock),
        scope=scope,
        clock=clock,
    )


def _connections(firm: Firm) -> dict[str, Connection]:
    with firm_scope(firm):
        return {row.service: row for row in Connection.objects.all()}


def _working(rows: Mapping[str, Connection], service: Service) -> Connection:
    row = rows.get(service)
    if row is not None and row.state == Connection.State.BROKEN:
        raise NotConnected(service, row.problem or _("%(service)s has to be reconnected.") % {"service": service.label})
    if row is None or row.state == Connection.State.DISCONNECTED or row.grant_id is None:
        raise NotConnected(
            service, _("%(service)s is not connected: an admin connects it.") % {"service": service.label}
        )
    return row


@lru_cache(maxsize=4)
def _redis(address: str) -> redis.Redis:
    return redis.Redis.from_url(address)
