"""What people do in Clio: bills, their lines and states, payments, write-offs, clients' names."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import MultipleResults, initialize, multiple, precondition, rule

from tests.model.story import BILLS, Story

PRICES = st.sampled_from(["100", "60.01", "33.33", "250.50"])
PARTS = st.sampled_from(["all", "half", "20", "10"])
CLIENTS = st.integers(0, 2)
WHICH = st.integers(0, 3)
DAYS = st.sampled_from([0, -1, -7])
_TAXES: dict[str, dict[str, Any]] = {
    "untaxed": {},
    "HST": {"tax_rate": 13},
    "HST and PST": {"tax_rate": 13, "secondary_tax_rate": 7},
}
_DISCOUNTS: dict[str, dict[str, Any]] = {
    "no discount": {},
    "a tenth off": {"discount": {"type": "percentage", "rate": 10}},
    "7.77 off": {"discount": {"type": "money", "rate": "7.77"}},
}
TERMS = st.tuples(st.sampled_from(list(_TAXES)), st.sampled_from(list(_DISCOUNTS)))


def lines_of(prices: list[str]) -> list[dict[str, Any]]:
    """A service line for each price."""
    return [{"kind": "Service", "description": f"Advice for {price}", "price": price} for price in prices]


class InClio(Story):
    """Bills and money, as people change them in Clio."""

    def client(self, place: int) -> int:
        """A client by its place."""
        return int([row.id for row in self.clio.contacts.all() if row.is_client][place])

    def day(self, days: int) -> str:
        """A day so many days from now."""
        return self.today.fromordinal(self.today.toordinal() + days).isoformat()

    # Bills

    @initialize(target=BILLS, prices=st.tuples(PRICES, PRICES), paid=PARTS, sent=st.booleans())
    def there_are_two_bills(self, prices: tuple[str, str], paid: str, sent: bool) -> MultipleResults[int]:
        """One of them partly or wholly paid; mostly both have been synced."""
        bills = [
            self.make_bill(f"a bill of {price}", client_id=self.client(place), lines=lines_of([price]))
            for place, price in enumerate(prices)
        ]
        self.pay(bills[0], paid, 0)
        if sent:
            self.run(6)
        return multiple(*bills)

    @rule(
        target=BILLS, client=CLIENTS, prices=st.lists(PRICES, min_size=1, max_size=3), terms=TERMS, draft=st.booleans()
    )
    def a_bill_is_made(self, client: int, prices: list[str], terms: tuple[str, str], draft: bool) -> int:
        tax, discount = terms
        values = {**_TAXES[tax], **_DISCOUNTS[discount], "state": "draft" if draft else "awaiting_payment"}
        issued = self.day(-7 * (len(prices) - 1))
        words = f"a {'draft' if draft else 'bill'} of {' + '.join(prices)}, {tax}, {discount}, of {issued}"
        return self.make_bill(words, client_id=self.client(client), lines=lines_of(prices), issued_at=issued, **values)

    def make_bill(self, words: str, **values: Any) -> int:
        """Make a bill; gives its id."""
        made = self.in_clio(words, "add_bill", **values)
        assert made is not None
        self.say(f"  it is bill {made['number']}, id {made['id']}")
        return int(made["id"])

    @rule(bill=BILLS, price=PRICES, line=WHICH, how=st.sampled_from(["costs", "is added", "is removed", "is reworded"]))
    def a_line_changes(self, bill: int, price: str, line: int, how: str) -> None:
        ids = [row.id for row in self.clio.lines_of(bill)]
        one = ids[line % len(ids)]
        if how == "costs":
            self.edit(bill, f"a line costs {price}", lines={"change": [{"id": one, "price": price}]})
        elif how == "is added":
            self.edit(bill, f"a line of {price} more", lines={"add": lines_of([price])})
        elif how == "is reworded":
            text = f"Advice, {self.now:%H:%M}"
            self.edit(bill, "a line has another text", lines={"change": [{"id": one, "description": text}]})
        elif len(ids) > 1:
            self.edit(bill, "a line less", lines={"remove": [one]})

    @rule(bill=BILLS, what=st.sampled_from(["due date", "number", "client"]), value=CLIENTS)
    def a_bill_is_edited(self, bill: int, what: str, value: int) -> None:
        if what == "due date":
            self.edit(bill, f"due in {value} days", due_at=self.day(value))
        elif what == "number":
            self.edit(bill, f"number A-{value}", number=f"A-{value}")
        else:
            if any(row.bill_id == bill for row in self.money("CreditMemo")):
                self.excuses.add("another client under a credit")
            self.edit(bill, f"its client is number {value}", client_id=self.client(value))

    def edit(self, bill_id: int, words: str, **values: Any) -> None:
        """Change a bill."""
        if self.in_clio(f"bill {self.bill(bill_id).number}: {words}", "edit_bill", bill_id=bill_id, **values):
            self.hand.repriced.discard(bill_id)

    @rule(one=BILLS, other=BILLS)
    def two_bills_swap_numbers(self, one: int, other: int) -> None:
        first, second = self.bill(one), self.bill(other)
        if first.id == second.id or {first.state, second.state} & {"void", "deleted"}:
            return
        numbers = first.number, second.number
        for bill_id, number in ((one, "for a moment"), (other, numbers[0]), (one, numbers[1])):
            self.edit(bill_id, f"number {number}", number=number)

    @rule(bill=BILLS, state=st.sampled_from(["draft", "awaiting_payment", "void", "deleted"]))
    def a_bill_changes_its_state(self, bill: int, state: str) -> None:
        words = f"bill {self.bill(bill).number} becomes {state}"
        self.in_clio(words, "set_bill_state", bill_id=bill, state=state)

    @rule(bill=BILLS)
    def a_bill_is_emptied_and_voided(self, bill: int) -> None:
        """As a person must: first the money comes off."""
        for parent, deed in (("Payment", self.take_back), ("CreditMemo", self.give_up)):
            for row in self.money(parent):
                if row.bill_id == bill:
                    deed(row.id, "delete")
        self.in_clio(f"bill {self.bill(bill).number} becomes void", "set_bill_state", bill_id=bill, state="void")

    # Money

    def part(self, bill_id: int, part: str) -> str:
        """A part of what a bill still owes, in units."""
        balance = self.bill(bill_id).balance
        cents = {"all": balance, "half": balance // 2}.get(part)
        return part if cents is None else f"{cents / 100:.2f}"

    def owing(self) -> list[int]:
        """Bills on which something is due."""
        witness = self.clio.bills.ids[0]
        rows = (row for row in self.clio.bills.all() if row.state == "awaiting_payment" and row.balance > 0)
        return [row.id for row in rows if row.id != witness]

    def pay(self, bill_id: int, part: str, days: int) -> None:
        """Record a payment."""
        amount, on = self.part(bill_id, part), self.day(days)
        words = f"{amount} is paid on bill {self.bill(bill_id).number}, dated {on}"
        self.in_clio(words, "record_payment", bill_id=bill_id, amount=amount, date=on)

    @precondition(lambda self: self.owing())
    @rule(which=WHICH, part=PARTS, days=DAYS)
    def a_payment_is_recorded(self, which: int, part: str, days: int) -> None:
        self.pay(self.pick(self.owing(), which), part, days)

    @precondition(lambda self: self.money("Payment"))
    @rule(
        which=WHICH,
        how=st.sampled_from(["amount 15.50", "amount 10", "a week earlier", "to another bill", "void", "delete"]),
    )
    def a_payment_changes(self, which: int, how: str) -> None:
        row = self.pick(self.money("Payment"), which)
        if how == "to another bill":
            others = [bill for bill in self.owing() if bill != row.bill_id]
            if others:
                words = f"payment A{row.id} goes to bill {self.bill(others[-1]).number}"
                self.in_clio(words, "edit_payment", allocation_id=row.id, bill_id=others[-1])
        elif how.startswith("amount"):
            amount = how.removeprefix("amount ")
            self.in_clio(f"payment A{row.id} is {amount}", "edit_payment", allocation_id=row.id, amount=amount)
        elif how in {"void", "delete"}:
            self.take_back(row.id, how)
        else:
            on = self.day(-7)
            self.in_clio(f"payment A{row.id} is dated {on}", "edit_payment", allocation_id=row.id, date=on)

    def take_back(self, allocation_id: int, how: str) -> None:
        """Void or delete a payment."""
        self.in_clio(f"{how} payment A{allocation_id}", f"{how}_payment", allocation_id=allocation_id)

    @precondition(lambda self: self.owing())
    @rule(which=WHICH, part=PARTS)
    def a_bill_is_written_off(self, which: int, part: str) -> None:
        bill = self.pick(self.owing(), which)
        amount = self.part(bill, part)
        words = f"{amount} of bill {self.bill(bill).number} is written off"
        self.in_clio(words, "write_off", bill_id=bill, amount=amount)

    @precondition(lambda self: self.money("CreditMemo"))
    @rule(which=WHICH, how=st.sampled_from(["void", "delete", "12.34"]))
    def a_write_off_changes(self, which: int, how: str) -> None:
        self.give_up(self.pick(self.money("CreditMemo"), which).id, how)

    def give_up(self, allocation_id: int, how: str) -> None:
        """Void or delete a write-off, or give it another amount."""
        memo = self.clio.allocations.get(allocation_id).parent_id
        if how in {"void", "delete"}:
            self.in_clio(f"{how} credit {allocation_id}", f"{how}_credit", memo_id=memo)
        else:
            self.in_clio(f"credit {allocation_id} is {how}", "edit_credit", memo_id=memo, amount=how)

    @rule(client=CLIENTS, name=st.sampled_from(["Alder", "Birch"]))
    def a_client_is_renamed(self, client: int, name: str) -> None:
        contact = self.clio.contacts.get(self.client(client))
        values = {"last_name": name} if contact.type == "Person" else {"name": f"{name} Ltd."}
        self.in_clio(f"client {contact.id} is called {name}", "edit_contact", contact_id=contact.id, **values)

    @staticmethod
    def pick(rows: list[Any], which: int) -> Any:
        """One of several."""
        return rows[which % len(rows)]
