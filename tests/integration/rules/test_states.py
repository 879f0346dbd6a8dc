"""What a bill's state and scope make of its invoice (BEHAVIOUR §5)."""

from datetime import timedelta

import pytest

from sandbox.faults import Fault
from tests.support.practice import Practice
from tests.support.stories import (  # noqa: F401
    add_bill,
    amounts,
    billed,
    by_hand,
    clean,
    codes,
    counts,
    error,
    live_notes,
    number,
    paid,
    pay,
    practice,
    reprice,
    state_of,
    sync,
    today,
    write_off,
    writes,
)


def numbers(practice: Practice) -> set[str]:
    """The numbers of the invoices that stand."""
    return {row["InvoiceNumber"] for row in practice.invoices()}


# What goes ------------------------------------------------------------------------------------------------------------


def test_an_invoice_says_what_the_bill_says(practice: Practice) -> None:
    bill_id = billed(practice, purchase_order="PO 12", due_at=today(practice, 14))
    invoice = practice.invoice(bill_id)
    bill = practice.clio.data.bills.get(bill_id)
    matter = practice.clio.data.matters.get(bill.matter_ids[0])
    assert invoice["InvoiceNumber"] == bill.number
    assert matter.display_number in invoice["Reference"]
    assert "PO 12" in invoice["Reference"]
    assert (invoice["DateString"][:10], invoice["DueDateString"][:10]) == (today(practice), today(practice, 14))
    assert (invoice["CurrencyCode"], invoice["Status"]) == ("CAD", "AUTHORISED")
    assert invoice["Url"].endswith(f"/bills/{bill_id}")


def test_every_read_and_write_of_invoices_carries_four_places(practice: Practice) -> None:
    practice.xero.calls.reset()
    bill_id, _ = paid(practice, 200)
    write_off(practice, bill_id, 10)
    reprice(practice, bill_id, 600)
    clean(practice)
    lists = ("/api.xro/2.0/Invoices", "/api.xro/2.0/CreditNotes")
    calls = [
        call
        for call in practice.xero.calls.calls()
        if call.path.startswith(lists) and not call.path.endswith("Allocations")
    ]
    assert {call.method for call in calls} >= {"GET", "PUT", "POST"}
    assert all("unitdp=4" in call.query for call in calls), [call for call in calls if "unitdp=4" not in call.query]


@pytest.mark.parametrize(("state", "status"), [("draft", "DRAFT"), ("awaiting_approval", "SUBMITTED")])
def test_a_draft_and_one_pending_approval_are_sent_as_such_once_the_preference_is_off(
    practice: Practice, state: str, status: str
) -> None:
    bill_id = add_bill(practice, state=state)
    clean(practice)
    assert practice.link(bill_id).xero_id is None
    practice.configure(only_approved_bills=False)
    clean(practice)
    assert practice.invoice(bill_id)["Status"] == status


def test_a_bill_that_is_void_or_deleted_when_it_is_first_seen_is_never_created(practice: Practice) -> None:
    made = [add_bill(practice), add_bill(practice)]
    practice.clio.act("void_bill", bill_id=made[0])
    practice.clio.act("delete_bill", bill_id=made[1])
    before = numbers(practice)
    clean(practice)
    clean(practice, 45, full=True)
    assert numbers(practice) == before


def test_a_trust_request_is_never_sent(practice: Practice) -> None:
    before = numbers(practice)
    practice.clio.act("add_bill", kind="trust_kind", trust_amount=500)
    clean(practice)
    assert numbers(practice) == before


# Promoting and reopening ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["draft", "awaiting_approval"])
def test_a_bill_sent_as_a_draft_is_promoted_and_brought_up_to_date_when_approved(
    practice: Practice, state: str
) -> None:
    practice.configure(only_approved_bills=False)
    bill_id = billed(practice, state=state)
    reprice(practice, bill_id, 640)
    practice.clio.act("approve_bill", bill_id=bill_id)
    pay(practice, bill_id, 100)
    clean(practice)
    invoice = practice.invoice(bill_id)
    assert (invoice["Status"], invoice["Total"], amounts(practice, bill_id)) == ("AUTHORISED", 640, [100])


