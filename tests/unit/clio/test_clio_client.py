"""Reading Clio's lists and records over a mocked wire."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import responses

from syncengine.clio import ClioClient, ListEndsEarly
from syncengine.clio.client import VersionEnded
from syncengine.clio.fields import FIELDS
from syncengine.domain.records import CategoryRecord
from syncengine.transport.errors import Refused, UnreadableAnswer
from syncengine.transport.session import ForeignAddress
from tests.support.fake_transport import open_session

HOST = "https://ca.app.clio.com"
API = f"{HOST}/api/v4"


@pytest.fixture
def http() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


@pytest.fixture
def clio() -> ClioClient:
    return ClioClient(open_session(HOST))


def rows(*found: dict[str, Any], following: str | None = None) -> dict[str, Any]:
    return {"data": list(found), "meta": {"paging": {"next": following} if following else {}}}


def asked(http: responses.RequestsMock, call: int = 0) -> dict[str, list[str]]:
    return parse_qs(urlsplit(str(http.calls[call].request.url)).query)


def test_bills_are_read_by_cursor_two_hundred_a_page_and_without_trust_requests(
    http: responses.RequestsMock, clio: ClioClient
) -> None:
    http.get(f"{API}/bills.json", json=rows({"id": 9001}), headers={"Date": "Mon, 04 May 2026 13:30:07 GMT"})
    page = clio.page("bills", params={"updated_since": "2026-05-01T00:00:00Z", "state": "void"})
    assert (list(page.rows), page.next_url) == ([{"id": 9001}], None)
    assert page.server_date == datetime(2026, 5, 4, 13, 30, 7, tzinfo=UTC)
    assert asked(http) == {
        "fields": [FIELDS["bills"]],
        "limit": ["200"],
        "order": ["id(asc)"],
        "type": ["revenue"],
        "updated_since": ["2026-05-01T00:00:00Z"],
        "state": ["void"],
    }
    assert http.calls[0].request.headers["X-API-VERSION"] == "4.0.13"


def test_line_items_take_no_order(http: responses.RequestsMock, clio: ClioClient) -> None:
    http.get(f"{API}/line_items.json", json=rows())
    clio.page("line_items", params={"ids[]": [31001, 31002]})
    assert "order" not in asked(http)
    assert asked(http)["ids[]"] == ["31001", "31002"]


def test_a_further_page_is_read_by_the_address_that_clio_gave(http: responses.RequestsMock, clio: ClioClient) -> None:
    following = f"{API}/bills.json?fields=id&limit=200&page_token=BAh7"
    http.get(f"{API}/bills.json", json=rows({"id": 1}, following=following))
    http.get(following, json=rows({"id": 2}))
    first = clio.page("bills")
    assert first.next_url == following
    assert list(clio.page("bills", next_url=first.next_url).rows) == [{"id": 2}]
    assert clio.calls == 2


def test_a_further_page_on_another_host_is_not_read(clio: ClioClient) -> None:
    with pytest.raises(ForeignAddress):
        clio.page("bills", next_url="https://app.clio.com.evil.example/api/v4/bills.json")


def test_a_record_by_id_is_none_if_clio_has_none(http: responses.RequestsMock, clio: ClioClient) -> None:
    http.get(f"{API}/bills/9001.json", json={"data": {"id": 9001, "number": "1042"}})
    http.get(f"{API}/bills/9002.json", status=404, json={"error": {"type": "RecordNotFound", "message": "x"}})
    assert clio.one("bills", 9001) == {"id": 9001, "number": "1042"}
    assert clio.one("bills", 9002) is None


def test_categories_come_from_both_lists_to_their_end(http: responses.RequestsMock, clio: ClioClient) -> None:
    following = f"{API}/activity_descriptions.json?page_token=2"
    http.get(following, json=rows({"id": 62, "name": "Travel", "xero_service_code": None}))
    http.get(f"{API}/activity_descriptions.json", json=rows({"id": 61, "name": "Drafting"}, following=following))
    expense = {"id": 15, "name": "Filing fees", "entry_type": "hard_cost", "xero_expense_code": "426"}
    http.get(f"{API}/expense_categories.json", json=rows(expense))
    assert clio.categories() == [
        CategoryRecord(61, "service", "Drafting"),
        CategoryRecord(62, "service", "Travel"),
        CategoryRecord(15, "expense", "Filing fees", "426"),
    ]


def test_where_a_second_level_is_refused_the_activities_are_read_for_their_categories(
    http: responses.RequestsMock, clio: ClioClient
) -> None:
    refusal = {"error": {"type": "InvalidFields", "message": "activity_description is not a valid field"}}
    http.get(f"{API}/line_items.json", status=400, json=refusal)
    bare = {"id": 31001, "bill": {"id": 9001}, "activity": {"id": 4401, "type": "TimeEntry"}}
    http.get(f"{API}/line_items.json", json=rows(bare, {"id": 31002, "bill": {"id": 9001}, "activity": None}))
    whole = {"id": 4401, "type": "TimeEntry", "activity_description": {"id": 61}, "expense_category": None}
    http.get(f"{API}/activities.json", json=rows(whole))
    page = clio.page("line_items")
    assert [row["activity"] for row in page.rows] == [whole, None]
    assert "activity{id,type}," in f"{asked(http, 1)['fields'][0]},"
    assert asked(http, 2)["ids[]"] == ["4401"]


def test_lines_that_came_with_their_categories_need_no_second_call(
    http: responses.RequestsMock, clio: ClioClient
) -> None:
    activity = {"id": 4401, "type": "TimeEntry", "activity_description": {"id": 61, "etag": '"d"'}}
    http.get(f"{API}/line_items.json", json=rows({"id": 31001, "bill": {"id": 9001}, "activity": activity}))
    clio.page("line_items")
    assert clio.calls == 1


def test_an_unordered_list_that_ends_at_ten_thousand_rows_says_when_it_was_read(
    http: responses.RequestsMock, clio: ClioClient
) -> None:
    following = f"{API}/line_items.json?page_token=50"
    answer = {"error": {"type": "ArgumentError", "message": "x"}}
    http.get(following, status=422, json=answer, headers={"Date": "Mon, 04 May 2026 13:30:07 GMT"})
    with pytest.raises(ListEndsEarly) as caught:
        clio.page("line_items", next_url=following)
    assert caught.value.server_date == datetime(2026, 5, 4, 13, 30, 7, tzinfo=UTC)


def test_a_first_page_that_is_refused_is_no_end(http: responses.RequestsMock, clio: ClioClient) -> None:
    http.get(f"{API}/line_items.json", status=422, json={"error": {"type": "ArgumentError", "message": "x"}})
    with pytest.raises(Refused):
        clio.page("line_items", params={"bill_id": 9001})


def test_a_refusal_keeps_clios_words(http: responses.RequestsMock, clio: ClioClient) -> None:
    http.get(f"{API}/bills.json", status=400, json={"error": {"type": "InvalidFields", "message": "foo is not valid"}})
    with pytest.raises(Refused) as caught:
        clio.page("bills")
    assert (caught.value.status, caught.value.kind, caught.value.detail) == (400, "InvalidFields", "foo is not valid")


def test_an_ended_version_of_the_api_says_that_we_must_be_brought_up_to_date(
    http: responses.RequestsMock, clio: ClioClient
) -> None:
    http.get(f"{API}/bills.json", status=410, body="Gone")
    with pytest.raises(VersionEnded, match="brought up to date"):
        clio.page("bills")


@pytest.mark.parametrize("body", ['{"data": {"id": 1}}', "[]", '{"meta": {}}'])
def test_an_answer_without_a_list_is_unreadable(http: responses.RequestsMock, clio: ClioClient, body: str) -> None:
    http.get(f"{API}/bills.json", body=body)
    with pytest.raises(UnreadableAnswer):
        clio.page("bills")


def test_who_am_i_tells_login_and_account(http: responses.RequestsMock, clio: ClioClient) -> None:
    person = {"id": 12, "name": "Ana Reyes", "account": {"id": 3300, "name": "Reyes Law"}}
    http.get(f"{API}/users/who_am_i.json", json={"data": person})
    assert clio.who_am_i() == person
