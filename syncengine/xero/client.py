"""Reading Xero's accounting API for one organisation, and sending what was committed to be sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, Final
from urllib.parse import quote

from syncengine.domain.documents import StandingContact, StandingCreditNote, StandingInvoice, StandingPayment
from syncengine.domain.rules import Account, Organisation, TaxRate
from syncengine.transport.errors import Refused, UnreadableAnswer
from syncengine.transport.session import Answer, ApiSession
from syncengine.xero.parse import (
    parse_account,
    parse_contact,
    parse_credit_note,
    parse_invoice,
    parse_organisation,
    parse_payment,
    parse_tax_rate,
)
from syncengine.xero.serialise import WriteCall

_API: Final = "/api.xro/2.0"
#: The most that a page gives (X 8.2).
PAGE: Final = 1000
#: Ids or numbers that one call may name (X 8.2).
NAMES_A_CALL: Final = 40
_MAX_KEY: Final = 128


@dataclass(frozen=True, slots=True)
class ContactsPage:
    """One page of contacts. `server_date` is Xero's clock (UTC); `more` says whether a further page exists."""

    contacts: list[StandingContact]
    more: bool
    server_date: datetime


@dataclass(frozen=True, slots=True)
class InvoicesPage:
    """One page of sales invoices, lines included. `server_date` is Xero's clock (UTC)."""

    invoices: list[StandingInvoice]
    more: bool
    server_date: datetime


@dataclass(frozen=True, slots=True)
class PaymentsPage:
    """One page of payments on sales invoices, deleted ones included. `server_date` is Xero's clock (UTC)."""

    payments: list[StandingPayment]
    more: bool
    server_date: datetime


@dataclass(frozen=True, slots=True)
class CreditNotesPage:
    """One page of sales credit notes, with what they are set against. `server_date` is Xero's clock (UTC)."""

    credit_notes: list[StandingCreditNote]
    more: bool
    server_date: datetime


