"""Logins, consents, tokens and connections (X 9)."""

import base64
import hashlib
import hmac
import json
import threading
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from uuid import NAMESPACE_URL, UUID, uuid5

CODE_LIFE = timedelta(minutes=5)
ACCESS_LIFE = timedelta(minutes=30)
GRACE = timedelta(minutes=30)
UNUSED_LIFE = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class User:
    """A person who can log in to the stand-in."""

    id: str
    name: str
    email: str


def _user(name: str, email: str) -> User:
    return User(str(uuid5(NAMESPACE_URL, f"stand-in:{email}")), name, email)


USERS = (_user("Office manager", "office@harrow-lindqvist.example"), _user("Bookkeeper", "books@quiet-harbour.example"))


@dataclass(frozen=True, slots=True)
class Connection:
    """One organisation that one person connected to one app."""

    id: str
    user_id: str
    client_id: str
    tenant_id: str
    event_id: str
    created: datetime
    updated: datetime


@dataclass(frozen=True, slots=True)
class Consent:
    """What a person agreed to: the app, the scopes (with those agreed to before), the event of this consent."""

    user_id: str
    client_id: str
    scopes: tuple[str, ...]
    event_id: str


@dataclass(frozen=True, slots=True)
class Code:
    """An authorisation code, once and for five minutes."""

    consent: Consent
    redirect_uri: str
    challenge: str
    expires: datetime


@dataclass(frozen=True, slots=True)
class Access:
    """What an access token allows, and until when."""

    consent: Consent
    expires: datetime


@dataclass(frozen=True, slots=True)
class _Refresh:
    consent: Consent
    issued: datetime
    used: datetime | None = None
    ended: bool = False


class InvalidGrant(Exception):  # noqa: N818 - OAuth's own name for it
    """The code or refresh token cannot be used."""


@dataclass(frozen=True, slots=True)
class TokenPair:
    """What a token call answers; no refresh token without offline_access."""

    access: str
    refresh: str
    consent: Consent


