"""A contact that Xero refuses is linked, renamed or made anew from its row, and its bills go (BEHAVIOUR §4)."""

from typing import Any

import pytest

from accounts.firm_scope import firm_scope
from accounts.models import AuditEvent, User
from syncengine.engine import remedy
from syncengine.engine.record import save_links
from syncengine.models import Link, RecordEvent, SyncError, SyncSettings, XeroContact
from tests.support.practice import Practice

pytest_plugins = ["tests.support.practice_and_admin"]


def taken(practice: Practice) -> tuple[dict[str, Any], SyncError, str]:
    """A client whose name another contact in Xero has; the error, and that contact's id."""
    client = practice.a_client(lambda record: record["type"] == "Company" and record["email"])
    made = practice.xero.act("add_contact", Name=client["name"], EmailAddress="somebody@else.example")
    practice.sync()
    [error] = practice.open_errors()
    assert error.code == "contact_name_taken"
    return client, error, made["ContactID"]


def act(practice: Practice, admin: User, function: Any, **values: Any) -> Any:
    with firm_scope(practice.firm):
        return function(firm=practice.firm, user=admin, now=practice.clock.now(), **values)


def email(address: str) -> dict[str, Any]:
    return {"email_addresses": [{"name": "Work", "address": address, "default_email": True}]}


def bills_of(practice: Practice, client_id: int) -> list[str]:
    return [record["number"] for record in practice.records("bill") if record["client_id"] == client_id]


def test_linking_to_the_contact_that_has_the_name_sends_the_bills_to_it(practice: Practice, admin: User) -> None:
    client, error, contact_id = taken(practice)
    before = len(practice.contacts())
    name = act(practice, admin, remedy.link_contact, error_id=error.pk, contact_id=contact_id)
    assert name == client["name"]
    report = practice.sync()
    assert report["state"] == "clean", report["open_errors"]
    assert practice.link(client["id"], "contact").xero_id == contact_id
    assert len(practice.contacts()) == before
    sent = {row["InvoiceNumber"]: row["Contact"]["ContactID"] for row in practice.invoices()}
    numbers = [number for number in bills_of(practice, client["id"]) if number in sent]
    assert numbers
    assert {sent[number] for number in numbers} == {contact_id}


def test_what_was_done_stands_in_the_history_and_in_the_audit(practice: Practice, admin: User) -> None:
    client, error, contact_id = taken(practice)
    act(practice, admin, remedy.link_contact, error_id=error.pk, contact_id=contact_id)
    with firm_scope(practice.firm):
        told = RecordEvent.objects.get(kind="contact", clio_id=client["id"], event="asked")
        assert told.words == f"Link to the Xero contact {client['name']}."
        assert told.details["by"] == str(admin)
        audit = AuditEvent.objects.get(action="contact_linked")
    assert (audit.actor, audit.detail) == (admin, {"clio_id": client["id"]})
    assert practice.is_asked()


def test_appending_the_id_makes_a_contact_of_its_own(practice: Practice, admin: User) -> None:
    client, error, contact_id = taken(practice)
    name = act(practice, admin, remedy.append_id, error_id=error.pk)
    assert name == f"{client['name']} ({client['id']})"
    assert practice.sync()["state"] == "clean"
    link = practice.link(client["id"], "contact")
    assert link.xero_id != contact_id
    assert [row["Name"] for row in practice.contacts() if row["ContactID"] == link.xero_id] == [name]
    with firm_scope(practice.firm):
        assert SyncSettings.objects.get().append_id_for == [client["id"]]


def test_an_id_is_appended_once(practice: Practice, admin: User) -> None:
    _client, error, _contact_id = taken(practice)
    act(practice, admin, remedy.append_id, error_id=error.pk)
    with pytest.raises(remedy.RemedyError, match="appended already"):
        act(practice, admin, remedy.append_id, error_id=error.pk)


def test_of_two_clients_that_share_a_contact_only_the_first_syncs_its_fields(practice: Practice, admin: User) -> None:
    first, second = [
        record for record in practice.records("contact") if record["type"] == "Company" and record["email"]
    ][:2]
    practice.clio.act("edit_contact", contact_id=second["id"], name=first["name"], **email("other@example.com"))
    practice.clock.advance(60)
    practice.sync()
    [error] = practice.open_errors()
    refused = error.clio_id
    assert refused is not None
    other = ({first["id"], second["id"]} - {refused}).pop()
    contact_id = practice.link(other, "contact").xero_id
    assert contact_id
    act(practice, admin, remedy.link_contact, error_id=error.pk, contact_id=contact_id)
    assert practice.sync()["state"] == "clean"
    assert practice.link(refused, "contact").xero_id == contact_id

    practice.clio.act("edit_contact", contact_id=refused, **email("changed@second.example"))
    practice.clock.advance(60)
    assert practice.sync()["state"] == "clean"
    standing = next(row for row in practice.contacts() if row["ContactID"] == contact_id)
    assert standing["EmailAddress"] != "changed@second.example"
    practice.clio.act("edit_contact", contact_id=other, **email("changed@first.example"))
    practice.clock.advance(60)
    practice.sync()
    standing = next(row for row in practice.contacts() if row["ContactID"] == contact_id)
    assert standing["EmailAddress"] == "changed@first.example"


