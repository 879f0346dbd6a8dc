"""Lines of the stand-in Xero's invoices: sums, accounts, tax types, tracking."""

import pytest

from tests.support.xero_stand_in import Json, Xero, line


def made_with(xero: Xero, path: str = "/Invoices?unitdp=4", **fields: object) -> Json:
    """The invoice of one such line."""
    return xero.put(path, xero.invoice_body(LineItems=[line(**fields)]))


def refused(xero: Xero, path: str = "/Invoices", **fields: object) -> list[str]:
    """The messages for an invoice of one such line."""
    return xero.refusal("PUT", path, xero.invoice_body(LineItems=[line(**fields)]))


def test_unit_prices_have_two_decimals_and_four_with_unitdp_on_writes_and_reads(xero: Xero) -> None:
    two = made_with(xero, "/Invoices", Quantity=100, UnitAmount=0.1651)
    assert (two["LineItems"][0]["UnitAmount"], two["Total"]) == (0.17, 17.0)
    four = made_with(xero, "/Invoices?unitdp=4", Quantity=100, UnitAmount=0.1651)
    assert (four["LineItems"][0]["UnitAmount"], four["Total"]) == (0.1651, 16.51)
    path = f"/Invoices/{four['InvoiceID']}"
    assert xero.get(path)["Invoices"][0]["LineItems"][0]["UnitAmount"] == 0.17
    assert xero.get(f"{path}?unitdp=4")["Invoices"][0]["LineItems"][0]["UnitAmount"] == 0.1651


def test_a_line_amount_that_is_not_quantity_times_price_is_refused(xero: Xero) -> None:
    message = "The line total 1.00 does not match the expected line total 100.00"
    assert refused(xero, Quantity=1, UnitAmount=100, LineAmount=1) == [message]
    assert made_with(xero, Quantity=3, UnitAmount=33.335, LineAmount=100.01)["Total"] == 100.01


def test_a_line_amount_stands_in_for_a_missing_price(xero: Xero) -> None:
    assert made_with(xero, Quantity=4, UnitAmount=None, LineAmount=100)["LineItems"][0]["UnitAmount"] == 25.0


def test_tax_is_rounded_on_each_line_and_then_summed(xero: Xero) -> None:
    amounts = (25.06, 25.61, 25.63)
    lines = [line(Quantity=1, UnitAmount=amount, TaxType="TAX001") for amount in amounts]
    made = xero.invoice(LineItems=lines)
    assert [held["TaxAmount"] for held in made["LineItems"]] == [3.26, 3.33, 3.33]
    assert (made["SubTotal"], made["TotalTax"], made["Total"]) == (76.3, 9.92, 86.22)


def test_inclusive_amounts_hold_their_tax(xero: Xero) -> None:
    body = xero.invoice_body(LineAmountTypes="Inclusive", LineItems=[line(Quantity=1, UnitAmount=89, TaxType="TAX001")])
    made = xero.put("/Invoices", body)
    assert (made["SubTotal"], made["TotalTax"], made["Total"]) == (78.76, 10.24, 89.0)


def test_no_tax_means_no_tax_whatever_the_lines_say(xero: Xero) -> None:
    body = xero.invoice_body(LineAmountTypes="NoTax", LineItems=[line(TaxType="TAX001", TaxAmount=5)])
    made = xero.put("/Invoices", body)
    assert (made["TotalTax"], made["Total"], made["LineItems"][0]["TaxType"]) == (0.0, 300.0, "NONE")


def test_a_tax_amount_that_is_sent_is_taken_even_when_it_is_not_the_rates(xero: Xero) -> None:
    made = made_with(xero, Quantity=1, UnitAmount=100, TaxType="TAX001", TaxAmount=13.01)
    assert (made["TotalTax"], made["Total"]) == (13.01, 113.01)


@pytest.mark.parametrize(("tax_type", "tax"), [("TAX001", 39.0), ("TAX002", 21.0), ("TAX003", 60.0), ("NONE", 0.0)])
def test_each_rate_of_the_organisation_taxes_300(xero: Xero, tax_type: str, tax: float) -> None:
    assert made_with(xero, TaxType=tax_type)["TotalTax"] == tax


def test_an_account_is_named_by_code_or_by_id(xero: Xero) -> None:
    accounts = {row["Code"]: row["AccountID"] for row in xero.get("/Accounts")["Accounts"] if "Code" in row}
    made = made_with(xero, AccountCode=None, AccountID=accounts["260"])
    assert (made["LineItems"][0]["AccountCode"], made["LineItems"][0]["AccountID"]) == ("260", accounts["260"])


@pytest.mark.parametrize("code", ["999", "090", "610", "800", "820"])
def test_an_unknown_bank_or_system_account_takes_no_line(xero: Xero, code: str) -> None:
    assert refused(xero, AccountCode=code) == [f"Account code '{code}' is not a valid code for this document."]


def test_the_rounding_account_takes_lines(xero: Xero) -> None:
    assert made_with(xero, AccountCode="860", Quantity=1, UnitAmount=0.01)["Total"] == 0.01


