"""Xero's messages about payments, credit notes, allocations and spend money, as Xero prints them (X §6, peers §5)."""

import re

import pytest

from syncengine.xero.remedies import ROWS, explain, steps_of
from syncengine.xero.remedies.row import EVERYTHING

PAYMENT = [
    ("Payment amount exceeds the amount outstanding on this document", "payment_too_large"),
    ("Payments can only be made against Authorised documents", "payment_not_authorised"),
    ("Payment not of valid status for modification", "payment_not_modifiable"),
    ("Payments cannot be modified, only created and deleted.", "payment_not_modifiable"),
    ("Account could not be found", "bank_account_invalid"),
    ("The specified bank account details do not match a bank account", "bank_account_invalid"),
    ("There is no linked bank account", "bank_account_invalid"),
    ("Account type is invalid for making a payment to/from", "bank_account_type"),
    ("Payments within a batch cannot be deleted.", "payment_in_batch"),
    ("Bank accounts must use the same currency as the organisations base currency", "bank_currency"),
    ("This Payment cannot be deleted as it has been reconciled with a Bank Statement.", "payment_reconciled"),
    ("Payment amounts must be positive amounts", "payment_amount_invalid"),
    ("An existing Invoice with the specified InvoiceID could not be found", "invoice_gone"),
    ("The document with the supplied id was not found for this endpoint.", "invoice_gone"),
    ("The document date cannot be before the period lock date, currently set at 31 March 2026", "period_locked"),
]
CREDIT_NOTE = [
    ("Credit Note # must be unique.", "credit_note_number_taken"),
    ("Credit Note not of valid status for modification", "not_modifiable"),
    ("CreditNote not of valid type for creation", "not_creatable"),
    ("An existing Credit Note with the specified CreditNoteID could not be found", "credit_note_gone"),
    (
        (
            "The status VOIDED cannot be applied to the credit note because it has payments or credit notes allocated"
            " to it."
        ),
        "paid_or_credited",
    ),
    ("Account code '999' is not a valid code for this document.", "account_invalid"),
    ("The TaxType code 'INPUT2' cannot be used with account code '200'.", "tax_account_mismatch"),
    (
        (
            "The contact with the specified contact details has been archived. The contact must be un-archived before"
            " creating new invoices or credit notes."
        ),
        "contact_archived",
    ),
    ("You have reached the limit of invoices you can approve", "plan_limit"),
]
ALLOCATION = [
    ("The invoice you are trying to allocate to has already been paid off", "invoice_paid_off"),
    ("Credit Note cannot be allocated as amount is greater than amount outstanding", "credit_too_large"),
    ("Credit Note cannot be allocated to an incorrect invoice type", "credit_not_allocatable"),
    ("Credit Note cannot be allocated to an invoice of another contact", "credit_contact_differs"),
    ("Credit Note cannot be allocated to an invoice in another currency", "credit_currency_differs"),
    ("Allocation amounts must be positive amounts", "allocation_amount_invalid"),
    ("An existing Credit Note with the specified CreditNoteID could not be found", "credit_note_gone"),
    ("The document date cannot be before the end of year lock date, currently set at 31 March 2026", "period_locked"),
]
SPEND_MONEY = [
    ("This Bank Transaction cannot be edited as it has been reconciled with a Bank Statement.", "reconciled"),
    ("Spend money transactions cannot be updated", "reconciled"),
    ("Bank Transaction not of valid status for modification", "not_modifiable"),
    ("Account could not be found", "bank_account_invalid"),
    ("A bank account must be specified for this type of transaction", "bank_account_invalid"),
    ("The specified bank account must be an account of type BANK", "bank_account_invalid"),
    ("The total of a bank transaction must be greater than zero", "amount_invalid"),
    ("The line item unit amount must not be zero", "amount_invalid"),
    (
        "Account code '429' has been archived, or has been deleted. Each line item must reference a valid account.",
        "account_archived",
    ),
    ("Sorry this was created by Xero Expenses and can't be modified via the API", "made_by_xero_expenses"),
    ("The document cannot be edited as it is currently dated before the end of year lock date", "period_locked"),
]
ANY = [
    ("The string '20100510' is not a valid AllXsd value.", "not_readable"),
    ("The field Reference must be a string with a maximum length of 255.", "text_too_long"),
    ("TokenExpired: token expired at 01/01/2001 00:00:00", "login_ended"),
    ("AuthenticationUnsuccessful", "login_ended"),
    ("invalid_grant", "login_ended"),
    ("insufficent_scope", "login_ended"),
    ("insufficient_scope", "login_ended"),
    ("The Xero API is temporarily unavailable", "xero_busy"),
    ("The Xero API is currently offline for maintenance", "xero_busy"),
    ("The Organisation is offline", "xero_busy"),
    ("Please enter a unique Name.", "name_or_code_taken"),
    ("Price List Item with Code 'abc' already exists", "name_or_code_taken"),
]


