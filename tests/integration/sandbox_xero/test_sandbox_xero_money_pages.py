"""Payments and credit notes on the pages of the stand-in Xero."""

import pytest

from tests.support.page_user import PageUser
from tests.support.xero_stand_in import Json, Xero

ORG = "/app/!hl9Q1"
RECONCILED = "This Payment cannot be deleted as it has been reconciled with a Bank Statement."


@pytest.fixture
def user(xero: Xero) -> PageUser:
    return PageUser(xero.url)


def page_of(invoice: Json) -> str:
    return f"/app/invoice/{invoice['InvoiceID']}"


def note_page(note: Json) -> str:
    return f"/app/creditnote/{note['CreditNoteID']}"


def payment(xero: Xero, payment_id: str) -> Json:
    found: Json = xero.get(f"/Payments/{payment_id}")["Payments"][0]
    return found


def test_a_payment_is_recorded_by_hand_replaced_and_deleted(user: PageUser, xero: Xero) -> None:
    made = xero.invoice()
    user.do(page_of(made), "record-payment", date="2026-11-05", reference="cheque 7")
    (shown,) = xero.read(made)["Payments"]
    assert (shown["Amount"], shown["Reference"]) == (300.0, "cheque 7")
    assert xero.read(made)["Status"] == "PAID"
    user.do(page_of(made), "replace-payment", shown["PaymentID"], amount="250")
    (other,) = xero.read(made)["Payments"]
    assert (other["Amount"], other["Reference"]) == (250.0, "cheque 7")
    user.do(page_of(made), "delete-payment", other["PaymentID"])
    assert xero.read(made)["AmountDue"] == 300.0
    assert user.shown(page_of(made)).count("DELETED") == 2


def test_a_reconciled_payment_is_refused_in_xeros_words_until_that_is_undone(user: PageUser, xero: Xero) -> None:
    made = xero.invoice()
    paid = xero.pay(made, 100)["PaymentID"]
    user.do(page_of(made), "reconcile", paid)
    assert payment(xero, paid)["IsReconciled"] is True
    for form in ("delete-payment", "replace-payment"):
        assert user.refused(page_of(made), form, paid) == RECONCILED
    user.do(page_of(made), "unreconcile", paid)
    user.do(page_of(made), "delete-payment", paid)


def test_payments_are_put_in_a_batch_and_go_with_it(user: PageUser, xero: Xero) -> None:
    made, other = xero.invoice(), xero.invoice()
    first = xero.pay(made, 100, Reference="A")["PaymentID"]
    second = xero.pay(other, 100, Reference="B")["PaymentID"]
    assert user.refused(page_of(made), "batch-payment", first, **{"with": "C"}) == "payment: there is no 'C'"
    user.do(page_of(made), "batch-payment", first, **{"with": "B"})
    assert payment(xero, first)["BatchPaymentID"] == payment(xero, second)["BatchPaymentID"]
    said = user.refused(page_of(made), "delete-payment", first)
    assert said == "Payments within a batch cannot be deleted."
    user.do(page_of(other), "delete-batch", second)
    assert {payment(xero, one)["Status"] for one in (first, second)} == {"DELETED"}


def test_a_payments_address_leads_to_the_document_it_stands_on(user: PageUser, xero: Xero) -> None:
    made = xero.invoice()
    paid = xero.pay(made, 100)["PaymentID"]
    answer = user.session.get(f"{user.url}/app/payment/{paid}", allow_redirects=False)
    assert answer.headers["Location"].endswith(f"{page_of(made)}#payment-{paid}")
    assert f"id='payment-{paid}'" in user.open(page_of(made))
    note = xero.credit(xero.contact("Bea"), 50)
    back = xero.act("refund_credit", credit_note=note["CreditNoteID"])["PaymentID"]
    assert f"id='payment-{back}'" in user.open(f"/app/payment/{back}")


def test_a_payment_is_told_by_its_date_account_reference_and_amount(user: PageUser, xero: Xero) -> None:
    made = xero.invoice()
    paid = xero.pay(made, 100, Reference="cheque 7")
    bare = xero.pay(made, 50)
    page = user.open(page_of(made))
    account = paid["Account"]["AccountID"]
    assert f"<a href='/app/account/{account}'>090 Operating Account</a>" in page
    shown = user.shown(page_of(made))
    assert "2026-11-05 090 Operating Account cheque 7 AUTHORISED 100.00" in shown
    assert "2026-11-05 090 Operating Account AUTHORISED 50.00" in shown
    assert bare["PaymentID"] not in shown


