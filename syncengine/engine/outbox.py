"""Submissions: written before they are sent, settled by what Xero answers (DESIGN §4.2, §4.3)."""

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection, transaction

from syncengine.domain.outcomes import ItemKey, Outcome, RetryLater, Unclear
from syncengine.engine import lease as leases
from syncengine.engine.errors import MustWait
from syncengine.engine.slice import Slice
from syncengine.models import RecordEvent, Submission
from syncengine.transport.errors import NoAnswer, Unreachable
from syncengine.xero import WholeBatchRefused, WriteCall, read_answer


class NetworkInsideTransaction(Exception):  # noqa: N818
    """A call would have been made while a database transaction is open (DESIGN §4.1)."""


@dataclass(frozen=True, slots=True)
class Item:
    """One document of a submission, with what its answer is needed for; plain values, since the outbox keeps them."""

    clio_id: int
    natural_key: str
    xero_id: str
    record_digest: str
    document_digest: str
    total: str = ""
    url: str = ""
    #: key → [digest of the Clio line, coding], in the order of the document's lines.
    lines: tuple[tuple[str, str, str], ...] = ()

    def as_json(self) -> list[Any]:
        """For the outbox."""
        return [
            self.clio_id,
            self.natural_key,
            self.xero_id,
            self.record_digest,
            self.document_digest,
            self.total,
            self.url,
            [list(line) for line in self.lines],
        ]

    @classmethod
    def from_json(cls, plain: list[Any]) -> "Item":
        """From the outbox."""
        clio_id, natural_key, xero_id, record_digest, document_digest, total, url, lines = plain
        parts = tuple((key, digest, coding) for key, digest, coding in lines)
        return cls(clio_id, natural_key, xero_id, record_digest, document_digest, total, url, parts)


def submit(
    *, work: Slice, call: WriteCall, kind: str, operation: str, items: Sequence[Item]
) -> tuple[Submission, list[Outcome] | WholeBatchRefused]:
    """Commit one call, send it, and read what became of each item.

    Raises:
        MustWait: the answer was lost or unreadable; the submission is unclear and is settled before anything else.
        LeaseLost, LimitReached, Disconnected: nothing was sent.
    """
    leases.renew(lease=work.lease, now=work.clock())
    with transaction.atomic():
        submission = Submission.objects.create(
            run=work.run,
            kind=kind,
            operation=operation,
            method=call.method,
            path=call.path,
            query=call.query,
            body=call.body,
            body_digest=hashlib.sha256(call.body).hexdigest(),
            items=[item.as_json() for item in items],
            idempotency_key=uuid.uuid4().hex,
            lease_generation=work.lease.generation,
            sent_at=work.clock(),
            clock_skew_seconds=work.xero.clock_skew.total_seconds(),
        )
        for item in items:
            work.tell(kind, item.clio_id, RecordEvent.Event.SENT, submission=submission, details=_sent(operation, item))
        work.write_story()
    return submission, send(work=work, submission=submission)


def _sent(operation: str, item: Item) -> dict[str, Any]:
    """What the history keeps of an item beside its submission: enough to say what was planned."""
    return {"operation": operation, "key": item.natural_key, **({"total": item.total} if item.total else {})}


def send(*, work: Slice, submission: Submission) -> list[Outcome] | WholeBatchRefused:
    """Send a committed submission: exactly its bytes, under its key."""
    if connection.in_atomic_block:
        raise NetworkInsideTransaction(submission.path)
    call = WriteCall(submission.method, submission.path, submission.query, submission.body)
    try:
        answer = work.xero.send(call, idempotency_key=submission.idempotency_key)
    except Unreachable:
        if submission.attempts == 1:
            # Nothing ever left this machine, so nothing can stand in Xero.
            Submission.objects.filter(pk=submission.pk).update(state=Submission.State.DROPPED)
        raise
    except NoAnswer as error:
        _unclear(submission, server_failed=False)
        raise MustWait(until=work.clock() + timedelta(seconds=2), reason="Xero's answer was lost.") from error
    keys = [ItemKey(item.natural_key, item.xero_id) for item in map(Item.from_json, submission.items)]
    outcomes = read_answer(
        kind=submission.kind, status=answer.status, body=answer.body, keys=keys, operation=submission.operation
    )
    if answer.status >= 500:
        again = submission.attempts > 1
        _unclear(submission, server_failed=again)
        raise MustWait(until=work.clock() + timedelta(seconds=2), reason="Xero had trouble of its own.")
    if not isinstance(outcomes, WholeBatchRefused):
        _hold_if_untold(work, submission, outcomes)
    submission.answer_status = answer.status
    return outcomes


def _hold_if_untold(work: Slice, submission: Submission, outcomes: Sequence[Outcome]) -> None:
    """An answer that leaves one item open leaves the call open: a look in Xero then tells of all its items."""
    if any(isinstance(outcome, Unclear) for outcome in outcomes):
        _unclear(submission, server_failed=True)
        raise MustWait(until=work.clock() + timedelta(seconds=2), reason="Xero's answer could not be read.")
    if any(isinstance(outcome, RetryLater) for outcome in outcomes):
        Submission.objects.filter(pk=submission.pk).update(state=Submission.State.DROPPED)
        raise MustWait(until=work.clock() + timedelta(minutes=1), reason="Xero took nothing in; it is tried again.")


def _unclear(submission: Submission, *, server_failed: bool) -> None:
    Submission.objects.filter(pk=submission.pk).update(state=Submission.State.UNCLEAR, server_failed=server_failed)


def settle(*, work: Slice, submission: Submission, state: str = Submission.State.ANSWERED) -> None:
    """Close a submission, in the transaction that records its outcomes.

    Raises:
        LeaseLost: the answer came so late that another worker took the firm over, who settles it: nothing is recorded.
    """
    leases.renew(lease=work.lease, now=work.clock())
    Submission.objects.filter(pk=submission.pk).update(
        state=state, answered_at=work.clock(), answer_status=submission.answer_status
    )
