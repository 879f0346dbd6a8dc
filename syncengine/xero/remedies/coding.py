"""Xero's messages about accounts, tax rates, currencies, periods and what is not a record's own (X 6.20 to 6.24, 6.32).

Where something is chosen on a settings page, the page of sync errors offers that choice on the row itself.
"""

from typing import Final

from syncengine.xero.remedies.row import DOCUMENTS, EVERYTHING, INVOICE, MONEY, PAYMENT, SPEND_MONEY, Row

_CHOOSE: Final = "Choose another account on the Xero settings page."

ROWS: Final = (
    Row(
        "account_archived",
        r"Account code '(?P<what>[^']*)' has been archived, or has been deleted",
        "The account {what} was archived or deleted in Xero.",
        (_CHOOSE, "Or restore the account in Xero."),
        DOCUMENTS,
    ),
    Row(
        "account_invalid",
        r"Account code '(?P<what>[^']*)' is not a valid code",
        "Xero does not accept the account {what} on this document.",
        (_CHOOSE,),
        DOCUMENTS,
    ),
    Row(
        "account_removed",
        r"Account code '(?P<what>[^']*)' has been removed as it does not match a recognised account",
        "The account {what} does not exist in Xero, so Xero left it out of the draft.",
        (_CHOOSE, "Or set the account of the draft's line in Xero."),
        DOCUMENTS,
    ),
    Row(
        "account_missing",
        r"Account code (or ID )?must be specified|Account must be valid",
        "A line has no account that Xero takes.",
        ("Choose the accounts on the Xero settings page.",),
        DOCUMENTS,
    ),
    Row(
        "bank_account_invalid",
        r"Account could not be found|specified bank account details do not match|no linked bank account"
        r"|bank account must be specified|must be an account of type BANK",
        "The bank account was archived in Xero, lost its code, or is no bank account any more.",
        ("Choose another bank account on the Xero settings page.", "Or restore the account in Xero, with its code."),
        PAYMENT | SPEND_MONEY,
    ),
    Row(
        "bank_account_type",
        r"Account type is invalid for making a payment",
        "Xero does not take payments on the account that is chosen.",
        (
            "Choose a bank account on the Xero settings page.",
            "Or switch on “Enable payments to this account” for it in Xero.",
        ),
        PAYMENT,
    ),
    Row(
        "bank_currency",
        r"Bank accounts must use the same currency",
        "The bank account is in another currency than Xero takes for this.",
        ("Choose a bank account of that currency on the Xero settings page.",),
        MONEY,
    ),
    Row(
        "tax_account_mismatch",
        r"The TaxType code '?(?P<what>[^' ]+)'? cannot be used with account code",
        "The tax rate {what} cannot be used with the account of a line.",
        (
            "Choose another tax rate or account on the Xero settings page.",
            "Allow the tax rate on that account in Xero.",
        ),
        DOCUMENTS,
    ),
    Row(
        "tax_invalid",
        r"The TaxType code '?(?P<what>[^' ]+)'? does not exist|Tax rate must be valid|TaxType field is mandatory",
        "A tax rate of this {thing} does not exist in Xero, or cannot be used for it.",
        ("Choose the tax rates on the Xero settings page anew.",),
        DOCUMENTS,
    ),
    Row(
        "currency_not_enabled",
        r"not subscribed to currency (?P<what>\w+)",
        "The currency {what} is not switched on in Xero.",
        ("Add the currency in Xero under Settings, Currencies.",),
        INVOICE | MONEY,
    ),
    Row(
        "period_locked",
        r"lock date",
        "The {thing} is dated in a period that is locked in Xero.",
        ("Ask the adviser to move the lock date in Xero.", "Change the date of the {thing} in Clio."),
        INVOICE | MONEY,
    ),
    Row(
        "made_by_xero_expenses",
        r"created by Xero Expenses and can't be modified",
        "This was entered through Xero Expenses, which only people in Xero can change.",
        ("Change it in Xero by hand.", "Ignore it."),
        SPEND_MONEY | INVOICE,
    ),
    Row(
        "name_or_code_taken",
        r"Please enter a unique (Name|Code)|Price List Item with Code '(?P<what>[^']*)' already exists",
        "Xero already has something of that name or code.",
        ("Rename the other one in Xero, then try again.",),
        EVERYTHING,
    ),
    Row(
        "text_too_long",
        r"The field (?P<what>\w+) must be a string with a maximum length of \d+",
        "The field {what} is longer than Xero takes.",
        ("Shorten it in Clio.",),
        EVERYTHING,
    ),
    Row(
        "not_readable",
        r"Error converting value|is not a valid AllXsd value",
        "Xero could not read a field of this record.",
        ("Look in Xero's own words for the field, and correct it in Clio.",),
        EVERYTHING,
    ),
    Row(
        "login_ended",
        r"TokenExpired|AuthenticationUnsuccessful|invalid_grant|invalid_client|insuffici?ent_scope|^unauthori[sz]ed",
        "Xero no longer accepts the login that connects this firm.",
        ("An admin reconnects Xero under Connections.",),
        EVERYTHING,
    ),
    Row(
        "xero_busy",
        r"rate limit|temporarily unavailable|offline for maintenance|Organisation is offline",
        "Xero takes nothing in at the moment.",
        ("Nothing: it is tried again by itself.",),
        EVERYTHING,
    ),
)
