"""Clio's rows become records; expected values by hand."""

import json
import time
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from syncengine.clio.parse import ParseProblem, parse_bill, parse_category, parse_contact, parse_line
from syncengine.domain.records import Address, BillRecord, CategoryRecord, Discount, Email, LineRecord, Phone

BILL = """{"id":9001,"etag":"\\"5f1c\\"","number":"1042","state":"awaiting_payment","kind":"revenue_kind",
 "issued_at":"2026-05-04","due_at":"2026-06-03","updated_at":"2026-05-04T10:15:02-04:00","subject":null,
 "purchase_order":"PO 7","tax_rate":5.0,"secondary_tax_rate":0.0,"tax_sum":57.5,"secondary_tax_sum":0.0,
 "sub_total":1150.0,"services_sub_total":1000.0,"total_tax":57.5,"total":1219.55,"due":1219.55,"paid":0.0,
 "pending":0.0,"balance":1219.55,"credits_issued":0.0,"discount_services_only":false,
 "client":{"id":501,"name":"Harbour Bakery Ltd"},"matters":[{"id":77,"display_number":"00077-Harbour"}],
 "currency":{"id":2,"code":"CAD"},"discount":{"rate":0.0,"type":"percentage","note":null},
 "interest":{"balance":12.05,"total":12.05},"original_bill":null}"""
LINE = """{"id":31001,"type":"ActivityLineItem","kind":"Service","date":"2026-04-20","description":"Drafting",
 "note":"Lease review","price":250.0,"quantity":4.1,"sub_total":1025,"total":1025.0,"tax":51.25,"secondary_tax":0.0,
 "taxable":true,"secondary_taxable":false,"group_ordering":3,"updated_at":"2026-05-04T10:15:02-04:00",
 "bill":{"id":9001},"matter":{"id":77,"display_number":"00077-Harbour"},"user":{"id":12,"name":"Ana Reyes"},
 "discount":null,"activity":{"id":4401,"type":"TimeEntry","activity_description":{"id":61,"etag":"d"},
 "expense_category":null}}"""


def bill_row(**changes: Any) -> dict[str, Any]:
    row: dict[str, Any] = json.loads(BILL, parse_float=Decimal)
    return row | changes


def line_row(**changes: Any) -> dict[str, Any]:
    row: dict[str, Any] = json.loads(LINE, parse_float=Decimal)
    return row | changes


def test_a_bill_is_read_with_exact_amounts() -> None:
    assert parse_bill(bill_row()) == BillRecord(
        id=9001,
        number="1042",
        state="awaiting_payment",
        kind="revenue_kind",
        issued_at=date(2026, 5, 4),
        due_at=date(2026, 6, 3),
        currency="CAD",
        client_id=501,
        client_name="Harbour Bakery Ltd",
        matters=("00077-Harbour",),
        purchase_order="PO 7",
        subject="",
        tax_rate=Decimal("5.00"),
        secondary_tax_rate=Decimal("0.00"),
        sub_total=Decimal("1150.00"),
        services_sub_total=Decimal("1000.00"),
        total_tax=Decimal("57.50"),
        total=Decimal("1219.55"),
        due=Decimal("1219.55"),
        paid=Decimal("0.00"),
        pending=Decimal("0.00"),
        balance=Decimal("1219.55"),
        credits_issued=Decimal("0.00"),
        discount=None,
        discount_services_only=False,
        interest_total=Decimal("12.05"),
        original_bill_id=None,
        updated_at="2026-05-04T10:15:02-04:00",
    )


def test_a_line_is_read_with_its_hours_category_and_timekeeper() -> None:
    assert parse_line(line_row()) == LineRecord(
        id=31001,
        bill_id=9001,
        type="ActivityLineItem",
        kind="Service",
        date=date(2026, 4, 20),
        description="Drafting",
        note="Lease review",
        price=Decimal("250.00"),
        quantity=Decimal("4.10"),
        sub_total=Decimal("1025.00"),
        total=Decimal("1025.00"),
        tax=Decimal("51.25"),
        secondary_tax=Decimal("0.00"),
        taxable=True,
        secondary_taxable=False,
        order=3,
        discount=None,
        activity_id=4401,
        service_category_id=61,
        expense_category_id=None,
        timekeeper="Ana Reyes",
        matter="00077-Harbour",
    )


@pytest.mark.parametrize(("written", "meant"), [("1150", "1150.00"), ("1150.0", "1150.00"), ("0.1667", "0.1667")])
def test_one_value_has_one_form_however_clio_writes_it(written: str, meant: str) -> None:
    row = json.loads(LINE.replace("4.1", written), parse_float=Decimal)
    assert str(parse_line(row).quantity) == meant


@pytest.mark.parametrize(
    ("rate", "tax", "per_cent"),
    [
        ("13.0", "149.50", "13.00"),
        ("0.13", "149.50", "13.00"),
        ("0.09975", "114.71", "9.975"),
        ("0.13", "0.00", "13.00"),  # no line is taxable: nothing tells, so it is a fraction
        ("0.5", "5.75", "0.50"),  # 0.5 per cent of 1,150
        ("0.5", "575.00", "50.00"),
        ("0", "0.00", "0.00"),
    ],
)
def test_a_tax_rate_is_per_cent_whichever_form_clio_gave_it_in(rate: str, tax: str, per_cent: str) -> None:
    row = bill_row(tax_rate=Decimal(rate), tax_sum=Decimal(tax), total_tax=Decimal(tax))
    assert parse_bill(row).tax_rate == Decimal(per_cent)


