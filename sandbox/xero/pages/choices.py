"""Dropdowns of contacts, accounts, tax rates and tracking options."""

from sandbox.web import forms
from sandbox.web.posted import FormProblem, Posted
from sandbox.xero.books import Books
from sandbox.xero.entities import Account

MOST_LISTED = 500
_NO_LINES = ("", "ROUNDING")


def contact_field(books: Books, contact_id: str = "") -> forms.Field:
    """The active contacts to choose from; where they are many, a name or number to type."""
    active = [row for row in books.contacts if row.status == "ACTIVE" or row.id == contact_id]
    held = books.contacts.get(contact_id) if contact_id else None
    if len(active) > MOST_LISTED:
        hint = f"One of {len(active):,} contacts, by its exact name."
        return forms.text("contact", held.name if held else "", label="Contact", hint=hint)
    listed = [(row.id, row.name) for row in sorted(active, key=lambda row: row.name.casefold())]
    return forms.choice("contact", contact_id, listed, label="Contact")


def line_account_field(books: Books, account_id: str = "") -> forms.Field:
    """Accounts that lines may stand on, and the one that the line stands on already."""
    rows = [
        row
        for row in _by_code(books)
        if row.id == account_id or (row.status == "ACTIVE" and row.type != "BANK" and row.system in _NO_LINES)
    ]
    return forms.choice("account", account_id, [("", "None"), *map(_named, rows)], label="Account")


def bank_field(books: Books, account_id: str = "") -> forms.Field:
    """Accounts that money is paid to, and the one it was paid to already."""
    rows = [
        row
        for row in _by_code(books)
        if row.id == account_id or (row.status == "ACTIVE" and (row.type == "BANK" or row.payments_enabled))
    ]
    return forms.choice("account", account_id, map(_named, rows), label="Bank account")


def tax_field(books: Books, tax_type: str = "") -> forms.Field:
    """Tax rates in use, and the line's own."""
    rates = [rate for rate in books.tax_rates.values() if rate.status == "ACTIVE" or rate.tax_type == tax_type]
    listed = [(rate.tax_type, f"{rate.name} ({rate.tax_type}, {rate.rate:f} %)") for rate in rates]
    return forms.choice("tax_type", tax_type, [("", "By the account"), *listed], label="Tax rate")


def tracking_fields(books: Books, held: dict[str, str]) -> list[forms.Field]:
    """A dropdown for each tracking category; `held` are its options by category."""
    return [
        forms.choice(
            f"tracking-{row.id}", held.get(row.id, ""), [("", "None"), *row.options], label=f"Tracking: {row.name}"
        )
        for row in books.tracking
        if row.status == "ACTIVE"
    ]


def tracking_of(posted: Posted) -> list[dict[str, str]]:
    """The tracking that a form's dropdowns ask for, as a write names it."""
    chosen = {category: posted.text(f"tracking-{category}") for category in posted.starting("tracking-")}
    return [
        {"TrackingCategoryID": category, "TrackingOptionID": option} for category, option in chosen.items() if option
    ]


def contact_of(books: Books, posted: Posted) -> str:
    """The id of the contact that a form names. Raises FormProblem."""
    named = posted.needed("contact")
    found = books.contacts.get(named) or next(iter(books.contacts.find("name", named.casefold())), None)
    if found is None:
        raise FormProblem(f"Contact: no active contact is called {named}.")
    return found.id


def _by_code(books: Books) -> list[Account]:
    return sorted(books.accounts, key=lambda row: (row.code, row.name))


def _named(row: Account) -> tuple[str, str]:
    name = f"{row.code} {row.name}".strip()
    return row.id, name if row.status == "ACTIVE" else f"{name} ({row.status.lower()})"
