"""Filters of lists: each turns a parameter's text into a test of a record, or answers 400."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from operator import attrgetter
from typing import Any

from sandbox.clio.errors import bad_argument
from sandbox.clio.shape import at_second

Test = Callable[[Any], bool]
Filter = Callable[[Sequence[str]], Test | None]
_FULL_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)\Z")
_TRUTH = {"true": True, "1": True, "false": False, "0": False}


def _whole(name: str, text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise bad_argument(f"{name} needs a whole number") from None


def parse_time(text: str) -> datetime:
    """A full timestamp with its zone; a bare date is refused (C 2.4). Raises ApiError (400)."""
    if not _FULL_TIME.match(text):
        raise bad_argument("invalid xmlschema format")
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        raise bad_argument("invalid xmlschema format") from None


def parse_day(name: str, text: str) -> date:
    """A date. Raises ApiError (400)."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise bad_argument(f"{name} needs a date such as 2026-05-04") from None


def truth(name: str, text: str) -> bool:
    """true or false. Raises ApiError (400)."""
    if text.lower() not in _TRUTH:
        raise bad_argument(f"{name} needs true or false")
    return _TRUTH[text.lower()]


def since(attribute: str) -> Filter:
    """At or after a time, cut to whole seconds as times are shown."""

    def make(values: Sequence[str]) -> Test:
        bound = at_second(parse_time(values[-1]))
        moment = attrgetter(attribute)
        return lambda row: bool(moment(row) >= bound)

    return make


def same_id(attribute: str) -> Filter:
    """The record named by an id; `null` finds those without one."""

    def make(values: Sequence[str]) -> Test:
        wanted = None if values[-1] == "null" else _whole(attribute, values[-1])
        return lambda row: getattr(row, attribute) == wanted

    return make


def holds_id(attribute: str) -> Filter:
    """An id among several."""

    def make(values: Sequence[str]) -> Test:
        wanted = _whole(attribute, values[-1])
        return lambda row: wanted in getattr(row, attribute)

    return make


def among(name: str, *, inside: bool = True) -> Filter:
    """ids[] and exclude_ids[]."""

    def make(values: Sequence[str]) -> Test:
        wanted = {_whole(name, value) for value in values}
        return lambda row: (row.id in wanted) is inside

    return make


def choice(name: str, tests: dict[str, Test]) -> Filter:
    """One of a few words."""

    def make(values: Sequence[str]) -> Test:
        if values[-1] not in tests:
            raise bad_argument(f"{name} must be one of {', '.join(tests)}")
        return tests[values[-1]]

    return make


def word(attribute: str, *allowed: str) -> Filter:
    """One of a few words that the record holds as it is."""

    def equals(wanted: str) -> Test:
        return lambda row: getattr(row, attribute) == wanted

    return choice(attribute, {wanted: equals(wanted) for wanted in allowed})


def exact(attribute: str) -> Filter:
    """The same text."""
    return lambda values: lambda row: getattr(row, attribute) == values[-1]


def day(name: str, attribute: str, compare: Callable[[date, date], bool]) -> Filter:
    """A date compared with the record's; a record without one is never found."""

    def make(values: Sequence[str]) -> Test:
        bound = parse_day(name, values[-1])

        def test(row: Any) -> bool:
            value: date | None = getattr(row, attribute)
            return value is not None and compare(value, bound)

        return test

    return make


def flag(name: str, test: Test) -> Filter:
    """true: only records that pass the test; false: all."""
    return lambda values: test if truth(name, values[-1]) else None


def same_truth(name: str, attribute: str) -> Filter:
    """true or false, as the record holds it."""

    def make(values: Sequence[str]) -> Test:
        wanted = truth(name, values[-1])
        return lambda row: bool(getattr(row, attribute)) is wanted

    return make


def search(*attributes: str) -> Filter:
    """A text inside one of the record's texts, case folded."""

    def make(values: Sequence[str]) -> Test:
        wanted = values[-1].casefold()
        return lambda row: any(wanted in str(getattr(row, name) or "").casefold() for name in attributes)

    return make
