"""Logging in to the stand-in Xero, tokens and connections."""

import base64
import hashlib
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.support.xero_stand_in import Json, Xero

REDIRECT = "http://localhost:8000/callback"
SCOPE = "openid profile email offline_access accounting.contacts accounting.invoices accounting.settings.read"
ASK = {
    "response_type": "code",
    "client_id": "xero-demo",
    "redirect_uri": REDIRECT,
    "scope": SCOPE,
    "state": "s1",
}
CLIENT = ("xero-demo", "xero-demo-secret")


@pytest.fixture
def xero(running_xero: Xero) -> Xero:
    """A stand-in to which nobody has logged in."""
    requests.post(f"{running_xero.url}/control/reset")
    return running_xero


def page(xero: Xero, **changes: str) -> requests.Response:
    """The consent page."""
    return requests.get(f"{xero.url}/identity/connect/authorize", params={**ASK, **changes})


def decide(xero: Xero, **changes: Any) -> requests.Response:
    """The answer to the consent page's form."""
    form = {**ASK, "decision": "allow", "organisation": xero.server.tenants[:1], **changes}
    return requests.post(f"{xero.url}/identity/connect/authorize", data=form, allow_redirects=False)


def code(xero: Xero, **changes: Any) -> str:
    """A fresh code."""
    return parse_qs(urlsplit(decide(xero, **changes).headers["Location"]).query)["code"][0]


def token(xero: Xero, **form: str) -> requests.Response:
    """POST /connect/token with Basic authorisation."""
    return requests.post(f"{xero.url}/connect/token", data=form, auth=CLIENT)


def tokens(xero: Xero, **changes: Any) -> Json:
    """Consent, and the code for tokens."""
    grant = {"grant_type": "authorization_code", "redirect_uri": REDIRECT}
    answer = token(xero, code=code(xero, **changes), **grant)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def connections(xero: Xero, access: str, **params: str) -> requests.Response:
    """GET /connections."""
    return requests.get(f"{xero.url}/connections", params=params, headers={"Authorization": f"Bearer {access}"})


def organisation(xero: Xero, access: str, tenant: str) -> requests.Response:
    """GET /Organisation of a tenant."""
    headers = {"Authorization": f"Bearer {access}", "xero-tenant-id": tenant, "Accept": "application/json"}
    return requests.get(f"{xero.url}/api.xro/2.0/Organisation", headers=headers)


def claims(jwt: str) -> Json:
    """What a JWT says."""
    part = jwt.split(".")[1]
    return dict(json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))))


def test_the_page_says_it_is_a_stand_in_and_offers_both_organisations_with_the_first_ticked(xero: Xero) -> None:
    shown = page(xero).text
    assert "Stand-in Xero — not Xero" in shown
    first, second = xero.server.tenants
    assert f"value='{first}' checked" in shown
    assert f"value='{second}'>" in shown
    assert "Harrow &amp; Lindqvist Law (stand-in)" in shown
    assert "Quiet Harbour Trust (stand-in)" in shown


def test_the_pages_hidden_fields_are_what_was_asked_for_and_nothing_can_be_slipped_in(xero: Xero) -> None:
    assert "name='state' value='s&#x27;&lt;b&gt;'" in page(xero, state="s'<b>").text


def test_allowing_sends_back_a_code_and_the_state_and_declining_says_so(xero: Xero) -> None:
    allowed = urlsplit(decide(xero).headers["Location"])
    assert (allowed.netloc, allowed.path) == ("localhost:8000", "/callback")
    assert parse_qs(allowed.query)["state"] == ["s1"]
    declined = parse_qs(urlsplit(decide(xero, decision="decline").headers["Location"]).query)
    assert declined == {"error": ["access_denied"], "state": ["s1"]}


def test_allowing_without_an_organisation_shows_the_page_again(xero: Xero) -> None:
    answer = decide(xero, organisation=[])
    assert (answer.status_code, "Choose at least one organisation." in answer.text) == (400, True)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_id": "nobody"}, "unauthorized_client"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"redirect_uri": "http://127.0.0.1:8000/callback"}, "invalid_request"),
        ({"redirect_uri": "http://firm.example/callback"}, "invalid_request"),
        ({"redirect_uri": ""}, "invalid_request"),
        ({"scope": "openid accounting.transactions"}, "invalid_scope"),
        ({"scope": "accounting.everything"}, "invalid_scope"),
        ({"scope": ""}, "invalid_scope"),
    ],
)
def test_a_request_that_xero_would_refuse_is_a_page_that_says_why(
    xero: Xero, changes: dict[str, str], error: str
) -> None:
    answer = page(xero, **changes)
    assert (answer.status_code, f"Error: {error}" in answer.text) == (400, True)
    assert decide(xero, **changes).status_code == 400


