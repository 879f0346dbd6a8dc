"""Invoices of the stand-in Xero: making them, their numbers, statuses and lines."""

import pytest

from tests.support.xero_stand_in import Json, Xero, line

UNIQUE = ["Invoice # must be unique."]
STATUS = ["Invoice not of valid status for modification"]


def test_a_new_invoice_is_filled_in_from_its_accounts(xero: Xero) -> None:
    bare = {"Description": "Drafting", "Quantity": 2, "UnitAmount": 10.5, "AccountCode": "201"}
    made = xero.invoice(LineItems=[bare])
    (held,) = made["LineItems"]
    assert (held["LineAmount"], held["TaxType"], held["TaxAmount"]) == (21.0, "TAX001", 2.73)
    assert held["LineItemID"]
    assert held["AccountID"]
    assert [made[name] for name in ("Payments", "CreditNotes", "Prepayments", "Overpayments")] == [[], [], [], []]
    assert (made["LineAmountTypes"], made["CurrencyCode"], made["CurrencyRate"]) == ("Exclusive", "CAD", 1.0)
    assert (made["SubTotal"], made["TotalTax"], made["Total"]) == (21.0, 2.73, 23.73)
    assert (made["AmountDue"], made["AmountPaid"], made["AmountCredited"]) == (23.73, 0.0, 0.0)


def test_a_contact_inside_an_invoice_has_no_email(xero: Xero) -> None:
    held = xero.contact("Abe", EmailAddress="abe@abe.example")
    contact = xero.invoice(Contact={"ContactID": held})["Contact"]
    assert (contact["ContactID"], contact["Name"]) == (held, "Abe")
    assert "EmailAddress" not in contact


def test_an_invoice_is_a_draft_unless_told_otherwise_and_a_draft_needs_no_due_date(xero: Xero) -> None:
    made = xero.put("/Invoices", {"Type": "ACCREC", "Contact": {"Name": "Abe"}, "LineItems": [line()]})
    assert made["Status"] == "DRAFT"
    assert "DueDate" not in made


def test_an_approved_invoice_needs_a_due_date(xero: Xero) -> None:
    due = ["The document DueDate field must be specified."]
    assert xero.refusal("PUT", "/Invoices", xero.invoice_body(DueDate=None)) == due
    draft = xero.put("/Invoices", xero.invoice_body(DueDate=None, Status="DRAFT"))
    approve = {"InvoiceID": draft["InvoiceID"], "Status": "AUTHORISED"}
    assert xero.refusal("POST", "/Invoices", approve) == due
    assert xero.post("/Invoices", {**approve, "DueDate": "2026-12-01"})["Status"] == "AUTHORISED"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"Type": "SALE"}, "Invoice not of valid type for creation"),
        ({"Type": None}, "Invoice not of valid type for creation"),
        ({"Status": "PAID"}, "Invoice not of valid status for creation"),
        ({"Status": "VOIDED"}, "Invoice not of valid status for creation"),
        ({"LineItems": None}, "One or more line items must be specified"),
        ({"Contact": {}}, "The Contact must contain at least 1 of the following elements to identify the contact: "),
        ({"CurrencyCode": "EUR"}, "Organisation is not subscribed to currency EUR"),
        ({"Total": 299.99}, "The invoice total does not equal the sum of the lines."),
        ({"Reference": "x" * 256}, "The field Reference must be a string with a maximum length of 255."),
        ({"InvoiceNumber": "x" * 256}, "The field InvoiceNumber must be a string with a maximum length of 255."),
    ],
)
def test_a_new_invoice_that_breaks_a_rule_is_refused(xero: Xero, changes: Json, message: str) -> None:
    (said,) = xero.refusal("PUT", "/Invoices", xero.invoice_body(**changes))
    assert said.startswith(message)


def test_an_invoice_without_a_contact_is_refused(xero: Xero) -> None:
    body = xero.invoice_body()
    del body["Contact"]
    refused = xero.refusal("PUT", "/Invoices", body)
    assert refused == ["A Contact must be specified for this type of transaction"]


def test_sales_without_a_number_are_numbered_and_supplier_bills_are_not(xero: Xero) -> None:
    xero.invoice(InvoiceNumber="inv-0002")
    assert [xero.invoice()["InvoiceNumber"] for _ in range(2)] == ["INV-0001", "INV-0003"]
    assert xero.invoice(Type="ACCPAY")["InvoiceNumber"] == ""


