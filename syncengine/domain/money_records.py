"""Records of money in Clio: allocations (a payment's or a credit's part on a bill) and interest charges (C §5, §6)."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from syncengine.domain.records import as_dict, digest_of


@dataclass(frozen=True, slots=True)
class AllocationRecord:
    """A payment's or a credit's part on one bill. `amount` is as Clio states it, in the bill's currency.

    `parent_type` is "Payment" or "CreditMemo" (C 5.5). `bill_id` is empty where its interest bill was deleted (C 5.8).
    `said` is what Clio says of the payment (a check's number), `description` what it says of the credit.
    """

    id: int
    bill_id: int | None
    parent_type: str
    parent_id: int | None
    amount: Decimal
    date: dt.date | None
    interest: bool = False
    voided: bool = False
    online: bool = False
    from_trust: bool = False
    said: str = ""
    description: str = ""
    contact_id: int | None = None

    @property
    def is_payment(self) -> bool:
        """Whether money came in."""
        return self.parent_type == "Payment"

    @property
    def is_credit(self) -> bool:
        """Whether something owed was let go: a credit note or a write-off."""
        return self.parent_type == "CreditMemo"

    @property
    def counts(self) -> bool:
        """Whether it asks for a document in Xero: it is on a bill, for something, and not voided."""
        return self.bill_id is not None and not self.voided and self.amount != 0

    @property
    def digest(self) -> str:
        """Digest over every field: whatever a person changes is an edit."""
        return digest_of(as_dict(self))


@dataclass(frozen=True, slots=True)
class InterestCharge:
    """Interest that Clio charged on a bill on one day (C 6.5); `total` is in the bill's currency."""

    id: int
    bill_id: int
    date: dt.date | None
    total: Decimal
    description: str = ""


def allocation_from_dict(plain: dict[str, Any]) -> AllocationRecord:
    """Build an allocation from what `as_dict` gave."""
    values = dict(plain)
    values["amount"] = Decimal(values["amount"])
    values["date"] = dt.date.fromisoformat(values["date"]) if values["date"] else None
    return AllocationRecord(**values)
