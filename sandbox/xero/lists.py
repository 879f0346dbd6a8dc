"""Lists: filter, order, changes since, pages (X 8, 7.19)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Generic, TypeVar

from sandbox.xero.problems import ParameterInvalid
from sandbox.xero.table import Row, Table
from sandbox.xero.values import folded, is_guid, parse_moment
from sandbox.xero.where import Field, parse_order, parse_where, sort_key

R = TypeVar("R", bound=Row)
Args = Mapping[str, str]
MOST_UNPAGED = 100_000


@dataclass(frozen=True, slots=True)
class Page(Generic[R]):
    """The rows that a list answers; `pagination` is Xero's object where the list was asked for by page."""

    rows: Sequence[R]
    pagination: dict[str, int] | None = None


def truth(args: Args, name: str, *, default: bool = False) -> bool:
    """A yes-or-no parameter, in any case. Raises ParameterInvalid."""
    text = args.get(name, "").lower()
    if text not in {"", "true", "false"}:
        raise ParameterInvalid(f"The parameter {name} must be true or false")
    return text == "true" if text else default


def whole(args: Args, name: str, default: int) -> int:
    """A number parameter. Raises ParameterInvalid."""
    text = args.get(name, "")
    if text and not text.isdigit():
        raise ParameterInvalid(f"The parameter {name} must be a whole number")
    return int(text) if text else default


def words(args: Args, name: str) -> list[str]:
    """A parameter with commas in it."""
    return [word.strip() for word in args.get(name, "").split(",") if word.strip()]


def ids(args: Args, name: str) -> list[str]:
    """A parameter with ids. Raises ParameterInvalid for what is none."""
    found = words(args, name)
    for text in found:
        if not is_guid(text):
            raise ParameterInvalid(f"The parameter {name} holds '{text}', which is no id")
    return [text.lower() for text in found]


def modified_since(header: str) -> datetime | None:
    """The If-Modified-Since header, as RFC 1123 or ISO, in UTC to the second. Raises ParameterInvalid."""
    if not header.strip():
        return None
    try:
        moment = parsedate_to_datetime(header) if "," in header else parse_moment(header.strip())
    except (ValueError, TypeError, OverflowError) as error:
        raise ParameterInvalid(f"If-Modified-Since cannot be read as a date: {header}") from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).replace(microsecond=0)


def by_id(table: Table[R], row_ids: Iterable[str]) -> list[R]:
    """The rows of these ids, those that exist."""
    return [row for row in map(table.get, dict.fromkeys(row_ids)) if row is not None]


def _start(table: Table[R], fields: Mapping[str, Field], equals: Sequence[tuple[str, Any]]) -> Iterable[R]:
    """The fewest rows that surely hold every match: an index's, where the filter names one."""
    for name, value in equals:
        index = fields[name].index
        if index and value != "":
            return table.find(index, folded(value) if fields[name].kind == "text" else value)
    return table.in_order()


def select(
    table: Table[R],
    fields: Mapping[str, Field],
    args: Args,
    *,
    what: str,
    since: datetime | None = None,
    candidates: Iterable[R] | None = None,
    keep: Callable[[R], bool] | None = None,
) -> list[R]:
    """The rows that a list's parameters ask for, in its order. Raises QueryInvalid."""
    rows = candidates
    where = parse_where(args["where"], fields, what) if args.get("where", "").strip() else None
    if rows is None:
        if where is not None and any(fields[name].index for name, _ in where.equals):
            rows = _start(table, fields, where.equals)
        else:
            rows = table.in_order() if since is None else table.since(since)
    if since is not None:
        rows = (row for row in rows if row.updated >= since)
    if where is not None:
        rows = filter(where.test, rows)
    found = list(rows if keep is None else filter(keep, rows))
    order = parse_order(args["order"], fields, what) if args.get("order", "").strip() else []
    if order or candidates is not None or where is not None:
        found.sort(key=lambda row: (row.updated, row.id))
    for field, descending in reversed(order):
        found.sort(key=sort_key(field), reverse=descending)
    return found


def paged(rows: list[R], args: Args, *, force: bool = False) -> Page[R]:
    """Cut out the page asked for; without `page` everything, unless that is too much (X 7.19)."""
    if not (force or args.get("page") or args.get("pageSize")):
        if len(rows) > MOST_UNPAGED:
            raise ParameterInvalid(f"More than {MOST_UNPAGED} rows would be returned: use paging")
        return Page(rows)
    size = min(max(whole(args, "pageSize", 100), 1), 1000)
    page = max(whole(args, "page", 1), 1)
    pagination = {"page": page, "pageSize": size, "pageCount": -(-len(rows) // size), "itemCount": len(rows)}
    return Page(rows[(page - 1) * size : page * size], pagination)
