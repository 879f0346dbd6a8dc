"""Both stand-ins over real HTTP, and people who go through their consent pages."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
from django.test import Client
from django.utils import timezone

from accounts.firm_scope import firm_scope
from accounts.models import Firm
from sandbox.clio import ClioServer
from sandbox.xero import XeroServer
from syncengine.connections import open_xero
from syncengine.models import Connection, Grant

#: Who may log in at the stand-in Xero, and what it holds.
MANAGER, BOOKKEEPER = "office@harrow-lindqvist.example", "books@quiet-harbour.example"
HARROW, QUIET = 0, 1


@dataclass
class Sides:
    """The stand-ins, with what a browser does there."""

    clio: ClioServer
    xero: XeroServer
    clio_url: str = ""
    xero_url: str = ""
    #: Where the product sent the browser last.
    sent_to: str = field(default="", init=False)

    def tenant(self, place: int) -> str:
        """The id of one of the two organisations."""
        return self.xero.organisations[place].tenant_id

    def name(self, place: int) -> str:
        """Its name."""
        return self.xero.organisations[place].profile.name

    def leave(self, browser: Client, service: str, **form: str) -> str:
        """Press the Connect button; answers the address that the browser is sent to."""
        answer = browser.post(f"/connections/{service}/connect/", form)
        assert answer.status_code == 302, answer.content
        self.sent_to = answer["Location"]
        return self.sent_to

    def decide(self, address: str, **choice: str | list[str]) -> str:
        """Decide on the consent page; answers the path that leads back to the product."""
        parts = urlsplit(address)
        form: dict[str, str | list[str]] = {**dict(parse_qsl(parts.query)), "decision": "allow", **choice}
        page = f"{parts.scheme}://{parts.netloc}{parts.path}"
        answer = requests.post(page, data=form, allow_redirects=False, timeout=10)
        assert answer.status_code == 302, answer.text
        back = urlsplit(answer.headers["Location"])
        assert f"{back.scheme}://{back.netloc}" == "http://localhost:8000"
        return f"{back.path}?{back.query}"

    def connect_clio(self, browser: Client, *, region: str = "ca") -> None:
        """Connect Clio, all the way."""
        answer = browser.get(self.decide(self.leave(browser, "clio", region=region)))
        assert answer.status_code == 302, answer.content
        assert answer["Location"] == "/connections/"

    def consent_xero(self, browser: Client, *places: int, user: str = MANAGER) -> str:
        """Go to Xero and allow these organisations; answers the path that leads back."""
        chosen = [self.tenant(place) for place in places]
        return self.decide(self.leave(browser, "xero"), organisation=chosen, user=user)

    def connect_xero(self, browser: Client, place: int = HARROW, *, user: str = MANAGER) -> None:
        """Connect one organisation, all the way."""
        answer = browser.get(self.consent_xero(browser, place, user=user))
        assert answer.status_code == 302, answer.content
        assert answer["Location"] == "/connections/"

    def connected_at_xero(self) -> set[str]:
        """The organisations that are connected to the application, whoever did it."""
        return {row.tenant_id for row in self.xero._grants._connections.values()}


def connection_of(firm: Firm, service: str) -> Connection | None:
    """The firm's connection, in whatever state."""
    with firm_scope(firm):
        return Connection.objects.select_related("grant").filter(service=service).first()


def connected(firm: Firm, service: str) -> Connection:
    """The firm's connection, which there must be."""
    row = connection_of(firm, service)
    assert row is not None
    return row


def nothing_saved(firm: Firm) -> bool:
    """Whether the firm has no connection, and no login is kept."""
    with firm_scope(firm):
        return not Connection.objects.exists() and not Grant.objects.exists()


def ask(firm: Firm, clock: Callable[[], datetime] = timezone.now, **options: Any) -> str:
    """A call to Xero that must succeed."""
    return open_xero(firm=firm, clock=clock, **options).organisation().name


def in_minutes(minutes: float) -> Callable[[], datetime]:
    """The clock, so many minutes on."""
    return lambda: timezone.now() + timedelta(minutes=minutes)


def the_grant() -> Grant:
    """The one login that is kept."""
    return Grant.objects.get()
