"""Writing contacts in the stand-in Clio, over real HTTP."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.support.clio_stand_in import Clio

FIELDS = "id,name,first_name,email_addresses{id,address,primary},phone_numbers{id,name,number,primary}"


@pytest.fixture
def clio() -> Iterator[Clio]:
    with Clio(bills=5) as stand_in:
        yield stand_in


@pytest.fixture
def person(clio: Clio) -> dict[str, Any]:
    return clio.act(
        "add_contact",
        type="Person",
        first_name="Veda",
        last_name="Larkenby",
        email_addresses=[{"name": "Work", "address": "veda@mail.example"}],
        phone_numbers=[{"name": "Mobile", "number": "555-0101"}, {"name": "Work", "number": "555-0102"}],
    )


def patch(clio: Clio, contact_id: int, data: Any, **headers: str) -> requests.Response:
    path = f"contacts/{contact_id}.json?fields={FIELDS}"
    return clio.call("PATCH", path, json={"data": data}, headers=headers)


def read(clio: Clio, contact_id: int) -> Any:
    return clio.data(f"contacts/{contact_id}", fields=FIELDS)


def test_a_patch_changes_what_it_names_and_nothing_else(clio: Clio, person: dict[str, Any]) -> None:
    answer = patch(clio, person["id"], {"first_name": "Vera"})
    assert answer.status_code == 200
    assert answer.json()["data"]["name"] == "Vera Larkenby"
    assert [mail["address"] for mail in read(clio, person["id"])["email_addresses"]] == ["veda@mail.example"]


def test_a_stale_etag_ends_in_412_and_changes_nothing(clio: Clio, person: dict[str, Any]) -> None:
    stale = person["etag"]
    fresh = patch(clio, person["id"], {"first_name": "Vera"}, **{"If-Match": stale})
    assert fresh.status_code == 200
    assert fresh.headers["ETag"] != stale
    assert patch(clio, person["id"], {"first_name": "Viola"}, **{"If-Match": stale}).status_code == 412
    assert read(clio, person["id"])["first_name"] == "Vera"


def test_a_person_without_first_and_last_name_is_refused(clio: Clio, person: dict[str, Any]) -> None:
    answer = patch(clio, person["id"], {"first_name": "", "last_name": None, "name": "Somebody"})
    assert answer.status_code == 422
    assert "At least one of first name or last name" in answer.json()["error"]["message"]


def test_a_company_without_a_name_is_refused(clio: Clio) -> None:
    company = clio.act("add_contact", type="Company", name="Gorsebank Mills")
    assert patch(clio, company["id"], {"name": " "}).status_code == 422


def test_an_address_that_is_no_email_address_is_refused(clio: Clio, person: dict[str, Any]) -> None:
    assert patch(clio, person["id"], {"email_addresses": [{"address": "nobody"}]}).status_code == 422


def test_an_unknown_attribute_is_refused(clio: Clio, person: dict[str, Any]) -> None:
    assert patch(clio, person["id"], {"primary_email_address": "v@mail.example"}).status_code == 400


@pytest.mark.parametrize("body", [None, {"first_name": "Vera"}, {"data": []}])
def test_a_body_that_is_not_wrapped_in_data_is_refused(clio: Clio, person: dict[str, Any], body: Any) -> None:
    assert clio.call("PATCH", f"contacts/{person['id']}", json=body).status_code == 400


def test_a_nested_row_is_changed_added_or_removed(clio: Clio, person: dict[str, Any]) -> None:
    mobile, work = read(clio, person["id"])["phone_numbers"]
    changes = [
        {"id": mobile["id"], "_destroy": True},
        {"id": work["id"], "number": "555-0199"},
        {"name": "Fax", "number": "555-0103"},
    ]
    assert patch(clio, person["id"], {"phone_numbers": changes}).status_code == 200
    numbers = read(clio, person["id"])["phone_numbers"]
    assert [(row["name"], row["number"], row["primary"]) for row in numbers] == [
        ("Work", "555-0199", True),
        ("Fax", "555-0103", False),
    ]
    assert numbers[0]["id"] == work["id"]


def test_a_new_default_email_takes_over(clio: Clio, person: dict[str, Any]) -> None:
    new = {"name": "Home", "address": "v@home.example", "default_email": True}
    assert patch(clio, person["id"], {"email_addresses": [new]}).status_code == 200
    shown = clio.data(f"contacts/{person['id']}", fields="primary_email_address,secondary_email_address")
    assert shown == {
        "primary_email_address": "v@home.example",
        "secondary_email_address": "veda@mail.example",
    }


def test_a_nested_row_that_is_not_there_is_refused(clio: Clio, person: dict[str, Any]) -> None:
    assert patch(clio, person["id"], {"addresses": [{"id": 999_999, "city": "X"}]}).status_code == 404


def test_a_label_outside_the_list_is_refused(clio: Clio, person: dict[str, Any]) -> None:
    assert patch(clio, person["id"], {"phone_numbers": [{"name": "Boat", "number": "1"}]}).status_code == 422


def test_a_post_creates_a_contact(clio: Clio) -> None:
    body = {"data": {"type": "Company", "name": "Teasel Pottery"}}
    answer = clio.call("POST", "contacts.json?fields=id,name,is_client", json=body)
    assert answer.status_code == 201
    assert answer.json()["data"].items() >= {"name": "Teasel Pottery", "is_client": False}.items()
    assert clio.data(f"contacts/{answer.json()['data']['id']}", fields="name") == {"name": "Teasel Pottery"}


def test_a_merged_contact_is_404_and_its_bills_are_the_winners(clio: Clio, person: dict[str, Any]) -> None:
    other = clio.act("add_contact", type="Company", name="Teasel Pottery")
    bill = clio.act("add_bill", client_id=person["id"])
    clio.act("merge_contacts", winner=other["id"], loser=person["id"])
    assert clio.get(f"contacts/{person['id']}").status_code == 404
    assert clio.data(f"bills/{bill['id']}", fields="client{id}") == {"client": {"id": other["id"]}}


def test_a_hidden_contact_is_404_while_others_are_seen(clio: Clio, person: dict[str, Any]) -> None:
    clio.act("hide_contacts", ids=[person["id"]])
    assert clio.get(f"contacts/{person['id']}").status_code == 404
    assert person["id"] not in {row["id"] for row in clio.data("contacts")}
    assert clio.get("contacts/501").status_code == 200
    clio.act("show_all")
    assert clio.get(f"contacts/{person['id']}").status_code == 200


def test_a_redacted_contact_has_no_name(clio: Clio, person: dict[str, Any]) -> None:
    clio.act("hide_contacts", ids=[person["id"]], redact=True)
    shown = clio.data(f"contacts/{person['id']}", fields="name,primary_email_address,email_addresses")
    assert shown == {"name": None, "primary_email_address": None, "email_addresses": []}
