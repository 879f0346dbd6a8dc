"""How invoices, credit notes and bank transactions are shown (X 4)."""

from typing import Any, Literal

from sandbox.xero import contact_views
from sandbox.xero.books import Books
from sandbox.xero.entities import Document, Line
from sandbox.xero.values import date_string, ms_date, ms_time, rounded

# "whole": single reads, pages and answers of writes; "list": unpaged lists; "summary": summaryOnly (X 7.19)
View = Literal["whole", "list", "summary"]


def line(books: Books, row: Line, places: int) -> dict[str, Any]:
    """A line; unit prices with two decimals, or four where unitdp=4 was sent (X 12.2)."""
    shown: dict[str, Any] = {"LineItemID": row.id, "Description": row.description}
    if row.quantity is not None:
        shown["Quantity"] = row.quantity
        shown["UnitAmount"] = rounded(row.unit_amount, places)
        shown["TaxType"] = row.tax_type
        shown["TaxAmount"] = row.tax_amount
        if row.account_id:
            account = books.accounts.must(row.account_id)
            if account.code:
                shown["AccountCode"] = account.code
            shown["AccountID"] = account.id
    shown["LineAmount"] = row.line_amount
    if row.item_code:
        shown["ItemCode"] = row.item_code
    if row.discount_rate is not None:
        shown["DiscountRate"] = row.discount_rate
    if row.discount_amount is not None:
        shown["DiscountAmount"] = row.discount_amount
    shown["Tracking"] = [books.tracking_names(*pair) for pair in row.tracking]
    shown["ValidationErrors"] = []
    return shown


def _common(books: Books, row: Document, view: View, places: int) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "Type": row.type,
        "Contact": contact_views.embedded(books, row.contact_id)
        if view == "whole"
        else contact_views.named(books, row.contact_id),
        "DateString": date_string(row.date),
        "Date": ms_date(row.date),
        "Status": row.status,
        "LineAmountTypes": row.amount_types,
    }
    if view == "whole":
        shown["LineItems"] = [line(books, its_line, places) for its_line in row.lines]
    elif view == "list":
        shown["LineItems"] = []
    shown["SubTotal"] = row.subtotal
    shown["TotalTax"] = row.tax
    shown["Total"] = row.total
    shown["UpdatedDateUTC"] = ms_time(row.updated)
    shown["CurrencyCode"] = row.currency
    shown["CurrencyRate"] = row.rate
    return shown


def invoice(books: Books, row: Document, *, view: View = "whole", places: int = 2) -> dict[str, Any]:
    """An invoice."""
    shown: dict[str, Any] = {"InvoiceID": row.id, "InvoiceNumber": row.number}
    if row.type == "ACCREC":
        shown["Reference"] = row.reference
    if view != "summary":
        shown["Payments"] = [_payment_on(books, payment_id) for payment_id in row.payments]
        shown["CreditNotes"] = [_credit_on(books, allocation_id) for allocation_id in row.allocations]
        shown["HasAttachments"] = False
    shown["Prepayments"], shown["Overpayments"] = [], []
    shown["AmountDue"] = row.outstanding
    shown["AmountPaid"] = row.paid
    shown["AmountCredited"] = row.credited
    shown["SentToContact"] = row.sent_to_contact
    shown["IsDiscounted"] = any(its_line.discount_rate or its_line.discount_amount for its_line in row.lines)
    shown["HasErrors"] = False
    shown["InvoicePaymentServices"] = []
    shown.update(_common(books, row, view, places))
    if row.due_date is not None:
        shown["DueDateString"], shown["DueDate"] = date_string(row.due_date), ms_date(row.due_date)
    if row.fully_paid_on is not None:
        shown["FullyPaidOnDate"] = ms_date(row.fully_paid_on)
    if row.url:
        shown["Url"] = row.url
    if row.branding_theme:
        shown["BrandingThemeID"] = row.branding_theme
    return shown


def _payment_on(books: Books, payment_id: str) -> dict[str, Any]:
    """A payment inside its document (X 4.8)."""
    row = books.payments.must(payment_id)
    return {
        "PaymentID": row.id,
        "Date": ms_date(row.date),
        "Amount": row.amount,
        "Reference": row.reference,
        "CurrencyRate": row.rate,
        "HasAccount": False,
        "HasValidationErrors": False,
    }


def _credit_on(books: Books, allocation_id: str) -> dict[str, Any]:
    """A credit note inside the invoice it is set against, without its allocations (X 4.8)."""
    allocation = books.allocations.must(allocation_id)
    note = books.credit_notes.must(allocation.credit_note_id)
    return {
        "CreditNoteID": note.id,
        "CreditNoteNumber": note.number,
        "ID": note.id,
        "HasErrors": False,
        "AppliedAmount": allocation.amount,
        "DateString": date_string(allocation.date),
        "Date": ms_date(allocation.date),
        "LineItems": [],
        "Total": note.total,
    }


def credit_note(books: Books, row: Document, *, view: View = "whole", places: int = 2) -> dict[str, Any]:
    """A credit note."""
    shown: dict[str, Any] = {
        "CreditNoteID": row.id,
        "CreditNoteNumber": row.number,
        "ID": row.id,
        "Payments": [_payment_on(books, payment_id) for payment_id in row.payments],
        "HasErrors": False,
        "HasAttachments": False,
        "RemainingCredit": row.outstanding,
        "Allocations": [_allocation_on(books, allocation_id) for allocation_id in row.allocations],
        "InvoiceAddresses": [],
    }
    if row.type == "ACCRECCREDIT":
        shown["Reference"] = row.reference
    shown.update(_common(books, row, view, places))
    if row.fully_paid_on is not None:
        shown["FullyPaidOnDate"] = ms_date(row.fully_paid_on)
    if row.branding_theme:
        shown["BrandingThemeID"] = row.branding_theme
    return shown


def _allocation_on(books: Books, allocation_id: str) -> dict[str, Any]:
    row = books.allocations.must(allocation_id)
    invoice_row = books.invoices.must(row.invoice_id)
    return {
        "AllocationID": row.id,
        "Amount": row.amount,
        "Date": ms_date(row.date),
        "Invoice": named_invoice(invoice_row),
        "IsDeleted": row.deleted,
    }


def named_invoice(row: Document) -> dict[str, Any]:
    """An invoice by id and number, inside an allocation."""
    return {
        "InvoiceID": row.id,
        "InvoiceNumber": row.number,
        "Payments": [],
        "CreditNotes": [],
        "Prepayments": [],
        "Overpayments": [],
        "HasErrors": False,
        "IsDiscounted": False,
        "LineItems": [],
    }


def bank_transaction(books: Books, row: Document, *, view: View = "whole", places: int = 2) -> dict[str, Any]:
    """A bank transaction."""
    account = books.accounts.must(row.bank_account)
    named = {"AccountID": account.id, "Name": account.name}
    if account.code:
        named["Code"] = account.code
    shown: dict[str, Any] = {
        "BankTransactionID": row.id,
        "BankAccount": named,
        "Reference": row.reference,
        "IsReconciled": row.reconciled,
        "HasAttachments": False,
    }
    shown.update(_common(books, row, view, places))
    shown.setdefault("LineItems", [])
    if row.url:
        shown["Url"] = row.url
    return shown
