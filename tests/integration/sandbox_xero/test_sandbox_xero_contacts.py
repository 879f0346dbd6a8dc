"""Contacts of the stand-in Xero: PUT and POST, names, numbers, archived ones, how they are shown."""

import pytest

from tests.support.xero_stand_in import Xero

TAKEN = (
    "The contact name {} is already assigned to another contact. "
    "The contact name must be unique across all active contacts."
)
ARCHIVED = (
    "The specified contact details matched an archived contact. "
    "Archived contacts cannot currently be edited via the API."
)
ARCHIVED_ON_DOCUMENT = (
    "The contact with the specified contact details has been archived. "
    "The contact must be un-archived before creating new invoices or credit notes."
)
UNIDENTIFIED = (
    "The Contact must contain at least 1 of the following elements to identify the contact: "
    "Name, ContactID, ContactNumber"
)


def test_a_new_contact_shows_two_addresses_and_four_phones_with_empty_texts(xero: Xero) -> None:
    made = xero.put("/Contacts", {"Name": "Harrow Estate"})
    assert [address["AddressType"] for address in made["Addresses"]] == ["STREET", "POBOX"]
    assert made["Addresses"][0] == {"AddressType": "STREET", "City": "", "Region": "", "PostalCode": "", "Country": ""}
    assert [phone["PhoneType"] for phone in made["Phones"]] == ["DEFAULT", "DDI", "FAX", "MOBILE"]
    assert made["Phones"][0]["PhoneNumber"] == ""
    assert (made["EmailAddress"], made["ContactStatus"], made["HasValidationErrors"]) == ("", "ACTIVE", False)


def test_a_page_shows_only_the_type_of_an_empty_address_or_phone(xero: Xero) -> None:
    xero.contact(Phones=[{"PhoneType": "MOBILE", "PhoneNumber": "555 0101"}])
    (shown,) = xero.get("/Contacts?page=1")["Contacts"]
    assert shown["Addresses"] == [{"AddressType": "STREET"}, {"AddressType": "POBOX"}]
    assert shown["Phones"][0] == {"PhoneType": "DEFAULT"}
    assert {phone["PhoneType"]: phone.get("PhoneNumber") for phone in shown["Phones"]}["MOBILE"] == "555 0101"


@pytest.mark.parametrize("name", ["Harrow Estate", "HARROW estate", "  Harrow   Estate "])
def test_put_refuses_a_name_that_an_active_contact_has_whatever_its_case_and_spaces(xero: Xero, name: str) -> None:
    xero.contact("Harrow Estate")
    assert xero.refusal("PUT", "/Contacts", {"Name": name}) == [TAKEN.format(name)]


def test_spaces_in_a_name_are_folded(xero: Xero) -> None:
    assert xero.put("/Contacts", {"Name": "  Harrow   Estate "})["Name"] == "Harrow Estate"


def test_angle_brackets_in_a_name_are_refused(xero: Xero) -> None:
    assert len(xero.refusal("PUT", "/Contacts", {"Name": "Harrow <Estate>"})) == 1


def test_post_with_a_name_alone_overwrites_the_contact_that_has_it(xero: Xero) -> None:
    held = xero.contact("Harrow Estate", EmailAddress="old@harrow.example")
    changed = xero.post("/Contacts", {"Name": "harrow estate", "EmailAddress": "new@harrow.example"})
    assert (changed["ContactID"], changed["EmailAddress"]) == (held, "new@harrow.example")


def test_post_finds_a_contact_by_its_number_before_its_name(xero: Xero) -> None:
    held = xero.contact("Harrow Estate", ContactNumber="CLIO-501")
    changed = xero.post("/Contacts", {"Name": "Harrow and Sons", "ContactNumber": "clio-501"})
    assert (changed["ContactID"], changed["Name"]) == (held, "Harrow and Sons")


def test_a_change_leaves_what_was_not_sent(xero: Xero) -> None:
    held = xero.contact(
        FirstName="Ada",
        EmailAddress="ada@harrow.example",
        Addresses=[{"AddressType": "POBOX", "City": "Toronto"}, {"AddressType": "STREET", "City": "Ottawa"}],
    )
    xero.post("/Contacts", {"ContactID": held, "Addresses": [{"AddressType": "POBOX", "Region": "ON"}]})
    (now,) = xero.get(f"/Contacts/{held}")["Contacts"]
    by_type = {address["AddressType"]: address for address in now["Addresses"]}
    assert (now["FirstName"], now["EmailAddress"]) == ("Ada", "ada@harrow.example")
    assert (by_type["POBOX"]["City"], by_type["POBOX"]["Region"], by_type["STREET"]["City"]) == ("", "ON", "Ottawa")


def test_a_rename_to_a_taken_name_is_refused(xero: Xero) -> None:
    xero.contact("Harrow Estate")
    other = xero.contact("Lindqvist")
    body = {"ContactID": other, "Name": "Harrow estate"}
    assert xero.refusal("POST", "/Contacts", body) == [TAKEN.format("Harrow estate")]
    assert xero.post("/Contacts", {"ContactID": other, "Name": "LINDQVIST"})["Name"] == "LINDQVIST"


def test_a_contact_is_read_by_id_or_by_number(xero: Xero) -> None:
    held = xero.contact(ContactNumber="CLIO-501")
    assert xero.get(f"/Contacts/{held}")["Contacts"][0]["ContactID"] == held
    assert xero.get("/Contacts/CLIO-501")["Contacts"][0]["ContactID"] == held


