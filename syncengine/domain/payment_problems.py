"""What can keep a payment from being made or removed, in plain words with the way out (BEHAVIOUR §6)."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final, Literal

from syncengine.domain.documents import Blocked, StandingPayment, Waiting
from syncengine.domain.money import ZERO
from syncengine.domain.rules import Rules
from syncengine.domain.scope import is_locked

RECONCILED: Final = Blocked(
    code="payment_reconciled",
    message="The payment is reconciled in Xero, so it cannot be removed or changed there",
    remedy="In Xero, open the bank account, find the payment and choose Unreconcile; then try again.",
)
IN_BATCH: Final = Blocked(
    code="payment_in_batch",
    message="The payment is part of a batch in Xero, so it cannot be removed by itself",
    remedy="In Xero, take the payment out of its batch (delete the batch payment); then try again.",
)
LISTED_TWICE: Final = Waiting(
    code="listed_twice", message="Clio lists this payment twice; the next run looks again before anything is sent."
)


def cannot_remove(*, standing: StandingPayment | None, rules: Rules) -> Blocked | Waiting | None:
    """Why a payment cannot be taken off now, if so: reconciled, in a batch, in a locked period (X 6.28, 6.32, 7.26)."""
    if standing is None or not standing.is_live:
        return None
    if standing.reconciled:
        return RECONCILED
    if standing.batch_id:
        return IN_BATCH
    return is_locked(date=standing.date, rules=rules)


def question(*, amount: Decimal, candidates: Sequence[StandingPayment]) -> Blocked:
    """Several payments in Xero could be this one: a person says which, or that it is none of them (§6)."""
    return Blocked(
        code="payment_which",
        message=f"{len(candidates)} payments in Xero could be this one of {amount:f}",
        remedy="Choose which of them it is, or say that it is none of these and has to be made.",
        details={
            "choices": [{"value": one.payment_id, "label": _told(one)} for one in candidates],
            "choice_action": "payment_which",
        },
    )


def _told(one: StandingPayment) -> str:
    date = one.date.isoformat() if one.date else "no date"
    return f"{one.amount:f} on {date}, {one.reference or 'no reference'}"


def deleted_again(*, times: int) -> Blocked:
    """No war with whoever deletes it: after some restorations somebody has to look."""
    return Blocked(
        code="payment_deleted_again",
        message=f"Somebody deleted this payment in Xero once more, after it was put back {times} times",
        remedy="Void the payment in Clio if it is wrong, have it put back once more, or ignore it.",
        details={"choices": [{"value": "again", "label": "Put it back once more"}], "choice_none": ""},
    )


def too_large(
    *, amount: Decimal, room: Decimal, currency: str, what: Literal["payment", "credit"] = "payment"
) -> Blocked:
    """Xero would refuse it (X 6.25); amounts are in `currency`."""
    due = max(room, ZERO)
    return Blocked(
        code=f"{what}_exceeds_due",
        message=f"The {what} of {amount:f} {currency} is more than the {due:f} still due in Xero",
        remedy=(
            "Look at the invoice in Xero: a payment or credit entered there by hand may stand for this one. Remove it"
            " there, or ignore this."
        ),
        details={"amount": f"{amount:f}", "due": f"{room:f}"},
    )