def test_a_promotion_that_xero_could_not_take_is_made_up_for(practice: Practice) -> None:
    practice.configure(only_approved_bills=False)
    bill_id = billed(practice, state="draft")
    practice.xero.faults.add(
        Fault(kind="status", method="POST", path_prefix="/api.xro/2.0/Invoices", status=503, times=5)
    )
    practice.clio.act("approve_bill", bill_id=bill_id)
    sync(practice)
    assert practice.invoice(bill_id)["Status"] == "DRAFT"
    practice.xero.faults.clear()
    for _ in range(2):
        report = sync(practice, 10)
    assert report["state"] == "clean"
    assert practice.invoice(bill_id)["Status"] == "AUTHORISED"


def test_an_approval_is_sent_even_if_the_preference_was_switched_on_meanwhile(practice: Practice) -> None:
    practice.configure(only_approved_bills=False)
    bill_id = billed(practice, state="draft")
    practice.configure(only_approved_bills=True)
    clean(practice)
    practice.clio.act("approve_bill", bill_id=bill_id)
    clean(practice)
    assert practice.invoice(bill_id)["Status"] == "AUTHORISED"


@pytest.mark.parametrize("only_approved", [True, False])
def test_a_bill_reopened_in_clio_keeps_its_invoice_until_it_is_approved_again(
    practice: Practice, only_approved: bool
) -> None:
    practice.configure(only_approved_bills=only_approved)
    bill_id = billed(practice)
    practice.clio.act("set_bill_state", bill_id=bill_id, state="draft")
    reprice(practice, bill_id, 640)
    practice.xero.calls.reset()
    clean(practice)
    assert writes(practice) == []
    assert "eopened in Clio" in state_of(practice, bill_id)[1]
    practice.clio.act("approve_bill", bill_id=bill_id)
    clean(practice)
    assert practice.invoice(bill_id)["Total"] == 640
    assert "eopened" not in state_of(practice, bill_id)[1]


# What a change touches ------------------------------------------------------------------------------------------------


def test_neither_a_payment_nor_the_settings_send_an_invoice_again(practice: Practice) -> None:
    bill_id = billed(practice)
    practice.configure(time_entries_account="200", tax_none="TAX001", interest_account="200")
    pay(practice, bill_id, 200)
    write_off(practice, bill_id, 50)
    practice.xero.calls.reset()
    clean(practice)
    assert "POST Invoices" not in writes(practice)
    clean(practice, 45, full=True)
    assert practice.invoice(bill_id)["LineItems"][0]["AccountCode"] == "201"


def test_what_was_edited_by_hand_in_xero_stays_until_the_bill_changes(practice: Practice) -> None:
    bill_id, _ = billed(practice), None
    practice.xero.act(
        "edit_invoice", invoice=number(practice, bill_id), Reference="Changed by hand", DueDate="2030-01-01"
    )
    practice.xero.act("edit_line", invoice=number(practice, bill_id), AccountCode="200", Description="By hand")
    clean(practice, 45, full=True)
    assert practice.invoice(bill_id)["Reference"] == "Changed by hand"
    practice.clio.act("edit_bill", bill_id=bill_id, due_at=today(practice, 9))
    clean(practice)
    invoice = practice.invoice(bill_id)
    assert invoice["Reference"] != "Changed by hand"
    assert invoice["DueDateString"].startswith(today(practice, 9))
    assert invoice["LineItems"][0]["AccountCode"] == "200"


# Voided or deleted by hand in Xero ------------------------------------------------------------------------------------


def test_an_invoice_voided_by_hand_is_a_sync_error_when_its_bill_changes(practice: Practice) -> None:
    bill_id = billed(practice)
    practice.xero.act("void_invoice", invoice=number(practice, bill_id))
    practice.clio.act("edit_bill", bill_id=bill_id, purchase_order="PO 3")
    practice.xero.calls.reset()
    assert codes(sync(practice)) == ["voided_in_xero"]
    assert writes(practice) == []
    told = error(practice, "voided_in_xero")
    assert "new number" in told.remedy
    assert "ignore" in told.remedy


