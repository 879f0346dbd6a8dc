"""The three-way merge of a linked contact (BEHAVIOUR §4, Afterwards both ways)."""

from typing import Any

import pytest

from syncengine.domain.contact_merge import Difference, Merge, base_of, merge_contact
from syncengine.domain.records import Address, Phone
from tests.unit.domain.makers import contact, standing_contact

QUAY = Address("Billing", "1 Quay", "Halifax", "NS", "B3H 0A1", "Canada", primary=True)
QUAY_IN_XERO = {
    "AddressLine1": "1 Quay",
    "City": "Halifax",
    "Region": "NS",
    "PostalCode": "B3H 0A1",
    "Country": "Canada",
}
IN_XERO: dict[str, Any] = {
    "Phones": [
        {"PhoneType": "DEFAULT", "PhoneNumber": "555-0100"},
        {"PhoneType": "MOBILE", "PhoneNumber": "555-0103"},
    ],
    "Addresses": [{"AddressType": "POBOX", **QUAY_IN_XERO}, {"AddressType": "STREET", **QUAY_IN_XERO}],
}
PHONES = (Phone("Work", "555-0100", primary=True), Phone("Mobile", "555-0103"))


def company(**changes: Any) -> Any:
    return contact(**{"phones": PHONES, "addresses": (QUAY,), **changes})


def person(**changes: Any) -> Any:
    return company(**{"type": "Person", "name": "Ana Reyes", "first_name": "Ana", "last_name": "Reyes", **changes})


def standing(fields: dict[str, Any] | None = None, **changes: Any) -> Any:
    return standing_contact(**{"fields": IN_XERO | (fields or {}), **changes})


def standing_person(fields: dict[str, Any] | None = None, **changes: Any) -> Any:
    names = {"FirstName": "Ana", "LastName": "Reyes"}
    return standing(names | (fields or {}), **{"name": "Ana Reyes", **changes})


AGREED = base_of(record=company(), standing=standing())
AGREED_PERSON = base_of(record=person(), standing=standing_person())


def merged(record: Any = None, there: Any = None, **changes: Any) -> Merge:
    values = {"record": record or company(), "standing": there or standing(), "base": AGREED, **changes}
    return merge_contact(**values)


def merged_person(record: Any = None, there: Any = None, **changes: Any) -> Merge:
    return merged(record or person(), there or standing_person(), **{"base": AGREED_PERSON, **changes})


def pobox(**changes: str) -> dict[str, Any]:
    return {"Addresses": [{"AddressType": "POBOX", **QUAY_IN_XERO, **changes}, IN_XERO["Addresses"][1]]}


def test_nothing_changed_and_nothing_is_written() -> None:
    assert merged() == Merge()
    assert merged_person() == Merge()


def test_a_change_in_clio_goes_to_xero() -> None:
    assert merged(company(email="new@harbour.example")) == Merge(to_xero={"EmailAddress": "new@harbour.example"})


def test_a_change_in_xero_goes_to_clio() -> None:
    assert merged(there=standing(email="new@harbour.example")) == Merge(to_clio={"email": "new@harbour.example"})


def test_changes_of_different_fields_go_both_ways() -> None:
    found = merged(company(email="new@harbour.example"), standing(pobox(City="Dartmouth")))
    assert found == Merge(to_xero={"EmailAddress": "new@harbour.example"}, to_clio={"address.city": "Dartmouth"})


def test_the_same_field_changed_on_both_sides_is_clios_and_both_are_remembered() -> None:
    found = merged(company(email="clio@harbour.example"), standing(email="xero@harbour.example"))
    assert found == Merge(
        to_xero={"EmailAddress": "clio@harbour.example"},
        conflicts=(Difference("EmailAddress", "clio@harbour.example", "xero@harbour.example"),),
    )


def test_the_same_change_on_both_sides_is_no_conflict() -> None:
    assert merged(company(email="new@harbour.example"), standing(email="new@harbour.example")) == Merge()


def test_the_same_new_name_on_both_sides_gets_no_id_appended() -> None:
    assert merged(company(name="Harbour Bakery Inc"), standing(name="Harbour Bakery Inc"), append=True) == Merge()


