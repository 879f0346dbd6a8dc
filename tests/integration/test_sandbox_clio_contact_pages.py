"""Contacts and the login on the pages of the stand-in Clio."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.clio_stand_in import Clio
from tests.support.page_user import PageUser


@pytest.fixture
def clio() -> Iterator[Clio]:
    with Clio(bills=60) as stand_in:
        yield stand_in


@pytest.fixture
def user(clio: Clio) -> PageUser:
    return PageUser(clio.url)


@pytest.fixture
def contact(clio: Clio) -> dict[str, Any]:
    return clio.act(
        "add_contact",
        type="Company",
        name="Harbour Bakery Ltd",
        email_addresses=[{"name": "Work", "address": "ap@harbour.example", "default_email": True}],
    )


def page_of(contact: dict[str, Any]) -> str:
    return f"/stand-in/contacts/{contact['id']}"


def read(clio: Clio, contact: dict[str, Any], fields: str) -> Any:
    return clio.data(f"contacts/{contact['id']}", fields=fields)


def test_contacts_are_listed_by_name_and_searched_by_name_and_email(user: PageUser, contact: dict[str, Any]) -> None:
    assert f"href='{page_of(contact)}'>Harbour Bakery Ltd" in user.open("/stand-in/contacts?q=harbour+bak")
    assert "Harbour Bakery Ltd" in user.open("/stand-in/contacts?q=AP@harbour&state=client")
    assert "Harbour Bakery Ltd" not in user.open("/stand-in/contacts?q=harbour&state=person")


def test_a_company_and_a_person_are_renamed(user: PageUser, clio: Clio, contact: dict[str, Any]) -> None:
    user.do(page_of(contact), "rename-contact", name="Harbour & Daughters")
    assert read(clio, contact, "name") == {"name": "Harbour & Daughters"}
    person = clio.act("add_contact", type="Person", first_name="Ana", last_name="Reyes")
    user.do(page_of(person), "rename-contact", last_name="Ray")
    assert read(clio, person, "name,first_name") == {"name": "Ana Ray", "first_name": "Ana"}
    said = user.refused(page_of(person), "rename-contact", first_name="", last_name="")
    assert said == "At least one of first name or last name must be provided"


def test_email_phones_and_addresses_are_added_changed_and_removed(
    user: PageUser, clio: Clio, contact: dict[str, Any]
) -> None:
    page = page_of(contact)
    email = read(clio, contact, "email_addresses{id}")["email_addresses"][0]["id"]
    user.do(page, "save-detail", f"emails-{email}", address="books@harbour.example")
    user.do(page, "save-detail", "emails-new", address="boss@harbour.example", primary="on")
    user.do(page, "save-detail", "phones-new", number="555-0100", name="Mobile")
    user.do(page, "save-detail", "addresses-new", street="1 Quay", city="Halifax", name="Billing")
    fields = "primary_email_address,secondary_email_address,primary_phone_number,primary_address{street,city,name}"
    assert read(clio, contact, fields) == {
        "primary_email_address": "boss@harbour.example",
        "secondary_email_address": "books@harbour.example",
        "primary_phone_number": "555-0100",
        "primary_address": {"street": "1 Quay", "city": "Halifax", "name": "Billing"},
    }
    user.do(page, "drop-detail", f"emails-{email}")
    assert read(clio, contact, "secondary_email_address") == {"secondary_email_address": None}
    said = user.refused(page, "save-detail", "emails-new", address="nobody")
    assert said == "Email address is invalid"


def test_a_contact_is_made_merged_and_deleted(user: PageUser, clio: Clio, contact: dict[str, Any]) -> None:
    there = user.do("/stand-in/contacts/new", "new-contact", name="New Co", email="x@new.example", phone="555-0101")
    made = {"id": int(there.rpartition("/")[2])}
    assert read(clio, made, "name,primary_email_address,is_client") == {
        "name": "New Co",
        "primary_email_address": "x@new.example",
        "is_client": True,
    }
    bill = clio.act("add_bill", client_id=made["id"])
    assert "Merge it instead" in user.refused(there, "delete-contact")
    assert user.refused(there, "merge-contact", into="x") == "Into: x is not a whole number."
    assert "cannot be merged with itself" in user.refused(there, "merge-contact", into=made["id"])
    assert user.do(there, "merge-contact", into=contact["id"]) == page_of(contact)
    assert clio.get(f"contacts/{made['id']}").status_code == 404
    assert clio.data(f"bills/{bill['id']}", fields="client{id}") == {"client": {"id": contact["id"]}}
    lonely = clio.act("add_contact", type="Company", name="Nobody")
    assert user.do(page_of(lonely), "delete-contact") == "/stand-in/contacts"


def test_the_page_shows_the_bills_and_the_history(user: PageUser, clio: Clio, contact: dict[str, Any]) -> None:
    bill = clio.act("add_bill", client_id=contact["id"], number="Z-3")
    user.do(page_of(contact), "rename-contact", name="Other")
    shown = user.open(page_of(contact))
    assert f"<a href='/stand-in/bills/{bill['id']}'>Z-3</a>" in shown
    assert "Edit contact: name Other" in shown


def test_where_clients_are_many_their_number_is_typed(user: PageUser, clio: Clio, monkeypatch: Any) -> None:
    monkeypatch.setattr("sandbox.clio.pages.choices.MOST_LISTED", 3)
    assert "client_id" not in user.form("/stand-in/bills/new", "new-bill").choices
    there = user.do("/stand-in/bills/new", "new-bill", client_id="502")
    assert clio.data(f"bills/{there.rpartition('/')[2]}", fields="client{id}") == {"client": {"id": 502}}


def test_records_are_hidden_from_the_login_and_shown_again(user: PageUser, clio: Clio) -> None:
    user.do("/stand-in/login", "hide", kind="bills", numbers="9001, 9002")
    assert clio.get("bills/9001").status_code == 404
    assert clio.get("bills/9003").status_code == 200
    user.do("/stand-in/login", "hide", kind="contacts", redact="on")
    assert clio.data("contacts/501", fields="name") == {"name": None}
    assert "Seen without details All" in user.shown("/stand-in/login")
    assert user.refused("/stand-in/login", "hide", kind="bills", redact="on").startswith("Only contacts")
    assert "whole numbers" in user.refused("/stand-in/login", "hide", numbers="x")
    user.do("/stand-in/login", "show-all")
    assert clio.get("bills/9001").status_code == 200


def test_an_application_is_disconnected_from_clios_side(user: PageUser, clio: Clio) -> None:
    assert "No application is connected." in user.open("/stand-in/login")
    clio.connect()
    assert "1 consent: clio-demo." in user.open("/stand-in/login")
    user.do("/stand-in/login", "revoke")
    assert clio.get("bills").status_code == 401


def test_hard_costs_are_listed_and_searched(user: PageUser, clio: Clio) -> None:
    clio.act("add_activity", note="Court filing fee of Z", reference="CHQ Z", price="99.95")
    shown = user.shown("/stand-in/costs?q=chq+z")
    assert "Court filing fee of Z" in shown
    assert "99.95" in shown
