"""First meetings, taken names, shared, archived and merged contacts, against the stand-ins (BEHAVIOUR §4)."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from accounts.firm_scope import firm_scope
from sandbox.faults import Fault
from syncengine.models import SyncSettings
from tests.support.both_ways import clio_changes, line, numbers_of
from tests.support.practice import Practice

Record = dict[str, Any]


@pytest.fixture
def fresh(transactional_db: None, settings: Any) -> Iterator[Practice]:
    """A small practice that was never synced; a firm of before July 2019, so that IDs are not appended."""
    made = Practice(bills=12, account_created=datetime(2017, 3, 1, tzinfo=UTC))
    made.open(settings)
    yield made
    made.stop()


def a_company(practice: Practice) -> Record:
    return practice.a_client(lambda record: record["type"] == "Company" and bool(record["email"]))


def bills_of(practice: Practice, client_id: int) -> list[Record]:
    states = {"awaiting_payment", "paid"}
    return [row for row in practice.records("bill") if row["client_id"] == client_id and row["state"] in states]


# First meeting --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("same", ["name", "email"])
def test_our_number_with_the_same_name_or_email_is_linked(fresh: Practice, same: str) -> None:
    client = a_company(fresh)
    fields = {"Name": client["name"].upper()} if same == "name" else {"Name": "X", "EmailAddress": client["email"]}
    there = fresh.xero.act("add_contact", ContactNumber=f"CLIO-{client['id']}", **fields)
    assert fresh.sync()["state"] == "clean"
    assert fresh.link(client["id"], "contact").xero_id == there["ContactID"]


def test_our_number_alone_is_not_linked_and_the_error_says_who_holds_it(fresh: Practice) -> None:
    client = a_company(fresh)
    there = fresh.xero.act("add_contact", ContactNumber=f"CLIO-{client['id']}", Name="Somebody Else")
    report = fresh.sync()
    assert [error["code"] for error in report["open_errors"]] == ["contact_number_taken"]
    assert fresh.open_errors()[0].details["xero_contact_id"] == there["ContactID"]


def test_a_first_meeting_fills_what_is_empty_in_xero_and_writes_nothing_to_clio(fresh: Practice) -> None:
    client = a_company(fresh)
    there = fresh.xero.act(
        "add_contact",
        Name=client["name"],
        EmailAddress=client["email"],
        Phones=[{"PhoneType": "DEFAULT", "PhoneNumber": "555-0001"}],
    )
    fresh.sync()
    row = next(row for row in fresh.contacts() if row["ContactID"] == there["ContactID"])
    assert [p["PhoneNumber"] for p in row["Phones"] if p["PhoneType"] == "DEFAULT"] == ["555-0001"]
    assert [a["City"] for a in row["Addresses"] if a["AddressType"] == "POBOX"] == [client["addresses"][0]["city"]]
    assert row["ContactNumber"] == f"CLIO-{client['id']}"
    assert clio_changes(fresh) == 0
    fresh.clock.advance(600)
    assert fresh.sync()["counts"]["contact"]["updated"] == 0


def test_a_dry_run_counts_the_bills_of_a_client_that_would_be_linked(fresh: Practice) -> None:
    client = a_company(fresh)
    fresh.xero.act("add_contact", Name=client["name"], EmailAddress=client["email"])
    planned = fresh.sync(dry_run=True)["counts"]
    done = fresh.sync()["counts"]
    assert planned["contact"]["adopted"] == done["contact"]["adopted"] == 1
    assert planned["invoice"]["created"] == done["invoice"]["created"]
    assert planned["invoice"]["blocked"] == 0


def test_a_fill_that_xero_refuses_is_told_and_made_once_it_can_be(fresh: Practice) -> None:
    client = a_company(fresh)
    fresh.xero.act("add_contact", Name=client["name"], EmailAddress=client["email"])
    fresh.xero.faults.add(Fault(kind="status", method="POST", path_prefix="/api.xro/2.0/Contacts", status=400))
    report = fresh.sync()
    assert [(error["kind"], error["clio_id"]) for error in report["open_errors"]] == [("contact", client["id"])]
    bills = {bill["number"] for bill in bills_of(fresh, client["id"])}
    assert bills <= numbers_of(fresh, fresh.link(client["id"], "contact").xero_id), "its bills do not wait for that"
    assert fresh.sync()["state"] == "clean"
    row = next(row for row in fresh.contacts() if row["Name"] == client["name"])
    assert row["ContactNumber"] == f"CLIO-{client['id']}"


def test_a_contact_linked_to_another_client_is_not_linked_again(fresh: Practice) -> None:
    client = a_company(fresh)
    there = fresh.xero.act("add_contact", Name=client["name"], EmailAddress=client["email"])
    twin = fresh.clio.act(
        "add_contact",
        type="Company",
        name=client["name"],
        email_addresses=[{"name": "Work", "address": client["email"], "default_email": True}],
    )
    fresh.clio.act("add_bill", client_id=twin["id"], lines=line())
    fresh.clock.advance(60)
    report = fresh.sync()
    assert fresh.link(client["id"], "contact").xero_id == there["ContactID"]
    assert [(error["clio_id"], error["code"]) for error in report["open_errors"]] == [
        (twin["id"], "contact_name_taken")
    ]


def test_only_clients_of_bills_in_scope_go_to_xero(fresh: Practice) -> None:
    unbilled = fresh.clio.act("add_contact", type="Company", name="Nothing Billed Ltd")
    draft = fresh.clio.act("add_contact", type="Company", name="Draft Only Ltd")
    fresh.clio.act("add_bill", client_id=draft["id"], lines=line(), state="draft")
    fresh.sync()
    names = {row["Name"] for row in fresh.contacts()}
    assert not names & {unbilled["name"], draft["name"]}
    clients = {row["client_id"] for row in fresh.records("bill") if row["state"] in {"awaiting_payment", "paid"}}
    assert len([row for row in fresh.contacts() if row.get("ContactNumber")]) == len(clients)


# Name taken -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def taken(fresh: Practice) -> Record:
    """A client whose name somebody else has in Xero, after a first sync."""
    client = a_company(fresh)
    fresh.xero.act("add_contact", Name=client["name"], EmailAddress="Somebody@Else.example")
    fresh.sync()
    return client


def codes(practice: Practice) -> list[str]:
    return [error.code for error in practice.open_errors()]


def test_a_taken_name_is_told_in_plain_words_and_its_bills_wait_while_the_others_go(
    fresh: Practice, taken: Record
) -> None:
    (error,) = fresh.open_errors()
    assert error.message == f"The contact {taken['name']} is already assigned to another contact."
    assert error.details["xero_email"] == "Somebody@Else.example"
    assert error.details["xero_contact_id"]
    assert error.details["append"] == f"{taken['name']} ({taken['id']})"
    waiting = [fresh.link(bill["id"]) for bill in bills_of(fresh, taken["id"])]
    assert {(link.state, link.reason) for link in waiting} == {("waiting", "Waiting for its contact.")}
    assert len(fresh.invoices()) > 5


def test_renaming_the_other_contact_in_xero_clears_it_in_a_scheduled_run(fresh: Practice, taken: Record) -> None:
    for _ in range(3):  # so that it rests for hours
        fresh.sync()
    other = fresh.open_errors()[0].details["xero_contact_id"]
    fresh.xero.act("rename_contact", contact=other, name="Quite Another")
    fresh.clock.advance(16 * 60)
    fresh.slice()
    assert codes(fresh) == []
    assert fresh.link(taken["id"], "contact").xero_id
    assert fresh.compare()["differences"] == []


def test_renaming_the_client_in_clio_clears_it(fresh: Practice, taken: Record) -> None:
    fresh.clio.act("edit_contact", contact_id=taken["id"], name="A New Name Ltd")
    fresh.clock.advance(60)
    assert fresh.sync()["state"] == "clean"
    assert "A New Name Ltd" in {row["Name"] for row in fresh.contacts()}


def test_appending_the_id_for_this_contact_only_clears_it(fresh: Practice, taken: Record) -> None:
    with firm_scope(fresh.firm):
        SyncSettings.objects.update(append_id_for=[taken["id"]])
    assert fresh.sync()["state"] == "clean"
    carrying = [row["Name"] for row in fresh.contacts() if row["Name"].endswith(")")]
    assert carrying == [f"{taken['name']} ({taken['id']})"]


def test_moving_the_bills_to_another_client_in_clio_clears_it(fresh: Practice, taken: Record) -> None:
    other = fresh.a_client(lambda record: record["id"] != taken["id"])
    bills = bills_of(fresh, taken["id"])
    for bill in bills:
        fresh.clio.act("edit_bill", bill_id=bill["id"], client_id=other["id"])
    fresh.clock.advance(60)
    report = fresh.sync()
    assert report["state"] == "clean", report["open_errors"]
    assert fresh.link(taken["id"], "contact").state == "not_sent"
    assert {bill["number"] for bill in bills} <= numbers_of(fresh, fresh.link(other["id"], "contact").xero_id)
    # It comes back as soon as a bill needs it.
    fresh.clio.act("add_bill", client_id=taken["id"], lines=line())
    fresh.clock.advance(60)
    fresh.sync()
    assert codes(fresh) == ["contact_name_taken"]


# IDs ------------------------------------------------------------------------------------------------------------------


def test_ids_turned_on_later_rename_nobody_and_new_clients_carry_theirs(fresh: Practice) -> None:
    fresh.sync()
    before = {row["Name"] for row in fresh.contacts()}
    with firm_scope(fresh.firm):
        fresh.configure(append_contact_ids=True)
    client = a_company(fresh)
    fresh.clio.act("edit_contact", contact_id=client["id"], phone_numbers=[{"name": "Mobile", "number": "555-0177"}])
    new = fresh.clio.act("add_contact", type="Company", name="Newcomer Ltd")
    fresh.clio.act("add_bill", client_id=new["id"], lines=line())
    fresh.clock.advance(60)
    assert fresh.sync()["state"] == "clean"
    assert {row["Name"] for row in fresh.contacts()} - before == {f"Newcomer Ltd ({new['id']})"}


@pytest.mark.parametrize("minutes", [1, 8])
def test_what_changed_in_clio_while_an_answer_was_lost_is_not_forgotten(fresh: Practice, minutes: int) -> None:
    client = a_company(fresh)
    fresh.lose_answer("/api.xro/2.0/Contacts")
    fresh.slice()
    fresh.clio.act("edit_contact", contact_id=client["id"], name="Renamed Meanwhile Ltd")
    fresh.clock.advance(minutes * 60)
    fresh.sync()
    fresh.clock.advance(60)
    assert fresh.sync()["state"] == "clean"
    assert "Renamed Meanwhile Ltd" in {row["Name"] for row in fresh.contacts()}
    assert fresh.nothing_is_doubled()
