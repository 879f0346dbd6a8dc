"""The `fields` parameter: names, and one level of braces (C 2.6 to 2.8)."""

import re
from dataclasses import dataclass

from sandbox.clio.errors import bad_field

_TOKEN = re.compile(r"[{},]|[^{},]+")
_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")


@dataclass(frozen=True)
class Asked:
    """A field that was asked for; `inner` is None where it stood without braces."""

    name: str
    inner: tuple["Asked", ...] | None = None


def parse_fields(text: str) -> tuple[Asked, ...]:
    """What a `fields` text asks for. Raises ApiError (400) for braces inside braces or a broken text."""
    tokens = _TOKEN.findall(text)
    asked, rest = _parse_list(tokens, 0, inside=False)
    if rest != len(tokens):
        raise bad_field("fields: a closing brace has no opening one")
    return asked


def _parse_list(tokens: list[str], at: int, *, inside: bool) -> tuple[tuple[Asked, ...], int]:
    found: dict[str, Asked] = {}
    while True:
        name = tokens[at].strip() if at < len(tokens) else ""
        if not _NAME.match(name):
            raise bad_field(f"{name} is not a valid field")
        at += 1
        inner: tuple[Asked, ...] | None = None
        if at < len(tokens) and tokens[at] == "{":
            if inside:
                raise bad_field(f"{name}: only one level of nested fields is allowed")
            inner, at = _parse_list(tokens, at + 1, inside=True)
            if at >= len(tokens) or tokens[at] != "}":
                raise bad_field(f"{name}: a closing brace is missing")
            at += 1
        found[name] = Asked(name, inner)
        if at >= len(tokens) or tokens[at] == "}":
            return tuple(found.values()), at
        if tokens[at] != ",":
            raise bad_field(f"{tokens[at]} is not a valid field")
        at += 1
