"""Putting money on bills: what the data generator and the control actions share."""

from collections.abc import Iterable
from datetime import date, datetime

from sandbox.firm.billing import Allocation, Bill, CreditMemo, InterestCharge, Payment
from sandbox.firm.figures import settle, work_out
from sandbox.firm.records import BankAccount
from sandbox.firm.store import Store

INTEREST_RATE = 12_000  # thousandths of a percent


def account_of(store: Store, kind: str) -> BankAccount:
    """The firm's Operating or Trust account."""
    return next(account for account in store.bank_accounts.all() if account.type == kind)


def add_payment(
    store: Store,
    bill: Bill,
    *,
    amount: int,
    day: date,
    now: datetime,
    payment: Payment | None = None,
    online: bool = False,
    from_trust: bool = False,
    interest: bool = False,
    reference: str | None = None,
) -> Allocation:
    """An allocation to a bill, of a new payment or of one that pays other bills too; amounts in cents."""
    if payment is None:
        payment = store.payments.add(
            Payment(
                id=store.payments.take_id(),
                created_at=now,
                updated_at=now,
                amount=0,
                date=day,
                reference=reference,
            )
        )
    payment.amount += amount
    trust = account_of(store, "Trust") if from_trust else None
    return store.add_allocation(
        Allocation(
            id=store.allocations.take_id(),
            created_at=now,
            updated_at=now,
            date=day,
            amount=amount,
            bill_id=bill.id,
            contact_id=bill.client_id,
            matter_id=bill.matter_ids[0] if bill.matter_ids else None,
            parent_type="Payment",
            parent_id=payment.id,
            identifier=payment.reference,
            interest=interest,
            online=online,
            source_bank_account_id=trust.id if trust else None,
            destination_bank_account_id=account_of(store, "Operating").id,
        )
    )


def add_credit(
    store: Store, bill: Bill, *, amount: int, day: date, now: datetime, description: str, discount: bool = False
) -> Allocation:
    """A credit memo on a bill, with its allocation; the amount is in cents and positive (C 6.4)."""
    memo = store.credit_memos.add(
        CreditMemo(
            id=store.credit_memos.take_id(),
            created_at=now,
            updated_at=now,
            amount=amount,
            date=day,
            description=description,
            contact_id=bill.client_id,
            user_id=bill.user_id,
            discount=discount,
        )
    )
    return store.add_allocation(
        Allocation(
            id=store.allocations.take_id(),
            created_at=now,
            updated_at=now,
            date=day,
            amount=amount,
            bill_id=bill.id,
            contact_id=bill.client_id,
            matter_id=bill.matter_ids[0] if bill.matter_ids else None,
            parent_type="CreditMemo",
            parent_id=memo.id,
            description=description,
        )
    )


def settle_bill(store: Store, bill: Bill) -> None:
    """Work out what was paid and is owed, and move the bill between awaiting payment and paid."""
    allocations = store.allocations_of(bill.id)
    settle(bill, allocations)
    bill.paid_at = _last_paid(allocations)
    if bill.state in {"awaiting_payment", "paid"} and bill.kind != "trust_kind":
        bill.state = "paid" if bill.balance <= 0 < bill.due else "awaiting_payment"


def _last_paid(allocations: Iterable[Allocation]) -> datetime | None:
    times = [row.created_at for row in allocations if row.parent_type == "Payment" and row.voided_at is None]
    return max(times, default=None)


def add_charge(store: Store, bill: Bill, *, amount: int, day: date, now: datetime) -> InterestCharge:
    """The record of interest charged on a bill."""
    return store.interest_charges.add(
        InterestCharge(
            id=store.interest_charges.take_id(),
            created_at=now,
            updated_at=now,
            date=day,
            description=f"Interest on bill {bill.number}",
            total=amount,
            bill_id=bill.id,
        )
    )


def add_interest_bill(store: Store, original: Bill, *, amount: int, day: date, now: datetime, number: str) -> Bill:
    """A bill of its own for interest on another: no lines, the other as its original, its charge on the original."""
    bill = store.bills.add(
        Bill(
            id=store.bills.take_id(),
            created_at=now,
            updated_at=now,
            number=number,
            state="awaiting_payment",
            issued_at=day,
            due_at=day,
            client_id=original.client_id,
            matter_ids=list(original.matter_ids),
            user_id=original.user_id,
            currency_id=original.currency_id,
            subject="Interest",
            original_bill_id=original.id,
            interest=amount,
            interest_rate=INTEREST_RATE,
        )
    )
    work_out(bill, [])
    add_charge(store, original, amount=amount, day=day, now=now)
    return bill
