"""Allocations of credit memos → Xero credit notes, one each (BEHAVIOUR §7)."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from syncengine.domain.documents import Blocked, Waiting
from syncengine.domain.mapping.coding import find_account
from syncengine.domain.mapping.wording import shortened
from syncengine.domain.money import ZERO, from_cents, share_by_largest_remainder, to_cents
from syncengine.domain.money_documents import CreditLine, CreditNoteDocument
from syncengine.domain.money_records import AllocationRecord
from syncengine.domain.records import BillRecord
from syncengine.domain.rules import Rules
from syncengine.domain.scope import is_locked

MAX_REFERENCE: Final = 255
_KEY: Final = re.compile(r"CLIO-CN-(?P<id>\d+)(?:-(?P<generation>\d+))?")


def credit_note_number(*, allocation_id: int, generation: int = 1) -> str:
    """Give the natural key of a credit note: "CLIO-CN-8802"; made again: "CLIO-CN-8802-2" (BEHAVIOUR §7)."""
    return f"CLIO-CN-{allocation_id}" + (f"-{generation}" if generation > 1 else "")


def key_of_note(number: str) -> tuple[int, int] | None:
    """Read our natural key: (allocation id, generation); None where a credit note has another number."""
    found = _KEY.fullmatch(number.strip())
    return (int(found["id"]), int(found["generation"] or 1)) if found else None


def map_credit_note(
    *,
    allocation: AllocationRecord,
    bill: BillRecord,
    rules: Rules,
    contact_id: str,
    gross: Mapping[str, Decimal],
    generation: int,
) -> CreditNoteDocument | Blocked | Waiting:
    """Map a credit's part on one bill to the credit note that should stand in Xero.

    `gross` is what the bill's invoice holds of each tax type, tax included, in the invoice's currency. The note has one
    line for each of them, in proportion, so that note and invoice agree in the tax return; cents by largest remainder.
    Which sign Clio gives a credit is not known (C 6.4), so its amount is taken without.
    """
    account = find_account(account_id=rules.credit_notes_account, field="credit_notes_account", rules=rules)
    if isinstance(account, Blocked):
        return account
    if allocation.date is None:
        return Blocked(
            code="credit_without_date",
            message="The credit has no date in Clio",
            remedy="Delete the credit in Clio and issue it again with a date.",
            field="date",
        )
    locked = is_locked(date=allocation.date, rules=rules)
    if locked:
        return locked
    amount = abs(allocation.amount)
    about = " ".join(allocation.description.split())
    return CreditNoteDocument(
        number=credit_note_number(allocation_id=allocation.id, generation=generation),
        contact_id=contact_id,
        date=allocation.date,
        currency=bill.currency or rules.organisation.base_currency,
        reference=shortened(f"Credit on bill {bill.number}", limit=MAX_REFERENCE),
        description=shortened(" · ".join(filter(None, (about, f"credit on bill {bill.number}"))), limit=4000),
        account_code=account,
        lines=credit_lines(amount=amount, gross=gross, otherwise=rules.tax_none),
        total=amount,
    )


def credit_lines(*, amount: Decimal, gross: Mapping[str, Decimal], otherwise: str) -> tuple[CreditLine, ...]:
    """Divide an amount (tax included) over tax types in proportion to `gross`; all to `otherwise` if that is empty.

    A tax type whose part of the invoice is not above zero (a discount outweighs it) gets nothing.
    """
    kinds = sorted(gross)
    weights = [max(to_cents(gross[kind]), 0) for kind in kinds]
    if not any(weights):
        return (CreditLine(amount, otherwise),)
    shares = share_by_largest_remainder(cents=to_cents(amount), weights=weights)
    return tuple(CreditLine(from_cents(share), kind) for kind, share in zip(kinds, shares, strict=True) if share)


def tax_types_of(*, gross: Mapping[str, Decimal]) -> list[str]:
    """The set of tax types that a credit note is made for; if it changes, the note is made anew (BEHAVIOUR §7)."""
    return sorted(kind for kind, amount in gross.items() if amount > ZERO)
