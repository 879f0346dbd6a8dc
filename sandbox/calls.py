"""What was called: tests and benchmarks count API calls with it."""

import re
import threading
from collections import Counter, deque
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

KEPT = 50_000
# A whole part of a path, with or without .json: the 2 of Xero's /api.xro/2.0/ is none.
_ID = re.compile(r"/(?:\d+|[0-9a-fA-F]{8}-[0-9a-fA-F-]{27})(?=/|\.json$|$)")


@dataclass(frozen=True)
class Call:
    """One API call, its answer's status and the number of elements in its body (1 or 0 where it has no list)."""

    time: datetime
    method: str
    path: str
    query: str
    status: int
    elements: int = 0


class CallLog:
    """The calls since the last reset: exact counts, and the newest calls themselves; thread safe."""

    def __init__(self) -> None:
        self._calls: deque[Call] = deque(maxlen=KEPT)
        self._counts: Counter[str] = Counter()
        self._statuses: Counter[int] = Counter()
        self._elements: Counter[str] = Counter()
        self._lock = threading.Lock()

    def record(self, call: Call) -> None:
        """Note a call."""
        name = f"{call.method} {_ID.sub('/:id', call.path)}"
        with self._lock:
            self._calls.append(call)
            self._counts[name] += 1
            self._elements[name] += call.elements
            self._statuses[call.status] += 1

    def reset(self) -> None:
        """Forget all calls."""
        with self._lock:
            self._calls.clear()
            self._counts.clear()
            self._statuses.clear()
            self._elements.clear()

    def calls(self) -> list[Call]:
        """The newest calls, oldest first."""
        with self._lock:
            return list(self._calls)

    def total(self) -> int:
        """How many calls since the last reset."""
        with self._lock:
            return self._counts.total()

    def count(self, method: str, path_prefix: str = "") -> int:
        """How many calls of a method under a path (ids in paths read ":id")."""
        start = f"{method.upper()} {path_prefix}"
        with self._lock:
            return sum(count for name, count in self._counts.items() if name.startswith(start))

    def summary(self) -> dict[str, Any]:
        """Counts in all, by "METHOD path" (ids as ":id"), by status, and elements sent by the same names."""
        with self._lock:
            return {
                "total": self._counts.total(),
                "by_path": dict(self._counts),
                "by_status": {str(status): count for status, count in self._statuses.items()},
                "elements": {name: count for name, count in self._elements.items() if count},
            }

    def as_json(self, newest: int = 200) -> dict[str, Any]:
        """The summary with the newest calls, as plain values."""
        recent = [{**asdict(call), "time": call.time.isoformat()} for call in self.calls()[-newest:]]
        return {**self.summary(), "calls": recent}
