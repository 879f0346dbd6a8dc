"""Documents of money: what should stand in Xero for the payments and credits on a bill (BEHAVIOUR §6, §7)."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from syncengine.domain.records import as_dict, digest_of


@dataclass(frozen=True, slots=True)
class PaymentDocument:
    """A payment on a sales invoice. `amount` is in the invoice's currency; the reference begins with the key."""

    key: str
    invoice_id: str
    account_id: str
    date: dt.date
    amount: Decimal
    reference: str

    @property
    def digest(self) -> str:
        """Digest over everything that is sent."""
        return digest_of(as_dict(self))


@dataclass(frozen=True, slots=True)
class CreditLine:
    """A line of a credit note; `amount` includes tax."""

    amount: Decimal
    tax_type: str


@dataclass(frozen=True, slots=True)
class CreditNoteDocument:
    """A sales credit note for one allocation. Amounts include tax, in `currency`; `total` is the sum of the lines."""

    number: str
    contact_id: str
    date: dt.date
    currency: str
    reference: str
    description: str
    account_code: str
    lines: tuple[CreditLine, ...]
    total: Decimal

    @property
    def digest(self) -> str:
        """Digest over everything that is sent."""
        return digest_of(as_dict(self))
