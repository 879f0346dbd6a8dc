"""Parts of pages: tables, facts, lists in pages with a search and a filter, sections."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

from sandbox.web.html import Child, Html, counted, link, tag, together

PAGE_SIZE = 50
R = TypeVar("R")


@dataclass(frozen=True)
class Head:
    """A column's heading; figures stand right."""

    name: str
    figure: bool = False


def heads(*names: str, figures: Sequence[str] = ()) -> list[Head]:
    """Headings, those named in `figures` last, over figures."""
    return [*map(Head, names), *(Head(name, figure=True) for name in figures)]


@dataclass(frozen=True)
class Row:
    """A row with what can be done to it, which stands under its cells over the whole width."""

    cells: Sequence[Child]
    below: Child


def table(
    columns: Sequence[Head], rows: Iterable[Sequence[Child] | Row], *, empty: str = "", small: bool = False
) -> Html:
    """A table; without rows the sentence `empty`. Cells carry their heading, since narrow screens stack them.

    `small`: one of two columns, which stays a table on every screen.
    """
    listed = list(rows)
    if not listed:
        return tag("p", empty, class_="empty") if empty else Html()
    top = tag("tr", map(_heading, columns))
    body = tag("tbody", [_row(columns, row) for row in listed])
    return tag("table", tag("thead", top), body, class_="small" if small else None)


def _heading(head: Head) -> Html:
    if not head.name:
        return tag("td")
    return tag("th", head.name, scope="col", class_="figure" if head.figure else None)


def _row(columns: Sequence[Head], row: Sequence[Child] | Row) -> Html:
    if isinstance(row, Row):
        below = tag("tr", tag("td", row_of(row.below), colspan=len(columns)), class_="below")
        return together(tag("tr", _cells(columns, row.cells), class_="above-forms"), below)
    return tag("tr", _cells(columns, row))


def _cells(columns: Sequence[Head], cells: Sequence[Child]) -> list[Html]:
    return [_cell(head, cell) for head, cell in zip(columns, cells, strict=True)]


def _cell(head: Head, cell: Child) -> Html:
    return tag("td", cell, class_="figure" if head.figure else None, data_label=head.name or None)


def facts(values: Mapping[str, Child]) -> Html:
    """What there is to know about a thing; empty values are left out."""
    return tag(
        "dl",
        [
            tag("div", tag("dt", name), tag("dd", value))
            for name, value in values.items()
            if value is not None and value != ""
        ],
        class_="facts",
    )


def section(title: str, *children: Child, name: str = "") -> Html:
    """A part of a page under a heading."""
    return tag("section", tag("h2", title), *children, id=name or None)


@dataclass(frozen=True)
class Listing(Generic[R]):
    """One page of rows: those shown, how many there are, and what was asked for."""

    rows: Sequence[R]
    found: int
    of: int
    page: int
    pages: int


def page_of(rows: Sequence[R], args: Mapping[str, str], *, of: int, size: int = PAGE_SIZE) -> Listing[R]:
    """Cut out the page that the address asks for; beyond the last one the last."""
    pages = max(1, -(-len(rows) // size))
    text = args.get("page", "")
    page = min(max(int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1, 1), pages)
    return Listing(rows[(page - 1) * size : page * size], len(rows), of, page, pages)


def searching(path: str, args: Mapping[str, str], label: str) -> Html:
    """A search field over a list; it keeps the filter."""
    kept = [tag("input", type="hidden", name=name, value=args[name]) for name in ("state",) if args.get(name)]
    return tag(
        "form",
        tag("label", label, for_="q"),
        tag("input", type="search", name="q", id="q", value=args.get("q", "")),
        kept,
        tag("button", "Search"),
        method="get",
        action=path,
        class_="search",
        role="search",
    )


def filters(path: str, args: Mapping[str, str], states: Iterable[tuple[str, str]]) -> Html:
    """Links that filter a list by state; the one in force is marked."""
    now = args.get("state", "")
    query = {"q": args["q"]} if args.get("q") else {}
    links = [
        tag("a", shown, href=_with(path, {**query, "state": state}), aria_current="true" if state == now else None)
        for state, shown in states
    ]
    return tag("nav", links, class_="filters", aria_label="Filter")


def pager(path: str, args: Mapping[str, str], listing: Listing[R], word: str) -> Html:
    """How many rows of how many, and the way to the other pages."""
    said = (
        counted(listing.of, word)
        if listing.found == listing.of
        else f"{listing.found:,} of {counted(listing.of, word)}"
    )
    kept = {name: args[name] for name in ("q", "state") if args.get(name)}

    def to(page: int, shown: str) -> Html | None:
        return link(_with(path, {**kept, "page": str(page)}), shown) if 1 <= page <= listing.pages else None

    where = f", page {listing.page} of {listing.pages}" if listing.pages > 1 else ""
    return tag(
        "p",
        f"{said}{where} ",
        to(listing.page - 1, "Previous page"),
        " ",
        to(listing.page + 1, "Next page"),
        class_="pager",
    )


def _with(path: str, values: Mapping[str, str]) -> str:
    query = urlencode({name: value for name, value in values.items() if value})
    return f"{path}?{query}" if query else path


def row_of(*children: Child) -> Html:
    """Buttons and small forms in a row."""
    return tag("div", together(*children), class_="row")
