"""What Clio may answer when a contact is changed there, and what becomes of it (BEHAVIOUR §4, C 2.21)."""

import pytest

from tests.support.both_ways import (  # noqa: F401
    Client,
    assert_in_step,
    clio_changes,
    company,
    synced,
    synced_once,
)
from tests.support.practice import Practice


def test_a_contact_that_moved_in_clio_since_it_was_read_is_merged_again_by_the_next_run(company: Client) -> None:
    practice = company.practice
    company.edit_in_xero(EmailAddress="new@harbour.example")
    practice.change_before_write(lambda: practice.clio.act("edit_contact", contact_id=company.id, title="Attn. AP"))
    report = practice.sync()
    assert report["state"] == "clean"
    assert company.clio_email != "new@harbour.example"
    assert company.link.state == "waiting"
    assert practice.clio.calls.summary()["by_status"]["412"] == 1
    practice.clock.advance(60)
    assert synced_once(company)["updated"] == 1
    assert company.clio_email == "new@harbour.example"
    assert (company.link.state, company.link.reason) == ("in_step", "")


@pytest.mark.parametrize("fault", ["lose_answer", "status_after", "status"])
def test_a_lost_answer_harms_nothing(company: Client, fault: str) -> None:
    """Written or not, the next run sees what stands in Clio: it is written once, and is no change afterwards."""
    practice = company.practice
    company.edit_in_xero(EmailAddress="new@harbour.example", Phones=[{"PhoneType": "DEFAULT", "PhoneNumber": "5"}])
    practice.fail_in_clio(fault, method="PATCH")
    rows = len(company.clio.emails), len(company.clio.phones)
    report = practice.sync()
    assert report["state"] == "clean"
    assert company.link.state == "waiting"
    practice.clock.advance(60)
    practice.sync()
    assert company.clio_email == "new@harbour.example"
    assert (len(company.clio.emails), len(company.clio.phones)) == rows
    assert company.link.state == "in_step"
    events = len(company.told("read"))
    assert_in_step(company)
    assert len(company.told("read")) == events


def test_if_clio_never_answers_somebody_is_told_and_the_error_closes_itself(company: Client) -> None:
    practice = company.practice
    company.edit_in_xero(EmailAddress="new@harbour.example")
    practice.fail_in_clio("status", method="PATCH", times=3)
    for _ in range(3):
        practice.sync()
        practice.clock.advance(60)
    assert company.errors() == ["clio_no_answer"]
    assert practice.sync()["state"] == "clean"
    assert company.errors() == []
    assert company.clio_email == "new@harbour.example"


def test_what_clio_refuses_is_a_sync_error_with_its_words_that_closes_itself(company: Client) -> None:
    practice = company.practice
    company.edit_in_xero(EmailAddress="ap@.example")  # which Xero takes
    for _ in range(3):  # so that it rests for hours
        report = practice.sync()
    (error,) = report["open_errors"]
    assert (error["kind"], error["clio_id"], error["code"]) == ("contact", company.id, "clio_refused")
    assert "Email address is invalid" in error["message"]
    assert error["remedy"]
    practice.clock.advance(60)
    company.edit_in_xero(EmailAddress="right@harbour.example")
    practice.clock.advance(15 * 60)
    practice.slice()
    assert company.errors() == []
    assert company.clio_email == "right@harbour.example"


def test_a_refused_change_rests_until_its_time(company: Client) -> None:
    practice = company.practice
    company.edit_in_xero(EmailAddress="new@harbour.example")
    practice.fail_in_clio("status", method="PATCH", status=422, times=9)
    for _ in range(3):
        practice.clock.advance(15 * 60)
        practice.slice()
    tried = clio_changes(practice)
    practice.clock.advance(5 * 60)
    practice.slice()
    assert clio_changes(practice) == tried
    assert company.errors() == ["clio_refused"]


def test_a_login_that_may_not_change_contacts_is_an_error_and_no_lost_connection(company: Client) -> None:
    company.edit_in_xero(EmailAddress="new@harbour.example")
    company.practice.fail_in_clio("status", method="PATCH", status=403)
    report = company.practice.sync()
    assert report["state"] == "errors"
    assert [error["code"] for error in report["open_errors"]] == ["clio_forbidden"]
    company.practice.clock.advance(60)
    assert synced_once(company)["updated"] == 1


def test_a_contact_that_is_gone_in_clio_is_left_alone_with_a_notice(company: Client) -> None:
    company.edit_in_xero(EmailAddress="new@harbour.example")
    company.practice.clio.act("hide_contacts", ids=[company.id])
    assert synced_once(company)["updated"] == 0
    assert company.link.state == "in_step"
    assert "no longer" in company.link.notice
    company.practice.clock.advance(60)
    company.practice.clio.calls.reset()
    synced_once(company)
    assert clio_changes(company.practice) == 0


def test_a_limit_of_clios_interrupts_the_edits_and_the_next_slice_goes_on(synced: Practice) -> None:
    first = Client(synced, lambda record: bool(record["email"]))
    second = Client(synced, lambda record: bool(record["email"]) and record["id"] != first.id)
    for client in (first, second):
        client.edit_in_xero(EmailAddress=f"new{client.id}@harbour.example")
    synced.fail_in_clio("rate_limit", method="PATCH", after=1, seconds=30)
    assert synced.sync()["state"] == "waiting"
    assert clio_changes(synced) == 2
    synced.clock.advance(60)
    assert synced.sync()["state"] == "clean"
    assert clio_changes(synced) == 3
    for client in (first, second):
        assert client.clio_email == f"new{client.id}@harbour.example"
