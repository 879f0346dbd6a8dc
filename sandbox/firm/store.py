"""The tables of the stand-in Clio and what is found quickly in them. Not thread safe: its server holds a lock."""

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

from sandbox.firm.billing import Activity, Allocation, Bill, CreditMemo, InterestCharge, Line, Payment
from sandbox.firm.records import (
    Account,
    BankAccount,
    Contact,
    Currency,
    ExpenseCategory,
    Matter,
    Row,
    ServiceCategory,
    TaxRate,
    User,
)

R = TypeVar("R", bound=Row)


class Missing(LookupError):  # noqa: N818 - reads as what happened
    """No such record."""


class Table(Generic[R]):
    """Rows of one kind by id, in the order of their ids; ids are never used twice."""

    def __init__(self, name: str, first_id: int) -> None:
        self.name = name
        self.rows: dict[int, R] = {}
        self.ids: list[int] = []
        self.next_id = first_id

    def take_id(self) -> int:
        """An id for a new row."""
        self.next_id += 1
        return self.next_id - 1

    def add(self, row: R) -> R:
        """Keep a row."""
        self.rows[row.id] = row
        if not self.ids or row.id > self.ids[-1]:
            self.ids.append(row.id)
        else:
            insort(self.ids, row.id)
        return row

    def remove(self, row_id: int) -> R:
        """Forget a row for good. Raises Missing."""
        row = self.get(row_id)
        del self.rows[row_id]
        self.ids.remove(row_id)
        return row

    def find(self, row_id: int | None) -> R | None:
        """The row, or None."""
        return self.rows.get(row_id) if row_id is not None else None

    def get(self, row_id: int) -> R:
        """The row. Raises Missing."""
        row = self.rows.get(row_id)
        if row is None:
            raise Missing(f"There is no record {row_id} in {self.name}")
        return row

    def after(self, row_id: int) -> Iterator[R]:
        """Rows with a higher id, lowest first."""
        for index in range(bisect_right(self.ids, row_id), len(self.ids)):
            yield self.rows[self.ids[index]]

    def all(self) -> Iterator[R]:
        """All rows by id."""
        return (self.rows[row_id] for row_id in self.ids)

    def __len__(self) -> int:
        return len(self.ids)


class Index:
    """Ids of rows by the bill or the parent they belong to."""

    def __init__(self) -> None:
        self._ids: defaultdict[object, list[int]] = defaultdict(list)

    def add(self, key: object, row_id: int) -> None:
        """Note a row under its key."""
        self._ids[key].append(row_id)

    def remove(self, key: object, row_id: int) -> None:
        """Forget a row under its key."""
        self._ids[key].remove(row_id)

    def of(self, key: object) -> list[int]:
        """Ids under a key, oldest first."""
        return sorted(self._ids.get(key, ()))


class Store:
    """One law firm's records."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.currencies: Table[Currency] = Table("currencies", 1)
        self.bank_accounts: Table[BankAccount] = Table("bank_accounts", 3)
        self.users: Table[User] = Table("users", 12)
        self.contacts: Table[Contact] = Table("contacts", 501)
        self.matters: Table[Matter] = Table("matters", 77)
        self.service_categories: Table[ServiceCategory] = Table("activity_descriptions", 61)
        self.expense_categories: Table[ExpenseCategory] = Table("expense_categories", 15)
        self.tax_rates: Table[TaxRate] = Table("tax_rate_configurations", 31)
        self.activities: Table[Activity] = Table("activities", 4401)
        self.bills: Table[Bill] = Table("bills", 9001)
        self.lines: Table[Line] = Table("line_items", 31001)
        # Payments and credit memos share no id space: the same number may be both (C 6.2).
        self.payments: Table[Payment] = Table("payments", 7001)
        self.credit_memos: Table[CreditMemo] = Table("credit_memos", 7001)
        self.allocations: Table[Allocation] = Table("allocations", 8801)
        self.interest_charges: Table[InterestCharge] = Table("interest_charges", 5101)
        self.primary_tax_id: int | None = None
        self.secondary_tax_id: int | None = None
        self.lines_by_bill = Index()
        self.allocations_by_bill = Index()
        self.allocations_by_parent = Index()
        self.detail_id = 1
        self.hidden: dict[str, set[int] | None] = {}
        self.redacted: dict[str, set[int] | None] = {}

    def add_line(self, line: Line) -> Line:
        """Keep a line under its bill."""
        self.lines_by_bill.add(line.bill_id, line.id)
        return self.lines.add(line)

    def remove_line(self, line_id: int) -> Line:
        """Forget a line. Raises Missing."""
        line = self.lines.remove(line_id)
        self.lines_by_bill.remove(line.bill_id, line_id)
        return line

    def add_allocation(self, allocation: Allocation) -> Allocation:
        """Keep an allocation under its bill and its parent."""
        self.allocations_by_bill.add(allocation.bill_id, allocation.id)
        self.allocations_by_parent.add((allocation.parent_type, allocation.parent_id), allocation.id)
        return self.allocations.add(allocation)

    def remove_allocation(self, allocation_id: int) -> Allocation:
        """Forget an allocation. Raises Missing."""
        gone = self.allocations.remove(allocation_id)
        self.allocations_by_bill.remove(gone.bill_id, allocation_id)
        self.allocations_by_parent.remove((gone.parent_type, gone.parent_id), allocation_id)
        return gone

    def lines_of(self, bill_id: int) -> list[Line]:
        """A bill's lines, oldest first."""
        return self._rows(self.lines, self.lines_by_bill.of(bill_id))

    def allocations_of(self, bill_id: int) -> list[Allocation]:
        """What stands on a bill, voided rows too."""
        return self._rows(self.allocations, self.allocations_by_bill.of(bill_id))

    def allocations_from(self, parent_type: str, parent_id: int) -> list[Allocation]:
        """The parts of one payment or credit memo."""
        return self._rows(self.allocations, self.allocations_by_parent.of((parent_type, parent_id)))

    def take_detail_id(self) -> int:
        """An id for an e-mail address, a phone number or a postal address."""
        self.detail_id += 1
        return self.detail_id

    def visible(self, kind: str, row_id: int) -> bool:
        """Whether the connected login sees the record."""
        return not _among(self.hidden, kind, row_id)

    def is_redacted(self, kind: str, row_id: int) -> bool:
        """Whether the connected login sees the record without its details (C 9.5)."""
        return _among(self.redacted, kind, row_id)

    @staticmethod
    def _rows(table: Table[R], ids: Iterable[int]) -> list[R]:
        return [table.rows[row_id] for row_id in ids]


def _among(ids_by_kind: dict[str, set[int] | None], kind: str, row_id: int) -> bool:
    """None stands for all of a kind."""
    if kind not in ids_by_kind:
        return False
    ids = ids_by_kind[kind]
    return ids is None or row_id in ids
