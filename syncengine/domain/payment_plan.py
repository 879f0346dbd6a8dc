"""Values of planning payments: what links remember, what stands, what is to be done (BEHAVIOUR §6)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from syncengine.domain.documents import Blocked, StandingPayment, Waiting
from syncengine.domain.money_documents import PaymentDocument
from syncengine.domain.money_records import AllocationRecord
from syncengine.domain.records import BillRecord
from syncengine.domain.rules import Rules


@dataclass(frozen=True, slots=True)
class AppliedPayment:
    """What was last applied for a payment, as its link remembers it."""

    invoice_id: str
    account_id: str
    date: dt.date | None
    amount: Decimal
    reference: str
    #: Entered by hand and adopted: put back after a round as it was, account and words included.
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class PaymentLink:
    """What planning needs of an allocation's link. `payment_id` is empty while nothing of ours stands."""

    allocation_id: int
    payment_id: str = ""
    generation: int = 1
    record_digest: str = ""
    restorations: int = 0
    applied: AppliedPayment | None = None
    #: A round took it off: what is `applied` is to be put back.
    put_back: bool = False
    #: Somebody decided to leave it alone, or it rests until something moves.
    rests: bool = False


@dataclass(frozen=True, slots=True)
class SeenPayment:
    """A payment in Xero as last read, with when it was first and last seen standing (UTC)."""

    standing: StandingPayment
    first_seen_at: dt.datetime
    seen_at: dt.datetime


@dataclass(frozen=True, slots=True)
class RemovePayment:
    """A payment of ours has to go. `again`: it is put back or made anew in the same plan, so the brake lets it pass."""

    allocation_id: int
    payment_id: str
    again: bool = False


@dataclass(frozen=True, slots=True)
class RemoveByHand:
    """The one payment entered by hand that is removed: an edit of ours in Xero, where Clio's is restored (§6)."""

    allocation_id: int
    payment_id: str


@dataclass(frozen=True, slots=True)
class CreatePayment:
    """A payment has to be made; `restores` that somebody deleted ours in Xero."""

    allocation_id: int
    document: PaymentDocument
    generation: int
    restores: bool = False


@dataclass(frozen=True, slots=True)
class AdoptPayment:
    """A payment that stands already is this one: entered by hand, or ours without its link.

    `outdated`: it is ours, but not what Clio says now. It is linked all the same, and the next run sees to it.
    """

    allocation_id: int
    standing: StandingPayment
    generation: int
    by_hand: bool
    outdated: bool = False


@dataclass(frozen=True, slots=True)
class TakeOver:
    """Clio listed a payment twice, and the row that stood for it vanished: the other one takes its place."""

    from_allocation_id: int
    allocation_id: int


@dataclass(frozen=True, slots=True)
class KeepPayment:
    """It stands as Clio asks."""

    allocation_id: int


@dataclass(frozen=True, slots=True)
class HoldPayment:
    """Something is to be done, but not now."""

    allocation_id: int
    why: Blocked | Waiting


PaymentChange = (
    RemovePayment | RemoveByHand | CreatePayment | AdoptPayment | TakeOver | KeepPayment | HoldPayment
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PaymentPlan:
    """Changes, and the rows that look as if Clio listed them twice (to be seen again in the next run)."""

    changes: tuple[PaymentChange, ...] = ()
    doubted: frozenset[int] = frozenset()


@dataclass(slots=True)
class PaymentSources:
    """All that the payments on one invoice are planned from.

    `allocations` are the rows that Clio lists for this invoice, voided ones included; `vanished` those that were proven
    to be gone. `seen` are the payments on this invoice in Xero, by id, dead ones included. `chosen` holds what a person
    decided about a question: the payment's id, or empty text for "none of these". `room` is what may still be paid,
    before anything is removed. `doubted` are rows that an earlier run took for repeats.
    """

    bill: BillRecord
    invoice_id: str
    allocations: Sequence[AllocationRecord]
    links: Mapping[int, PaymentLink]
    seen: Mapping[str, SeenPayment]
    linked_ids: frozenset[str]
    rules: Rules
    room: Decimal
    vanished: Sequence[AllocationRecord] = ()
    doubted: frozenset[int] = frozenset()
    chosen: Mapping[int, str] = field(default_factory=dict)
