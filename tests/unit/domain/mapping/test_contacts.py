"""A Clio contact in Xero's form (BEHAVIOUR §4, Fields)."""

from typing import Any

import pytest

from syncengine.domain.documents import Blocked, ContactDocument
from syncengine.domain.mapping.contact_forms import country_letters, street_lines
from syncengine.domain.mapping.contacts import contact_fields, contact_number, map_contact, xero_name
from syncengine.domain.records import Address, Phone
from tests.unit.domain.makers import contact, rules, standing_contact

QUAY = Address("Billing", "1 Quay", "Halifax", "NS", "B3H 0A1", "Canada")
QUAY_IN_XERO = {
    "AddressLine1": "1 Quay",
    "City": "Halifax",
    "Region": "NS",
    "PostalCode": "B3H 0A1",
    "Country": "Canada",
}


def person(**changes: Any) -> Any:
    return contact(**{"type": "Person", "name": "Ana Reyes", "first_name": "Ana", "last_name": "Reyes", **changes})


def phones(*numbers: Phone) -> list[tuple[str, str]]:
    found = contact_fields(contact(phones=numbers)).get("Phones", [])
    return [(phone["PhoneType"], phone["PhoneNumber"]) for phone in found]


def made(**changes: Any) -> ContactDocument:
    found = map_contact(**{"record": contact(), "rules": rules(), **changes})
    assert isinstance(found, ContactDocument), found
    return found


def test_the_contact_number_holds_the_clio_id() -> None:
    assert contact_number(501) == "CLIO-501"


def test_a_new_contact_is_sent_whole() -> None:
    record = contact(phones=(Phone("Work", "555-0100", primary=True),), addresses=(QUAY,))
    found = made(record=record)
    assert (found.contact_number, found.name, found.contact_id) == ("CLIO-501", "Harbour Bakery Ltd", None)
    assert found.fields == {
        "EmailAddress": "ap@harbour.example",
        "Phones": [{"PhoneType": "DEFAULT", "PhoneNumber": "555-0100"}],
        "Addresses": [{"AddressType": "POBOX", **QUAY_IN_XERO}, {"AddressType": "STREET", **QUAY_IN_XERO}],
    }


def test_what_clio_does_not_know_is_not_sent() -> None:
    assert contact_fields(contact(email="")) == {}


def test_a_person_has_first_and_last_name() -> None:
    assert contact_fields(person(email="")) == {"FirstName": "Ana", "LastName": "Reyes"}
    assert contact_fields(person(email="", first_name="")) == {"LastName": "Reyes"}


def test_a_company_has_no_first_and_last_name() -> None:
    assert contact_fields(contact(email="", first_name="Ana", last_name="Reyes")) == {}


@pytest.mark.parametrize(
    ("append_ids", "append_for", "name"),
    [
        (False, frozenset(), "Harbour Bakery Ltd"),
        (True, frozenset(), "Harbour Bakery Ltd (501)"),
        (False, frozenset({501}), "Harbour Bakery Ltd (501)"),
        (False, frozenset({502}), "Harbour Bakery Ltd"),
    ],
)
def test_an_id_is_appended_where_the_firm_or_this_contact_wants_it(
    append_ids: bool, append_for: frozenset[int], name: str
) -> None:
    assert made(rules=rules(append_ids=append_ids, append_id_for=append_for)).name == name


def test_a_name_holds_nothing_that_xero_refuses() -> None:
    record = contact(name="  Harbour\t <Bakery>  Ltd\n")
    assert xero_name(record=record, append=False) == "Harbour Bakery Ltd"
    assert xero_name(record=record, append=True) == "Harbour Bakery Ltd (501)"


def test_a_long_name_is_cut_so_that_the_id_fits() -> None:
    record = contact(name="x" * 300)
    assert xero_name(record=record, append=False) == "x" * 255
    assert xero_name(record=record, append=True) == "x" * 249 + " (501)"


def test_a_hidden_contact_is_blocked() -> None:
    found = map_contact(record=contact(name=" "), rules=rules())
    assert isinstance(found, Blocked)
    assert (found.code, found.field) == ("contact_hidden", "name")


def test_the_primary_phone_is_the_default_and_nothing_else() -> None:
    assert phones(Phone("Mobile", "555-0101", primary=True)) == [("DEFAULT", "555-0101")]


def test_other_phones_go_by_their_type() -> None:
    found = phones(
        Phone("Fax", "555-0104"),
        Phone("Mobile", "555-0103"),
        Phone("work", "555-0102"),
        Phone("Home", "555-0101", primary=True),
    )
    assert found == [("DEFAULT", "555-0101"), ("DDI", "555-0102"), ("MOBILE", "555-0103"), ("FAX", "555-0104")]


@pytest.mark.parametrize("name", ["Home", "Pager", "Skype", "Other", "Personal", ""])
def test_a_phone_of_another_type_is_not_sent(name: str) -> None:
    assert phones(Phone(name, "555-0101")) == []


def test_the_first_phone_of_a_type_counts() -> None:
    assert phones(Phone("Work", "555-0101"), Phone("Work", "555-0102")) == [("DDI", "555-0101")]


def test_a_second_primary_phone_is_not_sent() -> None:
    found = phones(Phone("Work", "555-0101", primary=True), Phone("Work", "555-0102", primary=True))
    assert found == [("DEFAULT", "555-0101")]


