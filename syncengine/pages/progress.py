"""How the first sync goes: a bar, the limits it waits for, when it ends, and a line of how it went (BEHAVIOUR §9)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Firm
from syncengine.domain.estimate import expected_end
from syncengine.models import LineSnapshot, Link, Run, Snapshot, Submission
from syncengine.pages.facts import Facts
from syncengine.pages.ledger import Ledger, build_ledgers, read_totals
from syncengine.pages.progress_line import ProgressLine, draw_line, pauses_of
from syncengine.pages.runs import tell_counts
from syncengine.pages.setup import SetupPage
from syncengine.pages.setup_steps import build_steps
from syncengine.pages.wording import without_time

_Phase = Run.Phase
_READING = (_Phase.READ_CLIO, _Phase.READ_XERO)


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of record: how many of how many; `of` is 0 while nobody can know."""

    name: str
    done: int
    of: int

    @property
    def words(self) -> str:
        """How many of how many, in figures."""
        return f"{self.done:,} / {self.of:,}" if self.of else f"{self.done:,}"


@dataclass(frozen=True, slots=True)
class Progress:
    """The first sync. Times are UTC."""

    #: "waiting_to_start", "running", "waiting", "failed", "stopped" or "done".
    state: str
    sentence: str
    detail: str
    done: int
    of: int
    parts: tuple[Part, ...]
    batches_words: str
    until: datetime | None
    ends_at: datetime | None
    line: ProgressLine | None
    did: str
    open_errors: int

    @property
    def is_live(self) -> bool:
        """Whether the page asks again."""
        return self.state in {"waiting_to_start", "running", "waiting"}

    @property
    def per_cent(self) -> int:
        """How far it is; 100 only once it is over."""
        return min(99, self.done * 100 // self.of) if self.of else 0


@dataclass(frozen=True, slots=True)
class ProgressPage(SetupPage):
    """The page; once the first sync is over, with both sides beside each other."""

    progress: Progress
    ledgers: tuple[Ledger, ...]


def build_progress_page(*, facts: Facts, now: datetime) -> ProgressPage:
    """Build the page: two queries beside the facts."""
    progress = build_progress(facts, now=now)
    return ProgressPage(
        steps=build_steps(facts),
        open_errors=facts.open_errors,
        has_started=facts.has_started,
        progress=progress,
        ledgers=build_ledgers(read_totals()) if progress.state == "done" else (),
    )


def build_progress(facts: Facts, *, now: datetime) -> Progress:
    """Tell how the first sync of a firm goes, in one query beside the facts."""
    run = facts.open_run or facts.last_run
    state = _state(facts, run)
    counted = _counted(facts.firm, run)
    parts = _parts(run, counted) if state != "done" else ()
    sized = [part for part in parts if part.of]
    done, of = sum(min(part.done, part.of) for part in sized), sum(part.of for part in sized)
    pauses = pauses_of(run.trail if run else (), now=now)
    ends_at = None
    if run and of and state in {"running", "waiting"}:
        paused = sum((pause.lasted for pause in pauses), timedelta(0))
        began, until = run.started_at, run.waits_until
        ends_at = expected_end(now=now, began=began, done=done, total=of, paused=paused, waits_until=until)
    return Progress(
        state=state,
        sentence=_sentence(state, run, counted),
        detail=without_time(run.message) if run and state in {"waiting", "failed"} else "",
        done=done,
        of=of,
        parts=parts,
        batches_words=_batches(counted["batches"]),
        until=run.waits_until if run and state == "waiting" else None,
        ends_at=ends_at,
        line=draw_line(trail=run.trail, began=run.started_at, now=now, done=done, of=of) if run and of else None,
        did=tell_counts(run.counts) if run and state == "done" else "",
        open_errors=facts.open_errors,
    )


def _state(facts: Facts, run: Run | None) -> str:
    if facts.first_sync_done_at is not None:
        return "done"
    if not facts.export_bills:
        return "stopped"
    if run is None or (run.ended_at is not None and run.state != Run.State.FAILED):
        return "waiting_to_start"
    return {Run.State.WAITING.value: "waiting", Run.State.FAILED.value: "failed"}.get(run.state, "running")


def _counted(firm: Firm, run: Run | None) -> Mapping[str, int]:
    """What is read and done so far, in one query. During a first sync a record gets its link when it is decided."""

    def many(rows: Any) -> Subquery:
        return Subquery(rows.order_by().values("firm").annotate(n=Count("pk")).values("n"))

    links = Link.objects.exclude(state=Link.State.NEW)
    batches = Submission.objects.filter(run_id=run.pk if run else 0)
    counted = Firm.objects.values(
        bills=many(Snapshot.objects.filter(kind=Snapshot.Kind.BILL)),
        clients=many(Snapshot.objects.filter(kind=Snapshot.Kind.CONTACT)),
        lines=many(LineSnapshot.objects.all()),
        contacts=many(links.filter(kind=Link.Kind.CONTACT)),
        invoices=many(links.filter(kind=Link.Kind.INVOICE)),
        money_left=many(Snapshot.objects.filter(kind=Snapshot.Kind.BILL, money_dirty=True)),
        batches=many(batches),
    ).get(pk=firm.pk)
    return {name: int(str(value or 0)) for name, value in counted.items()}


def _parts(run: Run | None, counted: Mapping[str, int]) -> tuple[Part, ...]:
    if run is None or run.phase in _READING:
        return (Part(_("Bills read"), counted["bills"], 0), Part(_("Lines read"), counted["lines"], 0))
    expected = run.expected
    parts = [
        Part(_("Contacts"), counted["contacts"], max(counted["clients"], counted["contacts"])),
        Part(_("Bills"), counted["invoices"], max(expected.get("invoice", 0), counted["bills"])),
    ]
    if money := expected.get("money", 0):
        parts.append(Part(_("Bills with payments or credits"), max(0, money - counted["money_left"]), money))
    return tuple(parts)


def _sentence(state: str, run: Run | None, counted: Mapping[str, int]) -> str:
    if state == "running" and run:
        return _("The first sync is running: %(phase)s.") % {"phase": _phase(run, counted)}
    return {
        "waiting_to_start": _("The first sync starts within seconds."),
        "waiting": _("The first sync waits for a limit, and goes on by itself."),
        "failed": _("The first sync stopped. It is tried again by itself within minutes."),
        "stopped": _("The export is switched off, so nothing is sent."),
        "done": _("The first sync is done."),
    }.get(state, "")


def _phase(run: Run, counted: Mapping[str, int]) -> str:
    return {
        _Phase.READ_CLIO.value: _("reading Clio, %(n)s bills so far") % {"n": f"{counted['bills']:,}"},
        _Phase.READ_XERO.value: _("reading Xero"),
        _Phase.CONTACTS.value: _("contacts"),
        _Phase.INVOICES.value: _("invoices"),
        _Phase.MONEY.value: _("payments and credits"),
    }.get(run.phase, _("the last records"))


def _batches(count: int) -> str:
    if not count:
        return ""
    return ngettext("%(n)s batch sent to Xero", "%(n)s batches sent to Xero", count) % {"n": f"{count:,}"}
