"""Plans: what will be done about records, before anything is done (DESIGN §1).

A plan can be printed, counted, and can refuse itself: the brake (BEHAVIOUR §9).
"""

from dataclasses import dataclass, field
from typing import Final, Literal

from syncengine.domain.documents import (
    Blocked,
    ContactDocument,
    InvoiceDocument,
    StandingInvoice,
    Waiting,
)
from syncengine.domain.records import BillRecord
from syncengine.domain.rules import Rules
from syncengine.domain.scope import Scope, is_locked

Kind = Literal["contact", "invoice", "payment", "credit_note", "allocation", "spend_money"]
Verb = Literal["created", "updated", "voided", "removed", "adopted", "unchanged", "blocked", "rejected"]

KINDS: Final[tuple[Kind, ...]] = ("contact", "invoice", "payment", "credit_note", "allocation", "spend_money")
VERBS: Final[tuple[Verb, ...]] = (
    "created", "updated", "voided", "removed", "adopted", "unchanged", "blocked", "rejected",
)  # fmt: skip

#: The brake: this many removals are let through in any case; beyond that, this share of the firm's links.
BRAKE_COUNT: Final = 10
BRAKE_PER_CENT: Final = 2

#: Why nothing is done: nothing changed, or the bill is out of scope, or reopened in Clio after it was approved.
Reason = Literal["same", "out_of_range", "not_approved", "trust", "gone", "off", "reopened"]


@dataclass(frozen=True, slots=True)
class Change:
    """What one record asks for. The subclasses say what; `kind` and `clio_id` say of which record."""

    kind: Kind
    clio_id: int


@dataclass(frozen=True, slots=True)
class Create(Change):
    """The document does not stand yet."""

    document: ContactDocument | InvoiceDocument


@dataclass(frozen=True, slots=True)
class Update(Change):
    """The document stands and has to become this."""

    document: ContactDocument | InvoiceDocument


@dataclass(frozen=True, slots=True)
class Void(Change):
    """The document has to go; `status` is what Xero calls that: VOIDED, or DELETED where it was not approved yet."""

    xero_id: str
    status: Literal["VOIDED", "DELETED"]


@dataclass(frozen=True, slots=True)
class Unchanged(Change):
    """Nothing is to be done. `notice` is something to know that needs nobody (BEHAVIOUR §10)."""

    reason: Reason = "same"
    notice: str = ""


@dataclass(frozen=True, slots=True)
class Held(Change):
    """Something is to be done, but not now: blocked needs somebody, waiting needs only time or another record."""

    why: Blocked | Waiting


@dataclass(frozen=True, slots=True)
class LinkState:
    """What planning needs of a link; empty values for a record that was never sent. `resync`: somebody asked."""

    xero_id: str = ""
    record_digest: str = ""
    document_digest: str = ""
    resync: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """Changes, in the order in which they are to be made."""

    changes: tuple[Change, ...] = field(default=())

    @property
    def removals(self) -> int:
        """How many documents would go."""
        return sum(isinstance(change, Void) for change in self.changes)

    def counts(self) -> dict[Kind, dict[Verb, int]]:
        """Count changes by kind and what becomes of them; what waits is not counted."""
        found: dict[Kind, dict[Verb, int]] = {kind: dict.fromkeys(VERBS, 0) for kind in KINDS}
        for change in self.changes:
            verb = _verb(change)
            if verb is not None:
                found[change.kind][verb] += 1
        return found

    def is_refused(self, *, links: int) -> bool:
        """Whether an admin has to look at the plan first, given how many links the firm has."""
        return exceeds_brake(removals=self.removals, links=links)

    def printed(self) -> list[str]:
        """The plan as lines of text, ids only."""
        return [_line(change) for change in self.changes]


def exceeds_brake(*, removals: int, links: int) -> bool:
    """Whether so many voids, deletions and removals are more than the larger of 10 and 2 % of the firm's links."""
    return removals > BRAKE_COUNT and removals * 100 > links * BRAKE_PER_CENT


def is_dirty(*, record_digest: str, link: LinkState) -> bool:
    """Whether a bill has to be mapped at all: it was never sent, it changed, or somebody asked."""
    return not link.xero_id or link.resync or link.record_digest != record_digest