def test_a_payment_on_an_invoice_voided_by_hand_is_not_sent(practice: Practice) -> None:
    bill_id, _ = paid(practice, 200)
    name = number(practice, bill_id)
    for payment in practice.payments(bill_id):
        practice.xero.act("delete_payment", payment=payment["PaymentID"])
    practice.xero.act("void_invoice", invoice=name)
    pay(practice, bill_id, 50)
    practice.xero.calls.reset()
    report = sync(practice, 15)
    assert writes(practice) == []
    assert report["state"] == "errors"
    assert "voided_in_xero" in codes(report)


# Out of range, switched off -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("frozen_by", ["range", "export"])
def test_a_bill_out_of_range_later_is_frozen(practice: Practice, frozen_by: str) -> None:
    bill_id, allocation_id = paid(practice, 200)
    _, memo_id = write_off(practice, bill_id, 100)
    clean(practice)
    tomorrow = practice.clock.now().date() + timedelta(days=1)
    practice.configure(**({"bills_issued_from": tomorrow} if frozen_by == "range" else {"export_bills": False}))
    reprice(practice, bill_id, 640)
    practice.clio.act("edit_payment", allocation_id=allocation_id, amount=250)
    practice.clio.act("void_credit", memo_id=memo_id)
    pay(practice, bill_id, 10)
    practice.xero.calls.reset()
    sync(practice)
    assert writes(practice) == []
    assert state_of(practice, bill_id)[0] == "out_of_range"
    practice.configure()
    practice.configure(bills_issued_from=None)
    clean(practice)
    assert practice.invoice(bill_id)["Total"] == 640
    assert (amounts(practice, bill_id), live_notes(practice, bill_id)) == ([10, 250], [])


def test_a_frozen_bill_that_is_voided_is_shown_as_a_difference_and_its_invoice_stays(practice: Practice) -> None:
    bill_id, _ = paid(practice, 200)
    practice.configure(bills_issued_to=practice.clock.now().date() - timedelta(days=1))
    practice.clio.act("void_bill", bill_id=bill_id)
    practice.xero.calls.reset()
    sync(practice)
    assert writes(practice) == []
    assert "still stands in Xero" in state_of(practice, bill_id)[1]
    assert [row["clio_id"] for row in practice.compare()["differences"] if row["kind"] == "invoice"] == [bill_id]


def test_a_frozen_bill_keeps_a_payment_that_somebody_deletes_in_xero_deleted(practice: Practice) -> None:
    bill_id, _ = paid(practice, 200)
    practice.configure(bills_issued_to=practice.clock.now().date() - timedelta(days=1))
    for payment in practice.payments(bill_id):
        practice.xero.act("delete_payment", payment=payment["PaymentID"])
    sync(practice, 15)
    assert amounts(practice, bill_id) == []


def test_what_was_paid_while_a_bill_was_out_of_range_arrives_when_it_is_back(practice: Practice) -> None:
    practice.configure(bills_issued_from=today(practice, -60))
    bill_id = billed(practice, issued_at=today(practice, -30))
    practice.clio.act("edit_bill", bill_id=bill_id, issued_at=today(practice, -90))
    clean(practice)
    pay(practice, bill_id, 200)
    clean(practice)
    assert amounts(practice, bill_id) == []
    practice.clio.act("edit_bill", bill_id=bill_id, issued_at=today(practice, -30))
    clean(practice)
    assert amounts(practice, bill_id) == [200]


def test_what_was_voided_while_a_bill_was_reopened_goes_when_it_is_approved_again(practice: Practice) -> None:
    bill_id, allocation_id = paid(practice, 200)
    practice.clio.act("set_bill_state", bill_id=bill_id, state="draft")
    clean(practice)
    practice.clio.act("void_payment", allocation_id=allocation_id)
    clean(practice)
    assert amounts(practice, bill_id) == [200]
    practice.clio.act("approve_bill", bill_id=bill_id)
    clean(practice)
    assert amounts(practice, bill_id) == []
    assert state_of(practice, bill_id) == ("in_step", "")
