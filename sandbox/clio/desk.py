"""What control actions work with: the records, the time, and readers of the values they are given."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from sandbox.clio.oauth import OAuth
from sandbox.clio.settings import Settings
from sandbox.firm.billing import Bill, Discount
from sandbox.firm.figures import work_out
from sandbox.firm.money import settle_bill
from sandbox.firm.records import Row
from sandbox.firm.store import Store

Action = Callable[..., dict[str, Any]]
Readers = Mapping[str, Callable[[Any], Any]]


@dataclass(frozen=True)
class Desk:
    """One action's view of the server; `now` is the stand-in's time.

    `as_person`: the action is refused where Clio would refuse it to a person (sandbox.clio.rules).
    """

    store: Store
    settings: Settings
    oauth: OAuth
    now: datetime
    as_person: bool = False

    def touch(self, row: Row, *, silent: bool = False) -> None:
        """Mark a record as changed now, with another etag; silent: leave no trace."""
        if not silent:
            row.updated_at = self.now
            row.revision += 1

    def rework(self, bill: Bill) -> None:
        """Work out a bill's figures, what is paid and its state anew."""
        work_out(bill, self.store.lines_of(bill.id))
        settle_bill(self.store, bill)

    def money_moved(self, bill: Bill, *, silent: bool = False) -> None:
        """After money on a bill changed."""
        settle_bill(self.store, bill)
        self.touch(bill, silent=silent or not self.settings.bill_moves_on_payment)

    def today(self) -> date:
        """The stand-in's date."""
        return self.now.date()


def scaled(value: Any, places: int) -> int:
    """A number or its text as a whole number of 10**-places. Raises ValueError for anything finer, or no number."""
    try:
        number = Decimal(str(value)).scaleb(places)
    except InvalidOperation:
        raise ValueError(f"{value} is not a number") from None
    if number != int(number):
        raise ValueError(f"{value} has more than {places} decimal places")
    return int(number)


def cents(value: Any) -> int:
    """Money as cents."""
    return scaled(value, 2)


def percent(value: Any) -> int:
    """A percentage as thousandths of a percent."""
    return scaled(value, 3)


def to_date(value: Any) -> date | None:
    """A date, its ISO text, or None."""
    return value if value is None or isinstance(value, date) else date.fromisoformat(value)


def to_discount(value: Any) -> Discount | None:
    """{"type": "percentage" or "money", "rate", "note"} or None."""
    if not value:
        return None
    kind = value["type"]
    if kind not in {"percentage", "money"}:
        raise ValueError("discount type must be percentage or money")
    rate = percent(value["rate"]) if kind == "percentage" else cents(value["rate"])
    return Discount(type=kind, rate=rate, note=value.get("note"))


def as_is(value: Any) -> Any:
    """A value that needs no reading."""
    return value


def _read(name: str, value: Any, reader: Callable[[Any], Any]) -> Any:
    try:
        return reader(value)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from error


def put(row: Any, values: Mapping[str, Any], readers: Readers) -> None:
    """Put values into a record, all of them or none. Raises ValueError for one that has no reader or cannot be read."""
    unknown = sorted(set(values) - set(readers))
    if unknown:
        raise ValueError(f"{unknown[0]} is not one of {', '.join(sorted(readers))}")
    read = {name: _read(name, value, readers[name]) for name, value in values.items()}
    for name, value in read.items():
        setattr(row, name, value)
