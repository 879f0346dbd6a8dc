"""What one row of the table of Xero's messages holds."""

from dataclasses import dataclass
from typing import Final

CONTACT: Final = frozenset({"contact"})
INVOICE: Final = frozenset({"invoice"})
PAYMENT: Final = frozenset({"payment"})
CREDIT_NOTE: Final = frozenset({"credit_note"})
ALLOCATION: Final = frozenset({"allocation"})
SPEND_MONEY: Final = frozenset({"spend_money"})
#: What has lines, a number or reference of its own and a contact.
DOCUMENTS: Final = INVOICE | CREDIT_NOTE | SPEND_MONEY
MONEY: Final = PAYMENT | CREDIT_NOTE | ALLOCATION | SPEND_MONEY
EVERYTHING: Final = CONTACT | INVOICE | MONEY

#: What people call the record in Clio, and the document in Xero, of each kind.
THINGS: Final = {
    "contact": ("contact", "contact"),
    "invoice": ("bill", "invoice"),
    "payment": ("payment", "payment"),
    "credit_note": ("credit", "credit note"),
    "allocation": ("credit", "credit note"),
    "spend_money": ("hard cost", "spend money transaction"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One message that Xero is known to give, told in plain words.

    `pattern` finds it, whatever its case; a named group `what` becomes part of the words and the cause. In `message`
    and `steps`, {what} stands for that, {thing} for what Clio calls the record, {document} for what Xero calls it.
    `steps` are what can be done: each is one sentence, and each helps by itself unless it says "then".
    """

    code: str
    pattern: str
    message: str
    steps: tuple[str, ...]
    kinds: frozenset[str]
