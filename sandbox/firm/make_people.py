"""The firm itself: account, users, settings, and its contacts and matters."""

from datetime import datetime, timedelta
from random import Random

from sandbox.firm import names
from sandbox.firm.records import (
    Account,
    Address,
    BankAccount,
    Contact,
    Currency,
    Email,
    ExpenseCategory,
    Matter,
    Phone,
    ServiceCategory,
    TaxRate,
    User,
)
from sandbox.firm.store import Store

BASE_CURRENCY = "CAD"
ACCOUNT_ID = 3300
HST, PST = 13_000, 7_000  # thousandths of a percent


def new_firm(created: datetime, *, secondary_tax: bool) -> Store:
    """A firm with its users, accounts, taxes and categories, and nobody to work for yet."""
    account = Account(
        id=ACCOUNT_ID,
        created_at=created,
        updated_at=created,
        name=names.FIRM,
        address="4 Lantern Row",
        city=names.CITY,
        province=names.PROVINCE,
        postal_code="K0K 1Q1",
        country=names.COUNTRY,
        phone="555-0100",
    )
    store = Store(account)
    _add_money(store, created, secondary_tax=secondary_tax)
    people = (("Ines", "Fernhollow", 42_500), ("Tobin", "Quill", 38_250), ("Mara", "Sedgewick", 28_735))
    for place, (first, last, rate) in enumerate(people):
        store.users.add(
            User(
                id=store.users.take_id(),
                created_at=created,
                updated_at=created,
                first_name=first,
                last_name=last,
                email=f"{first.lower()}@fernhollow.example",
                subscription_type="Attorney" if place < 2 else "NonAttorney",
                rate=rate,
                account_owner=place == 0,
            )
        )
    _add_categories(store, created)
    return store


def _add_money(store: Store, created: datetime, *, secondary_tax: bool) -> None:
    currency = Currency(
        id=store.currencies.take_id(), created_at=created, updated_at=created, code=BASE_CURRENCY, sign="$"
    )
    store.currencies.add(currency)
    for name, kind in (("Operating", "Operating"), ("Trust", "Trust")):
        store.bank_accounts.add(
            BankAccount(
                id=store.bank_accounts.take_id(),
                created_at=created,
                updated_at=created,
                name=name,
                type=kind,
                currency_id=currency.id,
                holder=names.FIRM,
                institution="Otterbrook Savings",
                account_number="0001-0" if kind == "Operating" else "0002-0",
                default_account=kind == "Operating",
                clio_payments_enabled=kind == "Operating",
            )
        )

    def rate(name: str, value: int, *, system: bool = False) -> int:
        row = TaxRate(
            id=store.tax_rates.take_id(),
            created_at=created,
            updated_at=created,
            name=name,
            rate=value,
            is_system=system,
            country=None if system else names.COUNTRY,
            region=None if system else names.PROVINCE,
        )
        return store.tax_rates.add(row).id

    rate("Do not apply tax", 0, system=True)
    rate("Tax exempt", 0, system=True)
    store.primary_tax_id = rate("HST", HST)
    if secondary_tax:
        store.secondary_tax_id = rate("PST", PST)


def _add_categories(store: Store, created: datetime) -> None:
    for name, code, _ in names.SERVICES:
        store.service_categories.add(
            ServiceCategory(
                id=store.service_categories.take_id(),
                created_at=created,
                updated_at=created,
                name=name,
                xero_service_code=code,
            )
        )
    for name, entry_type, code in names.EXPENSES:
        store.expense_categories.add(
            ExpenseCategory(
                id=store.expense_categories.take_id(),
                created_at=created,
                updated_at=created,
                name=name,
                entry_type=entry_type,
                xero_expense_code=code,
            )
        )


def add_vendors(store: Store, created: datetime) -> list[Contact]:
    """The courts and services that the firm buys from."""
    return [_company(store, name, created) for name in names.VENDORS]


def add_clients(store: Store, rng: Random, count: int, created: datetime) -> list[Contact]:
    """Clients, persons and companies; now and then two of one name, or one without an e-mail address."""
    clients: list[Contact] = []
    for place in range(count):
        since = created + timedelta(minutes=place)
        if place % 15 == 14:
            client = _namesake(store, clients[rng.randrange(len(clients))], since)
        elif rng.random() < 0.55:
            first, last = rng.choice(names.FIRST_NAMES), rng.choice(names.LAST_NAMES)
            client = _person(store, first, last, since)
        else:
            words = (rng.choice(names.COMPANY_STEMS), rng.choice(names.COMPANY_TRADES))
            client = _company(store, " ".join((*words, rng.choice(names.COMPANY_ENDINGS))), since)
        client.is_client = True
        if place % 9 != 4:
            _add_details(store, rng, client)
        clients.append(client)
    return clients


def add_matters(store: Store, rng: Random, clients: list[Contact]) -> dict[int, list[int]]:
    """One or two matters a client; the ids by client."""
    found: dict[int, list[int]] = {}
    users = store.users.ids
    for client in clients:
        for _ in range(rng.choice((1, 1, 2))):
            matter_id = store.matters.take_id()
            subject = rng.choice(names.MATTERS)
            store.matters.add(
                Matter(
                    id=matter_id,
                    created_at=client.created_at,
                    updated_at=client.created_at,
                    number=matter_id,
                    display_number=f"{matter_id:05}-{subject}",
                    description=f"{subject} of {client.name}",
                    client_id=client.id,
                    attorney_id=rng.choice(users),
                    open_date=client.created_at.date(),
                )
            )
            found.setdefault(client.id, []).append(matter_id)
    return found


def _person(store: Store, first: str, last: str, created: datetime) -> Contact:
    return store.contacts.add(
        Contact(
            id=store.contacts.take_id(),
            created_at=created,
            updated_at=created,
            type="Person",
            name=f"{first} {last}",
            first_name=first,
            last_name=last,
        )
    )


def _company(store: Store, name: str, created: datetime) -> Contact:
    return store.contacts.add(
        Contact(id=store.contacts.take_id(), created_at=created, updated_at=created, type="Company", name=name)
    )


def _namesake(store: Store, other: Contact, created: datetime) -> Contact:
    if other.type == "Person":
        return _person(store, other.first_name or "", other.last_name or "", created)
    return _company(store, other.name or "", created)


def _add_details(store: Store, rng: Random, contact: Contact) -> None:
    created = contact.created_at

    slug = "".join(letter for letter in (contact.name or "").lower() if letter.isalnum())
    email = Email(
        id=store.take_detail_id(),
        created_at=created,
        updated_at=created,
        name="Work",
        address=f"{slug}{contact.id}@mail.example",
        primary=True,
    )
    contact.emails = [email]
    for place, kind in enumerate(rng.sample(("Work", "Mobile", "Fax"), rng.choice((1, 1, 2)))):
        contact.phones.append(
            Phone(
                id=store.take_detail_id(),
                created_at=created,
                updated_at=created,
                name=kind,
                number=f"555-01{rng.randrange(100):02}",
                primary=place == 0,
            )
        )
    for place, kind in enumerate(("Billing",) if rng.random() < 0.7 else ("Work", "Billing")):
        contact.addresses.append(
            Address(
                id=store.take_detail_id(),
                created_at=created,
                updated_at=created,
                name=kind,
                street=f"{rng.randrange(1, 90)} {rng.choice(names.STREETS)}",
                city=names.CITY,
                province=names.PROVINCE,
                postal_code=f"K0K {rng.randrange(1, 9)}Q{rng.randrange(1, 9)}",
                country=names.COUNTRY,
                primary=place == 0,
            )
        )
