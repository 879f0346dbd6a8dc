"""Builders of payments, credits and all that their planning reads: a bill of 500.00, matched to the account 090."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from syncengine.domain.documents import StandingCredit, StandingPayment
from syncengine.domain.money_records import AllocationRecord
from syncengine.domain.payment_plan import (
    AdoptPayment,
    AppliedPayment,
    CreatePayment,
    HoldPayment,
    KeepPayment,
    PaymentChange,
    PaymentLink,
    PaymentSources,
    RemoveByHand,
    RemovePayment,
    SeenPayment,
    TakeOver,
)
from syncengine.domain.rules import Account, Organisation, Rules
from syncengine.domain.settlement import plan_payments
from tests.unit.domain.makers import bill, rules

DAY = dt.date(2026, 5, 20)
NOON = dt.datetime(2026, 5, 21, 12, tzinfo=dt.UTC)
BEFORE, AFTER = NOON - dt.timedelta(hours=1), NOON + dt.timedelta(hours=1)
BANK = Account("acc-090", "090", "Operating", "BANK", "ASSET", "ACTIVE", currency="CAD", takes_payments=True)
ONLINE = Account("acc-091", "091", "Clio Payments", "BANK", "ASSET", "ACTIVE", currency="CAD", takes_payments=True)
DOLLARS = Account("acc-095", "095", "US Operating", "BANK", "ASSET", "ACTIVE", currency="USD", takes_payments=True)
SALES = Account("acc-200", "200", "Sales", "REVENUE", "REVENUE", "ACTIVE")
CREDITS = Account("acc-260", "260", "Write-offs", "REVENUE", "REVENUE", "ACTIVE")


def money_rules(*, locked: dt.date | None = None, **changes: Any) -> Rules:
    """Payments go to 090, credits to 260."""
    accounts = {one.account_id: one for one in (BANK, ONLINE, DOLLARS, SALES, CREDITS)}
    values = {"payment_bank_account": "acc-090", "credit_notes_account": "acc-260", "accounts": accounts, **changes}
    organisation = Organisation(name="Reyes Law", base_currency="CAD", period_lock=locked)
    return rules(organisation=organisation, **values)


def allocation(allocation_id: int = 8801, amount: Any = "200.00", days: int = 0, **changes: Any) -> AllocationRecord:
    """A payment's part of 200.00 on bill 9001."""
    values: dict[str, Any] = {
        "bill_id": 9001,
        "parent_type": "Payment",
        "parent_id": 7001,
        "date": DAY + dt.timedelta(days=days),
        **changes,
    }
    return AllocationRecord(id=allocation_id, amount=Decimal(amount), **values)


def credit(allocation_id: int = 8802, amount: Any = "100.00", **changes: Any) -> AllocationRecord:
    """A credit's part of 100.00 on bill 9001."""
    return allocation(allocation_id, amount, **{"parent_type": "CreditMemo", "parent_id": 7500, **changes})


def standing(payment_id: str = "p1", amount: Any = "200.00", days: int = 0, **changes: Any) -> StandingPayment:
    """A payment in Xero on the bill's invoice, entered by hand unless its reference says otherwise."""
    values: dict[str, Any] = {"invoice_id": "inv-1", "date": DAY + dt.timedelta(days=days), **changes}
    values.setdefault("account_id", "acc-090")
    return StandingPayment(payment_id=payment_id, amount=Decimal(amount), **values)


def seen(*payments: StandingPayment, first: dt.datetime = NOON, last: dt.datetime = NOON) -> dict[str, SeenPayment]:
    """Payments as last read, first and last seen standing at these times."""
    return {one.payment_id: SeenPayment(one, first, last) for one in payments}


def payment_link(row: AllocationRecord, payment_id: str = "p1", **changes: Any) -> PaymentLink:
    """The link of a row that was sent as it is."""
    applied = AppliedPayment(
        invoice_id=changes.pop("invoice_id", "inv-1"),
        account_id=changes.pop("account_id", "acc-090"),
        date=row.date,
        amount=row.amount,
        reference=changes.pop("reference", f"CLIO-A{row.id}"),
        by_hand=changes.pop("by_hand", False),
    )
    values: dict[str, Any] = {"record_digest": row.digest, "applied": applied, **changes}
    return PaymentLink(row.id, payment_id, **values)


def sources(
    *rows: AllocationRecord,
    links: Iterable[PaymentLink] = (),
    there: Mapping[str, SeenPayment] | None = None,
    **changes: Any,
) -> PaymentSources:
    """What the payments of bill 9001 are planned from; `paid` and `room` follow from what is given."""
    links = list(links)
    there = there or {}
    counting = sum((row.amount for row in rows if row.is_payment and row.counts), Decimal(0))
    on_it = sum((one.standing.amount for one in there.values() if one.standing.is_live), Decimal(0))
    values: dict[str, Any] = {
        "bill": bill(due="500.00", paid=str(changes.pop("paid", counting))),
        "invoice_id": "inv-1",
        "allocations": rows,
        "links": {link.allocation_id: link for link in links},
        "seen": there,
        "linked_ids": frozenset(link.payment_id for link in links if link.payment_id),
        "rules": money_rules(),
        "room": Decimal("500.00") - on_it,
        **changes,
    }
    return PaymentSources(**values)


def on_invoice(note_id: str = "n1", amount: Any = "100.00", number: str = "") -> StandingCredit:
    """A credit note that is set against the bill's invoice."""
    return StandingCredit(note_id, number or note_id.upper(), Decimal(amount))


def planned(given: PaymentSources) -> Sequence[PaymentChange]:
    return plan_payments(sources=given).changes


def told(changes: Sequence[PaymentChange]) -> list[tuple[Any, ...]]:
    """Changes in short: what, of which row, and the payment, the key or the reason."""
    found: list[tuple[Any, ...]] = []
    for change in changes:
        match change:
            case CreatePayment(row, made, _, restores):
                found.append(("create", row, made.key, *(("again",) if restores else ())))
            case AdoptPayment(row, there, _, _):
                found.append(("adopt", row, there.payment_id))
            case RemovePayment(row, payment_id, again):
                found.append(("remove", row, payment_id, *(("again",) if again else ())))
            case RemoveByHand(row, payment_id):
                found.append(("remove by hand", row, payment_id))
            case TakeOver(former, row):
                found.append(("take over", former, row))
            case KeepPayment(row):
                found.append(("keep", row))
            case HoldPayment(row, why):
                found.append(("hold", row, why.code))
    return found
