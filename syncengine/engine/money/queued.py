"""What waits in the queue of money that has to be made, and what the outbox keeps of it."""

from dataclasses import dataclass
from decimal import Decimal

from syncengine.domain.money_documents import CreditNoteDocument, PaymentDocument
from syncengine.engine.outbox import Item
from syncengine.models import Link


@dataclass(frozen=True, slots=True)
class QueuedPayment:
    """A payment to be made, with its link and what Clio's row says now."""

    bill_id: int
    link: Link
    document: PaymentDocument
    generation: int
    digest: str
    restores: bool
    #: A round took it off; it was entered by hand and is put back as it was.
    put_back: bool = False
    by_hand: bool = False

    def item(self) -> Item:
        """What the outbox keeps of it."""
        return Item(
            self.link.clio_id,
            self.document.reference,
            "",
            self.digest,
            self.document.digest,
            f"{self.document.amount:f}",
            self.document.invoice_id,
            (
                ("bill", str(self.bill_id), str(self.generation)),
                ("account", self.document.account_id, self.document.key),
                ("by_hand", "yes" if self.by_hand else "", ""),
            ),
        )


@dataclass(frozen=True, slots=True)
class QueuedCredit:
    """A credit note to be made, and then set against its invoice."""

    bill_id: int
    note: Link
    allocation: Link
    document: CreditNoteDocument
    generation: int
    taxes: tuple[str, ...]
    invoice_id: str
    digest: str

    def item(self) -> Item:
        """What the outbox keeps of it."""
        return Item(
            self.note.clio_id,
            self.document.number,
            "",
            self.digest,
            self.document.digest,
            f"{self.document.total:f}",
            self.invoice_id,
            (
                ("bill", str(self.bill_id), str(self.generation)),
                ("taxes", ",".join(self.taxes), self.document.date.isoformat()),
            ),
        )


@dataclass(frozen=True, slots=True)
class QueuedAllocation:
    """A credit note of ours that is to be set against an invoice."""

    bill_id: int
    note: Link
    allocation: Link
    invoice_id: str
    amount: Decimal
