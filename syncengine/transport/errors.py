"""What can go wrong between us and the two APIs. Messages never hold tokens, names or amounts."""

from datetime import datetime
from typing import Literal

Service = Literal["clio", "xero"]
NAMES = {"clio": "Clio", "xero": "Xero"}
LimitKind = Literal["minute", "day", "concurrent", "app", "busy"]


class TransportError(Exception):
    """Base: something between us and `service` ("clio" or "xero")."""

    def __init__(self, service: str, message: str) -> None:
        super().__init__(message)
        self.service = service


class LimitReached(TransportError):  # noqa: N818
    """A limit is used up until `until` (UTC); nothing was sent."""

    _WHAT = {
        "minute": "calls for this minute are used up",
        "day": "calls for today are used up",
        "concurrent": "calls at one time are all taken",
        "app": "calls for this minute, of all firms together, are used up",
        "busy": "login is being renewed by another worker",
    }

    def __init__(self, service: str, kind: str, until: datetime) -> None:
        what = self._WHAT.get(kind, "limit is used up")
        super().__init__(
            service, f"{NAMES.get(service, service)}'s {what}; it goes on at {until:%Y-%m-%d %H:%M:%S} UTC."
        )
        self.kind = kind
        self.until = until


class LimiterUnavailable(TransportError):  # noqa: N818
    """Redis does not answer, so that nobody counts calls: nothing was sent."""

    def __init__(self, service: str) -> None:
        super().__init__(service, f"Redis does not answer, so no calls are made to {NAMES.get(service, service)}.")


class Unreachable(TransportError):  # noqa: N818
    """No connection came about: nothing was sent."""

    def __init__(self, service: str) -> None:
        super().__init__(service, f"{NAMES.get(service, service)} cannot be reached at the moment.")


class NoAnswer(TransportError):  # noqa: N818
    """The connection broke or timed out after sending: the request may have been carried out."""

    def __init__(self, service: str) -> None:
        super().__init__(service, f"{NAMES.get(service, service)} did not answer in time.")


class ServerTrouble(TransportError):  # noqa: N818
    """The other side failed (5xx): on a read, or on a write that it may have carried out all the same."""

    def __init__(self, service: str, status: int) -> None:
        super().__init__(service, f"{NAMES.get(service, service)} has trouble of its own (answer {status}).")
        self.status = status


class UnreadableAnswer(TransportError):  # noqa: N818
    """An answer came that is not what the API documents."""

    def __init__(self, service: str, what: str) -> None:
        super().__init__(service, f"{NAMES.get(service, service)} answered something unreadable: {what}.")


class NotAuthorised(TransportError):  # noqa: N818
    """The login no longer holds, even after renewing it."""

    def __init__(self, service: str) -> None:
        name = NAMES.get(service, service)
        super().__init__(service, f"{name} no longer accepts the login. An admin must reconnect {name}.")


class Disconnected(TransportError):  # noqa: N818
    """The other side says that we are no longer connected (403)."""

    def __init__(self, service: str) -> None:
        name = NAMES.get(service, service)
        super().__init__(service, f"{name} was disconnected from its side. An admin must reconnect {name}.")


class Refused(TransportError):  # noqa: N818
    """The other side refused a request (4xx). `kind` and `detail` are its own words.

    `detail` may hold names and figures, so the message leaves it out.
    """

    def __init__(self, service: str, status: int, kind: str = "", detail: str = "") -> None:
        said = f": {kind}" if kind.isidentifier() else ""
        super().__init__(service, f"{NAMES.get(service, service)} refused a request (answer {status}{said}).")
        self.status = status
        self.kind = kind
        self.detail = detail