def test_a_contact_that_is_archived_in_xero_cannot_be_linked_to(practice: Practice, admin: User) -> None:
    client, error, contact_id = taken(practice)
    practice.xero.act("archive_contact", contact=contact_id)
    practice.sync()  # the name is free by now, so it goes through
    assert practice.open_errors() == []
    with pytest.raises(remedy.RemedyError, match="closed or ignored in the meantime"):
        act(practice, admin, remedy.link_contact, error_id=error.pk, contact_id=contact_id)
    with firm_scope(practice.firm):
        SyncError.objects.filter(pk=error.pk).update(state="open")
    with pytest.raises(remedy.RemedyError, match="archived in Xero"):
        act(practice, admin, remedy.link_contact, error_id=error.pk, contact_id=contact_id)
    assert practice.link(client["id"], "contact").decided == {}


def test_a_contact_nobody_has_read_cannot_be_linked_to(practice: Practice, admin: User) -> None:
    _client, error, contact_id = taken(practice)
    with firm_scope(practice.firm):
        XeroContact.objects.filter(contact_id=contact_id).delete()
    with pytest.raises(remedy.RemedyError, match="not among those last read"):
        act(practice, admin, remedy.link_contact, error_id=error.pk, contact_id=contact_id)


def archived(practice: Practice) -> tuple[dict[str, Any], SyncError]:
    """A client whose linked contact was archived in Xero, and who then changed in Clio."""
    practice.sync()
    client = practice.a_client(lambda record: record["type"] == "Company" and record["email"])
    practice.xero.act("archive_contact", contact=practice.link(client["id"], "contact").xero_id)
    practice.clio.act("edit_contact", contact_id=client["id"], **email("new@address.example"))
    practice.clock.advance(1000)
    practice.sync()
    [error] = practice.open_errors()
    assert error.code == "contact_archived"
    return client, error


def test_an_archived_contact_is_made_anew_under_a_number_of_its_own(practice: Practice, admin: User) -> None:
    client, error = archived(practice)
    old = practice.link(client["id"], "contact").xero_id
    act(practice, admin, remedy.renew_contact, error_id=error.pk)
    report = practice.sync()
    assert report["state"] == "clean", report["open_errors"]
    link = practice.link(client["id"], "contact")
    assert link.xero_id != old
    standing = next(row for row in practice.contacts() if row["ContactID"] == link.xero_id)
    assert standing["ContactNumber"] == f"CLIO-{client['id']}-2"
    assert standing["EmailAddress"] == "new@address.example"
    assert practice.sync()["counts"]["contact"]["updated"] == 0


def test_a_bill_refused_for_its_archived_contact_goes_once_the_client_is_linked_elsewhere(
    practice: Practice, admin: User
) -> None:
    practice.sync()
    bill = practice.a_bill(lambda record: record["state"] == "awaiting_payment")
    client_id = bill["client_id"]
    practice.xero.act("archive_contact", contact=practice.link(client_id, "contact").xero_id)
    added = practice.clio.act("add_bill", client_id=client_id, lines=[{"description": "Advice"}])
    practice.clock.advance(1000)
    practice.sync()
    error = next(one for one in practice.open_errors() if one.kind == "invoice")
    assert (error.code, error.clio_id) == ("contact_archived", added["id"])
    heir = practice.xero.act("add_contact", Name="Heir of the archived one")["ContactID"]
    practice.sync()
    act(practice, admin, remedy.link_contact, error_id=error.pk, contact_id=heir)
    report = practice.sync()
    assert report["state"] == "clean", report["open_errors"]
    sent = {row["InvoiceNumber"]: row["Contact"]["ContactID"] for row in practice.invoices()}
    assert sent[added["number"]] == heir


def test_a_second_person_who_decides_is_told_what_the_first_one_decided(practice: Practice, admin: User) -> None:
    _client, error, contact_id = taken(practice)
    act(practice, admin, remedy.link_contact, error_id=error.pk, contact_id=contact_id)
    with pytest.raises(remedy.RemedyError, match="decided about this a moment ago: Link to the Xero contact"):
        act(practice, admin, remedy.link_contact, error_id=error.pk, contact_id=contact_id)


def test_a_click_while_the_run_is_at_work_is_not_lost(practice: Practice, admin: User) -> None:
    """The run holds the link in memory and saves it whole after the click; the next slice takes the click up."""
    client, error, contact_id = taken(practice)
    stale = practice.link(client["id"], "contact")
    act(practice, admin, remedy.link_contact, error_id=error.pk, contact_id=contact_id)
    with firm_scope(practice.firm):
        stale.reason = "Refused once more by the run that was at work"
        save_links([stale])
        assert Link.objects.get(pk=stale.pk).decided
    assert practice.sync()["state"] == "clean"
    assert practice.link(client["id"], "contact").xero_id == contact_id
