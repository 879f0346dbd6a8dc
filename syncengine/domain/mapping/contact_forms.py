"""A Clio contact in Xero's names, limits and nesting (BEHAVIOUR §4, Fields; X 3.1, X 3.2, X 7.5)."""

import re
from collections.abc import Iterable
from typing import Any, Final

from syncengine.domain.records import Address, ContactRecord, Phone

MAX_NAME: Final = 255
MAX_PHONE: Final = 50
MAX_STREET_LINE: Final = 500
MAX_POSTAL_CODE: Final = 50
STREET_LINES: Final = ("AddressLine1", "AddressLine2", "AddressLine3", "AddressLine4")
ADDRESS_TYPES: Final = ("POBOX", "STREET")
PHONE_TYPES: Final = ("DEFAULT", "DDI", "MOBILE", "FAX")

_PHONE_TYPE: Final = {"work": "DDI", "mobile": "MOBILE", "fax": "FAX"}


def contact_number(clio_id: int, *, generation: int = 1) -> str:
    """Give the ContactNumber of a client or vendor: its natural key in Xero.

    A contact that is made anew takes another one ("CLIO-501-2"): an archived contact keeps its number, and numbers are
    unique over archived ones too (X 7.3).
    """
    return f"CLIO-{clio_id}" if generation == 1 else f"CLIO-{clio_id}-{generation}"


def fold(text: str) -> str:
    """Fold a name or e-mail for comparing: case, and spaces at the ends or doubled, make no difference (X 7.4)."""
    return " ".join(text.split()).casefold()


def xero_name(*, record: ContactRecord, append: bool) -> str:
    """Give a contact's name as Xero takes it: "Name", or "Name (501)" if IDs are appended; at most 255 characters.

    Xero takes neither angle brackets nor doubled or outer spaces (X 7.5).
    """
    suffix = id_suffix(clio_id=record.id) if append else ""
    name = plain_name(record.name)
    return name[: MAX_NAME - len(suffix)].rstrip() + suffix


def plain_name(name: str) -> str:
    """Give a name without what Xero refuses in names."""
    return " ".join(re.sub("[<>]", " ", name).split())


def id_suffix(*, clio_id: int) -> str:
    """Give what is appended to a name where IDs are appended."""
    return f" ({clio_id})"


def without_id(*, name: str, clio_id: int) -> str:
    """Give a name in Xero without the ID that we appended to it."""
    return name.removesuffix(id_suffix(clio_id=clio_id))


def contact_fields(record: ContactRecord) -> dict[str, Any]:
    """Give a contact's fields in Xero's names and nesting, the name excepted. Only what has a value is there."""
    fields: dict[str, Any] = {}
    if record.type != "Company":
        fields["FirstName"], fields["LastName"] = _text(record.first_name), _text(record.last_name)
    fields["EmailAddress"] = record.email.strip() if len(record.email.strip()) <= MAX_NAME else ""
    fields["Phones"] = [{"PhoneType": kind, "PhoneNumber": number} for kind, number in phones_of(record).items()]
    address = address_fields(billing_address(record))
    fields["Addresses"] = [{"AddressType": kind, **address} for kind in ADDRESS_TYPES] if address else []
    return {name: value for name, value in fields.items() if value}


def phones_of(record: ContactRecord) -> dict[str, str]:
    """Give phone numbers by Xero's types: the primary one is DEFAULT and nothing else; the first of a type counts.

    A number longer than Xero takes is left out: half a number is worse than none.
    """
    primary = primary_phone(record)
    found = {"DEFAULT": _number(primary)} if primary else {}
    for phone in record.phones:
        kind = _PHONE_TYPE.get(phone.name.strip().casefold())
        if kind and not phone.primary and _number(phone):
            found.setdefault(kind, _number(phone))
    return {kind: found[kind] for kind in PHONE_TYPES if kind in found}


def primary_phone(record: ContactRecord) -> Phone | None:
    """Give the primary phone, if it has a number that Xero could take."""
    return next((phone for phone in record.phones if phone.primary and _number(phone)), None)


def billing_address(record: ContactRecord) -> Address | None:
    """Give the billing address, else the primary one; a primary billing address before another billing address."""
    billing = [address for address in record.addresses if address.name.strip().casefold() == "billing"]
    return _first_primary(billing) or (billing[0] if billing else _first_primary(record.addresses))


def address_fields(address: Address | None) -> dict[str, str]:
    """Give an address in Xero's names, without its type; empty parts are left out."""
    if address is None:
        return {}
    lines = street_lines(address.street)
    fields = dict(zip(STREET_LINES, lines, strict=False))
    fields["City"] = _text(address.city)
    fields["Region"] = _text(address.province)
    fields["PostalCode"] = address.postal_code.strip()[:MAX_POSTAL_CODE]
    fields["Country"] = country_letters(address.country)
    return {name: value for name, value in fields.items() if value}


def street_lines(street: str) -> list[str]:
    """Split a street into Xero's four lines; what is beyond the fourth is joined to it."""
    lines = [" ".join(line.split()) for line in street.splitlines()]
    lines = [line for line in lines if line]
    if len(lines) > len(STREET_LINES):
        lines = [*lines[:3], ", ".join(lines[3:])]
    return [line[:MAX_STREET_LINE] for line in lines]


def country_letters(country: str) -> str:
    """Give a country as Xero takes it: letters and spaces, at most 50 (X 3.2)."""
    letters = "".join(c for c in country if c.isalpha() or c.isspace())
    return " ".join(letters.split())[:50].rstrip()


def _first_primary(addresses: Iterable[Address]) -> Address | None:
    return next((address for address in addresses if address.primary), None)


def _number(phone: Phone) -> str:
    number = " ".join(phone.number.split())
    return number if len(number) <= MAX_PHONE else ""


def _text(value: str) -> str:
    return " ".join(value.split())[:MAX_NAME].rstrip()
