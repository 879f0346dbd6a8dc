"""Xero's rows become standing documents and the parts of the chart; expected values by hand."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from syncengine.domain.documents import (
    StandingAllocation,
    StandingContact,
    StandingCredit,
    StandingCreditNote,
    StandingInvoice,
    StandingLine,
    StandingPayment,
)
from syncengine.domain.rules import Account, Organisation, TaxRate
from syncengine.xero.parse import (
    ParseProblem,
    parse_account,
    parse_allocation,
    parse_contact,
    parse_credit_note,
    parse_invoice,
    parse_organisation,
    parse_payment,
    parse_tax_rate,
)

INVOICE = """{"Type":"ACCREC","InvoiceID":"7a0c","InvoiceNumber":"1042","Reference":"00077-Harbour","Url":"https://x/1",
 "Contact":{"ContactID":"91bb","Name":"Harrow Estate"},"DateString":"2026-11-02T00:00:00",
 "Date":"/Date(1793577600000+0000)/","DueDate":"/Date(1796169600000+0000)/","Status":"AUTHORISED",
 "LineItems":[{"LineItemID":"c0de","Description":"Drafting","Quantity":1.5,"UnitAmount":200.1234,"LineAmount":300.19,
 "TaxType":"OUTPUT2","TaxAmount":45.03,"AccountCode":"200","Tracking":[{"Name":"Office","Option":"North"}]},
 {"LineItemID":"d1","Description":"No charge"}],
 "Total":345.2,"AmountDue":345,"AmountPaid":0.2,"AmountCredited":0.0,"CurrencyCode":"CAD"}"""


def invoice_row(**changes: Any) -> dict[str, Any]:
    row: dict[str, Any] = json.loads(INVOICE, parse_float=Decimal)
    return row | changes


def test_an_invoice_is_read_with_its_lines_and_amounts_of_two_places() -> None:
    invoice = parse_invoice(invoice_row())
    assert invoice == StandingInvoice(
        invoice_id="7a0c",
        number="1042",
        status="AUTHORISED",
        contact_id="91bb",
        contact_name="Harrow Estate",
        date=date(2026, 11, 2),
        due_date=date(2026, 12, 2),
        currency="CAD",
        url="https://x/1",
        reference="00077-Harbour",
        total=Decimal("345.20"),
        amount_due=Decimal("345.00"),
        amount_paid=Decimal("0.20"),
        amount_credited=Decimal("0.00"),
        lines=(
            StandingLine("c0de", "Drafting", Decimal("1.5"), Decimal("200.1234"), Decimal("300.19"), "200", "OUTPUT2",
                         Decimal("45.03"), ({"Name": "Office", "Option": "North"},)),
            StandingLine("d1", "No charge", None, None, None, "", "", None),
        ),
    )  # fmt: skip
    assert str(invoice.total) == "345.20"


@pytest.mark.parametrize(
    "written", ["/Date(1793577600000+0000)/", "/Date(1793577600000)/", "2026-11-02", "2026-11-02T00:00:00"]
)
def test_a_date_comes_in_three_forms(written: str) -> None:
    assert parse_invoice(invoice_row(DateString=None, Date=written)).date == date(2026, 11, 2)


def test_an_invoice_of_a_bare_list_has_no_lines() -> None:
    row = invoice_row(Contact=None, Url=None, Reference=None, DueDate=None)
    del row["LineItems"]
    invoice = parse_invoice(row)
    assert (invoice.lines, invoice.contact_id, invoice.url, invoice.due_date) == ((), "", "", None)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"InvoiceID": None}, "InvoiceID"),
        ({"Total": "lots"}, "Total"),
        ({"Total": Decimal("1.005")}, "Total"),
        ({"Date": "soon", "DateString": None}, "Date"),
        ({"AmountDue": "Infinity"}, "AmountDue"),
    ],
)
def test_what_cannot_be_read_is_named_without_its_value(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(ParseProblem) as caught:
        parse_invoice(invoice_row(**changes))
    assert caught.value.field == field
    assert all(str(value) not in str(caught.value) for value in changes.values() if value)


def test_a_contact_keeps_what_has_a_value_in_xeros_nesting() -> None:
    row = {
        "ContactID": "91bb", "ContactNumber": "CLIO-501", "ContactStatus": "ACTIVE", "Name": "Harbour Bakery Ltd",
        "EmailAddress": "ap@harbour.example", "FirstName": "", "MergedToContactID": "77aa",
        "Phones": [
            {"PhoneType": "DEFAULT", "PhoneNumber": "555-0100", "PhoneAreaCode": "", "PhoneCountryCode": "1"},
            {"PhoneType": "FAX", "PhoneNumber": "", "PhoneAreaCode": "", "PhoneCountryCode": ""},
            {"PhoneType": "MOBILE"},
        ],
        "Addresses": [
            {"AddressType": "STREET", "City": "", "Region": "", "PostalCode": "", "Country": ""},
            {"AddressType": "POBOX", "AddressLine1": "1 Quay", "City": "Halifax", "Region": "", "Country": "Canada"},
        ],
    }  # fmt: skip
    assert parse_contact(row) == StandingContact(
        contact_id="91bb",
        contact_number="CLIO-501",
        name="Harbour Bakery Ltd",
        email="ap@harbour.example",
        status="ACTIVE",
        merged_to="77aa",
        fields={
            "EmailAddress": "ap@harbour.example",
            "Phones": [{"PhoneType": "DEFAULT", "PhoneCountryCode": "1", "PhoneNumber": "555-0100"}],
            "Addresses": [{"AddressType": "POBOX", "AddressLine1": "1 Quay", "City": "Halifax", "Country": "Canada"}],
        },
    )


def test_a_bank_account_takes_payments_whatever_its_flag_says() -> None:
    bank = {"AccountID": "b1", "Name": "Operating", "Type": "BANK", "Class": "ASSET", "Status": "ACTIVE",
            "CurrencyCode": "CAD", "EnablePaymentsToAccount": False}  # fmt: skip
    assert parse_account(bank) == Account(
        "b1", "", "Operating", "BANK", "ASSET", "ACTIVE", currency="CAD", takes_payments=True
    )
    sales = bank | {"Type": "REVENUE", "Code": "200", "TaxType": "OUTPUT2", "SystemAccount": None}
    assert not parse_account(sales).takes_payments
    assert parse_account(sales | {"EnablePaymentsToAccount": True}).takes_payments


def test_a_tax_rate_is_per_cent_and_may_be_named_anything() -> None:
    row = {"TaxType": "TAX001", "Name": "HST", "Status": "ACTIVE", "EffectiveRate": Decimal("13.0000"),
           "CanApplyToRevenue": True, "CanApplyToExpenses": False}  # fmt: skip
    assert parse_tax_rate(row) == TaxRate("TAX001", "HST", "ACTIVE", Decimal(13), can_apply_to_expenses=False)
    zero = {"TaxType": "NONE", "Name": "No tax", "Status": "ACTIVE", "EffectiveRate": 0, "DisplayTaxRate": 5}
    assert parse_tax_rate(zero).effective_rate == 0


def test_a_tax_rate_tells_which_classes_of_account_take_it() -> None:
    row = {"TaxType": "TAX001", "Name": "HST", "Status": "ACTIVE", "EffectiveRate": 13, "CanApplyToExpenses": False,
           "CanApplyToAssets": False, "CanApplyToLiabilities": True}  # fmt: skip
    rate = parse_tax_rate(row)
    suits = {name: rate.suits(name) for name in ("REVENUE", "EXPENSE", "ASSET", "LIABILITY")}
    assert suits == {"REVENUE": True, "EXPENSE": False, "ASSET": False, "LIABILITY": True}


def test_lock_dates_that_are_not_set_are_none() -> None:
    assert parse_organisation({"Name": "Reyes Law", "BaseCurrency": "CAD"}) == Organisation("Reyes Law", "CAD")
    locked = {"Name": "R", "BaseCurrency": "CAD", "PeriodLockDate": "/Date(1793404800000+0000)/"}
    assert parse_organisation(locked).period_lock == date(2026, 10, 31)


# Money ----------------------------------------------------------------------------------------------------------------

PAYMENT = """{"PaymentID":"p1","Date":"/Date(1793577600000+0000)/","Amount":200.1,"Reference":"CLIO-A8801 CHQ",
 "Status":"AUTHORISED","IsReconciled":false,"PaymentType":"ACCRECPAYMENT","Account":{"AccountID":"b1","Code":"090"},
 "Invoice":{"InvoiceID":"7a0c","InvoiceNumber":"1042"}}"""


def payment_row(**changes: Any) -> dict[str, Any]:
    row: dict[str, Any] = json.loads(PAYMENT, parse_float=Decimal)
    return row | changes


def test_a_payment_is_read_with_its_account_and_its_invoice() -> None:
    assert parse_payment(payment_row()) == StandingPayment(
        payment_id="p1",
        invoice_id="7a0c",
        amount=Decimal("200.10"),
        date=date(2026, 11, 2),
        reference="CLIO-A8801 CHQ",
        account_id="b1",
    )


@pytest.mark.parametrize(
    ("changes", "reconciled", "batch_id"),
    [
        ({}, False, ""),
        ({"IsReconciled": True}, True, ""),
        ({"IsReconciled": "false"}, False, ""),
        ({"BatchPaymentID": "x1"}, False, "x1"),
        ({"BatchPayment": {"BatchPaymentID": "x2"}}, False, "x2"),
    ],
)
def test_a_payments_marks_are_read(changes: dict[str, Any], reconciled: bool, batch_id: str) -> None:
    found = parse_payment(payment_row(**changes))
    assert (found.reconciled, found.batch_id) == (reconciled, batch_id)


def test_a_deleted_payment_is_not_live_and_one_without_a_status_is() -> None:
    assert not parse_payment(payment_row(Status="DELETED")).is_live
    assert parse_payment(payment_row(Status=None)).is_live


def test_a_payment_of_something_else_has_no_invoice() -> None:
    assert parse_payment(payment_row(Invoice=None, Account=None, Reference=None)).invoice_id == ""


def test_an_invoice_tells_of_what_was_paid_and_credited_on_it() -> None:
    invoice = parse_invoice(
        invoice_row(
            Payments=[{"PaymentID": "p1", "Date": "/Date(1793577600000+0000)/", "Amount": Decimal("0.2")}],
            CreditNotes=[{"CreditNoteID": "n1", "CreditNoteNumber": "CLIO-CN-8802", "AppliedAmount": Decimal("1.5")}],
        )
    )
    assert invoice.payments == (StandingPayment("p1", "7a0c", Decimal("0.20"), date(2026, 11, 2)),)
    assert invoice.credits == (StandingCredit("n1", "CLIO-CN-8802", Decimal("1.50")),)
    assert invoice.is_settled_in_part


@pytest.mark.parametrize(("kind", "gross"), [("Exclusive", "345.22"), ("Inclusive", "300.19")])
def test_what_an_invoice_holds_of_each_tax_type_includes_tax(kind: str, gross: str) -> None:
    assert parse_invoice(invoice_row(LineAmountTypes=kind)).gross == {"OUTPUT2": Decimal(gross)}


def test_a_credit_note_is_read_with_what_it_is_set_against_and_without_what_was_taken_off() -> None:
    row = {
        "CreditNoteID": "n1", "CreditNoteNumber": "CLIO-CN-8802", "Status": "PAID", "Total": Decimal("100.0"),
        "Contact": {"ContactID": "91bb"},
        "Allocations": [
            {"AllocationID": "a1", "Amount": Decimal("60.0"), "Invoice": {"InvoiceID": "7a0c"}},
            {"AllocationID": "a2", "Amount": Decimal("40.0"), "Invoice": {"InvoiceID": "7a0d"}, "IsDeleted": True},
        ],
    }  # fmt: skip
    assert parse_credit_note(row) == StandingCreditNote(
        credit_note_id="n1",
        number="CLIO-CN-8802",
        status="PAID",
        contact_id="91bb",
        total=Decimal("100.00"),
        allocations=(StandingAllocation("a1", "7a0c", Decimal("60.00")),),
    )
    assert not parse_credit_note(row | {"Status": "VOIDED"}).is_live


@pytest.mark.parametrize(
    "row",
    [
        {"AllocationID": "a1", "Amount": Decimal("60.0"), "Invoice": {"InvoiceID": "7a0c"}},
        {"AllocationId": "a1", "Amount": Decimal("60.0"), "Invoice": [{"InvoiceID": "7a0c"}]},
        {"AllocationID": "a1", "AppliedAmount": Decimal("60.0"), "Invoice": {"InvoiceID": "7a0c"}},
    ],
)
def test_an_allocation_is_read_in_both_forms(row: dict[str, Any]) -> None:
    assert parse_allocation(row) == StandingAllocation("a1", "7a0c", Decimal("60.00"))


def test_an_allocation_without_an_invoice_names_none() -> None:
    assert parse_allocation({"AllocationID": "a1", "Amount": 1, "Invoice": []}).invoice_id == ""


@pytest.mark.parametrize(
    ("parse", "row", "field"),
    [
        (parse_payment, {"Amount": 1}, "PaymentID"),
        (parse_payment, {"PaymentID": "p1", "Amount": "lots"}, "Amount"),
        (parse_credit_note, {"Total": 1}, "CreditNoteID"),
        (parse_allocation, {"Amount": Decimal("1.005")}, "Amount"),
    ],
)
def test_money_that_cannot_be_read_is_named(parse: Any, row: dict[str, Any], field: str) -> None:
    with pytest.raises(ParseProblem) as caught:
        parse(row)
    assert caught.value.field == field
