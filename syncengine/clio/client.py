"""Reading Clio Manage's API v4."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlsplit

from syncengine.clio.fields import FIELDS, ORDERED
from syncengine.clio.parse import parse_category
from syncengine.domain.chunks import chunks
from syncengine.domain.records import CategoryRecord
from syncengine.transport.errors import Refused, TransportError, UnreadableAnswer
from syncengine.transport.session import Answer, ApiSession

API_VERSION = "4.0.13"
_PAGE = 200
_NESTED = "activity{id,type,activity_description,expense_category}"


class ListEndsEarly(TransportError):  # noqa: N818
    """A list without order ended at 10,000 rows (C 2.12); the rest must be read another way."""

    def __init__(self, server_date: datetime) -> None:
        super().__init__("clio", "A list of Clio's ended at 10,000 rows.")
        self.server_date = server_date


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list. `next_url` is None at the end."""

    rows: Sequence[dict[str, Any]]
    next_url: str | None
    server_date: datetime


class ClioClient:
    """Reads one firm's Clio account."""

    def __init__(self, session: ApiSession) -> None:
        self._session = session
        self._fields = dict(FIELDS)
        self._categories_nested = True

    @property
    def calls(self) -> int:
        """Calls made so far."""
        return self._session.calls

    def page(self, resource: str, *, params: Mapping[str, Any] | None = None, next_url: str | None = None) -> Page:
        """Read the first page of a list, or a further one by the address that the page before gave.

        Raises:
            ListEndsEarly: the list has no order and is over at 10,000 rows.
            Refused, TransportError: as the session does.
        """
        if next_url:
            self._check_host(next_url)
            answer = self._get(next_url)
        else:
            answer = self._first_page(resource, params or {})
        if answer.status == 422 and resource not in ORDERED:
            raise ListEndsEarly(answer.server_date)
        _check(answer)
        plain = answer.json()
        try:
            rows = plain["data"]
        except (KeyError, TypeError) as error:
            raise UnreadableAnswer("clio", f"no data in a list of {resource}") from error
        following = ((plain.get("meta") or {}).get("paging") or {}).get("next")
        if resource == "line_items" and not self._categories_nested:
            self._join_categories(rows)
        return Page(rows, following, answer.server_date)

    def one(self, resource: str, clio_id: int) -> dict[str, Any] | None:
        """Read one record by id; None if Clio says that there is none (404)."""
        answer = self._get(f"/api/v4/{resource}/{clio_id}.json?fields={_literal(self._fields[resource])}")
        if answer.status == 404:
            return None
        _check(answer)
        record: dict[str, Any] = answer.json()["data"]
        return record

    def who_am_i(self) -> dict[str, Any]:
        """The login and its account (C 10.1)."""
        answer = self._get(f"/api/v4/users/who_am_i.json?fields={_literal(FIELDS['users/who_am_i'])}")
        _check(answer)
        person: dict[str, Any] = answer.json()["data"]
        return person

    def categories(self) -> list[CategoryRecord]:
        """All activity and expense categories."""
        services = [parse_category(row, "service") for row in self._all("activity_descriptions")]
        return services + [parse_category(row, "expense") for row in self._all("expense_categories")]

    def _all(self, resource: str, params: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        page = self.page(resource, params=params)
        rows = list(page.rows)
        while page.next_url:
            page = self.page(resource, next_url=page.next_url)
            rows += page.rows
        return rows

    def _first_page(self, resource: str, params: Mapping[str, Any]) -> Answer:
        answer = self._get(self._list_url(resource, params))
        if answer.status == 400 and resource == "line_items" and self._categories_nested:
            # Whether a second level may be named on this very list is not known (C 16): ask without it.
            self._categories_nested = False
            self._fields["line_items"] = FIELDS["line_items"].replace(_NESTED, "activity{id,type}")
            answer = self._get(self._list_url(resource, params))
        return answer

    def _list_url(self, resource: str, params: Mapping[str, Any]) -> str:
        query = [f"fields={_literal(self._fields[resource])}", f"limit={_PAGE}"]
        if resource in ORDERED:
            query.append("order=id(asc)")
        if resource == "bills":
            query.append("type=revenue")
        for name, value in params.items():
            values = value if isinstance(value, list | tuple) else [value]
            query += [f"{name}={quote(str(item), safe='')}" for item in values]
        return f"/api/v4/{resource}.json?{'&'.join(query)}"

    def _join_categories(self, rows: Sequence[dict[str, Any]]) -> None:
        ids = sorted({row["activity"]["id"] for row in rows if row.get("activity")})
        found: dict[int, dict[str, Any]] = {}
        for piece in chunks(ids, _PAGE):
            found |= {row["id"]: row for row in self._all("activities", {"ids[]": piece})}
        for row in rows:
            if row.get("activity"):
                row["activity"] = found.get(row["activity"]["id"], row["activity"])

    def _check_host(self, url: str) -> None:
        """The token goes to the firm's own host only (C 2.15)."""
        if urlsplit(url)[:2] != urlsplit(self._session.base_url)[:2]:
            raise UnreadableAnswer("clio", "the address of the next page is on another host")

    def _get(self, url: str) -> Answer:
        return self._session.request("GET", url, headers={"X-API-VERSION": API_VERSION})


def _literal(fields: str) -> str:
    """Braces and commas stay as they are: some servers want them literal (C 2.10)."""
    return quote(fields, safe="{},()")


def _check(answer: Answer) -> None:
    if answer.status == 200:
        return
    kind = detail = ""
    if answer.headers.get("Content-Type", "").startswith("application/json"):
        error = answer.json().get("error")
        kind, detail = (
            (error.get("type", ""), error.get("message", "")) if isinstance(error, dict) else (str(error), "")
        )
    raise Refused("clio", answer.status, kind, detail)
