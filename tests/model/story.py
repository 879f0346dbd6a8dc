"""One history: an office, what people did in it so far, and the runs with what is checked after each."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from hypothesis import currently_in_test_context, note
from hypothesis.stateful import Bundle, RuleBasedStateMachine

from sandbox.clio.rules import AgainstTheRules
from sandbox.control import ControlError
from sandbox.firm.billing import Allocation, Bill
from tests.model.books import Books, Invoice, Payment, read_books
from tests.model.differences import ByHand, broken_promises, differences, is_locked, moved_in_locked_period
from tests.model.office import Office
from tests.model.should_stand import Settings, should_stand

BILLS: Bundle[int] = Bundle("bills")
_API = ("/api.xro/2.0/", "/api/v4/")
_NOTICED_AFTER = timedelta(minutes=15)


class Story(RuleBasedStateMachine):
    """What all chapters share. `office` is set on the subclass that a test makes, since all histories share one."""

    office: ClassVar[Office]

    def __init__(self) -> None:
        super().__init__()
        self.office.begin_anew()
        self.settings = Settings()
        self.hand = ByHand()
        #: What may have left an open error, so that the end of the history need not be clean.
        self.excuses: set[str] = set()
        #: Bills of which something was moved in Xero that no run has read yet, with the time of the newest deed.
        self.unseen_money: dict[int, datetime] = {}
        self.unseen_rest: set[int] = set()
        self.last_state = ""
        self.moved = True
        self.over = False
        self._books: Books | None = None
        self._witness()

    def _witness(self) -> None:
        """A bill with money on it that nobody touches: what vanishes is proven gone beside it (BEHAVIOUR §9)."""
        client = [row.id for row in self.clio.contacts.all() if row.is_client][-1]
        line = {"kind": "Service", "description": "Advice", "price": 90}
        made = self.office.clio.act("add_bill", client_id=client, lines=[line])
        self.office.clio.act("record_payment", bill_id=made["id"], amount=10)
        self.office.clio.act("write_off", bill_id=made["id"], amount=5)

    # What is there

    @property
    def clio(self) -> Any:
        """Clio's records."""
        return self.office.clio.data

    @property
    def now(self) -> datetime:
        """The time at the office."""
        return self.office.clock.now()

    @property
    def today(self) -> date:
        """The day at the office."""
        return self.now.date()

    def books(self) -> Books:
        """What stands in Xero; read anew after a run or a deed there."""
        if self._books is None:
            self._books = read_books(self.office.xero.state(self.office.tenant))
        return self._books

    def bill(self, bill_id: int) -> Bill:
        """A bill in Clio."""
        found: Bill = self.clio.bills.get(bill_id)
        return found

    def money(self, parent: str) -> list[Allocation]:
        """The payments or credits in Clio that are not voided, but for the witness's."""
        witness = self.clio.bills.ids[0]
        rows = self.clio.allocations.all()
        return [row for row in rows if row.parent_type == parent and row.voided_at is None and row.bill_id != witness]

    # What people do

    def say(self, words: str) -> None:
        """Tell what happened: a failing history is printed with these words."""
        if currently_in_test_context():
            note(f"  {self.now:%a %H:%M}  {words}")

    def in_clio(self, words: str, action: str, **values: Any) -> dict[str, Any] | None:
        """Somebody does something in Clio; None where Clio refuses it."""
        try:
            answer = self.office.clio.act(action, as_person=True, **values)
        except AgainstTheRules as refused:
            self.say(f"Clio refuses: {words} ({refused})")
            return None
        self.say(f"in Clio: {words}")
        self.moved = True
        return answer

    def in_xero(self, words: str, action: str, *, excuse: bool = True, **values: Any) -> dict[str, Any] | None:
        """Somebody does something in Xero; None where Xero refuses it. `excuse`: it may need a person later."""
        self._books = None
        try:
            answer = self.office.xero.act(action, **values)
        except ControlError as refused:
            self.say(f"Xero refuses: {words} ({refused})")
            return None
        self.say(f"in Xero: {words}")
        self.moved = True
        if excuse:
            self.excuses.add("by hand")
        return answer

    # Runs

    def run(self, minutes: float, *, full: bool = False) -> str:
        """Time passes, a run is worked to its end, and what stands then is checked. Gives the run's state."""
        self.over = True  # unless all of this goes well
        self.office.clock.advance(minutes * 60)
        goes_on = self.last_state == "waiting"
        stood = self.books()
        self._let_go(stood)
        report = self.office.sync(full=full)
        self._books = None
        state: str = report["state"]
        self.say(f"a {'full ' if full else ''}run ends {state} {self._told(report)}")
        assert "unexpected" not in report["message"], report["message"]
        stands = self.books()
        if state in {"clean", "errors"} and not goes_on:
            self._note_seen(full=full)
        wrong = list(broken_promises(books=stands, hand=self.hand))
        if state == "clean" and not goes_on:  # one that goes on has read both sides earlier
            wrong += self._differences(stood, stands)
        assert not wrong, "\n".join(wrong)
        self.last_state = "went on" if goes_on and state == "clean" else state
        self.moved, self.over = False, False
        return self.last_state

    @staticmethod
    def _told(report: dict[str, Any]) -> str:
        errors = [f"{one['kind']} {one['clio_id']}: {one['code']}" for one in report["open_errors"]]
        return f"({'; '.join(errors) or report['message']})" if errors or report["message"] else ""

    def _note_seen(self, *, full: bool) -> None:
        if full:
            self.unseen_money.clear()
            self.unseen_rest.clear()
        elif self.settings.bank:
            late = {bill: at for bill, at in self.unseen_money.items() if self.now - at < _NOTICED_AFTER}
            self.unseen_money = late

    def _differences(self, stood: Books, stands: Books) -> Iterator[str]:
        for bill in list(self.clio.bills.all()):
            if bill.id in self.unseen_money or bill.id in self.unseen_rest:
                continue
            before, after = stood.of(bill.id), stands.of(bill.id)
            should = should_stand(clio=self.clio, bill=bill, settings=self.settings, stood=before)
            until, plain = self.settings.locked_until, None if isinstance(should, str) else should
            if until and is_locked(should=plain, bill_issued=bill.issued_at, stood=before, until=until):
                found = list(moved_in_locked_period(stood=before, stands=after, until=until))
            elif should == "as it stood":
                found = self._moved(before, after) if self.last_state in {"", "clean", "went on"} else []
            elif should == "nothing":
                found = ["its invoice stands"] if after else []
            else:
                found = list(
                    differences(should=should, stands=after, stood=before, hand=self.hand, numbers=stands.numbers)
                )
            yield from (f"bill {bill.number}: {one}" for one in found)

    @staticmethod
    def _moved(before: Invoice | None, after: Invoice | None) -> list[str]:
        plain = [replace(one, contact="") if one else None for one in (before, after)]
        return [] if plain[0] == plain[1] else [f"it is left alone, yet it was {before} and is {after}"]

    def _let_go(self, stood: Books) -> None:
        """Say which entries by hand the rules let the coming run take away: what Clio's payment fits, and §6's edit."""
        for invoice in stood.invoices:
            free = [one for one in invoice.payments if one.id in self.hand.payments and one.id not in self.hand.may_go]
            rows = [row for row in self.clio.allocations_of(invoice.bill_id) if row.voided_at is None]
            ours = {one.key for one in invoice.payments}
            missing = [row for row in rows if row.parent_type == "Payment" and row.id not in ours]
            for one in free:
                if any(row.amount == one.amount and abs((row.date - one.on).days) <= 5 for row in missing):
                    self.hand.may_go.add(one.id)
            if len(free) == 1 and not free[0].reconciled and any(row.amount > invoice.due for row in missing):
                self.hand.may_go.add(free[0].id)
            credits_given = {row.amount for row in rows if row.parent_type == "CreditMemo"}
            self.hand.may_go |= {one.id for one in invoice.credits if not one.key and one.amount in credits_given}

    def enter(self, payment: Payment) -> None:
        """Remember a payment that somebody entered in Xero."""
        self.hand.payments[payment.id] = payment

    def writes(self) -> list[str]:
        """What was written on either side since the calls were last forgotten."""
        both = (*self.office.xero.calls.calls(), *self.office.clio.calls.calls())
        return [f"{call.method} {call.path}" for call in both if call.method != "GET" and call.path.startswith(_API)]

    def run_at_once(self) -> None:
        """After a run that ended clean another one finds nothing to do."""
        self.office.xero.calls.reset()
        self.office.clio.calls.reset()
        if self.run(0) == "clean":
            self.over = True
            assert not self.writes(), f"the second run wrote: {self.writes()}"
            self.over = False

    def teardown(self) -> None:
        """The end of every history: nothing is in the way any more, and full runs follow until one ends clean."""
        if self.over:
            return
        for server in (self.office.clio, self.office.xero):
            server.faults.clear()
        states = [self.run(16, full=True)]
        while states[-1] not in {"clean", "errors"} and len(states) < 5:
            states.append(self.run(16, full=True))
        if states[-1] == "clean":
            self.run_at_once()
        else:
            self.over = True
            assert self._excuse(), f"it ends {states[-1]} without a reason: {states}"
            self.over = False

    def _excuse(self) -> bool:
        """Whether it has a reason that needs a person: something by hand, a bill paid beyond its sum, export off."""
        paid_beyond = any(bill.balance < 0 for bill in self.clio.bills.all())
        return bool(self.excuses) or paid_beyond or not self.settings.export
