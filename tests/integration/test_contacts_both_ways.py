"""A linked contact afterwards, both ways, against the stand-ins (BEHAVIOUR §4, the last bullets)."""

import pytest

from sandbox.faults import Fault
from tests.support.both_ways import (  # noqa: F401
    Client,
    assert_in_step,
    clio_changes,
    company,
    person,
    synced,
    synced_once,
)
from tests.support.practice import Practice

# Xero → Clio ----------------------------------------------------------------------------------------------------------


def test_an_email_changed_in_xero_goes_to_clio(company: Client) -> None:
    before = company.clio_email
    company.edit_in_xero(EmailAddress="new@harbour.example")
    assert synced_once(company)["updated"] == 1
    assert company.clio_email == "new@harbour.example"
    assert company.link.state == "in_step"
    told = company.told("to_clio")
    assert [event.details["fields"] for event in told] == [
        [{"field": "EmailAddress", "clio": before, "xero": "new@harbour.example"}]
    ]
    assert "new@harbour.example" in told[0].words
    assert company.told("in_xero")[0].details["fields"][0]["xero"] == "new@harbour.example"
    assert_in_step(company)


def test_it_is_noticed_by_a_scheduled_run_within_15_minutes(company: Client) -> None:
    company.edit_in_xero(EmailAddress="new@harbour.example")
    company.practice.clock.advance(15 * 60)
    company.practice.slice()
    assert company.clio_email == "new@harbour.example"


def test_phone_and_postal_address_changed_in_xero_go_to_clio_and_other_rows_stay(company: Client) -> None:
    company.edit_in_clio(
        phone_numbers=[{"name": "Mobile", "number": "555-7777"}], addresses=[{"name": "Other", "street": "Attic"}]
    )
    company.practice.sync()
    phones, addresses = len(company.clio.phones), len(company.clio.addresses)
    old = company.xero_address()
    address = {"AddressType": "POBOX", **{k: v for k, v in old.items() if k != "AddressType"}, "City": "Dartmouth"}
    company.edit_in_xero(Phones=[{"PhoneType": "DEFAULT", "PhoneNumber": "555-0199"}], Addresses=[address])
    assert synced_once(company)["updated"] == 1
    primary = next(phone for phone in company.clio.phones if phone.primary)
    assert primary.number == "555-0199"
    assert [row.city for row in company.clio.addresses if row.city == "Dartmouth"] == ["Dartmouth"]
    assert (len(company.clio.phones), len(company.clio.addresses)) == (phones, addresses)
    assert "555-7777" in {phone.number for phone in company.clio.phones}
    assert "Attic" in {row.street for row in company.clio.addresses}
    assert_in_step(company)


def test_first_and_last_name_of_a_person_go_to_clio(person: Client) -> None:
    person.edit_in_xero(FirstName="Annika", LastName="Reyes-Lee")
    assert synced_once(person)["updated"] == 1
    assert (person.clio.first_name, person.clio.last_name) == ("Annika", "Reyes-Lee")
    assert_in_step(person)


def test_a_companys_name_goes_to_clio_without_its_id(company: Client) -> None:
    assert company.xero["Name"].endswith(f" ({company.id})")
    company.edit_in_xero(Name=f"Harbour Bakery Inc ({company.id})")
    assert synced_once(company)["updated"] == 1
    assert company.clio.name == "Harbour Bakery Inc"
    assert company.xero["Name"] == f"Harbour Bakery Inc ({company.id})"
    assert_in_step(company)


def test_a_persons_display_name_changed_alone_is_shown_and_not_written(person: Client) -> None:
    name = person.clio.name
    person.edit_in_xero(Name="Dr Reyes")
    assert synced_once(person)["updated"] == 0
    assert person.clio.name == name
    assert person.xero["Name"] == "Dr Reyes"
    assert "Dr Reyes" in person.link.notice
    assert person.told("notice")[-1].words == person.link.notice
    # It stays shown when something else of the contact is planned.
    person.new_email_in_clio("new@reyes.example")
    assert synced_once(person)["updated"] == 1
    assert "Dr Reyes" in person.link.notice
    assert person.xero["Name"] == "Dr Reyes"
    assert len(person.told("notice")) == 1


