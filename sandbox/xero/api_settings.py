"""/Organisation, /Accounts, /TaxRates, /Currencies, /TrackingCategories and the history of documents."""

from typing import Any

from werkzeug.wrappers import Response

from sandbox.xero import accounts, lists, messages, settings_views, shapes
from sandbox.xero.books import Books
from sandbox.xero.entities import Note
from sandbox.xero.envelope import Element, Manner, answer, write_all
from sandbox.xero.fields import account_fields, tax_rate_fields
from sandbox.xero.problems import NotFound, PostDataInvalid, Refused
from sandbox.xero.reading import Ask
from sandbox.xero.request import ApiCall
from sandbox.xero.values import ms_time
from sandbox.xero.where import parse_order, parse_where, sort_key

LONGEST_NOTE = 2500


def organisation(call: ApiCall) -> Response:
    """GET /Organisation."""
    return answer(call.now, "Organisations", [settings_views.organisation(call.books)])


def organisation_actions(call: ApiCall) -> Response:
    """GET /Organisation/Actions."""
    return answer(call.now, "Actions", settings_views.actions(call.books))


def list_accounts(call: ApiCall) -> Response:
    """GET /Accounts: archived ones too."""
    rows = lists.select(call.books.accounts, account_fields(), call.args, what="Account", since=call.since)
    if not call.args.get("order"):
        rows.sort(key=lambda row: row.code)
    return answer(call.now, "Accounts", [accounts.view(call.books, row) for row in rows])


def single_account(call: ApiCall, ref: str) -> Response:
    """GET /Accounts/{AccountID}."""
    row = call.books.accounts.get(ref)
    if row is None:
        raise NotFound
    return answer(call.now, "Accounts", [accounts.view(call.books, row)])


def write_account(call: ApiCall, ref: str = "") -> Response:
    """PUT /Accounts, POST /Accounts/{AccountID}: one at a time (X 7.39b)."""
    books, row = call.books, call.books.accounts.get(ref)
    if ref and row is None:
        raise NotFound
    asked = call.elements("Accounts", shapes.account)
    if len(asked) > 1:
        raise PostDataInvalid("Only one account can be sent in a call")

    def existing(_ask: Ask) -> dict[str, Any] | None:
        return accounts.view(books, row) if row else None

    def work(ask: Ask) -> Element:
        return Element(accounts.view(books, accounts.change(books, row, ask) if row else accounts.create(books, ask)))

    return write_all(call.now, Manner("Accounts", "AccountID", "", existing), asked, work, summarize=True)


def delete_account(call: ApiCall, ref: str) -> Response:
    """DELETE /Accounts/{AccountID}."""
    row = call.books.accounts.get(ref)
    if row is None:
        raise NotFound
    manner = Manner("Accounts", "AccountID", "", lambda _: accounts.view(call.books, row))

    def work(_ask: Ask) -> Element:
        return Element(accounts.view(call.books, accounts.delete(call.books, row)))

    return write_all(call.now, manner, [{}], work, summarize=True)


def list_tax_rates(call: ApiCall) -> Response:
    """GET /TaxRates: archived ones too."""
    rows, fields = list(call.books.tax_rates.values()), tax_rate_fields()
    if call.args.get("where", "").strip():
        rows = list(filter(parse_where(call.args["where"], fields, "TaxRate").test, rows))
    if call.args.get("order", "").strip():
        for field, descending in reversed(parse_order(call.args["order"], fields, "TaxRate")):
            rows.sort(key=sort_key(field), reverse=descending)
    return answer(call.now, "TaxRates", [settings_views.tax_rate(row) for row in rows])


def single_tax_rate(call: ApiCall, ref: str) -> Response:
    """GET /TaxRates/{TaxType}."""
    row = call.books.tax_rates.get(ref)
    if row is None:
        raise NotFound
    return answer(call.now, "TaxRates", [settings_views.tax_rate(row)])


def list_currencies(call: ApiCall) -> Response:
    """GET /Currencies."""
    return answer(call.now, "Currencies", settings_views.currencies(call.books))


def list_tracking(call: ApiCall) -> Response:
    """GET /TrackingCategories."""
    rows = [settings_views.tracking_category(row) for row in call.books.tracking]
    return answer(call.now, "TrackingCategories", rows)


def single_tracking(call: ApiCall, ref: str) -> Response:
    """GET /TrackingCategories/{TrackingCategoryID}."""
    rows = [settings_views.tracking_category(row) for row in call.books.tracking if row.id == ref.lower()]
    if not rows:
        raise NotFound
    return answer(call.now, "TrackingCategories", rows)


def _holder(books: Books, ref: str) -> str:
    """The id of the document or contact whose history is meant. Raises NotFound."""
    for table in (books.invoices, books.credit_notes, books.bank_transactions, books.payments, books.contacts):
        row = table.get(ref)
        if row is not None:
            return str(row.id)
    raise NotFound


def list_history(call: ApiCall, ref: str) -> Response:
    """GET …/{id}/History, newest first."""
    notes = call.books.history.get(_holder(call.books, ref), [])
    return answer(call.now, "HistoryRecords", [_note(note) for note in reversed(notes)])


def add_history(call: ApiCall, ref: str) -> Response:
    """PUT …/{id}/History: notes are added, never changed (X 7.40)."""
    holder = _holder(call.books, ref)
    asked = call.elements("HistoryRecords", shapes.history)

    def work(ask: Ask) -> Element:
        details = ask.get("Details", "")
        if len(details) > LONGEST_NOTE:
            raise Refused(messages.too_long("Details", LONGEST_NOTE))
        call.books.note(holder, "Note", details)
        shown = _note(call.books.history[holder][-1])
        return Element({key: shown[key] for key in ("Details", "DateUTC", "DateUTCString", "ValidationErrors")})

    return write_all(call.now, Manner("HistoryRecords", "", ""), asked, work, summarize=True)


def _note(row: Note) -> dict[str, Any]:
    return {
        "Changes": row.changes,
        "DateUTCString": row.time.strftime("%Y-%m-%dT%H:%M:%S"),
        "DateUTC": ms_time(row.time),
        "User": row.user,
        "Details": row.details,
        "ValidationErrors": [],
    }
