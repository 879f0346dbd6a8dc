"""Xero's rows become standing documents and the parts of the chart; expected values by hand."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from syncengine.domain.documents import StandingContact, StandingInvoice, StandingLine
from syncengine.domain.rules import Account, Organisation, TaxRate
from syncengine.xero.parse import (
    ParseProblem,
    parse_account,
    parse_contact,
    parse_invoice,
    parse_organisation,
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


def test_lock_dates_that_are_not_set_are_none() -> None:
    assert parse_organisation({"Name": "Reyes Law", "BaseCurrency": "CAD"}) == Organisation("Reyes Law", "CAD")
    locked = {"Name": "R", "BaseCurrency": "CAD", "PeriodLockDate": "/Date(1793404800000+0000)/"}
    assert parse_organisation(locked).period_lock == date(2026, 10, 31)
