"""What /api/v4 offers to read: the records, filters and orders of each path."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from operator import eq, gt, lt
from typing import Any

from sandbox.clio import schema_billing, schema_firm, schema_lines, schema_money, schema_people
from sandbox.clio.filters import (
    Filter,
    Test,
    among,
    choice,
    day,
    exact,
    flag,
    holds_id,
    same_id,
    same_truth,
    search,
    since,
    word,
)
from sandbox.clio.settings import Settings
from sandbox.clio.shape import Resource
from sandbox.firm.billing import Bill
from sandbox.firm.store import Store, Table

SortKey = Callable[[Any], Any]
SINCE: Mapping[str, Filter] = {"created_since": since("created_at"), "updated_since": since("updated_at")}
IDS: Mapping[str, Filter] = {**SINCE, "ids[]": among("ids[]")}


@dataclass(frozen=True)
class Endpoint:
    """One path. Without `orders` it takes no `order` at all. `left_out` is the test for an unfiltered list."""

    resource: Resource
    table: Callable[[Store], Table[Any]]
    filters: Mapping[str, Filter]
    orders: Mapping[str, SortKey] = field(default_factory=dict)
    default_order: str = "id(asc)"
    show: bool = True
    most: int = 200
    kept: Callable[[Settings, Mapping[str, Any]], Test | None] = lambda _settings, _asked: None


def by(*names: str) -> dict[str, SortKey]:
    """Orders by plain values, records without one last."""

    def key(name: str) -> SortKey:
        return lambda row: (getattr(row, name) is None, getattr(row, name) or 0, row.id)

    return {name: key(name) for name in names}


def _text_orders(*names: str) -> dict[str, SortKey]:
    def key(name: str) -> SortKey:
        return lambda row: (str(getattr(row, name) or "").casefold(), row.id)

    return {name: key(name) for name in names}


def _live_bills(settings: Settings, asked: Mapping[str, Any]) -> Test | None:
    if "state" in asked or "ids[]" in asked or settings.list_void_bills:
        return None
    return lambda bill: bill.state not in {"void", "deleted"}


def _valid_allocations(settings: Settings, asked: Mapping[str, Any]) -> Test | None:
    if "status" in asked or "ids[]" in asked or settings.list_voided_allocations:
        return None
    return lambda row: row.voided_at is None


def _not_later(value: date, bound: date) -> bool:
    return value <= bound


def _not_earlier(value: date, bound: date) -> bool:
    return value >= bound


def _owed(bill: Bill) -> bool:
    return bill.state == "awaiting_payment" and bill.balance > 0


_BILL_TYPES: dict[str, Test] = {
    "revenue": lambda bill: bill.kind != "trust_kind",
    "trust": lambda bill: bill.kind == "trust_kind",
}
_STATUSES: dict[str, Test] = {"all": lambda _bill: True, "overdue": _owed}
# Whether issued_after and issued_before hold the day itself is not documented: here they do not (C 3.3).
BILLS = Endpoint(
    resource=schema_billing.BILL,
    table=lambda store: store.bills,
    filters={
        **IDS,
        "bill_number": exact("number"),
        "client_id": same_id("client_id"),
        "matter_id": holds_id("matter_ids"),
        "currency_id": same_id("currency_id"),
        "state": word("state", "draft", "awaiting_approval", "awaiting_payment", "paid", "void", "deleted"),
        "type": choice("type", _BILL_TYPES),
        "status": choice("status", _STATUSES),
        "overdue_only": flag("overdue_only", _owed),
        "issued_after": day("issued_after", "issued_at", gt),
        "issued_before": day("issued_before", "issued_at", lt),
        "due_at": day("due_at", "due_at", eq),
        "due_after": day("due_after", "due_at", gt),
        "due_before": day("due_before", "due_at", lt),
        "query": search("number"),
    },
    orders={**by("id", "due_at", "issued_at", "paid_at", "balance"), **_text_orders("number")},
    kept=_live_bills,
)
LINE_ITEMS = Endpoint(
    resource=schema_lines.LINE,
    table=lambda store: store.lines,
    filters={
        **IDS,
        "exclude_ids[]": among("exclude_ids[]", inside=False),
        "bill_id": same_id("bill_id"),
        "activity_id": same_id("activity_id"),
        "matter_id": same_id("matter_id"),
        "kind": word("kind", "Service", "Expense"),
        "query": search("description", "note"),
    },
    show=False,
)
ACTIVITIES = Endpoint(
    resource=schema_lines.ACTIVITY,
    table=lambda store: store.activities,
    filters={
        **IDS,
        "type": word("type", "TimeEntry", "ExpenseEntry", "HardCostEntry", "SoftCostEntry"),
        "matter_id": same_id("matter_id"),
        "user_id": same_id("user_id"),
        "expense_category_id": same_id("expense_category_id"),
        "activity_description_id": same_id("service_category_id"),
        "start_date": day("start_date", "date", _not_earlier),
        "end_date": day("end_date", "date", _not_later),
        "query": search("note"),
    },
    orders={**by("id", "date", "price", "total", "updated_at"), **_text_orders("type", "note")},
)
ALLOCATIONS = Endpoint(
    resource=schema_money.ALLOCATION,
    table=lambda store: store.allocations,
    filters={
        **IDS,
        "bill_id": same_id("bill_id"),
        "contact_id": same_id("contact_id"),
        "matter_id": same_id("matter_id"),
        "parent_id": same_id("parent_id"),
        "parent_type": word("parent_type", "Payment", "CreditMemo"),  # typed a number, described as these words (C 5.3)
        "status": choice(
            "status",
            {"valid": lambda row: row.voided_at is None, "invalid": lambda row: row.voided_at is not None},
        ),
    },
    orders=by("id", "date"),
    default_order="date(asc)",
    kept=_valid_allocations,
)
CREDIT_MEMOS = Endpoint(
    resource=schema_money.CREDIT_MEMO,
    table=lambda store: store.credit_memos,
    filters={**IDS, "contact_id": same_id("contact_id")},
    orders=by("id", "date"),
    default_order="date(asc)",
)
INTEREST_CHARGES = Endpoint(
    resource=schema_money.INTEREST_CHARGE,
    table=lambda store: store.interest_charges,
    filters={**IDS, "exclude_ids[]": among("exclude_ids[]", inside=False), "bill_id": same_id("bill_id")},
    show=False,
)
CONTACTS = Endpoint(
    resource=schema_people.CONTACT,
    table=lambda store: store.contacts,
    filters={
        **IDS,
        "exclude_ids[]": among("exclude_ids[]", inside=False),
        "type": word("type", "Company", "Person"),
        "client_only": flag("client_only", lambda row: row.is_client),
        "email_only": flag("email_only", lambda row: bool(row.emails)),
        "query": search("name"),
    },
    orders={**by("id"), **_text_orders("name")},
)
MATTERS = Endpoint(
    resource=schema_people.MATTER,
    table=lambda store: store.matters,
    filters={**IDS, "client_id": same_id("client_id"), "query": search("display_number", "description")},
    orders={**by("id", "open_date", "created_at", "updated_at"), **_text_orders("display_number")},
)
USERS = Endpoint(
    resource=schema_firm.USER,
    table=lambda store: store.users,
    filters={**IDS, "enabled": same_truth("enabled", "enabled"), "name": search("first_name", "last_name")},
    orders={**by("id"), **_text_orders("first_name", "last_name")},
    most=2000,
)
ACTIVITY_DESCRIPTIONS = Endpoint(
    resource=schema_firm.SERVICE_CATEGORY, table=lambda store: store.service_categories, filters=IDS
)
EXPENSE_CATEGORIES = Endpoint(
    resource=schema_firm.EXPENSE_CATEGORY,
    table=lambda store: store.expense_categories,
    filters={
        **SINCE,  # no ids[] here (C 8.3)
        "entry_type": word("entry_type", "hard_cost", "soft_cost", "unassociated"),
        "query": search("name"),
    },
    orders={**by("id"), **_text_orders("name", "entry_type")},
)
CURRENCIES = Endpoint(resource=schema_firm.CURRENCY, table=lambda store: store.currencies, filters=IDS, show=False)
TAX_RATES = Endpoint(
    resource=schema_firm.TAX_RATE,
    table=lambda store: store.tax_rates,
    filters={
        **IDS,
        "include_system": choice("include_system", {"true": lambda _row: True, "false": lambda row: not row.is_system}),
    },
    orders={**by("id", "rate"), **_text_orders("name")},
)
BANK_ACCOUNTS = Endpoint(
    resource=schema_firm.BANK_ACCOUNT,
    table=lambda store: store.bank_accounts,
    filters={
        **IDS,
        "type": choice(
            "type",
            {
                "OperatingAccount": lambda row: row.type == "Operating",
                "TrustAccount": lambda row: row.type == "Trust",
            },
        ),
        "status": choice("status", {"opened": lambda _row: True, "closed": lambda _row: False}),
    },
    orders={**by("id", "updated_at"), **_text_orders("name", "type")},
)

ENDPOINTS: dict[str, Endpoint] = {
    "bills": BILLS,
    "line_items": LINE_ITEMS,
    "activities": ACTIVITIES,
    "allocations": ALLOCATIONS,
    "credit_memos": CREDIT_MEMOS,
    "interest_charges": INTEREST_CHARGES,
    "contacts": CONTACTS,
    "matters": MATTERS,
    "users": USERS,
    "activity_descriptions": ACTIVITY_DESCRIPTIONS,
    "expense_categories": EXPENSE_CATEGORIES,
    "currencies": CURRENCIES,
    "tax_rate_configurations": TAX_RATES,
    "bank_accounts": BANK_ACCOUNTS,
}
