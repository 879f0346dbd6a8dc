"""Control actions on contacts, hard costs, categories, the account, and what the connected login may do."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sandbox.clio import rules
from sandbox.clio.api import new_contact
from sandbox.clio.contact_writes import write_contact
from sandbox.clio.desk import Action, Desk, Readers, as_is, cents, put, scaled, to_date
from sandbox.clio.schema_firm import ACCOUNT, EXPENSE_CATEGORY, SERVICE_CATEGORY
from sandbox.clio.schema_lines import ACTIVITY
from sandbox.clio.schema_people import CONTACT
from sandbox.clio.shape import render_whole
from sandbox.firm.billing import Activity
from sandbox.firm.records import Contact, Row

_ACTIVITY_READERS: Readers = {
    **dict.fromkeys(
        (
            "type",
            "note",
            "reference",
            "matter_id",
            "user_id",
            "currency_id",
            "bill_id",
            "vendor_id",
            "service_category_id",
            "expense_category_id",
            "input_tax_rate_id",
            "non_billable",
            "no_charge",
        ),
        as_is,
    ),
    "date": to_date,
    "price": cents,
    "total": cents,
    "quantity": lambda value: None if value is None else scaled(value, 2),
}


_ACCOUNT_READERS: Readers = {
    **dict.fromkeys(("id", "name", "state", "country"), as_is),
    "created_at": lambda value: datetime.fromisoformat(value) if isinstance(value, str) else value,
}


def _contact(desk: Desk, row: Contact) -> dict[str, Any]:
    return render_whole(desk.store, CONTACT, row)


def add_contact(desk: Desk, *, is_client: bool = True, **data: Any) -> dict[str, Any]:
    """A new contact, from the values that POST /contacts takes."""
    row = new_contact(desk.store, data, desk.now)
    row.is_client = is_client
    return _contact(desk, row)


def edit_contact(desk: Desk, *, contact_id: int, silent: bool = False, **data: Any) -> dict[str, Any]:
    """Change a contact by the values that PATCH /contacts takes."""
    row = desk.store.contacts.get(contact_id)
    before = row.updated_at, row.revision
    write_contact(desk.store, row, data, desk.now)
    if silent:
        row.updated_at, row.revision = before
    return _contact(desk, row)


def delete_contact(desk: Desk, *, contact_id: int) -> dict[str, Any]:
    """Delete a contact: it reads as 404."""
    if desk.as_person:
        rules.may_delete_contact(desk.store, contact_id)
    shown = _contact(desk, desk.store.contacts.get(contact_id))
    desk.store.contacts.remove(contact_id)
    return shown


def merge_contacts(desk: Desk, *, winner: int, loser: int, silent: bool = False) -> dict[str, Any]:
    """Merge two contacts: all that the loser had is the winner's, and the loser reads as 404."""
    store = desk.store
    row = store.contacts.get(winner)
    if winner == loser:
        raise ValueError("loser: a contact cannot be merged with itself")
    store.contacts.remove(loser)
    held: list[tuple[Iterable[Row], str]] = [
        (store.bills.all(), "client_id"),
        (store.matters.all(), "client_id"),
        (store.activities.all(), "vendor_id"),
        (store.allocations.all(), "contact_id"),
        (store.credit_memos.all(), "contact_id"),
    ]
    for rows, name in held:
        for one in rows:
            if getattr(one, name) == loser:
                setattr(one, name, winner)
                desk.touch(one, silent=silent)
    desk.touch(row, silent=silent)
    return _contact(desk, row)


def add_activity(desk: Desk, **values: Any) -> dict[str, Any]:
    """A hard cost (or, by `type`, another activity) of 150.00 today, by the first vendor, on the first matter."""
    store = desk.store
    vendor = next((row.id for row in store.contacts.all() if not row.is_client), None)
    hard = next((row.id for row in store.expense_categories.all() if row.entry_type == "hard_cost"), None)
    row = Activity(
        id=store.activities.take_id(),
        created_at=desk.now,
        updated_at=desk.now,
        type="HardCostEntry",
        date=desk.today(),
        price=15_000,
        total=15_000,
        matter_id=store.matters.ids[0],
        user_id=store.users.ids[0],
        currency_id=store.currencies.ids[0],
        note="Paid for the client",
        vendor_id=vendor,
        expense_category_id=hard,
    )
    put(row, values, _ACTIVITY_READERS)
    if "price" in values and "total" not in values:
        row.total = row.price
    return render_whole(store, ACTIVITY, store.activities.add(row))


def edit_activity(desk: Desk, *, activity_id: int, silent: bool = False, **values: Any) -> dict[str, Any]:
    """Change an activity; a new price is the new total too, unless `total` is given."""
    row = desk.store.activities.get(activity_id)
    put(row, values, _ACTIVITY_READERS)
    if "price" in values and "total" not in values:
        row.total = row.price
    desk.touch(row, silent=silent)
    return render_whole(desk.store, ACTIVITY, row)


def delete_activity(desk: Desk, *, activity_id: int) -> dict[str, Any]:
    """Delete an activity: it vanishes without a word."""
    shown = render_whole(desk.store, ACTIVITY, desk.store.activities.get(activity_id))
    desk.store.activities.remove(activity_id)
    return shown


def set_category(desk: Desk, *, category_id: int, kind: str, code: str | None, silent: bool = False) -> dict[str, Any]:
    """Set the Xero account code that Clio holds for a category; `kind` is service or expense."""
    if kind == "service":
        service = desk.store.service_categories.get(category_id)
        service.xero_service_code = code
        desk.touch(service, silent=silent)
        return render_whole(desk.store, SERVICE_CATEGORY, service)
    expense = desk.store.expense_categories.get(category_id)
    expense.xero_expense_code = code
    desk.touch(expense, silent=silent)
    return render_whole(desk.store, EXPENSE_CATEGORY, expense)


def edit_account(desk: Desk, **values: Any) -> dict[str, Any]:
    """Change the account: another `id` makes it another firm's."""
    account = desk.store.account
    put(account, values, _ACCOUNT_READERS)
    desk.touch(account)
    return render_whole(desk.store, ACCOUNT, account)


def revoke_tokens(desk: Desk) -> dict[str, Any]:
    """Revoke every consent, as a user of the firm may do in Clio."""
    return {"revoked": desk.oauth.revoke_all()}


def hide(desk: Desk, *, kind: str, ids: list[int] | None = None, redact: bool = False) -> dict[str, Any]:
    """Hide records from the login: not listed, 404 by id. Without ids all of the kind. Redacted: seen, but empty."""
    kinds = desk.store.redacted if redact else desk.store.hidden
    kinds[kind] = None if ids is None else set(ids)
    return {"kind": kind, "ids": ids, "redacted": redact}


def hide_contacts(desk: Desk, *, ids: list[int] | None = None, redact: bool = False) -> dict[str, Any]:
    """Let the login see fewer contacts."""
    return hide(desk, kind="contacts", ids=ids, redact=redact)


def show_all(desk: Desk) -> dict[str, Any]:
    """Let the login see everything again."""
    desk.store.hidden.clear()
    desk.store.redacted.clear()
    return {"shown": True}


FIRM_ACTIONS: dict[str, Action] = {
    action.__name__: action
    for action in (
        add_contact,
        edit_contact,
        delete_contact,
        merge_contacts,
        add_activity,
        edit_activity,
        delete_activity,
        set_category,
        edit_account,
        revoke_tokens,
        hide,
        hide_contacts,
        show_all,
    )
}
