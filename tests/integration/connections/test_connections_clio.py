"""Connecting Clio against the stand-in, over real OAuth."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.firm_scope import firm_scope
from accounts.models import AuditEvent, Firm
from sandbox.faults import Fault
from syncengine.connections import open_clio
from syncengine.models import Connection, Grant
from tests.support.consents import Sides, connected, connection_of, nothing_saved

pytest_plugins = ["tests.support.consent_fixtures"]
BrowserOf = Callable[..., Client]


def test_an_allowed_consent_connects_the_account(sides: Sides, hale: Firm, browser_of: BrowserOf) -> None:
    before = timezone.now()
    sides.connect_clio(browser_of(hale), region="eu")
    row = connected(hale, "clio")
    account = sides.clio.data.account
    assert (row.remote_id, row.region, row.name, row.state) == (str(account.id), "eu", account.name, "connected")
    assert row.remote_created_at == account.created_at
    assert before <= row.connected_at <= timezone.now()
    assert row.last_good_call_at == row.connected_at
    assert row.grant is not None
    assert row.grant.subject == f"eu:{sides.clio.data.users.ids[0]}"
    with firm_scope(hale):
        event = AuditEvent.objects.get(action="connected")
    assert event.actor is not None
    assert event.actor.email == "admin@hale.example"
    assert event.detail == {"service": "clio", "remote_id": str(account.id), "name": account.name, "region": "eu"}


def test_a_connected_account_answers_calls(sides: Sides, hale: Firm, browser_of: BrowserOf) -> None:
    sides.connect_clio(browser_of(hale))
    client = open_clio(firm=hale, clock=timezone.now)
    assert client.who_am_i()["account"]["id"] == sides.clio.data.account.id
    assert client.calls == 1


def test_the_admin_is_sent_to_clio_with_this_installations_redirect_address(
    sides: Sides, hale: Firm, browser_of: BrowserOf
) -> None:
    address = sides.leave(browser_of(hale), "clio", region="ca")
    assert address.startswith(f"{sides.clio_url}/oauth/authorize?")
    assert "redirect_uri=http%3A%2F%2Flocalhost%3A8000%2Fconnections%2Fclio%2Fcallback%2F" in address


def test_without_a_region_the_firms_own_is_taken(sides: Sides, hale: Firm, browser_of: BrowserOf) -> None:
    browser = browser_of(hale)
    browser.get(sides.decide(sides.leave(browser, "clio")))
    assert connected(hale, "clio").region == "ca"


def test_an_unknown_region_is_refused(sides: Sides, hale: Firm, browser_of: BrowserOf) -> None:
    answer = browser_of(hale).post("/connections/clio/connect/", {"region": "mars"})
    assert answer.status_code == 422
    assert "US, CA, EU, AU" in answer.content.decode()


def test_a_declined_consent_changes_nothing_and_says_so(sides: Sides, hale: Firm, browser_of: BrowserOf) -> None:
    browser = browser_of(hale)
    back = sides.decide(sides.leave(browser, "clio", region="ca"), decision="decline")
    answer = browser.get(back, follow=True)
    assert answer.redirect_chain == [("/connections/", 302)]
    assert "You did not allow the connection in Clio" in answer.content.decode()
    assert nothing_saved(hale)


def tampered(path: str) -> str:
    return path.replace("state=", "state=x")


@pytest.mark.parametrize("change", [tampered, lambda path: path.partition("&state")[0]])
def test_a_state_that_was_tampered_with_or_left_out_saves_nothing(
    sides: Sides, hale: Firm, browser_of: BrowserOf, change: Callable[[str], str]
) -> None:
    browser = browser_of(hale)
    back = sides.decide(sides.leave(browser, "clio", region="ca"))
    answer = browser.get(change(back))
    assert answer.status_code == 403
    assert "does not belong to a connection that you started here" in answer.content.decode()
    assert nothing_saved(hale)
    assert browser.get(back).status_code == 403, "the state was used up"
    assert sides.clio.calls.count("POST", "/oauth/token") == 0


def test_a_state_of_another_browser_saves_nothing(sides: Sides, hale: Firm, browser_of: BrowserOf) -> None:
    back = sides.decide(sides.leave(browser_of(hale), "clio", region="ca"))
    assert browser_of(hale).get(back).status_code == 403
    assert nothing_saved(hale)


def test_a_state_older_than_ten_minutes_saves_nothing(sides: Sides, hale: Firm, browser_of: BrowserOf) -> None:
    browser = browser_of(hale)
    with time_machine.travel(datetime(2026, 11, 23, 9, 0, tzinfo=UTC), tick=False):
        back = sides.decide(sides.leave(browser, "clio", region="ca"))
    with time_machine.travel(datetime(2026, 11, 23, 9, 10, 1, tzinfo=UTC), tick=False):
        assert browser.get(back).status_code == 403
    assert nothing_saved(hale)


def test_coming_back_twice_connects_once(sides: Sides, hale: Firm, browser_of: BrowserOf) -> None:
    browser = browser_of(hale)
    back = sides.decide(sides.leave(browser, "clio", region="ca"))
    assert browser.get(back).status_code == 302
    assert browser.get(back).status_code == 403
    assert Grant.objects.count() == 1


def test_a_code_that_clio_does_not_know_saves_nothing(sides: Sides, hale: Firm, browser_of: BrowserOf) -> None:
    browser = browser_of(hale)
    back = sides.decide(sides.leave(browser, "clio", region="ca"))
    answer = browser.get(back.replace("code=", "code=x"))
    assert answer.status_code == 400
    assert "Start again" in answer.content.decode()
    assert nothing_saved(hale)


def test_no_code_at_all_saves_nothing(sides: Sides, hale: Firm, browser_of: BrowserOf) -> None:
    browser = browser_of(hale)
    back = sides.decide(sides.leave(browser, "clio", region="ca"))
    state = back.partition("state=")[2]
    assert browser.get(f"/connections/clio/callback/?state={state}").status_code == 400
    assert nothing_saved(hale)


@pytest.mark.parametrize(
    "fault",
    [
        Fault(kind="status", path_prefix="/oauth/token", status=500),
        Fault(kind="lose_answer", path_prefix="/oauth/token"),
        Fault(kind="status", path_prefix="/api/v4/users", status=500, times=2),
        Fault(kind="lose_answer", path_prefix="/api/v4/users", times=2),
        Fault(kind="rate_limit", path_prefix="/api/v4/users", times=2),
        Fault(kind="html_403", path_prefix="/api/v4/users", times=2),
        Fault(kind="expire_token", path_prefix="/api/v4/users", times=2),
    ],
    ids=lambda fault: f"{fault.kind} {fault.path_prefix}",
)
def test_when_clio_fails_on_the_way_nothing_is_half_saved(
    sides: Sides, hale: Firm, browser_of: BrowserOf, fault: Fault
) -> None:
    browser = browser_of(hale)
    back = sides.decide(sides.leave(browser, "clio", region="ca"))
    sides.clio.faults.add(fault)
    answer = browser.get(back)
    assert answer.status_code == 502
    assert "Nothing was changed" in answer.content.decode()
    assert nothing_saved(hale)


def test_when_clio_is_not_there_nothing_is_saved(
    sides: Sides, hale: Firm, browser_of: BrowserOf, settings: Any
) -> None:
    browser = browser_of(hale)
    back = sides.decide(sides.leave(browser, "clio", region="ca"))
    settings.CLIO_URL = "http://localhost:9"
    answer = browser.get(back)
    assert answer.status_code == 502
    assert "Clio cannot be reached at the moment" in answer.content.decode()
    assert nothing_saved(hale)


def test_another_account_than_the_bound_one_is_refused(sides: Sides, hale: Firm, browser_of: BrowserOf) -> None:
    browser = browser_of(hale)
    sides.connect_clio(browser)
    before = connected(hale, "clio")
    sides.clio.data.account.id += 1
    sides.clio.data.account.name = "Somebody Else LLP"
    answer = browser.get(sides.decide(sides.leave(browser, "clio", region="ca")))
    assert answer.status_code == 409
    words = answer.content.decode()
    assert "Somebody Else LLP" in words
    assert "Disconnect and forget links" in words
    after = connected(hale, "clio")
    assert (after.remote_id, after.connected_at, after.state) == (before.remote_id, before.connected_at, "connected")
    assert before.grant is not None
    assert after.grant is not None
    assert after.grant.tokens == before.grant.tokens


def test_the_same_id_in_another_region_is_another_account(sides: Sides, hale: Firm, browser_of: BrowserOf) -> None:
    browser = browser_of(hale)
    sides.connect_clio(browser, region="ca")
    answer = browser.get(sides.decide(sides.leave(browser, "clio", region="us")))
    assert answer.status_code == 409
    assert connected(hale, "clio").region == "ca"


def test_an_account_that_serves_another_firm_is_refused(
    sides: Sides, hale: Firm, thorn: Firm, browser_of: BrowserOf
) -> None:
    sides.connect_clio(browser_of(hale))
    kept = connected(hale, "clio").grant
    browser = browser_of(thorn)
    answer = browser.get(sides.decide(sides.leave(browser, "clio", region="ca")))
    assert answer.status_code == 409
    words = answer.content.decode()
    assert "connected to another firm of this installation already" in words
    assert "Hale" not in words
    assert connection_of(thorn, "clio") is None
    assert Grant.objects.get() == kept
    assert kept is not None
    assert Grant.objects.get().tokens == kept.tokens


def test_reconnecting_keeps_the_connection_and_renews_what_was_wrong(
    sides: Sides, hale: Firm, browser_of: BrowserOf
) -> None:
    browser = browser_of(hale)
    sides.connect_clio(browser)
    first = connected(hale, "clio")
    with firm_scope(hale):
        Connection.objects.update(
            state="broken", problem="Clio said no.", connected_at=timezone.now() - timedelta(days=3)
        )
    sides.clio.data.account.name = "Harrow & Lindqvist LLP"
    sides.connect_clio(browser)
    again = connected(hale, "clio")
    assert (again.pk, again.state, again.problem) == (first.pk, "connected", "")
    assert again.name == "Harrow & Lindqvist LLP"
    assert timezone.now() - again.connected_at < timedelta(minutes=1)
    assert Grant.objects.count() == 1
