"""A contact's fields flat, for merging, and nested, as Xero takes them."""

from typing import Any

from syncengine.domain.contact_merge import flatten, nest, xero_form
from tests.unit.domain.makers import standing_contact

QUAY = {"AddressLine1": "1 Quay", "City": "Halifax", "Region": "NS", "PostalCode": "B3H 0A1", "Country": "Canada"}
IN_XERO: dict[str, Any] = {
    "Addresses": [{"AddressType": "POBOX", **QUAY}, {"AddressType": "STREET", **QUAY}],
}


def test_xeros_own_form_takes_the_e_mail_from_where_it_stands() -> None:
    assert xero_form(standing_contact(email="a@b.example"))["EmailAddress"] == "a@b.example"


def test_flat_fields_leave_out_what_is_empty() -> None:
    fields = {
        "FirstName": " Ana ",
        "LastName": "",
        "Phones": [
            {"PhoneType": "DEFAULT", "PhoneNumber": "555-0100", "PhoneAreaCode": "902", "PhoneCountryCode": ""},
            {"PhoneType": "FAX", "PhoneNumber": None},
        ],
        "Addresses": [{"AddressType": "POBOX", "AddressLine1": "a", "AddressLine3": "c", "City": "", "Country": "CA"}],
        "IsCustomer": True,
    }
    assert flatten(fields) == {
        "FirstName": "Ana",
        "Phones.DEFAULT": "902 555-0100",
        "Addresses.POBOX.Street": "a\nc",
        "Addresses.POBOX.Country": "CA",
    }


def test_flat_fields_stay_flat() -> None:
    flat = {"EmailAddress": "a@b.example", "Addresses.POBOX.City": "Truro"}
    assert flatten(flat) == flat


def test_changes_are_nested_as_xero_takes_them() -> None:
    changes = {"EmailAddress": "a@b.example", "Phones.FAX": "555-0104", "Phones.DEFAULT": "555-0101"}
    assert nest(changes=changes, standing={}) == {
        "EmailAddress": "a@b.example",
        "Phones": [
            {"PhoneType": "DEFAULT", "PhoneNumber": "555-0101"},
            {"PhoneType": "FAX", "PhoneNumber": "555-0104"},
        ],
    }


def test_an_old_area_code_is_blanked_beside_a_new_number() -> None:
    old = {"PhoneType": "DEFAULT", "PhoneNumber": "555-0100", "PhoneAreaCode": "902", "PhoneCountryCode": ""}
    assert nest(changes={"Phones.DEFAULT": "555-0101"}, standing={"Phones": [old]}) == {
        "Phones": [{"PhoneType": "DEFAULT", "PhoneNumber": "555-0101", "PhoneAreaCode": ""}]
    }


def test_an_address_that_is_touched_is_sent_whole() -> None:
    assert nest(changes={"Addresses.POBOX.City": "Truro"}, standing=IN_XERO) == {
        "Addresses": [{"AddressType": "POBOX", **QUAY, "City": "Truro"}]
    }


def test_old_lines_of_a_street_are_blanked_beside_a_shorter_one() -> None:
    old = {"AddressType": "STREET", "AddressLine1": "Suite 4", "AddressLine2": "1 Quay", "City": "Halifax"}
    assert nest(changes={"Addresses.STREET.Street": "2 Quay"}, standing={"Addresses": [old]}) == {
        "Addresses": [{"AddressType": "STREET", "AddressLine1": "2 Quay", "AddressLine2": "", "City": "Halifax"}]
    }
