"""Payments, credit notes and bank transactions of the stand-in Xero."""

from typing import Any

import pytest

from tests.support.xero_stand_in import Json, Xero, line

NOT_AUTHORISED = ["Payments can only be made against Authorised documents"]


def body_of(made: Json, amount: float, **fields: object) -> Json:
    """A payment's body."""
    invoice = {"InvoiceID": made["InvoiceID"]}
    return {"Invoice": invoice, "Account": {"Code": "090"}, "Amount": amount, "Date": "2026-11-05", **fields}


def test_a_payment_in_full_makes_the_invoice_paid_on_its_date(xero: Xero) -> None:
    made = xero.invoice()
    payment = xero.pay(made, 300, Reference="CLIO-A8801")
    assert (payment["PaymentType"], payment["Status"], payment["Amount"]) == ("ACCRECPAYMENT", "AUTHORISED", 300.0)
    assert (payment["Account"]["Code"], payment["Invoice"]["InvoiceID"]) == ("090", made["InvoiceID"])
    assert payment["HasAccount"] is True
    paid = xero.read(made)
    assert (paid["Status"], paid["AmountDue"], paid["AmountPaid"]) == ("PAID", 0.0, 300.0)
    assert paid["FullyPaidOnDate"] == "/Date(1793836800000+0000)/"
    (shown,) = paid["Payments"]
    assert (shown["PaymentID"], shown["Reference"], shown["HasAccount"]) == (payment["PaymentID"], "CLIO-A8801", False)


def test_the_latest_of_several_payments_is_the_day_of_full_payment(xero: Xero) -> None:
    made = xero.invoice()
    xero.pay(made, 100, Date="2026-11-20")
    assert xero.read(made)["Status"] == "AUTHORISED"
    xero.pay(made, 200, Date="2026-11-05")
    assert xero.read(made)["FullyPaidOnDate"] == "/Date(1795132800000+0000)/"


def test_deleting_a_payment_makes_the_invoice_due_again(xero: Xero) -> None:
    made = xero.invoice()
    payment = xero.pay(made, 300)
    gone = xero.post(f"/Payments/{payment['PaymentID']}", {"Status": "DELETED"})
    assert gone["Status"] == "DELETED"
    after = xero.read(made)
    assert (after["Status"], after["AmountDue"], after["AmountPaid"]) == ("AUTHORISED", 300.0, 0.0)
    assert after["Payments"] == []
    assert "FullyPaidOnDate" not in after
    assert xero.get(f"/Payments/{payment['PaymentID']}")["Payments"][0]["Status"] == "DELETED"


@pytest.mark.parametrize("amount", [300.01, 1000])
def test_a_payment_above_what_is_due_is_refused(xero: Xero, amount: float) -> None:
    body = body_of(xero.invoice(), amount)
    assert xero.refusal("PUT", "/Payments", body) == ["Payment amount exceeds the amount outstanding on this document"]


@pytest.mark.parametrize("amount", [0, -1])
def test_a_payment_of_nothing_or_less_is_refused(xero: Xero, amount: float) -> None:
    assert xero.refusal("PUT", "/Payments", body_of(xero.invoice(), amount)) == [
        "Payment amounts must be positive amounts"
    ]


@pytest.mark.parametrize("status", ["DRAFT", "SUBMITTED"])
def test_only_an_approved_invoice_is_paid(xero: Xero, status: str) -> None:
    assert xero.refusal("PUT", "/Payments", body_of(xero.invoice(Status=status), 1)) == NOT_AUTHORISED


def test_a_paid_or_voided_invoice_is_not_paid_again(xero: Xero) -> None:
    paid, voided = xero.invoice(), xero.invoice()
    xero.pay(paid, 300)
    xero.post("/Invoices", {"InvoiceID": voided["InvoiceID"], "Status": "VOIDED"})
    for made in (paid, voided):
        assert xero.refusal("PUT", "/Payments", body_of(made, 1)) == NOT_AUTHORISED


@pytest.mark.parametrize(
    ("account", "message"),
    [
        ({"Code": "201"}, "Account type is invalid for making a payment to/from"),
        ({"Code": "999"}, "Account could not be found"),
        ({}, "Account could not be found"),
    ],
)
def test_a_payment_goes_to_a_bank_account_or_one_with_payments_enabled(xero: Xero, account: Json, message: str) -> None:
    made = xero.invoice()
    assert xero.refusal("PUT", "/Payments", body_of(made, 1, Account=account)) == [message]
    assert xero.pay(made, 1, Account={"Code": "427"})["Account"]["Code"] == "427"


