"""Faults that a test asks for, and how a stand-in acts them out: the same way in both servers."""

import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from werkzeug.wrappers import Response

Kind = Literal[
    "lose_answer",  # do the work and commit, then close the connection without an answer
    "status",  # answer `status` without doing the work
    "status_after",  # do the work, then answer `status`
    "slow",  # do the work and commit, then hold the answer for `seconds`
    "slow_before",  # hold for `seconds`, then do the work
    "rate_limit",  # 429 without doing the work; Retry-After is `seconds`, the limit named is `problem`
    "expire_token",  # 401: the access token has expired
    "html_403",  # a page of the firewall in front, not an API answer
    "refuse",  # reserved
]
KINDS: tuple[str, ...] = get_args(Kind)

FIREWALL_PAGE = (
    "<!doctype html><html lang='en'><head><title>403 Forbidden</title></head>"
    "<body><h1>403 Forbidden</h1><p>Request blocked.</p></body></html>"
)


class FaultError(ValueError):
    """A fault that the stand-ins cannot act out."""


class AnswerLost(ConnectionError):  # noqa: N818 - reads as what happened
    """The work is done, and the connection is closed before the answer is sent."""


@dataclass
class Fault:
    """One fault: what happens (`kind`), to which calls, after how many of them and how often."""

    kind: str
    method: str | None = None
    path_prefix: str = ""
    status: int = 500
    seconds: float = 0.0
    times: int = 1
    after: int = 0
    problem: str = "minute"

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise FaultError(f"kind: {self.kind!r} is not one of {', '.join(KINDS)}")

    def matches(self, method: str, path: str) -> bool:
        """Whether this call is one that the fault is for."""
        wanted = self.method is None or self.method.upper() == method.upper()
        return wanted and path.startswith(self.path_prefix)


class Faults:
    """The faults still to come, in the order in which they were asked for; thread safe."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        """Ask for a fault."""
        with self._lock:
            self._faults.append(fault)

    def clear(self) -> None:
        """Forget all that are still to come."""
        with self._lock:
            self._faults.clear()

    def take(self, method: str, path: str) -> Fault | None:
        """The fault for this call, used up by one, or None.

        The first matching fault counts: while its `after` is not used up, it lets the call pass.
        """
        with self._lock:
            for fault in self._faults:
                if not fault.matches(method, path):
                    continue
                if fault.after > 0:
                    fault.after -= 1
                    return None
                fault.times -= 1
                if fault.times <= 0:
                    self._faults.remove(fault)
                return fault
        return None

    def pending(self) -> list[dict[str, Any]]:
        """The faults still to come, as plain values."""
        with self._lock:
            return [asdict(fault) for fault in self._faults]


@dataclass(frozen=True)
class FaultAnswers:
    """How one server words the answers of a fault."""

    rate_limited: Callable[[Fault], Response]
    token_expired: Callable[[], Response]
    failed: Callable[[int], Response]


def firewall_page() -> Response:
    """The bare HTML 403 of a firewall in front of an API (C 2.27)."""
    return Response(FIREWALL_PAGE, status=403, content_type="text/html; charset=utf-8")


def serve(
    fault: Fault | None,
    do_work: Callable[[], Response],
    answers: FaultAnswers,
    sleep: Callable[[float], None] = time.sleep,
) -> Response:
    """Do the work under the fault. Raises AnswerLost where the client is to get no answer.

    `do_work` must have committed by the time it returns. Call this outside any lock: it may sleep.
    """
    if fault is None:
        return do_work()
    instead: dict[str, Callable[[], Response]] = {
        "status": lambda: answers.failed(fault.status),
        "rate_limit": lambda: answers.rate_limited(fault),
        "expire_token": answers.token_expired,
        "html_403": firewall_page,
    }
    if fault.kind in instead:
        return instead[fault.kind]()
    if fault.kind == "slow_before":
        sleep(fault.seconds)
    answer = do_work()
    if fault.kind == "slow":
        sleep(fault.seconds)
    if fault.kind == "lose_answer":
        raise AnswerLost("The stand-in dropped the answer, as it was asked to")
    if fault.kind == "status_after":
        return answers.failed(fault.status)
    return answer
