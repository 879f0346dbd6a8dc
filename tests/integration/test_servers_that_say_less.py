"""A sync against servers that differ from the stand-ins in what they may: headers, paging, dates, empty fields."""

import json
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.support.practice import Practice

Headers = list[tuple[str, str]]
_NEEDED = {"content-type", "location"}


def says_nothing_of_limits_and_pages(headers: Headers, body: bytes) -> tuple[Headers, bytes]:
    """No header but the needed ones; no totals beside a list."""
    if b'"pagination"' in body or b'"meta"' in body:
        answer = json.loads(body)
        answer.pop("pagination", None)
        answer.get("meta", {}).pop("records", None)
        body = json.dumps(answer).encode()
    return [(name, value) for name, value in headers if name.lower() in _NEEDED], body


def says_dates_plainly(headers: Headers, body: bytes) -> tuple[Headers, bytes]:
    """/Date(1700000000000+0000)/ becomes 2023-11-14T22:13:20."""

    def plain(found: re.Match[bytes]) -> bytes:
        return datetime.fromtimestamp(int(found[1]) / 1000, tz=UTC).strftime('"%Y-%m-%dT%H:%M:%S"').encode()

    return headers, re.sub(rb'"\\?/Date\((\d+)[^)]*\)\\?/"', plain, body)


def leaves_out_what_is_empty(headers: Headers, body: bytes) -> tuple[Headers, bytes]:
    """No field that holds null, an empty text, an empty list or an empty object."""

    def without_empty(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: without_empty(inner) for name, inner in value.items() if inner not in (None, "", [], {})}
        return [without_empty(inner) for inner in value] if isinstance(value, list) else value

    try:
        answer = json.loads(body)
    except ValueError:
        return headers, body
    lists = (
        {name: value for name, value in answer.items() if isinstance(value, list)} if isinstance(answer, dict) else {}
    )
    kept = {**without_empty(answer), **{name: without_empty(rows) for name, rows in lists.items()}} if lists else answer
    return headers, json.dumps(kept).encode()


class Different:
    """A WSGI app whose answers are changed on their way."""

    def __init__(self, app: Callable[..., Iterable[bytes]], change: Callable[[Headers, bytes], Any]) -> None:
        self._app = app
        self._change = change

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Let the app answer, then change it."""
        said: list[Any] = []
        body = b"".join(self._app(environ, lambda status, headers, *_: said.extend((status, headers))))
        headers, body = self._change([pair for pair in said[1] if pair[0].lower() != "content-length"], body)
        start_response(said[0], [*headers, ("Content-Length", str(len(body)))])
        return [body]


@pytest.mark.parametrize(
    "change",
    [says_nothing_of_limits_and_pages, says_dates_plainly, leaves_out_what_is_empty],
    ids=lambda one: one.__name__,
)
def test_the_books_tie_out_whatever_a_server_leaves_out(
    transactional_db: None, settings: Any, change: Callable[[Headers, bytes], Any]
) -> None:
    practice = Practice(bills=40)
    for recorder in (practice.asked_of_clio, practice.asked_of_xero):
        recorder.answer_through(lambda app: Different(app, change))
    practice.open(settings)
    try:
        assert practice.sync()["state"] == "clean"
        practice.clock.advance(15 * 60)
        again = practice.sync(full=True)
        assert again["state"] == "clean"
        verbs = ("created", "updated", "voided", "removed", "adopted")
        assert not any(row[verb] for row in again["counts"].values() for verb in verbs)
        compared = practice.compare()
        assert compared["differences"] == []
        assert compared["bills"]["xero"]["count"] == len(practice.invoices()) > 20
        assert compared["payments"]["xero"]["count"] > 10
    finally:
        practice.stop()
