"""Two firms, their people's browsers, and the stand-ins to connect. Test modules name this one in `pytest_plugins`."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from accounts.models import Firm, Membership
from accounts.provisioning import add_member, create_firm
from sandbox.clio import ClioServer
from sandbox.clock import Clock
from sandbox.serving import start
from sandbox.xero import XeroServer
from tests.support.consents import HARROW, Sides

PASSWORD = "correct-horse-battery-staple"


@pytest.fixture
def sides(settings: Any) -> Iterator[Sides]:
    """Both stand-ins running, and the product pointed at them."""
    clock = Clock()
    clio = ClioServer(clock=clock, bills=3, rate_limit=None)
    xero = XeroServer(clock=clock)
    with start(clio.app) as served_clio, start(xero.app) as served_xero:
        settings.CLIO_URL = served_clio.url
        settings.XERO_API_URL = settings.XERO_IDENTITY_URL = settings.XERO_LOGIN_URL = served_xero.url
        settings.XERO_CLIENT_ID, settings.XERO_CLIENT_SECRET = "xero-demo", "xero-demo-secret"
        yield Sides(clio, xero, served_clio.url, served_xero.url)


def _make_firm(name: str, domain: str) -> Firm:
    made = create_firm(name=name, admin_email=f"admin@{domain}", password=PASSWORD, plan="boutique", region="ca")
    for role in ("staff", "viewer"):
        add_member(firm=made, email=f"{role}@{domain}", password=PASSWORD, role=role)
    return made


@pytest.fixture
def hale(db: None) -> Firm:
    """A firm with an admin, a staff member and a viewer."""
    return _make_firm("Hale & Partners", "hale.example")


@pytest.fixture
def thorn(db: None) -> Firm:
    """Another one."""
    return _make_firm("Thorn Law", "thorn.example")


@pytest.fixture
def browser_of() -> Callable[..., Client]:
    """A browser in which somebody of the firm is logged in."""

    def log_in(firm: Firm, role: str = "admin") -> Client:
        client = Client()
        client.force_login(Membership.objects.get(firm=firm, role=role).user)
        return client

    return log_in


@pytest.fixture
def xero_firm(sides: Sides, hale: Firm, browser_of: Callable[..., Client]) -> Firm:
    """A firm connected to Xero, with no calls counted yet."""
    sides.connect_xero(browser_of(hale), HARROW)
    sides.xero.calls.reset()
    return hale
