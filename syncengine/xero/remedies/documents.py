"""Xero's messages about invoices, and about what invoices, credit notes and bank transactions share (X 6.6 to 6.24)."""

from typing import Final

from syncengine.xero.remedies.row import CREDIT_NOTE, DOCUMENTS, INVOICE, SPEND_MONEY, Row

_LOOK: Final = "Look at the {document} in Xero."

ROWS: Final = (
    Row(
        "invoice_number_taken",
        r"Invoice # must be unique|Invoice number must be unique",
        "The number of this bill is taken by another invoice in Xero.",
        (
            "Adopt that invoice, if it is this bill.",
            "Send the bill under a number of its own.",
            "Give the bill another number in Clio.",
        ),
        INVOICE,
    ),
    Row(
        "credit_note_number_taken",
        r"(Credit Note )?# must be unique",
        "The number of this credit note is taken by another one in Xero.",
        ("Look for that credit note in Xero, and give it another number if it is not ours.",),
        CREDIT_NOTE,
    ),
    Row(
        "contact_missing",
        r"A Contact must be specified for this type of transaction",
        "The contact of this {thing} does not stand in Xero.",
        ("Look for the contact's own error here.", "Edit the contact in Clio, so that it is sent again."),
        DOCUMENTS,
    ),
    Row(
        "lines_missing",
        r"One or more line items must be specified",
        "The {thing} has no lines.",
        ("Add a line to it in Clio.", "Void it in Clio."),
        DOCUMENTS,
    ),
    Row(
        "paid_or_credited",
        r"has a payment or credit note allocated to it|has payments or credit notes allocated",
        "The {document} has a payment or credit note in Xero, so Xero does not let it be changed.",
        ("Remove the payment or credit note in Xero, then try again, then put it back.",),
        INVOICE | CREDIT_NOTE,
    ),
    Row(
        "invoice_gone",
        r"existing Invoice with the specified InvoiceID could not be found|document with the supplied id was not found",
        "The invoice is no longer in this Xero organisation.",
        ("Send the bill again under a new number.", "Ignore it, if it shall not stand in Xero."),
        INVOICE,
    ),
    Row(
        "credit_note_gone",
        r"existing Credit ?Note with the specified CreditNoteID could not be found"
        r"|document with the supplied id was not found",
        "The credit note is no longer in this Xero organisation.",
        ("Try again, so that it is made anew.", "Ignore it, if it shall not stand in Xero."),
        CREDIT_NOTE,
    ),
    Row(
        "not_modifiable",
        r"Bank Transaction not of valid status for modification",
        "The spend money transaction cannot be changed in Xero any more: it was deleted there.",
        ("Enter it again in Xero, if it is needed.", "Ignore it."),
        SPEND_MONEY,
    ),
    Row(
        "not_modifiable",
        r"not of valid status for modification",
        "The {document} cannot be changed in Xero any more: it was paid, voided or deleted there.",
        (
            _LOOK,
            "Remove the payment or credit note there, then try again.",
            "Void the {thing} in Clio, then make it anew.",
        ),
        INVOICE | CREDIT_NOTE,
    ),
    Row(
        "not_creatable",
        r"not of valid (status|type) for creation",
        "Xero does not take a new {document} in this state.",
        ("Check the state of the {thing} in Clio, save it, then try again.",),
        DOCUMENTS,
    ),
    Row(
        "line_ids_missing",
        r"To update fields on a paid invoice line item, you must supply a LineItemID"
        r"|LineItemID was not found on this document",
        "The invoice is paid, so Xero lets only some fields of its lines be changed.",
        ("Remove the payment from the invoice in Xero, then try again, then put it back.",),
        INVOICE | CREDIT_NOTE,
    ),
    Row(
        "plan_limit",
        r"reached the limit of invoices you can approve",
        "The Xero plan allows no more approved invoices this month.",
        ("Change the Xero plan, then try again.", "Wait until next month."),
        INVOICE | CREDIT_NOTE,
    ),
    Row(
        "due_date_missing",
        r"DueDate field must be specified",
        "The bill has no due date.",
        ("Give the bill a due date in Clio.",),
        INVOICE,
    ),
    Row(
        "line_totals",
        r"does not equal the sum of the lines|does not match the expected line total",
        "The figures of the lines do not fit together for Xero.",
        ("Open the {thing} in Clio, check its lines and save it.",),
        DOCUMENTS,
    ),
    Row(
        "discount_invalid",
        r"The discount rate '(?P<what>[^']*)' is invalid",
        "A discount of the bill is greater than what it is taken off.",
        ("Correct the discount of the bill in Clio.",),
        INVOICE,
    ),
    Row(
        "amount_invalid",
        r"total of a bank transaction must be greater than zero|unit amount must not be zero"
        r"|quantity must be greater than zero",
        "Xero takes only hard costs of more than zero.",
        ("Correct the amount of the hard cost in Clio.",),
        SPEND_MONEY,
    ),
    Row(
        "line_amount_invalid",
        r"must not be less than zero|tax amount.*greater than.*line|must not be more than 9,999,999,999\.99",
        "Xero does not take the quantity, price or tax of a line.",
        ("Open the {thing} in Clio, check quantity, price and tax of its lines, and save it.",),
        DOCUMENTS,
    ),
    Row(
        "line_text_missing",
        r"line item description must be specified",
        "A line has no text, and Xero does not take one without.",
        ("Give every line of the {thing} a description in Clio.",),
        DOCUMENTS,
    ),
    Row(
        "tracking_unknown",
        r"tracking category or option '(?P<what>[^']*)' could not be found",
        "The tracking option {what} of a line no longer exists in Xero.",
        ("Take that tracking off the line in Xero.", "Bring the option back in Xero."),
        DOCUMENTS,
    ),
    Row(
        "sent_to_contact",
        r"Only AUTHORISED invoices may have SentToContact updated",
        "Xero did not mark the invoice as sent to the client, since it is not approved.",
        ("Nothing: approve the bill in Clio when it is due to be.",),
        INVOICE,
    ),
    Row(
        "email_not_sent",
        r"cannot be emailed",
        "Xero did not e-mail the invoice to the client.",
        ("Give the contact an e-mail address in Clio.", "Approve the bill in Clio before it is e-mailed from Xero."),
        INVOICE,
    ),
)
