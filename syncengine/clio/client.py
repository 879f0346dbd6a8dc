"""Reading Clio Manage's API v4, and changing contacts there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from syncengine.clio.fields import FIELDS, ORDERED
from syncengine.clio.parse import parse_category
from syncengine.clio.serialise import edit_body
from syncengine.domain.chunks import chunks
from syncengine.domain.records import CategoryRecord
from syncengine.transport.errors import Disconnected, Refused, ServerTrouble, TransportError, UnreadableAnswer
from syncengine.transport.session import Answer, ApiSession

API_VERSION = "4.0.13"
_PAGE = 200
_NESTED = "activity{id,type,activity_description,expense_category}"
_CATEGORIES = frozenset({"activity_description", "expense_category"})


class ListEndsEarly(TransportError):  # noqa: N818
    """A list without order ended at 10,000 rows (C 2.12); the rest must be read another way."""

    def __init__(self, server_date: datetime) -> None:
        super().__init__("clio", "A list of Clio's ended at 10,000 rows.")
        self.server_date = server_date


class VersionEnded(TransportError):  # noqa: N818
    """Clio no longer serves the version of its API that we ask for (410, C 2.22)."""

    def __init__(self) -> None:
        super().__init__("clio", f"Clio ended version {API_VERSION} of its API: ClioXero must be brought up to date.")


class Stale(TransportError):  # noqa: N818
    """What was to be changed was changed by somebody else since it was read (412, C 2.21); nothing was done."""

    def __init__(self) -> None:
        super().__init__("clio", "A record was changed in Clio since it was read.")


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list. `next_url` is None at the end."""

    rows: Sequence[dict[str, Any]]
    next_url: str | None
    server_date: datetime


class ClioClient:
    """One firm's Clio account."""

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
            Refused: Clio refused the request; TransportError: as the session does.
        """
        answer = self._get(next_url) if next_url else self._first_page(resource, params or {})
        if answer.status == 422 and next_url and resource not in ORDERED:
            raise ListEndsEarly(answer.server_date)
        rows, following = _list(answer)
        if resource == "line_items":
            self._join_categories(rows)
        return Page(rows, following, answer.server_date)

    def one(self, resource: str, clio_id: int) -> dict[str, Any] | None:
        """Read one record by id; None if Clio says that there is none (404)."""
        answer = self._get(f"/api/v4/{resource}/{clio_id}.json?fields={_literal(self._fields[resource])}")
        if answer.status == 404:
            return None
        return _record(answer)

    def change_contact(self, contact_id: int, *, edit: Mapping[str, Any], etag: str) -> dict[str, Any] | None:
        """Change a contact if it is still as its etag says (If-Match, C 2.21); give it as it stands afterwards.

        None if Clio has none of that id (404). Clio takes no idempotency keys (C 2.28): after a lost answer the contact
        is read again, and what was written is then seen on both sides.

        Raises:
            Stale: somebody else changed it since it was read; nothing was done.
            Refused: Clio does not take the change (its words in `detail`), or the login may not make it (status 403).
            LimitReached, Unreachable, NotAuthorised: nothing was done.
            NoAnswer, ServerTrouble, UnreadableAnswer: it may have been done.
        """
        url = f"/api/v4/contacts/{contact_id}.json?fields={_literal(self._fields['contacts'])}"
        headers = {"X-API-VERSION": API_VERSION, "If-Match": etag}
        try:
            answer = self._session.request("PATCH", url, headers=headers, body=edit_body(edit))
        except Disconnected as forbidden:
            # Reading works with this login, so it is this change that it may not make: its role, or the application's
            # permissions (C 1.6). A login that may do nothing is noticed by the next read.
            raise Refused("clio", 403, "ForbiddenError") from forbidden
        if answer.status == 404:
            return None
        if answer.status == 412:
            raise Stale
        if answer.status >= 500:
            raise ServerTrouble("clio", answer.status)
        return _record(answer)

    def who_am_i(self) -> dict[str, Any]:
        """The login and its account (C 10.1)."""
        answer = self._get(f"/api/v4/users/who_am_i.json?fields={_literal(FIELDS['users/who_am_i'])}")
        return _record(answer)

    def billing_settings(self) -> dict[str, Any]:
        """The account's tax rates and their names (C 10.2)."""
        answer = self._get(f"/api/v4/settings/billing.json?fields={_literal(FIELDS['settings/billing'])}")
        return _record(answer)

    def categories(self) -> list[CategoryRecord]:
        """All activity and expense categories."""
        services = [parse_category(row, "service") for row in self._all("activity_descriptions")]
        return services + [parse_category(row, "expense") for row in self._all("expense_categories")]

    def all_rows(self, resource: str, params: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Read a short list to its end: rows by ids, or what belongs to one bill."""
        return self._all(resource, params)

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
        """Read the activities of lines that came without their categories, as asked without the second level."""
        bare = [row for row in rows if row.get("activity") and not _CATEGORIES & row["activity"].keys()]
        found: dict[int, dict[str, Any]] = {}
        for piece in chunks(sorted({row["activity"]["id"] for row in bare}), _PAGE):
            found |= {row["id"]: row for row in self._all("activities", {"ids[]": piece})}
        for row in bare:
            row["activity"] = found.get(row["activity"]["id"], row["activity"])

    def _get(self, url: str) -> Answer:
        return self._session.request("GET", url, headers={"X-API-VERSION": API_VERSION})


def _literal(fields: str) -> str:
    """Braces and commas stay as they are: some servers want them literal (C 2.10)."""
    return quote(fields, safe="{},()")


def _list(answer: Answer) -> tuple[list[dict[str, Any]], str | None]:
    plain = _checked(answer)
    rows = plain.get("data")
    if not isinstance(rows, list):
        raise UnreadableAnswer("clio", "no list in its answer")
    paging = (plain.get("meta") or {}).get("paging") or {}
    return rows, paging.get("next") or None


def _record(answer: Answer) -> dict[str, Any]:
    record = _checked(answer).get("data")
    if not isinstance(record, dict):
        raise UnreadableAnswer("clio", "no record in its answer")
    return record


def _checked(answer: Answer) -> dict[str, Any]:
    """The body of an answer of 200; anything else is raised."""
    if answer.status == 410:
        raise VersionEnded
    plain = answer.json() if answer.status == 200 or answer.is_json else None
    if answer.status == 200 and isinstance(plain, dict):
        return plain
    if answer.status == 200:
        raise UnreadableAnswer("clio", "no object in its answer")
    # Clio writes `error` as an object, and in places as a text (C 2.26).
    error = plain.get("error") if isinstance(plain, dict) else None
    said = error if isinstance(error, dict) else {"type": error or ""}
    raise Refused("clio", answer.status, str(said.get("type") or ""), str(said.get("message") or ""))
