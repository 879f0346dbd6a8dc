"""What the stand-in Clio's reading API enforces, over real HTTP."""

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


@pytest.fixture
def crowded() -> Iterator[Clio]:
    with Clio(clock=Clock(lambda: NOW), bills=450) as stand_in:
        yield stand_in


# Fields


def test_a_list_without_fields_gives_id_and_etag_only(clio: Clio) -> None:
    for path in ("bills", "line_items.json", "contacts", "allocations.json", "activities"):
        assert set(clio.data(path, limit=1)[0]) == {"id", "etag"}


def test_a_path_answers_with_and_without_json_at_its_end(clio: Clio) -> None:
    assert clio.data("bills/9001") == clio.data("bills/9001.json")


def test_fields_may_hold_one_level_of_braces(clio: Clio) -> None:
    client_id = clio.act("add_contact", type="Company", name="Kingcup Kites")["id"]
    bill = clio.act("add_bill", client_id=client_id, number="A-7")
    assert clio.data(f"bills/{bill['id']}", fields="number,client{id,name,type}") == {
        "number": "A-7",
        "client": {"id": client_id, "name": "Kingcup Kites", "type": "Company"},
    }


def test_a_nested_record_without_braces_gives_id_and_etag(clio: Clio) -> None:
    bill = clio.act("add_bill")
    assert set(clio.data(f"bills/{bill['id']}", fields="client")["client"]) == {"id", "etag"}


def test_a_second_level_record_may_be_named_and_gives_id_and_etag(clio: Clio) -> None:
    bill = clio.act("add_bill", lines=[{"activity_description_id": 61, "price": 100, "quantity": 1}])
    line = clio.data("line_items", bill_id=bill["id"], fields="activity{type,activity_description}")[0]
    assert line["activity"]["type"] == "TimeEntry"
    assert line["activity"]["activity_description"].keys() == {"id", "etag"}
    assert line["activity"]["activity_description"]["id"] == 61


def test_braces_inside_braces_are_refused(clio: Clio) -> None:
    answer = clio.get("line_items", fields="bill{client{id}}")
    assert (answer.status_code, answer.json()["error"]["type"]) == (400, "InvalidFields")


@pytest.mark.parametrize("fields", ["foo", "client{foo}", "id,matter", "number{id}"])
def test_one_unknown_field_fails_the_whole_request(clio: Clio, fields: str) -> None:
    answer = clio.get("bills", fields=fields)
    assert (answer.status_code, answer.json()["error"]["type"]) == (400, "InvalidFields")


def test_braces_may_be_sent_percent_encoded_or_literal(clio: Clio) -> None:
    for braces in ("%7Bid%7D", "{id}"):
        answer = clio.call("GET", f"bills/9001?fields=client{braces}")
        assert list(answer.json()["data"]["client"]) == ["id"]


def test_money_is_a_number_exact_to_the_cent(clio: Clio) -> None:
    bill = clio.act("add_bill", lines=[{"price": "199.99", "quantity": "0.33"}])
    text = clio.get(f"bills/{bill['id']}", fields="sub_total").text
    assert text == '{"data":{"sub_total":66.0}}'  # 65.9967


def test_times_carry_the_firms_offset_and_dates_none(clio: Clio) -> None:
    bill = clio.act("add_bill", issued_at="2026-05-04")
    shown = clio.data(f"bills/{bill['id']}", fields="updated_at,issued_at")
    assert shown == {"updated_at": "2026-05-20T09:30:00-04:00", "issued_at": "2026-05-04"}


# Limits and pages


@pytest.mark.parametrize("limit", ["0", "201", "many", "-1"])
def test_a_limit_outside_1_to_200_is_refused(clio: Clio, limit: str) -> None:
    assert clio.get("bills", limit=limit).status_code == 400


def test_users_may_be_read_2000_at_a_time(clio: Clio) -> None:
    assert clio.get("users", limit=2000).status_code == 200
    assert clio.get("users", limit=2001).status_code == 400