def test_archived_names_are_free_but_archived_numbers_are_not(xero: Xero) -> None:
    held = xero.contact("Harrow Estate", ContactNumber="CLIO-501")
    assert xero.post("/Contacts", {"ContactID": held, "ContactStatus": "ARCHIVED"})["ContactStatus"] == "ARCHIVED"
    assert xero.contact("Harrow Estate") != held
    refused = xero.refusal("PUT", "/Contacts", {"Name": "Somebody", "ContactNumber": "CLIO-501"})
    assert refused == ["Another contact has this contact number. Please enter a different contact number."]


@pytest.mark.parametrize("by", ["ContactID", "ContactNumber"])
def test_an_archived_contact_cannot_be_changed_nor_brought_back(xero: Xero, by: str) -> None:
    held = xero.contact("Harrow Estate", ContactNumber="CLIO-501")
    xero.act("archive_contact", contact=held)
    key = {"ContactID": held, "ContactNumber": "CLIO-501"}[by]
    assert xero.refusal("POST", "/Contacts", {by: key, "ContactStatus": "ACTIVE"}) == [ARCHIVED]
    assert xero.refusal("POST", "/Contacts", {by: key, "ContactStatus": "ARCHIVED"}) == [ARCHIVED]


def test_a_contact_with_open_invoices_can_be_archived_and_takes_no_new_ones(xero: Xero) -> None:
    held = xero.contact("Harrow Estate")
    made = xero.invoice(Contact={"ContactID": held})
    xero.post("/Contacts", {"ContactID": held, "ContactStatus": "ARCHIVED"})
    refused = xero.refusal("PUT", "/Invoices", xero.invoice_body(Contact={"ContactID": held}))
    assert refused == [ARCHIVED_ON_DOCUMENT]
    assert xero.post("/Invoices", {"InvoiceID": made["InvoiceID"], "Reference": "x"})["Reference"] == "x"


def test_a_contact_cannot_be_born_archived(xero: Xero) -> None:
    refused = xero.refusal("PUT", "/Contacts", {"Name": "Abe", "ContactStatus": "ARCHIVED"})
    assert refused == ["The status 'ARCHIVED' is not valid for contacts"]


def test_a_contact_without_name_id_or_number_is_refused(xero: Xero) -> None:
    refused = xero.refusal("POST", "/Contacts", {"FirstName": "Ada"})
    assert refused == [UNIDENTIFIED]


@pytest.mark.parametrize("email", ["nobody", "a@b", "a b@c.example", "<a@c.example>"])
def test_a_bad_email_address_is_refused(xero: Xero, email: str) -> None:
    body = {"Name": "Abe", "EmailAddress": email}
    assert xero.refusal("PUT", "/Contacts", body) == ["Email address must be valid."]


def test_every_broken_rule_has_its_message(xero: Xero) -> None:
    xero.contact("Abe")
    refused = xero.refusal("PUT", "/Contacts", {"Name": "Abe", "EmailAddress": "x", "ContactNumber": "9" * 51})
    assert len(refused) == 3


def test_additional_people_need_an_email_address_of_the_first(xero: Xero) -> None:
    body = {"Name": "Abe", "ContactPersons": [{"FirstName": "Bea", "EmailAddress": "bea@abe.example"}]}
    assert xero.refusal("PUT", "/Contacts", body) == [
        "Additional people cannot be added when the primary person has no email address set."
    ]
    assert xero.put("/Contacts", {**body, "EmailAddress": "abe@abe.example"})["ContactPersons"][0]["FirstName"] == "Bea"


def test_only_a_paged_or_single_read_tells_whom_a_contact_was_merged_into(xero: Xero) -> None:
    gone, survivor = xero.contact("Harrow"), xero.contact("Harrow Estate")
    made = xero.invoice(Contact={"ContactID": gone})
    xero.act("merge_contact", contact=gone, into=survivor)
    (single,) = xero.get(f"/Contacts/{gone}")["Contacts"]
    assert (single["MergedToContactID"], single["ContactStatus"]) == (survivor, "ARCHIVED")
    listed = xero.get("/Contacts?includeArchived=true")["Contacts"]
    assert all("MergedToContactID" not in row for row in listed)
    paged = {row["ContactID"]: row for row in xero.get("/Contacts?includeArchived=true&page=1")["Contacts"]}
    assert paged[gone]["MergedToContactID"] == survivor
    assert xero.read(made)["Contact"]["ContactID"] == survivor


def test_a_full_contact_inside_an_invoice_changes_the_contact(xero: Xero) -> None:
    person = [{"FirstName": "Bea", "EmailAddress": "bea@abe.example"}]
    held = xero.contact("Abe", EmailAddress="abe@abe.example", ContactPersons=person)
    xero.invoice(Contact={"ContactID": held})
    assert len(xero.get(f"/Contacts/{held}")["Contacts"][0]["ContactPersons"]) == 1
    xero.invoice(Contact={"ContactID": held, "EmailAddress": "other@abe.example"})
    (now,) = xero.get(f"/Contacts/{held}")["Contacts"]
    assert (now["EmailAddress"], now["ContactPersons"]) == ("other@abe.example", [])


def test_a_name_inside_an_invoice_that_nobody_has_makes_a_contact(xero: Xero) -> None:
    made = xero.invoice(Contact={"Name": "Quite New"})
    assert xero.get(f"/Contacts/{made['Contact']['ContactID']}")["Contacts"][0]["Name"] == "Quite New"
    again = xero.invoice(Contact={"Name": "quite new"})
    assert again["Contact"]["ContactID"] == made["Contact"]["ContactID"]


def test_a_refused_invoice_makes_no_contact(xero: Xero) -> None:
    xero.refusal("PUT", "/Invoices", xero.invoice_body(Contact={"Name": "Quite New"}, LineItems=[]))
    assert xero.get("/Contacts")["Contacts"] == []