def test_our_own_write_is_no_change() -> None:
    record = company(email="new@harbour.example")
    answered = standing(email="new@harbour.example")
    base = base_of(record=record, standing=answered)
    assert merged(record, answered, base=base) == Merge()


def test_each_side_is_compared_in_its_own_form() -> None:
    # Xero writes the number with its area code apart; Clio's is one text. Neither changed.
    apart = {"PhoneType": "DEFAULT", "PhoneCountryCode": "1", "PhoneAreaCode": "902", "PhoneNumber": "555-0100"}
    there = standing({"Phones": [apart]})
    record = company(phones=(Phone("Work", "+1 (902) 555-0100", primary=True),))
    assert merged(record, there, base=base_of(record=record, standing=there)) == Merge()


def test_values_that_differed_at_the_first_meeting_stay_different() -> None:
    record, there = company(email="clio@harbour.example"), standing(email="xero@harbour.example")
    assert merged(record, there, base=base_of(record=record, standing=there)) == Merge()


@pytest.mark.parametrize(
    ("fields", "written"),
    [
        ({"Phones": [{"PhoneType": "DEFAULT", "PhoneNumber": "555-0199"}]}, {"phone": "555-0199"}),
        (pobox(AddressLine1="2 Quay", AddressLine2="Suite 4"), {"address.street": "2 Quay\nSuite 4"}),
        (pobox(City="Dartmouth"), {"address.city": "Dartmouth"}),
        (pobox(Region="Nova Scotia"), {"address.province": "Nova Scotia"}),
        (pobox(PostalCode="B3H 0A2"), {"address.postal_code": "B3H 0A2"}),
        (pobox(Country="CA"), {"address.country": "CA"}),
    ],
)
def test_what_goes_back_to_clio(fields: dict[str, Any], written: dict[str, str]) -> None:
    assert merged(there=standing(fields)) == Merge(to_clio=written)


def test_first_and_last_name_go_back_to_clio_for_a_person() -> None:
    there = standing_person({"FirstName": "Anna", "LastName": "Reyes-Lee"})
    assert merged_person(there=there) == Merge(to_clio={"first_name": "Anna", "last_name": "Reyes-Lee"})


def test_first_and_last_name_of_a_company_are_xeros_own() -> None:
    assert merged(there=standing({"FirstName": "Ana", "LastName": "Reyes"})) == Merge()


def test_a_companys_name_goes_back_to_clio() -> None:
    assert merged(there=standing(name="Harbour Bakery Inc")) == Merge(to_clio={"name": "Harbour Bakery Inc"})


def test_a_persons_display_name_changed_in_xero_is_shown_and_not_written() -> None:
    found = merged_person(there=standing_person(name="Dr Ana Reyes"))
    assert found == Merge(shown=(Difference("Name", "Ana Reyes", "Dr Ana Reyes"),))


def test_a_persons_new_name_goes_to_xero() -> None:
    found = merged_person(person(name="Ana Lee", last_name="Lee"))
    assert found == Merge(to_xero={"Name": "Ana Lee", "LastName": "Lee"})


@pytest.mark.parametrize(
    ("fields", "path", "clio", "xero"),
    [
        (
            {"Phones": [IN_XERO["Phones"][0], {"PhoneType": "MOBILE", "PhoneNumber": "555-0199"}]},
            "Phones.MOBILE",
            "555-0103",
            "555-0199",
        ),
        (
            {"Addresses": [IN_XERO["Addresses"][0], {"AddressType": "STREET", **QUAY_IN_XERO, "City": "Truro"}]},
            "Addresses.STREET.City",
            "Halifax",
            "Truro",
        ),
    ],
)
def test_other_phones_and_the_street_address_never_go_back(
    fields: dict[str, Any], path: str, clio: str, xero: str
) -> None:
    assert merged(there=standing(fields)) == Merge(shown=(Difference(path, clio, xero),))


def test_a_change_in_clio_overrules_what_was_only_shown() -> None:
    there = standing({"Phones": [IN_XERO["Phones"][0], {"PhoneType": "MOBILE", "PhoneNumber": "555-0199"}]})
    found = merged(company(phones=(PHONES[0], Phone("Mobile", "555-0111"))), there)
    assert found.to_xero == {"Phones.MOBILE": "555-0111"}
    assert found.conflicts == (Difference("Phones.MOBILE", "555-0111", "555-0199"),)


