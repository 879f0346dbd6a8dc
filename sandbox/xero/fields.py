"""The fields that `where` and `order` may name, by collection (X 7.4, 7.20, 7.27)."""

from sandbox.xero.books import Books
from sandbox.xero.where import Field


def contact_fields() -> dict[str, Field]:
    """Of a contact."""
    return {
        "ContactID": Field("guid", lambda row: row.id),
        "ContactNumber": Field("text", lambda row: row.number, "number"),
        "AccountNumber": Field("text", lambda row: row.account_number),
        "ContactStatus": Field("text", lambda row: row.status),
        "Name": Field("text", lambda row: row.name, "any_name"),
        "FirstName": Field("text", lambda row: row.first_name),
        "LastName": Field("text", lambda row: row.last_name),
        "CompanyNumber": Field("text", lambda row: row.company_number),
        "EmailAddress": Field("text", lambda row: row.email, "email"),
        "UpdatedDateUTC": Field("date", lambda row: row.updated),
    }


def document_fields(books: Books, id_key: str, number_key: str = "") -> dict[str, Field]:
    """Of an invoice, credit note or bank transaction."""
    contacts = books.contacts
    found = {
        id_key: Field("guid", lambda row: row.id),
        "Type": Field("text", lambda row: row.type),
        "Status": Field("text", lambda row: row.status),
        "Contact.ContactID": Field("guid", lambda row: row.contact_id, "contact"),
        "Contact.Name": Field("text", lambda row: contacts.must(row.contact_id).name),
        "Contact.ContactNumber": Field("text", lambda row: contacts.must(row.contact_id).number),
        "Reference": Field("text", lambda row: row.reference, "reference"),
        "Date": Field("date", lambda row: row.date),
        "CurrencyCode": Field("text", lambda row: row.currency),
        "SubTotal": Field("number", lambda row: row.subtotal),
        "TotalTax": Field("number", lambda row: row.tax),
        "Total": Field("number", lambda row: row.total),
        "UpdatedDateUTC": Field("date", lambda row: row.updated),
    }
    if number_key:
        found[number_key] = Field("text", lambda row: row.number, "bare_number")
    return found


def invoice_fields(books: Books) -> dict[str, Field]:
    """Of an invoice."""
    return {
        **document_fields(books, "InvoiceID", "InvoiceNumber"),
        "DueDate": Field("date", lambda row: row.due_date),
        "AmountDue": Field("number", lambda row: row.outstanding),
        "AmountPaid": Field("number", lambda row: row.paid),
        "AmountCredited": Field("number", lambda row: row.credited),
        "FullyPaidOnDate": Field("date", lambda row: row.fully_paid_on),
    }


def credit_note_fields(books: Books) -> dict[str, Field]:
    """Of a credit note."""
    return {
        **document_fields(books, "CreditNoteID", "CreditNoteNumber"),
        "RemainingCredit": Field("number", lambda row: row.outstanding),
    }


def bank_transaction_fields(books: Books) -> dict[str, Field]:
    """Of a bank transaction."""
    return {
        **document_fields(books, "BankTransactionID"),
        "BankAccount.AccountID": Field("guid", lambda row: row.bank_account),
        "BankAccount.Code": Field("text", lambda row: books.accounts.must(row.bank_account).code),
        "IsReconciled": Field("bool", lambda row: row.reconciled),
    }


def payment_fields(books: Books) -> dict[str, Field]:
    """Of a payment."""

    def number_of(row: object) -> str:
        document_id = getattr(row, "document_id", "")
        document = books.invoices.get(document_id) or books.credit_notes.get(document_id)
        return document.number if document else ""

    return {
        "PaymentID": Field("guid", lambda row: row.id),
        "PaymentType": Field("text", lambda row: row.type),
        "Status": Field("text", lambda row: row.status),
        "Date": Field("date", lambda row: row.date),
        "Amount": Field("number", lambda row: row.amount),
        "Reference": Field("text", lambda row: row.reference, "reference"),
        "Invoice.InvoiceID": Field("guid", lambda row: None if row.is_refund else row.document_id, "document"),
        "Invoice.InvoiceNumber": Field("text", number_of),
        "Account.AccountID": Field("guid", lambda row: row.account_id),
        "Account.Code": Field("text", lambda row: books.accounts.must(row.account_id).code),
        "IsReconciled": Field("bool", lambda row: row.reconciled),
        "UpdatedDateUTC": Field("date", lambda row: row.updated),
    }


def account_fields() -> dict[str, Field]:
    """Of an account."""
    return {
        "AccountID": Field("guid", lambda row: row.id),
        "Code": Field("text", lambda row: row.code, "code"),
        "Name": Field("text", lambda row: row.name, "name"),
        "Type": Field("text", lambda row: row.type),
        "Class": Field("text", lambda row: row.account_class),
        "Status": Field("text", lambda row: row.status),
        "TaxType": Field("text", lambda row: row.tax_type),
        "SystemAccount": Field("text", lambda row: row.system),
        "EnablePaymentsToAccount": Field("bool", lambda row: row.payments_enabled),
        "UpdatedDateUTC": Field("date", lambda row: row.updated),
    }


def tax_rate_fields() -> dict[str, Field]:
    """Of a tax rate."""
    return {
        "Name": Field("text", lambda row: row.name),
        "TaxType": Field("text", lambda row: row.tax_type),
        "Status": Field("text", lambda row: row.status),
        "EffectiveRate": Field("number", lambda row: row.rate),
    }
