"""What happens to the sync itself: the firm's settings change, answers are lost, a side has trouble or a limit."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from sandbox.faults import Fault
from syncengine.transport.errors import LimitReached
from tests.model.in_xero import InXero

_XERO = "/api.xro/2.0/"
_TROUBLE: dict[str, tuple[str, dict[str, Any]]] = {
    "Xero does the next write and its answer is lost": ("xero", {"kind": "lose_answer"}),
    "Xero does the next write and answers 500": ("xero", {"kind": "status_after", "status": 500}),
    "Xero answers the next write with 503": ("xero", {"kind": "status", "status": 503}),
    "Xero answers the next write with 429": ("xero", {"kind": "rate_limit", "seconds": 30}),
    "Clio answers the next call with 500": ("clio", {"kind": "status", "status": 500}),
    "Clio answers the next call with 429": ("clio", {"kind": "rate_limit", "seconds": 30}),
}
_CHOICES: dict[str, dict[str, Any]] = {
    "payments are switched off": {"bank": ""},
    "payments go to the operating account": {"bank": "090"},
    "payments go to client disbursements": {"bank": "427"},
    "credit notes have no account": {"credits": ""},
    "credit notes go to other revenue": {"credits": "260"},
    "drafts are sent too": {"only_approved": False},
    "only approved bills are sent": {"only_approved": True},
    "export is switched off": {"export": False},
    "export is switched on": {"export": True},
    "bills are taken from today on": {"issued_from": 0},
    "bills are taken from three days ago on": {"issued_from": -3},
    "bills are taken from ever": {"issued_from": None},
}


class AtTheFirm(InXero):
    """Settings and trouble."""

    @rule(choice=st.sampled_from(list(_CHOICES)))
    def the_settings_change(self, choice: str) -> None:
        if choice == "credit notes have no account":
            self.excuses.add(choice)
        changes = dict(_CHOICES[choice])
        days = changes.get("issued_from")
        if days is not None:
            changes["issued_from"] = self.today + timedelta(days=days)
        self.choose(choice, **changes)

    @precondition(lambda self: not self.office.clio.faults.pending() and not self.office.xero.faults.pending())
    @rule(days=st.sampled_from([-20, -5, 0, None]))
    def the_books_are_locked(self, days: int | None) -> None:
        """Somebody sets the lock date in Xero, and ClioXero reads it anew."""
        until = None if days is None else self.today + timedelta(days=days)
        self.in_xero(f"the books are locked until {until}", "set_lock_dates", excuse=False, period=until and str(until))
        self.settings = replace(self.settings, locked_until=until)
        try:
            self.office.refresh()
        except LimitReached:
            self.say("  ClioXero cannot read that now: a limit is used up")
            self.excuses.add("a lock that was not read")

    def choose(self, words: str, **changes: Any) -> None:
        """Save the settings page."""
        self.settings = now = replace(self.settings, **changes)
        self.office.configure(
            export_bills=now.export,
            only_approved_bills=now.only_approved,
            bills_issued_from=now.issued_from,
            payment_bank_account=now.bank,
            credit_notes_account=now.credits,
        )
        self.say(f"settings: {words}")
        self.moved = True

    @rule(trouble=st.sampled_from(list(_TROUBLE)), after=st.integers(0, 2))
    def there_is_trouble(self, trouble: str, after: int) -> None:
        side, values = _TROUBLE[trouble]
        self.say(f"trouble: {trouble}{f', after {after} more' if after else ''}")
        if side == "clio":
            self.office.clio.faults.add(Fault(path_prefix="/api/v4/", after=after, **values))
        else:
            for method in ("PUT", "POST"):
                self.office.xero.faults.add(Fault(method=method, path_prefix=_XERO, after=after, **values))
        self.moved = True
