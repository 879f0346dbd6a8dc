"""Set both sides against each other: counts and sums, and every difference with its cause (BEHAVIOUR §11)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from syncengine.domain.documents import StandingInvoice
from syncengine.domain.money import ZERO
from syncengine.domain.money_records import AllocationRecord
from syncengine.domain.records import BillRecord
from syncengine.domain.twice_listed import listed_twice

Kind = Literal["invoice", "payment", "credit_note"]
_Row = tuple[str, Decimal]


@dataclass(frozen=True, slots=True)
class Tie:
    """What a link says of one record: its document, and why it is where it is, in plain words."""

    xero_id: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Sides:
    """All that was read of both sides.

    `bills` are those in scope; `allocations` all that Clio lists; `invoices` all sales invoices, by id. `main`,
    `payments` and `credits` say what ties Clio ids to Xero ids; `interest` gives the invoices that carry a bill's later
    interest; `interest_billed` what Clio put on bills of its own. `frozen` are bills out of range whose invoices stay.
    `payments_matched` says whether payments are synced at all.
    """

    bills: Mapping[int, BillRecord]
    allocations: Sequence[AllocationRecord]
    invoices: Mapping[str, StandingInvoice]
    main: Mapping[int, Tie]
    payments: Mapping[int, Tie]
    credits: Mapping[int, Tie]
    interest: Mapping[int, Sequence[str]] = field(default_factory=dict)
    interest_billed: Mapping[int, Decimal] = field(default_factory=dict)
    frozen: frozenset[int] = frozenset()
    payments_matched: bool = True


@dataclass(frozen=True, slots=True)
class Difference:
    """One record that is not the same on both sides. Amounts are in `currency`; None where nothing stands."""

    kind: Kind
    clio_id: int | None
    bill_id: int
    number: str
    currency: str
    clio: Decimal | None
    xero: Decimal | None
    cause: str


@dataclass(frozen=True, slots=True)
class Side:
    """How many, and how much in each currency."""

    count: int
    by_currency: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Pair:
    """One kind of document on both sides."""

    clio: Side
    xero: Side


@dataclass(frozen=True, slots=True)
class TieOut:
    """Both sides of a firm."""

    bills: Pair
    payments: Pair
    credits: Pair
    differences: tuple[Difference, ...]

    @classmethod
    def nothing(cls) -> "TieOut":
        """Before anything is compared."""
        empty = Pair(Side(0, {}), Side(0, {}))
        return cls(empty, empty, empty, ())


def added(one: TieOut, other: TieOut) -> TieOut:
    """Two stretches of bills together."""
    return TieOut(
        bills=_pairs(one.bills, other.bills),
        payments=_pairs(one.payments, other.payments),
        credits=_pairs(one.credits, other.credits),
        differences=(*one.differences, *other.differences),
    )


def _pairs(one: Pair, other: Pair) -> Pair:
    return Pair(_sides(one.clio, other.clio), _sides(one.xero, other.xero))


def _sides(one: Side, other: Side) -> Side:
    currencies = sorted(one.by_currency.keys() | other.by_currency.keys())
    sums = {name: one.by_currency.get(name, ZERO) + other.by_currency.get(name, ZERO) for name in currencies}
    return Side(one.count + other.count, sums)


def tie_out(*, sides: Sides) -> TieOut:
    """Compare bills with invoices, and their money with what stands on those invoices."""
    bills = _Bills(sides)
    payments = _Money(sides, bills.standing, "payment")
    notes = _Money(sides, bills.standing, "credit_note")
    return TieOut(
        bills=Pair(_side(bills.clio_rows), _side(bills.xero_rows)),
        payments=Pair(_side(payments.clio_rows), _side(payments.xero_rows)),
        credits=Pair(_side(notes.clio_rows), _side(notes.xero_rows)),
        differences=(*bills.differences, *payments.differences, *notes.differences),
    )


def _side(rows: Sequence[_Row]) -> Side:
    sums: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for currency, amount in rows:
        sums[currency] += amount
    return Side(len(rows), dict(sorted(sums.items())))


class _Bills:
    """Bills against the invoices that they stand as."""

    def __init__(self, sides: Sides) -> None:
        self._sides = sides
        self.clio_rows: list[_Row] = []
        self.xero_rows: list[_Row] = []
        self.differences: list[Difference] = []
        #: The live invoices of each bill, its own first.
        self.standing: dict[int, list[StandingInvoice]] = {}
        for clio_id in sorted((sides.bills.keys() | sides.main.keys()) - sides.frozen):
            self._compare(clio_id)

    def _compare(self, clio_id: int) -> None:
        bill, tie = self._sides.bills.get(clio_id), self._sides.main.get(clio_id, Tie())
        standing = self._standing(clio_id, tie)
        total = sum((one.total for one in standing), ZERO) if standing else None
        owed = None
        if bill:
            owed = _owed(bill, total, self._sides.interest_billed.get(clio_id, ZERO))
            self.clio_rows.append((bill.currency, owed))
        if total is not None:
            self.standing[clio_id] = standing
            self.xero_rows.append((standing[0].currency, total))
        same_currency = bool(bill and standing) and bill.currency in {"", standing[0].currency}  # type: ignore[union-attr]
        if owed != total or (bill and not same_currency):
            self.differences.append(
                Difference(
                    kind="invoice",
                    clio_id=clio_id,
                    bill_id=clio_id,
                    number=bill.number if bill else standing[0].number,
                    currency=bill.currency if bill else standing[0].currency,
                    clio=owed,
                    xero=total,
                    cause=tie.reason or _cause(bill, standing, tie, same_currency=same_currency),
                )
            )

    def _standing(self, clio_id: int, tie: Tie) -> list[StandingInvoice]:
        """The live invoices of a bill; without its own there are none."""
        main = self._sides.invoices.get(tie.xero_id)
        if main is None or not main.is_live:
            return []
        later = (self._sides.invoices.get(xero_id) for xero_id in self._sides.interest.get(clio_id, ()))
        return [main, *(one for one in later if one and one.is_live)]


def _owed(bill: BillRecord, total: Decimal | None, interest_billed: Decimal) -> Decimal:
    """What the bill asks for on its own invoices: interest on a bill of its own counts there (BEHAVIOUR §5)."""
    less = bill.due - interest_billed
    return less if interest_billed and less == total else bill.due


def _cause(bill: BillRecord | None, standing: Sequence[StandingInvoice], tie: Tie, *, same_currency: bool) -> str:
    if not standing:
        return "Its invoice was voided or deleted in Xero." if tie.xero_id else "Not sent yet."
    if bill is None:
        return "Stands in Xero, but its bill is not in scope in Clio (any more)."
    return "The totals differ." if same_currency else "The currencies differ."


@dataclass(frozen=True, slots=True)
class _Part:
    """A payment or a credit as it stands on an invoice."""

    xero_id: str
    amount: Decimal
    currency: str
    number: str


class _Money:
    """What Clio says was paid or credited against what stands on the invoices."""

    def __init__(self, sides: Sides, standing: Mapping[int, list[StandingInvoice]], kind: Kind) -> None:
        self._sides, self._standing, self._kind = sides, standing, kind
        self._pays = kind == "payment"
        self._ties = sides.payments if self._pays else sides.credits
        self._compared = sides.payments_matched or not self._pays
        self.clio_rows: list[_Row] = []
        self.xero_rows: list[_Row] = []
        self.differences: list[Difference] = []
        rows = self._rows(sides.allocations)
        for bill_id in sorted(rows.keys() | standing.keys()):
            self._compare(bill_id, rows.get(bill_id, []))

    def _rows(self, allocations: Iterable[AllocationRecord]) -> dict[int, list[AllocationRecord]]:
        """What counts, by bill; without rows that Clio lists twice (C 5.9)."""
        rows: dict[int, list[AllocationRecord]] = defaultdict(list)
        for record in sorted(allocations, key=lambda record: record.id):
            ours = record.is_payment if self._pays else record.is_credit
            if ours and record.counts and record.bill_id in self._sides.bills:
                rows[record.bill_id or 0].append(record)
        if self._pays:
            for bill_id, records in rows.items():
                repeats = listed_twice(allocations=records, paid=self._sides.bills[bill_id].paid)
                rows[bill_id] = [record for record in records if record.id not in repeats]
        return rows

    def _compare(self, bill_id: int, records: Sequence[AllocationRecord]) -> None:
        invoices = self._standing.get(bill_id, [])
        left = {part.xero_id: part for invoice in invoices for part in self._parts(invoice)}
        self.xero_rows += [(part.currency, part.amount) for part in left.values()]
        for record in records:
            bill = self._sides.bills[bill_id]
            amount = record.amount if self._pays else abs(record.amount)
            self.clio_rows.append((bill.currency, amount))
            tie = self._ties.get(record.id, Tie())
            part = left.pop(tie.xero_id, None)
            if part is None or part.amount != amount:
                self._differ(
                    Difference(
                        kind=self._kind,
                        clio_id=record.id,
                        bill_id=bill_id,
                        number=bill.number,
                        currency=bill.currency,
                        clio=amount,
                        xero=part.amount if part else None,
                        cause=tie.reason or self._cause(tie, part, invoices),
                    )
                )
        for part in left.values():
            words = "payment" if self._pays else "credit"
            self._only_in_xero(bill_id, part, f"Entered in Xero; Clio knows of no such {words}.")
        for part in filter(None, map(self._unlisted, invoices)):
            self.xero_rows.append((part.currency, part.amount))
            self._only_in_xero(bill_id, part, "A prepayment or an overpayment in Xero; Clio knows nothing of it.")

    def _parts(self, invoice: StandingInvoice) -> list[_Part]:
        if self._pays:
            parts = [(one.payment_id, one.amount) for one in invoice.payments if one.is_live]
        else:
            parts = [(one.credit_note_id, one.amount) for one in invoice.credits]
        return [_Part(xero_id, amount, invoice.currency, invoice.number) for xero_id, amount in parts]

    def _unlisted(self, invoice: StandingInvoice) -> _Part | None:
        """What Xero states as a sum without naming a payment or a credit note for it (X 4.8)."""
        stated = invoice.amount_paid if self._pays else invoice.amount_credited
        rest = stated - sum((part.amount for part in self._parts(invoice)), ZERO)
        return _Part("", rest, invoice.currency, invoice.number) if rest > 0 else None

    def _only_in_xero(self, bill_id: int, part: _Part, cause: str) -> None:
        self._differ(
            Difference(self._kind, None, bill_id, part.number, part.currency, clio=None, xero=part.amount, cause=cause)
        )

    def _differ(self, difference: Difference) -> None:
        if self._compared:
            self.differences.append(difference)

    def _cause(self, tie: Tie, part: _Part | None, invoices: Sequence[StandingInvoice]) -> str:
        if part:
            return "The amounts differ."
        if not invoices:
            return "Its bill has no invoice in Xero."
        if not invoices[0].is_approved:
            return "Its invoice is not approved in Xero yet."
        return "It was removed in Xero." if tie.xero_id else "Not sent yet."
