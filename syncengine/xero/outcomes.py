"""Read what became of each item of a batch. HTTP 200 alone tells nothing (X 5.2); items are matched by key."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from syncengine.domain.outcomes import Applied, ItemKey, Outcome, Rejected, Standing, Unclear
from syncengine.xero.parse import NO_ID, parse_contact, parse_invoice

_COLLECTION: Final = {"contact": "Contacts", "invoice": "Invoices"}
_ID: Final = {"contact": "ContactID", "invoice": "InvoiceID"}
_KEY: Final = {"contact": "ContactNumber", "invoice": "InvoiceNumber"}


@dataclass(frozen=True, slots=True)
class WholeBatchRefused:
    """Xero refused the call without saying which element is at fault (X 5.4): halve and send again (DESIGN §2)."""

    messages: tuple[str, ...]


def read_answer(*, kind: str, status: int, body: bytes, keys: Sequence[ItemKey]) -> list[Outcome] | WholeBatchRefused:
    """Give one outcome an item, in the order of `keys`.

    An item that the answer does not tell of, or tells of in a way that cannot be read, is unclear: never failed.
    """
    if status >= 500:
        return [Unclear(f"Xero answered {status}") for _ in keys]
    try:
        plain = json.loads(body, parse_float=Decimal)
    except ValueError:
        plain = None
    if status == 200 and isinstance(plain, dict):
        return _matched(kind, plain.get(_COLLECTION[kind]) or [], keys)
    if status == 400 and isinstance(plain, dict) and plain.get("Elements"):
        rejected = _matched(kind, plain["Elements"], keys)
        if any(isinstance(outcome, Rejected) for outcome in rejected) and len(keys) == 1:
            return rejected
    if 400 <= status < 500:
        return WholeBatchRefused(_messages_of_call(plain, status))
    return [Unclear(f"Xero answered {status}") for _ in keys]


def _messages_of_call(plain: Any, status: int) -> tuple[str, ...]:
    if not isinstance(plain, dict):
        return (f"Xero answered {status}.",)
    told = [message for row in plain.get("Elements") or () for message in _messages(row)]
    told += [str(plain[name]) for name in ("Message", "Detail") if plain.get(name) and not told]
    return tuple(told) or (f"Xero answered {status}.",)


def _matched(kind: str, rows: Sequence[Mapping[str, Any]], keys: Sequence[ItemKey]) -> list[Outcome]:
    by_id = {row[_ID[kind]]: row for row in rows if row.get(_ID[kind]) not in {None, NO_ID}}
    by_key: dict[str, Mapping[str, Any]] = {}
    for row in rows:
        by_key.setdefault(str(row.get(_KEY[kind]) or ""), row)
    return [_outcome(kind, by_id.get(key.xero_id) if key.xero_id else by_key.get(key.natural_key)) for key in keys]


def _outcome(kind: str, row: Mapping[str, Any] | None) -> Outcome:
    if row is None:
        return Unclear("The answer does not name this item.")
    messages = _messages(row)
    failed = row.get("StatusAttributeString") == "ERROR" or row.get("HasErrors") or row.get("HasValidationErrors")
    if failed or row.get("ValidationErrors"):
        return Rejected(messages or ("Xero gave no reason.",))
    if row.get(_ID[kind]) in {None, NO_ID}:
        return Unclear("The answer gives no id.")
    standing: Standing = parse_contact(row) if kind == "contact" else parse_invoice(row)
    warnings = tuple(str(warning.get("Message", "")) for warning in row.get("Warnings") or ())
    return Applied(standing, warnings)


def _messages(row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(error.get("Message", "")) for error in row.get("ValidationErrors") or ())
