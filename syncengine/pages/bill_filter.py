"""What the list of bills is narrowed to and sorted by, and the addresses that change it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from syncengine.models import Link

NEEDS_SOMEBODY = "needs_somebody"
STATES_OF: Mapping[str, tuple[str, ...]] = {
    NEEDS_SOMEBODY: (Link.State.BLOCKED, Link.State.REFUSED),
    Link.State.WAITING: (Link.State.WAITING, Link.State.NEW),
}
#: Heading → column. Every order ends with the Clio id, so that pages never overlap.
COLUMNS = {"number": "number", "client": "title", "date": "dated", "amount": "amount_minor", "state": "state"}
DEFAULT_SORT = "-date"
SORTS = frozenset({*COLUMNS, *(f"-{name}" for name in COLUMNS)})


@dataclass(frozen=True, slots=True)
class BillFilter:
    """What the reader asked for. Amounts are in each bill's own currency; `state` is a Link state or NEEDS_SOMEBODY.

    `text` is looked for in the bill's number, the client's name and why it is in its state; `client` in the name alone.
    """

    state: str = ""
    text: str = ""
    client: str = ""
    issued_from: date | None = None
    issued_to: date | None = None
    amount_from: Decimal | None = None
    amount_to: Decimal | None = None
    sort: str = DEFAULT_SORT
    page: int = 1

    @property
    def is_narrow(self) -> bool:
        """Whether anything but the order and the page was asked for."""
        return any(getattr(self, name) not in ("", None) for name in _NARROWING)

    def query(self) -> str:
        """The filter as the part of an address that begins with "?"; what is at its default is left out."""
        default = BillFilter()
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        told = {name: str(value) for name, value in values.items() if value != getattr(default, name)}
        return f"?{urlencode(told)}"


_NARROWING = ("state", "text", "client", "issued_from", "issued_to", "amount_from", "amount_to")


@dataclass(frozen=True, slots=True)
class Chip:
    """One active filter, in words, and the address of the list without it."""

    words: str
    without: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's heading: a link that sorts by it. `direction` is "ascending", "descending" or empty."""

    name: str
    address: str
    direction: str
    is_amount: bool = False


def headings(chosen: BillFilter) -> tuple[Heading, ...]:
    """The columns that the list can be sorted by."""
    names = {
        "number": _("Bill"),
        "state": _("State"),
        "client": _("Client"),
        "date": _("Issued"),
        "amount": _("Amount"),
    }
    return tuple(_heading(chosen, key, name) for key, name in names.items())


def _heading(chosen: BillFilter, key: str, name: str) -> Heading:
    descends = {key: "ascending", f"-{key}": "descending"}.get(chosen.sort, "")
    # Dates and amounts are looked through from the top first.
    first, second = (f"-{key}", key) if key in {"date", "amount"} else (key, f"-{key}")
    sort = second if chosen.sort == first else first
    return Heading(name, replace(chosen, sort=sort, page=1).query(), descends, is_amount=key == "amount")


def state_choices() -> list[tuple[str, str]]:
    """The states that the list can be narrowed to, in the order that matters to a reader."""
    return [
        (NEEDS_SOMEBODY, _("Needs somebody")),
        *(
            (state.value, str(state.label))
            for state in (
                Link.State.IN_STEP,
                Link.State.WAITING,
                Link.State.BLOCKED,
                Link.State.REFUSED,
                Link.State.IGNORED,
                Link.State.OUT_OF_RANGE,
                Link.State.NOT_SENT,
                Link.State.VOIDED,
            )
        ),
    ]


def chips(chosen: BillFilter) -> tuple[Chip, ...]:
    """The active filters."""
    words = {
        "state": lambda value: _("State: %(value)s") % {"value": dict(state_choices()).get(value, value)},
        "text": lambda value: _("“%(value)s”") % {"value": value},
        "client": lambda value: _("Client: %(value)s") % {"value": value},
        "issued_from": lambda value: _("Issued from %(value)s") % {"value": value},
        "issued_to": lambda value: _("Issued to %(value)s") % {"value": value},
        "amount_from": lambda value: _("At least %(value)s") % {"value": f"{value:,}"},
        "amount_to": lambda value: _("At most %(value)s") % {"value": f"{value:,}"},
    }
    default = BillFilter()
    active = [name for name in _NARROWING if getattr(chosen, name) not in ("", None)]
    return tuple(
        Chip(
            words[name](getattr(chosen, name)),
            replace(chosen, **{name: getattr(default, name)}, page=1).query(),
        )
        for name in active
    )
