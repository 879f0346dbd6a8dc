"""The stand-in Clio's headers, limits and refusals, and the firm that it tells of, over real HTTP."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from sandbox.clock import Clock
from tests.support.clio_stand_in import Clio

NOW = datetime(2026, 5, 20, 13, 30, tzinfo=UTC)


@pytest.fixture
def clio() -> Iterator[Clio]:
    with Clio(clock=Clock(lambda: NOW)) as stand_in:
        yield stand_in


def test_a_single_record_carries_an_etag_that_ends_in_304(clio: Clio) -> None:
    first = clio.get("bills/9001", fields="id,etag")
    tag = first.headers["ETag"]
    assert first.json()["data"]["etag"] == tag
    assert tag.startswith('"')
    assert clio.get("bills/9001", headers={"If-None-Match": tag}).status_code == 304
    clio.act("edit_bill", bill_id=9001, memo="x")
    assert clio.get("bills/9001", headers={"If-None-Match": tag}).status_code == 200


def test_a_record_not_changed_since_ends_in_304(clio: Clio) -> None:
    bill = clio.act("add_bill")
    path, seen = f"bills/{bill['id']}", clio.get(f"bills/{bill['id']}").headers["Last-Modified"]
    assert seen == "Wed, 20 May 2026 13:30:00 GMT"
    assert clio.get(path, headers={"If-Modified-Since": seen}).status_code == 304
    assert clio.get(path, headers={"If-Modified-Since": "Wed, 20 May 2026 13:29:59 GMT"}).status_code == 200


def test_the_version_is_echoed_and_a_dropped_one_is_gone(clio: Clio) -> None:
    assert clio.get("bills").headers["X-API-VERSION"] == "4.0.13"
    assert clio.get("bills", headers={"X-API-VERSION": "4.0.12"}).headers["X-API-VERSION"] == "4.0.12"
    assert clio.get("bills", headers={"X-API-VERSION": "4.0.1"}).status_code == 410


def test_the_date_header_is_the_stand_ins_clock(clio: Clio) -> None:
    assert clio.get("bills").headers["Date"] == "Wed, 20 May 2026 13:30:00 GMT"


def test_the_51st_call_of_a_minute_is_limited() -> None:
    with Clio(clock=Clock(lambda: NOW), rate_limit=50) as clio:
        for left in range(49, -1, -1):
            answer = clio.get("currencies")
            assert answer.headers["X-RateLimit-Remaining"] == str(left)
        assert answer.headers["X-RateLimit-Limit"] == "50"
        assert answer.headers["X-RateLimit-Reset"] == str(int(NOW.timestamp()) + 60)
        clio.server.clock.advance(23)
        limited = clio.get("currencies")
        assert (limited.status_code, limited.headers["Retry-After"]) == (429, "37")
        assert limited.json()["error"]["type"] == "RateLimited"
        clio.server.clock.advance(37)
        assert clio.get("currencies").status_code == 200


def test_the_two_401_answers_differ_in_shape(clio: Clio) -> None:
    clio.connect()
    bare = clio.session.get(f"{clio.url}/api/v4/bills")
    assert (bare.status_code, bare.json()["error"]["type"]) == (401, "UnauthorizedError")
    bad = clio.session.get(f"{clio.url}/api/v4/bills", headers={"Authorization": "Bearer nope"})
    assert (bad.status_code, bad.json()["error"]) == (401, "invalid_token")
    assert "invalid_token" in bad.headers["WWW-Authenticate"]
    assert not any(name.startswith("X-RateLimit") for name in {*bare.headers, *bad.headers})


def test_an_odd_user_agent_meets_the_firewalls_page(clio: Clio) -> None:
    answer = clio.get("bills", headers={"User-Agent": "Sync (+https://sync.example)"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (403, "text/html; charset=utf-8")


# What is not there


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "bills"),
        ("POST", "allocations"),
        ("POST", "credit_memos"),
        ("GET", "line_items/31001"),
        ("GET", "interest_charges/5101"),
        ("GET", "payments"),
        ("GET", "bills/1"),
    ],
)
def test_a_route_or_record_that_is_not_there_is_404(clio: Clio, method: str, path: str) -> None:
    assert clio.call(method, path).status_code == 404


# The firm


def test_who_am_i_names_the_login_and_its_account(clio: Clio) -> None:
    assert clio.data("users/who_am_i.json").keys() == {"id", "etag", "name"}
    assert clio.data("users/who_am_i", fields="email,account{id,created_at}") == {
        "email": "ines@fernhollow.example",
        "account": {"id": 3300, "created_at": "2021-03-15T10:00:00-04:00"},
    }


def test_tax_rates_are_fractions_in_one_place_and_percentages_in_another(clio: Clio) -> None:
    rates = clio.data("tax_rate_configurations", include_system="false", fields="name,rate,rate_as_percentage")
    assert rates == [{"name": "HST", "rate": 0.13, "rate_as_percentage": 13.0}]
    assert clio.data("settings/billing", fields="tax_name,tax_rate,use_secondary_tax") == {
        "tax_name": "HST",
        "tax_rate": 13.0,
        "use_secondary_tax": False,
    }
    bill = clio.act("add_bill", tax_rate=13, lines=[{"price": "100", "quantity": 1}])
    shown = clio.data(f"bills/{bill['id']}", fields="tax_rate,tax_sum,total")
    assert shown == {"tax_rate": 13.0, "tax_sum": 13.0, "total": 113.0}


def test_the_home_page_says_that_it_is_not_clio(clio: Clio) -> None:
    home = clio.session.get(clio.url).text
    assert "Stand-in Clio — not Clio" in home
    assert clio.session.get(f"{clio.url}/nc/").status_code == 200
    assert "Bill 1001" in clio.session.get(f"{clio.url}/stand-in/bills/9001").text