def plan_invoice(
    *,
    bill: BillRecord,
    scope: Scope,
    record_digest: str,
    document: InvoiceDocument | Blocked | Waiting | None,
    link: LinkState,
    standing: StandingInvoice | None,
    rules: Rules,
) -> Change:
    """Decide what a bill asks for (BEHAVIOUR §5). `record_digest` is the present one.

    `document` is what mapping gave; None where it was not asked, because `is_dirty` or `scope` say that it need not
    be. `standing` is the invoice as it stands; None only for a bill that was never sent, or one that is not dirty.

    Raises:
        ValueError: the bill has to be mapped, and `document` is None.
    """
    if scope != "in":
        return _plan_out_of_scope(bill, scope, link, standing, rules)
    if link.xero_id and standing is not None and not standing.is_live:
        return Held("invoice", bill.id, _voided_in_xero(standing))
    if _is_reopened(bill, standing):
        return _reopened(bill)
    if not is_dirty(record_digest=record_digest, link=link):
        return Unchanged("invoice", bill.id)
    if document is None:
        raise ValueError(f"bill {bill.id} has changed and must be mapped before it is planned")
    return _plan_document(bill, document, link, standing, rules)


def _plan_document(
    bill: BillRecord,
    document: InvoiceDocument | Blocked | Waiting,
    link: LinkState,
    standing: StandingInvoice | None,
    rules: Rules,
) -> Change:
    if not isinstance(document, InvoiceDocument):
        return Held("invoice", bill.id, document)
    if link.xero_id and not link.resync and document.digest == link.document_digest:
        return Unchanged("invoice", bill.id)
    locked = is_locked(date=document.date, rules=rules) or _is_locked(standing, rules)
    if locked is not None:
        return Held("invoice", bill.id, locked)
    return (Update if link.xero_id else Create)("invoice", bill.id, document)


def _plan_out_of_scope(
    bill: BillRecord, scope: Scope, link: LinkState, standing: StandingInvoice | None, rules: Rules
) -> Change:
    """A bill out of scope is left alone; only one that is gone in Clio, and was sent, takes its invoice with it."""
    if scope == "gone" and link.xero_id and standing is not None and standing.is_live:
        return _plan_void(bill, standing, rules)
    if scope == "not_approved" and _is_reopened(bill, standing):
        return _reopened(bill)
    frozen = scope in {"off", "out_of_range"} and bool(link.xero_id)
    notice = "Voided or deleted in Clio; its invoice still stands in Xero." if frozen and bill.is_gone else ""
    return Unchanged("invoice", bill.id, reason="same" if scope == "in" else scope, notice=notice)


def _plan_void(bill: BillRecord, standing: StandingInvoice, rules: Rules) -> Change:
    locked = _is_locked(standing, rules)
    if locked is not None:
        return Held("invoice", bill.id, locked)
    if standing.amount_paid or standing.amount_credited:
        return Held("invoice", bill.id, _has_payments(standing))
    status: Literal["VOIDED", "DELETED"] = "DELETED" if standing.status in {"DRAFT", "SUBMITTED"} else "VOIDED"
    return Void("invoice", bill.id, standing.invoice_id, status)


def _is_reopened(bill: BillRecord, standing: StandingInvoice | None) -> bool:
    return not bill.is_approved and standing is not None and standing.status in {"AUTHORISED", "PAID"}


def _reopened(bill: BillRecord) -> Unchanged:
    notice = "Reopened in Clio; the invoice stays as approved until the bill is approved again."
    return Unchanged("invoice", bill.id, reason="reopened", notice=notice)


def _is_locked(standing: StandingInvoice | None, rules: Rules) -> Waiting | None:
    return is_locked(date=standing.date, rules=rules) if standing else None


def _voided_in_xero(standing: StandingInvoice) -> Blocked:
    return Blocked(
        code="voided_in_xero",
        message=f"Invoice {standing.number} was {standing.status.lower()} in Xero",
        remedy="Send the bill again under a new number, or ignore this.",
        details={"invoice": standing.invoice_id},
    )


def _has_payments(standing: StandingInvoice) -> Blocked:
    return Blocked(
        code="payments_on_invoice",
        message=f"Invoice {standing.number} has payments or credits in Xero, so it cannot be voided",
        remedy="Remove the payments and credits from the invoice in Xero; it is voided in the next run.",
        details={"invoice": standing.invoice_id},
    )


def _verb(change: Change) -> Verb | None:
    if isinstance(change, Held):
        return "blocked" if isinstance(change.why, Blocked) else None
    verbs: dict[type[Change], Verb] = {Create: "created", Update: "updated", Void: "voided", Unchanged: "unchanged"}
    return verbs[type(change)]


def _line(change: Change) -> str:
    what = type(change).__name__.lower()
    if isinstance(change, Held):
        what = f"{'blocked' if isinstance(change.why, Blocked) else 'waiting'} ({change.why.code})"
    elif isinstance(change, Unchanged) and change.reason != "same":
        what = f"unchanged ({change.reason})"
    return f"{change.kind} {change.clio_id}: {what}"
