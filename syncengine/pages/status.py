"""The state of a firm in one sentence, with what belongs beside it on every page."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from syncengine.models import Connection, Link, Preview, Run
from syncengine.pages.facts import ConnectionView, Facts
from syncengine.pages.runs import RunView, tell_run
from syncengine.pages.wording import without_time


class Stage(StrEnum):
    """Where a firm stands; the first that applies."""

    NO_PLAN = "no_plan"
    CONNECT_CLIO = "connect_clio"
    CONNECT_XERO = "connect_xero"
    RECONNECT = "reconnect"
    CONFIGURE = "configure"
    PREVIEW = "preview"
    EXPORT_OFF = "export_off"
    RUNNING = "running"
    WAITING = "waiting"
    FAILED = "failed"
    FIRST = "first"
    ERRORS = "errors"
    IN_STEP = "in_step"


#: How a stage looks beside its words.
_TONES = {
    Stage.RUNNING: "busy",
    Stage.FIRST: "busy",
    Stage.WAITING: "waiting",
    Stage.CONFIGURE: "waiting",
    Stage.PREVIEW: "waiting",
    Stage.CONNECT_CLIO: "waiting",
    Stage.CONNECT_XERO: "waiting",
    Stage.EXPORT_OFF: "quiet",
    Stage.NO_PLAN: "quiet",
    Stage.RECONNECT: "refused",
    Stage.FAILED: "refused",
    Stage.ERRORS: "refused",
    Stage.IN_STEP: "good",
}


@dataclass(frozen=True, slots=True)
class Counters:
    """Bills by what a reader wants to know of them; `errors` counts problems, of contacts and the firm too."""

    in_step: int
    waiting: int
    errors: int
    ignored: int
    left_out: int
    all: int


@dataclass(frozen=True, slots=True)
class Status:
    """The state block that every page shows: `sentence` always, `until` (UTC) where something ends by itself."""

    stage: Stage
    tone: str
    sentence: str
    detail: str
    until: datetime | None
    counters: Counters
    clio: ConnectionView
    xero: ConnectionView
    last_run: RunView | None
    next_at: datetime | None
    is_asked: bool
    can_sync: bool
    runs: tuple[RunView, ...] = field(default=())


def build_status(facts: Facts) -> Status:
    """Tell where a firm stands."""
    stage = stage_of(facts)
    run = facts.open_run
    sentence, detail = _words(stage, facts)
    ready = facts.firm.has_integration and facts.is_connected and facts.is_saved
    return Status(
        stage=stage,
        tone=_TONES[stage],
        sentence=sentence,
        detail=detail,
        until=run.waits_until if run and stage is Stage.WAITING else None,
        counters=count(facts),
        clio=facts.clio,
        xero=facts.xero,
        last_run=tell_run(facts.last_run) if facts.last_run else None,
        next_at=facts.due_at if ready and facts.has_started and not (run and stage is Stage.RUNNING) else None,
        is_asked=facts.is_asked and facts.has_started,
        can_sync=ready and facts.export_bills,
        runs=tuple(tell_run(one) for one in facts.runs),
    )


def stage_of(facts: Facts) -> Stage:  # noqa: PLR0911  (a list of cases, the first that applies)
    """Decide where a firm stands."""
    if not facts.firm.has_integration:
        return Stage.NO_PLAN
    if facts.clio.is_broken or facts.xero.is_broken:
        return Stage.RECONNECT
    if not facts.clio.is_good:
        return Stage.CONNECT_CLIO
    if not facts.xero.is_good:
        return Stage.CONNECT_XERO
    if not facts.is_saved:
        return Stage.CONFIGURE
    run = facts.open_run
    if run and run.state == Run.State.WAITING:
        return Stage.WAITING
    if run and run.state == Run.State.RUNNING:
        return Stage.RUNNING
    if not facts.has_started:
        return Stage.PREVIEW if facts.has_accounts else Stage.CONFIGURE
    if not facts.export_bills:
        return Stage.EXPORT_OFF
    if facts.last_run and facts.last_run.state == Run.State.FAILED:
        return Stage.FAILED
    if facts.first_sync_done_at is None:
        return Stage.FIRST
    return Stage.ERRORS if facts.open_errors else Stage.IN_STEP


def count(facts: Facts) -> Counters:
    """Count a firm's bills and problems."""
    states, bills = Link.State, facts.bills
    return Counters(
        in_step=bills.get(states.IN_STEP, 0),
        waiting=bills.get(states.WAITING, 0) + bills.get(states.NEW, 0),
        errors=facts.open_errors,
        ignored=facts.ignored_errors,
        left_out=bills.get(states.OUT_OF_RANGE, 0) + bills.get(states.NOT_SENT, 0),
        all=facts.all_bills,
    )


