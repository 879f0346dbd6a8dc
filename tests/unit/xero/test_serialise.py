"""Documents become stable bytes."""

import json
import time
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from syncengine.domain.documents import ContactDocument, DocumentLine, InvoiceDocument
from syncengine.domain.money_documents import CreditLine, CreditNoteDocument, PaymentDocument
from syncengine.xero.serialise import (
    allocation_call,
    contacts_call,
    credit_notes_call,
    delete_allocation_call,
    delete_payment_call,
    invoice_fields_call,
    invoices_call,
    payments_call,
    void_credit_notes_call,
)

LINE = DocumentLine(
    key="31001",
    description="Drafting – Zoë's lease",
    quantity=Decimal("1.5"),
    unit_amount=Decimal("200.1234"),
    amount=Decimal("300.19"),
    account_code="200",
    tax_type="OUTPUT2",
)
INVOICE = InvoiceDocument(
    number="1042",
    reference="00077-Harbour",
    contact_id="91bb",
    date=date(2026, 5, 4),
    due_date=date(2026, 6, 3),
    currency="CAD",
    url="https://ca.app.clio.com/nc/#/bills/9001",
    status="AUTHORISED",
    lines=(LINE,),
    total=Decimal("345.22"),
    total_tax=Decimal("45.03"),
)
CONTACT = ContactDocument("CLIO-501", "Harbour Bakery Ltd", {"EmailAddress": "ap@harbour.example"})


def test_a_new_invoice_is_put_with_numbers_digit_for_digit_and_its_contact_by_id_alone() -> None:
    call = invoices_call([INVOICE], operation="create")
    assert (call.method, call.path, call.query) == ("PUT", "/api.xro/2.0/Invoices", "summarizeErrors=false&unitdp=4")
    assert call.body.decode() == (
        '{"Invoices":[{"Contact":{"ContactID":"91bb"},"CurrencyCode":"CAD","Date":"2026-05-04","DueDate":"2026-06-03",'
        '"InvoiceNumber":"1042","LineAmountTypes":"Exclusive","LineItems":[{"AccountCode":"200",'
        '"Description":"Drafting – Zoë\'s lease","Quantity":1.5,"TaxType":"OUTPUT2","UnitAmount":200.1234}],'
        '"Reference":"00077-Harbour","Status":"AUTHORISED","Type":"ACCREC",'
        '"Url":"https://ca.app.clio.com/nc/#/bills/9001"}]}'
    )


def test_an_update_is_posted_and_names_the_invoice_its_lines_their_tax_and_tracking() -> None:
    option = {"TrackingCategoryID": "t1", "Option": "North"}
    line = replace(LINE, line_item_id="c0de", tax_amount=Decimal("45.00"), tracking=(option,))
    call = invoices_call([replace(INVOICE, invoice_id="7a0c", lines=(line,))], operation="update")
    sent = json.loads(call.body)["Invoices"][0]
    assert (call.method, sent["InvoiceID"]) == ("POST", "7a0c")
    assert sent["LineItems"][0]["LineItemID"] == "c0de"
    assert sent["LineItems"][0]["Tracking"] == [option]
    assert b'"TaxAmount":45.00,' in call.body


def test_a_line_of_text_is_a_description_alone() -> None:
    text = DocumentLine(key="31002", description="No charge: call")
    sent = json.loads(invoices_call([replace(INVOICE, lines=(text,))], operation="create").body)
    assert sent["Invoices"][0]["LineItems"] == [{"Description": "No charge: call"}]


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        ("-0.10", b":-0.10,"),
        ("0.00", b":0.00,"),
        ("-0.00", b":0.00,"),
        ("1E+3", b":1000,"),
        ("9876543.21", b":9876543.21,"),
    ],
)
def test_an_amount_is_written_digit_for_digit(amount: str, written: bytes) -> None:
    line = replace(LINE, quantity=Decimal(amount))
    assert b'"Quantity"' + written in invoices_call([replace(INVOICE, lines=(line,))], operation="create").body


def test_an_amount_that_is_no_number_is_not_sent() -> None:
    line = replace(LINE, quantity=Decimal("NaN"))
    with pytest.raises(ValueError, match="finite"):
        invoices_call([replace(INVOICE, lines=(line,))], operation="create")


@pytest.mark.parametrize(
    "text", ['Say "12.50"', "back\\slash", "half \udc80 a pair \udc8012.5", "tab\tand\nline", "12.50"]
)
def test_no_text_can_turn_into_anything_else(text: str) -> None:
    line = replace(LINE, description=text)
    body = invoices_call([replace(INVOICE, reference=text, lines=(line,))], operation="create").body
    sent = json.loads(body)["Invoices"][0]
    harmless = text.replace("\udc80", "�")
    assert (sent["Reference"], sent["LineItems"][0]["Description"]) == (harmless, harmless)


def test_the_same_documents_are_the_same_bytes() -> None:
    other = ContactDocument("CLIO-501", "A", {"Phones": [{"PhoneType": "FAX", "PhoneNumber": "1"}], "FirstName": "Z"})
    turned = ContactDocument("CLIO-501", "A", {"FirstName": "Z", "Phones": [{"PhoneNumber": "1", "PhoneType": "FAX"}]})
    assert contacts_call([other], operation="create") == contacts_call([turned], operation="create")


