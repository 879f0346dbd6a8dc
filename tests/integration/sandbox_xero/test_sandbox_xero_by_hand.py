"""What people do with payments, credits and accounts by hand in Xero, and what the API says afterwards."""

from typing import Any

import pytest

from sandbox.control import ControlError
from tests.support.xero_stand_in import Json, Xero, line


def since(xero: Xero, path: str, moment: str) -> Json:
    return xero.get(path, If_Modified_Since=moment)


def at(xero: Xero, seconds: int) -> str:
    """The moment so many seconds on, as the header writes it; the clock is moved there."""
    xero.server.clock.advance(seconds)
    return xero.server.clock.now().strftime("%Y-%m-%dT%H:%M:%S")


def ids(rows: list[Json]) -> list[str]:
    return [row["PaymentID"] for row in rows]


def test_a_payment_is_replaced_by_hand_and_the_old_one_reads_as_deleted(xero: Xero) -> None:
    made = xero.invoice()
    old = xero.pay(made, 300, Reference="CLIO-A8801")
    new = xero.act("replace_payment", payment=old["PaymentID"], amount="250.00", date="2026-11-09")
    assert (new["Reference"], str(new["Amount"]), new["Account"]["Code"]) == ("CLIO-A8801", "250.00", "090")
    assert xero.get(f"/Payments/{old['PaymentID']}")["Payments"][0]["Status"] == "DELETED"
    after = xero.read(made)
    assert (after["Status"], after["AmountDue"]) == ("AUTHORISED", 50.0)
    assert [row["PaymentID"] for row in after["Payments"]] == [new["PaymentID"]]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"amount": "300.01"}, "Payment amount exceeds the amount outstanding on this document"),
        ({"account": "201"}, "Account type is invalid for making a payment to/from"),
        ({"amount": "0"}, "Payment amounts must be positive amounts"),
    ],
)
def test_a_replacement_that_is_refused_leaves_the_payment_where_it_was(xero: Xero, fields: Json, words: str) -> None:
    made = xero.invoice()
    old = xero.pay(made, 300)
    with pytest.raises(ControlError, match=words):
        xero.act("replace_payment", payment=old["PaymentID"], **fields)
    assert xero.get(f"/Payments/{old['PaymentID']}")["Payments"][0]["Status"] == "AUTHORISED"
    assert xero.read(made)["Status"] == "PAID"


def test_a_reconciled_payment_is_neither_replaced_nor_deleted_until_that_is_undone(xero: Xero) -> None:
    payment = xero.pay(xero.invoice(), 300)["PaymentID"]
    xero.act("reconcile", payment=payment)
    for action in ("replace_payment", "delete_payment"):
        with pytest.raises(ControlError, match="reconciled with a Bank Statement"):
            xero.act(action, payment=payment)
    xero.act("unreconcile", payment=payment)
    assert xero.act("delete_payment", payment=payment)["Status"] == "DELETED"
    for action in ("reconcile", "replace_payment", "delete_payment"):
        with pytest.raises(ControlError, match="Payment not of valid status for modification"):
            xero.act(action, payment=payment)


def test_payments_in_a_batch_go_together_or_not_at_all(xero: Xero) -> None:
    first, second = (xero.pay(xero.invoice(), 300)["PaymentID"] for _ in range(2))
    batch = xero.act("batch_payments", payments=[first, second])
    assert {row["BatchPaymentID"] for row in batch["payments"]} == {batch["batch_id"]}
    with pytest.raises(ControlError, match="in a batch already"):
        xero.act("batch_payment", payment=first)
    for action in ("replace_payment", "delete_payment"):
        with pytest.raises(ControlError, match="Payments within a batch cannot be deleted"):
            xero.act(action, payment=first)
    xero.act("reconcile", payment=second)
    with pytest.raises(ControlError, match="reconciled"):
        xero.act("delete_batch", payment=first)
    assert xero.get(f"/Payments/{first}")["Payments"][0]["Status"] == "AUTHORISED"
    xero.act("unreconcile", payment=second)
    gone = xero.act("delete_batch", payment=first)["payments"]
    assert sorted(ids(gone)) == sorted([first, second])
    with pytest.raises(ControlError, match="it is in no batch"):
        xero.act("delete_batch", payment=xero.pay(xero.invoice(), 1)["PaymentID"])


