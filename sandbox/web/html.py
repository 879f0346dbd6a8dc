"""HTML by small functions. Whatever is not Html already is text and gets escaped."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from html import escape
from typing import TypeAlias

MINUS = "\N{MINUS SIGN}"
_EMPTY = frozenset({"br", "hr", "input", "link", "meta"})


class Html(str):
    """Text that is HTML: it stands in a page as it is. Joining or formatting makes plain text of it again."""

    __slots__ = ()


Child: TypeAlias = "str | int | Iterable[Child] | None"


def tag(name: str, /, *children: Child, **attributes: str | int | None) -> Html:
    """An element. `class_` is class, `aria_label` aria-label; True is an attribute without a value, None is none."""
    given = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _EMPTY:
        return Html(f"<{name}{given}>")
    return Html(f"<{name}{given}>{together(*children)}</{name}>")


def _attribute(key: str, value: str | int | None) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f" {name}='{escape(str(value))}'"


def together(*children: Child) -> Html:
    """Children one after the other: text escaped, None left out."""
    return Html("".join(map(_one, children)))


def _one(child: Child) -> str:
    if child is None:
        return ""
    if isinstance(child, Html):
        return child
    if isinstance(child, (str, int)):
        return escape(str(child))
    return together(*child)


def link(address: str, *children: Child) -> Html:
    """A link."""
    return tag("a", *children, href=address)


def money(value: Decimal) -> str:
    """An amount as people read it: 1,207.50, with a true minus sign."""
    return f"{value:,.2f}".replace("-", MINUS)


def cents(value: int) -> str:
    """Cents as such an amount."""
    return money(Decimal(value) / 100)


def counted(number: int, word: str, words: str = "") -> str:
    """A number with its word: 1 bill, 2 bills."""
    return f"{number:,} {word if number == 1 else words or f'{word}s'}"


def moment(value: datetime) -> Html:
    """A time to the minute, with its exact form for machines."""
    return tag("time", value.strftime("%Y-%m-%d %H:%M UTC"), datetime=value.isoformat(timespec="seconds"))
