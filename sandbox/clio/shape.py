"""How a record becomes JSON: the fields a resource has, and rendering what was asked for.

A resource is a table of fields. A field is plain (a value) or nested (another resource's record, or several).
Without `fields` a reply has id and etag only; so has a nested record named without braces. Field names and
types follow Clio's published description; what the stand-in does not model is there and is null.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.clio.errors import bad_field
from sandbox.clio.fields import Asked
from sandbox.firm.store import Store

ZONE = ZoneInfo("America/Toronto")
DEFAULT_FIELDS = ("id", "etag")
Getter = Callable[[Store, Any], Any]
Renderer = Callable[[Any], dict[str, Any]]


@dataclass(frozen=True)
class Plain:
    """A field that holds a value."""

    get: Getter


@dataclass(frozen=True)
class Nested:
    """A field that holds another record (or several). `resource` None: not modelled, always empty."""

    resource: "Resource | None"
    get: Getter
    many: bool = False


@dataclass
class Resource:
    """A resource's fields. Tables name each other, so that fields are filled in after all exist."""

    name: str
    fields: dict[str, Plain | Nested] = field(default_factory=dict)
    default: tuple[str, ...] = DEFAULT_FIELDS

    def defaults(self) -> tuple[Asked, ...]:
        """What a reply holds where nothing was asked for."""
        return tuple(Asked(name) for name in self.default if name in self.fields)


def renderer(store: Store, resource: Resource, asked: Iterable[Asked]) -> Renderer:
    """A function that turns a record into what was asked for. Raises ApiError (400) for an unknown field."""
    makers: list[tuple[str, Getter]] = []
    for one in asked:
        known = resource.fields.get(one.name)
        if known is None or (isinstance(known, Plain) and one.inner is not None):
            raise bad_field(f"{one.name} is not a valid field")
        makers.append((one.name, known.get if isinstance(known, Plain) else _nested(store, known, one)))
    return lambda row: {name: make(store, row) for name, make in makers}


def _nested(store: Store, known: Nested, asked: Asked) -> Getter:
    if known.resource is None:
        return lambda _store, _row: [] if known.many else None
    chosen = known.resource.defaults() if asked.inner is None else asked.inner
    render = renderer(store, known.resource, chosen)
    if known.many:
        return lambda _store, row: [render(one) for one in known.get(_store, row)]

    def one_or_none(_store: Store, row: Any) -> Any:
        found = known.get(_store, row)
        return None if found is None else render(found)

    return one_or_none


def render_whole(store: Store, resource: Resource, row: Any) -> dict[str, Any]:
    """All fields of a record, nested ones with their defaults: what control actions answer."""
    return renderer(store, resource, [Asked(name) for name in resource.fields])(row)


def etag(kind: str, row: Any) -> str:
    """A record's etag, with its quotes: another one after every change."""
    digest = hashlib.blake2b(f"{kind}/{row.id}/{row.revision}".encode(), digest_size=8)
    return f'"{digest.hexdigest()}"'


def moment_text(moment: datetime | None) -> str | None:
    """A time as Clio writes it: whole seconds with the firm's offset."""
    return None if moment is None else moment.astimezone(ZONE).isoformat(timespec="seconds")


def at_second(moment: datetime) -> datetime:
    """A time cut to the second, as it is shown and compared."""
    return moment.astimezone(UTC).replace(microsecond=0)


# Fields by what they hold. Amounts become JSON numbers that are exact to the cent.


def plain(name: str) -> Plain:
    """A value as it is kept."""
    return Plain(lambda _store, row: getattr(row, name))


def fixed(value: Any) -> Plain:
    """The same value on every record; None where the stand-in does not model the field."""
    return Plain(lambda _store, _row: value)


def money(name: str) -> Plain:
    """Cents as a number of currency units."""
    return Plain(lambda _store, row: _hundredth(getattr(row, name)))


def _hundredth(value: int | None) -> float | None:
    return None if value is None else value / 100


def percentage(name: str) -> Plain:
    """Thousandths of a percent as a percentage: 13.0."""
    return Plain(lambda _store, row: getattr(row, name) / 1000)


def fraction(name: str) -> Plain:
    """Thousandths of a percent as a fraction: 0.13."""
    return Plain(lambda _store, row: getattr(row, name) / 100_000)


def moment(name: str) -> Plain:
    """A time with its offset."""
    return Plain(lambda _store, row: moment_text(getattr(row, name)))


def day(name: str) -> Plain:
    """A date."""

    def text(_store: Store, row: Any) -> str | None:
        value: date | None = getattr(row, name)
        return None if value is None else value.isoformat()

    return Plain(text)


def one(resource: Resource | None, get: Getter = lambda _store, _row: None) -> Nested:
    """A nested record."""
    return Nested(resource, get)


def several(resource: Resource | None, get: Getter = lambda _store, _row: ()) -> Nested:
    """Nested records."""
    return Nested(resource, get, many=True)


def row_fields(kind: str) -> Mapping[str, Plain]:
    """id, etag and the two times that every record has."""
    return {
        "id": plain("id"),
        "etag": Plain(lambda _store, row: etag(kind, row)),
        "created_at": moment("created_at"),
        "updated_at": moment("updated_at"),
    }
