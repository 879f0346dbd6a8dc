"""Documents become stable bytes."""

import json
import time
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from syncengine.domain.documents import ContactDocument, DocumentLine, InvoiceDocument
from syncengine.xero.serialise import contacts_call, invoices_call

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
