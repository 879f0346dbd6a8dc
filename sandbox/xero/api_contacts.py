"""/Contacts."""

from collections.abc import Callable
from functools import partial
from typing import Any

from werkzeug.wrappers import Response

from sandbox.xero import contact_views, contacts, lists, shapes
from sandbox.xero.entities import Contact
from sandbox.xero.envelope import Element, Manner, answer, write_all
from sandbox.xero.fields import contact_fields
from sandbox.xero.problems import NotFound
from sandbox.xero.reading import Ask
from sandbox.xero.request import ApiCall
from sandbox.xero.values import folded


def listed(call: ApiCall) -> Response:
    """GET /Contacts: archived ones only with includeArchived (X 7.7)."""
    books, args = call.books, call.args
    wanted = lists.ids(args, "IDs")
    summary = lists.truth(args, "summaryOnly")
    rows = lists.select(
        books.contacts,
        contact_fields(),
        args,
        what="Contact",
        since=call.since,
        candidates=lists.by_id(books.contacts, wanted) if wanted else None,
        keep=_keep(lists.truth(args, "includeArchived"), args.get("searchTerm", "")),
    )
    page = lists.paged(rows, args, force=summary)
    view: contact_views.View = "page" if page.pagination else "list"
    if summary:
        view = "summary"
    shown = [contact_views.contact(books, row, view) for row in page.rows]
    return answer(call.now, "Contacts", shown, page.pagination)


def _keep(archived: bool, term: str) -> Callable[[Contact], bool]:  # noqa: FBT001 - two settings of one list
    needle = folded(term)

    def keep(row: Contact) -> bool:
        if not archived and row.status != "ACTIVE":
            return False
        return not needle or any(
            needle in folded(value)
            for value in (row.name, row.first_name, row.last_name, row.number, row.company_number, row.email)
        )

    return keep


def single(call: ApiCall, ref: str) -> Response:
    """GET /Contacts/{ContactID or ContactNumber}."""
    books = call.books
    row = books.contacts.get(ref) or next(iter(books.contacts.find("number", folded(ref))), None)
    if row is None:
        raise NotFound
    return answer(call.now, "Contacts", [contact_views.contact(books, row)])


def write(call: ApiCall, ref: str = "") -> Response:
    """PUT and POST /Contacts, POST /Contacts/{ContactID}."""
    books = call.books
    if ref and books.contacts.get(ref) is None:
        raise NotFound
    asked = call.elements("Contacts", shapes.contact)
    manner = Manner("Contacts", "ContactID", "HasValidationErrors", partial(_existing, call, ref))

    def work(ask: Ask) -> Element:
        row = contacts.write(books, ask, create_only=call.creates_only, path_id=ref)
        return Element(contact_views.contact(books, row))

    return write_all(call.now, manner, asked, work, summarize=call.summarize)


def _existing(call: ApiCall, ref: str, ask: Ask) -> dict[str, Any] | None:
    row = call.books.contacts.get(ref or ask.get("ContactID", ""))
    return contact_views.contact(call.books, row) if row and not call.creates_only else None
