"""What goes back to Clio, as the body of a contact's change (BEHAVIOUR §4, Xero → Clio; C 9.4)."""

import dataclasses
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncengine.domain.contact_merge import Difference, Merge, base_of, clio_form, merge_contact
from syncengine.domain.documents import StandingContact
from syncengine.domain.mapping.contact_edits import contact_edit, differences, field_words
from syncengine.domain.records import Address, ContactRecord, Email, Phone
from tests.unit.domain.makers import contact, standing_contact

WORK = Email("Work", "ap@harbour.example", primary=True, id=3)
HOME = Email("Home", "ana@home.example", id=4)
DESK = Phone("Work", "555-0100", primary=True, id=5)
CELL = Phone("Mobile", "555-0103", id=6)
QUAY = Address("Billing", "1 Quay", "Halifax", "NS", "B3H 0A1", "Canada", id=7)
HOUSE = Address("Home", "9 Elm", "Truro", "NS", "B2N 1A1", "Canada", primary=True, id=8)


def company(**changes: Any) -> ContactRecord:
    rows = {"emails": (WORK, HOME), "phones": (CELL, DESK), "addresses": (HOUSE, QUAY)}
    return contact(**{**rows, **changes})


def edit(changes: Mapping[str, str], record: ContactRecord | None = None, **standing: Any) -> dict[str, Any]:
    return contact_edit(record=record or company(), changes=changes, standing=standing_contact(**standing))


@pytest.mark.parametrize("name", ["name", "first_name", "last_name"])
def test_names_are_the_contacts_own_fields(name: str) -> None:
    assert edit({name: "Harbour Bakery Inc"}) == {name: "Harbour Bakery Inc"}


def test_the_primary_email_is_changed_in_place_and_keeps_its_label() -> None:
    assert edit({"email": "new@harbour.example"}) == {
        "email_addresses": [{"id": 3, "name": "Work", "address": "new@harbour.example"}]
    }


def test_an_email_that_the_client_has_already_becomes_the_primary_one() -> None:
    assert edit({"email": "Ana@Home.example"}) == {
        "email_addresses": [{"id": 4, "name": "Home", "default_email": True}]
    }


def test_another_spelling_of_the_primary_email_is_written_into_it() -> None:
    assert edit({"email": "AP@harbour.example"}) == {
        "email_addresses": [{"id": 3, "name": "Work", "address": "AP@harbour.example"}]
    }


def test_an_email_that_no_row_calls_primary_is_found_by_its_text() -> None:
    record = company(emails=(HOME, dataclasses.replace(WORK, primary=False)))
    assert edit({"email": "new@harbour.example"}, record)["email_addresses"][0]["id"] == 3


def test_a_first_email_is_added_as_the_primary_one() -> None:
    assert edit({"email": "new@harbour.example"}, company(email="", emails=())) == {
        "email_addresses": [{"name": "Work", "address": "new@harbour.example", "default_email": True}]
    }


def test_the_primary_phone_is_changed_in_place() -> None:
    assert edit({"phone": "555-0199"}) == {"phone_numbers": [{"id": 5, "name": "Work", "number": "555-0199"}]}


def test_where_no_phone_is_primary_one_is_added_and_the_others_stay() -> None:
    assert edit({"phone": "555-0199"}, company(phones=(CELL,))) == {
        "phone_numbers": [{"name": "Work", "number": "555-0199", "default_number": True}]
    }


def test_of_the_billing_address_only_the_changed_part_is_sent() -> None:
    assert edit({"address.city": "Dartmouth"}) == {"addresses": [{"id": 7, "name": "Billing", "city": "Dartmouth"}]}


def test_without_a_billing_address_the_primary_one_is_changed() -> None:
    found = edit({"address.postal_code": "B2N 1A2"}, company(addresses=(HOUSE,)))
    assert found == {"addresses": [{"id": 8, "name": "Home", "postal_code": "B2N 1A2"}]}


