"""Access tokens from a grant: one refresher at a time, and the new pair is saved before it is used (DESIGN §4.7).

A refresher takes the grant's lease by compare-and-swap, which raises the generation. Whoever does not get it reads the
row again. Saving asks for the same generation, so a refresher that was overtaken uses what the other one saved.
"""

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import F, Q, QuerySet

from accounts.firm_scope import firm_scope
from accounts.models import Firm
from syncengine.connections.health import note_disconnected
from syncengine.connections.transactions import refuse_in_transaction
from syncengine.models import Connection, Grant
from syncengine.transport.errors import LimitReached, NotAuthorised, TransportError
from syncengine.transport.oauth import InvalidGrant, TokenSet

LEASE: Final = timedelta(seconds=30)
#: A token is renewed this long before it ends.
MARGIN: Final = timedelta(seconds=60)
_LOOK_AGAIN: Final = timedelta(seconds=1)
_NAP: Final = 0.1
#: How often a refused refresh token may turn out to have been replaced by somebody else meanwhile.
_TURNS: Final = 3

#: Asks the service for new tokens: (refresh token, now) → tokens.
Renew = Callable[[str, datetime], TokenSet]


@dataclass(slots=True)
class GrantTokens:
    """Access tokens of one firm's connection, for an ApiSession.

    The grant is read through the firm's connection alone. `patience` is how long a person may be kept waiting for
    another refresher; a worker has none and comes back later.
    """

    firm: Firm
    service: str
    renew: Renew
    clock: Callable[[], datetime]
    patience: timedelta = timedelta(0)
    sleep: Callable[[float], None] = time.sleep
    _known: Grant | None = None

    def access_token(self) -> str:
        """A token that holds for the next minute.

        Raises:
            NotAuthorised: the login no longer holds; the firm's admins have been told.
            LimitReached: another worker is renewing it ("busy").
            OAuthProblem, Unreachable: it could not be renewed now; nothing is lost.
        """
        refuse_in_transaction()
        if self._known is None or self._ends_soon(self._known):
            self._known = self._fresh(rejected="")
        return _tokens(self._known)["access_token"]

    def refresh(self, rejected: str) -> str:
        """Another token than the one that was rejected. Raises as `access_token` does."""
        refuse_in_transaction()
        self._known = self._fresh(rejected=rejected)
        return _tokens(self._known)["access_token"]

    def _fresh(self, *, rejected: str) -> Grant:
        waits_until = time.monotonic() + self.patience.total_seconds()
        turns = _TURNS
        while turns:
            grant = self._read()
            if _tokens(grant)["access_token"] != rejected and not self._ends_soon(grant):
                return grant
            if self._take(grant):
                renewed = self._renew_under_lease(grant)
                if renewed:
                    return renewed
                turns -= 1  # somebody replaced the tokens meanwhile: read them
            elif time.monotonic() >= waits_until:
                raise LimitReached(self.service, "busy", self.clock() + _LOOK_AGAIN)
            else:
                self.sleep(_NAP)
        raise LimitReached(self.service, "busy", self.clock() + _LOOK_AGAIN)

    def _read(self) -> Grant:
        """The grant, through the connection. Raises NotAuthorised where there is none, or it was revoked."""
        with firm_scope(self.firm):
            row = Connection.objects.filter(service=self.service).select_related("grant").first()
        if row is None or row.grant is None or row.state == Connection.State.DISCONNECTED:
            raise NotAuthorised(self.service)
        if row.grant.state == Grant.State.REVOKED or not row.grant.tokens:
            raise self._broken()
        return row.grant

    def _take(self, grant: Grant) -> bool:
        """Take the lease, if it is free and nobody took it since the row was read."""
        now = self.clock()
        free = Q(lease_until__isnull=True) | Q(lease_until__lte=now)
        same = Grant.objects.filter(free, pk=grant.pk, generation=grant.generation, state=Grant.State.GOOD)
        grant.lease_owner = uuid.uuid4().hex
        taken = same.update(lease_owner=grant.lease_owner, lease_until=now + LEASE, generation=F("generation") + 1)
        grant.generation += 1
        return bool(taken)

    def _renew_under_lease(self, grant: Grant) -> Grant | None:
        """Renew and save. None: the tokens were replaced by somebody else meanwhile."""
        held = Grant.objects.filter(pk=grant.pk, generation=grant.generation, lease_owner=grant.lease_owner)
        used = _tokens(grant)["refresh_token"]
        try:
            fresh = self.renew(used, self.clock())
        except InvalidGrant:
            self._end_unless_replaced(held, grant, used)
            return None
        except TransportError:
            held.update(lease_owner="", lease_until=None)
            raise
        grant.tokens = {
            "access_token": fresh.access_token,
            "refresh_token": fresh.refresh_token,
            "scope": fresh.scope or _tokens(grant).get("scope", ""),
        }
        grant.expires_at = fresh.expires_at
        saved = held.update(
            tokens=grant.tokens,
            expires_at=grant.expires_at,
            refreshed_at=self.clock(),
            lease_owner="",
            lease_until=None,
            # Who read the row while it was being renewed holds tokens that are used up: it must not take the lease.
            generation=F("generation") + 1,
        )
        return grant if saved else None

    def _end_unless_replaced(self, held: QuerySet[Grant], grant: Grant, used: str) -> None:
        """The refresh token was refused: if it is still the one that is kept, the login is over (X 9.2, 15.1).

        Raises:
            NotAuthorised: it is over.
        """
        current = Grant.objects.filter(pk=grant.pk).first()
        if current is None or _tokens(current)["refresh_token"] != used:
            return
        if held.update(state=Grant.State.REVOKED, tokens=None, lease_owner="", lease_until=None):
            raise self._broken()

    def _ends_soon(self, grant: Grant) -> bool:
        return grant.expires_at is None or grant.expires_at - MARGIN <= self.clock()

    def _broken(self) -> NotAuthorised:
        """Break the firm's connection, tell its admins once, and give the error to raise."""
        error = NotAuthorised(self.service)
        note_disconnected(firm=self.firm, service=self.service, problem=str(error), now=self.clock())
        return error


def _tokens(grant: Grant) -> dict[str, str]:
    held: dict[str, str] = grant.tokens or {}
    return {"access_token": "", "refresh_token": "", **held}
