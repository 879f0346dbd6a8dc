"""What a run finds that reads both sides whole (BEHAVIOUR §11)."""

from typing import Any

import pytest

from accounts.firm_scope import firm_scope
from syncengine.connections.forgetting import forget_links
from syncengine.engine.reference import refresh_reference
from syncengine.models import FirmSync
from tests.support.practice import Practice
from tests.support.stories import add_bill, billed, clean, paid, practice, sync  # noqa: F401


def a_client(practice: Practice) -> Any:
    """A company that has a bill in Xero."""
    client = next(row for row in practice.clio.data.contacts.all() if row.is_client and row.type == "Company")
    add_bill(practice, client_id=client.id)
    clean(practice)
    return client


@pytest.mark.parametrize("full", [False, True])
def test_a_client_who_changed_since_the_last_run_is_read_by_the_next_one_whole_or_not(
    practice: Practice, full: bool
) -> None:
    client = a_client(practice)
    practice.clio.act("edit_contact", contact_id=client.id, name="Alder & Sons")
    clean(practice, 10, full=full)
    clean(practice, 10)
    assert f"Alder & Sons ({client.id})" in {row["Name"] for row in practice.contacts()}


def test_a_client_whose_change_nobody_announced_is_found_by_the_nightly_run(practice: Practice) -> None:
    client = a_client(practice)
    practice.clio.act("edit_contact", contact_id=client.id, name="Alder & Sons", silent=True)
    clean(practice, 30)
    clean(practice, 30, full=True)
    assert f"Alder & Sons ({client.id})" in {row["Name"] for row in practice.contacts()}


def test_a_full_run_that_takes_an_interrupted_one_over_reads_both_sides_whole(practice: Practice) -> None:
    add_bill(practice)
    practice.lose_answer("/api.xro/2.0/Invoices", times=3)
    assert sync(practice)["state"] == "waiting"
    lost = practice.clock.now()
    later = add_bill(practice)
    clean(practice, 10, full=True)
    assert practice.link(later).state == "in_step"
    assert practice.nothing_is_doubled()
    with firm_scope(practice.firm):
        row = FirmSync.objects.get()
    assert row.full_begun_at
    assert row.full_begun_at > lost
    assert row.full_done_at


def test_whoever_runs_whole_after_a_restored_backup_gets_no_invoice_twice_whatever_its_number_is_now(
    practice: Practice,
) -> None:
    bill_id, allocation_id = paid(practice, 200)
    before = practice.invoice(bill_id)["InvoiceID"]
    practice.forget_links()
    practice.clio.act("edit_bill", bill_id=bill_id, number="7777")
    sync(practice, 10, full=True)
    clean(practice)
    assert practice.nothing_is_doubled()
    assert practice.invoice(bill_id)["InvoiceID"] == before
    assert practice.invoice(bill_id)["InvoiceNumber"] == "7777"
    assert practice.link(allocation_id, "payment").state == "in_step"


def test_after_links_were_forgotten_a_first_sync_finds_each_invoice_again_as_it_was_coded(practice: Practice) -> None:
    bill_id, allocation_id = paid(practice, 200)
    before = practice.invoice(bill_id)
    other = billed(practice)
    with firm_scope(practice.firm):
        forget_links(now=practice.clock.now())
        refresh_reference(firm=practice.firm, clock=practice.clock.now)
    practice.clio.act("edit_bill", bill_id=other, number="7777")
    practice.xero.calls.reset()
    sync(practice, 10)
    clean(practice)
    assert practice.nothing_is_doubled()
    assert practice.xero.calls.count("PUT", "/api.xro/2.0/Invoices") == 0
    assert practice.invoice(bill_id) == before
    assert practice.invoice(other)["InvoiceNumber"] == "7777"
    assert practice.link(allocation_id, "payment").state == "in_step"
