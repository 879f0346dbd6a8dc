"""Tokens: renewed in time, one refresher a grant, saved before they are used (DESIGN §4.7)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, ClassVar

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.models import Firm
from sandbox.faults import Fault
from syncengine.connections import (
    NetworkInTransaction,
    open_clio,
    open_xero,
)
from syncengine.connections.tokens import GrantTokens
from syncengine.models import Grant
from syncengine.transport.errors import LimitReached, Unreachable
from syncengine.transport.oauth import OAuthProblem, TokenSet
from tests.support.consents import HARROW, QUIET, Sides, ask, connected, in_minutes, the_grant

pytest_plugins = ["tests.support.consent_fixtures"]
BrowserOf = Callable[..., Client]
TOKEN = "/connect/token"


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
    assert after.generation > before.generation
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


class ReadEarlier(GrantTokens):
    """Somebody who was held up between reading the grant and taking its lease."""

    stale: ClassVar[list[Grant]] = []

    def _read(self) -> Grant:
        return self.stale.pop() if self.stale else super()._read()


def test_who_read_the_grant_while_it_was_renewed_does_not_renew_it_again(sides: Sides, xero_firm: Firm) -> None:
    read: list[Grant] = []

    def renew(_old: str, _now: datetime) -> TokenSet:
        read.append(the_grant())
        return fresh(2)

    def never(_old: str, _now: datetime) -> TokenSet:
        raise AssertionError("these tokens are used up")

    tokens_of(xero_firm, renew).access_token()
    late = ReadEarlier(firm=xero_firm, service="xero", renew=never, clock=in_minutes(31), patience=timedelta(seconds=3))
    ReadEarlier.stale = read
    assert late.access_token() == "access-2"


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


def test_a_consent_between_reading_and_taking_the_lease_is_not_overwritten(
    sides: Sides, xero_firm: Firm, browser_of: BrowserOf
) -> None:
    used: list[str] = []
    ticks = iter([True])

    def clock() -> datetime:
        if next(ticks, False):  # the first look at the clock comes after the row was read
            sides.connect_xero(browser_of(xero_firm), HARROW)
            Grant.objects.update(expires_at=in_minutes(30)())
        return in_minutes(31)()

    def renew(old: str, _now: datetime) -> TokenSet:
        used.append(old)
        return fresh(2)

    before = (the_grant().tokens or {})["refresh_token"]
    GrantTokens(firm=xero_firm, service="xero", renew=renew, clock=clock, patience=timedelta(seconds=1)).access_token()
    assert len(used) == 1
    assert used[0] != before


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
