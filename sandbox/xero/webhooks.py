"""Sends webhooks as Xero does: thin events, signed, the intent to receive, deliveries again (X 13)."""

import base64
import hashlib
import hmac
import json
import threading
from collections import deque
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import requests

from sandbox.xero.books import Books, Event
from sandbox.xero.values import sql_time

API = "https://api.xero.com/api.xro/2.0"
_PATHS = {"CONTACT": "Contacts", "INVOICE": "Invoices", "CREDITNOTE": "CreditNotes"}
ANSWER_SECONDS = 5
MOST_EVENTS = 100


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivery: what was sent, and the status that came back (0: no answer)."""

    body: bytes
    signature: str
    status: int

    def as_json(self) -> dict[str, Any]:
        return {"status": self.status, "events": len(json.loads(self.body)["events"])}


class Webhooks:
    """Collects events of all organisations and sends them when told to, or some seconds after a change.

    Without an address nothing is sent; tests that have no server take `bodies` and sign them with `sign`.
    """

    def __init__(self, organisations: list[Books]) -> None:
        self._organisations = organisations
        self._lock = threading.Lock()
        self._sequence = 0
        self._timer: threading.Timer | None = None
        self.address = ""
        self.key = "stand-in-webhook-key"
        self.seconds: float | None = None
        self.sent: deque[Delivery] = deque(maxlen=200)

    def point_to(self, address: str, key: str = "", seconds: float | None = None) -> None:
        """Send to this address, signed with this key; by itself `seconds` after a change (None: only when told)."""
        self.address, self.key, self.seconds = address, key or self.key, seconds

    def sign(self, body: bytes) -> str:
        """The x-xero-signature of a body."""
        return base64.b64encode(hmac.new(self.key.encode(), body, hashlib.sha256).digest()).decode()

    def bodies(self) -> list[bytes]:
        """The events that wait, as bodies to send; they wait no more."""
        found: list[dict[str, Any]] = []
        for books in self._organisations:
            with books.lock:
                found += [_event(books, event) for event in books.events]
                books.events.clear()
        return [self._body(found[start : start + MOST_EVENTS]) for start in range(0, len(found), MOST_EVENTS)]

    def _body(self, events: list[dict[str, Any]]) -> bytes:
        with self._lock:
            first = self._sequence + 1
            self._sequence += len(events)
            last = self._sequence if events else 0
        said = {
            "events": events,
            "firstEventSequence": first if events else 0,
            "lastEventSequence": last,
            "entropy": uuid4().hex.upper(),
        }
        return json.dumps(said).encode()

    def deliver(self) -> list[Delivery]:
        """Send what waits."""
        return [self._send(body, self.sign(body)) for body in self.bodies()] if self.address else []

    def replay(self) -> list[Delivery]:
        """Send the last delivery once more, as Xero does after an answer that was not 200."""
        return [self._send(self.sent[-1].body, self.sent[-1].signature)] if self.sent else []

    def probe(self) -> list[Delivery]:
        """The intent to receive: empty events, some wrongly signed, which want 401 (X 13.3)."""
        found = []
        for right in (False, True, False):
            body = self._body([])
            found.append(self._send(body, self.sign(body) if right else self.sign(body + b" ")))
        return found

    def _send(self, body: bytes, signature: str) -> Delivery:
        headers = {"Content-Type": "application/json", "x-xero-signature": signature}
        try:
            status = requests.post(self.address, data=body, headers=headers, timeout=ANSWER_SECONDS).status_code
        except requests.RequestException:
            status = 0
        delivery = Delivery(body, signature, status)
        self.sent.append(delivery)
        return delivery

    def nudge(self) -> None:
        """Something may have changed: send it in a while, where that was asked for."""
        if self.seconds is None or not self.address or not any(books.events for books in self._organisations):
            return
        with self._lock:
            if self._timer is not None and self._timer.is_alive():
                return
            self._timer = threading.Timer(self.seconds, self.deliver)
            self._timer.daemon = True
            self._timer.start()


def _event(books: Books, event: Event) -> dict[str, Any]:
    said: dict[str, Any] = {
        "resourceUrl": f"{API}/{_PATHS[event.category]}/{event.id}",
        "resourceId": event.id,
        "eventDateUtc": sql_time(event.time)[:-4],
        "eventType": event.type,
        "eventCategory": event.category,
        "tenantId": books.tenant_id,
        "tenantType": "ORGANISATION",
    }
    if event.data:
        said["data"] = event.data
    return said