def test_a_cursor_reads_every_row_once_in_id_order(crowded: Clio) -> None:
    pages = crowded.pages("bills", order="id(asc)", limit=100)
    ids = [row["id"] for page in pages for row in page]
    assert ids == sorted(set(ids))
    assert [len(page) for page in pages] == [100, 100, 100, 100, 32]  # 450 less 18 void or deleted


def test_the_next_address_is_absolute_and_absent_on_the_last_page(crowded: Clio) -> None:
    first = crowded.get("bills", order="id(asc)").json()["meta"]
    assert first["paging"]["next"].startswith(f"{crowded.url}/api/v4/bills?")
    assert "next" not in crowded.get("users").json()["meta"]["paging"]


def test_meta_tells_how_many_records_there_are_on_every_page(crowded: Clio) -> None:
    first = crowded.get("bills", order="id(asc)", limit=200).json()["meta"]
    second = crowded.session.get(first["paging"]["next"], headers={"Authorization": f"Bearer {crowded.token}"}).json()[
        "meta"
    ]
    assert first["records"] == second["records"] == 432


def test_a_list_by_another_order_ends_at_10000_rows(clio: Clio) -> None:
    assert clio.get("bills", order="issued_at(desc)", offset=9999).status_code == 200
    answer = clio.get("bills", order="issued_at(desc)", offset=10_000)
    assert (answer.status_code, answer.json()["error"]["type"]) == (422, "ArgumentError")


def test_an_order_given_as_the_default_only_still_ends(clio: Clio) -> None:
    clio.server.set_limits(offset_list_max=10)
    following = clio.get("bills", limit=10).json()["meta"]["paging"]["next"]
    headers = {"Authorization": f"Bearer {clio.token}"}
    assert clio.session.get(following, headers=headers).status_code == 422


def test_an_offset_list_names_the_page_before(clio: Clio) -> None:
    paging = clio.get("bills", order="number(asc)", offset=10, limit=5).json()["meta"]["paging"]
    assert paging.keys() == {"next", "previous"}


@pytest.mark.parametrize("path", ["line_items", "interest_charges", "currencies", "activity_descriptions"])
def test_a_list_that_takes_no_order_refuses_one(clio: Clio, path: str) -> None:
    assert clio.get(path, order="id(asc)").status_code == 400
    assert clio.get(path).status_code == 200


def test_a_list_without_order_is_unlimited_until_told_otherwise(crowded: Clio) -> None:
    assert sum(map(len, crowded.pages("line_items"))) > 1000
    crowded.control("POST", "limits", {"unordered_list_max": 400})
    headers = {"Authorization": f"Bearer {crowded.token}"}
    second = crowded.session.get(crowded.get("line_items").json()["meta"]["paging"]["next"], headers=headers)
    assert second.status_code == 200
    third = crowded.session.get(second.json()["meta"]["paging"]["next"], headers=headers)
    assert (third.status_code, third.json()["error"]["type"]) == (422, "ArgumentError")


def test_an_unknown_order_is_refused(clio: Clio) -> None:
    assert clio.get("bills", order="total(asc)").status_code == 400


def test_an_unknown_parameter_is_ignored(clio: Clio) -> None:
    assert clio.get("bills", flavour="plum").status_code == 200


def test_a_page_token_of_another_list_is_refused(clio: Clio) -> None:
    assert clio.get("bills", order="id(asc)", page_token="nonsense").status_code == 400


@pytest.mark.parametrize("path", ["allocations", "credit_memos"])
def test_money_lists_come_by_date_unless_asked_otherwise(clio: Clio, path: str) -> None:
    bill = clio.act("add_bill", lines=[{"price": "900", "quantity": 1}])
    for day in ("2026-05-09", "2026-05-08"):
        clio.act("record_payment", bill_id=bill["id"], amount=1, date=day)
        clio.act("write_off", bill_id=bill["id"], amount=1, date=day)
    by_date = [row["date"] for row in clio.data(path, fields="date")]
    assert by_date == sorted(by_date)
    last = clio.data(path, fields="date", order="id(asc)")[-1]
    assert last["date"] == "2026-05-08"


