"""The dashboard: the state of a firm at a glance."""

from dataclasses import dataclass

from accounts.models import Firm
from syncengine.pages.addresses import addresses_for
from syncengine.pages.facts import read_facts
from syncengine.pages.ledger import Ledger, build_ledgers, read_totals
from syncengine.pages.problems import Cause, read_problems
from syncengine.pages.status import Status, build_status

_CAUSES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class DashboardPage:
    """Everything that the dashboard shows. `more_causes` are those that only the Bill Syncing page lists."""

    status: Status
    ledgers: tuple[Ledger, ...]
    causes: tuple[Cause, ...]
    more_causes: int
    open_errors: int


def build_dashboard(*, firm: Firm) -> DashboardPage:
    """Build the current firm's dashboard: eight queries at most."""
    facts = read_facts(firm)
    problems = read_problems(addresses=addresses_for(facts.clio.region)) if facts.open_errors else None
    causes = problems.open if problems else ()
    return DashboardPage(
        status=build_status(facts),
        ledgers=build_ledgers(read_totals()) if facts.all_bills else (),
        causes=causes[:_CAUSES_SHOWN],
        more_causes=max(0, len(causes) - _CAUSES_SHOWN),
        open_errors=facts.open_errors,
    )
