"""Scope: whether a bill belongs in Xero now, and what its date allows (BEHAVIOUR §5)."""

import datetime as dt
from typing import Literal

from syncengine.domain.documents import Waiting
from syncengine.domain.records import BillRecord
from syncengine.domain.rules import Rules

Scope = Literal["in", "out_of_range", "not_approved", "trust", "gone", "off"]


def scope_of(*, bill: BillRecord, rules: Rules) -> Scope:
    """Say whether a bill is in scope, and if not, why; the first reason in this order counts.

    "trust": it asks for trust money and is never sent. "off": export is switched off. "out_of_range": its issue date
    is outside the range (both ends belong to it). Under those three a sent bill is frozen, voided or not. "gone": it
    was voided or deleted in Clio. "not_approved": a draft or pending bill, and only approved ones are wanted. A bill
    without an issue date is not out of range: mapping blocks it, so that somebody sees it.
    """
    if bill.is_trust_request:
        return "trust"
    if not rules.export_bills:
        return "off"
    if not _in_range(bill.issued_at, rules):
        return "out_of_range"
    if bill.is_gone:
        return "gone"
    return "not_approved" if rules.only_approved and not bill.is_approved else "in"


def is_locked(*, date: dt.date | None, rules: Rules) -> Waiting | None:
    """Give what a document of this date waits for if Xero's lock dates cover it; lock dates are inclusive."""
    until = rules.organisation.locked_until
    if date is None or until is None or date > until:
        return None
    return Waiting(code="period_locked", message=f"Period locked until {until.isoformat()}")


def _in_range(issued: dt.date | None, rules: Rules) -> bool:
    if issued is None:
        return True
    after_start = rules.issued_from is None or issued >= rules.issued_from
    return after_start and (rules.issued_to is None or issued <= rules.issued_to)