def test_an_https_address_is_returned_to(xero: Xero) -> None:
    target = "https://clioxero.example/connections/xero/callback/?a=1"
    assert decide(xero, redirect_uri=target).headers["Location"].startswith(f"{target}&code=")


def test_the_code_gives_tokens_whose_claims_name_the_person_and_the_consent(xero: Xero) -> None:
    given = tokens(xero)
    assert (given["token_type"], given["expires_in"]) == ("Bearer", 1800)
    said = claims(given["access_token"])
    assert said["scope"] == SCOPE.split()
    (connection,) = connections(xero, given["access_token"]).json()
    assert said["authentication_event_id"] == connection["authEventId"]
    assert said["xero_userid"]
    assert said["exp"] - said["nbf"] == 1800
    assert claims(given["id_token"])["email"].endswith(".example")


def test_a_code_is_used_once_within_five_minutes_for_its_own_address_and_app(xero: Xero) -> None:
    grant = {"grant_type": "authorization_code", "redirect_uri": REDIRECT}
    used = code(xero)
    assert token(xero, code=used, **grant).status_code == 200
    late = code(xero)
    answers = [token(xero, code=used, **grant)]
    answers.append(token(xero, code=code(xero), grant_type="authorization_code", redirect_uri="https://other.example"))
    answers.append(token(xero, code="made up", **grant))
    xero.server.clock.advance(301)
    answers.append(token(xero, code=late, **grant))
    assert [(answer.status_code, answer.json()) for answer in answers] == [(400, {"error": "invalid_grant"})] * 4


def test_credentials_go_by_basic_authorisation_or_in_the_form_and_wrong_ones_are_refused(xero: Xero) -> None:
    form = {"grant_type": "authorization_code", "redirect_uri": REDIRECT}
    named = {"client_id": CLIENT[0], "client_secret": CLIENT[1]}
    answer = requests.post(f"{xero.url}/connect/token", data={**form, **named, "code": code(xero)})
    assert answer.status_code == 200
    wrong = requests.post(f"{xero.url}/connect/token", data={**form, "code": code(xero)}, auth=("xero-demo", "x"))
    assert (wrong.status_code, wrong.json()) == (400, {"error": "invalid_client"})
    other = token(xero, grant_type="password")
    assert other.json() == {"error": "unsupported_grant_type"}


def test_a_challenge_needs_its_verifier(xero: Xero) -> None:
    digest = hashlib.sha256(b"verifier-of-this-test").digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    grant = {"grant_type": "authorization_code", "redirect_uri": REDIRECT}
    assert token(xero, code=code(xero, code_challenge=challenge), **grant).status_code == 400
    right = {**grant, "code_verifier": "verifier-of-this-test"}
    assert token(xero, code=code(xero, code_challenge=challenge), **right).status_code == 200


def test_without_offline_access_there_is_no_refresh_token(xero: Xero) -> None:
    assert "refresh_token" not in tokens(xero, scope="openid accounting.contacts")


def refresh(xero: Xero, refresh_token: str) -> requests.Response:
    """A refresh token for a new pair."""
    return token(xero, grant_type="refresh_token", refresh_token=refresh_token)


def test_refresh_tokens_rotate_and_the_one_before_works_for_thirty_minutes_more(xero: Xero) -> None:
    first = tokens(xero)["refresh_token"]
    second = refresh(xero, first).json()["refresh_token"]
    assert second != first
    xero.server.clock.advance(29 * 60)
    assert refresh(xero, first).status_code == 200
    xero.server.clock.advance(2 * 60)
    late = refresh(xero, first)
    assert (late.status_code, late.json()) == (400, {"error": "invalid_grant"})
    assert refresh(xero, second).status_code == 200


def test_a_refresh_token_dies_after_sixty_days_unused(xero: Xero) -> None:
    given = tokens(xero)
    xero.server.clock.advance(61 * 86_400)
    assert refresh(xero, given["refresh_token"]).status_code == 400


def test_an_access_token_lives_thirty_minutes(xero: Xero) -> None:
    given, tenant = tokens(xero), xero.server.tenants[0]
    assert organisation(xero, given["access_token"], tenant).status_code == 200
    xero.server.clock.advance(1801)
    expired = organisation(xero, given["access_token"], tenant)
    assert expired.status_code == 401
    said = expired.json()
    assert sorted(said) == ["Detail", "Extensions", "Instance", "Status", "Title", "Type"]
    assert (said["Title"], said["Status"], said["Type"]) == ("Unauthorized", 401, None)
    assert said["Detail"].startswith("TokenExpired: token expired at ")
    assert connections(xero, given["access_token"]).status_code == 401