# Filters


@pytest.mark.parametrize("text", ["2026-05-01", "yesterday", "2026-05-01T00:00:00", "2026-05-01T00:00:00 00:00"])
def test_a_since_that_is_no_full_timestamp_is_refused(clio: Clio, text: str) -> None:
    answer = clio.get("bills", updated_since=text)
    assert (answer.status_code, answer.json()["error"]["type"]) == (400, "ArgumentError")


def test_updated_since_finds_what_changed(clio: Clio) -> None:
    clio.server.clock.advance(3600)
    clio.act("edit_contact", contact_id=503, title="Dr")
    found = clio.data("contacts", updated_since="2026-05-20T14:00:00Z")
    assert [row["id"] for row in found] == [503]


def test_void_and_deleted_bills_are_listed_only_when_asked_for(clio: Clio) -> None:
    clio.act("void_bill", bill_id=9001)
    clio.act("delete_bill", bill_id=9002)
    listed = {row["id"] for row in clio.data("bills")}
    assert not {9001, 9002} & listed
    assert 9001 in {row["id"] for row in clio.data("bills", state="void")}
    assert 9002 in {row["id"] for row in clio.data("bills", state="deleted")}
    clio.control("POST", "limits", {"list_void_bills": True})
    assert {9001, 9002} <= {row["id"] for row in clio.data("bills")}


def test_voided_allocations_are_listed_only_when_asked_for(clio: Clio) -> None:
    bill = clio.act("add_bill", lines=[{"price": "900", "quantity": 1}])
    row = clio.act("record_payment", bill_id=bill["id"], amount="10.00")
    clio.act("void_payment", allocation_id=row["id"])
    assert clio.data("allocations", bill_id=bill["id"]) == []
    voided = clio.data("allocations", bill_id=bill["id"], status="invalid", fields="id,voided_at")
    assert voided == [{"id": row["id"], "voided_at": "2026-05-20T09:30:00-04:00"}]


def test_revenue_leaves_trust_requests_out(clio: Clio) -> None:
    request = clio.act("add_bill", kind="trust_kind", trust_amount="500")
    assert request["id"] in {row["id"] for row in clio.data("bills")}
    assert request["id"] not in {row["id"] for row in clio.data("bills", type="revenue")}
    assert clio.data("bills", type="trust", fields="total")[-1] == {"total": 500.0}


def test_ids_find_those_records_only(clio: Clio) -> None:
    assert [row["id"] for row in clio.data("bills", ids=["9004", "9002", "1"])] == [9002, 9004]


def test_expense_categories_take_no_ids(clio: Clio) -> None:
    assert len(clio.data("expense_categories", ids=["15"])) == 6


def test_bank_account_filters_are_named_unlike_the_field(clio: Clio) -> None:
    assert clio.data("bank_accounts", type="TrustAccount", fields="type") == [{"type": "Trust"}]
    assert clio.get("bank_accounts", type="Trust").status_code == 400


def test_hard_costs_have_no_quantity_and_time_is_in_seconds(clio: Clio) -> None:
    cost = clio.act("add_activity", price="150.00", reference="CHQ 204")
    shown = clio.data(f"activities/{cost['id']}", fields="type,quantity,price,total,reference")
    assert shown == {
        "type": "HardCostEntry",
        "quantity": None,
        "price": 150.0,
        "total": 150.0,
        "reference": "CHQ 204",
    }
    bill = clio.act("add_bill", lines=[{"activity_description_id": 61, "price": 100, "quantity": "0.6"}])
    fields = "quantity,activity{quantity,quantity_in_hours}"
    assert clio.data("line_items", bill_id=bill["id"], fields=fields) == [
        {"quantity": 0.6, "activity": {"quantity": 2160.0, "quantity_in_hours": 0.6}}
    ]