def test_phones_that_never_go_back_are_shown(company: Client) -> None:
    company.edit_in_xero(Phones=[{"PhoneType": "MOBILE", "PhoneNumber": "555-0142"}])
    assert synced_once(company)["updated"] == 0
    assert "555-0142" in company.link.notice
    assert clio_changes(company.practice) == 0


@pytest.fixture
def bare(synced: Practice) -> Client:
    """A client of whom Clio knows the name alone, in step with Xero."""
    made = synced.clio.act("add_contact", type="Company", name="Bare Minimum Ltd")
    line = {"kind": "Service", "price": "100.00", "quantity": 1, "description": "Advice"}
    synced.clio.act("add_bill", client_id=made["id"], lines=[line])
    synced.clock.advance(60)
    assert synced.sync()["state"] == "clean"
    synced.clio.calls.reset()
    return Client(synced, lambda record: record["id"] == made["id"])


DETAILS = {
    "EmailAddress": "new@bare.example",
    "Phones": [{"PhoneType": "DEFAULT", "PhoneNumber": "555-0199"}],
    "Addresses": [{"AddressType": "POBOX", "AddressLine1": "2 Quay", "AddressLine2": "Suite 4", "City": "Dartmouth"}],
}


@pytest.mark.parametrize("fault", [None, "lose_answer"])
def test_what_clio_never_had_is_added_once_whatever_becomes_of_the_answer(bare: Client, fault: str | None) -> None:
    bare.edit_in_xero(**DETAILS)
    if fault:
        bare.practice.fail_in_clio(fault, method="PATCH")
        bare.practice.sync()
        bare.practice.clock.advance(60)
    synced_once(bare)
    assert [(email.address, email.primary) for email in bare.clio.emails] == [("new@bare.example", True)]
    assert [(phone.number, phone.primary) for phone in bare.clio.phones] == [("555-0199", True)]
    (address,) = bare.clio.addresses
    assert (address.name, address.street, address.city) == ("Billing", "2 Quay\nSuite 4", "Dartmouth")
    assert_in_step(bare)


def test_what_was_removed_in_clio_does_not_come_back_by_itself(company: Client) -> None:
    for row in list(company.clio.addresses):
        company.edit_in_clio(addresses=[{"id": row.id, "_destroy": True}])
    company.practice.sync()
    assert company.xero_address()["City"], "missing in Clio is never written over what is present in Xero"
    company.edit_in_xero(Addresses=DETAILS["Addresses"])
    company.practice.sync()
    # Nobody can tell cleared from hidden.
    assert company.clio.addresses == []


def test_a_contact_that_exists_only_in_xero_never_goes_to_clio(synced: Practice) -> None:
    before = synced.clio.state()["records"]["contacts"]
    synced.xero.act("add_contact", Name="Quite Another", EmailAddress="x@another.example")
    synced.clock.advance(60)
    assert synced.sync()["state"] == "clean"
    assert synced.clio.state()["records"]["contacts"] == before
    assert synced.clio.calls.count("POST", "/api") == clio_changes(synced) == 0


# Clio → Xero, and both at once ----------------------------------------------------------------------------------------


def test_a_change_in_clio_goes_to_xero(company: Client) -> None:
    company.new_email_in_clio("clio@harbour.example")
    assert synced_once(company)["updated"] == 1
    assert company.xero["EmailAddress"] == "clio@harbour.example"
    assert clio_changes(company.practice) == 0
    assert_in_step(company)


def test_changes_of_different_fields_go_both_ways_in_one_run(company: Client) -> None:
    company.new_email_in_clio("clio@harbour.example")
    company.edit_in_xero(Phones=[{"PhoneType": "DEFAULT", "PhoneNumber": "555-0199"}])
    assert synced_once(company)["updated"] == 2
    assert company.xero["EmailAddress"] == company.clio_email == "clio@harbour.example"
    assert next(phone.number for phone in company.clio.phones if phone.primary) == company.xero_phone() == "555-0199"
    assert_in_step(company)