def test_an_address_that_clio_has_not_got_is_added_whole() -> None:
    pobox = {"AddressType": "POBOX", "AddressLine1": "2 Quay", "AddressLine2": "Suite 4", "City": "Dartmouth"}
    street = {"AddressType": "STREET", "AddressLine1": "Elsewhere"}
    found = edit({"address.city": "Dartmouth"}, company(addresses=()), fields={"Addresses": [pobox, street]})
    assert found == {"addresses": [{"name": "Billing", "street": "2 Quay\nSuite 4", "city": "Dartmouth"}]}


def test_a_label_that_clio_does_not_take_is_left_out() -> None:
    record = company(phones=(dataclasses.replace(DESK, name="Personal"),))
    assert edit({"phone": "555-0199"}, record) == {"phone_numbers": [{"id": 5, "number": "555-0199"}]}


def test_nothing_to_change_is_an_empty_edit() -> None:
    assert edit({}) == {}


def test_the_history_gets_both_sides_of_what_is_written() -> None:
    record, there = company(), standing_contact(email="new@harbour.example")
    merge = merge_contact(record=record, standing=there, base=base_of(record=record, standing=standing_contact()))
    assert differences(record=record, standing=there, merge=merge) == (
        Difference("EmailAddress", "ap@harbour.example", "new@harbour.example"),
    )


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("EmailAddress", "e-mail"),
        ("Phones.DEFAULT", "phone"),
        ("Addresses.POBOX.City", "city (postal address)"),
        ("Addresses.STREET.PostalCode", "postal code (street address)"),
    ],
)
def test_fields_have_plain_words(path: str, words: str) -> None:
    assert field_words(path) == words


# A property: what is written makes both sides agree, once, and touches nothing else -----------------------------------


def clio_after(record: ContactRecord, edit: Mapping[str, Any]) -> ContactRecord:
    """Clio's contact after a change: rows with an id are changed, those without are added (C 9.4)."""
    emails = _rows(record.emails, edit.get("email_addresses", ()), "default_email")
    changed = dataclasses.replace(
        record,
        **{name: edit[name] for name in ("name", "first_name", "last_name") if name in edit},
        emails=emails,
        phones=_rows(record.phones, edit.get("phone_numbers", ()), "default_number"),
        addresses=_rows(record.addresses, edit.get("addresses", ()), "primary"),
        email=next((email.address for email in emails if email.primary), ""),
    )
    if changed.type == "Person":
        changed = dataclasses.replace(changed, name=f"{changed.first_name} {changed.last_name}".strip())
    return changed


def _rows(held: tuple[Any, ...], asked: Any, default: str) -> tuple[Any, ...]:
    made = {Email: Email("", ""), Phone: Phone("", ""), Address: Address("")}
    kind = {"default_email": Email, "default_number": Phone, "primary": Address}[default]
    rows = {row.id: row for row in held}
    for number, one in enumerate(asked):
        row_id = one.get("id", 900 + number)
        values = {name: value for name, value in one.items() if name not in {"id", default}}
        rows[row_id] = dataclasses.replace(rows.get(row_id, made[kind]), id=row_id, **values)
        if one.get(default):
            rows = {key: dataclasses.replace(row, primary=key == row_id) for key, row in rows.items()}
    return tuple(rows.values())


def numbered(rows: list[Any], start: int) -> tuple[Any, ...]:
    """Rows with ids, the first of them the primary one."""
    return tuple(dataclasses.replace(row, id=start + i, primary=i == 0) for i, row in enumerate(rows))


words = st.sampled_from(["Ana", "Lee", "Quay 1", "Halifax", "NS", "B3H 0A1", "Canada", "Truro"])
maybe = st.one_of(st.just(""), words)
mails = st.sampled_from(["a@x.example", "b@x.example", "c@x.example"])
numbers = st.sampled_from(["555-0100", "555-0103", "555-0199"])
addresses = st.builds(
    Address, name=st.sampled_from(["Billing", "Home", "Work"]), street=words, city=maybe, province=maybe,
    postal_code=maybe, country=maybe,
)  # fmt: skip


