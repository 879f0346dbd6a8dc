"""The independent plain function: what should stand in Xero for a bill, after a run that ended clean.

It is written from BEHAVIOUR §§5-7 and shares no code with syncengine. It takes what Clio holds (the stand-in's
records), the settings in force, and what stood when the run began, since a bill that is frozen or reopened stays so.

Not said here: line texts and coding, interest, later interest, tracking. What people entered by hand in Xero is held
against this by `differences`.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from sandbox.firm.billing import Allocation, Bill
from sandbox.firm.store import Store
from tests.model.books import Invoice

APPROVED = frozenset({"awaiting_payment", "paid"})
_GONE = frozenset({"void", "deleted"})


@dataclass(frozen=True, slots=True)
class Settings:
    """What the firm chose. An empty account is None on the page."""

    export: bool = True
    only_approved: bool = True
    issued_from: date | None = None
    bank: str = "090"
    credits: str = "260"
    #: Xero's lock date: what is dated on or before it waits, or stays.
    locked_until: date | None = None


@dataclass(frozen=True, slots=True)
class Money:
    """A payment or credit that should stand, by its allocation in Clio."""

    allocation_id: int
    amount: int
    on: date


@dataclass(frozen=True, slots=True)
class Should:
    """The invoice that should stand. `payments` is None where they should be as they stood: nothing is matched."""

    numbers: tuple[str, str]
    statuses: frozenset[str]
    total: int
    currency: str
    contact: str
    due_on: date
    payments: tuple[Money, ...] | None
    credits: tuple[Money, ...]


def should_stand(
    *, clio: Store, bill: Bill, settings: Settings, stood: Invoice | None
) -> Should | Literal["nothing", "as it stood"]:
    """Say what should stand for a bill."""
    before_range = settings.issued_from is not None and bill.issued_at < settings.issued_from
    if bill.kind != "revenue_kind":
        return "nothing"
    if not settings.export or before_range:
        return "as it stood"
    if bill.state in _GONE:
        return "nothing"
    if bill.state not in APPROVED and (settings.only_approved or (stood and stood.is_approved)):
        return "as it stood"
    return _invoice(clio, bill, settings)


def _invoice(clio: Store, bill: Bill, settings: Settings) -> Should:
    statuses = {"draft": {"DRAFT"}, "awaiting_approval": {"SUBMITTED"}}.get(bill.state, {"AUTHORISED", "PAID"})
    rows = [row for row in clio.allocations_of(bill.id) if row.voided_at is None]
    payments = tuple(_money(row) for row in rows if row.parent_type == "Payment")
    credits_given = tuple(_money(row) for row in rows if row.parent_type == "CreditMemo")
    takes_money = bill.state in APPROVED
    client = clio.contacts.get(bill.client_id)
    return Should(
        numbers=(bill.number, f"{bill.number}-{bill.id}"),
        statuses=frozenset(statuses),
        total=bill.due,
        currency=clio.currencies.get(bill.currency_id).code,
        contact=f"{client.name} ({client.id})",
        due_on=bill.due_at or bill.issued_at,
        payments=None if not settings.bank else (payments if takes_money else ()),
        credits=credits_given if takes_money else (),
    )


def _money(row: Allocation) -> Money:
    return Money(row.id, row.amount, row.date)