class Grants:
    """All of it, in memory; thread safe."""

    def __init__(self, seed: int) -> None:
        self._random = Random(f"{seed}-grants")
        self._secret = f"stand-in-{seed}".encode()
        self._lock = threading.RLock()
        self._codes: dict[str, Code] = {}
        self._access: dict[str, Access] = {}
        self._refresh: dict[str, _Refresh] = {}
        self._scopes: dict[tuple[str, str], tuple[str, ...]] = {}
        self._connections: dict[str, Connection] = {}

    def _new(self) -> str:
        return str(UUID(int=self._random.getrandbits(128), version=4))

    def consent(self, user: User, client_id: str, scopes: list[str], tenants: list[str], now: datetime) -> Consent:
        """A person agrees: scopes add to those agreed to before (X 9.7), organisations are connected or renewed."""
        with self._lock:
            before = self._scopes.get((user.id, client_id), ())
            self._scopes[user.id, client_id] = tuple(dict.fromkeys((*before, *scopes)))
            event = self._new()
            for tenant_id in tenants:
                held = self.connection(user.id, client_id, tenant_id)
                if held is None:
                    held = Connection(self._new(), user.id, client_id, tenant_id, event, now, now)
                self._connections[held.id] = replace(held, event_id=event, updated=now)
            return Consent(user.id, client_id, self._scopes[user.id, client_id], event)

    def code(self, consent: Consent, redirect_uri: str, challenge: str, now: datetime) -> str:
        """A code for a consent."""
        with self._lock:
            text = self._new().replace("-", "")
            self._codes[text] = Code(consent, redirect_uri, challenge, now + CODE_LIFE)
            return text

    def exchange(self, code: str, client_id: str, redirect_uri: str, verifier: str, now: datetime) -> TokenPair:
        """The code for tokens. Raises InvalidGrant: used, too old, or not for this app and address."""
        with self._lock:
            held = self._codes.pop(code, None)
            if held is None or now > held.expires or held.consent.client_id != client_id:
                raise InvalidGrant
            if held.redirect_uri != redirect_uri or not _verified(held.challenge, verifier):
                raise InvalidGrant
            return self._issue(held.consent, now)

    def refresh(self, token: str, client_id: str, now: datetime) -> TokenPair:
        """A refresh token for a new pair; the one used stays usable for 30 minutes (X 9.2). Raises InvalidGrant."""
        with self._lock:
            held = self._refresh.get(token)
            if held is None or held.ended or held.consent.client_id != client_id:
                raise InvalidGrant
            if held.used is None and now - held.issued > UNUSED_LIFE:
                raise InvalidGrant
            if held.used is not None and now - held.used > GRACE:
                raise InvalidGrant
            self._refresh[token] = replace(held, used=held.used or now)
            scopes = self._scopes.get((held.consent.user_id, client_id), held.consent.scopes)
            return self._issue(replace(held.consent, scopes=scopes), now)

    def grant(self, user: User, scopes: list[str], tenants: list[str], now: datetime, client_id: str) -> TokenPair:
        """Consent and tokens at once, without the pages."""
        with self._lock:
            return self._issue(self.consent(user, client_id, scopes, tenants, now), now)

    def _issue(self, consent: Consent, now: datetime) -> TokenPair:
        token = self._signed(consent, now)
        self._access[token] = Access(consent, now + ACCESS_LIFE)
        refresh = ""
        if "offline_access" in consent.scopes:
            refresh = self._new().replace("-", "")
            self._refresh[refresh] = _Refresh(consent, now)
        return TokenPair(token, refresh, consent)

    def _signed(self, consent: Consent, now: datetime) -> str:
        """The access token: a JWT signed with a secret of the stand-in."""
        claims = {
            "iss": "stand-in",
            "aud": "stand-in/resources",
            "client_id": consent.client_id,
            "sub": consent.user_id.replace("-", ""),
            "nbf": int(now.timestamp()),
            "exp": int((now + ACCESS_LIFE).timestamp()),
            "jti": self._new(),
            "xero_userid": consent.user_id,
            "global_session_id": consent.event_id,
            "authentication_event_id": consent.event_id,
            "scope": list(consent.scopes),
        }
        return self.jwt(claims)

    def jwt(self, claims: dict[str, object]) -> str:
        """Claims as a signed JWT."""
        parts = [_b64(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, claims)]
        signature = hmac.new(self._secret, ".".join(parts).encode(), hashlib.sha256).digest()
        return ".".join([*parts, _b64(signature)])

    def access(self, token: str) -> Access | None:
        """What a token allows, also when it has expired; None for an unknown one."""
        with self._lock:
            return self._access.get(token)

    def connection(self, user_id: str, client_id: str, tenant_id: str) -> Connection | None:
        """The connection of a person, an app and an organisation."""
        with self._lock:
            key = (user_id, client_id, tenant_id)
            held = self._connections.values()
            return next((row for row in held if (row.user_id, row.client_id, row.tenant_id) == key), None)

    def connections(self, consent: Consent) -> list[Connection]:
        """The organisations that a person connected to an app."""
        with self._lock:
            held = self._connections.values()
            return [row for row in held if (row.user_id, row.client_id) == (consent.user_id, consent.client_id)]

    def of_tenant(self, tenant_id: str) -> list[Connection]:
        """The connections of every person and app to one organisation."""
        with self._lock:
            return [row for row in self._connections.values() if row.tenant_id == tenant_id]

    def disconnect(self, connection_id: str, consent: Consent) -> bool:
        """Remove one connection of this person; whether there was one."""
        with self._lock:
            held = self._connections.get(connection_id.lower())
            if held is None or (held.user_id, held.client_id) != (consent.user_id, consent.client_id):
                return False
            del self._connections[held.id]
            return True

    def remove_tenant(self, tenant_id: str) -> int:
        """Somebody in Xero removes the app from an organisation; how many connections that ends."""
        with self._lock:
            gone = [row.id for row in self._connections.values() if row.tenant_id == tenant_id]
            for connection_id in gone:
                del self._connections[connection_id]
            return len(gone)

    def revoke(self, token: str, client_id: str) -> None:
        """Revoke a refresh token: every connection of its person to the app goes, and every refresh token (X 9.5)."""
        with self._lock:
            held = self._refresh.get(token)
            if held is None or held.consent.client_id != client_id:
                return
            for row in self.connections(held.consent):
                del self._connections[row.id]
            self._scopes.pop((held.consent.user_id, client_id), None)
            self.end_refresh(held.consent.user_id)

    def end_refresh(self, user_id: str = "") -> int:
        """End the refresh tokens of a person, or all; how many that were."""
        with self._lock:
            ended = [
                text
                for text, row in self._refresh.items()
                if not row.ended and (not user_id or row.consent.user_id == user_id)
            ]
            for text in ended:
                self._refresh[text] = replace(self._refresh[text], ended=True)
            return len(ended)

    def end_access(self, now: datetime) -> int:
        """Let all access tokens expire now; how many that were."""
        with self._lock:
            live = [text for text, row in self._access.items() if row.expires > now]
            for text in live:
                self._access[text] = replace(self._access[text], expires=now)
            return len(live)


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _verified(challenge: str, verifier: str) -> bool:
    """Whether a PKCE verifier fits; true where there was no challenge."""
    if not challenge:
        return True
    return hmac.compare_digest(challenge, _b64(hashlib.sha256(verifier.encode()).digest()))
