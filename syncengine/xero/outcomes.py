"""Read what became of each item of a call that wrote (DESIGN §1, outcome; X 5).

HTTP 200 alone tells nothing (X 5.2). Items are matched by key, never by position alone: on an update by Xero's id, on a
create by the natural key, which even a refused item's echo says back (X 5.3).
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from syncengine.domain.documents import StandingAllocation
from syncengine.domain.outcomes import Applied, ItemKey, Outcome, Rejected, RetryLater, Standing, Unclear
from syncengine.xero.parse import (
    NO_ID,
    ParseProblem,
    parse_allocation,
    parse_contact,
    parse_credit_note,
    parse_invoice,
    parse_payment,
)

Row = Mapping[str, Any]

_NO_REASON: Final = "Xero gave no reason."
#: The key was used before with other bytes, and what became of those is not known (X 6.39).
_KEY_CLASH: Final = "is used with a different request"


@dataclass(frozen=True, slots=True)
class WholeBatchRefused:
    """Xero refused the call without telling of each element (X 5.1, 5.4): halve and send again (DESIGN §2)."""

    messages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Shape:
    collection: str
    id_name: str
    key_name: str
    parse: Callable[[Row], Standing]


_SHAPES: Final = {
    "contact": _Shape("Contacts", "ContactID", "ContactNumber", parse_contact),
    "invoice": _Shape("Invoices", "InvoiceID", "InvoiceNumber", parse_invoice),
    "payment": _Shape("Payments", "PaymentID", "Reference", parse_payment),
    "credit_note": _Shape("CreditNotes", "CreditNoteID", "CreditNoteNumber", parse_credit_note),
    "allocation": _Shape("Allocations", "AllocationID", "", parse_allocation),
}
#: Calls on one document that stands: not found says that it is gone.
_ON_ONE: Final = frozenset({"remove", "set_against", "take_off"})
_GONE: Final = "The document with the supplied id was not found for this endpoint."


def read_answer(
    *, kind: str, status: int, body: bytes, keys: Sequence[ItemKey], operation: str = ""
) -> list[Outcome] | WholeBatchRefused:
    """Give one outcome an item, in the order of `keys`. `kind` is one of the kinds of documents.

    An item that the answer does not tell of, or tells of in a way that cannot be read, is unclear: never failed.
    """
    shape = _SHAPES[kind]
    if operation in _ON_ONE and status == 404:
        return [Rejected((_GONE,)) for _ in keys]
    if kind == "allocation" and status in {200, 204}:
        return [_of_allocation(_json(body), keys[0], taken_off=operation == "take_off")]
    if status == 200:
        return _from_success(shape, _json(body), keys)
    if status in {401, 403, 404, 429}:
        return [RetryLater(f"Xero answered {status}; nothing was done.") for _ in keys]
    if 400 <= status < 500:
        return _from_refusal(shape, status, _json(body), keys)
    return [Unclear(f"Xero answered {status}") for _ in keys]


def _from_success(shape: _Shape, plain: Any, keys: Sequence[ItemKey]) -> list[Outcome]:
    rows = plain.get(shape.collection) if isinstance(plain, dict) else None
    if not isinstance(rows, list):
        return [Unclear("Xero's answer could not be read.") for _ in keys]
    return [_outcome(shape, found) for found in _matched(shape, rows, keys)]


def _of_allocation(plain: Any, key: ItemKey, *, taken_off: bool) -> Outcome:
    """What became of setting a note against an invoice, or of taking it off; Xero answers in several forms (X 7.30).

    Taken off may be answered by nothing at all; set against has to be told of.
    """
    rows = plain.get("Allocations") if isinstance(plain, dict) else None
    row = rows[0] if isinstance(rows, list) and rows else plain if isinstance(plain, dict) else {}
    row = row if isinstance(row, dict) else {}
    if _is_refused(row):
        return Rejected(_messages(row, "ValidationErrors") or (_NO_REASON,))
    try:
        standing = parse_allocation(row)
    except ParseProblem as problem:
        if not taken_off:
            return Unclear(str(problem))
        standing = parse_allocation({})
    if not taken_off and not standing.amount:
        return Unclear("Xero's answer could not be read.")
    known = standing.allocation_id or key.xero_id
    return Applied(StandingAllocation(known, standing.invoice_id or key.natural_key, standing.amount))


def _outcome(shape: _Shape, found: Sequence[Row]) -> Outcome:
    if len(found) != 1:
        return Unclear("The answer does not name this item, or names it more than once.")
    row = found[0]
    if _is_refused(row):
        return Rejected(_messages(row, "ValidationErrors") or (_NO_REASON,))
    if row.get(shape.id_name) in {None, "", NO_ID}:
        return Rejected((_NO_REASON,))  # an id of zeros was not created, whatever the status says (X 15.7)
    try:
        return Applied(shape.parse(row), _messages(row, "Warnings"))
    except ParseProblem as problem:
        return Unclear(str(problem))


def _from_refusal(shape: _Shape, status: int, plain: Any, keys: Sequence[ItemKey]) -> list[Outcome] | WholeBatchRefused:
    """A refusal of the whole call: it names every item (shape A, X 5.1), some of them, or none."""
    plain = plain if isinstance(plain, dict) else {}
    message = str(plain.get("Message") or plain.get("Detail") or f"Xero answered {status}.")
    if _KEY_CLASH in message:
        return [Unclear("Xero knows this key from another request.") for _ in keys]
    elements = plain.get("Elements")
    rows = elements if isinstance(elements, list) else []
    refused = [row for row in rows if isinstance(row, dict) and _is_refused(row)]
    matched = _matched(shape, refused, keys)
    if not all(matched):
        # Nothing of the call was done, and what is at fault is not told of each item: halving finds it.
        said = tuple(dict.fromkeys(text for row in refused for text in _messages(row, "ValidationErrors")))
        return WholeBatchRefused(said or (message,))
    return [_refused(found) for found in matched]


def _refused(found: Sequence[Row]) -> Rejected:
    said = tuple(dict.fromkeys(text for row in found for text in _messages(row, "ValidationErrors")))
    return Rejected(said or (_NO_REASON,))


def _matched(shape: _Shape, rows: Sequence[Any], keys: Sequence[ItemKey]) -> list[list[Row]]:
    by_id: dict[str, list[Row]] = {}
    by_key: dict[str, list[Row]] = {}
    for row in rows:
        if isinstance(row, dict):
            by_id.setdefault(str(row.get(shape.id_name) or "").casefold(), []).append(row)
            by_key.setdefault(_folded(str(row.get(shape.key_name) or "")), []).append(row)
    return [
        by_id.get(key.xero_id.casefold(), []) if key.xero_id else by_key.get(_folded(key.natural_key), [])
        for key in keys
    ]


def _folded(key: str) -> str:
    """Xero compares without case, and drops outer and doubled spaces (X 7.4, 7.5)."""
    return " ".join(key.split()).casefold()


def _is_refused(row: Row) -> bool:
    flagged = row.get("HasErrors") is True or row.get("HasValidationErrors") is True
    return flagged or row.get("StatusAttributeString") == "ERROR" or bool(row.get("ValidationErrors"))


def _messages(row: Row, name: str) -> tuple[str, ...]:
    """Every message of an item once, in Xero's order."""
    said = [str(one["Message"]) for one in row.get(name) or () if isinstance(one, dict) and one.get("Message")]
    return tuple(dict.fromkeys(said))


def _json(body: bytes) -> Any:
    try:
        return json.loads(body, parse_float=Decimal)
    except ValueError:
        return None