class XeroClient:
    """One organisation of Xero's, through one login. Every method raises what `ApiSession.request` raises."""

    def __init__(self, session: ApiSession, tenant_id: str) -> None:
        self._session = session
        self._tenant = {"xero-tenant-id": tenant_id}

    @property
    def calls(self) -> int:
        """Calls made so far."""
        return self._session.calls

    @property
    def clock_skew(self) -> timedelta:
        """Xero's clock minus ours, by the last answer."""
        return self._session.clock_skew

    def has_room_for(self, calls: int) -> bool:
        """Whether so many calls may be made now without meeting a limit."""
        return self._session.has_room_for(calls)

    # Reading ----------------------------------------------------------------------------------------------------------

    def organisation(self) -> Organisation:
        """The organisation: name, base currency, lock dates."""
        rows = _rows(self._get("/Organisation", {}), "Organisations")
        if not rows:
            raise UnreadableAnswer("xero", "no organisation in its answer")
        return parse_organisation(rows[0])

    def accounts(self) -> list[Account]:
        """The whole chart of accounts, archived ones too."""
        return [parse_account(row) for row in _rows(self._get("/Accounts", {}), "Accounts")]

    def tax_rates(self) -> list[TaxRate]:
        """All tax rates."""
        return [parse_tax_rate(row) for row in _rows(self._get("/TaxRates", {}), "TaxRates")]

    def contacts_page(self, *, since: datetime | None = None, page: int = 1) -> ContactsPage:
        """Contacts that changed since (UTC), archived ones too, oldest change first; paged, so that they are whole.

        Rows move while they change (X 8.3): read with an overlap, and take each by its id.
        """
        params = {"page": str(page), "pageSize": str(PAGE), "includeArchived": "true", "order": "UpdatedDateUTC ASC"}
        answer = self._get("/Contacts", params, since=since)
        rows, more = _paged_rows(answer, "Contacts", page)
        return ContactsPage([parse_contact(row) for row in rows], more, answer.server_date)

    def contact(self, contact_id: str) -> StandingContact | None:
        """One contact, with the one it was merged into (X 7.9); None if Xero has none of that id."""
        answer = self._session.request("GET", f"{_API}/Contacts/{quote(contact_id, safe='')}", headers=self._tenant)
        if answer.status == 404:
            return None
        _check(answer)
        rows = _rows(answer, "Contacts")
        return parse_contact(rows[0]) if rows else None

    def contacts_by_ids(self, ids: Sequence[str]) -> list[StandingContact]:
        """Up to 40 contacts by id, archived ones too. Raises ValueError for more."""
        params = {"IDs": _names(ids), "page": "1", "pageSize": str(PAGE), "includeArchived": "true"}
        return [parse_contact(row) for row in _rows(self._get("/Contacts", params), "Contacts")]

    def invoices_by_ids(self, ids: Sequence[str]) -> list[StandingInvoice]:
        """Up to 40 invoices by id, lines included. Raises ValueError for more."""
        return self._invoices({"IDs": _names(ids)})

    def invoices_by_numbers(self, numbers: Sequence[str]) -> list[StandingInvoice]:
        """Up to 40 sales invoices by number, lines included, whatever their status. Raises ValueError for more.

        A number that holds a comma cannot stand in Xero's list, so it is asked for on its own.
        """
        plain = [number for number in numbers if "," not in number]
        found = self._invoices({"InvoiceNumbers": _names(plain)}) if plain else []
        for number in numbers:
            if "," in number:
                found += self._invoices({"where": f"InvoiceNumber=={_quoted(number)}"})
        return found

    def invoices_changed(self, *, since: datetime | None = None, page: int = 1) -> InvoicesPage:
        """Sales invoices that changed since (UTC), lines included, oldest change first; as contacts are."""
        params = _paged({"where": 'Type=="ACCREC"', "order": "UpdatedDateUTC ASC"}, page)
        answer = self._get("/Invoices", params, since=since)
        rows, more = _paged_rows(answer, "Invoices", page)
        return InvoicesPage(_sales(rows), more, answer.server_date)

    def payments_changed(self, *, since: datetime | None = None, page: int = 1) -> PaymentsPage:
        """Payments on sales invoices that changed since (UTC), deleted ones too (X 7.24), oldest change first."""
        params = _list_params({"where": 'PaymentType=="ACCRECPAYMENT"', "order": "UpdatedDateUTC ASC"}, page)
        answer = self._get("/Payments", params, since=since)
        rows, more = _paged_rows(answer, "Payments", page)
        found = [parse_payment(row) for row in rows if row.get("PaymentType", "ACCRECPAYMENT") == "ACCRECPAYMENT"]
        return PaymentsPage(found, more, answer.server_date)

    def payments_on(self, invoice_id: str) -> list[StandingPayment]:
        """The payments on one invoice, with accounts and marks, deleted ones too (X 7.27)."""
        params = _list_params({"where": f'Invoice.InvoiceID==Guid("{quote(invoice_id, safe="-")}")'}, 1)
        return [parse_payment(row) for row in _rows(self._get("/Payments", params), "Payments")]

    def credit_note(self, credit_note_id: str) -> StandingCreditNote | None:
        """One credit note with what it is set against; None if Xero has none of that id."""
        path = f"{_API}/CreditNotes/{quote(credit_note_id, safe='')}?unitdp=4"
        answer = self._session.request("GET", path, headers=self._tenant)
        if answer.status == 404:
            return None
        _check(answer)
        rows = _rows(answer, "CreditNotes")
        return parse_credit_note(rows[0]) if rows else None

    def credit_note_by_number(self, number: str) -> StandingCreditNote | None:
        """The sales credit note that holds a number (X 7.31), whatever its status; None where nothing does."""
        params = _list_params({"where": f"CreditNoteNumber=={_quoted(number)}"}, 1)
        rows = _rows(self._get("/CreditNotes", params), "CreditNotes")
        found = [parse_credit_note(row) for row in rows if row.get("Type") == "ACCRECCREDIT"]
        return next((note for note in found if note.number.casefold() == number.casefold()), None)

    def credit_notes_changed(self, *, since: datetime | None = None, page: int = 1) -> CreditNotesPage:
        """Sales credit notes that changed since (UTC), oldest change first."""
        params = _list_params({"where": 'Type=="ACCRECCREDIT"', "order": "UpdatedDateUTC ASC", "unitdp": "4"}, page)
        answer = self._get("/CreditNotes", params, since=since)
        rows, more = _paged_rows(answer, "CreditNotes", page)
        found = [parse_credit_note(row) for row in rows if row.get("Type") == "ACCRECCREDIT"]
        return CreditNotesPage(found, more, answer.server_date)

    # Writing ----------------------------------------------------------------------------------------------------------

    def send(self, call: WriteCall, *, idempotency_key: str) -> Answer:
        """Send a committed call: exactly its bytes, under its key. Every answer that a batch can meet is given back.

        Raises:
            ValueError: the key is empty or longer than 128 characters (X 11.1).
            LimitReached, Unreachable, NotAuthorised, Disconnected: nothing was done.
            NoAnswer: it may have been done.
        """
        if not 0 < len(idempotency_key) <= _MAX_KEY:
            raise ValueError(f"idempotency_key: 1 to {_MAX_KEY} characters")
        headers = {**self._tenant, "Idempotency-Key": idempotency_key, "Content-Type": "application/json"}
        url = f"{call.path}?{call.query}" if call.query else call.path
        return self._session.request(call.method, url, headers=headers, body=call.body)

    # ------------------------------------------------------------------------------------------------------------------

    def _invoices(self, params: Mapping[str, str]) -> list[StandingInvoice]:
        return _sales(_rows(self._get("/Invoices", _paged(params, 1)), "Invoices"))

    def _get(self, path: str, params: Mapping[str, str], *, since: datetime | None = None) -> Answer:
        query = "&".join(f"{name}={quote(value, safe=',')}" for name, value in params.items())
        headers = dict(self._tenant)
        if since:
            headers["If-Modified-Since"] = format_datetime(since.astimezone(UTC), usegmt=True)
        answer = self._session.request("GET", f"{_API}{path}{'?' if query else ''}{query}", headers=headers)
        if answer.status != 304:  # nothing changed since
            _check(answer)
        return answer


