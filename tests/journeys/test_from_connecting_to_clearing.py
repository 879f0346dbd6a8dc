"""An admin connects both sides and saves the settings in the pages; bills arrive; a failing one is shown and clears."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from accounts.provisioning import create_firm
from sandbox.visitor import Visitor
from tests.support.practice import Practice

EMAIL, PASSWORD = "admin@firm.example", "a-long-password-1"


@pytest.fixture
def unconnected(live_server: Any, settings: Any) -> Iterator[Practice]:
    """A firm that nobody has connected yet, the pages over real HTTP, and both stand-ins."""
    made = Practice()
    made.point_settings(settings)
    settings.BASE_URL = live_server.url
    made.firm = create_firm(
        name="Harrow & Lindqvist Law", admin_email=EMAIL, password=PASSWORD, plan="boutique", region="ca"
    )
    yield made
    made.stop()


def test_from_connecting_to_a_failing_bill_that_clears(unconnected: Practice, live_server: Any) -> None:
    practice = unconnected
    report = practice.sync()
    assert report["state"] == "waiting"
    assert "not connected" in report["message"]

    visitor = Visitor(live_server.url)
    assert visitor.log_in(EMAIL, PASSWORD)
    visitor.connect_clio("ca")
    visitor.connect_xero()
    visitor.save_settings()
    first = practice.sync()
    assert first["state"] == "clean", first
    assert practice.compare()["differences"] == []
    again = practice.sync()
    assert again["counts"]["invoice"]["created"] == again["counts"]["invoice"]["updated"] == 0

    bill = practice.a_bill(lambda record: record["state"] == "awaiting_payment" and record["client_name"])
    practice.clio.act("break_bill", bill_id=bill["id"])
    practice.clock.advance(60)
    failing = practice.sync()
    assert [error["code"] for error in failing["open_errors"]] == ["totals_mismatch"]
    page = _bill_syncing()
    assert "do not add up" in page
    assert bill["number"] in page

    practice.clio.act("mend_bill", bill_id=bill["id"])
    practice.clock.advance(60)
    assert practice.sync()["state"] == "clean"
    assert "do not add up" not in _bill_syncing()


def _bill_syncing() -> str:
    browser = Client()
    assert browser.login(username=EMAIL, password=PASSWORD) or browser.login(email=EMAIL, password=PASSWORD)
    return browser.get("/bill-syncing/xero/").content.decode()
