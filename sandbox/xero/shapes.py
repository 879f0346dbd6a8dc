"""The fields that a write may carry, by object (X 3)."""

from sandbox.xero.reading import Reader, day, flag, guid, listing, number, one_of, shape, text

PHONE_TYPES = ("DEFAULT", "DDI", "MOBILE", "FAX", "OFFICE")
ADDRESS_TYPES = ("STREET", "POBOX")
PHONE_FIELDS = {"PhoneNumber": 50, "PhoneAreaCode": 10, "PhoneCountryCode": 20}
ADDRESS_FIELDS = {
    "AddressLine1": 500,
    "AddressLine2": 500,
    "AddressLine3": 500,
    "AddressLine4": 500,
    "City": 255,
    "Region": 255,
    "PostalCode": 50,
    "Country": 50,
    "AttentionTo": 255,
}
CONTACT_TEXTS = {
    "ContactNumber": 50,
    "AccountNumber": 50,
    "Name": 255,
    "FirstName": 255,
    "LastName": 255,
    "EmailAddress": 255,
    "CompanyNumber": 50,
    "TaxNumber": 50,
    "BankAccountDetails": 255,
    "DefaultCurrency": 3,
}

_phone = shape(
    "Phone",
    {"PhoneType": one_of("PhoneType", *PHONE_TYPES), **dict.fromkeys(PHONE_FIELDS, text)},
)
_address = shape(
    "Address",
    {"AddressType": one_of("AddressType", *ADDRESS_TYPES), **dict.fromkeys(ADDRESS_FIELDS, text)},
)
_person = shape("ContactPerson", {"FirstName": text, "LastName": text, "EmailAddress": text, "IncludeInEmails": flag})
contact: Reader = shape(
    "Contact",
    {
        "ContactID": guid,
        "ContactStatus": one_of("ContactStatus", "ACTIVE", "ARCHIVED", "GDPRREQUEST"),
        "ContactPersons": listing(_person),
        "Addresses": listing(_address),
        "Phones": listing(_phone),
        **dict.fromkeys(CONTACT_TEXTS, text),
    },
)
_tracking = shape(
    "LineItemTracking", {"TrackingCategoryID": guid, "TrackingOptionID": guid, "Name": text, "Option": text}
)
line: Reader = shape(
    "LineItem",
    {
        "LineItemID": guid,
        "Description": text,
        "Quantity": number,
        "UnitAmount": number,
        "ItemCode": text,
        "AccountCode": text,
        "AccountID": guid,
        "TaxType": text,
        "TaxAmount": number,
        "LineAmount": number,
        "DiscountRate": number,
        "DiscountAmount": number,
        "Tracking": listing(_tracking),
    },
)
account_named: Reader = shape("Account", {"AccountID": guid, "Code": text})
_document: dict[str, Reader] = {
    "Type": text,
    "Status": text,
    "Contact": contact,
    "LineItems": listing(line),
    "Date": day,
    "LineAmountTypes": one_of("LineAmountTypes", "Exclusive", "Inclusive", "NoTax"),
    "Reference": text,
    "CurrencyCode": text,
    "CurrencyRate": number,
    "SubTotal": number,
    "TotalTax": number,
    "Total": number,
}
invoice: Reader = shape(
    "Invoice",
    {
        **_document,
        "InvoiceID": guid,
        "InvoiceNumber": text,
        "DueDate": day,
        "Url": text,
        "BrandingThemeID": guid,
        "SentToContact": flag,
    },
)
credit_note: Reader = shape(
    "CreditNote",
    {**_document, "CreditNoteID": guid, "CreditNoteNumber": text, "BrandingThemeID": guid, "SentToContact": flag},
)
bank_transaction: Reader = shape(
    "BankTransaction",
    {**_document, "BankTransactionID": guid, "BankAccount": account_named, "Url": text, "IsReconciled": flag},
)
_invoice_named = shape("Invoice", {"InvoiceID": guid, "InvoiceNumber": text})
_credit_note_named = shape("CreditNote", {"CreditNoteID": guid, "CreditNoteNumber": text})
payment: Reader = shape(
    "Payment",
    {
        "PaymentID": guid,
        "Invoice": _invoice_named,
        "CreditNote": _credit_note_named,
        "InvoiceNumber": text,
        "CreditNoteNumber": text,
        "Account": account_named,
        "Code": text,
        "Date": day,
        "Amount": number,
        "CurrencyRate": number,
        "Reference": text,
        "Status": text,
        "IsReconciled": flag,
    },
)
allocation: Reader = shape(
    "Allocation", {"AllocationID": guid, "Invoice": _invoice_named, "Amount": number, "Date": day}
)
account: Reader = shape(
    "Account",
    {
        "AccountID": guid,
        "Code": text,
        "Name": text,
        "Type": text,
        "Status": text,
        "Description": text,
        "TaxType": text,
        "CurrencyCode": text,
        "EnablePaymentsToAccount": flag,
    },
)
history: Reader = shape("HistoryRecord", {"Details": text})
