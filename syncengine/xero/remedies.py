"""Xero's messages in plain words, with what to do: a table that is closed by default.

An unknown message is shown as it is, never swallowed (BEHAVIOUR §10). Adding a known one is a row and a test with the
message as Xero writes it (X §6).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Explanation:
    """A problem in plain words. `cause` is what records with the same problem have in common, if anything."""

    code: str
    message: str
    remedy: str
    cause: str = ""


@dataclass(frozen=True, slots=True)
class _Row:
    code: str
    pattern: str
    message: str
    remedy: str
    kinds: frozenset[str] = frozenset({"contact", "invoice"})


_CONTACT: Final = frozenset({"contact"})
_INVOICE: Final = frozenset({"invoice"})

#: The first row that fits counts. A named group `what` becomes part of the words and the cause.
_ROWS: Final = (
    _Row(
        "contact_name_taken",
        r"The contact name (?P<what>.*?) is already assigned to another contact",
        "The contact {what} is already assigned to another contact.",
        "Link it to that contact in Xero, append the Clio ID to this contact's name, rename it in Clio, or move its"
        " bills to the other contact in Clio.",
        _CONTACT,
    ),
    _Row(
        "contact_number_taken",
        r"Another contact has this contact number",
        "Another contact in Xero already carries this client's Clio number.",
        "Look for the contact with that number in Xero (archived ones too) and clear its number, or link to it.",
        _CONTACT,
    ),
    _Row(
        "contact_archived",
        r"archived contact|has been archived\. The contact must be un-archived|status 'ARCHIVED' is not valid",
        "The contact is archived in Xero.",
        "Restore the contact in Xero.",
    ),
    _Row(
        "contact_unnamed",
        r"must contain at least 1 of the following elements to identify the contact",
        "The contact has no name that Xero could take.",
        "Give the contact a name in Clio, or let the connected user see it.",
        _CONTACT,
    ),
    _Row(
        "contact_people",
        r"Additional people cannot be added when the primary person has no email address",
        "The contact has further people in Xero, but no e-mail address of its own.",
        "Give the contact an e-mail address in Clio, or remove its further people in Xero.",
        _CONTACT,
    ),
    _Row(
        "website_invalid",
        r"website.*(invalid|must be valid)|(invalid|not a valid) website",
        "Xero does not accept the web address of the contact.",
        "Correct the contact's web address in Xero.",
        _CONTACT,
    ),
    _Row(
        "email_invalid",
        r"Email address must be valid",
        "Xero does not accept the e-mail address.",
        "Correct the e-mail address in Clio.",
        _CONTACT,
    ),
    _Row(
        "invoice_number_taken",
        r"Invoice # must be unique",
        "The number of this bill is taken by another invoice in Xero.",
        "Adopt that invoice if it is this bill, or give the bill another number in Clio.",
        _INVOICE,
    ),
    _Row(
        "contact_missing",
        r"A Contact must be specified for this type of transaction",
        "The client of this bill does not stand in Xero.",
        "Sync the client first: look for its own error, or edit it in Clio.",
        _INVOICE,
    ),
    _Row(
        "lines_missing",
        r"One or more line items must be specified",
        "The bill has no lines.",
        "Add a line to the bill in Clio, or void it.",
        _INVOICE,
    ),
    _Row(
        "account_archived",
        r"Account code '(?P<what>[^']*)' has been archived, or has been deleted",
        "The account {what} was archived or deleted in Xero.",
        "Choose another account on the Xero settings page, or restore the account in Xero.",
        _INVOICE,
    ),
    _Row(
        "account_invalid",
        r"Account code '(?P<what>[^']*)' is not a valid code",
        "Xero does not accept the account {what} on an invoice.",
        "Choose another account on the Xero settings page.",
        _INVOICE,
    ),
    _Row(
        "account_removed",
        r"Account code '(?P<what>[^']*)' has been removed as it does not match a recognised account",
        "The account {what} does not exist in Xero, so Xero left it out of the draft.",
        "Choose another account on the Xero settings page, and set the account of the draft's line in Xero.",
        _INVOICE,
    ),
    _Row(
        "account_missing",
        r"Account code (or ID )?must be specified|Account must be valid",
        "A line has no account that Xero takes.",
        "Choose the accounts on the Xero settings page.",
        _INVOICE,
    ),
    _Row(
        "tax_account_mismatch",
        r"The TaxType code '?(?P<what>[^' ]+)'? cannot be used with account code",
        "The tax rate {what} cannot be used with the account of a line.",
        "Choose another tax rate or account on the settings page, or allow the tax on that account in Xero.",
        _INVOICE,
    ),
    _Row(
        "tax_invalid",
        r"The TaxType code '?(?P<what>[^' ]+)'? does not exist|Tax rate must be valid|TaxType field is mandatory",
        "A tax rate of this bill does not exist in Xero, or cannot be used for sales.",
        "Choose the tax rates on the Xero settings page anew.",
        _INVOICE,
    ),
    _Row(
        "currency_not_enabled",
        r"not subscribed to currency (?P<what>\w+)",
        "The currency {what} is not switched on in Xero.",
        "Add the currency in Xero under Settings, Currencies.",
        _INVOICE,
    ),
    _Row(
        "period_locked",
        r"lock date",
        "The bill is dated in a period that is locked in Xero.",
        "Ask the adviser to move the lock date in Xero, or change the date of the bill in Clio.",
        _INVOICE,
    ),
    _Row(
        "paid_or_credited",
        r"has a payment or credit note allocated to it|has payments or credit notes allocated",
        "The invoice has a payment or credit note in Xero, so Xero does not let it be changed.",
        "Remove the payment or credit note from the invoice in Xero, sync again, and put it back.",
        _INVOICE,
    ),
    _Row(
        "invoice_gone",
        r"existing Invoice with the specified InvoiceID could not be found|document with the supplied id was not found",
        "The invoice is no longer in this Xero organisation.",
        "Send the bill again under a new number, or ignore it.",
        _INVOICE,
    ),
    _Row(
        "not_modifiable",
        r"not of valid status for modification",
        "The invoice cannot be changed in Xero any more: it was paid, voided or deleted there.",
        "Look at the invoice in Xero. Remove the payment or credit note there and sync again; or void the bill in Clio"
        " and bill again.",
        _INVOICE,
    ),
    _Row(
        "not_creatable",
        r"not of valid (status|type) for creation",
        "Xero does not take a new invoice in this state.",
        "Check the bill's state in Clio, save it and sync again.",
        _INVOICE,
    ),
    _Row(
        "line_ids_missing",
        r"To update fields on a paid invoice line item, you must supply a LineItemID",
        "The invoice is paid, so Xero lets only some fields of its lines be changed.",
        "Remove the payment from the invoice in Xero, sync again, and put it back.",
        _INVOICE,
    ),
    _Row(
        "plan_limit",
        r"reached the limit of invoices you can approve",
        "The Xero plan allows no more approved invoices this month.",
        "Change the Xero plan, or wait until next month.",
        _INVOICE,
    ),
    _Row(
        "due_date_missing",
        r"DueDate field must be specified",
        "The bill has no due date.",
        "Give the bill a due date in Clio.",
        _INVOICE,
    ),
    _Row(
        "line_totals",
        r"does not equal the sum of the lines|does not match the expected line total",
        "The figures of the bill's lines do not fit together for Xero.",
        "Open the bill in Clio, check its lines and save it.",
        _INVOICE,
    ),
    _Row(
        "discount_invalid",
        r"The discount rate '(?P<what>[^']*)' is invalid",
        "A discount of the bill is greater than what it is taken off.",
        "Correct the discount of the bill in Clio.",
        _INVOICE,
    ),
    _Row(
        "line_amount_invalid",
        r"must not be less than zero|tax amount.*greater than.*line",
        "Xero does not take the quantity, price or tax of a line.",
        "Open the bill in Clio, check quantity, price and tax of its lines, and save it.",
        _INVOICE,
    ),
    _Row(
        "not_readable",
        r"Error converting value|is not a valid AllXsd value",
        "Xero could not read a field of this record.",
        "Look in Xero's own words for the field, and correct it in Clio.",
    ),
)


def explain(messages: Sequence[str], kind: str) -> Explanation:
    """Put Xero's messages in plain words; unknown ones are shown as they are, under the code "xero_refused"."""
    for row in _ROWS:
        for message in messages:
            match = re.search(row.pattern, message, re.IGNORECASE) if kind in row.kinds else None
            if match:
                what = (match.groupdict().get("what") or "").strip()
                return Explanation(row.code, row.message.replace("{what}", what), row.remedy, cause=what)
    told = " ".join(messages) or "no reason given"
    return Explanation(
        "xero_refused", f"Xero refused it: {told}", "Read what Xero says, mend it there or in Clio, retry."
    )
