"""What one slice works with: the clients, the rules, the lease, the clock, the counts."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from accounts.models import Firm
from syncengine.clio import ClioClient
from syncengine.domain.plan import KINDS, VERBS, Verb
from syncengine.engine import lease as leases
from syncengine.engine.cursors import Cursors
from syncengine.engine.errors import SliceOver
from syncengine.engine.lease import Lease
from syncengine.engine.reference import Setup
from syncengine.models import RecordEvent, Run, Submission
from syncengine.xero import XeroClient

Clock = Callable[[], datetime]


def empty_counts() -> dict[str, dict[str, int]]:
    """Counts as `sync --json` prints them (DESIGN §5)."""
    return {kind: dict.fromkeys(VERBS, 0) for kind in KINDS}


@dataclass(slots=True)
class Slice:
    """One slice of one run. `deadline` ends it between two pages or batches; foreground runs have it too."""

    firm: Firm
    run: Run
    lease: Lease
    setup: Setup
    clio: ClioClient
    xero: XeroClient
    clock: Clock
    deadline: datetime
    asked: bool = False
    #: Somebody pressed "Sync now": every list of Xero's is read, whatever its turn.
    pressed: bool = False
    dry_run: bool = False
    cursors: Cursors = field(default_factory=Cursors)
    #: Contacts that a dry run would create or link: their bills count as if they stood in Xero.
    pretended_contacts: set[int] = field(default_factory=set)
    #: Whether bills may be marked whose removed lines and allocations have to be looked for.
    relisting: bool = False
    #: What happened to records and is not written down yet.
    story: list[RecordEvent] = field(default_factory=list)
    #: Whether this slice has read what changed among Xero's payments.
    payments_read: bool = False
    #: Removals that wait for an admin (the brake); None until it is worked out in this slice.
    held_back: frozenset[tuple[str, int]] | None = None
    #: Bills that a dry run would create: their money counts as if they stood in Xero.
    pretended_bills: set[int] = field(default_factory=set)

    def count(self, kind: str, verb: Verb, times: int = 1) -> None:
        """Add to the run's counts."""
        self.run.counts[kind][verb] += times

    def tell(
        self,
        kind: str,
        clio_id: int,
        event: RecordEvent.Event,
        words: str = "",
        *,
        submission: Submission | None = None,
        details: dict[str, Any] | None = None,
    ) -> None:
        """Add to a record's history; `write_story` writes it down."""
        if self.dry_run:
            return
        self.story.append(
            RecordEvent(
                kind=kind,
                clio_id=clio_id,
                at=self.clock(),
                event=event,
                words=words,
                details=details or {},
                run=self.run,
                submission=submission,
            )
        )

    def write_story(self) -> None:
        """Write down what was told, best in the transaction that records what it is about."""
        if self.story:
            RecordEvent.objects.bulk_create(self.story)
            self.story.clear()

    @property
    def is_over(self) -> bool:
        """Whether the slice's time is up."""
        return self.clock() >= self.deadline

    def breathe(self) -> None:
        """Between two pages or batches: hold the lease, or end the slice when its time is up.

        Raises:
            LeaseLost: another worker took the firm over: nothing more may be written, however the slice ends.
            SliceOver: the slice's time is up.
        """
        leases.renew(lease=self.lease, now=self.clock())
        self.write_story()
        if self.is_over:
            raise SliceOver
