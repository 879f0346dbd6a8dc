"""Several refreshers of one login at once, with real commits: one renews (DESIGN §4.7)."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import Firm
from sandbox.faults import Fault
from syncengine.connections import open_xero
from syncengine.transport.errors import LimitReached
from tests.support.consents import HARROW, Sides, connected

pytest_plugins = ["tests.support.consent_fixtures"]
TOKEN = "/connect/token"


@pytest.fixture
def xero_firm(transactional_db: None, sides: Sides, hale: Firm, browser_of: Callable[..., Client]) -> Firm:
    """A firm connected to Xero, whose token has run out; renewing it takes half a second."""
    sides.connect_xero(browser_of(hale), HARROW)
    sides.xero.calls.reset()
    sides.xero.faults.add(Fault(kind="slow_before", path_prefix=TOKEN, seconds=0.5))
    sides.xero.act("expire_access_tokens")
    return hale


def at_once(count: int, firm: Firm, *, patience: timedelta = timedelta(0)) -> list[str]:
    """Call Xero from so many threads at once; answers what each got, or the limit it met."""
    barrier, found = threading.Barrier(count), list[str]()

    def one() -> None:
        barrier.wait(timeout=10)
        try:
            found.append(open_xero(firm=firm, clock=timezone.now, patience=patience).organisation().name)
        except LimitReached as error:
            found.append(error.kind)
        finally:
            connection.close()

    workers = [threading.Thread(target=one) for _ in range(count)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=30)
    return sorted(found)


def test_people_at_once_renew_once_and_all_get_through(sides: Sides, xero_firm: Firm) -> None:
    assert at_once(4, xero_firm, patience=timedelta(seconds=10)) == [sides.name(HARROW)] * 4
    assert sides.xero.calls.count("POST", TOKEN) == 1
    assert connected(xero_firm, "xero").state == "connected"


def test_workers_at_once_renew_once_and_the_others_come_back_later(sides: Sides, xero_firm: Firm) -> None:
    assert at_once(3, xero_firm) == [sides.name(HARROW), "busy", "busy"]
    assert sides.xero.calls.count("POST", TOKEN) == 1
