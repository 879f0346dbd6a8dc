"""Reads the JSON of a write into plain Python values, as strictly as Xero does (X 5.4).

A value of a wrong type anywhere refuses the whole call; a field that Xero does not know is passed over, and null is as
good as absent.
"""

import json
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from sandbox.xero.problems import NoData, PostDataInvalid
from sandbox.xero.values import is_guid, parse_day

Reader = Callable[[Any, str], Any]
Ask = dict[str, Any]


def _wrong(value: Any, kind: str, path: str) -> PostDataInvalid:
    shown = json.dumps(value, default=str)
    return PostDataInvalid(f"Error converting value {shown} to type '{kind}'. Path '{path}'.")


def text(value: Any, path: str) -> str:
    """A text; numbers are taken as text too."""
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
        raise _wrong(value, "System.String", path)
    return str(value)


def number(value: Any, path: str) -> Decimal:
    """A decimal number, also one in quotes."""
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
        raise _wrong(value, "System.Nullable`1[System.Decimal]", path)
    try:
        found = Decimal(value)
    except InvalidOperation as error:
        raise _wrong(value, "System.Nullable`1[System.Decimal]", path) from error
    if not found.is_finite() or abs(found) >= Decimal(10) ** 20:
        raise _wrong(value, "System.Nullable`1[System.Decimal]", path)
    return found


def flag(value: Any, path: str) -> bool:
    """True or false, also in quotes."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in {"true", "false"}:
        return value.lower() == "true"
    raise _wrong(value, "System.Nullable`1[System.Boolean]", path)


def day(value: Any, path: str) -> date:
    """A date in one of the three forms (X 4.3)."""
    if not isinstance(value, str):
        raise _wrong(value, "System.Nullable`1[System.DateTime]", path)
    try:
        return parse_day(value)
    except (ValueError, OverflowError) as error:
        raise PostDataInvalid(f"The string '{value}' is not a valid AllXsd value.") from error


def guid(value: Any, path: str) -> str:
    """An id, in small letters."""
    if not isinstance(value, str) or not is_guid(value):
        raise _wrong(value, "System.Guid", path)
    return value.lower()


def one_of(kind: str, *allowed: str) -> Reader:
    """One of a list of words, in any case; answers it as listed."""
    words = {word.lower(): word for word in allowed}

    def read(value: Any, path: str) -> str:
        if not isinstance(value, str) or value.lower() not in words:
            raise _wrong(value, kind, path)
        return words[value.lower()]

    return read


def shape(name: str, fields: Mapping[str, Reader]) -> Reader:
    """An object with these fields; others are passed over."""

    def read(value: Any, path: str) -> Ask:
        if not isinstance(value, dict):
            raise _wrong(value, name, path)
        found: Ask = {}
        for key, given in value.items():
            reader = fields.get(key)
            if reader is not None and given is not None:
                found[key] = reader(given, f"{path}.{key}")
        return found

    return read


def listing(element: Reader) -> Reader:
    """A list of such elements."""

    def read(value: Any, path: str) -> list[Any]:
        if not isinstance(value, list):
            raise _wrong(value, "System.Collections.Generic.List", path)
        return [element(given, f"{path}[{place}]") for place, given in enumerate(value)]

    return read


def parse_json(body: bytes) -> Any:
    """The body's JSON, its fractions as Decimal. Raises PostDataInvalid."""
    try:
        return json.loads(body, parse_float=Decimal, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise PostDataInvalid(f"The body is not JSON that can be read: {error}") from error


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a number")


def elements(body: bytes, collection: str, element: Reader) -> list[Ask]:
    """The elements of a write: {"Invoices": [...]}, or one object alone.

    Raises PostDataInvalid when any of them cannot be read, NoData when there is none.
    """
    parsed = parse_json(body)
    if not isinstance(parsed, dict):
        raise _wrong(parsed, collection, "")
    if collection not in parsed:
        if not parsed:
            raise NoData
        return [element(parsed, collection)]
    found: list[Ask] = listing(element)(parsed[collection], collection)
    if not found:
        raise NoData
    return found
