"""What people do in Clio: bills, their lines and states, payments, write-offs, clients' names."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.model.story import BILLS, Story

PRICES = st.sampled_from(["100", "60.01", "33.33", "250.50"])
_RATES: dict[str, dict[str, Any]] = {
    "untaxed": {},
    "HST": {"tax_rate": 13},
    "HST and PST": {"tax_rate": 13, "secondary_tax_rate": 7},
}
_DISCOUNTS: dict[str, dict[str, Any]] = {
    "no discount": {},
    "a tenth off": {"discount": {"type": "percentage", "rate": 10}},
    "7.77 off": {"discount": {"type": "money", "rate": "7.77"}},
}
CLIENTS = st.integers(0, 2)
PARTS = st.sampled_from(["all", "half", "20", "10"])
WHICH = st.integers(0, 3)
DAYS = st.sampled_from([0, -1, -7])


def lines_of(prices: list[str]) -> list[dict[str, Any]]:
    """A service line for each price."""
    return [{"kind": "Service", "description": f"Advice for {price}", "price": price} for price in prices]


class InClio(Story):
    """Bills and money, as people change them in Clio."""

    def client(self, place: int) -> int:
        """A client by its place."""
        return int([row.id for row in self.clio.contacts.all() if row.is_client][place])

    @rule(
        target=BILLS,
        client=CLIENTS,
        prices=st.lists(PRICES, min_size=1, max_size=3),
        terms=st.tuples(
            st.sampled_from(sorted(_RATES, reverse=True)), st.sampled_from(sorted(_DISCOUNTS, reverse=True))
        ),
        draft=st.booleans(),
        days=DAYS,
    )
    def a_bill_is_made(self, client: int, prices: list[str], terms: tuple[str, str], draft: bool, days: int) -> int:
        tax, discount = terms
        values = {**_RATES[tax], **_DISCOUNTS[discount], "state": "draft" if draft else "awaiting_payment"}
        issued = self.day(days)
        words = f"a {'draft' if draft else 'bill'} of {' + '.join(prices)}, {tax}, {discount}, of {issued}"
        lines = lines_of(prices)
        made = self.in_clio(words, "add_bill", client_id=self.client(client), lines=lines, issued_at=issued, **values)
        assert made is not None
        self.say(f"  it is bill {made['number']}, id {made['id']}")
        return int(made["id"])

    def day(self, days: int) -> str:
        """A day so many days from now."""
        return self.today.fromordinal(self.today.toordinal() + days).isoformat()

    def edit(self, bill_id: int, words: str, **values: Any) -> None:
        """Change a bill."""
        if self.in_clio(f"bill {self.bill(bill_id).number}: {words}", "edit_bill", bill_id=bill_id, **values):
            self.hand.repriced.discard(bill_id)

    @rule(bill=BILLS, price=PRICES, line=WHICH)
    def a_line_is_repriced(self, bill: int, price: str, line: int) -> None:
        ids = [row.id for row in self.clio.lines_of(bill)]
        self.edit(bill, f"a line now costs {price}", lines={"change": [{"id": ids[line % len(ids)], "price": price}]})

    @rule(bill=BILLS, price=PRICES)
    def a_line_is_added(self, bill: int, price: str) -> None:
        self.edit(bill, f"a line of {price} more", lines={"add": lines_of([price])})

    @rule(bill=BILLS, line=WHICH)
    def a_line_is_removed(self, bill: int, line: int) -> None:
        ids = [row.id for row in self.clio.lines_of(bill)]
        if len(ids) > 1:
            self.edit(bill, "a line less", lines={"remove": [ids[line % len(ids)]]})

    @rule(bill=BILLS, days=st.integers(1, 40))
    def a_due_date_is_moved(self, bill: int, days: int) -> None:
        self.edit(bill, f"due in {days} days", due_at=self.day(days))

    @rule(bill=BILLS)
    def a_text_is_changed(self, bill: int) -> None:
        line = self.clio.lines_of(bill)[0].id
        self.edit(bill, "another text", lines={"change": [{"id": line, "description": f"Advice, {self.now:%H:%M}"}]})

    @rule(bill=BILLS, number=st.sampled_from(["A-1", "A-2"]))
    def a_bill_is_renumbered(self, bill: int, number: str) -> None:
        self.edit(bill, f"number {number}", number=number)

    @rule(one=BILLS, other=BILLS)
    def two_bills_swap_numbers(self, one: int, other: int) -> None:
        first, second = self.bill(one), self.bill(other)
        if first.id == second.id or {first.state, second.state} & {"void", "deleted"}:
            return
        numbers = first.number, second.number
        for bill_id, number in ((one, "for a moment"), (other, numbers[0]), (one, numbers[1])):
            self.edit(bill_id, f"number {number}", number=number)

    @rule(bill=BILLS, client=CLIENTS)
    def a_bill_goes_to_another_client(self, bill: int, client: int) -> None:
        if any(row.bill_id == bill for row in self.money("CreditMemo")):
            self.excuses.add("another client under a credit")
        self.edit(bill, f"its client is number {client}", client_id=self.client(client))

    @rule(bill=BILLS, state=st.sampled_from(["draft", "awaiting_payment", "void", "deleted"]))
    def a_bill_changes_its_state(self, bill: int, state: str) -> None:
        words = f"bill {self.bill(bill).number} becomes {state}"
        self.in_clio(words, "set_bill_state", bill_id=bill, state=state)

    # Money

    def part(self, bill_id: int, part: str) -> str:
        """A part of what a bill still owes, in units."""
        balance = self.bill(bill_id).balance
        cents = {"all": balance, "half": balance // 2}.get(part)
        return part if cents is None else f"{cents / 100:.2f}"

    @rule(bill=BILLS, part=PARTS, days=DAYS)
    def a_payment_is_recorded(self, bill: int, part: str, days: int) -> None:
        amount, on = self.part(bill, part), self.day(days)
        words = f"{amount} is paid on bill {self.bill(bill).number}, dated {on}"
        self.in_clio(words, "record_payment", bill_id=bill, amount=amount, date=on)

    @precondition(lambda self: self.money("Payment"))
    @rule(which=WHICH, amount=st.sampled_from(["20", "10", "15.50"]))
    def a_payment_is_given_another_amount(self, which: int, amount: str) -> None:
        row = self.pick("Payment", which)
        self.in_clio(f"payment A{row} is {amount}", "edit_payment", allocation_id=row, amount=amount)

    @precondition(lambda self: self.money("Payment"))
    @rule(which=WHICH, days=DAYS)
    def a_payment_is_given_another_date(self, which: int, days: int) -> None:
        row, on = self.pick("Payment", which), self.day(days)
        self.in_clio(f"payment A{row} is dated {on}", "edit_payment", allocation_id=row, date=on)

    @precondition(lambda self: self.money("Payment"))
    @rule(which=WHICH, how=st.sampled_from(["void", "delete"]))
    def a_payment_is_taken_back(self, which: int, how: str) -> None:
        row = self.pick("Payment", which)
        self.in_clio(f"{how} payment A{row}", f"{how}_payment", allocation_id=row)

    @rule(bill=BILLS, part=PARTS)
    def a_bill_is_written_off(self, bill: int, part: str) -> None:
        amount = self.part(bill, part)
        words = f"{amount} of bill {self.bill(bill).number} is written off"
        self.in_clio(words, "write_off", bill_id=bill, amount=amount)

    @precondition(lambda self: self.money("CreditMemo"))
    @rule(which=WHICH, how=st.sampled_from(["void", "delete", "12.34"]))
    def a_write_off_is_changed(self, which: int, how: str) -> None:
        row = self.clio.allocations.get(self.pick("CreditMemo", which))
        if how in {"void", "delete"}:
            self.in_clio(f"{how} credit {row.id}", f"{how}_credit", memo_id=row.parent_id)
        else:
            self.in_clio(f"credit {row.id} is {how}", "edit_credit", memo_id=row.parent_id, amount=how)

    def pick(self, parent: str, which: int) -> int:
        """The id of one of the payments or credits in Clio."""
        rows = self.money(parent)
        return rows[which % len(rows)].id

    @rule(client=CLIENTS, name=st.sampled_from(["Alder", "Birch"]))
    def a_client_is_renamed(self, client: int, name: str) -> None:
        contact = self.clio.contacts.get(self.client(client))
        values = {"last_name": name} if contact.type == "Person" else {"name": f"{name} Ltd."}
        self.in_clio(f"client {contact.id} is called {name}", "edit_contact", contact_id=contact.id, **values)