def test_the_secondary_rate_is_judged_by_its_own_tax() -> None:
    row = bill_row(secondary_tax_rate=Decimal("0.07"), secondary_tax_sum=Decimal("80.50"))
    assert parse_bill(row).secondary_tax_rate == Decimal("7.00")


@pytest.mark.parametrize(
    ("rate", "kind", "total", "read"),
    [
        ("10.0", "percentage", "922.50", Discount(Decimal("10.00"), "percentage", "Loyal")),
        ("0.1", "percentage", "922.50", Discount(Decimal("10.00"), "percentage", "Loyal")),
        ("0.5", "percentage", "1019.87", Discount(Decimal("0.50"), "percentage", "Loyal")),
        ("0.5", "money", "1024.50", Discount(Decimal("0.50"), "money", "Loyal")),
        ("0", "percentage", "1025.00", None),
    ],
)
def test_a_discount_is_per_cent_or_money(rate: str, kind: str, total: str, read: Discount | None) -> None:
    discount = {"rate": Decimal(rate), "type": kind, "note": "Loyal"}
    assert parse_line(line_row(discount=discount, total=Decimal(total))).discount == read


def test_unknown_kinds_and_states_are_kept_as_text() -> None:
    row = bill_row(state="in_dispute", kind="new_kind")
    assert (parse_bill(row).state, parse_bill(row).kind) == ("in_dispute", "new_kind")
    assert parse_line(line_row(type="BundleLineItem", kind="Product")).kind == "Product"


def test_what_is_missing_or_hidden_is_empty() -> None:
    row = bill_row(number=None, issued_at=None, client=None, matters=None, currency=None, interest=None, discount=None)
    bill = parse_bill(row)
    assert (bill.number, bill.issued_at, bill.client_id, bill.client_name, bill.matters) == ("", None, None, "", ())
    assert (bill.currency, bill.interest_total, bill.discount) == ("", Decimal(0), None)
    line = parse_line(line_row(activity=None, user=None, matter=None, price=None, quantity=None, date=None))
    assert (line.activity_id, line.timekeeper, line.matter, line.price, line.date) == (None, "", "", Decimal(0), None)


def test_a_hidden_amount_due_is_not_nothing() -> None:
    with pytest.raises(ParseProblem, match="due of record 9001 is not there") as caught:
        parse_bill(bill_row(due=None))
    assert caught.value.field == "due"
    assert parse_bill(bill_row(due=None, state="deleted")).due == Decimal(0)


def test_a_line_with_neither_sub_total_nor_total_cannot_be_read_unless_it_is_free() -> None:
    with pytest.raises(ParseProblem, match="total"):
        parse_line(line_row(sub_total=None, total=None))
    assert parse_line(line_row(sub_total=None, total=None, type="NoChargeLineItem")).total == Decimal(0)


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"due": "lots"}, "due"), ({"issued_at": "soon"}, "issued_at"), ({"id": None}, "id"), ({"paid": "NaN"}, "paid")],
)
def test_what_cannot_be_read_is_named_without_its_value(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(ParseProblem) as caught:
        parse_bill(bill_row(**changes))
    assert caught.value.field == field
    assert all(str(value) not in str(caught.value) for value in changes.values() if value)


def test_a_line_without_a_bill_cannot_be_read() -> None:
    with pytest.raises(ParseProblem, match="bill of record 31001"):
        parse_line(line_row(bill=None))


def test_a_contact_is_read_with_phones_and_addresses() -> None:
    row = {
        "id": 501,
        "etag": '"c1"',
        "type": "Company",
        "name": "Harbour Bakery Ltd",
        "first_name": None,
        "last_name": None,
        "primary_email_address": "ap@harbour.example",
        "updated_at": "2026-03-01T08:00:00-04:00",
        "email_addresses": [{"id": 3, "name": "Work", "address": "ap@harbour.example", "primary": True}],
        "phone_numbers": [{"id": 4, "name": "Work", "number": "555-0100", "primary": True}],
        "addresses": [{"id": 1, "name": "Billing", "street": "1 Quay", "city": "Halifax", "province": "NS",
                       "postal_code": "B3H 0A1", "country": "Canada", "primary": True}],
    }  # fmt: skip
    contact = parse_contact(row)
    assert (contact.id, contact.name, contact.first_name, contact.email) == (
        501, "Harbour Bakery Ltd", "", "ap@harbour.example",
    )  # fmt: skip
    assert contact.emails == (Email("Work", "ap@harbour.example", primary=True, id=3),)
    assert contact.phones == (Phone("Work", "555-0100", primary=True, id=4),)
    assert contact.addresses == (
        Address("Billing", "1 Quay", "Halifax", "NS", "B3H 0A1", "Canada", primary=True, id=1),
    )
    assert contact.etag == '"c1"'


def test_a_contact_whose_name_is_hidden_has_none() -> None:
    assert parse_contact({"id": 501, "name": None, "phone_numbers": None, "addresses": None}).name == ""


def test_a_category_carries_the_code_that_clio_holds() -> None:
    service = {"id": 61, "name": "Drafting", "xero_service_code": "200", "xero_expense_code": "x"}
    assert parse_category(service, "service") == CategoryRecord(61, "service", "Drafting", "200")
    assert parse_category({"id": 15, "name": "Fees"}, "expense") == CategoryRecord(15, "expense", "Fees")


def test_two_hundred_rows_are_read_within_milliseconds() -> None:
    bills, lines = [bill_row()] * 200, [line_row()] * 200
    started = time.process_time()
    for row in bills:
        parse_bill(row)
    for row in lines:
        parse_line(row)
    assert time.process_time() - started < 0.1
