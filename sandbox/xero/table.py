"""Rows with indices, in the order in which they last changed."""

from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterator
from datetime import datetime
from typing import Generic, Protocol, TypeVar


class Row(Protocol):
    """What a table needs of its rows."""

    @property
    def id(self) -> str: ...
    @property
    def updated(self) -> datetime: ...


R = TypeVar("R", bound=Row)
Key = Callable[[R], Hashable | None]


class Table(Generic[R]):
    """Rows by id. An index maps a key of the row (None: not in the index) to the rows that have it.

    Not locked: the books that hold the table are.
    """

    def __init__(self, **indices: Key[R]) -> None:
        self._rows: dict[str, R] = {}
        self._keys = indices
        self._found: dict[str, dict[Hashable, dict[str, None]]] = {name: {} for name in indices}
        self._ordered: list[R] | None = None

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[R]:
        return iter(self._rows.values())

    def get(self, row_id: str) -> R | None:
        """The row of an id, in any case."""
        return self._rows.get(row_id) or self._rows.get(row_id.lower())

    def must(self, row_id: str) -> R:
        """The row of an id that a row of these books names. Raises KeyError."""
        return self._rows[row_id]

    def put(self, row: R) -> R:
        """Add the row or put it in the place of the one with its id."""
        old = self._rows.get(row.id)
        for name, key_of in self._keys.items():
            key = key_of(row)
            if old is not None:
                before = key_of(old)
                if before == key:
                    continue
                if before is not None:
                    del self._found[name][before][row.id]
            if key is not None:
                self._found[name].setdefault(key, {})[row.id] = None
        self._rows[row.id] = row
        self._ordered = None
        return row

    def has_index(self, name: str) -> bool:
        """Whether there is an index of this name."""
        return name in self._keys

    def find(self, index: str, key: Hashable) -> list[R]:
        """The rows that have the key."""
        return [self._rows[row_id] for row_id in self._found[index].get(key, ())]

    def count(self, index: str, key: Hashable) -> int:
        """How many rows have the key."""
        return len(self._found[index].get(key, ()))

    def in_order(self) -> list[R]:
        """All rows by UpdatedDateUTC and id, Xero's own order (X 7.20)."""
        if self._ordered is None:
            self._ordered = sorted(self._rows.values(), key=lambda row: (row.updated, row.id))
        return self._ordered

    def since(self, moment: datetime) -> list[R]:
        """The rows changed at or after a moment (X 8.4: not documented; at the moment itself counts here)."""
        rows = self.in_order()
        return rows[bisect_left(rows, moment, key=lambda row: row.updated) :]
