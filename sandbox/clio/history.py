"""What was done to bills and contacts through actions, newest last: Clio's API shows none of it, the pages do."""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandbox.firm.billing import Allocation
from sandbox.firm.store import Store
from sandbox.web.posted import told

KEPT = 100
Thing = tuple[str, int]
_UNTOLD = frozenset(
    {"bill_id", "contact_id", "allocation_id", "memo_id", "payment_id", "winner", "silent", "matter_ids"}
)


@dataclass(frozen=True)
class Entry:
    """One action, as a sentence."""

    time: datetime
    text: str


class History:
    """The entries of bills and contacts; the newest of each are kept."""

    def __init__(self) -> None:
        self._entries: defaultdict[Thing, deque[Entry]] = defaultdict(lambda: deque(maxlen=KEPT))

    def note(self, things: Iterable[Thing], action: str, values: Mapping[str, Any], now: datetime) -> None:
        """Note an action under each thing that it was about."""
        entry = Entry(now, _sentence(action, values))
        for thing in set(things):
            self._entries[thing].append(entry)

    def of(self, kind: str, row_id: int) -> list[Entry]:
        """A bill's or contact's entries, newest first."""
        return list(reversed(self._entries.get((kind, row_id), ())))


def named(store: Store, values: Mapping[str, Any]) -> list[Thing]:
    """The bills and contacts that an action's values name, by themselves or by a payment or credit on them."""
    found: list[Thing] = []
    bills = [values.get("bill_id"), *(part.get("bill_id") for part in values.get("parts", ()))]
    rows: list[Allocation | None] = [store.allocations.find(values.get("allocation_id"))]
    if "memo_id" in values:
        rows += store.allocations_from("CreditMemo", values["memo_id"])
    bills += [row.bill_id for row in rows if row]
    found += [("bill", bill_id) for bill_id in bills if bill_id is not None]
    contacts = (values.get("contact_id"), values.get("winner"))
    return found + [("contact", contact_id) for contact_id in contacts if contact_id is not None]


def answered(action: str, answer: Mapping[str, Any]) -> list[Thing]:
    """What an action that made something new made."""
    kind = {"add_bill": "bill", "add_contact": "contact"}.get(action)
    return [(kind, answer["id"])] if kind else []


def _sentence(action: str, values: Mapping[str, Any]) -> str:
    said = [_said(name, value) for name, value in values.items() if name not in _UNTOLD]
    text = ", ".join(part for part in said if part)
    return f"{told(action)}: {text}" if text else told(action)


def _said(name: str, value: Any) -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return told(name).lower()
    if name == "lines" and isinstance(value, dict):
        return ", ".join(
            f"{len(rows)} {'line' if len(rows) == 1 else 'lines'} to {what}" for what, rows in value.items()
        )
    if isinstance(value, (list, dict)):
        return f"{told(name).lower()} changed"
    return f"{told(name).lower()} {value}" if str(value) else f"no {told(name).lower()}"