def test_a_sales_number_is_unique_whatever_its_case_and_a_supplier_bills_is_not(xero: Xero) -> None:
    xero.invoice(InvoiceNumber="MAT-0042")
    assert xero.refusal("PUT", "/Invoices", xero.invoice_body(InvoiceNumber="mat-0042")) == UNIQUE
    for _ in range(2):
        assert xero.invoice(Type="ACCPAY", InvoiceNumber="MAT-0042")["InvoiceNumber"] == "MAT-0042"


@pytest.mark.parametrize(("born", "ended"), [("AUTHORISED", "VOIDED"), ("DRAFT", "DELETED")])
def test_a_voided_or_deleted_invoice_keeps_its_number_unless_the_switch_says_otherwise(
    xero: Xero, born: str, ended: str
) -> None:
    made = xero.invoice(InvoiceNumber="1042", Status=born)
    xero.post("/Invoices", {"InvoiceID": made["InvoiceID"], "Status": ended})
    assert xero.refusal("PUT", "/Invoices", xero.invoice_body(InvoiceNumber="1042")) == UNIQUE
    assert xero.refusal("POST", "/Invoices", xero.invoice_body(InvoiceNumber="1042")) == STATUS
    xero.act("set_limits", voided_numbers_held=False)
    assert xero.invoice(InvoiceNumber="1042")["InvoiceID"] != made["InvoiceID"]


def test_post_with_a_number_that_is_there_changes_that_invoice(xero: Xero) -> None:
    made = xero.invoice(InvoiceNumber="1042")
    changed = xero.post("/Invoices", xero.invoice_body(InvoiceNumber="1042", Reference="overwritten"))
    assert (changed["InvoiceID"], changed["Reference"]) == (made["InvoiceID"], "overwritten")


def test_a_change_names_an_invoice_that_is_there(xero: Xero) -> None:
    nobody = "5d1c3f0e-5d0a-4b44-9a2e-2a3b1c8a9d11"
    refused = xero.refusal("POST", "/Invoices", {"InvoiceID": nobody, "Reference": "x"})
    assert refused == ["An existing Invoice with the specified InvoiceID could not be found"]
    assert xero.call("POST", f"/Invoices/{nobody}", {"Reference": "x"}).status_code == 404


@pytest.mark.parametrize(
    ("before", "wanted"),
    [
        ("DRAFT", "DRAFT"),
        ("DRAFT", "SUBMITTED"),
        ("DRAFT", "AUTHORISED"),
        ("DRAFT", "DELETED"),
        ("SUBMITTED", "DRAFT"),
        ("SUBMITTED", "AUTHORISED"),
        ("SUBMITTED", "DELETED"),
        ("AUTHORISED", "AUTHORISED"),
        ("AUTHORISED", "VOIDED"),
    ],
)
def test_a_status_may_become(xero: Xero, before: str, wanted: str) -> None:
    made = xero.invoice(Status=before)
    changed = xero.post(f"/Invoices/{made['InvoiceID']}", {"Status": wanted})
    assert changed["Status"] == wanted


@pytest.mark.parametrize(
    ("before", "wanted"),
    [
        ("DRAFT", "VOIDED"),
        ("DRAFT", "PAID"),
        ("AUTHORISED", "DELETED"),
        ("AUTHORISED", "DRAFT"),
        ("AUTHORISED", "SUBMITTED"),
        ("AUTHORISED", "PAID"),
    ],
)
def test_a_status_may_not_become(xero: Xero, before: str, wanted: str) -> None:
    made = xero.invoice(Status=before)
    refused = xero.refusal("POST", "/Invoices", {"InvoiceID": made["InvoiceID"], "Status": wanted})
    assert refused == STATUS


@pytest.mark.parametrize(("born", "ended"), [("AUTHORISED", "VOIDED"), ("DRAFT", "DELETED")])
def test_what_is_voided_or_deleted_is_never_changed_again(xero: Xero, born: str, ended: str) -> None:
    made = xero.invoice(Status=born)
    xero.post("/Invoices", {"InvoiceID": made["InvoiceID"], "Status": ended})
    for change in ({"Reference": "x"}, {"Status": born}, {"Status": ended}):
        assert xero.refusal("POST", "/Invoices", {"InvoiceID": made["InvoiceID"], **change}) == STATUS


