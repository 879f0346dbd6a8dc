"""Tokens: renewed in time, one refresher a grant, saved before they are used (DESIGN §4.7)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import Firm
from sandbox.faults import Fault
from syncengine.connections import (
    NetworkInTransaction,
    NotConnected,
    note_disconnected,
    note_good_call,
    open_clio,
    open_xero,
)
from syncengine.connections.tokens import GrantTokens
from syncengine.models import Grant
from syncengine.transport.errors import LimitReached, NotAuthorised, Unreachable
from syncengine.transport.oauth import InvalidGrant, OAuthProblem, TokenSet
from tests.support.consents import HARROW, QUIET, Sides, connected

pytest_plugins = ["tests.support.consent_fixtures"]
BrowserOf = Callable[..., Client]
TOKEN = "/connect/token"


@pytest.fixture
def xero_firm(sides: Sides, hale: Firm, browser_of: BrowserOf) -> Firm:
    """A firm connected to Xero, with no calls counted yet."""
    sides.connect_xero(browser_of(hale), HARROW)
    sides.xero.calls.reset()
    return hale


def ask(firm: Firm, clock: Callable[[], datetime] = timezone.now, **options: Any) -> str:
    """A call to Xero that must succeed."""
    return open_xero(firm=firm, clock=clock, **options).organisation().name


def in_minutes(minutes: float) -> Callable[[], datetime]:
    """The clock, so many minutes on."""
    return lambda: timezone.now() + timedelta(minutes=minutes)


def the_grant() -> Grant:
    return Grant.objects.get()


def test_a_token_that_holds_is_not_renewed(sides: Sides, xero_firm: Firm) -> None:
    ask(xero_firm, in_minutes(28))
    assert sides.xero.calls.count("POST", TOKEN) == 0


def test_a_token_is_renewed_in_its_last_minute(sides: Sides, xero_firm: Firm) -> None:
    before = the_grant()
    ask(xero_firm, in_minutes(29.5))
    assert sides.xero.calls.count("POST", TOKEN) == 1
    after = the_grant()
    assert before.tokens is not None
    assert after.tokens is not None
    assert after.tokens["refresh_token"] != before.tokens["refresh_token"]
    assert (after.lease_owner, after.lease_until) == ("", None)
    assert after.generation == before.generation + 1
    assert after.refreshed_at is not None


def test_a_token_that_xero_no_longer_takes_is_renewed_once_and_the_call_goes_through(
    sides: Sides, xero_firm: Firm
) -> None:
    sides.xero.act("expire_access_tokens")
    assert ask(xero_firm) == sides.name(HARROW)
    assert sides.xero.calls.count("POST", TOKEN) == 1


def test_clio_keeps_its_refresh_token(sides: Sides, hale: Firm, browser_of: BrowserOf) -> None:
    sides.connect_clio(browser_of(hale))
    before = the_grant().tokens
    open_clio(firm=hale, clock=in_minutes(60 * 24 * 30)).who_am_i()
    after = the_grant().tokens
    assert before is not None
    assert after is not None
    assert after["refresh_token"] == before["refresh_token"]
    assert after["access_token"] != before["access_token"]


def test_the_other_firm_of_a_shared_login_uses_what_one_renewed(
    sides: Sides, xero_firm: Firm, thorn: Firm, browser_of: BrowserOf
) -> None:
    sides.connect_xero(browser_of(thorn), QUIET)
    sides.xero.calls.reset()
    sides.xero.act("expire_access_tokens")
    one = open_xero(firm=xero_firm, clock=timezone.now)
    other = open_xero(firm=thorn, clock=timezone.now)
    assert one.organisation().name == sides.name(HARROW)
    assert other.organisation().name == sides.name(QUIET)
    assert sides.xero.calls.count("POST", TOKEN) == 1


def test_a_client_that_was_opened_before_uses_what_another_renewed_after_a_401(sides: Sides, xero_firm: Firm) -> None:
    early = open_xero(firm=xero_firm, clock=timezone.now)
    early.organisation()
    sides.xero.act("expire_access_tokens")
    ask(xero_firm)
    early.organisation()
    assert sides.xero.calls.count("POST", TOKEN) == 1


# The lease


def tokens_of(firm: Firm, renew: Callable[[str, datetime], TokenSet], **options: Any) -> GrantTokens:
    """Tokens that are due for renewal, asked for by `renew`."""
    return GrantTokens(firm=firm, service="xero", renew=renew, clock=in_minutes(31), **options)


def fresh(number: int) -> TokenSet:
    return TokenSet(f"access-{number}", f"refresh-{number}", timezone.now() + timedelta(hours=2))


def test_the_new_pair_is_saved_before_it_is_used(sides: Sides, xero_firm: Firm) -> None:
    seen: list[str] = []

    def renew(_old: str, _now: datetime) -> TokenSet:
        held = the_grant()
        seen.append(held.lease_owner)
        assert held.lease_until is not None
        assert timedelta(seconds=25) < held.lease_until - in_minutes(31)() <= timedelta(seconds=30)
        return fresh(2)

    assert tokens_of(xero_firm, renew).access_token() == "access-2"
    assert len(seen[0]) == 32
    assert the_grant().tokens == {
        "access_token": "access-2",
        "refresh_token": "refresh-2",
        "scope": connected(xero_firm, "xero").grant.tokens["scope"],  # type: ignore[union-attr]
    }


def test_a_worker_does_not_wait_for_another_refresher(sides: Sides, xero_firm: Firm) -> None:
    Grant.objects.update(lease_owner="somebody", lease_until=in_minutes(31)() + timedelta(seconds=20))
    with pytest.raises(LimitReached) as busy:
        tokens_of(xero_firm, lambda _old, _now: fresh(2)).access_token()
    assert busy.value.kind == "busy"
    assert timedelta(0) < busy.value.until - in_minutes(31)() <= timedelta(seconds=1)
    assert the_grant().lease_owner == "somebody"


def test_a_person_waits_a_moment_and_gets_what_the_other_renewed(sides: Sides, xero_firm: Firm) -> None:
    Grant.objects.update(lease_owner="somebody", lease_until=in_minutes(31)() + timedelta(seconds=20))
    naps = []

    def nap(seconds: float) -> None:
        naps.append(seconds)
        Grant.objects.update(
            tokens={"access_token": "theirs", "refresh_token": "theirs"},
            expires_at=in_minutes(60)(),
            lease_owner="",
            lease_until=None,
        )

    tokens = tokens_of(xero_firm, lambda _old, _now: fresh(2), patience=timedelta(seconds=3), sleep=nap)
    assert tokens.access_token() == "theirs"
    assert len(naps) == 1


def test_a_lease_that_ran_out_is_taken_over(sides: Sides, xero_firm: Firm) -> None:
    Grant.objects.update(lease_owner="somebody", lease_until=in_minutes(31)() - timedelta(seconds=1))
    assert tokens_of(xero_firm, lambda _old, _now: fresh(2)).access_token() == "access-2"


def test_a_refresher_that_was_overtaken_saves_nothing_and_uses_what_the_other_saved(
    sides: Sides, xero_firm: Firm
) -> None:
    def renew(_old: str, _now: datetime) -> TokenSet:
        Grant.objects.update(  # a lease that ran out while this answer was on its way, or a new consent
            generation=the_grant().generation + 1,
            tokens={"access_token": "theirs", "refresh_token": "theirs"},
            expires_at=in_minutes(60)(),
            lease_owner="",
            lease_until=None,
        )
        return fresh(2)

    assert tokens_of(xero_firm, renew).access_token() == "theirs"
    assert (the_grant().tokens or {})["refresh_token"] == "theirs"


@pytest.mark.parametrize("error", [Unreachable("xero"), OAuthProblem("xero", "The answer could not be read.")])
def test_a_renewal_that_failed_for_now_gives_the_lease_back_and_breaks_nothing(
    sides: Sides, xero_firm: Firm, error: Exception
) -> None:
    def renew(_old: str, _now: datetime) -> TokenSet:
        raise error

    before = the_grant().tokens
    with pytest.raises(type(error)):
        tokens_of(xero_firm, renew).access_token()
    after = the_grant()
    assert (after.tokens, after.state, after.lease_owner, after.lease_until) == (before, "good", "", None)
    assert connected(xero_firm, "xero").state == "connected"
    assert mail.outbox == []


def test_a_lost_answer_of_xero_is_asked_for_again_with_the_same_refresh_token(sides: Sides, xero_firm: Firm) -> None:
    sides.xero.faults.add(Fault(kind="lose_answer", path_prefix=TOKEN))
    sides.xero.act("expire_access_tokens")
    with pytest.raises(Unreachable):
        ask(xero_firm)
    assert ask(xero_firm) == sides.name(HARROW)


def test_no_token_is_given_out_inside_a_transaction(sides: Sides, xero_firm: Firm) -> None:
    client = open_xero(firm=xero_firm, clock=timezone.now)
    with transaction.atomic(), pytest.raises(NetworkInTransaction):
        client.organisation()
    assert sides.xero.calls.total() == 0


# The end of a login


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

    assert tokens_of(xero_firm, renew).access_token() == "theirs"
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
