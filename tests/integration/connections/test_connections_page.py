"""The Connections page: what each role sees and may do."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.firm_scope import firm_scope
from accounts.models import Firm
from syncengine.connections import note_disconnected
from syncengine.models import Connection
from tests.support.consents import HARROW, Sides, connected, nothing_saved

pytest_plugins = ["tests.support.consent_fixtures"]
BrowserOf = Callable[..., Client]
POSTS = (
    "clio/connect/",
    "xero/connect/",
    "xero/choose/",
    "clio/disconnect/",
    "xero/disconnect/",
)
CALLBACKS = ("clio/callback/?state=s&code=c", "xero/callback/?state=s&code=c", "xero/choose/")


def page(browser: Client) -> str:
    answer = browser.get("/connections/")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("role", ["admin", "staff", "viewer"])
def test_everybody_in_the_firm_sees_the_page(hale: Firm, browser_of: BrowserOf, role: str) -> None:
    words = page(browser_of(hale, role))
    assert "Not connected" in words
    assert ("Connect Clio" in words) == (role == "admin")
    assert ("Connect Xero" in words) == (role == "admin")


@pytest.mark.parametrize("role", ["staff", "viewer"])
@pytest.mark.parametrize("path", POSTS)
def test_only_an_admin_connects_and_disconnects(
    sides: Sides, hale: Firm, browser_of: BrowserOf, role: str, path: str
) -> None:
    answer = browser_of(hale, role).post(f"/connections/{path}", {"region": "ca", "forget": ""})
    assert answer.status_code == 403
    assert "Only an admin" in answer.content.decode()


@pytest.mark.parametrize("role", ["staff", "viewer"])
@pytest.mark.parametrize("path", CALLBACKS)
def test_only_an_admin_comes_back_from_a_consent(hale: Firm, browser_of: BrowserOf, role: str, path: str) -> None:
    assert browser_of(hale, role).get(f"/connections/{path}").status_code == 403
    assert nothing_saved(hale)


@pytest.mark.parametrize("path", ["", *CALLBACKS])
def test_somebody_who_is_not_logged_in_is_sent_to_log_in(client: Client, db: None, path: str) -> None:
    answer = client.get(f"/connections/{path}")
    assert answer.status_code == 302
    assert "/accounts/login/" in answer["Location"]


@pytest.mark.parametrize("path", POSTS)
def test_what_acts_is_posted(hale: Firm, browser_of: BrowserOf, path: str) -> None:
    answer = browser_of(hale).get(f"/connections/{path}")
    assert answer.status_code == (302 if path == "xero/choose/" else 405)


def test_a_firm_without_the_plan_cannot_connect_but_may_disconnect(
    sides: Sides, hale: Firm, browser_of: BrowserOf
) -> None:
    browser = browser_of(hale)
    sides.connect_clio(browser)
    hale.plan = "other"
    hale.save()
    assert browser.post("/connections/xero/connect/").status_code == 403
    assert "Connect Xero" not in page(browser)
    assert browser.post("/connections/clio/disconnect/").status_code == 302
    assert connected(hale, "clio").state == "disconnected"


def test_the_page_names_the_account_since_when_and_the_last_good_call(
    sides: Sides, hale: Firm, browser_of: BrowserOf
) -> None:
    browser = browser_of(hale)
    sides.connect_clio(browser, region="eu")
    with firm_scope(hale):
        Connection.objects.update(
            connected_at=datetime.fromisoformat("2026-11-01T09:30:00+00:00"),
            last_good_call_at=datetime.fromisoformat("2026-11-23T08:05:00+00:00"),
        )
    words = page(browser)
    assert sides.clio.data.account.name.replace("&", "&amp;") in words
    assert "Europe" in words
    assert 'datetime="2026-11-01T09:30:00+00:00"' in words
    assert 'datetime="2026-11-23T08:05:00+00:00"' in words
    assert 'action="/connections/clio/disconnect/"' in words
    assert 'action="/connections/clio/connect/"' not in words


def test_a_broken_connection_says_what_is_wrong_and_offers_the_one_button(
    sides: Sides, hale: Firm, browser_of: BrowserOf
) -> None:
    browser = browser_of(hale)
    sides.connect_xero(browser, HARROW)
    note_disconnected(firm=hale, service="xero", problem="Xero was disconnected from its side.", now=timezone.now())
    words = page(browser)
    assert "Needs reconnecting" in words
    assert "Xero was disconnected from its side." in words
    assert "Reconnect Xero" in words
    viewer = page(browser_of(hale, "viewer"))
    assert "Xero was disconnected from its side." in viewer
    assert "Reconnect Xero" not in viewer


def test_a_bound_firm_is_offered_its_own_region_only(sides: Sides, hale: Firm, browser_of: BrowserOf) -> None:
    browser = browser_of(hale)
    sides.connect_clio(browser, region="au")
    browser.post("/connections/clio/disconnect/")
    words = page(browser)
    assert '<input type="hidden" name="region" value="au">' in words
    assert "<select" not in words


def test_a_form_of_another_firm_is_refused(sides: Sides, hale: Firm, browser_of: BrowserOf) -> None:
    browser = browser_of(hale)
    sides.connect_clio(browser)
    answer = browser.post("/connections/clio/disconnect/", {"for_firm": "thorn-law"})
    assert answer.status_code == 409
    assert connected(hale, "clio").state == "connected"


def test_an_installation_without_an_application_says_so(hale: Firm, browser_of: BrowserOf, settings: Any) -> None:
    settings.XERO_CLIENT_ID = ""
    answer = browser_of(hale).post("/connections/xero/connect/")
    assert answer.status_code == 503
    assert "ask the operator to set XERO_CLIENT_ID" in answer.content.decode()


def test_the_page_takes_few_queries(
    sides: Sides, hale: Firm, browser_of: BrowserOf, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    browser = browser_of(hale)
    sides.connect_clio(browser)
    sides.connect_xero(browser, HARROW)
    page(browser)
    with django_assert_max_num_queries(12):
        page(browser)


def test_a_name_cannot_carry_markup_into_the_page(sides: Sides, hale: Firm, browser_of: BrowserOf) -> None:
    browser = browser_of(hale)
    sides.connect_clio(browser)
    with firm_scope(hale):
        Connection.objects.update(
            name="<script>alert(1)</script>", last_good_call_at=timezone.now() - timedelta(minutes=1)
        )
    words = page(browser)
    assert "<script>alert(1)" not in words
    assert "&lt;script&gt;alert(1)" in words
