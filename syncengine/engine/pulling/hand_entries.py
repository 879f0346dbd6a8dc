"""What on an invoice is ours, and what a person entered by hand: that is never changed or removed (DESIGN §4.6)."""

from decimal import Decimal
from typing import Final

from syncengine.domain.documents import Blocked, StandingInvoice, Waiting
from syncengine.domain.money import ZERO
from syncengine.domain.payment_problems import cannot_remove
from syncengine.domain.scope import is_locked
from syncengine.engine.pulling.payments import observe_payments, seen_on
from syncengine.engine.slice import Slice
from syncengine.models import Link

BY_HAND_VOIDED: Final = "voided_in_xero"
_PAYMENT, _NOTE = Link.Kind.PAYMENT, Link.Kind.CREDIT_NOTE


def voided_by_hand(*, standing: StandingInvoice | None) -> Blocked:
    """The invoice of a sent bill is dead in Xero, though the bill is not gone in Clio (BEHAVIOUR §5)."""
    what = "voided or deleted" if standing else "no longer found"
    remedy = "Send it again under a new number, or ignore it."
    return Blocked(BY_HAND_VOIDED, f"The invoice of this bill was {what} in Xero.", remedy)


def our_money_on(*, standing: StandingInvoice) -> tuple[list[Link], list[Link]]:
    """The links of the payments and of the credit notes of ours that stand on an invoice (two queries)."""
    payments = [one.payment_id for one in standing.payments]
    notes = [one.credit_note_id for one in standing.credits]
    return (
        list(Link.objects.filter(kind=_PAYMENT, xero_id__in=payments)) if payments else [],
        list(Link.objects.filter(kind=_NOTE, xero_id__in=notes)) if notes else [],
    )


def by_hand_on(*, standing: StandingInvoice) -> list[str]:
    """What stands on an invoice and is not ours, in words: payments, credit notes, prepayments and overpayments."""
    payments, notes = our_money_on(standing=standing)
    ours = {link.xero_id for link in (*payments, *notes)}
    words = [
        f"a payment of {one.amount:f} ({one.reference or 'no reference'})"
        for one in standing.payments
        if one.payment_id not in ours
    ]
    words += [
        f"credit note {one.number or one.credit_note_id} of {one.amount:f}"
        for one in standing.credits
        if one.credit_note_id not in ours
    ]
    credited = sum((one.amount for one in standing.credits), Decimal(0))
    if standing.amount_credited - credited > ZERO:
        words.append(f"a prepayment or overpayment of {standing.amount_credited - credited:f}")
    return words


def locked_credits(*, work: Slice, standing: StandingInvoice) -> Waiting | None:
    """What credit notes of ours on an invoice wait for, if they are dated in a locked period (X 6.32)."""
    _, notes = our_money_on(standing=standing)
    return next(filter(None, (is_locked(date=link.dated, rules=work.setup.rules) for link in notes)), None)


def marks_problem(*, work: Slice, standing: StandingInvoice) -> Blocked | Waiting | None:
    """Why a payment on an invoice cannot be taken off now, if so; reads their marks, a call an invoice (X 7.26)."""
    if not standing.payments:
        return None
    invoice_id = standing.invoice_id
    observe_payments(work=work, invoice_id=invoice_id, payments=work.xero.payments_on(invoice_id))
    for one in seen_on(invoice_ids=[invoice_id]).get(invoice_id, {}).values():
        why = cannot_remove(standing=one.standing, rules=work.setup.rules)
        if why is not None:
            return why
    return None