def _words(stage: Stage, facts: Facts) -> tuple[str, str]:
    run = facts.open_run or facts.last_run
    message = run.message if run else ""
    broken = facts.clio if facts.clio.is_broken else facts.xero
    errors = facts.open_errors
    told: dict[Stage, tuple[str, str]] = {
        Stage.NO_PLAN: (
            _("Nothing syncs: the firm's Clio plan does not include the Xero integration."),
            _("It comes with Clio's plans Boutique and Elite. Once the firm has one, its admin chooses it under Firm."),
        ),
        Stage.CONNECT_CLIO: (
            _("Connect Clio to begin."),
            _("Then connect Xero, choose accounts, and the first bills follow by themselves."),
        ),
        Stage.CONNECT_XERO: (
            _("Clio is connected. Now connect Xero."),
            _("Nothing is sent before you have chosen accounts and switched the export on."),
        ),
        Stage.RECONNECT: (
            _("Syncing is paused: %(service)s has to be connected again.") % {"service": broken.service_name},
            broken.problem,
        ),
        Stage.CONFIGURE: (
            _("Both sides are connected. Now choose accounts and tax rates."),
            _("Nothing is sent before the Xero settings are saved with the export switched on."),
        ),
        Stage.PREVIEW: _before_the_start(facts),
        Stage.EXPORT_OFF: (
            _("Export is switched off, so nothing is sent to Xero."),
            _("What was sent stays in Xero as it is. The export is switched on under Settings, Xero."),
        ),
        Stage.RUNNING: (_running(facts), ""),
        Stage.WAITING: (_("Waiting, nobody has to do anything."), without_time(message)),
        Stage.FAILED: (_("The last sync stopped before its end."), message),
        Stage.FIRST: (_("The first sync starts within minutes."), ""),
        Stage.ERRORS: (
            ngettext("%(count)s problem needs somebody.", "%(count)s problems need somebody.", errors)
            % {"count": errors},
            _("Everything else is in step or on its way."),
        ),
        Stage.IN_STEP: (_("Everything is in step."), _on_the_way(facts)),
    }
    return told[stage]


def _before_the_start(facts: Facts) -> tuple[str, str]:
    """What stands between chosen accounts and the first sync."""
    nothing = _("Nothing is sent before somebody starts the first sync.")
    return {
        "": (_("Accounts are chosen. Look over the preferences, then at the preview."), nothing),
        Preview.State.READY.value: (_("The preview is ready. Look at it, then start the first sync."), nothing),
        Preview.State.FAILED.value: (_("The preview could not be made. Have it made again."), nothing),
    }.get(facts.preview_state, (_("The preview of the first sync is being made."), nothing))


def _on_the_way(facts: Facts) -> str:
    waiting = count(facts).waiting
    if not waiting:
        return ""
    words = ngettext("%(count)s bill is on its way.", "%(count)s bills are on their way.", waiting)
    return words % {"count": f"{waiting:,}"}


def _running(facts: Facts) -> str:
    run = facts.open_run
    phase = Run.Phase(run.phase).label if run else ""
    if facts.first_sync_done_at is None:
        return _("The first sync is running: %(phase)s.") % {"phase": phase}
    return _("A sync is running: %(phase)s.") % {"phase": phase}


def connection_words(connection: ConnectionView) -> str:
    """The state of a connection in a word or two."""
    words = {
        Connection.State.CONNECTED.value: _("Connected"),
        Connection.State.DISCONNECTED.value: _("Disconnected"),
        Connection.State.BROKEN.value: _("Needs reconnecting"),
    }
    return words.get(connection.state, _("Not connected"))