def test_the_same_field_changed_on_both_sides_is_clios_and_the_history_shows_both(company: Client) -> None:
    company.new_email_in_clio("clio@harbour.example")
    company.edit_in_xero(EmailAddress="xero@harbour.example")
    synced_once(company)
    assert company.xero["EmailAddress"] == company.clio_email == "clio@harbour.example"
    assert clio_changes(company.practice) == 0
    (told,) = company.told("conflict")
    assert told.details["fields"] == [
        {"field": "EmailAddress", "clio": "clio@harbour.example", "xero": "xero@harbour.example"}
    ]
    assert "clio@harbour.example" in told.words
    assert "xero@harbour.example" in told.words
    assert_in_step(company)


def test_what_was_entered_in_xero_minutes_ago_is_seen_before_it_is_overwritten(company: Client) -> None:
    company.practice.clock.advance(60)
    company.practice.slice()  # Xero's contacts were read; the next scheduled reading is 15 minutes off
    company.edit_in_xero(EmailAddress="xero@harbour.example", Phones=[{"PhoneType": "FAX", "PhoneNumber": "555-0188"}])
    company.new_email_in_clio("clio@harbour.example")
    company.practice.slice()
    assert company.xero["EmailAddress"] == "clio@harbour.example"
    assert company.xero_phone("FAX") == "555-0188"
    assert len(company.told("conflict")) == 1


def test_the_same_change_on_both_sides_is_no_change(company: Client) -> None:
    company.new_email_in_clio("new@harbour.example")
    company.edit_in_xero(EmailAddress="new@harbour.example")
    assert synced_once(company)["updated"] == 0
    assert company.told("conflict") == []
    assert_in_step(company)


def test_a_dry_run_counts_and_writes_nothing(company: Client) -> None:
    before = company.clio_email
    company.edit_in_xero(EmailAddress="new@harbour.example")
    assert company.practice.sync(dry_run=True)["counts"]["contact"]["updated"] == 1
    assert company.clio_email == before
    assert clio_changes(company.practice) == 0
    assert company.told("to_clio") == []
    assert synced_once(company)["updated"] == 1
    assert company.clio_email == "new@harbour.example"


# Missing and hidden ---------------------------------------------------------------------------------------------------


def test_what_is_emptied_in_xero_stays_in_clio(company: Client) -> None:
    before = company.clio_email
    company.edit_in_xero(EmailAddress="")
    assert synced_once(company)["updated"] == 0
    assert company.clio_email == before


def test_a_redacted_client_changes_nothing_and_xeros_change_follows_when_it_is_shown(company: Client) -> None:
    practice = company.practice
    practice.clio.act("hide_contacts", ids=[company.id], redact=True)
    practice.clio.act("edit_contact", contact_id=company.id)  # so that it is read
    company.edit_in_xero(EmailAddress="new@harbour.example")
    assert synced_once(company)["updated"] == 0
    assert clio_changes(practice) == 0
    assert company.xero["EmailAddress"] == "new@harbour.example"
    practice.clio.act("show_all")
    company.edit_in_clio()
    assert synced_once(company)["updated"] == 1
    assert company.clio_email == "new@harbour.example"


def test_what_changed_in_clio_before_a_full_run_is_not_passed_over_by_it(company: Client) -> None:
    company.edit_in_clio(name="Renamed and Sons Ltd")
    company.practice.clock.advance(3600)
    company.practice.sync(full=True)
    assert company.xero["Name"].startswith("Renamed and Sons Ltd")


def test_what_changed_in_xero_before_a_full_run_that_failed_is_not_passed_over(
    company: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    practice = company.practice
    monkeypatch.setattr("syncengine.xero.client.PAGE", 1)
    company.edit_in_xero(EmailAddress="new@harbour.example")
    practice.clock.advance(3600)
    practice.xero.faults.add(
        Fault(kind="status", method="GET", path_prefix="/api.xro/2.0/Contacts", status=500, after=1)
    )
    assert practice.sync(full=True)["state"] == "failed"
    practice.clock.advance(20 * 60)
    practice.sync()
    assert company.clio_email == "new@harbour.example"
