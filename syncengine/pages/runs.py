"""Runs in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from syncengine.models import Run
from syncengine.pages.wording import without_time

_TONES = {
    Run.State.RUNNING: "busy",
    Run.State.WAITING: "waiting",
    Run.State.CLEAN: "good",
    Run.State.ERRORS: "refused",
    Run.State.FAILED: "refused",
}


@dataclass(frozen=True, slots=True)
class RunView:
    """One run, told. `summary` says what it did; `message` why it waits or failed. Times are UTC."""

    started_at: datetime
    ended_at: datetime | None
    state: str
    state_words: str
    tone: str
    summary: str
    message: str
    waits_until: datetime | None
    clio_calls: int
    xero_calls: int
    seconds: float


def tell_run(run: Run) -> RunView:
    """Tell one run."""
    state = Run.State(run.state)
    did = tell_counts(run.counts)
    whole = state in {Run.State.CLEAN, Run.State.ERRORS}
    return RunView(
        started_at=run.started_at,
        ended_at=run.ended_at,
        state=run.state,
        state_words=str(state.label),
        tone=_TONES[state],
        summary=did or (_("Nothing had to be sent.") if whole else ""),
        message=without_time(run.message) if run.waits_until else run.message,
        waits_until=run.waits_until,
        clio_calls=run.clio_calls,
        xero_calls=run.xero_calls,
        seconds=run.seconds,
    )


def tell_counts(counts: Mapping[str, Mapping[str, int]]) -> str:
    """What a run did: "Contacts: 3 created. Invoices: 12 created, 1 refused." Empty where nothing had to be sent."""
    kinds = {
        "contact": _("Contacts"),
        "invoice": _("Invoices"),
        "payment": _("Payments"),
        "credit_note": _("Credit notes"),
        "spend_money": _("Spend money"),
    }
    verbs = {
        "created": _("%(n)s created"),
        "adopted": _("%(n)s linked"),
        "updated": _("%(n)s updated"),
        "voided": _("%(n)s voided"),
        "removed": _("%(n)s removed"),
        "blocked": _("%(n)s blocked"),
        "rejected": _("%(n)s refused"),
    }
    sentences = []
    for kind, name in kinds.items():
        of_kind = counts.get(kind, {})
        done = [words % {"n": f"{of_kind[verb]:,}"} for verb, words in verbs.items() if of_kind.get(verb)]
        if done:
            sentences.append(f"{name}: {', '.join(done)}.")
    return " ".join(sentences)