def test_a_credit_note_is_made_by_hand_and_set_against_an_invoice_from_either_side(user: PageUser, xero: Xero) -> None:
    made = xero.invoice()
    contact = made["Contact"]["ContactID"]
    account = xero.server.books().account_by_code("260")
    assert account is not None
    new = f"{ORG}/credit-notes/new?contact={contact}"
    assert user.form(new, "new-credit-note").values["contact"] == contact
    there = user.do(new, "new-credit-note", number="H-CN", unit_amount="50", account=account.id, tax_type="TAX001")
    (note,) = xero.get("/CreditNotes/H-CN")["CreditNotes"]
    assert there == note_page(note)
    assert (note["Total"], note["TotalTax"], note["Status"]) == (50.0, 5.75, "AUTHORISED")
    user.do(page_of(made), "allocate", amount="20")
    user.do(note_page(note), "allocate", invoice=made["InvoiceID"])
    after = xero.read(made)
    assert (after["AmountCredited"], after["AmountDue"]) == (50.0, 250.0)
    (again,) = xero.get("/CreditNotes/H-CN")["CreditNotes"]
    assert (again["Status"], [row["Amount"] for row in again["Allocations"]]) == ("PAID", [20.0, 30.0])
    first, second = (row["AllocationID"] for row in again["Allocations"])
    user.do(page_of(made), "deallocate", first)
    user.do(note_page(note), "deallocate", second)
    assert xero.read(made)["AmountDue"] == 300.0
    user.do(note_page(note), "set-status", "VOIDED")


def test_a_credit_note_is_refused_where_xero_refuses_it(user: PageUser, xero: Xero) -> None:
    made = xero.invoice()
    note = xero.credit(made["Contact"]["ContactID"], 50)
    other = xero.credit(xero.contact("Bea"), 50)
    said = user.refused(page_of(made), "allocate", credit_note=note["CreditNoteID"], amount="50.01")
    assert said == "Credit Note cannot be allocated as amount is greater than amount outstanding"
    said = user.refused(page_of(made), "allocate", credit_note=other["CreditNoteID"])
    assert said == "Credit Note cannot be allocated to an invoice of another contact"
    xero.allocate(note, made, 1)
    said = user.refused(note_page(note), "set-status", "VOIDED")
    assert said.endswith("because it has payments or credit notes allocated to it.")


def test_a_credit_note_is_edited_and_paid_back(user: PageUser, xero: Xero) -> None:
    note = xero.credit(xero.contact("Abe"), 50)
    user.do(note_page(note), "edit-document", reference="Goodwill", number="H-2")
    user.do(note_page(note), "change-line", note["LineItems"][0]["LineItemID"], description="Less")
    user.do(note_page(note), "record-payment", amount="50")
    (after,) = xero.get(f"/CreditNotes/{note['CreditNoteID']}")["CreditNotes"]
    assert (after["Reference"], after["CreditNoteNumber"], after["Status"]) == ("Goodwill", "H-2", "PAID")
    assert after["LineItems"][0]["Description"] == "Less"
    shown = user.shown(f"{ORG}/credit-notes?q=goodwill")
    assert "H-2 Abe" in shown


def test_a_bank_transaction_is_reconciled_and_refused_and_deleted(user: PageUser, xero: Xero) -> None:
    xero.contact("Abe")
    spent = xero.act("add_bank_transaction", contact="Abe", amount=42, account="426", Reference="CHQ 9")
    page = f"/app/bank-transaction/{spent['BankTransactionID']}"
    assert f"href='{page}'>CHQ 9</a>" in user.open(f"{ORG}/bank-transactions?q=chq")
    user.do(page, "reconcile")
    said = user.refused(page, "delete-transaction")
    assert said == "This Bank Transaction cannot be edited as it has been reconciled with a Bank Statement."
    user.do(page, "unreconcile")
    user.do(page, "delete-transaction")
    assert not user.has(page, "reconcile")


def test_the_history_of_an_invoice_stands_on_its_page(user: PageUser, xero: Xero) -> None:
    made = xero.invoice()
    user.do(page_of(made), "record-payment", reference="cheque 7")
    assert "Payment received 300.00 cheque 7" in user.shown(page_of(made))
