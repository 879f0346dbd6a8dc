"""Creating and changing contacts (X 7A)."""

from dataclasses import replace
from typing import Any

from sandbox.xero import messages
from sandbox.xero.books import Books
from sandbox.xero.entities import Contact
from sandbox.xero.problems import Refused
from sandbox.xero.reading import Ask
from sandbox.xero.shapes import ADDRESS_FIELDS, CONTACT_TEXTS, PHONE_FIELDS
from sandbox.xero.values import folded

_PLAIN = {
    "ContactNumber": "number",
    "AccountNumber": "account_number",
    "FirstName": "first_name",
    "LastName": "last_name",
    "EmailAddress": "email",
    "CompanyNumber": "company_number",
    "TaxNumber": "tax_number",
    "BankAccountDetails": "bank_details",
    "DefaultCurrency": "currency",
}
_IDENTIFIERS = ("ContactID", "ContactNumber", "Name")


def write(books: Books, ask: Ask, *, create_only: bool, path_id: str = "") -> Contact:
    """Create or change one contact: PUT (`create_only`) never changes one that is there, POST does (X 7.1, 7.2).

    Raises Refused.
    """
    existing = None if create_only else _match(books, ask, path_id)
    if create_only and ask.get("ContactID") and books.contacts.get(ask["ContactID"]):
        raise Refused(messages.name_taken(ask.get("Name", "")))
    return save(books, prepare(books, ask, existing))


def save(books: Books, contact: Contact) -> Contact:
    """Put a prepared contact into the books, with its moment."""
    before = books.contacts.get(contact.id)
    if before == contact:
        return contact
    saved = books.contacts.put(replace(contact, updated=books.now()))
    books.tell("CONTACT", saved.id, created=before is None)
    books.note(saved.id, "Created" if before is None else "Edited", f"Contact {saved.name}")
    return saved


def _match(books: Books, ask: Ask, path_id: str) -> Contact | None:
    """The contact that a POST means: by id, by number (archived ones too), by the name of an active one."""
    if path_id or "ContactID" in ask:
        found = books.contacts.get(path_id or ask["ContactID"])
        if found is None:
            raise Refused(messages.CONTACT_NOT_FOUND)
        return found
    if not any(ask.get(key) for key in _IDENTIFIERS):
        raise Refused(messages.CONTACT_UNIDENTIFIED)
    if ask.get("ContactNumber"):
        numbered = books.contacts.find("number", folded(ask["ContactNumber"]))
        if numbered:
            return numbered[0]
    return next(iter(books.contacts.find("name", folded(ask.get("Name", "")))), None)


def prepare(books: Books, ask: Ask, existing: Contact | None) -> Contact:
    """What the contact would be; nothing is saved yet. Raises Refused with every broken rule."""
    if existing is not None and existing.status != "ACTIVE":
        raise Refused(messages.CONTACT_ARCHIVED)
    if existing is None and not ask.get("Name"):
        raise Refused(messages.CONTACT_UNIDENTIFIED)
    problems = _broken_rules(books, ask, existing)
    if problems:
        raise Refused(*problems)
    base = existing or Contact(id=books.new_id(), name="", updated=books.now())
    changes: dict[str, Any] = {field: ask[key].strip() for key, field in _PLAIN.items() if key in ask}
    if "Name" in ask:
        changes["name"] = " ".join(ask["Name"].split())
    if "ContactPersons" in ask:
        changes["persons"] = tuple(tuple(person.items()) for person in ask["ContactPersons"])
    if "Addresses" in ask:
        changes["addresses"] = _merged(base.addresses, ask["Addresses"], "AddressType", ADDRESS_FIELDS)
    if "Phones" in ask:
        changes["phones"] = _merged(base.phones, ask["Phones"], "PhoneType", PHONE_FIELDS)
    if ask.get("ContactStatus") == "ARCHIVED":
        changes["status"] = "ARCHIVED"
    return replace(base, **changes)