def test_contacts_are_put_by_number_and_posted_by_id() -> None:
    call = contacts_call([CONTACT], operation="create")
    assert (call.method, call.path, call.query) == ("PUT", "/api.xro/2.0/Contacts", "summarizeErrors=false")
    assert json.loads(call.body) == {
        "Contacts": [{"ContactNumber": "CLIO-501", "Name": "Harbour Bakery Ltd", "EmailAddress": "ap@harbour.example"}]
    }
    update = contacts_call([replace(CONTACT, contact_id="91bb")], operation="update")
    assert (update.method, json.loads(update.body)["Contacts"][0]["ContactID"]) == ("POST", "91bb")


def test_fifty_invoices_are_written_within_milliseconds() -> None:
    invoices = [replace(INVOICE, lines=(LINE,) * 10)] * 50
    started = time.process_time()
    invoices_call(invoices, operation="create")
    assert time.process_time() - started < 0.1


PAYMENT = PaymentDocument(
    key="CLIO-A8801",
    invoice_id="7a0c",
    account_id="b1",
    date=date(2026, 5, 20),
    amount=Decimal("600.10"),
    reference="CLIO-A8801 · CHQ 204",
)
NOTE = CreditNoteDocument(
    number="CLIO-CN-8802",
    contact_id="91bb",
    date=date(2026, 5, 25),
    currency="CAD",
    reference="Credit on bill 1042",
    description="Goodwill",
    account_code="260",
    lines=(CreditLine(Decimal("67.80"), "OUTPUT2"), CreditLine(Decimal("32.20"), "NONE")),
    total=Decimal("100.00"),
)


def test_payments_are_put_by_ids_with_every_item_answering_for_itself() -> None:
    call = payments_call([PAYMENT])
    assert (call.method, call.path, call.query) == ("PUT", "/api.xro/2.0/Payments", "summarizeErrors=false")
    assert call.body.decode() == (
        '{"Payments":[{"Account":{"AccountID":"b1"},"Amount":600.10,"Date":"2026-05-20","Invoice":{"InvoiceID":"7a0c"},'
        '"Reference":"CLIO-A8801 · CHQ 204"}]}'
    )


def test_a_payment_is_deleted_by_its_status_alone() -> None:
    call = delete_payment_call("p/1")
    assert (call.method, call.path, call.query) == ("POST", "/api.xro/2.0/Payments/p%2F1", "")
    assert call.body == b'{"Status":"DELETED"}'


def test_a_credit_note_is_put_with_amounts_that_include_tax_and_no_allocation() -> None:
    call = credit_notes_call([NOTE])
    assert (call.method, call.path, call.query) == (
        "PUT",
        "/api.xro/2.0/CreditNotes",
        "summarizeErrors=false&unitdp=4",
    )
    (sent,) = json.loads(call.body)["CreditNotes"]
    assert sent["Type"] == "ACCRECCREDIT"
    assert (sent["LineAmountTypes"], sent["Status"], sent["CurrencyCode"]) == ("Inclusive", "AUTHORISED", "CAD")
    assert sent["Contact"] == {"ContactID": "91bb"}
    assert [(one["UnitAmount"], one["TaxType"], one["AccountCode"]) for one in sent["LineItems"]] == [
        (67.8, "OUTPUT2", "260"),
        (32.2, "NONE", "260"),
    ]
    assert "Allocations" not in sent


def test_credit_notes_are_voided_by_id() -> None:
    call = void_credit_notes_call(["n1", "n2"])
    assert (call.method, call.path) == ("POST", "/api.xro/2.0/CreditNotes")
    assert json.loads(call.body) == {"CreditNotes": [{"CreditNoteID": one, "Status": "VOIDED"} for one in ("n1", "n2")]}


def test_only_the_new_allocation_is_sent() -> None:
    call = allocation_call(note_id="n1", invoice_id="7a0c", amount=Decimal("100.00"), date="2026-05-25")
    assert (call.method, call.path) == ("PUT", "/api.xro/2.0/CreditNotes/n1/Allocations")
    assert call.body == b'{"Allocations":[{"Amount":100.00,"Date":"2026-05-25","Invoice":{"InvoiceID":"7a0c"}}]}'


def test_an_allocation_is_taken_off_by_its_id_without_a_body() -> None:
    call = delete_allocation_call(note_id="n1", allocation_id="a1")
    assert (call.method, call.path, call.query, call.body) == (
        "DELETE",
        "/api.xro/2.0/CreditNotes/n1/Allocations/a1",
        "",
        b"",
    )


def test_single_fields_of_invoices_are_sent_and_nothing_beside_them() -> None:
    call = invoice_fields_call([{"InvoiceID": "7a0c", "Status": "VOIDED"}, {"InvoiceID": "b", "InvoiceNumber": "7~9"}])
    assert (call.method, call.path, call.query) == ("POST", "/api.xro/2.0/Invoices", "summarizeErrors=false&unitdp=4")
    assert json.loads(call.body) == {
        "Invoices": [{"InvoiceID": "7a0c", "Status": "VOIDED"}, {"InvoiceID": "b", "InvoiceNumber": "7~9"}]
    }
