"""What one slice works with: the clients, the rules, the lease, the clock, the counts."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from accounts.models import Firm
from syncengine.clio import ClioClient
from syncengine.engine import lease as leases
from syncengine.engine.cursors import Cursors
from syncengine.engine.errors import SliceOver
from syncengine.engine.lease import Lease
from syncengine.engine.reference import Setup
from syncengine.models import Run
from syncengine.xero import XeroClient

Verb = Literal["created", "updated", "voided", "removed", "adopted", "unchanged", "blocked", "rejected"]
VERBS: tuple[Verb, ...] = ("created", "updated", "voided", "removed", "adopted", "unchanged", "blocked", "rejected")
KINDS = ("contact", "invoice", "payment", "credit_note", "allocation", "spend_money")
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
    dry_run: bool = False
    cursors: Cursors = field(default_factory=Cursors)
    #: Contacts that a dry run would create: their bills count as if they stood in Xero.
    pretended_contacts: set[int] = field(default_factory=set)

    def count(self, kind: str, verb: Verb, times: int = 1) -> None:
        """Add to the run's counts."""
        self.run.counts[kind][verb] += times

    @property
    def is_over(self) -> bool:
        """Whether the slice's time is up."""
        return self.clock() >= self.deadline

    def breathe(self) -> None:
        """Between two pages or batches: hold the lease, or end the slice when its time is up.

        Raises:
            SliceOver: the slice's time is up.
            LeaseLost: another worker took the firm over.
        """
        if self.is_over:
            raise SliceOver
        leases.renew(lease=self.lease, now=self.clock())
