"""Pages of a list (C 2.11 to 2.14).

order=id(asc) without `offset` reads by cursor: no end. Every other order counts rows and ends at 10,000 with 422.
A list that takes no order is served in id order, and ends only where the server was told so. The address of the
next page is absolute and absent on the last page. The number of records is counted once and carried in the token.
"""

import base64
import binascii
import json
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Request

from sandbox.clio.errors import bad_argument, unprocessable
from sandbox.clio.filters import Test

Rows = Mapping[int, Any]


@dataclass(frozen=True)
class Reading:
    """How a list is read: rows in id order, their test, and the order asked for (None: by cursor)."""

    rows: Rows
    ids: Sequence[int]
    test: Test
    sort_key: Callable[[Any], Any] | None
    descending: bool
    limit: int
    most_rows: int | None


@dataclass(frozen=True)
class Page:
    """One page, with the tokens of its neighbours."""

    rows: list[Any]
    records: int
    next_token: str | None = None
    previous_token: str | None = None


def parse_limit(text: str | None, most: int) -> int:
    """The page size: 1 to `most`, which is the default too. Raises ApiError (400)."""
    if text is None:
        return most
    if not text.isdecimal() or not 1 <= int(text) <= most:
        raise bad_argument(f"limit must be between 1 and {most}")
    return int(text)


def _token(**values: int) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def _read_token(text: str | None, *keys: str) -> dict[str, int]:
    """What the token carries; nothing on the first page. Raises ApiError (400)."""
    if text is None:
        return {}
    try:
        values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        return {key: int(values[key]) for key in (*keys, "n")}
    except (binascii.Error, ValueError, KeyError, TypeError):
        raise bad_argument("page_token is not one of this list") from None


def _check_end(reading: Reading, start: int) -> None:
    if reading.most_rows is not None and start >= reading.most_rows:
        said = f"This list ends at {reading.most_rows} records"
        raise unprocessable(said, "ArgumentError")


def read_by_cursor(reading: Reading, token: str | None) -> Page:
    """The rows after the last id of the page before. Raises ApiError (422) where such a list ends."""
    place = _read_token(token, "after", "seen")
    seen = place.get("seen", 0)
    _check_end(reading, seen)
    records = place.get("n")
    if records is None:
        records = sum(1 for row_id in reading.ids if reading.test(reading.rows[row_id]))
    found: list[Any] = []
    for index in range(bisect_right(reading.ids, place.get("after", 0)), len(reading.ids)):
        row = reading.rows[reading.ids[index]]
        if reading.test(row):
            if len(found) == reading.limit:
                return Page(found, records, _token(after=found[-1].id, seen=seen + len(found), n=records))
            found.append(row)
    return Page(found, records)


def read_by_count(reading: Reading, token: str | None, offset: int) -> Page:
    """The rows from a place on. Raises ApiError (422) beyond the most rows that such a list gives."""
    start = _read_token(token, "offset").get("offset", offset)
    _check_end(reading, start)
    matching = [row for row in map(reading.rows.__getitem__, reading.ids) if reading.test(row)]
    if reading.sort_key is not None:
        matching.sort(key=reading.sort_key, reverse=reading.descending)
    records, end = len(matching), start + reading.limit
    return Page(
        matching[start:end],
        records,
        _token(offset=end, n=records) if end < records else None,
        _token(offset=max(0, start - reading.limit), n=records) if start > 0 else None,
    )


def page_address(request: Request, token: str) -> str:
    """The absolute address of another page of the same list."""
    args: MultiDict[str, str] = MultiDict(request.args)
    args.poplist("offset")
    args["page_token"] = token
    pairs = [(name, value) for name, values in sorted(args.lists()) for value in values]
    return f"{request.host_url.rstrip('/')}{request.path}?{urlencode(pairs)}"
