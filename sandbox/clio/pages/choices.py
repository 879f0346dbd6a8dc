"""Dropdowns of clients and categories."""

from sandbox.firm.store import Store
from sandbox.web import forms

MOST_LISTED = 500


def client_field(store: Store, contact_id: int | None) -> forms.Field:
    """The firm's clients to choose from; where they are many, a client's number to type."""
    clients = [row for row in store.contacts.all() if row.is_client]
    if len(clients) > MOST_LISTED:
        hint = f"One of {len(clients):,} clients, by the number on its page."
        return forms.text("client_id", str(contact_id or clients[0].id), label="Client (number)", hint=hint)
    listed = [(str(row.id), f"{row.name} ({row.id})") for row in sorted(clients, key=lambda row: row.name or "")]
    return forms.choice("client_id", contact_id or "", listed, label="Client")


def categories(store: Store) -> list[tuple[str, list[forms.Choice]]]:
    """Service and expense categories, as values that `category_of` reads."""
    services = [(f"service-{row.id}", row.name) for row in store.service_categories.all()]
    expenses = [(f"expense-{row.id}", row.name) for row in store.expense_categories.all()]
    return [("Services", services), ("Expenses", expenses)]


def category_of(value: str) -> dict[str, int | None]:
    """What an action on lines takes for a chosen category. Raises ValueError."""
    kind, _, row_id = value.partition("-")
    return {
        "activity_description_id": int(row_id) if kind == "service" else None,
        "expense_category_id": int(row_id) if kind == "expense" else None,
    }