def test_a_missing_value_is_never_written_over_a_present_one() -> None:
    assert merged(company(email="", phones=(), addresses=())) == Merge()
    assert merged(there=standing({"Phones": [], "Addresses": []}, email="")) == Merge()


def test_what_is_hidden_in_clio_is_not_overwritten_from_xero() -> None:
    assert merged(company(email=""), standing(email="new@harbour.example")) == Merge()


def test_what_was_always_empty_in_clio_is_filled_from_xero() -> None:
    record = company(email="")
    base = base_of(record=record, standing=standing(email=""))
    found = merged(record, standing(email="new@harbour.example"), base=base)
    assert found == Merge(to_clio={"email": "new@harbour.example"})


def test_what_was_empty_in_xero_is_filled_when_clio_gets_it() -> None:
    record = company(email="")
    base = base_of(record=record, standing=standing(email=""))
    found = merged(company(email="new@harbour.example"), standing(email=""), base=base)
    assert found == Merge(to_xero={"EmailAddress": "new@harbour.example"})


def test_a_contact_whose_name_is_hidden_changes_nothing() -> None:
    assert merged(company(name="", email="new@harbour.example"), standing(email="xero@harbour.example")) == Merge()


def test_an_appended_id_never_goes_back_to_clio() -> None:
    there = standing(name="Harbour Bakery Ltd (501)")
    base = base_of(record=company(), standing=there)
    assert merged(there=there, base=base) == Merge()
    renamed = standing(name="Harbour Bakery Inc (501)")
    assert merged(there=renamed, base=base) == Merge(to_clio={"name": "Harbour Bakery Inc"})


def test_an_id_appended_by_hand_in_xero_is_no_change_of_name() -> None:
    assert merged(there=standing(name="Harbour Bakery Ltd (501)")) == Merge()


def test_a_number_in_brackets_that_is_not_the_id_is_part_of_the_name() -> None:
    found = merged(there=standing(name="Harbour Bakery Ltd (502)"))
    assert found == Merge(to_clio={"name": "Harbour Bakery Ltd (502)"})


def test_a_name_that_carries_its_id_keeps_it_when_it_changes_in_clio() -> None:
    there = standing(name="Harbour Bakery Ltd (501)")
    found = merged(company(name="Harbour Bakery Inc"), there, base=base_of(record=company(), standing=there))
    assert found == Merge(to_xero={"Name": "Harbour Bakery Inc (501)"})


def test_a_first_meeting_fills_only_empty_fields_of_xero_and_nothing_of_clios() -> None:
    there = standing_contact(
        name="HARBOUR BAKERY LTD",
        email="",
        fields={"Phones": [{"PhoneType": "MOBILE", "PhoneNumber": "555-0199"}]},
    )
    found = merged(company(addresses=()), there, base=None)
    assert found == Merge(to_xero={"EmailAddress": "ap@harbour.example", "Phones.DEFAULT": "555-0100"})


def test_a_first_meeting_fills_an_address_only_if_all_of_it_is_empty() -> None:
    there = standing({"Addresses": [{"AddressType": "POBOX", "City": "Truro"}]})
    found = merged(there=there, base=None)
    assert {path for path in found.to_xero if path.startswith("Addresses.POBOX")} == set()
    assert found.to_xero["Addresses.STREET.Street"] == "1 Quay"
    assert found.to_xero["Addresses.STREET.City"] == "Halifax"


def test_the_base_keeps_what_went_missing_so_that_its_return_is_no_change() -> None:
    hidden = company(email="")
    base = base_of(record=hidden, standing=standing(), earlier=AGREED)
    assert base["clio"]["EmailAddress"] == "ap@harbour.example"
    assert merged(company(), standing(), base=base) == Merge()


def test_a_base_of_nested_fields_is_understood() -> None:
    base = {"clio": {**AGREED["clio"]}, "xero": {**IN_XERO, "EmailAddress": "ap@harbour.example"}}
    assert merged(there=standing(email="new@harbour.example"), base=base) == Merge(
        to_clio={"email": "new@harbour.example"}
    )
