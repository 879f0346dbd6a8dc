"""Both stand-ins over real HTTP, for one test."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from pytest_django import Settings

from sandbox.clio import ClioServer
from sandbox.clock import Clock
from sandbox.serving import start
from sandbox.xero import XeroServer


@dataclass(frozen=True)
class StandIns:
    """The two servers, the clock they share, and where they are."""

    clio: ClioServer
    xero: XeroServer
    clock: Clock
    clio_url: str
    xero_url: str

    def environment(self) -> dict[str, str]:
        """What leads a process of the test to these servers."""
        return {
            "CLIO_URL": self.clio_url,
            "XERO_API_URL": self.xero_url,
            "XERO_IDENTITY_URL": self.xero_url,
            "XERO_LOGIN_URL": self.xero_url,
        }


@pytest.fixture
def stand_ins(settings: Settings) -> Iterator[StandIns]:
    """Fresh servers on free ports, with 30 bills and real-life limits; the settings lead to them."""
    clock = Clock()
    clio, xero = ClioServer(clock=clock, bills=30), XeroServer(clock=clock)
    with ExitStack() as running:
        clio_url = running.enter_context(start(clio.app)).url
        xero_url = running.enter_context(start(xero.app)).url
        both = StandIns(clio, xero, clock, clio_url, xero_url)
        for name, address in both.environment().items():
            setattr(settings, name, address)
        yield both
