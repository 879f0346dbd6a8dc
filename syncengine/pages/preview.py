"""The preview of the first sync while it is made, and once it is ready to start from (BEHAVIOUR §3)."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from syncengine.domain.rules import Rules
from syncengine.models import LineSnapshot, Preview, Snapshot
from syncengine.pages.facts import Facts
from syncengine.pages.preview_report import Report, build_report
from syncengine.pages.setup import SetupPage
from syncengine.pages.setup_steps import build_steps
from syncengine.pages.wording import without_time

_State, _Step = Preview.State, Preview.Step


@dataclass(frozen=True, slots=True)
class Making:
    """A preview under way: a sentence, how far it is, until when it waits. `of` is 0 while nobody can know."""

    sentence: str
    done: int
    of: int
    until: datetime | None
    message: str


@dataclass(frozen=True, slots=True)
class PreviewPage(SetupPage):
    """The page. `state`: none, making, failed or ready; only a ready and current one can be started from."""

    state: str
    failure: str
    making: Making | None
    report: Report | None
    can_start: bool


def build_preview(*, facts: Facts, row: Preview | None, rules: Rules | None, is_current: bool) -> PreviewPage:
    """Build the page: two queries at most beside the facts.

    `rules` are the present ones, for a preview that is ready; `is_current`: it was made under them.
    """
    making = _making(row) if row and row.is_open else None
    ready = row is not None and row.state == _State.READY
    return PreviewPage(
        steps=build_steps(facts),
        open_errors=facts.open_errors,
        has_started=facts.has_started,
        state="none" if row is None else "making" if making else "ready" if ready else "failed",
        failure=row.message if row and row.state == _State.FAILED else "",
        making=making,
        report=build_report(row, rules, is_current=is_current) if row and rules and ready else None,
        can_start=ready and is_current and not facts.has_started and facts.is_connected,
    )


def _making(row: Preview) -> Making:
    done, of = 0, 0
    if row.state == _State.ASKED:
        sentence = _("The preview starts within seconds.")
    elif row.step == _Step.READ_CLIO:
        bills, lines = Snapshot.objects.filter(kind=Snapshot.Kind.BILL).count(), LineSnapshot.objects.count()
        sentence = _("Reading Clio: %(bills)s bills and %(lines)s lines so far.") % {
            "bills": f"{bills:,}",
            "lines": f"{lines:,}",
        }
    elif row.step == _Step.PLAN:
        done, of = row.tally.get("looked_at", 0), Snapshot.objects.filter(kind=Snapshot.Kind.BILL).count()
        sentence = _("Working out what would be sent: %(done)s of %(of)s bills.") % {
            "done": f"{done:,}",
            "of": f"{of:,}",
        }
    else:
        sentence = {
            _Step.READ_XERO.value: _("Reading Xero: contacts, accounts and tax rates."),
            _Step.CLIENTS.value: _("Looking at the clients of your bills."),
        }.get(row.step, _("Looking for bills that stand in Xero already."))
    return Making(sentence, done, of, row.waits_until, without_time(row.message))
