"""Xero's messages about payments, allocations of credit notes and spend money (X 6.25 to 6.31)."""

from typing import Final

from syncengine.xero.remedies.row import ALLOCATION, CREDIT_NOTE, PAYMENT, SPEND_MONEY, Row

ROWS: Final = (
    Row(
        "payment_too_large",
        r"Payment amount exceeds the amount outstanding",
        "The payment is larger than what is still due on the invoice in Xero.",
        (
            "Look for a payment that was entered twice in Xero, and remove the one by hand.",
            "Correct the payment in Clio.",
            "Ignore it, if Xero is right.",
        ),
        PAYMENT,
    ),
    Row(
        "payment_not_authorised",
        r"Payments can only be made against Authorised documents",
        "The invoice does not take this payment in Xero: it is a draft, already paid, or voided there.",
        (
            "Remove a payment that was entered by hand in Xero, then try again.",
            "Approve the bill in Clio, if it is a draft.",
        ),
        PAYMENT,
    ),
    Row(
        "payment_reconciled",
        r"Payment cannot be (deleted|edited|removed) as it has been reconciled",
        "The payment is reconciled with a bank statement in Xero, so it cannot be removed from here.",
        ("Unreconcile the payment in Xero (Remove & Redo), then try again.", "Ignore it, if Xero is right."),
        PAYMENT,
    ),
    Row(
        "payment_in_batch",
        r"Payments within a batch cannot be deleted",
        "The payment is part of a batch in Xero, so it cannot be removed by itself.",
        ("Remove the batch, or this payment from it, in Xero, then try again.",),
        PAYMENT,
    ),
    Row(
        "payment_not_modifiable",
        r"Payment not of valid status for modification|Payments cannot be modified, only created and deleted",
        "The payment cannot be changed in Xero any more: it was deleted there.",
        ("Try again, so that it is made anew.", "Ignore it, if it shall not stand in Xero."),
        PAYMENT,
    ),
    Row(
        "payment_amount_invalid",
        r"Payment amounts must be positive",
        "Xero takes only payments of more than zero.",
        ("Correct the payment in Clio.",),
        PAYMENT,
    ),
    Row(
        "invoice_gone",
        r"existing Invoice with the specified InvoiceID could not be found"
        r"|Invoice or Credit Note must be specified for the payment|document with the supplied id was not found",
        "The invoice that this belongs to is no longer in this Xero organisation.",
        ("Look at the bill here: send it again, or ignore it.",),
        PAYMENT | ALLOCATION,
    ),
    Row(
        "invoice_paid_off",
        r"invoice you are trying to allocate to has already been paid off",
        "The invoice is paid in Xero already, so nothing is left to set the credit against.",
        (
            "Remove a payment or credit that was entered by hand in Xero, then try again.",
            "Ignore it, if Xero is right.",
        ),
        ALLOCATION | CREDIT_NOTE,
    ),
    Row(
        "credit_too_large",
        r"cannot be allocated as amount is greater than amount outstanding",
        "The credit is larger than what is still due on the invoice, or left on the credit note, in Xero.",
        (
            "Look for a payment or credit that was entered by hand in Xero, and remove it.",
            "Correct the credit in Clio.",
        ),
        ALLOCATION | CREDIT_NOTE,
    ),
    Row(
        "credit_contact_differs",
        r"cannot be allocated to an invoice of another contact",
        "Credit note and invoice have different contacts in Xero.",
        ("Give the invoice its client's contact again in Xero, then try again.",),
        ALLOCATION | CREDIT_NOTE,
    ),
    Row(
        "credit_currency_differs",
        r"cannot be allocated to an invoice in another currency",
        "Credit note and invoice are in different currencies.",
        ("Correct the credit in Clio.",),
        ALLOCATION | CREDIT_NOTE,
    ),
    Row(
        "credit_not_allocatable",
        r"Credit Note cannot be allocated to",
        "Xero does not set this credit note against this invoice: one of them is a draft, or of the wrong type.",
        ("Look at both in Xero, and approve what is a draft.",),
        ALLOCATION | CREDIT_NOTE,
    ),
    Row(
        "allocation_amount_invalid",
        r"Allocation amounts must be positive",
        "Xero takes only credits of more than zero.",
        ("Correct the credit in Clio.",),
        ALLOCATION | CREDIT_NOTE,
    ),
    Row(
        "credit_note_gone",
        r"existing Credit ?Note with the specified CreditNoteID could not be found",
        "The credit note is no longer in this Xero organisation.",
        ("Try again, so that it is made anew.", "Ignore it, if it shall not stand in Xero."),
        ALLOCATION,
    ),
    Row(
        "reconciled",
        r"Bank Transaction cannot be edited as it has been reconciled|Spend money transactions cannot be updated",
        "The spend money transaction is reconciled with a bank statement in Xero, so it cannot be changed from here.",
        (
            "Unreconcile it in Xero (Remove & Redo), then try again.",
            "Change it in Xero by hand, then ignore this.",
        ),
        SPEND_MONEY,
    ),
    Row(
        "spend_money_gone",
        r"existing Bank ?Transaction with the specified BankTransactionID could not be found"
        r"|document with the supplied id was not found",
        "The spend money transaction is no longer in this Xero organisation.",
        ("Enter it again in Xero, if it is needed.", "Ignore it."),
        SPEND_MONEY,
    ),
)
