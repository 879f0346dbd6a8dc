"""Reading a list: filters, order and page of one endpoint, as rendered data with its meta."""

import re
from collections.abc import Sequence
from typing import Any

from werkzeug.wrappers import Request

from sandbox.clio.endpoints import Endpoint, SortKey
from sandbox.clio.errors import bad_argument
from sandbox.clio.fields import parse_fields
from sandbox.clio.filters import Test
from sandbox.clio.paging import Reading, page_address, parse_limit, read_by_count, read_by_cursor
from sandbox.clio.settings import Settings
from sandbox.clio.shape import Renderer, renderer
from sandbox.firm.store import Store

_ORDER = re.compile(r"([a-z_.]+)\((asc|desc)\)\Z")
CURSOR_ORDER = "id(asc)"


def rendering(store: Store, endpoint: Endpoint, request: Request) -> Renderer:
    """What to make of each record, by the request's `fields`. Raises ApiError (400)."""
    text = request.args.get("fields")
    asked = endpoint.resource.defaults() if not text else parse_fields(text)
    return renderer(store, endpoint.resource, asked)


def list_records(store: Store, settings: Settings, endpoint: Endpoint, request: Request) -> dict[str, Any]:
    """One page of a list. Raises ApiError for what Clio refuses."""
    args = request.args
    render = rendering(store, endpoint, request)
    sort_key, descending = _order(endpoint, args.get("order"))
    by_cursor = "offset" not in args and (not endpoint.orders or args.get("order") == CURSOR_ORDER)
    table = endpoint.table(store)
    reading = Reading(
        rows=table.rows,
        ids=_candidates(store, endpoint, request),
        test=_test(store, settings, endpoint, request),
        sort_key=sort_key,
        descending=descending,
        limit=parse_limit(args.get("limit"), endpoint.most),
        most_rows=_most_rows(settings, endpoint, by_cursor=by_cursor),
    )
    token = args.get("page_token")
    page = read_by_cursor(reading, token) if by_cursor else read_by_count(reading, token, _offset(args.get("offset")))
    paging = {}
    if page.previous_token:
        paging["previous"] = page_address(request, page.previous_token)
    if page.next_token:
        paging["next"] = page_address(request, page.next_token)
    return {"data": [render(row) for row in page.rows], "meta": {"paging": paging, "records": page.records}}


def _most_rows(settings: Settings, endpoint: Endpoint, *, by_cursor: bool) -> int | None:
    if not endpoint.orders:
        return settings.unordered_list_max
    return None if by_cursor else settings.offset_list_max


def _offset(text: str | None) -> int:
    if text is None:
        return 0
    if not text.isdecimal():
        raise bad_argument("offset needs a whole number")
    return int(text)


def _order(endpoint: Endpoint, text: str | None) -> tuple[SortKey | None, bool]:
    """The key to sort by (None: as the ids are) and whether backwards."""
    if text is not None and not endpoint.orders:
        raise bad_argument("order is not accepted on this list")
    match = _ORDER.match(text or endpoint.default_order)
    if match is None or (endpoint.orders and match[1] not in endpoint.orders):
        raise bad_argument(f"order {text} is not accepted on this list")
    if match[0] == CURSOR_ORDER:
        return None, False
    return endpoint.orders[match[1]], match[2] == "desc"


def _test(store: Store, settings: Settings, endpoint: Endpoint, request: Request) -> Test:
    """All filters as one test; parameters that the list does not know are ignored."""
    asked = dict(request.args.lists())
    tests = [
        made
        for name, values in asked.items()
        if name in endpoint.filters and (made := endpoint.filters[name](values)) is not None
    ]
    kept = endpoint.kept(settings, asked)
    if kept is not None:
        tests.append(kept)
    name = endpoint.table(store).name
    if name in store.hidden:
        tests.append(lambda row: store.visible(name, row.id))
    return _all_of(tests)


def _all_of(tests: Sequence[Test]) -> Test:
    """Rows are many: the common cases come without a loop."""
    if not tests:
        return lambda _row: True
    if len(tests) == 1:
        return tests[0]
    first, second, *rest = tests
    if not rest:
        return lambda row: first(row) and second(row)
    return lambda row: all(test(row) for test in tests)


def _candidates(store: Store, endpoint: Endpoint, request: Request) -> Sequence[int]:
    """Ids in order, fewer where an index tells which can match."""
    table = endpoint.table(store)
    wanted = request.args.getlist("ids[]") if "ids[]" in endpoint.filters else []
    if wanted:
        return sorted({int(text) for text in wanted if text.isdecimal() and int(text) in table.rows})
    bill_id = request.args.get("bill_id", "")
    if bill_id.isdecimal() and table is store.lines:
        return store.lines_by_bill.of(int(bill_id))
    if bill_id.isdecimal() and table is store.allocations:
        return store.allocations_by_bill.of(int(bill_id))
    return table.ids
