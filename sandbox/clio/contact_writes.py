"""Creating and changing contacts as API 4.0 does: what PATCH and POST /contacts and the control actions share."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from sandbox.clio.errors import bad_argument, not_found, unprocessable
from sandbox.firm.records import Address, Contact, Email, Phone
from sandbox.firm.store import Store

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+\Z")
_TEXTS = (
    "first_name",
    "middle_name",
    "last_name",
    "prefix",
    "title",
    "sales_tax_number",
    "ledes_client_id",
)
_KNOWN = {
    *_TEXTS,
    "type",
    "name",
    "date_of_birth",
    "company",
    "email_addresses",
    "phone_numbers",
    "addresses",
    # Known to Clio, not modelled here, so taken without effect.
    "avatar",
    "clio_connect_email",
    "co_counsel_rate",
    "currency",
    "custom_field_set_associations",
    "custom_field_values",
    "instant_messengers",
    "kyc_field_values",
    "rate_table_assignment",
    "require_utbms_codes",
    "web_sites",
}
EMAIL_NAMES = ("Work", "Home", "Other")
PHONE_NAMES = ("Work", "Home", "Mobile", "Fax", "Pager", "Skype", "Other")
ADDRESS_NAMES = ("Work", "Home", "Billing", "Other")
Maker = Callable[[int, Mapping[str, Any]], Any]


def write_contact(store: Store, contact: Contact, data: Mapping[str, Any], now: datetime) -> None:
    """Put the given values into a contact. Raises ApiError (400, 404, 422) before anything is changed."""
    unknown = sorted(set(data) - _KNOWN)
    if unknown:
        raise bad_argument(f"{unknown[0]} is not an attribute of a contact")
    kind = data.get("type", contact.type)
    if kind not in {"Person", "Company"}:
        raise unprocessable("type must be Person or Company")
    texts = {name: data.get(name, getattr(contact, name)) for name in _TEXTS}
    name = _name(kind, data, contact, texts)
    emails = _details(data, "email_addresses", contact.emails, _email_maker(now))
    phones = _details(data, "phone_numbers", contact.phones, _phone_maker(now))
    addresses = _details(data, "addresses", contact.addresses, _address_maker(now))
    for text, value in texts.items():
        setattr(contact, text, value)
    contact.type, contact.name = kind, name
    if "date_of_birth" in data:
        contact.date_of_birth = _birth(data["date_of_birth"])
    if "company" in data:
        contact.company_id = (data["company"] or {}).get("id")
    contact.emails, contact.phones, contact.addresses = emails, phones, addresses
    for row in (*emails, *phones, *addresses):
        row.id = row.id or store.take_detail_id()
    contact.updated_at, contact.revision = now, contact.revision + 1


def _name(kind: str, data: Mapping[str, Any], contact: Contact, texts: Mapping[str, Any]) -> str:
    """A company's name, or a person's made of its parts: the `name` sent for a person counts for nothing."""
    if kind == "Company":
        name = str(data.get("name", contact.name) or "").strip()
        if not name:
            raise unprocessable("Name can't be blank")
        return name
    if not texts["first_name"] and not texts["last_name"]:
        raise unprocessable("At least one of first name or last name must be provided")
    parts = (texts["first_name"], texts["middle_name"], texts["last_name"])
    return " ".join(part for part in parts if part)


def _birth(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise unprocessable("date_of_birth is not a date") from None


def _details(data: Mapping[str, Any], key: str, held: list[Any], make: Maker) -> list[Any]:
    """The rows after the change: with an id changed, or removed by _destroy; without an id added."""
    rows = {row.id: row for row in held}
    added, chosen = [], []
    for asked in data.get(key) or ():
        row_id = asked.get("id")
        if row_id is not None and row_id not in rows:
            raise not_found()
        if row_id is not None and asked.get("_destroy"):
            del rows[row_id]
            continue
        made = make(0, asked) if row_id is None else _changed(rows[row_id], asked, make)
        if row_id is None:
            added.append(made)
        else:
            rows[row_id] = made
        if any(asked.get(name) for name in ("default_email", "default_number", "primary")):
            chosen.append(made)
    found = [*rows.values(), *added]
    primary = next((row for row in [*chosen, *found] if row.primary), found[0] if found else None)
    for row in found:
        row.primary = row is primary
    return found


def _changed(row: Any, asked: Mapping[str, Any], make: Maker) -> Any:
    made = make(row.id, {**{name: getattr(row, name) for name in row.__slots__}, **asked})
    made.created_at, made.revision = row.created_at, row.revision + 1
    return made


def _label(asked: Mapping[str, Any], allowed: tuple[str, ...]) -> str:
    name = str(asked.get("name") or "Other")
    if name not in allowed:
        raise unprocessable(f"name {name} must be one of {', '.join(allowed)}")
    return name


def _email_maker(now: datetime) -> Maker:
    def make(row_id: int, asked: Mapping[str, Any]) -> Email:
        address = str(asked.get("address") or "")
        if not _EMAIL.match(address):
            raise unprocessable("Email address is invalid")
        primary = bool(asked.get("default_email", asked.get("primary", False)))
        label = _label(asked, EMAIL_NAMES)
        return Email(id=row_id, created_at=now, updated_at=now, name=label, address=address, primary=primary)

    return make


def _phone_maker(now: datetime) -> Maker:
    def make(row_id: int, asked: Mapping[str, Any]) -> Phone:
        number = str(asked.get("number") or "").strip()
        if not number:
            raise unprocessable("Number can't be blank")
        primary = bool(asked.get("default_number", asked.get("primary", False)))
        label = _label(asked, PHONE_NAMES)
        return Phone(id=row_id, created_at=now, updated_at=now, name=label, number=number, primary=primary)

    return make


def _address_maker(now: datetime) -> Maker:
    def make(row_id: int, asked: Mapping[str, Any]) -> Address:
        def part(name: str) -> str:
            return str(asked.get(name) or "")

        return Address(
            id=row_id,
            created_at=now,
            updated_at=now,
            name=_label(asked, ADDRESS_NAMES),
            street=part("street"),
            city=part("city"),
            province=part("province"),
            postal_code=part("postal_code"),
            country=part("country"),
            primary=bool(asked.get("primary", False)),
        )

    return make
