"""The money on the firm's bills: payments in one part or several, from trust, online, and credits."""

from collections import defaultdict
from datetime import date, timedelta
from random import Random

from sandbox.firm.billing import Allocation, Bill, Payment
from sandbox.firm.make_bills import Maker, at
from sandbox.firm.money import add_credit, add_payment, settle_bill
from sandbox.firm.store import Store

_NEAR = timedelta(days=75)


class Cashier:
    """Pays bills; remembers each client's last payment, since one payment may cover several bills."""

    def __init__(self, maker: Maker) -> None:
        self._maker = maker
        self._last: dict[int, tuple[Payment, date]] = {}

    def settle(self, bill: Bill, *, in_full: bool) -> None:
        """Pay a bill whole, or only a part of it, or nothing yet."""
        maker, mix = self._maker, self._maker.mix
        if maker.chance(mix.credited):
            self._credit(bill, whole=False)
        left = bill.due - sum(row.amount for row in maker.store.allocations_of(bill.id))
        if in_full:
            self._pay_in_full(bill, left)
        elif maker.chance(mix.part_paid):
            self._pay(bill, amount=left * maker.rng.randrange(10, 80) // 100)
        if maker.chance(mix.voided_payments):
            self._pay_and_void(bill)
        self._close(bill)

    def _pay_in_full(self, bill: Bill, left: int) -> None:
        maker = self._maker
        interest = min(bill.interest, left)
        if interest and left > interest:
            self._pay(bill, amount=left - interest)
            self._pay(bill, amount=interest, interest=True, shared=True)
        elif interest:
            self._pay(bill, amount=left, interest=True)
        elif left > 1 and maker.chance(maker.mix.in_two_payments):
            first = left * maker.rng.randrange(20, 80) // 100 or 1
            self._pay(bill, amount=first)
            self._pay(bill, amount=left - first)
        else:
            self._pay(bill, amount=left)

    def _pay(self, bill: Bill, *, amount: int, interest: bool = False, shared: bool = False) -> None:
        maker, mix = self._maker, self._maker.mix
        if amount <= 0:
            return
        payment, day = self._last.get(bill.client_id, (None, bill.issued_at))
        if payment is None or day < bill.issued_at or not (shared or maker.chance(mix.shared_payment)):
            payment, day = None, self._payday(bill)
        online = maker.chance(mix.online)
        allocation = add_payment(
            maker.store,
            bill,
            amount=amount,
            day=day,
            now=at(day, 16, maker.now),
            payment=payment,
            online=online,
            from_trust=not online and maker.chance(mix.from_trust),
            interest=interest,
            reference=f"REF {maker.rng.randrange(10_000, 99_999)}",
        )
        self._last[bill.client_id] = (maker.store.payments.get(allocation.parent_id), day)

    def _pay_and_void(self, bill: Bill) -> None:
        maker = self._maker
        day = self._payday(bill)
        now = at(day, 16, maker.now)
        allocation = add_payment(maker.store, bill, amount=max(1, bill.due // 3), day=day, now=now)
        allocation.voided_at = now

    def _credit(self, bill: Bill, *, whole: bool) -> None:
        maker = self._maker
        amount = bill.due if whole else bill.due * maker.rng.randrange(3, 30) // 100
        if amount > 0:
            day = self._payday(bill)
            text = maker.rng.choice(("Goodwill", "Write-off", "Small balance"))
            now = at(day, 11, maker.now)
            add_credit(maker.store, bill, amount=amount, day=day, now=now, description=text)

    def _payday(self, bill: Bill) -> date:
        day = bill.issued_at + timedelta(days=self._maker.rng.randrange(1, 45))
        return min(day, self._maker.now.date())

    def _close(self, bill: Bill) -> None:
        _close(self._maker.store, bill)


def _close(store: Store, bill: Bill) -> None:
    settle_bill(store, bill)
    touched = [row.updated_at for row in store.allocations_of(bill.id)]
    bill.updated_at = max([bill.updated_at, *touched])


def join_payments(store: Store, rng: Random, share: float) -> None:
    """Let some clients have paid two bills with one cheque, on the day of the later payment.

    What was paid stays as it is; `rng` is one of its own, so that the rest of the firm stays as it is too.
    """
    by_client: defaultdict[int, list[Allocation]] = defaultdict(list)
    for row in store.allocations.all():
        if _is_plain(store, row):
            by_client[row.contact_id].append(row)
    for rows in by_client.values():
        rows.sort(key=lambda row: (row.date, row.id))
        for earlier, later in zip(rows[::2], rows[1::2], strict=False):
            if later.date - earlier.date <= _NEAR and rng.random() < share:
                _join(store, earlier, later)


def _is_plain(store: Store, row: Allocation) -> bool:
    """A direct payment for one bill alone."""
    special = row.online or row.interest or row.voided_at or row.source_bank_account_id
    return row.parent_type == "Payment" and not special and len(store.allocations_from("Payment", row.parent_id)) == 1


def _join(store: Store, earlier: Allocation, later: Allocation) -> None:
    store.remove_allocation(earlier.id)
    store.payments.remove(earlier.parent_id)
    payment = store.payments.get(later.parent_id)
    payment.amount += earlier.amount
    earlier.parent_id, earlier.identifier, earlier.date = later.parent_id, later.identifier, later.date
    earlier.created_at = earlier.updated_at = later.created_at
    store.add_allocation(earlier)
    if earlier.bill_id is not None:
        _close(store, store.bills.get(earlier.bill_id))
