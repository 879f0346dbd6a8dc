"""Interest charged after a bill was sent → an invoice of its own (BEHAVIOUR §5, Interest)."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from syncengine.domain.documents import Blocked, DocumentLine, InvoiceDocument, Waiting
from syncengine.domain.mapping.coding import INTEREST_CODING, code_interest
from syncengine.domain.mapping.invoice_lines import INTEREST_KEY, interest_digest
from syncengine.domain.money import ZERO
from syncengine.domain.money_records import InterestCharge
from syncengine.domain.records import BillRecord
from syncengine.domain.rules import Rules
from syncengine.domain.scope import is_locked

ONE = Decimal(1)
_NO_DATE = dt.date.min


def unbilled_charges(
    *, charges: Sequence[InterestCharge], own_bills: Sequence[Decimal], later: Decimal
) -> list[InterestCharge] | None:
    """The charges that make up a bill's later interest, oldest first; None if they do not explain it.

    `own_bills` are the totals of Clio's own bills for this bill's interest: a charge that one of them carries comes to
    Xero with that bill. Of the others, the latest are those that came after the bill was sent.
    """
    left = list(own_bills)
    unbilled = []
    for charge in sorted(charges, key=lambda charge: (charge.date or _NO_DATE, charge.id)):
        if charge.total in left:
            left.remove(charge.total)
        else:
            unbilled.append(charge)
    found: list[InterestCharge] = []
    total = ZERO
    while total < later and unbilled:
        found.insert(0, unbilled.pop())
        total += found[0].total
    return found if total == later else None


def map_interest_charge(
    *, charge: InterestCharge, bill: BillRecord, rules: Rules, contact_id: str, number: str
) -> InvoiceDocument | Blocked | Waiting:
    """Map one later charge to its invoice: "1042-INT-<charge id>", dated and due on the charge date, untaxed.

    `number` is what the bill's invoice is called in Xero. The amount is in the bill's currency.
    """
    if charge.date is None or not contact_id:
        return Blocked(
            code="interest_without_date",
            message="Interest was charged on this bill without a date",
            remedy="Look at the bill's interest in Clio.",
            field="interest",
        )
    locked = is_locked(date=charge.date, rules=rules)
    if locked:
        return locked
    booked = code_interest(rules=rules)
    if isinstance(booked, Blocked):
        return booked
    line = DocumentLine(
        key=INTEREST_KEY,
        description=charge.description or "Interest",
        quantity=ONE,
        unit_amount=charge.total,
        amount=charge.total,
        account_code=booked.account_code,
        tax_type=booked.tax_type,
        record_digest=interest_digest(interest=charge.total),
        coding=INTEREST_CODING,
    )
    suffix = f"-INT-{charge.id}"
    return InvoiceDocument(
        number=number[: 255 - len(suffix)] + suffix,
        reference=f"Interest on bill {bill.number}",
        contact_id=contact_id,
        date=charge.date,
        due_date=charge.date,
        currency=bill.currency or rules.organisation.base_currency,
        url=rules.bill_url(bill.id),
        status="AUTHORISED",
        lines=(line,),
        total=charge.total,
        total_tax=ZERO,
    )
