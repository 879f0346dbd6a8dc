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
        "account_missing",
        r"Account code (or ID )?must be specified",
        "A line has no account.",
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
        r"lock date|end of year lock",
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
        "not_modifiable",
        r"not of valid status for modification|existing Invoice with the specified InvoiceID could not be found",
        "The invoice cannot be changed in Xero any more: it was paid, voided or deleted there.",
        "Look at the invoice in Xero; restore it, or void the bill in Clio and bill again.",
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