def _paged(params: Mapping[str, str], page: int) -> dict[str, str]:
    """Paged reads hold line items; unit prices are read with the four places that they were written with (X 12.2)."""
    return {**params, "page": str(page), "pageSize": str(PAGE), "includeArchived": "true", "unitdp": "4"}


def _list_params(params: Mapping[str, str], page: int) -> dict[str, str]:
    return {**params, "page": str(page), "pageSize": str(PAGE)}


def _sales(rows: Sequence[Mapping[str, Any]]) -> list[StandingInvoice]:
    """Supplier bills share the list, and their numbers are not unique (X 7.13)."""
    return [parse_invoice(row) for row in rows if row.get("Type") == "ACCREC"]


def _names(names: Sequence[str]) -> str:
    if not 0 < len(names) <= NAMES_A_CALL:
        raise ValueError(f"1 to {NAMES_A_CALL} ids or numbers go into one call")
    return ",".join(names)


def _quoted(text: str) -> str:
    """A text inside a `where`: its quotes are doubled (X 5.5)."""
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def _rows(answer: Answer, collection: str) -> list[Mapping[str, Any]]:
    return _paged_rows(answer, collection, 1)[0]


def _paged_rows(answer: Answer, collection: str, page: int) -> tuple[list[Mapping[str, Any]], bool]:
    """The rows of an answer, and whether a further page follows."""
    if answer.status == 304:
        return [], False
    plain = answer.json()
    rows = plain.get(collection) if isinstance(plain, dict) else None
    if not isinstance(rows, list):
        raise UnreadableAnswer("xero", f"no {collection} in its answer")
    told = plain.get("pagination")
    pages = told.get("pageCount") if isinstance(told, dict) else None
    return rows, page < pages if isinstance(pages, int) else len(rows) >= PAGE


def _check(answer: Answer) -> None:
    if answer.status == 200:
        return
    kind = detail = ""
    if answer.headers.get("Content-Type", "").startswith("application/json"):
        plain = answer.json()
        if isinstance(plain, dict):
            kind, detail = str(plain.get("Type") or ""), str(plain.get("Message") or plain.get("Detail") or "")
    raise Refused("xero", answer.status, kind, detail)
