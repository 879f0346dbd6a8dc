"""The words of an invoice: descriptions, references and what is said of discounts. No figure is decided here."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from syncengine.domain.mapping.readings import is_service
from syncengine.domain.records import BillRecord, Discount, LineRecord

MAX_DESCRIPTION: Final = 4000  # X 3.5
MAX_REFERENCE: Final = 255
_BETWEEN: Final = " · "
#: A purchase order whose number says what it is: "PO-4711".
_NAMES_ITSELF: Final = re.compile(r"p\.?o\b", re.IGNORECASE)


def number_text(value: Decimal) -> str:
    """Write a number without needless zeros: 1.50 becomes "1.5", 10.0 becomes "10"."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def line_text(*, line: LineRecord, category: str, rate_shown: bool) -> str:
    """Describe a line: date, category, note, timekeeper; and the hours, where quantity × price cannot show them.

    `category` is the name of the line's category in Clio, or empty. At most 4,000 characters: the longest part gives
    way, so that date, category and timekeeper are always legible.
    """
    parts = _parts(line, category)
    if rate_shown:
        parts.append(_hours_and_rate(line))
    return _joined(parts) or fallback_text(line=line)


def free_text(*, line: LineRecord, category: str) -> str:
    """Describe a line that is shown but not charged, and say so."""
    amount = f" ({number_text(line.quantity)} h)" if is_service(line=line) and line.quantity else ""
    said = f"no charge{amount}"
    return _joined([*(_parts(line, category) or [fallback_text(line=line)]), said])


def fallback_text(*, line: LineRecord) -> str:
    """Say something of a line of which Clio says nothing; Xero wants a description."""
    return "Services" if is_service(line=line) else "Expense"


def line_discount_text(*, line: LineRecord, category: str) -> str:
    """Describe the negative line that stands for a line's own discount."""
    about = category or line.description or fallback_text(line=line)
    return _joined([f"{_discount_words(line.discount)} on {_tidy(about)}", *_note_of(line.discount)])


def bill_discount_text(*, bill: BillRecord) -> str:
    """Describe a negative line that stands for (a part of) the bill's discount."""
    over = "services on this bill" if bill.discount_services_only else "this bill"
    return _joined([f"{_discount_words(bill.discount)} on {over}", *_note_of(bill.discount)])


def empty_bill_text(*, bill: BillRecord) -> str:
    """Describe a bill that has no lines: Xero wants at least one line (X 6.13)."""
    return _joined([_tidy(bill.subject) or f"Bill {bill.number}", "no charge"])


def reference_of(*, bill: BillRecord, interest_bill: bool, original_number: str | None) -> str:
    """Give the invoice's Reference: matter numbers and purchase order, or what an interest bill is for."""
    parts = [matter for matter in map(_tidy, bill.matters) if matter]
    if _tidy(bill.purchase_order):
        order = _tidy(bill.purchase_order)
        parts.append(order if _NAMES_ITSELF.match(order) else f"PO {order}")
    if interest_bill:
        parts = [f"Interest on bill {original_number}"] if original_number else ["Interest", *parts]
    return shortened(", ".join(parts), limit=MAX_REFERENCE)


def shortened(text: str, *, limit: int) -> str:
    """Cut a text to a limit, with an ellipsis where something is missing."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def _parts(line: LineRecord, category: str) -> list[str]:
    """What is known of a line, each thing said once: a note often begins as a copy of the description."""
    said: list[str] = []
    for part in map(_tidy, (category, line.description, line.note)):
        if part and part.casefold() not in {earlier.casefold() for earlier in said}:
            said.append(part)
    when = [line.date.isoformat()] if line.date else []
    who = [_tidy(line.timekeeper)] if _tidy(line.timekeeper) else []
    return [*when, *said, *who]


def _hours_and_rate(line: LineRecord) -> str:
    if is_service(line=line):
        return f"{number_text(line.quantity)} h at {number_text(line.price)}"
    return f"{number_text(line.quantity)} × {number_text(line.price)}"


def _discount_words(discount: Discount | None) -> str:
    if discount is None or discount.type == "money":
        return "Discount"
    return f"Discount of {number_text(discount.rate)} %"


def _note_of(discount: Discount | None) -> list[str]:
    note = _tidy(discount.note) if discount else ""
    return [note] if note else []


def _joined(parts: Sequence[str]) -> str:
    text = _BETWEEN.join(parts)
    if len(text) <= MAX_DESCRIPTION:
        return text
    longest = max(range(len(parts)), key=lambda i: len(parts[i]))
    room = max(len(parts[longest]) - (len(text) - MAX_DESCRIPTION), 1)
    shorter = [shortened(part, limit=room) if i == longest else part for i, part in enumerate(parts)]
    return shortened(_BETWEEN.join(shorter), limit=MAX_DESCRIPTION)


def _tidy(text: str) -> str:
    """Strip a text, line by line, of what neither people nor Xero read: outer spaces and control characters."""
    if text.isprintable():
        return text.strip()
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    clean = ("".join(c for c in line if c.isprintable() or c == "\t").strip() for line in lines)
    return "\n".join(clean).strip()