def test_what_is_left_of_a_credit_note_is_paid_back_by_hand(xero: Xero) -> None:
    note = xero.credit(xero.contact(), 50)
    assert xero.act("refund_credit", credit_note=note["CreditNoteID"])["PaymentType"] == "ARCREDITPAYMENT"
    refund = xero.get('/Payments?where=PaymentType=="ARCREDITPAYMENT"')["Payments"]
    assert len(refund) == 1
    assert xero.get(f'/Payments?where=Invoice.InvoiceID==Guid("{note["CreditNoteID"]}")')["Payments"] == []


def test_an_allocation_is_taken_off_by_its_id(xero: Xero) -> None:
    made = xero.invoice()
    note = xero.credit(made["Contact"]["ContactID"], 50)
    first, second = xero.allocate(note, made, 20), xero.allocate(note, made, 30)
    assert xero.act("deallocate", allocation=first["AllocationID"])["IsDeleted"] is True
    (shown,) = xero.get(f"/CreditNotes/{note['CreditNoteID']}")["CreditNotes"]
    assert [row["AllocationID"] for row in shown["Allocations"]] == [second["AllocationID"]]
    with pytest.raises(ControlError, match="there is no 'x'"):
        xero.act("deallocate", allocation="x")


def test_a_credit_note_is_edited_voided_and_deleted_by_hand(xero: Xero) -> None:
    contact = xero.contact("Abe")
    note, draft = xero.credit(contact, 50), xero.credit(contact, 5, Status="DRAFT")
    changed = xero.act("edit_credit_note", credit_note=note["CreditNoteID"], Reference="x", CreditNoteNumber="CN-X")
    assert (changed["Reference"], changed["CreditNoteNumber"]) == ("x", "CN-X")
    assert xero.act("edit_line", credit_note="CN-X", line=0, Description="Goodwill")["LineItems"][0]["Description"]
    assert xero.act("void_credit_note", credit_note="CN-X")["Status"] == "VOIDED"
    assert xero.act("delete_credit_note", credit_note=draft["CreditNoteID"])["Status"] == "DELETED"


def test_a_chart_keeps_codes_and_names_apart_and_its_system_accounts(xero: Xero) -> None:
    for action, fields, words in (
        ("rename_account", {"account": "201", "name": "sales"}, "Please enter a unique Name."),
        ("change_account_code", {"account": "201", "code": "200"}, "Please enter a unique Code."),
        ("archive_account", {"account": "610"}, "A system account cannot be archived or deleted."),
    ):
        with pytest.raises(ControlError, match=words):
            xero.act(action, **fields)
    for fields in ({"tax_type": "TAX001"}, {"tax_type": ""}, {"tax_type": "TAX011", "kind": "BOTH"}):
        with pytest.raises(ControlError):
            xero.act("add_tax_rate", **{"name": "HST", "rate": 13, **fields})


# What the API says after such acts


def test_a_payment_reads_as_changed_when_it_is_reconciled_and_when_it_is_deleted(xero: Xero) -> None:
    made = xero.invoice()
    payment, other = xero.pay(made, 100)["PaymentID"], xero.pay(made, 1)["PaymentID"]
    moment = at(xero, 60)
    assert since(xero, "/Payments?page=1", moment)["Payments"] == []
    xero.act("reconcile", payment=payment)
    (shown,) = since(xero, "/Payments?page=1", moment)["Payments"]
    assert (shown["PaymentID"], shown["IsReconciled"]) == (payment, True)
    xero.act("unreconcile", payment=payment)
    moment = at(xero, 60)
    xero.act("delete_payment", payment=payment)
    (shown,) = since(xero, "/Payments?page=1", moment)["Payments"]
    assert (shown["PaymentID"], shown["Status"]) == (payment, "DELETED")
    assert ids(since(xero, "/Payments", moment)["Payments"]) == [payment]
    assert other in ids(xero.get("/Payments")["Payments"])