def test_an_archived_bank_account_is_not_found(xero: Xero) -> None:
    xero.act("archive_account", account="090")
    assert xero.refusal("PUT", "/Payments", body_of(xero.invoice(), 1)) == ["Account could not be found"]


def test_a_payment_without_a_document_or_for_an_unknown_one_is_refused(xero: Xero) -> None:
    nobody = {"InvoiceID": "5d1c3f0e-5d0a-4b44-9a2e-2a3b1c8a9d11"}
    unknown = xero.refusal("PUT", "/Payments", {"Invoice": nobody, "Account": {"Code": "090"}, "Amount": 1})
    assert unknown == ["An existing Invoice with the specified InvoiceID could not be found"]
    assert len(xero.refusal("PUT", "/Payments", {"Account": {"Code": "090"}, "Amount": 1})) == 1


def test_a_payment_names_its_invoice_by_number_too(xero: Xero) -> None:
    made = xero.invoice(InvoiceNumber="1042")
    body = {"Invoice": {"InvoiceNumber": "1042"}, "Account": {"Code": "090"}, "Amount": 300}
    assert xero.put("/Payments", body)["Invoice"]["InvoiceID"] == made["InvoiceID"]


def test_payments_of_one_call_are_worked_one_after_the_other(xero: Xero) -> None:
    made = xero.invoice()
    bodies = {"Payments": [body_of(made, 200), body_of(made, 200), body_of(made, 100)]}
    answer = xero.call("PUT", "/Payments?summarizeErrors=false", bodies).json()["Payments"]
    assert [row["StatusAttributeString"] for row in answer] == ["OK", "ERROR", "OK"]
    assert xero.read(made)["Status"] == "PAID"


def test_a_reference_of_three_hundred_signs_comes_back_whole(xero: Xero) -> None:
    assert xero.pay(xero.invoice(), 1, Reference="r" * 300)["Reference"] == "r" * 300


def test_a_payment_is_only_made_or_deleted_and_that_once(xero: Xero) -> None:
    payment = xero.pay(xero.invoice(), 1)
    path = f"/Payments/{payment['PaymentID']}"
    assert len(xero.refusal("POST", path, {"Amount": 2})) == 1
    xero.post(path, {"Status": "DELETED"})
    refused = xero.refusal("POST", path, {"Status": "DELETED"})
    assert refused == ["Payment not of valid status for modification"]


def test_a_reconciled_payment_is_not_deleted_and_only_people_reconcile(xero: Xero) -> None:
    payment = xero.pay(xero.invoice(), 1, IsReconciled=True)
    assert payment["IsReconciled"] is False
    xero.act("reconcile", payment=payment["PaymentID"])
    path = f"/Payments/{payment['PaymentID']}"
    assert xero.get(path)["Payments"][0]["IsReconciled"] is True
    (refused,) = xero.refusal("POST", path, {"Status": "DELETED"})
    assert "reconciled" in refused
    xero.act("unreconcile", payment=payment["PaymentID"])
    assert xero.post(path, {"Status": "DELETED"})["Status"] == "DELETED"


def test_a_payment_in_a_batch_is_not_deleted_by_itself(xero: Xero) -> None:
    payment = xero.pay(xero.invoice(), 1)
    xero.act("batch_payment", payment=payment["PaymentID"])
    refused = xero.refusal("POST", f"/Payments/{payment['PaymentID']}", {"Status": "DELETED"})
    assert refused == ["Payments within a batch cannot be deleted."]
    assert xero.get(f"/Payments/{payment['PaymentID']}")["Payments"][0]["BatchPaymentID"]


def test_no_payment_is_made_or_deleted_in_a_locked_period(xero: Xero) -> None:
    made = xero.invoice()
    payment = xero.pay(made, 1)
    xero.act("set_lock_dates", period="2026-11-05")
    assert xero.refusal("PUT", "/Payments", body_of(made, 1)) == [
        "The document date cannot be before the period lock date, currently set at 2026-11-05"
    ]
    refused = xero.refusal("POST", f"/Payments/{payment['PaymentID']}", {"Status": "DELETED"})
    assert refused == ["The document cannot be edited as it is currently dated before the period lock date"]
    assert xero.pay(made, 1, Date="2026-11-06")["Status"] == "AUTHORISED"


