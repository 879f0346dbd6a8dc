"""Contacts that two clients share, that were archived or merged in Xero, and what always holds (BEHAVIOUR §4)."""

import pytest

from accounts.firm_scope import firm_scope
from syncengine.models import Link
from tests.support.both_ways import Client, clio_changes, line, numbers_of, synced, xero_changes  # noqa: F401
from tests.support.practice import Practice

# Two clients, one contact ---------------------------------------------------------------------------------------------


@pytest.fixture
def shared(synced: Practice) -> tuple[Client, Client]:
    """Two clients of one contact in Xero: the one that it was made for, and one that a person linked to it."""
    first = Client(synced, lambda record: record["type"] == "Company" and bool(record["email"]))
    second = Client(synced, lambda record: bool(record["email"]) and record["id"] != first.id)
    with firm_scope(synced.firm):
        Link.objects.filter(kind="contact", clio_id=second.id).update(xero_id=first.link.xero_id, base={})
    return first, second


def test_of_two_clients_of_one_contact_only_the_first_syncs_its_fields(shared: tuple[Client, Client]) -> None:
    first, second = shared
    practice, before = first.practice, second.clio_email
    second.new_email_in_clio("second@clio.example")
    assert practice.sync()["state"] == "clean"
    assert first.xero["EmailAddress"] == first.clio_email
    assert f"client {first.id} in Clio" in second.link.notice
    first.edit_in_xero(EmailAddress="xero@harbour.example")
    assert practice.sync()["state"] == "clean"
    assert first.clio_email == "xero@harbour.example"
    assert second.clio_email == "second@clio.example" != before
    first.new_email_in_clio("first@clio.example")
    practice.sync()
    assert first.xero["EmailAddress"] == "first@clio.example"
    assert second.link.state == "in_step"


def test_the_invoices_of_both_stand_under_the_one_contact(shared: tuple[Client, Client]) -> None:
    practice = shared[0].practice
    made = [practice.clio.act("add_bill", client_id=client.id, lines=line()) for client in shared]
    practice.clock.advance(60)
    assert practice.sync()["state"] == "clean"
    assert {bill["number"] for bill in made} <= numbers_of(practice, shared[0].link.xero_id)


# Archived and merged in Xero ------------------------------------------------------------------------------------------


def test_an_archived_contact_is_an_error_with_a_way_out_that_closes_when_it_is_restored(synced: Practice) -> None:
    client = Client(synced, lambda record: bool(record["email"]))
    synced.xero.act("archive_contact", contact=client.link.xero_id)
    synced.clock.advance(16 * 60)
    synced.slice()
    (error,) = synced.open_errors()
    assert (error.code, error.clio_id) == ("contact_archived", client.id)
    assert "Restore" in error.remedy
    assert error.details["xero_contact_id"] == client.link.xero_id
    synced.xero.act("restore_contact", contact=client.link.xero_id)
    synced.clock.advance(16 * 60)
    synced.slice()
    assert synced.open_errors() == []
    assert client.link.state == "in_step"


def test_a_merged_contact_is_followed_once_and_nothing_of_the_other_goes_to_clio(synced: Practice) -> None:
    client = Client(synced, lambda record: bool(record["email"]))
    name, email = client.clio.name, client.clio_email
    heir = synced.xero.act("add_contact", Name="The Surviving Ltd", EmailAddress="heir@surviving.example")
    synced.xero.act("merge_contact", contact=client.link.xero_id, into=heir["ContactID"])
    synced.clock.advance(60)
    assert synced.sync()["state"] == "clean"
    assert client.link.xero_id == heir["ContactID"]
    assert (client.clio.name, client.clio_email) == (name, email)
    assert client.xero["Name"] == "The Surviving Ltd"
    assert "merged" in client.told("linked")[-1].words
    bill = synced.clio.act("add_bill", client_id=client.id, lines=line())
    synced.clock.advance(60)
    assert synced.sync()["state"] == "clean"
    assert bill["number"] in numbers_of(synced, heir["ContactID"])
    # From now on the two are in step, both ways.
    client.edit_in_xero(EmailAddress="new@surviving.example")
    synced.sync()
    assert client.clio_email == "new@surviving.example"


def test_a_contact_that_was_merged_into_one_that_is_gone_too_is_an_error(synced: Practice) -> None:
    client = Client(synced, lambda record: bool(record["email"]))
    heirs = [synced.xero.act("add_contact", Name=f"Heir {number}")["ContactID"] for number in (1, 2)]
    synced.xero.act("merge_contact", contact=client.link.xero_id, into=heirs[0])
    synced.xero.act("merge_contact", contact=heirs[0], into=heirs[1])
    synced.clock.advance(60)
    report = synced.sync()
    assert [(error["clio_id"], error["code"]) for error in report["open_errors"]] == [(client.id, "contact_archived")]


# And always -----------------------------------------------------------------------------------------------------------


def test_a_linked_contacts_bills_never_wait_for_a_field_update(synced: Practice) -> None:
    client = Client(synced, lambda record: bool(record["email"]))
    client.new_email_in_clio("a<b@harbour.example")  # which Clio takes and Xero does not
    bill = synced.clio.act("add_bill", client_id=client.id, lines=line())
    synced.clock.advance(60)
    report = synced.sync()
    assert [(error["kind"], error["code"]) for error in report["open_errors"]] == [("contact", "email_invalid")]
    assert bill["number"] in numbers_of(synced, client.link.xero_id)
    client.new_email_in_clio("ab@harbour.example")
    assert synced.sync()["state"] == "clean"
    assert client.xero["EmailAddress"] == "ab@harbour.example"


def test_an_ignored_client_stays_ignored_when_xero_changes(synced: Practice) -> None:
    client = Client(synced, lambda record: bool(record["email"]))
    with firm_scope(synced.firm):
        Link.objects.filter(kind="contact", clio_id=client.id).update(state="ignored", planned_under="x")
    client.edit_in_xero(EmailAddress="new@harbour.example")
    synced.sync()
    assert client.link.state == "ignored"
    assert client.clio_email != "new@harbour.example"


def test_with_the_export_off_nothing_goes_either_way_and_all_of_it_later(synced: Practice) -> None:
    client = Client(synced, lambda record: bool(record["email"]))
    with firm_scope(synced.firm):
        synced.configure(export_bills=False)
    client.new_email_in_clio("clio@harbour.example")
    client.edit_in_xero(Phones=[{"PhoneType": "DEFAULT", "PhoneNumber": "555-0199"}])
    synced.sync()
    assert clio_changes(synced) == xero_changes(synced) == 0
    with firm_scope(synced.firm):
        synced.configure(export_bills=True)
    synced.clock.advance(60)
    assert synced.sync()["state"] == "clean"
    assert client.xero["EmailAddress"] == "clio@harbour.example"
    assert next(phone.number for phone in client.clio.phones if phone.primary) == "555-0199"
