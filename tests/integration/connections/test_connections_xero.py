"""Connecting Xero against the stand-in, over real OAuth."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from werkzeug.wrappers import Response

from accounts.firm_scope import firm_scope
from accounts.models import Firm
from sandbox.answers import json_response
from sandbox.faults import Fault
from sandbox.xero.grants import USERS
from syncengine.connections import open_xero
from syncengine.models import Connection, Grant, OrganisationChoice
from tests.support.consents import BOOKKEEPER, HARROW, MANAGER, QUIET, Sides, connected, connection_of, nothing_saved

pytest_plugins = ["tests.support.consent_fixtures"]
BrowserOf = Callable[..., Client]
CHOOSE = "/connections/xero/choose/"


def offered(firm: Firm) -> list[str]:
    """The names on offer to the firm."""
    with firm_scope(firm):
        return [row["name"] for choice in OrganisationChoice.objects.all() for row in choice.offered]


def test_one_organisation_is_taken(sides: Sides, hale: Firm, browser_of: BrowserOf) -> None:
    sides.connect_xero(browser_of(hale), HARROW)
    row = connected(hale, "xero")
    assert (row.remote_id, row.name, row.state) == (sides.tenant(HARROW), sides.name(HARROW), "connected")
    assert row.remote_connection_id
    assert row.grant is not None
    assert row.grant.subject == next(user.id for user in USERS if user.email == MANAGER)


def test_a_connected_organisation_answers_calls(sides: Sides, hale: Firm, browser_of: BrowserOf) -> None:
    sides.connect_xero(browser_of(hale), QUIET)
    assert open_xero(firm=hale, clock=timezone.now).organisation().name == sides.name(QUIET)


def test_of_several_the_admin_chooses_one(sides: Sides, hale: Firm, browser_of: BrowserOf) -> None:
    browser = browser_of(hale)
    answer = browser.get(sides.consent_xero(browser, HARROW, QUIET))
    assert answer.status_code == 302
    assert answer["Location"] == CHOOSE
    assert connection_of(hale, "xero") is None
    words = browser.get(CHOOSE).content.decode()
    assert "Harrow &amp; Lindqvist Law (stand-in)" in words
    assert "Quiet Harbour Trust (stand-in)" in words
    chosen = browser.post(CHOOSE, {"tenant_id": sides.tenant(QUIET)})
    assert chosen.status_code == 302
    assert chosen["Location"] == "/connections/"
    assert connected(hale, "xero").remote_id == sides.tenant(QUIET)
    assert offered(hale) == []
    assert open_xero(firm=hale, clock=timezone.now).organisation().name == sides.name(QUIET)


def test_while_a_choice_is_open_the_page_leads_to_it(sides: Sides, hale: Firm, browser_of: BrowserOf) -> None:
    browser = browser_of(hale)
    browser.get(sides.consent_xero(browser, HARROW, QUIET))
    assert f'href="{CHOOSE}"' in browser.get("/connections/").content.decode()


@pytest.mark.parametrize("tenant_id", ["", "6f1e0f5a-0000-4000-8000-000000000000"])
def test_an_organisation_that_is_not_on_offer_is_refused(
    sides: Sides, hale: Firm, browser_of: BrowserOf, tenant_id: str
) -> None:
    browser = browser_of(hale)
    browser.get(sides.consent_xero(browser, HARROW, QUIET))
    answer = browser.post(CHOOSE, {"tenant_id": tenant_id})
    assert answer.status_code == 409
    assert "Choose one of the organisations in the list" in answer.content.decode()
    assert connection_of(hale, "xero") is None
    assert len(offered(hale)) == 2


def test_an_offer_is_over_after_an_hour_and_its_tokens_are_gone(
    sides: Sides, hale: Firm, browser_of: BrowserOf
) -> None:
    browser = browser_of(hale)
    browser.get(sides.consent_xero(browser, HARROW, QUIET))
    with firm_scope(hale):
        OrganisationChoice.objects.update(created_at=timezone.now() - timedelta(minutes=61))
    assert browser.get(CHOOSE)["Location"] == "/connections/"
    assert browser.post(CHOOSE, {"tenant_id": sides.tenant(QUIET)}).status_code == 409
    assert nothing_saved(hale)
    assert offered(hale) == []


def test_starting_anew_takes_the_open_choice_back(sides: Sides, hale: Firm, browser_of: BrowserOf) -> None:
    browser = browser_of(hale)
    browser.get(sides.consent_xero(browser, HARROW, QUIET))
    sides.leave(browser, "xero")
    assert offered(hale) == []
    assert not Grant.objects.exists()


def test_an_offer_to_one_firm_is_none_to_another(sides: Sides, hale: Firm, thorn: Firm, browser_of: BrowserOf) -> None:
    browser = browser_of(hale)
    browser.get(sides.consent_xero(browser, HARROW, QUIET))
    assert browser_of(thorn).post(CHOOSE, {"tenant_id": sides.tenant(QUIET)}).status_code == 409
    assert connection_of(thorn, "xero") is None


def test_what_the_same_login_connected_earlier_for_another_firm_is_not_asked_about(
    sides: Sides, hale: Firm, thorn: Firm, browser_of: BrowserOf
) -> None:
    sides.connect_xero(browser_of(hale), HARROW)
    sides.connect_xero(browser_of(thorn), QUIET)
    assert connected(thorn, "xero").remote_id == sides.tenant(QUIET)


def test_two_firms_of_one_login_share_its_grant(sides: Sides, hale: Firm, thorn: Firm, browser_of: BrowserOf) -> None:
    sides.connect_xero(browser_of(hale), HARROW)
    sides.connect_xero(browser_of(thorn), QUIET)
    assert Grant.objects.count() == 1
    for firm, place in ((hale, HARROW), (thorn, QUIET)):
        assert open_xero(firm=firm, clock=timezone.now).organisation().name == sides.name(place)


def test_two_logins_have_a_grant_each(sides: Sides, hale: Firm, thorn: Firm, browser_of: BrowserOf) -> None:
    sides.connect_xero(browser_of(hale), HARROW, user=MANAGER)
    sides.connect_xero(browser_of(thorn), QUIET, user=BOOKKEEPER)
    assert Grant.objects.count() == 2


def test_a_login_that_names_nobody_counts_as_the_organisations_own(
    sides: Sides, hale: Firm, browser_of: BrowserOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("syncengine.connections.xero_consent.claims", lambda _tokens: {})
    sides.connect_xero(browser_of(hale), HARROW)
    grant = connected(hale, "xero").grant
    assert grant is not None
    assert grant.subject == f"tenant:{sides.tenant(HARROW)}"


def test_an_organisation_that_serves_another_firm_is_refused_and_stays_connected(
    sides: Sides, hale: Firm, thorn: Firm, browser_of: BrowserOf
) -> None:
    sides.connect_xero(browser_of(hale), HARROW, user=MANAGER)
    browser = browser_of(thorn)
    answer = browser.get(sides.consent_xero(browser, HARROW, user=BOOKKEEPER))
    assert answer.status_code == 409
    assert "connected to another firm of this installation already" in answer.content.decode()
    assert connection_of(thorn, "xero") is None
    assert Grant.objects.count() == 1
    assert open_xero(firm=hale, clock=timezone.now).organisation().name == sides.name(HARROW)


def test_an_organisation_that_another_firm_took_at_this_moment_is_refused(
    sides: Sides, hale: Firm, thorn: Firm, browser_of: BrowserOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    sides.connect_xero(browser_of(hale), HARROW, user=MANAGER)
    monkeypatch.setattr("syncengine.connections.xero_consent.serves_another_firm", lambda _account, *, now: False)
    browser = browser_of(thorn)
    answer = browser.get(sides.consent_xero(browser, HARROW, user=BOOKKEEPER))
    assert answer.status_code == 409
    assert connection_of(thorn, "xero") is None
    assert Grant.objects.count() == 1


def test_another_firms_organisation_is_not_on_offer(
    sides: Sides, hale: Firm, thorn: Firm, browser_of: BrowserOf
) -> None:
    sides.connect_xero(browser_of(hale), HARROW, user=MANAGER)
    browser = browser_of(thorn)
    browser.get(sides.consent_xero(browser, HARROW, QUIET, user=BOOKKEEPER))
    assert offered(thorn) == [sides.name(QUIET)]


def test_a_reconnect_takes_the_firms_own_of_several_without_asking(
    sides: Sides, hale: Firm, browser_of: BrowserOf
) -> None:
    browser = browser_of(hale)
    sides.connect_xero(browser, QUIET)
    answer = browser.get(sides.consent_xero(browser, HARROW, QUIET))
    assert answer["Location"] == "/connections/"
    assert connected(hale, "xero").remote_id == sides.tenant(QUIET)
    assert offered(hale) == []


def test_a_reconnect_without_the_firms_own_is_refused_and_disconnected_at_xero_again(
    sides: Sides, hale: Firm, browser_of: BrowserOf
) -> None:
    browser = browser_of(hale)
    sides.connect_xero(browser, QUIET, user=MANAGER)
    answer = browser.get(sides.consent_xero(browser, HARROW, user=BOOKKEEPER))
    assert answer.status_code == 409
    words = answer.content.decode()
    assert "Quiet Harbour Trust (stand-in)" in words
    assert "Harrow &amp; Lindqvist Law (stand-in)" in words
    assert connected(hale, "xero").remote_id == sides.tenant(QUIET)
    assert sides.connected_at_xero() == {sides.tenant(QUIET)}
    assert Grant.objects.count() == 1


def test_a_reconnect_of_another_login_takes_over_and_the_first_logins_tokens_are_dropped(
    sides: Sides, hale: Firm, browser_of: BrowserOf
) -> None:
    browser = browser_of(hale)
    sides.connect_xero(browser, HARROW, user=MANAGER)
    first = connected(hale, "xero").grant
    sides.connect_xero(browser, HARROW, user=BOOKKEEPER)
    second = connected(hale, "xero").grant
    assert first != second
    assert list(Grant.objects.all()) == [second]


def test_a_declined_consent_changes_nothing(sides: Sides, hale: Firm, browser_of: BrowserOf) -> None:
    browser = browser_of(hale)
    answer = browser.get(sides.decide(sides.leave(browser, "xero"), decision="decline"), follow=True)
    assert "You did not allow the connection in Xero" in answer.content.decode()
    assert nothing_saved(hale)


def test_a_tampered_state_saves_nothing(sides: Sides, hale: Firm, browser_of: BrowserOf) -> None:
    browser = browser_of(hale)
    back = sides.consent_xero(browser, HARROW)
    assert browser.get(back.replace("state=", "state=x")).status_code == 403
    assert nothing_saved(hale)


@pytest.mark.parametrize(
    "fault",
    [
        Fault(kind="status", path_prefix="/connect/token", status=500),
        Fault(kind="lose_answer", path_prefix="/connect/token"),
        Fault(kind="status", path_prefix="/connections", status=500),
        Fault(kind="lose_answer", path_prefix="/connections"),
        Fault(kind="rate_limit", path_prefix="/connections"),
    ],
    ids=lambda fault: f"{fault.kind} {fault.path_prefix}",
)
def test_when_xero_fails_on_the_way_nothing_is_half_saved(
    sides: Sides, hale: Firm, browser_of: BrowserOf, fault: Fault
) -> None:
    browser = browser_of(hale)
    back = sides.consent_xero(browser, HARROW)
    sides.xero.faults.add(fault)
    answer = browser.get(back)
    assert answer.status_code == 502
    assert "Nothing was changed" in answer.content.decode()
    assert nothing_saved(hale)


def test_a_login_that_reaches_no_organisation_saves_nothing(sides: Sides, hale: Firm, browser_of: BrowserOf) -> None:
    browser = browser_of(hale)
    back = sides.consent_xero(browser, HARROW)
    sides.xero.act("disconnect", tenant=sides.tenant(HARROW))
    answer = browser.get(back)
    assert answer.status_code == 400
    assert "No organisation was chosen in Xero" in answer.content.decode()
    assert nothing_saved(hale)


def test_a_practice_manager_account_is_not_an_organisation(
    sides: Sides, hale: Firm, browser_of: BrowserOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(payload: Any, **rest: Any) -> Response:
        if isinstance(payload, list):
            payload = [
                {**row, "tenantType": "PRACTICE"} if row["tenantId"] == sides.tenant(QUIET) else row for row in payload
            ]
        return json_response(payload, **rest)

    browser = browser_of(hale)
    back = sides.consent_xero(browser, HARROW, QUIET)
    monkeypatch.setattr("sandbox.xero.oauth.json_response", answer)
    browser.get(back)
    assert connected(hale, "xero").remote_id == sides.tenant(HARROW)


def test_connecting_again_makes_no_second_connection(sides: Sides, hale: Firm, browser_of: BrowserOf) -> None:
    browser = browser_of(hale)
    sides.connect_xero(browser, HARROW)
    sides.connect_xero(browser, HARROW)
    with firm_scope(hale):
        assert Connection.objects.filter(service="xero").count() == 1
