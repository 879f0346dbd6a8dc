"""The `state` of an OAuth round trip: kept in the session, used once, ten minutes old at most, of one firm (X 9.3)."""

import secrets
from datetime import datetime, timedelta

from django.contrib.sessions.backends.base import SessionBase

from accounts.models import Firm
from syncengine.connections.errors import StateRefused

LIVES = timedelta(minutes=10)


def new_state() -> str:
    """An unguessable text to send out and to have sent back."""
    return secrets.token_urlsafe(32)


def remember_state(
    session: SessionBase, *, service: str, firm: Firm, state: str, now: datetime, region: str = ""
) -> None:
    """Keep a state until its answer comes; it takes the place of an earlier one for the same service."""
    session[_key(service)] = {
        "state": state,
        "firm": firm.pk,
        "region": region,
        "until": (now + LIVES).timestamp(),
    }


def redeem_state(session: SessionBase, *, service: str, firm: Firm, state: str, now: datetime) -> str:
    """Use up the kept state and give the region it was made for (empty for Xero).

    Raises:
        StateRefused: there is none, it is another one, too old, or of another firm. It is used up all the same.
    """
    kept = session.pop(_key(service), None)
    if not isinstance(kept, dict):
        raise StateRefused
    same = secrets.compare_digest(str(kept["state"]).encode(), state.encode())
    if not same or kept["firm"] != firm.pk or now.timestamp() > kept["until"]:
        raise StateRefused
    return str(kept["region"])


def _key(service: str) -> str:
    return f"consent_{service}"
