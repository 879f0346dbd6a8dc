"""Allocations of payments → Xero payments (BEHAVIOUR §6)."""

import re
from typing import Final

from syncengine.domain.documents import Blocked, Waiting
from syncengine.domain.mapping.coding import find_account
from syncengine.domain.mapping.wording import shortened
from syncengine.domain.money_documents import PaymentDocument
from syncengine.domain.money_records import AllocationRecord
from syncengine.domain.records import BillRecord
from syncengine.domain.rules import Rules
from syncengine.domain.scope import is_locked

MAX_REFERENCE: Final = 255  # longer ones came back whole (X 7.24), but nothing promises it (X 17.3)
_KEY: Final = re.compile(r"CLIO-A(?P<id>\d+)(?:-(?P<generation>\d+))?(?=\s|$)")
_BETWEEN: Final = " · "


def payment_key(*, allocation_id: int, generation: int = 1) -> str:
    """Give the natural key of a payment: "CLIO-A8801"; made again: "CLIO-A8801-2" (BEHAVIOUR §6)."""
    return f"CLIO-A{allocation_id}" + (f"-{generation}" if generation > 1 else "")


def key_in(reference: str) -> tuple[int, int] | None:
    """Read the natural key that a reference begins with: (allocation id, generation); None if it carries none.

    Keys are compared whole: "CLIO-A88" is not found in "CLIO-A8801" (BEHAVIOUR §11).
    """
    found = _KEY.match(reference.strip())
    return (int(found["id"]), int(found["generation"] or 1)) if found else None


def payment_reference(*, key: str, said: str) -> str:
    """Give a payment's reference: its key, then what is said of it."""
    words = " ".join(said.split())
    return shortened(f"{key}{_BETWEEN}{words}" if words else key, limit=MAX_REFERENCE)


def words_of(allocation: AllocationRecord) -> str:
    """What Clio says of a payment; one from trust says so."""
    parts = [" ".join(allocation.said.split()), "from trust" if allocation.from_trust else ""]
    return _BETWEEN.join(part for part in parts if part)


def map_payment(
    *, allocation: AllocationRecord, bill: BillRecord, rules: Rules, invoice_id: str, generation: int
) -> PaymentDocument | Blocked | Waiting:
    """Map a payment's part on one bill to the Xero payment that should stand on that bill's invoice.

    The amount is in the bill's currency. Online payments go to the Clio Payments account where one is set, all others
    to the matched bank account. The caller asks only while a bank account is matched.
    """
    online = allocation.online and bool(rules.clio_payments_account)
    field = "clio_payments_account" if online else "payment_bank_account"
    account_id = rules.clio_payments_account if online else rules.payment_bank_account
    problem = _account_problem(account_id, field, bill, rules) or _record_problem(allocation)
    if problem:
        return problem
    assert allocation.date is not None  # noqa: S101  (_record_problem saw to it)
    locked = is_locked(date=allocation.date, rules=rules)
    if locked:
        return locked
    key = payment_key(allocation_id=allocation.id, generation=generation)
    return PaymentDocument(
        key=key,
        invoice_id=invoice_id,
        account_id=account_id,
        date=allocation.date,
        amount=allocation.amount,
        reference=payment_reference(key=key, said=words_of(allocation)),
    )


def _account_problem(account_id: str, field: str, bill: BillRecord, rules: Rules) -> Blocked | None:
    found = find_account(account_id=account_id, field=field, rules=rules)
    if isinstance(found, Blocked):
        return found
    account = rules.accounts[account_id]
    if not account.takes_payments:
        return Blocked(
            code="account_takes_no_payments",
            message=f"The account {account.label} takes no payments in Xero",
            remedy="In Xero, enable payments to this account; or choose a bank account on the settings page.",
            field=field,
            cause=account_id,
            details={"account": account.label},
        )
    currency = account.currency or rules.organisation.base_currency
    bill_currency = bill.currency or rules.organisation.base_currency
    if currency == bill_currency:
        return None
    return Blocked(
        code="payment_currency",
        message=f"The payment is in {bill_currency}, but the account {account.label} is in {currency}",
        remedy=f"Enter the payment in Xero by hand to a bank account in {bill_currency}; it is linked in the next run.",
        field=field,
        cause=f"{account_id}:{bill_currency}",
        details={"account": account.label},
    )


def _record_problem(allocation: AllocationRecord) -> Blocked | None:
    if allocation.amount < 0:
        return Blocked(
            code="payment_negative",
            message=f"Clio states a payment of {allocation.amount:f}, and Xero takes none below zero",
            remedy="Look at the payment in Clio. A refund is entered in Xero by hand.",
            field="amount",
        )
    if allocation.date is None:
        return Blocked(
            code="payment_without_date",
            message="The payment has no date in Clio",
            remedy="Give the payment a date in Clio.",
            field="date",
        )
    return None