def _merged(
    before: tuple[tuple[str, tuple[tuple[str, str], ...]], ...],
    asked: list[Ask],
    type_key: str,
    fields: dict[str, int],
) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """A type that was sent takes the place of the one of that type; the other types stay (X 4.12)."""
    found = dict(before)
    for entry in asked:
        kind = entry.get(type_key, "DEFAULT" if type_key == "PhoneType" else "POBOX")
        found[kind] = tuple((name, entry[name]) for name in fields if entry.get(name))
    return tuple(found.items())


def _broken_rules(books: Books, ask: Ask, existing: Contact | None) -> list[str]:
    problems = [messages.too_long(key, most) for key, most in CONTACT_TEXTS.items() if len(ask.get(key, "")) > most]
    name, own_id = ask.get("Name", ""), existing.id if existing else ""
    if "<" in name or ">" in name:
        problems.append(messages.CONTACT_NAME_SIGNS)
    if name and any(row.id != own_id for row in books.contacts.find("name", folded(name))):
        problems.append(messages.name_taken(name))
    number = ask.get("ContactNumber", "")
    if number and any(row.id != own_id for row in books.contacts.find("number", folded(number))):
        problems.append(messages.CONTACT_NUMBER_TAKEN)
    if ask.get("ContactStatus") == "ARCHIVED" and existing is None:
        problems.append(messages.CONTACT_STATUS_ARCHIVED)
    currency = ask.get("DefaultCurrency", "")
    if currency and currency not in books.currencies:
        problems.append(messages.currency_missing(currency))
    email = ask.get("EmailAddress", existing.email if existing else "")
    if email and not _looks_like_email(email):
        problems.append(messages.EMAIL_INVALID)
    return problems + _broken_lists(ask, email)


def _broken_lists(ask: Ask, email: str) -> list[str]:
    """Rules about additional people, addresses and phones (X 3.1, 3.2)."""
    problems = []
    persons = ask.get("ContactPersons", [])
    if persons and not email:
        problems.append(messages.PERSONS_WITHOUT_EMAIL)
    if len(persons) > 5:
        problems.append(messages.TOO_MANY_PERSONS)
    for entries, fields in ((ask.get("Addresses", []), ADDRESS_FIELDS), (ask.get("Phones", []), PHONE_FIELDS)):
        for entry in entries:
            problems += [messages.too_long(key, most) for key, most in fields.items() if len(entry.get(key, "")) > most]
            country = entry.get("Country", "")
            if country and not all(sign.isalpha() or sign in " '-.()," for sign in country):
                problems.append(messages.COUNTRY_LETTERS)
    return problems


def _looks_like_email(text: str) -> bool:
    name, _, host = text.partition("@")
    return bool(name) and "." in host and not any(sign.isspace() or sign in "<>,;@" for sign in name + host)


def for_document(books: Books, ask: Ask | None, current: str) -> Contact:
    """The contact that a document names, prepared but not saved (X 7.8). `current` is the one it has already.

    A bare name that nobody has makes a new contact; other fields beside the id change the contact. Raises Refused.
    """
    if ask is None:
        if not current:
            raise Refused(messages.CONTACT_MISSING)
        return books.contacts.must(current)
    if not any(ask.get(key) for key in _IDENTIFIERS):
        raise Refused(messages.CONTACT_UNIDENTIFIED)
    found = _match(books, ask, "")
    if found is not None and found.id != current and found.status != "ACTIVE":
        raise Refused(messages.CONTACT_ARCHIVED_ON_DOCUMENT)
    extra = {key: value for key, value in ask.items() if key not in {"ContactID", "ContactStatus"}}
    if found is None:
        return prepare(books, ask, None)
    if not extra or found.status != "ACTIVE":
        return found
    if "ContactID" in ask or len(extra) > 1:
        extra.setdefault("ContactPersons", [])
    return prepare(books, extra, found)