def test_half_a_phone_number_is_worse_than_none() -> None:
    assert phones(Phone("Work", "5" * 51, primary=True)) == []
    assert phones(Phone("Work", " 555  0100 ", primary=True)) == [("DEFAULT", "555 0100")]
    assert phones(Phone("Work", "5" * 50, primary=True)) == [("DEFAULT", "5" * 50)]


def address_of(*addresses: Address) -> dict[str, str]:
    found = contact_fields(contact(addresses=addresses)).get("Addresses", [])
    assert [one["AddressType"] for one in found] in ([], ["POBOX", "STREET"])
    both = [{name: value for name, value in one.items() if name != "AddressType"} for one in found]
    assert both[:1] == both[1:]
    return both[0] if both else {}


def test_the_billing_address_is_both_addresses() -> None:
    assert address_of(Address("Work", "2 Road", primary=True), QUAY) == QUAY_IN_XERO


def test_the_primary_address_is_taken_where_there_is_no_billing_address() -> None:
    assert address_of(Address("Home", "3 Lane"), Address("Work", "2 Road", primary=True)) == {"AddressLine1": "2 Road"}


def test_an_address_that_is_neither_is_not_sent() -> None:
    assert address_of(Address("Home", "3 Lane")) == {}


def test_of_two_billing_addresses_the_primary_one_is_taken() -> None:
    assert address_of(QUAY, Address("billing", "2 Road", primary=True)) == {"AddressLine1": "2 Road"}


def test_an_empty_address_is_not_sent() -> None:
    assert address_of(Address("Billing", " ")) == {}


def test_a_street_is_split_into_xeros_lines() -> None:
    assert street_lines("Suite 4\r\n 1  Quay\n\nHarbour") == ["Suite 4", "1 Quay", "Harbour"]


def test_a_street_of_more_lines_than_xero_has_loses_nothing() -> None:
    assert street_lines("a\nb\nc\nd\ne") == ["a", "b", "c", "d, e"]


def test_a_street_line_is_cut_at_500_characters() -> None:
    assert street_lines("x" * 501) == ["x" * 500]


@pytest.mark.parametrize(
    ("country", "letters"),
    [
        ("Canada", "Canada"),
        ("U.S.A.", "USA"),
        ("Côte d'Ivoire", "Côte dIvoire"),
        ("Guinea-Bissau (West  Africa)", "GuineaBissau West Africa"),
        ("1", ""),
        ("x" * 60, "x" * 50),
    ],
)
def test_a_country_is_letters_only(country: str, letters: str) -> None:
    assert country_letters(country) == letters


def test_fields_are_cut_at_xeros_limits() -> None:
    long = Address("Billing", "1 Quay", "c" * 300, "r" * 300, "p" * 60, "Canada")
    found = address_of(long)
    assert (len(found["City"]), len(found["Region"]), len(found["PostalCode"])) == (255, 255, 50)
    assert len(contact_fields(person(first_name="f" * 300))["FirstName"]) == 255


def test_half_an_e_mail_is_worse_than_none() -> None:
    assert contact_fields(contact(email="a" * 250 + "@b.example")) == {}


def test_a_linked_contact_that_agrees_has_nothing_to_send() -> None:
    standing = standing_contact()
    base = {"clio": contact_fields(contact()) | {"Name": "Harbour Bakery Ltd"}, "xero": {"Name": standing.name}}
    found = made(standing=standing, base=base)
    assert (found.name, found.fields, found.contact_id) == ("Harbour Bakery Ltd", {}, "contact-1")


def test_a_first_meeting_fills_only_what_is_empty_in_xero() -> None:
    record = contact(phones=(Phone("Work", "555-0100", primary=True),), email="new@harbour.example")
    found = made(record=record, standing=standing_contact(name="HARBOUR BAKERY LTD", contact_number="CUST-9"))
    assert found.fields == {"Phones": [{"PhoneType": "DEFAULT", "PhoneNumber": "555-0100"}]}
    assert (found.name, found.contact_number) == ("HARBOUR BAKERY LTD", "CUST-9")


def test_a_contact_without_a_number_gets_ours() -> None:
    assert made(standing=standing_contact(contact_number="")).contact_number == "CLIO-501"


def test_appending_switched_on_later_renames_nobody() -> None:
    base = {"clio": {"Name": "Harbour Bakery Ltd"}, "xero": {"Name": "Harbour Bakery Ltd"}}
    assert made(standing=standing_contact(), base=base, rules=rules(append_ids=True)).name == "Harbour Bakery Ltd"


def test_a_new_name_goes_to_xero() -> None:
    base = {"clio": {"Name": "Harbor Bakery"}, "xero": {"Name": "Harbor Bakery"}}
    found = made(standing=standing_contact(name="Harbor Bakery"), base=base, rules=rules(append_ids=True))
    assert (found.name, found.fields) == ("Harbour Bakery Ltd", {})


def test_a_new_name_carries_the_id_where_it_is_wanted_for_this_contact() -> None:
    base = {"clio": {"Name": "Harbor Bakery"}, "xero": {"Name": "Harbor Bakery"}}
    found = made(
        standing=standing_contact(name="Harbor Bakery"), base=base, rules=rules(append_id_for=frozenset({501}))
    )
    assert found.name == "Harbour Bakery Ltd (501)"


def test_a_linked_contact_that_became_hidden_keeps_everything() -> None:
    found = made(record=contact(name="", email=""), standing=standing_contact(), base={"clio": {}, "xero": {}})
    assert (found.name, found.fields) == ("Harbour Bakery Ltd", {})