@st.composite
def records(draw: st.DrawFn) -> ContactRecord:
    emails = numbered([Email("Work", mail) for mail in draw(st.lists(mails, max_size=2, unique=True))], 10)
    kind = draw(st.sampled_from(["Person", "Company"]))
    first, last = (draw(words), draw(words)) if kind == "Person" else ("", "")
    return ContactRecord(
        id=501,
        type=kind,
        name=f"{first} {last}" if kind == "Person" else draw(words),
        first_name=first,
        last_name=last,
        email=emails[0].address if emails else "",
        emails=emails,
        phones=numbered(draw(st.lists(st.builds(Phone, st.just("Fax"), numbers), max_size=2)), 20),
        addresses=numbered(draw(st.lists(addresses, max_size=2)), 30),
    )


@st.composite
def contacts_in_xero(draw: st.DrawFn) -> StandingContact:
    pobox = {name: draw(maybe) for name in ("AddressLine1", "City", "Region", "PostalCode")}
    pobox["Country"] = draw(st.sampled_from(["", "Canada", "CA"]))
    number = draw(st.one_of(st.just(""), numbers))
    fields: dict[str, Any] = {"FirstName": draw(maybe), "LastName": draw(maybe)}
    fields["Phones"] = [{"PhoneType": "DEFAULT", "PhoneNumber": number}]
    fields["Addresses"] = [{"AddressType": "POBOX", **pobox}]
    name, email = draw(words), draw(st.one_of(st.just(""), mails))
    return StandingContact("contact-1", "CLIO-501", name, email, "ACTIVE", fields=fields)


@given(record=records(), before=contacts_in_xero(), after=contacts_in_xero())
def test_what_is_written_to_clio_stands_there_once_and_nothing_else_moves(
    record: ContactRecord, before: StandingContact, after: StandingContact
) -> None:
    base = base_of(record=record, standing=before)
    merge = merge_contact(record=record, standing=after, base=base)
    assert not merge.to_xero
    assert not merge.conflicts
    written = clio_after(record, contact_edit(record=record, changes=merge.to_clio, standing=after))

    form, there = clio_form(written), {d.field: d.xero for d in differences(record=record, standing=after, merge=merge)}
    assert {path: form[path] for path in merge.pending} == there
    assert _others(written) >= _others(record)
    assert len(written.addresses) - len(record.addresses) <= (not record.addresses)
    # Once it is written, it is no change any more; what is only shown stays so.
    agreed = base_of(record=written, standing=after, earlier=base, held=merge.kept)
    again = merge_contact(record=written, standing=after, base=agreed)
    assert (again.to_xero, again.to_clio, again.conflicts) == ({}, {}, ())
    assert set(again.kept) <= set(merge.kept)


def _others(record: ContactRecord) -> set[tuple[int | None, str]]:
    """Phones and addresses that Xero never changes."""
    return {(row.id, row.number) for row in record.phones if not row.primary} | {
        (row.id, row.city) for row in record.addresses if not row.primary and row.name != "Billing"
    }


@given(record=records(), before=contacts_in_xero(), after=contacts_in_xero())
def test_a_change_that_clio_has_not_taken_stays_one(
    record: ContactRecord, before: StandingContact, after: StandingContact
) -> None:
    base = base_of(record=record, standing=before)
    merge = merge_contact(record=record, standing=after, base=base)
    held = base_of(record=record, standing=after, earlier=base, held=(*merge.pending, *merge.kept))
    again = merge_contact(record=record, standing=after, base=held)
    assert (again, again.pending, again.kept) == (merge, merge.pending, merge.kept)


def test_a_merge_without_changes_holds_nothing() -> None:
    record = company()
    merge = merge_contact(record=record, standing=standing_contact(), base=None)
    assert (merge.pending, merge.kept) == ((), ())
    assert Merge() == Merge(pending=("EmailAddress",))
