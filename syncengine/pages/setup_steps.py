"""The way from nothing to a first sync, step by step; it can be left and taken up again at any of them."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from syncengine.models import Preview
from syncengine.pages.facts import Facts

_DONE, _NEXT, _LATER = "done", "next", "later"


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `state` is "done", "next" or "later"; `place` is the name of its page."""

    name: str
    short: str
    title: str
    words: str
    action: str
    place: str
    state: str

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do in it."""
        return self.state == _DONE

    @property
    def is_next(self) -> bool:
        """Whether it is the first that is not done."""
        return self.state == _NEXT


@dataclass(frozen=True, slots=True)
class Steps:
    """All steps, and the one that comes next; None once the first sync is done."""

    all: tuple[Step, ...]
    next: Step | None

    def words(self, name: str) -> str:
        """Where a step stands among all: "Step 3 of 6"."""
        place = next(number for number, step in enumerate(self.all, start=1) if step.name == name)
        return _("Step %(place)s of %(count)s") % {"place": place, "count": len(self.all)}


def build_steps(facts: Facts) -> Steps:
    """Tell which steps are done. A firm that was configured on the settings page has none of them left to do."""
    started = facts.has_started
    done = {
        "clio": facts.clio.is_good,
        "xero": facts.xero.is_good,
        "accounts": started or (facts.is_saved and facts.has_accounts),
        "preferences": started or bool(facts.preview_state),
        "preview": started or facts.preview_state == Preview.State.READY,
        "start": facts.first_sync_done_at is not None,
    }
    first = next((name for name, is_done in done.items() if not is_done), "")
    steps = tuple(
        Step(name, *_told(name, facts), state=_DONE if is_done else _NEXT if name == first else _LATER)
        for name, is_done in done.items()
    )
    return Steps(steps, next((step for step in steps if step.is_next), None))


def _told(name: str, facts: Facts) -> tuple[str, str, str, str, str]:
    """Short title, title, words, button and page of a step."""
    return {
        "clio": (
            "Clio",
            _("Connect Clio"),
            facts.clio.name or _("You log in to Clio and allow ClioXero to read bills and contacts."),
            _("Connect Clio"),
            "setup_connect",
        ),
        "xero": (
            "Xero",
            _("Connect Xero"),
            facts.xero.name or _("You log in to Xero and choose the organisation that keeps this firm's books."),
            _("Connect Xero"),
            "setup_connect",
        ),
        "accounts": (
            _("Accounts"),
            _("Choose accounts and tax rates"),
            _("Where time, expenses, interest, credits and payments are booked. Nothing is sent by saving."),
            _("Choose accounts"),
            "setup_accounts",
        ),
        "preferences": (
            _("Preferences"),
            _("Range and preferences"),
            _("Which bills are sent, and how clients are named in Xero."),
            _("Choose the range"),
            "setup_preferences",
        ),
        "preview": (
            _("Preview"),
            _("Look at the preview"),
            _("What the first sync will create, link and leave out, and how long it takes. Still nothing is sent."),
            _("Look at the preview"),
            "setup_preview",
        ),
        "start": (
            _("First sync"),
            _("The first sync"),
            _("Starts when you say so. Bills already in Xero that match are linked, not sent twice."),
            _("See how it goes") if facts.has_started else _("Look at it and start"),
            "setup_progress" if facts.has_started else "setup_preview",
        ),
    }[name]
