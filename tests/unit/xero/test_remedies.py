"""Xero's messages, as Xero prints them (X §6), and the words that people get."""

import pytest

from syncengine.xero.remedies import explain

CONTACT = [
    (
        (
            "The contact name Harbour Bakery is already assigned to another contact. The contact name must be unique"
            " across all active contacts."
        ),
        "contact_name_taken",
        "Harbour Bakery",
    ),
    (
        (
            "The specified contact details matched an archived contact. Archived contacts cannot currently be edited"
            " via the API."
        ),
        "contact_archived",
        "",
    ),
    ("The status 'ARCHIVED' is not valid for contacts", "contact_archived", ""),
    (
        "Another contact has this contact number. Please enter a different contact number.",
        "contact_number_taken",
        "",
    ),
    (
        (
            "The Contact must contain at least 1 of the following elements to identify the contact: Name, ContactID,"
            " ContactNumber"
        ),
        "contact_unnamed",
        "",
    ),
    ("Email address must be valid.", "email_invalid", ""),
    (
        "Additional people cannot be added when the primary person has no email address set.",
        "contact_people",
        "",
    ),
    ("The website address is invalid", "website_invalid", ""),
    ("The string '20100510' is not a valid AllXsd value.", "not_readable", ""),
]
INVOICE = [
    (
        (
            "The contact with the specified contact details has been archived. The contact must be un-archived before"
            " creating new invoices or credit notes."
        ),
        "contact_archived",
        "",
    ),
    ("Invoice # must be unique.", "invoice_number_taken", ""),
    ("The document DueDate field must be specified.", "due_date_missing", ""),
    ("Invoice not of valid status for modification", "not_modifiable", ""),
    ("Invoice not of valid status for creation", "not_creatable", ""),
    ("Invoice not of valid type for creation", "not_creatable", ""),
    (
        "This document cannot be edited as it has a payment or credit note allocated to it.",
        "paid_or_credited",
        "",
    ),
    (
        "The status VOIDED cannot be applied to the invoice because it has payments or credit notes allocated to it.",
        "paid_or_credited",
        "",
    ),
    ("To update fields on a paid invoice line item, you must supply a LineItemID", "line_ids_missing", ""),
    ("One or more line items must be specified", "lines_missing", ""),
    ("A Contact must be specified for this type of transaction", "contact_missing", ""),
    ("An existing Invoice with the specified InvoiceID could not be found", "invoice_gone", ""),
    ("The document with the supplied id was not found for this endpoint.", "invoice_gone", ""),
    ("The invoice total does not equal the sum of the lines.", "line_totals", ""),
    ("The line total 1.00 does not match the expected line total 100.00", "line_totals", ""),
    (
        "The discount rate '27.83' is invalid. Discount must not be greater than the line total.",
        "discount_invalid",
        "27.83",
    ),
    ("Account code '999' is not a valid code for this document.", "account_invalid", "999"),
    (
        "Account code '999' has been archived, or has been deleted. Each line item must reference a valid account.",
        "account_archived",
        "999",
    ),
    ("Account code or ID must be specified", "account_missing", ""),
    ("Account code must be specified", "account_missing", ""),
    ("Account must be valid.", "account_missing", ""),
    (
        "Account code '476' has been removed as it does not match a recognised account.",
        "account_removed",
        "476",
    ),
    (
        "The TaxType code TAX009 does not exist or cannot be used for this type of transaction.",
        "tax_invalid",
        "TAX009",
    ),
    ("The TaxType code 'INPUT2' cannot be used with account code '200'.", "tax_account_mismatch", "INPUT2"),
    ("The TaxType field is mandatory", "tax_invalid", ""),
    ("Tax rate must be valid.", "tax_invalid", ""),
    ("Organisation is not subscribed to currency USD", "currency_not_enabled", "USD"),
    ("The document date cannot be before the period lock date", "period_locked", ""),
    (
        "The document date cannot be before the end of year lock date, currently set at 31 March 2026",
        "period_locked",
        "",
    ),
    (
        "The document cannot be edited as it is currently dated before the end of year lock date",
        "period_locked",
        "",
    ),
    ("You have reached the limit of invoices you can approve", "plan_limit", ""),
    ("The line item quantity must not be less than zero", "line_amount_invalid", ""),
    ("The tax amount cannot be greater than the line amount", "line_amount_invalid", ""),
    (
        "Error converting value \"NO_TAX\" to type 'Xero.API.Library.LineAmountType'. Path 'Invoices[0].X'.",
        "not_readable",
        "",
    ),
]


@pytest.mark.parametrize(("message", "code", "cause"), CONTACT)
def test_a_contacts_message_has_plain_words_and_a_remedy(message: str, code: str, cause: str) -> None:
    found = explain([message], "contact")
    assert (found.code, found.cause) == (code, cause)
    assert found.remedy
    assert "{" not in found.message


@pytest.mark.parametrize(("message", "code", "cause"), INVOICE)
def test_an_invoices_message_has_plain_words_and_a_remedy(message: str, code: str, cause: str) -> None:
    found = explain([message], "invoice")
    assert (found.code, found.cause) == (code, cause)
    assert found.remedy
    assert "{" not in found.message


def test_a_taken_name_is_told_in_the_words_that_firms_know() -> None:
    message = "The contact name Harbour Bakery is already assigned to another contact. The contact name must be unique"
    found = explain([message], "contact")
    assert found.message == "The contact Harbour Bakery is already assigned to another contact."


def test_an_unknown_message_is_shown_as_it_is() -> None:
    found = explain(["The moon is full.", "So is the ledger."], "invoice")
    assert found.code == "xero_refused"
    assert "The moon is full. So is the ledger." in found.message


def test_a_message_that_this_kind_cannot_meet_is_not_explained_by_a_row_of_another_kind() -> None:
    assert explain(["Invoice # must be unique."], "contact").code == "xero_refused"


def test_no_reason_is_said_to_be_none() -> None:
    assert "no reason" in explain([], "invoice").message


def test_a_known_message_among_unknown_ones_is_found() -> None:
    assert explain(["Something new.", "Invoice # must be unique."], "invoice").code == "invoice_number_taken"
