"""Reads the `where` and `order` parameters (X 5.5, 7.4, 16.6) and tests rows with them.

Understood: == != < > <= >=, AND OR && ||, brackets, null, true and false, numbers, "text" with quotes doubled inside,
DateTime(y, m, d[, h, m, s]), Guid("..."), and Contains, StartsWith and EndsWith of a text field. All else is refused.
"""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Literal

from sandbox.xero.problems import QueryInvalid
from sandbox.xero.values import is_guid

Kind = Literal["text", "guid", "number", "date", "bool", "null"]
Test = Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a row: its kind and how to read it. `index` names the table's index that finds it by value."""

    kind: Kind
    read: Callable[[Any], Any]
    index: str = ""


@dataclass(frozen=True, slots=True)
class Where:
    """A parsed filter. `equals` are the (field, value) pairs that every match has, for use with an index."""

    test: Test
    equals: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class _Value:
    kind: Kind
    value: Any


_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"(?:[^"]|"")*")
    |(?P<number>-?\d+(?:\.\d+)?)
    |(?P<name>[A-Za-z_][A-Za-z_0-9]*(?:\.[A-Za-z_][A-Za-z_0-9]*)*)
    |(?P<sign>==|!=|<=|>=|&&|\|\||<|>|\(|\)|,))""",
    re.VERBOSE,
)
_TYPE_NAMES = {"text": "String", "guid": "Guid", "number": "Decimal", "date": "DateTime", "bool": "Boolean"}
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
_FLIPPED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "==", "!=": "!="}
_IN_TEXT: dict[str, Callable[[str, str], bool]] = {
    "contains": lambda whole, part: part in whole,
    "startswith": str.startswith,
    "endswith": str.endswith,
}


def _tokens(query: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    place = 0
    while query[place:].strip():
        match = _TOKEN.match(query, place)
        if match is None:
            rest = query[place:].strip()
            if rest.startswith('"'):
                raise QueryInvalid("Unterminated string literal")
            raise QueryInvalid(f"Syntax error '{rest[0]}'")
        found.append((str(match.lastgroup), match.group(str(match.lastgroup))))
        place = match.end()
    return found


def _plain(kind: Kind, value: Any) -> Any:
    """The form in which values are compared: text without case, days as their midnight."""
    if value is None:
        return None
    if kind in {"text", "guid"}:
        return value.casefold()
    if kind == "date" and isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return value


class _Parser:
    def __init__(self, query: str, fields: Mapping[str, Field], what: str) -> None:
        self._tokens = _tokens(query)
        self._place = 0
        self._fields = {name.lower(): (name, field) for name, field in fields.items()}
        self._what = what

    def parse(self) -> Where:
        found = self._either()
        if self._place < len(self._tokens):
            raise QueryInvalid(f"Syntax error at '{self._tokens[self._place][1]}'")
        return found

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._place] if self._place < len(self._tokens) else ("end", "")

    def _next(self) -> tuple[str, str]:
        found = self._peek()
        self._place += 1
        return found

    def _take(self, sign: str) -> bool:
        kind, word = self._peek()
        if kind in {"sign", "name"} and word.lower() == sign:
            self._place += 1
            return True
        return False

    def _expect(self, sign: str) -> None:
        if not self._take(sign):
            raise QueryInvalid(f"'{sign}' expected")

    def _either(self) -> Where:
        parts = [self._both()]
        while self._take("||") or self._take("or"):
            parts.append(self._both())
        if len(parts) == 1:
            return parts[0]
        tests = [part.test for part in parts]
        return Where(lambda row: any(test(row) for test in tests))

    def _both(self) -> Where:
        parts = [self._single()]
        while self._take("&&") or self._take("and"):
            parts.append(self._single())
        if len(parts) == 1:
            return parts[0]
        tests = [part.test for part in parts]
        return Where(
            lambda row: all(test(row) for test in tests), tuple(pair for part in parts for pair in part.equals)
        )

    def _single(self) -> Where:
        if self._take("("):
            found = self._either()
            self._expect(")")
            return found
        left = self._operand()
        sign = self._peek()[1]
        if sign in _COMPARE:
            self._next()
            return self._compared(left, sign, self._operand())
        if isinstance(left, Where):
            return left
        if isinstance(left, tuple) and left[1].kind == "bool":
            return self._compared(left, "==", _Value("bool", value=True))
        raise QueryInvalid("Expression of type 'Boolean' expected")

    def _operand(self) -> "_Value | tuple[str, Field] | Where":
        kind, word = self._next()
        if kind == "text":
            return _Value("text", word[1:-1].replace('""', '"'))
        if kind == "number":
            return _Value("number", Decimal(word))
        if kind != "name":
            raise QueryInvalid("Expression expected")
        literal = {"null": _Value("null", None), "true": _Value("bool", value=True)}.get(word.lower())
        if word.lower() == "false":
            literal = _Value("bool", value=False)
        if literal is not None:
            return literal
        if word.lower() == "datetime":
            return self._datetime()
        if word.lower() == "guid":
            return self._guid()
        return self._field(word)

    def _field(self, word: str) -> "tuple[str, Field] | Where":
        if word.lower() in self._fields:
            return self._fields[word.lower()]
        stem, _, method = word.rpartition(".")
        if stem.lower() in self._fields and method.lower() in _IN_TEXT:
            return self._within(self._fields[stem.lower()][1], _IN_TEXT[method.lower()])
        raise QueryInvalid(f"No property or field '{word}' exists in type '{self._what}'")

    def _within(self, field: Field, holds: Callable[[str, str], bool]) -> Where:
        self._expect("(")
        kind, word = self._next()
        self._expect(")")
        if kind != "text" or field.kind != "text":
            raise QueryInvalid("No applicable method exists for these arguments")
        part = word[1:-1].replace('""', '"').casefold()

        def test(row: Any) -> bool:
            value = _plain("text", field.read(row))
            return value is not None and holds(value, part)

        return Where(test)

    def _datetime(self) -> _Value:
        self._expect("(")
        numbers: list[int] = []
        while True:
            kind, word = self._next()
            if kind != "number" or "." in word:
                raise QueryInvalid("DateTime needs whole numbers: DateTime(2026, 5, 4)")
            numbers.append(int(word))
            if not self._take(","):
                break
        self._expect(")")
        if len(numbers) not in {3, 6}:
            raise QueryInvalid("No applicable constructor exists in type 'DateTime'")
        try:
            return _Value("date", datetime(*numbers, tzinfo=UTC))  # type: ignore[arg-type, misc]
        except ValueError as error:
            raise QueryInvalid(f"DateTime: {error}") from error

    def _guid(self) -> _Value:
        self._expect("(")
        kind, word = self._next()
        self._expect(")")
        if kind != "text" or not is_guid(word[1:-1]):
            raise QueryInvalid("Guid should contain 32 digits with 4 dashes")
        return _Value("guid", word[1:-1])

    def _compared(self, left: Any, sign: str, right: Any) -> Where:
        if isinstance(left, _Value) and isinstance(right, tuple):
            left, sign, right = right, _FLIPPED[sign], left
        if isinstance(left, Where) and isinstance(right, _Value) and right.kind == "bool" and sign in {"==", "!="}:
            wanted, inner = (sign == "==") == right.value, left.test
            return Where(lambda row: inner(row) == wanted)
        if not isinstance(left, tuple) or not isinstance(right, _Value):
            raise QueryInvalid("A field and a value are expected on the two sides of a comparison")
        name, field = left
        self._fit(field.kind, sign, right.kind)
        value, read, kind, holds = _plain(right.kind, right.value), field.read, field.kind, _COMPARE[sign]
        if value is None:
            return Where(lambda row: holds(read(row) is None or read(row) == "", True))  # noqa: FBT003

        def test(row: Any) -> bool:
            found = _plain(kind, read(row))
            return sign == "!=" if found is None else holds(found, value)

        return Where(test, ((name, value),) if sign == "==" else ())

    @staticmethod
    def _fit(field: Kind, sign: str, value: Kind) -> None:
        ordered = sign not in {"==", "!="}
        if value == "null" and not ordered:
            return
        if field != value or (ordered and field in {"guid", "bool", "text"}):
            shown = _TYPE_NAMES.get(value, "null")
            raise QueryInvalid(
                f"Operator '{sign}' incompatible with operand types '{_TYPE_NAMES[field]}' and '{shown}'"
            )


def parse_where(query: str, fields: Mapping[str, Field], what: str) -> Where:
    """Read a filter over these fields. Raises QueryInvalid, as Xero does for what it cannot read."""
    return _Parser(query, fields, what).parse()


def parse_order(query: str, fields: Mapping[str, Field], what: str) -> list[tuple[Field, bool]]:
    """Read "Name, Date DESC" as [(field, descending)]. Raises QueryInvalid."""
    known = {name.lower(): field for name, field in fields.items()}
    found = []
    for part in query.split(","):
        words = part.split()
        if not words or len(words) > 2 or words[0].lower() not in known:
            raise QueryInvalid(f"No property or field '{part.strip()}' exists in type '{what}'")
        way = words[1].upper() if len(words) == 2 else "ASC"
        if way not in {"ASC", "DESC"}:
            raise QueryInvalid(f"Syntax error at '{words[1]}'")
        found.append((known[words[0].lower()], way == "DESC"))
    return found


def sort_key(field: Field) -> Callable[[Any], tuple[bool, Any]]:
    """A key that sorts rows by a field, empty ones first."""

    def key(row: Any) -> tuple[bool, Any]:
        value = _plain(field.kind, field.read(row))
        return (value is not None, value)

    return key
