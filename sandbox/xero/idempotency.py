"""Idempotency keys: the first answer is kept for six minutes and given again (X 11)."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from werkzeug.wrappers import Response

from sandbox.xero.problems import ParameterInvalid

LIFE = timedelta(minutes=6)
LONGEST = 128


@dataclass
class _Kept:
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def response(self) -> Response:
        return Response(self.body, status=self.status, headers=self.headers)


@dataclass
class _Entry:
    fingerprint: bytes
    started: datetime
    lock: threading.Lock = field(default_factory=threading.Lock)
    kept: _Kept | None = None


@dataclass(frozen=True, slots=True)
class CallKey:
    """A call's key, of one app, with what makes two calls the same one."""

    app: str
    key: str
    fingerprint: bytes


def call_key(app: str, key: str, *request: bytes) -> CallKey:
    """The key of a call whose request consists of these parts.

    Whether the organisation is one of them is not known (X 17.13); the gateway takes it to be.
    """
    return CallKey(app, key, sha256(b"\0".join(request)).digest())


class IdempotencyStore:
    """The answers kept, by app and key; thread safe."""

    def __init__(self) -> None:
        self._entries: dict[tuple[str, str], _Entry] = {}
        self._lock = threading.Lock()

    def run(self, key: CallKey, now: datetime, work: Callable[[], Response]) -> Response:
        """Do the work once and keep its answer, whatever it is; a second call with the key gets that answer.

        A second call that comes while the first one works waits for it. Raises ParameterInvalid for a key that is too
        long or was used with another request (X 6.39).
        """
        entry = self._entry(key, now)
        with entry.lock:
            if entry.kept is None:
                entry.kept = _keep(work())
            return entry.kept.response()

    def reset(self) -> None:
        """Forget all keys."""
        with self._lock:
            self._entries.clear()

    def _entry(self, key: CallKey, now: datetime) -> _Entry:
        if len(key.key) > LONGEST:
            raise ParameterInvalid(f"Idempotency Key: must not be longer than {LONGEST} characters.")
        with self._lock:
            self._forget(now)
            entry = self._entries.setdefault((key.app, key.key), _Entry(key.fingerprint, now))
        if entry.fingerprint != key.fingerprint:
            raise ParameterInvalid(f"Idempotency Key: {key.key} is used with a different request.")
        return entry

    def _forget(self, now: datetime) -> None:
        """Drop what is older than six minutes; the entries stand in the order of their first calls."""
        while self._entries:
            oldest = next(iter(self._entries))
            if now - self._entries[oldest].started < LIFE:
                return
            del self._entries[oldest]


def _keep(response: Response) -> _Kept:
    return _Kept(response.status_code, list(response.headers.items()), response.get_data())
