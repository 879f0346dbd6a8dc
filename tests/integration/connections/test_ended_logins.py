"""What happens when Clio or Xero ends a login: syncing pauses, the admins get one e-mail (BEHAVIOUR §2)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import Firm
from syncengine.connections import NotConnected, note_disconnected, note_good_call, open_clio, open_xero
from syncengine.connections.tokens import GrantTokens
from syncengine.models import Grant
from syncengine.transport.errors import NotAuthorised
from syncengine.transport.oauth import InvalidGrant, TokenSet
from tests.support.consents import HARROW, QUIET, Sides, ask, connected, in_minutes, the_grant

pytest_plugins = ["tests.support.consent_fixtures"]
BrowserOf = Callable[..., Client]
TOKEN = "/connect/token"


def test_a_login_that_is_over_breaks_the_connection_and_tells_the_admins_once(sides: Sides, xero_firm: Firm) -> None:
    sides.xero.act("expire_access_tokens")
    sides.xero.act("expire_refresh_tokens")
    for _ in range(2):
        with pytest.raises((NotAuthorised, NotConnected)):
            ask(xero_firm)
    grant, row = the_grant(), connected(xero_firm, "xero")
    assert (grant.state, grant.tokens) == ("revoked", None)
    assert row.state == "broken"
    assert "An admin must reconnect Xero" in row.problem
    assert [message.to for message in mail.outbox] == [["admin@hale.example"]]
    assert mail.outbox[0].subject == "ClioXero: Xero needs reconnecting for Hale & Partners"
    assert "http://localhost:8000/connections/" in mail.outbox[0].body
    assert sides.xero.calls.count("POST", TOKEN) == 1


def test_the_other_firm_of_an_ended_login_is_told_at_its_own_next_call(
    sides: Sides, xero_firm: Firm, thorn: Firm, browser_of: BrowserOf
) -> None:
    sides.connect_xero(browser_of(thorn), QUIET)
    sides.xero.act("expire_access_tokens")
    sides.xero.act("expire_refresh_tokens")
    with pytest.raises(NotAuthorised):
        ask(xero_firm)
    assert connected(thorn, "xero").state == "connected"
    with pytest.raises(NotAuthorised):
        ask(thorn)
    assert connected(thorn, "xero").state == "broken"
    assert [message.to for message in mail.outbox] == [["admin@hale.example"], ["admin@thorn.example"]]


def test_a_refused_refresh_token_that_somebody_replaced_meanwhile_breaks_nothing(sides: Sides, xero_firm: Firm) -> None:
    def renew(_old: str, _now: datetime) -> TokenSet:
        Grant.objects.update(
            tokens={"access_token": "theirs", "refresh_token": "theirs"}, expires_at=in_minutes(60)(), lease_until=None
        )
        raise InvalidGrant("xero", "The consent no longer holds: connect again.")

    assert GrantTokens(firm=xero_firm, service="xero", renew=renew, clock=in_minutes(31)).access_token() == "theirs"
    assert connected(xero_firm, "xero").state == "connected"
    assert mail.outbox == []


def test_reconnecting_mends_a_login_that_was_over(sides: Sides, xero_firm: Firm, browser_of: BrowserOf) -> None:
    sides.xero.act("expire_refresh_tokens")
    with pytest.raises(NotAuthorised):
        ask(xero_firm, in_minutes(31))
    sides.connect_xero(browser_of(xero_firm), HARROW)
    assert ask(xero_firm) == sides.name(HARROW)
    assert the_grant().state == "good"


def test_admins_of_a_second_break_are_told_again(sides: Sides, xero_firm: Firm, browser_of: BrowserOf) -> None:
    assert note_disconnected(firm=xero_firm, service="xero", problem="Gone.", now=timezone.now())
    assert not note_disconnected(firm=xero_firm, service="xero", problem="Gone.", now=timezone.now())
    sides.connect_xero(browser_of(xero_firm), HARROW)
    assert note_disconnected(firm=xero_firm, service="xero", problem="Gone again.", now=timezone.now())
    assert [message.body.count("Gone") for message in mail.outbox] == [1, 1]


def test_a_mail_server_that_is_down_does_not_stop_anything(sides: Sides, xero_firm: Firm, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "localhost", 9
    assert note_disconnected(firm=xero_firm, service="xero", problem="Gone.", now=timezone.now())
    assert connected(xero_firm, "xero").state == "broken"


@pytest.mark.parametrize("open_one", [open_clio, open_xero])
def test_a_firm_that_is_not_connected_gets_no_client(hale: Firm, open_one: Callable[..., Any]) -> None:
    with pytest.raises(NotConnected, match="is not connected: an admin connects it"):
        open_one(firm=hale, clock=timezone.now)


def test_a_broken_connection_gives_no_client_and_says_why(sides: Sides, xero_firm: Firm) -> None:
    note_disconnected(firm=xero_firm, service="xero", problem="Xero said goodbye.", now=timezone.now())
    with pytest.raises(NotConnected, match="Xero said goodbye") as refused:
        ask(xero_firm)
    assert refused.value.service == "xero"


def test_a_good_call_is_remembered(sides: Sides, xero_firm: Firm) -> None:
    note_good_call(firm=xero_firm, service="xero", now=in_minutes(5)())
    assert connected(xero_firm, "xero").last_good_call_at > timezone.now() + timedelta(minutes=4)  # type: ignore[operator]


def test_tokens_are_unreadable_in_the_database(sides: Sides, xero_firm: Firm) -> None:
    tokens = the_grant().tokens
    assert tokens is not None
    with connection.cursor() as cursor:
        cursor.execute("SELECT tokens FROM syncengine_grant")
        stored = bytes(cursor.fetchone()[0])
    assert tokens["access_token"].encode() not in stored
    assert tokens["refresh_token"].encode() not in stored