def test_money_paid_back_on_a_credit_note_uses_it_up(xero: Xero) -> None:
    note = xero.credit(xero.contact(), 50)
    body = {"CreditNote": {"CreditNoteID": note["CreditNoteID"]}, "Account": {"Code": "090"}, "Amount": 50}
    assert xero.put("/Payments", body)["PaymentType"] == "ARCREDITPAYMENT"
    after = xero.get(f"/CreditNotes/{note['CreditNoteID']}")["CreditNotes"][0]
    assert (after["Status"], after["RemainingCredit"]) == ("PAID", 0.0)


def test_money_is_spent_from_a_bank_account_with_inclusive_amounts(xero: Xero) -> None:
    made = spend(xero, LineItems=[line(Quantity=1, UnitAmount=113, AccountCode="426", TaxType="INPUT")])
    assert (made["Type"], made["Status"], made["LineAmountTypes"]) == ("SPEND", "AUTHORISED", "Inclusive")
    assert (made["SubTotal"], made["TotalTax"], made["Total"]) == (100.0, 13.0, 113.0)
    assert (made["BankAccount"]["Code"], made["Reference"], made["IsReconciled"]) == ("090", "CLIO-H4402", False)


def spend(xero: Xero, **fields: Any) -> Json:
    """A spend money transaction."""
    return xero.put("/BankTransactions?unitdp=4", spend_body(**fields))


def spend_body(**fields: Any) -> Json:
    """Its body: 42.00 on court fees."""
    return {
        "Type": "SPEND",
        "Contact": {"Name": "Registrar"},
        "BankAccount": {"Code": "090"},
        "Date": "2026-11-03",
        "Reference": "CLIO-H4402",
        "LineItems": [line(Quantity=1, UnitAmount=42, AccountCode="426")],
        **fields,
    }


@pytest.mark.parametrize(
    ("fields", "part"),
    [
        ({"Type": "TRANSFER"}, "type"),
        ({"BankAccount": {"Code": "426"}}, "BANK"),
        ({"BankAccount": {"Code": "999"}}, "Account could not be found"),
        ({"BankAccount": None}, "bank account must be specified"),
        ({"Contact": None}, "A Contact must be specified for this type of transaction"),
        ({"LineItems": []}, "One or more line items must be specified"),
        ({"LineItems": [line(Quantity=0, AccountCode="426")]}, "quantity"),
        ({"LineItems": [line(Quantity=1, UnitAmount=-5, AccountCode="426")]}, "greater than zero"),
        ({"LineItems": [line(AccountCode="299")]}, "has been archived"),
        ({"LineItems": [line(AccountCode="426", TaxType="TAX001")]}, "cannot be used with account code '426'"),
        ({"Total": 41.99}, "total does not equal"),
        ({"Status": "DELETED"}, "status"),
    ],
)
def test_spend_money_that_breaks_a_rule_is_refused(xero: Xero, fields: Json, part: str) -> None:
    said, *_ = xero.refusal("PUT", "/BankTransactions", spend_body(**fields))
    assert part in said


def test_spend_money_is_changed_and_deleted_by_post_and_found_by_its_id_alone(xero: Xero) -> None:
    made, twin = spend(xero), spend(xero)
    assert made["BankTransactionID"] != twin["BankTransactionID"]
    line_id = made["LineItems"][0]["LineItemID"]
    change = {"BankTransactionID": made["BankTransactionID"], "LineItems": [{"LineItemID": line_id, "UnitAmount": 50}]}
    assert xero.post("/BankTransactions", change)["Total"] == 50.0
    path = f"/BankTransactions/{made['BankTransactionID']}"
    assert xero.post(path, {"Status": "DELETED"})["Status"] == "DELETED"
    assert len(xero.refusal("POST", path, {"Reference": "x"})) == 1
    statuses = [row["Status"] for row in xero.get("/BankTransactions")["BankTransactions"]]
    assert sorted(statuses) == ["AUTHORISED", "DELETED"]


@pytest.mark.parametrize("change", [{"Status": "DELETED"}, {"Reference": "x"}])
def test_reconciled_spend_money_is_not_changed(xero: Xero, change: Json) -> None:
    made = spend(xero)
    xero.act("reconcile", bank_transaction=made["BankTransactionID"])
    path = f"/BankTransactions/{made['BankTransactionID']}"
    message = "This Bank Transaction cannot be edited as it has been reconciled with a Bank Statement."
    assert xero.refusal("POST", path, change) == [message]
    answer = xero.call("POST", f"{path}?summarizeErrors=false", change).json()["BankTransactions"][0]
    assert answer["StatusAttributeString"] == "ERROR"
    assert {**answer, **change} == answer
