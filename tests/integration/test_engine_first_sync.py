"""A first sync and the next ones, against the stand-ins over real HTTP."""

import pytest

from tests.support.practice import Practice, practice  # noqa: F401


def test_a_first_sync_puts_every_bill_in_scope_into_xero_and_both_sides_tie_out(practice: Practice) -> None:
    report = practice.sync()
    assert report["state"] == "clean", report["open_errors"]
    tie_out = practice.compare()
    assert tie_out["differences"] == []
    assert tie_out["bills"]["clio"] == tie_out["bills"]["xero"]
    assert tie_out["bills"]["clio"]["count"] > 15


def test_a_second_sync_writes_nothing(practice: Practice) -> None:
    practice.sync()
    before = practice.invoices(), practice.contacts()
    practice.xero.calls.reset()
    report = practice.sync()
    assert report["state"] == "clean"
    assert {call.method for call in practice.xero.calls.calls()} <= {"GET"}
    assert (practice.invoices(), practice.contacts()) == before


def test_a_dry_run_counts_what_it_would_create_and_writes_nothing(practice: Practice) -> None:
    planned = practice.sync(dry_run=True)
    assert practice.invoices() == []
    done = practice.sync()
    assert planned["counts"]["invoice"]["created"] == done["counts"]["invoice"]["created"] > 0
    assert planned["counts"]["contact"]["created"] == done["counts"]["contact"]["created"] > 0


def test_a_client_with_the_same_name_and_email_is_linked_and_not_created_again(practice: Practice) -> None:
    client = practice.a_client(lambda record: bool(record["email"]))
    added = practice.xero.act("add_contact", Name=f"{client['name'].upper()}", EmailAddress=client["email"])
    practice.sync()
    assert practice.link(client["id"], "contact").xero_id == added["ContactID"]


def test_a_client_with_the_same_name_alone_is_not_linked_and_the_error_says_what_to_do(practice: Practice) -> None:
    client = practice.a_client(lambda record: bool(record["email"]))
    name = client["name"] + f" ({client['id']})"
    practice.xero.act("add_contact", Name=name, EmailAddress="somebody@else.example")
    report = practice.sync()
    assert report["state"] == "errors"
    errors = {(error["kind"], error["clio_id"]): error for error in report["open_errors"]}
    assert errors["contact", client["id"]]["code"] == "contact_name_taken"
    assert errors["contact", client["id"]]["remedy"]


def test_an_invoice_that_is_this_bill_already_is_adopted(practice: Practice) -> None:
    practice.sync()
    before = practice.invoices()
    practice.forget_links()
    report = practice.sync()
    assert report["counts"]["invoice"]["adopted"] == len(before)
    assert report["counts"]["invoice"]["created"] == 0
    assert len(practice.invoices()) == len(before)


def test_another_invoice_that_holds_the_number_is_never_adopted(practice: Practice) -> None:
    number = practice.a_bill()["number"]
    contact = practice.xero.act("add_contact", Name="Quite Another")
    by_hand = practice.xero.act(
        "add_invoice",
        InvoiceNumber=number,
        contact=contact["ContactID"],
        LineItems=[{"Description": "By hand", "Quantity": 1, "UnitAmount": 3.21, "AccountCode": "200"}],
    )
    report = practice.sync()
    assert [error["code"] for error in report["open_errors"]] == ["invoice_number_taken"]
    standing = {row["InvoiceID"]: row for row in practice.invoices()}
    assert standing[by_hand["InvoiceID"]]["Contact"]["Name"] == "Quite Another"


@pytest.mark.parametrize("kind", ["contact", "invoice"])
def test_an_answer_that_was_lost_after_the_work_doubles_nothing(practice: Practice, kind: str) -> None:
    practice.lose_answer("/api.xro/2.0/" + {"contact": "Contacts", "invoice": "Invoices"}[kind])
    report = practice.sync()
    assert report["state"] == "clean", report
    assert practice.compare()["differences"] == []
    assert practice.nothing_is_doubled()


@pytest.mark.parametrize("kind", ["contact", "invoice"])
def test_an_answer_lost_eight_minutes_ago_is_looked_up_in_xero_and_not_sent_again(
    practice: Practice, kind: str
) -> None:
    practice.lose_answer("/api.xro/2.0/" + {"contact": "Contacts", "invoice": "Invoices"}[kind])
    practice.slice()
    practice.clock.advance(8 * 60)
    report = practice.sync()
    assert report["state"] == "clean", report
    assert practice.compare()["differences"] == []
    assert practice.nothing_is_doubled()


def test_between_five_and_seven_minutes_nothing_is_sent(practice: Practice) -> None:
    practice.lose_answer("/api.xro/2.0/Invoices")
    practice.slice()
    practice.clock.advance(6 * 60)
    practice.xero.calls.reset()
    report = practice.sync()
    assert report["state"] == "waiting"
    assert practice.xero.calls.total() == 0


def test_a_failure_of_xeros_own_is_waited_out_and_looked_up(practice: Practice) -> None:
    practice.fail_after_work("/api.xro/2.0/Invoices", times=2)
    assert practice.sync()["state"] == "waiting"
    practice.clock.advance(8 * 60)
    assert practice.sync()["state"] == "clean"
    assert practice.nothing_is_doubled()


def test_an_archived_account_blocks_its_bills_and_the_errors_close_when_it_is_back(practice: Practice) -> None:
    practice.xero.act("archive_account", account="201")
    practice.refresh()
    report = practice.sync()
    assert report["state"] == "errors"
    assert {error["code"] for error in report["open_errors"]} == {"account_archived"}
    assert len({error.cause for error in practice.open_errors()}) == 1
    practice.xero.act("activate_account", account="201")
    practice.refresh()
    assert practice.sync()["state"] == "clean"
    assert practice.open_errors() == []
    assert practice.compare()["differences"] == []


def test_a_bill_edited_in_clio_is_updated_in_place(practice: Practice) -> None:
    practice.sync()
    bill = practice.a_bill(lambda record: record["state"] == "awaiting_payment")
    xero_id = practice.link(bill["id"]).xero_id
    practice.clio.act("edit_bill", bill_id=bill["id"], purchase_order="PO 77")
    practice.clock.advance(60)
    report = practice.sync()
    assert report["counts"]["invoice"]["updated"] == 1, report
    changed = {row["InvoiceID"]: row for row in practice.invoices()}[xero_id]
    assert "PO 77" in changed["Reference"]
    assert practice.compare()["differences"] == []


def test_an_ignored_plan_or_other_plan_syncs_nothing(practice: Practice) -> None:
    practice.firm.plan = "other"
    practice.firm.save()
    report = practice.sync()
    assert report["state"] == "waiting"
    assert practice.invoices() == []


def test_limits_make_a_first_sync_wait_and_it_goes_on_where_it_stopped(practice: Practice) -> None:
    practice.xero.set_limits(per_minute=2)
    states = []
    for _ in range(20):
        report = practice.sync()
        states.append(report["state"])
        if report["state"] != "waiting":
            break
        practice.clock.advance(61)
    assert states[0] == "waiting"
    assert states[-1] == "clean"
    assert practice.xero.calls.summary()["by_status"].get("429", 0) == 0
    assert practice.compare_after(61)["differences"] == []