def test_the_answer_to_voiding_still_shows_what_was_due_and_a_later_read_shows_nothing(xero: Xero) -> None:
    made = xero.invoice()
    voided = xero.post(f"/Invoices/{made['InvoiceID']}", {"Status": "VOIDED"})
    assert (voided["Status"], voided["AmountDue"]) == ("VOIDED", 300.0)
    assert xero.read(made)["AmountDue"] == 0.0


def test_an_invoice_for_nothing_is_paid_at_once_and_can_still_be_changed(xero: Xero) -> None:
    made = xero.invoice(LineItems=[line(UnitAmount=0)])
    assert (made["Status"], made["FullyPaidOnDate"]) == ("PAID", "/Date(1793577600000+0000)/")
    changed = xero.post("/Invoices", {"InvoiceID": made["InvoiceID"], "LineItems": [line()]})
    assert (changed["Status"], changed["AmountDue"]) == ("AUTHORISED", 300.0)
    assert "FullyPaidOnDate" not in changed


def test_negative_lines_are_allowed_while_the_total_is_not_negative(xero: Xero) -> None:
    discount = line(Description="Discount", Quantity=1, UnitAmount=-300.0)
    assert xero.invoice(LineItems=[line(), line(), discount])["Total"] == 300.0
    refused = xero.refusal("PUT", "/Invoices", xero.invoice_body(LineItems=[line(), discount, discount]))
    assert refused == ["The document total must not be less than zero."]


def test_a_line_of_text_alone_is_allowed_but_an_invoice_of_nothing_is_not(xero: Xero) -> None:
    made = xero.invoice(LineItems=[line(), {"Description": "Telephone call, no charge"}])
    assert made["Total"] == 300.0
    text = made["LineItems"][1]
    assert text["Description"] == "Telephone call, no charge"
    assert "AccountCode" not in text
    assert "Quantity" not in text


def test_the_url_reference_and_due_date_are_kept_and_only_sales_have_a_reference(xero: Xero) -> None:
    made = xero.read(xero.invoice(Url="https://clio.example/bills/9001", Reference="00012-Harrow"))
    assert (made["Url"], made["Reference"]) == ("https://clio.example/bills/9001", "00012-Harrow")
    assert "Reference" not in xero.invoice(Type="ACCPAY", Reference="x")


def test_foreign_currency_is_taken_where_it_is_switched_on(xero: Xero) -> None:
    made = xero.invoice(CurrencyCode="USD")
    assert (made["CurrencyCode"], made["CurrencyRate"]) == ("USD", 0.73)
    xero.act("disable_currency", code="USD")
    refused = xero.refusal("PUT", "/Invoices", xero.invoice_body(CurrencyCode="USD"))
    assert refused == ["Organisation is not subscribed to currency USD"]


def test_the_plan_limits_how_many_sales_are_approved_in_the_month_of_their_date(xero: Xero) -> None:
    xero.act("set_limits", approved_per_month=2)
    first, _ = xero.invoice(), xero.invoice()
    limit = ["You have reached the limit of invoices you can approve"]
    assert xero.refusal("PUT", "/Invoices", xero.invoice_body()) == limit
    assert xero.invoice(Date="2026-12-01")["Status"] == "AUTHORISED"
    assert xero.invoice(Type="ACCPAY")["Status"] == "AUTHORISED"
    draft = xero.invoice(Status="DRAFT")
    assert xero.refusal("POST", "/Invoices", {"InvoiceID": draft["InvoiceID"], "Status": "AUTHORISED"}) == limit
    assert xero.post("/Invoices", {"InvoiceID": first["InvoiceID"], "Reference": "x"})["Reference"] == "x"


def test_history_tells_what_happened_and_takes_notes(xero: Xero) -> None:
    made = xero.invoice()
    path = f"/Invoices/{made['InvoiceID']}/History"
    answer = xero.call("PUT", path, {"HistoryRecords": [{"Details": "Sent by ClioXero"}]}).json()
    (note,) = answer["HistoryRecords"]
    assert sorted(note) == ["DateUTC", "DateUTCString", "Details", "ValidationErrors"]
    assert [row["Changes"] for row in xero.get(path)["HistoryRecords"]] == ["Note", "Created"]
    assert xero.call("PUT", path, {"HistoryRecords": [{"Details": "x" * 2501}]}).status_code == 400
