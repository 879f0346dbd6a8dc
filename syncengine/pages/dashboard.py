"""The dashboard: the state of a firm at a glance."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from accounts.models import Firm
from syncengine.pages.addresses import addresses_for
from syncengine.pages.facts import Facts, read_facts
from syncengine.pages.ledger import Ledger, build_ledgers, read_totals
from syncengine.pages.problems import Cause, read_problems
from syncengine.pages.progress import Progress, build_progress
from syncengine.pages.run_bars import RunBars, draw_bars, read_days
from syncengine.pages.runs import RunView
from syncengine.pages.setup_steps import Steps, build_steps
from syncengine.pages.status import Stage, Status, build_status

_CAUSES_SHOWN = 5
_BEFORE_THE_START = frozenset({Stage.CONNECT_CLIO, Stage.CONNECT_XERO, Stage.CONFIGURE, Stage.PREVIEW})


@dataclass(frozen=True, slots=True)
class DashboardPage:
    """Everything that the dashboard shows. `more_causes` are those that only the Bill Syncing page lists.

    `steps` are there until the first sync was started, `progress` until it is done, `bars` from then on. While there is
    `progress` it stands in place of the status, and the run that it tells of is not among `runs`.
    """

    status: Status
    steps: Steps | None
    progress: Progress | None
    ledgers: tuple[Ledger, ...]
    causes: tuple[Cause, ...]
    more_causes: int
    runs: tuple[RunView, ...]
    bars: RunBars | None
    open_errors: int
    compared_at: datetime | None = None
    different: int = 0


def build_dashboard(*, firm: Firm, now: datetime) -> DashboardPage:
    """Build the current firm's dashboard: nine queries at most."""
    facts = read_facts(firm)
    status = build_status(facts)
    problems = read_problems(addresses=addresses_for(facts.clio.region)) if facts.open_errors else None
    causes = problems.open if problems else ()
    progress = build_progress(facts, now=now) if _is_first(facts) else None
    before = status.stage in _BEFORE_THE_START and facts.first_sync_done_at is None
    return DashboardPage(
        status=status,
        steps=build_steps(facts) if before else None,
        progress=progress,
        ledgers=build_ledgers(read_totals()) if facts.all_bills else (),
        causes=causes[:_CAUSES_SHOWN],
        more_causes=max(0, len(causes) - _CAUSES_SHOWN),
        runs=tuple(run for run in status.runs if run.ended_at) if progress else status.runs,
        bars=_bars(firm, now) if facts.first_sync_done_at else None,
        open_errors=facts.open_errors,
        compared_at=facts.compared_at,
        different=facts.different,
    )


def _is_first(facts: Facts) -> bool:
    """Whether the first sync is under way, or about to be."""
    return facts.first_sync_done_at is None and facts.has_started and facts.is_connected and facts.firm.has_integration


def _bars(firm: Firm, now: datetime) -> RunBars | None:
    today = now.astimezone(ZoneInfo(firm.time_zone)).date()
    return draw_bars(read_days(zone=firm.time_zone, now=now), today=today)
