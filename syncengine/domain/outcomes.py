"""Outcomes: what became of one item of a submission (DESIGN §1)."""

from dataclasses import dataclass

from syncengine.domain.documents import (
    StandingAllocation,
    StandingContact,
    StandingCreditNote,
    StandingInvoice,
    StandingPayment,
)

Standing = StandingContact | StandingInvoice | StandingPayment | StandingCreditNote | StandingAllocation


@dataclass(frozen=True, slots=True)
class Applied:
    """Xero took the item; `standing` is what Xero answered."""

    standing: Standing
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """Xero said no to this item; every validation message is kept, in Xero's own words."""

    messages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RetryLater:
    """Nothing was done and nobody is at fault; the item is planned again in a later run."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unclear:
    """Sent, but no answer tells what became of it; only the recovery rules of DESIGN §2 may touch it."""

    reason: str


Outcome = Applied | Rejected | RetryLater | Unclear


@dataclass(frozen=True, slots=True)
class ItemKey:
    """What finds one item's answer among those of its batch: its Xero id on an update, else its natural key."""

    natural_key: str
    xero_id: str = ""