def test_an_archived_account_takes_no_line(xero: Xero) -> None:
    message = (
        "Account code '299' has been archived, or has been deleted. Each line item must reference a valid account."
    )
    assert refused(xero, AccountCode="299") == [message]
    xero.act("activate_account", account="299")
    assert made_with(xero, AccountCode="299")["Total"] == 300.0


def test_an_approved_line_needs_an_account_and_a_draft_loses_an_unknown_one_with_a_warning(xero: Xero) -> None:
    assert refused(xero, AccountCode=None) == ["Account code or ID must be specified"]
    body = xero.invoice_body(Status="DRAFT", LineItems=[line(AccountCode="476")])
    made = xero.put("/Invoices?summarizeErrors=false", body)
    assert made["StatusAttributeString"] == "WARNING"
    message = "Account code '476' has been removed as it does not match a recognised account."
    assert made["Warnings"] == [{"Message": message}]
    approve = {"InvoiceID": made["InvoiceID"], "Status": "AUTHORISED"}
    assert xero.refusal("POST", "/Invoices", approve) == ["Account code or ID must be specified"]


@pytest.mark.parametrize("tax_type", ["HST on Sales", "TAX777", "TAX009"])
def test_a_tax_type_that_is_unknown_archived_or_a_name_is_refused_with_two_messages(xero: Xero, tax_type: str) -> None:
    assert refused(xero, TaxType=tax_type) == [
        f"The TaxType code {tax_type} does not exist or cannot be used for this type of transaction.",
        f"The TaxType code '{tax_type}' cannot be used with account code '201'.",
    ]


@pytest.mark.parametrize(("tax_type", "code"), [("INPUT", "201"), ("TAX001", "426"), ("TAX002", "404")])
def test_a_tax_type_must_suit_the_class_of_the_account(xero: Xero, tax_type: str, code: str) -> None:
    message = f"The TaxType code '{tax_type}' cannot be used with account code '{code}'."
    assert refused(xero, TaxType=tax_type, AccountCode=code) == [message]


def test_a_sales_tax_suits_an_asset_account(xero: Xero) -> None:
    assert made_with(xero, TaxType="TAX001", AccountCode="427")["TotalTax"] == 39.0


def test_every_message_of_every_line_is_told_once(xero: Xero) -> None:
    bad = [line(AccountCode="999"), line(AccountCode="998"), line(AccountCode="999", TaxType="INPUT")]
    refused_ = xero.refusal("PUT", "/Invoices", xero.invoice_body(LineItems=bad, DueDate=None))
    assert refused_ == [
        "Account code '999' is not a valid code for this document.",
        "Account code '998' is not a valid code for this document.",
        "The document DueDate field must be specified.",
    ]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"Quantity": -1}, "The line item quantity must not be less than zero."),
        ({"Description": "x" * 4001}, "The field Description must be a string with a maximum length of 4000."),
        ({"Description": None}, "The line item description must be specified."),
        ({"UnitAmount": 9999999999}, "The line total must not be more than 9,999,999,999.99."),
        (
            {"DiscountAmount": 300.01},
            "The discount rate '300.01' is invalid. Discount must not be greater than the line total.",
        ),
        ({"Tracking": [{"Name": "Office", "Option": "Paris"}]}, "The tracking category or option 'Paris' "),
    ],
)
def test_a_line_that_breaks_a_rule_is_refused(xero: Xero, fields: Json, message: str) -> None:
    said, *_ = refused(xero, **fields)
    assert said.startswith(message)


def test_a_discount_comes_off_a_sales_line(xero: Xero) -> None:
    assert made_with(xero, DiscountRate=10)["Total"] == 270.0
    assert made_with(xero, DiscountAmount=50)["Total"] == 250.0


def test_a_supplier_bill_takes_no_discount(xero: Xero) -> None:
    assert xero.invoice(Type="ACCPAY", LineItems=[line(AccountCode="426", DiscountRate=10)])["Total"] == 300.0


def test_tracking_is_named_and_shown_with_its_ids(xero: Xero) -> None:
    made = made_with(xero, Tracking=[{"Name": "Office", "Option": "Ottawa"}])
    (shown,) = made["LineItems"][0]["Tracking"]
    assert (shown["Name"], shown["Option"]) == ("Office", "Ottawa")
    (office,) = (row for row in xero.get("/TrackingCategories")["TrackingCategories"] if row["Name"] == "Office")
    assert shown["TrackingCategoryID"] == office["TrackingCategoryID"]
    named = {option["Name"]: option["TrackingOptionID"] for option in office["Options"]}
    assert shown["TrackingOptionID"] == named["Ottawa"]


def test_an_account_that_lost_its_code_is_shown_by_its_id(xero: Xero) -> None:
    made = xero.invoice()
    xero.act("remove_account_code", account="201")
    (held,) = xero.read(made)["LineItems"]
    assert "AccountCode" not in held
    assert held["AccountID"] == made["LineItems"][0]["AccountID"]
