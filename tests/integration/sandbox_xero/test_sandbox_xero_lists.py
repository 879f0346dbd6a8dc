"""Lists of the stand-in Xero: filters, order, changes since, pages, what each kind of list shows."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from tests.support.xero_stand_in import Json, Xero, line

START = datetime(2026, 11, 10, 9, 0, tzinfo=UTC)


def numbers(xero: Xero, **params: Any) -> list[str]:
    """The numbers of the invoices that a list answers."""
    headers = {name: params.pop(name) for name in ("If_Modified_Since",) if name in params}
    return [row["InvoiceNumber"] for row in xero.get(f"/Invoices?{urlencode(params)}", **headers)["Invoices"]]


def make(xero: Xero, count: int, **fields: Any) -> list[Json]:
    """So many invoices, numbered from 1."""
    body = {"Invoices": [xero.invoice_body(InvoiceNumber=str(number + 1), **fields) for number in range(count)]}
    made = xero.call("PUT", "/Invoices", body).json()["Invoices"]
    return [dict(row) for row in made]


def test_pages_have_a_hundred_rows_unless_told_otherwise_and_at_most_a_thousand(xero: Xero) -> None:
    make(xero, 101, Contact={"ContactID": xero.contact()})
    assert len(numbers(xero, page=1)) == 100
    second = xero.get("/Invoices?page=2")
    assert second["pagination"] == {"page": 2, "pageSize": 100, "pageCount": 2, "itemCount": 101}
    assert len(second["Invoices"]) == 1
    assert xero.get("/Invoices?page=1&pageSize=40")["pagination"]["pageCount"] == 3
    assert xero.get("/Invoices?page=1&pageSize=5000")["pagination"]["pageSize"] == 1000
    assert numbers(xero, page=9) == []
    assert len(numbers(xero)) == 101


def test_pages_together_show_every_row_once(xero: Xero) -> None:
    make(xero, 25, Contact={"ContactID": xero.contact()})
    found = [number for page in (1, 2, 3) for number in numbers(xero, page=page, pageSize=10)]
    assert sorted(map(int, found)) == list(range(1, 26))


def test_rows_come_in_the_order_of_their_last_change(xero: Xero) -> None:
    xero.server.clock.set(START)
    made = []
    for number in ("1", "2", "3"):
        made.append(xero.invoice(InvoiceNumber=number))
        xero.server.clock.advance(60)
    xero.post("/Invoices", {"InvoiceID": made[0]["InvoiceID"], "Reference": "x"})
    assert numbers(xero) == ["2", "3", "1"]


def test_an_unpaged_list_has_no_lines_and_a_page_has_them(xero: Xero) -> None:
    made = xero.invoice()
    bare = xero.get("/Invoices")["Invoices"][0]
    assert (bare["LineItems"], bare["Contact"]) == ([], {k: made["Contact"][k] for k in ("ContactID", "Name")})
    for query in ("page=1", f"IDs={made['InvoiceID']}", "Statuses=AUTHORISED"):
        assert len(xero.get(f"/Invoices?{query}")["Invoices"][0]["LineItems"]) == 1


def test_a_summary_drops_lines_and_payments_and_is_always_paged(xero: Xero) -> None:
    xero.pay(xero.invoice(), 1)
    answer = xero.get("/Invoices?summaryOnly=true")
    (row,) = answer["Invoices"]
    assert answer["pagination"]["itemCount"] == 1
    assert not {"LineItems", "Payments", "HasAttachments"} & set(row)
    assert row["AmountPaid"] == 1.0


def test_ids_numbers_contacts_and_statuses_choose_rows(xero: Xero) -> None:
    abe, bea = xero.contact("Abe"), xero.contact("Bea")
    first = xero.invoice(InvoiceNumber="1", Contact={"ContactID": abe})
    second = xero.invoice(InvoiceNumber="2", Contact={"ContactID": bea})
    xero.invoice(InvoiceNumber="3", Contact={"ContactID": bea}, Status="DRAFT")
    nobody = "5d1c3f0e-5d0a-4b44-9a2e-2a3b1c8a9d11"
    assert numbers(xero, IDs=f"{first['InvoiceID']},{second['InvoiceID'].upper()},{nobody}") == ["1", "2"]
    assert numbers(xero, InvoiceNumbers="3,1,9") == ["1", "3"]
    assert numbers(xero, ContactIDs=bea) == ["2", "3"]
    assert numbers(xero, ContactIDs=bea, Statuses="AUTHORISED,PAID") == ["2"]
    assert numbers(xero, Statuses="DRAFT") == ["3"]


def test_a_filter_finds_by_number_reference_amount_date_and_contact(xero: Xero) -> None:
    abe = xero.contact("Abe", ContactNumber="CLIO-501")
    xero.invoice(InvoiceNumber="1042", Reference="CLIO-A88", Contact={"ContactID": abe})
    xero.invoice(InvoiceNumber="1043", Reference="CLIO-A8801", Date="2026-11-03", LineItems=[line(UnitAmount=10)])
    for where, expected in {
        'InvoiceNumber=="1042"': ["1042"],
        'Reference=="clio-a88"': ["1042"],
        'Reference.StartsWith("CLIO-A88")': ["1042", "1043"],
        "AmountDue>=15 AND AmountDue<300": ["1043"],
        "Date>=DateTime(2026,11,3)": ["1043"],
        f'Contact.ContactID==Guid("{abe}")': ["1042"],
        'Contact.ContactNumber=="CLIO-501" || InvoiceNumber=="1043"': ["1042", "1043"],
        'Type=="ACCREC" AND Status=="AUTHORISED"': ["1042", "1043"],
        'InvoiceNumber=="104"': [],
    }.items():
        assert numbers(xero, where=where) == expected, where


def test_a_quote_in_a_filter_is_doubled_and_never_escaped(xero: Xero) -> None:
    xero.contact('The "Blue" Room')
    doubled = quote('Name=="The ""Blue"" Room"')
    assert len(xero.get(f"/Contacts?where={doubled}")["Contacts"]) == 1
    escaped = xero.call("GET", "/Contacts?where=" + quote('Name=="The \\"Blue\\" Room"'))
    assert (escaped.status_code, escaped.json()["Type"], escaped.json()["ErrorNumber"]) == (
        400,
        "QueryParseException",
        16,
    )


@pytest.mark.parametrize(
    "query", ["where=Nothing%3D%3D1", "where=%22", "order=Nothing", "where=InvoiceID%3D%3D%22x%22"]
)
def test_a_filter_or_order_that_cannot_be_read_is_refused(xero: Xero, query: str) -> None:
    answer = xero.call("GET", f"/Invoices?{query}")
    assert (answer.status_code, answer.json()["Type"]) == (400, "QueryParseException")


def test_names_are_found_whatever_their_case(xero: Xero) -> None:
    xero.contact("Harrow Estate")
    found = xero.get("/Contacts?where=" + quote('Name=="harrow estate"'))["Contacts"]
    assert [row["Name"] for row in found] == ["Harrow Estate"]


def test_an_order_is_kept(xero: Xero) -> None:
    for number, amount in (("b", 1), ("a", 1), ("c", 2)):
        xero.invoice(InvoiceNumber=number, LineItems=[line(UnitAmount=amount)])
    assert numbers(xero, order="InvoiceNumber DESC") == ["c", "b", "a"]
    assert numbers(xero, order="Total DESC,InvoiceNumber") == ["c", "a", "b"]


@pytest.mark.parametrize("form", ["rfc", "iso", "iso with zone"])
def test_only_rows_changed_since_are_shown(xero: Xero, form: str) -> None:
    xero.server.clock.set(START)
    xero.invoice(InvoiceNumber="old")
    xero.server.clock.advance(120)
    xero.invoice(InvoiceNumber="new")
    since = START + timedelta(seconds=60)
    header = {
        "rfc": format_datetime(since, usegmt=True),
        "iso": since.replace(tzinfo=None).isoformat(),
        "iso with zone": since.isoformat(),
    }[form]
    assert numbers(xero, If_Modified_Since=header) == ["new"]
    assert numbers(xero, If_Modified_Since=header, page=1) == ["new"]
    assert numbers(xero, If_Modified_Since=header, where='InvoiceNumber=="old"') == []


def test_changes_since_are_counted_by_the_whole_second(xero: Xero) -> None:
    xero.server.clock.set(START + timedelta(milliseconds=400))
    xero.invoice(InvoiceNumber="1")
    assert numbers(xero, If_Modified_Since="2026-11-10T09:00:00.900") == ["1"]
    assert numbers(xero, If_Modified_Since="2026-11-10T09:00:01") == []


def test_a_date_that_cannot_be_read_is_refused(xero: Xero) -> None:
    assert xero.call("GET", "/Invoices", If_Modified_Since="yesterday").status_code == 400


def test_a_payment_or_allocation_moves_its_invoice_into_the_changes(xero: Xero) -> None:
    xero.server.clock.set(START)
    client = xero.contact("Abe")
    paid = xero.invoice(InvoiceNumber="paid", Contact={"ContactID": client})
    credited = xero.invoice(InvoiceNumber="credited", Contact={"ContactID": client})
    note = xero.credit(client, 10)
    xero.server.clock.advance(60)
    xero.pay(paid, 1)
    xero.allocate(note, credited, 10)
    assert sorted(numbers(xero, If_Modified_Since="2026-11-10T09:00:30")) == ["credited", "paid"]


def test_a_deleted_payment_comes_among_the_changes(xero: Xero) -> None:
    xero.server.clock.set(START)
    payment = xero.pay(xero.invoice(), 1)
    xero.server.clock.advance(60)
    xero.post(f"/Payments/{payment['PaymentID']}", {"Status": "DELETED"})
    (row,) = xero.get("/Payments", If_Modified_Since="2026-11-10T09:00:30")["Payments"]
    assert (row["PaymentID"], row["Status"]) == (payment["PaymentID"], "DELETED")


def test_payments_are_found_by_invoice_reference_and_status(xero: Xero) -> None:
    made = xero.invoice()
    payment = xero.pay(made, 1, Reference="CLIO-A8801")
    xero.pay(xero.invoice(), 1)
    for where in (
        f'Invoice.InvoiceID==Guid("{made["InvoiceID"]}")',
        'Reference=="CLIO-A8801"',
        'Status=="AUTHORISED" AND Reference!=null',
    ):
        found = xero.get("/Payments?page=1&where=" + quote(where))["Payments"]
        assert [row["PaymentID"] for row in found] == [payment["PaymentID"]], where


def test_archived_contacts_are_left_out_unless_asked_for(xero: Xero) -> None:
    xero.contact("Abe")
    gone = xero.contact("Bea")
    xero.act("archive_contact", contact=gone)
    assert [row["Name"] for row in xero.get("/Contacts")["Contacts"]] == ["Abe"]
    everyone = xero.get("/Contacts?includeArchived=True")["Contacts"]
    assert [row["Name"] for row in everyone] == ["Abe", "Bea"]
    assert xero.get(f"/Contacts?IDs={gone}")["Contacts"] == []


def test_a_search_looks_at_names_numbers_and_email_addresses(xero: Xero) -> None:
    xero.contact("Abe", ContactNumber="CLIO-501")
    xero.contact("Bea", EmailAddress="bea@harrow.example")
    xero.contact("Cy", LastName="Harrow")
    assert [row["Name"] for row in xero.get("/Contacts?searchTerm=HARROW")["Contacts"]] == ["Bea", "Cy"]
    assert [row["Name"] for row in xero.get("/Contacts?searchTerm=clio-5")["Contacts"]] == ["Abe"]


def test_a_summary_of_contacts_drops_what_is_costly(xero: Xero) -> None:
    xero.contact("Abe")
    (row,) = xero.get("/Contacts?summaryOnly=True")["Contacts"]
    assert not {"Addresses", "ContactGroups", "ContactPersons", "IsCustomer", "IsSupplier"} & set(row)


def test_customers_and_suppliers_are_known_by_their_documents(xero: Xero) -> None:
    abe, bea = xero.contact("Abe"), xero.contact("Bea")
    xero.invoice(Contact={"ContactID": abe})
    xero.invoice(Contact={"ContactID": bea}, Type="ACCPAY")
    roles = {row["Name"]: (row["IsCustomer"], row["IsSupplier"]) for row in xero.get("/Contacts?page=1")["Contacts"]}
    assert roles == {"Abe": (True, False), "Bea": (False, True)}


def test_the_chart_has_these_accounts(xero: Xero) -> None:
    chart = {row.get("Code", ""): row for row in xero.get("/Accounts")["Accounts"]}
    banks = ["090", "091"]
    assert [code for code, row in chart.items() if row["Type"] == "BANK"] == banks
    assert {code: row["SystemAccount"] for code, row in chart.items() if "SystemAccount" in row} == {
        "610": "DEBTORS",
        "800": "CREDITORS",
        "820": "GST",
        "860": "ROUNDING",
    }
    revenue = [code for code, row in chart.items() if row["Class"] == "REVENUE" and row["Status"] == "ACTIVE"]
    assert revenue == ["", "200", "201", "210", "260"]
    assert [code for code, row in chart.items() if row["EnablePaymentsToAccount"]] == ["427"]
    assert [code for code, row in chart.items() if row["Status"] == "ARCHIVED"] == ["299"]
    active = xero.get("/Accounts?where=" + quote('Status=="ACTIVE" AND Class=="EXPENSE"'))["Accounts"]
    assert [row["Name"] for row in active] == ["Bank Fees", "Court Fees"]


def test_the_tax_rates_are_these(xero: Xero) -> None:
    rates = {row["TaxType"]: row for row in xero.get("/TaxRates")["TaxRates"]}
    assert {key: row["EffectiveRate"] for key, row in rates.items() if row["Status"] == "ACTIVE"} == {
        "NONE": 0.0,
        "TAX001": 13.0,
        "TAX002": 7.0,
        "TAX003": 20.0,
        "INPUT": 13.0,
    }
    assert [key for key, row in rates.items() if row["CanApplyToRevenue"]] == [
        "NONE",
        "TAX001",
        "TAX002",
        "TAX003",
        "TAX009",
    ]
    assert rates["TAX009"]["Status"] == "ARCHIVED"