def check(message: str, kind: str, code: str) -> None:
    found = explain([message], kind)
    assert found.code == code
    assert found.steps
    assert not re.search(r"[{}]", found.message + found.remedy)


@pytest.mark.parametrize(("message", "code"), PAYMENT)
def test_a_payments_message_has_plain_words_and_steps(message: str, code: str) -> None:
    check(message, "payment", code)


@pytest.mark.parametrize(("message", "code"), CREDIT_NOTE)
def test_a_credit_notes_message_has_plain_words_and_steps(message: str, code: str) -> None:
    check(message, "credit_note", code)


@pytest.mark.parametrize(("message", "code"), ALLOCATION)
def test_an_allocations_message_has_plain_words_and_steps(message: str, code: str) -> None:
    check(message, "allocation", code)


@pytest.mark.parametrize(("message", "code"), SPEND_MONEY)
def test_a_spend_money_message_has_plain_words_and_steps(message: str, code: str) -> None:
    check(message, "spend_money", code)


@pytest.mark.parametrize("kind", sorted(EVERYTHING))
@pytest.mark.parametrize(("message", "code"), ANY)
def test_what_every_kind_can_meet_is_told_for_every_kind(message: str, code: str, kind: str) -> None:
    check(message, kind, code)


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("Only AUTHORISED invoices may have SentToContact updated.", "sent_to_contact"),
        ("Invoices for contacts with no email address assigned cannot be emailed", "email_not_sent"),
        ("Draft, voided or deleted invoices cannot be emailed", "email_not_sent"),
        ("The tracking category or option 'Region' could not be found.", "tracking_unknown"),
        ("An existing Contact with the specified ContactID could not be found", "contact_gone"),
    ],
)
def test_further_messages_about_invoices(message: str, code: str) -> None:
    check(message, "invoice", code)


def test_an_invoice_for_interest_is_told_as_an_invoice() -> None:
    assert explain(["Invoice # must be unique."], "interest").code == "invoice_number_taken"


def test_words_name_what_the_record_is() -> None:
    locked = "The document date cannot be before the period lock date"
    assert explain([locked], "payment").message == "The payment is dated in a period that is locked in Xero."
    assert explain([locked], "invoice").message == "The bill is dated in a period that is locked in Xero."
    assert explain([locked], "spend_money").message == "The hard cost is dated in a period that is locked in Xero."


def test_what_a_message_names_is_never_taken_for_a_placeholder() -> None:
    taken = "The contact name {thing} is already assigned to another contact."
    assert explain([taken], "contact").message == "The contact {thing} is already assigned to another contact."


def test_a_remedy_comes_apart_into_its_steps() -> None:
    found = explain(["Payment amount exceeds the amount outstanding on this document"], "payment")
    assert steps_of(found.remedy) == found.steps
    assert steps_of("") == ()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.code)
def test_every_step_is_one_sentence(row: object) -> None:
    steps = row.steps  # type: ignore[attr-defined]
    assert steps_of(" ".join(steps)) == steps