def test_an_invoice_reads_as_changed_when_money_comes_onto_it_or_goes_off(xero: Xero) -> None:
    made = xero.invoice()
    note = xero.credit(made["Contact"]["ContactID"], 50)

    def moved(do: Any) -> list[str]:
        moment = at(xero, 60)
        do()
        return [row["InvoiceID"] for row in since(xero, "/Invoices?page=1", moment)["Invoices"]]

    assert moved(lambda: xero.pay(made, 100, Reference="A")) == [made["InvoiceID"]]
    assert moved(lambda: xero.act("delete_payment", payment="A")) == [made["InvoiceID"]]
    assert moved(lambda: xero.allocate(note, made, 50)) == [made["InvoiceID"]]
    credit = note["CreditNoteID"]
    assert moved(lambda: xero.act("deallocate", credit_note=credit, invoice=made["InvoiceID"])) == [made["InvoiceID"]]
    assert moved(lambda: None) == []


def test_payments_are_found_by_invoice_type_and_status_together(xero: Xero) -> None:
    made, other = xero.invoice(), xero.invoice()
    live, gone = xero.pay(made, 100)["PaymentID"], xero.pay(made, 1)["PaymentID"]
    xero.pay(other, 5)
    xero.act("delete_payment", payment=gone)
    where = f'Invoice.InvoiceID==Guid("{made["InvoiceID"]}")'
    assert sorted(ids(xero.get(f"/Payments?where={where}")["Payments"])) == sorted([live, gone])
    both = f'{where} AND Status=="AUTHORISED" AND PaymentType=="ACCRECPAYMENT"'.replace(" ", "%20")
    assert ids(xero.get(f"/Payments?where={both}")["Payments"]) == [live]
    assert xero.get(f'/Payments?where={where}&&Status=="PAID"'.replace("&&", "%26%26"))["Payments"] == []


@pytest.mark.parametrize("list_of", ["/Invoices?page=1", "/Invoices?IDs={id}", "/Invoices?Statuses=PAID", "/Invoices"])
def test_listed_paid_invoices_carry_their_payments_and_credit_notes(xero: Xero, list_of: str) -> None:
    made = xero.invoice()
    note = xero.credit(made["Contact"]["ContactID"], 50)
    xero.allocate(note, made, 50)
    payment = xero.pay(made, 250, Reference="CLIO-A8801")
    (shown,) = xero.get(list_of.format(id=made["InvoiceID"]))["Invoices"]
    assert shown["Status"] == "PAID"
    ((paid,), (credited,)) = shown["Payments"], shown["CreditNotes"]
    assert (paid["PaymentID"], paid["Amount"], paid["Reference"]) == (payment["PaymentID"], 250.0, "CLIO-A8801")
    assert (credited["CreditNoteID"], credited["AppliedAmount"]) == (note["CreditNoteID"], 50.0)
    assert "Allocations" not in credited


@pytest.mark.parametrize(
    "where", ["", "?page=1", "/{id}", '?where=CreditNoteNumber=="{number}"', '?where=Reference=="write-off"']
)
def test_credit_notes_carry_their_allocations_however_they_are_read(xero: Xero, where: str) -> None:
    made = xero.invoice()
    note = xero.credit(made["Contact"]["ContactID"], 50, CreditNoteNumber="CLIO-CN-8802", Reference="Write-off")
    allocation = xero.allocate(note, made, 50)
    path = "/CreditNotes" + where.format(id=note["CreditNoteID"], number=note["CreditNoteNumber"])
    (shown,) = xero.get(path)["CreditNotes"]
    assert [row["AllocationID"] for row in shown["Allocations"]] == [allocation["AllocationID"]]
    assert shown["Allocations"][0]["Invoice"]["InvoiceID"] == made["InvoiceID"]


def test_the_history_tells_of_money_coming_and_going(xero: Xero) -> None:
    made = xero.invoice(LineItems=[line()])
    payment = xero.pay(made, 300, Reference="A")["PaymentID"]
    xero.act("reconcile", payment=payment)
    xero.act("unreconcile", payment=payment)
    xero.act("delete_payment", payment=payment)
    told = [row["Changes"] for row in xero.get(f"/Invoices/{made['InvoiceID']}/History")["HistoryRecords"]]
    assert told == ["Payment removed", "Payment received", "Created"]
    told = [row["Changes"] for row in xero.get(f"/Payments/{payment}/History")["HistoryRecords"]]
    assert told == ["Deleted", "Unreconciled", "Reconciled", "Created"]