def test_a_call_without_a_token_or_organisation_is_turned_away(xero: Xero) -> None:
    access = tokens(xero)["access_token"]
    assert requests.get(f"{xero.url}/api.xro/2.0/Organisation").status_code == 401
    assert organisation(xero, "made-up", xero.server.tenants[0]).status_code == 401
    for tenant in ("", "nobody", xero.server.tenants[1]):
        refused = organisation(xero, access, tenant)
        assert refused.status_code == 403
        assert (refused.json()["Title"], refused.json()["Detail"]) == ("Forbidden", "AuthenticationUnsuccessful")


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", "/Payments", "accounting.payments"),
        ("PUT", "/Payments", "accounting.payments"),
        ("GET", "/BankTransactions", "accounting.banktransactions"),
        ("PUT", "/Accounts", "accounting.settings"),
    ],
)
def test_each_resource_needs_its_scope_and_reading_alone_is_not_writing(
    xero: Xero, method: str, path: str, scope: str
) -> None:
    xero.session.headers["Authorization"] = f"Bearer {tokens(xero, user='books@quiet-harbour.example')['access_token']}"
    answer = xero.call(method, path, {"Name": "x"})
    assert answer.status_code == 401
    assert "insufficient_scope" in answer.headers["WWW-Authenticate"]
    assert scope in answer.headers["WWW-Authenticate"]
    assert xero.call("GET", "/Accounts").status_code == 200
    assert xero.call("GET", "/CreditNotes").status_code == 200


def test_scopes_add_up_over_consents(xero: Xero) -> None:
    tokens(xero, scope="offline_access accounting.contacts")
    given = tokens(xero, scope="accounting.invoices")
    assert given["scope"] == "offline_access accounting.contacts accounting.invoices"


def test_connections_of_one_consent_are_told_by_its_event(xero: Xero) -> None:
    first, second = xero.server.tenants
    before = claims(tokens(xero, organisation=[first])["access_token"])["authentication_event_id"]
    given = tokens(xero, organisation=[second])
    now = claims(given["access_token"])["authentication_event_id"]
    rows = connections(xero, given["access_token"]).json()
    assert {row["tenantId"]: row["authEventId"] for row in rows} == {first: before, second: now}
    (row,) = connections(xero, given["access_token"], authEventId=now).json()
    assert (row["tenantName"], row["tenantType"]) == ("Quiet Harbour Trust (stand-in)", "ORGANISATION")
    assert len(row["createdDateUtc"]) == len("2026-09-14T08:10:03.5330000")
    assert "Z" not in row["createdDateUtc"]


def test_connecting_again_keeps_the_connection_and_moves_its_event(xero: Xero) -> None:
    (before,) = connections(xero, tokens(xero)["access_token"]).json()
    xero.server.clock.advance(10)
    (after,) = connections(xero, tokens(xero)["access_token"]).json()
    assert (after["id"], after["createdDateUtc"]) == (before["id"], before["createdDateUtc"])
    assert after["authEventId"] != before["authEventId"]
    assert after["updatedDateUtc"] > before["updatedDateUtc"]


def test_each_person_sees_their_own_connections(xero: Xero) -> None:
    tokens(xero, organisation=xero.server.tenants)
    other = tokens(xero, user="books@quiet-harbour.example")["access_token"]
    assert len(connections(xero, other).json()) == 1


def test_removing_a_connection_shuts_that_organisation_alone(xero: Xero) -> None:
    access = tokens(xero, organisation=xero.server.tenants)["access_token"]
    headers = {"Authorization": f"Bearer {access}"}
    row = connections(xero, access).json()[0]
    address = f"{xero.url}/connections/{row['id']}"
    assert requests.delete(address, headers=headers).status_code == 204
    assert requests.delete(address, headers=headers).status_code == 404
    first, second = xero.server.tenants
    assert organisation(xero, access, first).status_code == 403
    assert organisation(xero, access, second).status_code == 200


def test_revoking_removes_every_connection_of_the_person(xero: Xero) -> None:
    given = tokens(xero, organisation=xero.server.tenants)
    address = f"{xero.url}/connect/revocation"
    assert requests.post(address, data={"token": given["refresh_token"]}, auth=("xero-demo", "no")).status_code == 400
    assert requests.post(address, data={"token": given["refresh_token"]}, auth=CLIENT).status_code == 200
    assert connections(xero, given["access_token"]).json() == []
    assert organisation(xero, given["access_token"], xero.server.tenants[0]).status_code == 403
    assert refresh(xero, given["refresh_token"]).status_code == 400


def test_somebody_in_xero_can_disconnect_and_tokens_can_be_made_to_expire(xero: Xero) -> None:
    given, tenant = tokens(xero), xero.server.tenants[0]
    xero.act("expire_access_tokens")
    assert organisation(xero, given["access_token"], tenant).status_code == 401
    renewed = refresh(xero, given["refresh_token"]).json()
    xero.act("disconnect")
    assert organisation(xero, renewed["access_token"], tenant).status_code == 403
    xero.act("expire_refresh_tokens")
    assert refresh(xero, renewed["refresh_token"]).status_code == 400
