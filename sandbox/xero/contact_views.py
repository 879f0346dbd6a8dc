"""How contacts are shown (X 4.5, 4.7, 7.7)."""

from typing import Any, Literal

from sandbox.xero.books import Books
from sandbox.xero.entities import Contact
from sandbox.xero.shapes import ADDRESS_FIELDS, ADDRESS_TYPES, PHONE_FIELDS
from sandbox.xero.values import ms_time

View = Literal["single", "page", "list", "summary"]
_SHOWN_PHONES = ("DEFAULT", "DDI", "FAX", "MOBILE")
_EMPTY_ADDRESS = ("City", "Region", "PostalCode", "Country")


def contact(books: Books, row: Contact, view: View = "single") -> dict[str, Any]:
    """A contact as a single read, a page, an unpaged list or a summary shows it."""
    shown: dict[str, Any] = {
        "ContactID": row.id,
        "ContactNumber": row.number,
        "AccountNumber": row.account_number,
        "ContactStatus": row.status,
        "Name": row.name,
        "FirstName": row.first_name,
        "LastName": row.last_name,
        "CompanyNumber": row.company_number,
        "TaxNumber": row.tax_number,
        "DefaultCurrency": row.currency,
    }
    shown = {key: value for key, value in shown.items() if value}
    shown["EmailAddress"] = row.email
    shown["BankAccountDetails"] = row.bank_details
    shown["Phones"] = phones(row, bare=view != "single")
    shown["UpdatedDateUTC"] = ms_time(row.updated)
    shown["HasAttachments"] = shown["HasValidationErrors"] = False
    if view == "summary":
        return shown
    shown["Addresses"] = addresses(row, bare=view != "single")
    shown["IsSupplier"], shown["IsCustomer"] = _roles(books, row)
    shown["ContactGroups"] = []
    if view == "list":
        return shown
    shown["ContactPersons"] = [dict(person) for person in row.persons]
    shown["SalesTrackingCategories"] = []
    shown["PurchasesTrackingCategories"] = []
    if row.merged_to:
        shown["MergedToContactID"] = row.merged_to
    return shown


def _roles(books: Books, row: Contact) -> tuple[bool, bool]:
    documents = books.invoices.find("contact", row.id)
    kinds = {document.type for document in documents}
    return "ACCPAY" in kinds, "ACCREC" in kinds


def addresses(row: Contact, *, bare: bool) -> list[dict[str, str]]:
    """Both addresses; `bare` shows only the type of an empty one, as lists do."""
    held = dict(row.addresses)
    found = []
    for kind in ADDRESS_TYPES:
        fields = dict(held.get(kind, ()))
        empty = {} if bare and not fields else dict.fromkeys(_EMPTY_ADDRESS, "")
        found.append(
            {"AddressType": kind, **empty, **{name: fields[name] for name in ADDRESS_FIELDS if name in fields}}
        )
    return found


def phones(row: Contact, *, bare: bool) -> list[dict[str, str]]:
    """The four phones, and OFFICE where there is one."""
    held = dict(row.phones)
    kinds = [*_SHOWN_PHONES, *(kind for kind in held if kind not in _SHOWN_PHONES)]
    found = []
    for kind in kinds:
        fields = dict(held.get(kind, ()))
        empty = {} if bare and not fields else dict.fromkeys(PHONE_FIELDS, "")
        found.append({"PhoneType": kind, **empty, **fields})
    return found


def embedded(books: Books, contact_id: str) -> dict[str, Any]:
    """A contact inside a document: no e-mail (X 4.7)."""
    row = books.contacts.must(contact_id)
    return {
        "ContactID": row.id,
        "Name": row.name,
        "Addresses": [],
        "Phones": [],
        "ContactGroups": [],
        "ContactPersons": [],
        "HasValidationErrors": False,
    }


def named(books: Books, contact_id: str) -> dict[str, Any]:
    """The id and the name alone, as unpaged lists show a document's contact (X 7.19)."""
    return {"ContactID": contact_id, "Name": books.contacts.must(contact_id).name}
