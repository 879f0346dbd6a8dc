"""What merging sends back to Clio, as the body of a contact's change there (BEHAVIOUR §4, Xero → Clio; C 2.1, 9.4).

A row of Clio's that holds a value is changed in place, by its id, and keeps its label; only where there is none is one
added. No other row of the contact is named, so none is touched.
"""

from collections.abc import Mapping
from typing import Any, Final

from syncengine.domain.contact_merge import CLIO_NAMES, Difference, Flat, Merge, clio_form, xero_form
from syncengine.domain.documents import StandingContact
from syncengine.domain.mapping.contact_forms import billing_address, primary_phone
from syncengine.domain.records import ContactRecord, Email

#: The labels that Clio takes. Others may come from it (C 9.3); leaving one out leaves it as it is.
_LABELS: Final[Mapping[str, frozenset[str]]] = {
    "email_addresses": frozenset({"Work", "Home", "Other"}),
    "phone_numbers": frozenset({"Work", "Home", "Mobile", "Fax", "Pager", "Skype", "Other"}),
    "addresses": frozenset({"Work", "Home", "Billing", "Other"}),
}
_NAMES: Final = ("name", "first_name", "last_name")
_ADDRESS: Final = "address."

_WORDS: Final[Mapping[str, str]] = {
    "Name": "name",
    "FirstName": "first name",
    "LastName": "last name",
    "EmailAddress": "e-mail",
    "Phones.DEFAULT": "phone",
    "Phones.DDI": "direct phone",
    "Phones.MOBILE": "mobile phone",
    "Phones.FAX": "fax",
    "Street": "street",
    "City": "city",
    "Region": "region",
    "PostalCode": "postal code",
    "Country": "country",
}


def contact_edit(*, record: ContactRecord, changes: Flat, standing: StandingContact) -> dict[str, Any]:
    """Give the change of a Clio contact that puts `changes` (`Merge.to_clio`) into it; no value is ever blanked.

    An address that Clio has not got at all is added whole, as it stands in Xero's POBOX: of a change of the city, the
    city alone would be no address.
    """
    edit: dict[str, Any] = {name: changes[name] for name in _NAMES if name in changes}
    if "email" in changes:
        edit["email_addresses"] = [_email(record, changes["email"])]
    if "phone" in changes:
        edit["phone_numbers"] = [_phone(record, changes["phone"])]
    parts = {name.removeprefix(_ADDRESS): text for name, text in changes.items() if name.startswith(_ADDRESS)}
    if parts:
        edit["addresses"] = [_address(record, parts, standing)]
    return edit


def differences(*, record: ContactRecord, standing: StandingContact, merge: Merge) -> tuple[Difference, ...]:
    """Give both sides' values of the fields that go to Clio, for the history."""
    clio, xero = clio_form(record), xero_form(standing)
    return tuple(Difference(path, clio.get(path, ""), xero.get(path, "")) for path in merge.pending)


def field_words(path: str) -> str:
    """Say which field a path is, in plain words: "e-mail", "city (street address)"."""
    if not path.startswith("Addresses."):
        return _WORDS.get(path, path)
    _, kind, part = path.split(".", 2)
    return f"{_WORDS.get(part, part)} ({'street' if kind == 'STREET' else 'postal'} address)"


def _email(record: ContactRecord, address: str) -> dict[str, Any]:
    primary = next((email for email in record.emails if email.primary), None) or _same(record, record.email)
    held = _same(record, address)
    if held and held != primary:
        # The client's other address becomes the primary one: a second row of the same text would help nobody.
        return _row(held.id, held.name, "email_addresses") | {"default_email": True}
    if primary is None:
        return {"name": "Work", "address": address, "default_email": True}
    return _row(primary.id, primary.name, "email_addresses") | {"address": address}


def _same(record: ContactRecord, address: str) -> Email | None:
    wanted = address.strip().casefold()
    return next((email for email in record.emails if email.address.strip().casefold() == wanted), None)


def _phone(record: ContactRecord, number: str) -> dict[str, Any]:
    primary = primary_phone(record)
    if primary is None:
        return {"name": "Work", "number": number, "default_number": True}
    return _row(primary.id, primary.name, "phone_numbers") | {"number": number}


def _address(record: ContactRecord, parts: Mapping[str, str], standing: StandingContact) -> dict[str, Any]:
    held = billing_address(record)
    if held is not None:
        return _row(held.id, held.name, "addresses") | dict(parts)
    there = xero_form(standing)
    whole = {
        name.removeprefix(_ADDRESS): there[path]
        for path, name in CLIO_NAMES.items()
        if name.startswith(_ADDRESS) and there.get(path)
    }
    return {"name": "Billing", **whole, **parts}


def _row(row_id: int | None, label: str, kind: str) -> dict[str, Any]:
    """Name a row of Clio's, with its label: its description gives a default that must not come over it."""
    return {"id": row_id} | ({"name": label} if label in _LABELS[kind] else {})
