"""Reading Xero's accounting API, and sending what the outbox holds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from syncengine.domain.documents import StandingContact, StandingInvoice
from syncengine.domain.rules import Account, Organisation, TaxRate
from syncengine.transport.errors import Refused, UnreadableAnswer
from syncengine.transport.session import Answer, ApiSession
from syncengine.xero.parse import (
    parse_account,
    parse_contact,
    parse_invoice,
    parse_organisation,
    parse_tax_rate,
)
from syncengine.xero.serialise import WriteCall

_API = "/api.xro/2.0"
#: The most that Xero gives in a page (X 8.2).
_PAGE = 1000


@dataclass(frozen=True, slots=True)
class ContactsPage:
    """A page of contacts; `more` says whether another follows."""

    contacts: Sequence[StandingContact]
    more: bool
    server_date: datetime


@dataclass(frozen=True, slots=True)
class InvoicesPage:
    """A page of invoices; `more` says whether another follows."""

    invoices: Sequence[StandingInvoice]
    more: bool
    server_date: datetime


class XeroClient:
    """Reads one organisation, and sends to it."""

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

    def accounts(self) -> list[Account]:
        """The whole chart, archived accounts too."""
        return [parse_account(row) for row in self._rows("Accounts")]

    def tax_rates(self) -> list[TaxRate]:
        """All tax rates."""
        return [parse_tax_rate(row) for row in self._rows("TaxRates")]

    def organisation(self) -> Organisation:
        """The organisation."""
        rows = self._rows("Organisation", key="Organisations")
        if not rows:
            raise UnreadableAnswer("xero", "no organisation")
        return parse_organisation(rows[0])

    def contacts_page(self, *, since: datetime | None, page: int) -> ContactsPage:
        """Contacts that changed since a time (UTC), archived ones too, a thousand a page."""
        query = {"page": page, "pageSize": _PAGE, "includeArchived": "true", "order": "UpdatedDateUTC ASC"}
        answer = self._get("Contacts", query, since=since)
        rows = _collection(answer, "Contacts")
        return ContactsPage([parse_contact(row) for row in rows], _more(answer, rows, page), answer.server_date)

    def invoices_changed(self, *, since: datetime | None, page: int) -> InvoicesPage:
        """Sales invoices that changed since a time (UTC), a thousand a page."""
        query = {
            "page": page,
            "pageSize": _PAGE,
            "where": 'Type=="ACCREC"',
            "order": "UpdatedDateUTC ASC",
            "unitdp": 4,
        }
        answer = self._get("Invoices", query, since=since)
        rows = _collection(answer, "Invoices")
        return InvoicesPage([parse_invoice(row) for row in rows], _more(answer, rows, page), answer.server_date)

    def invoices_by_ids(self, ids: Iterable[str]) -> list[StandingInvoice]:
        """Invoices by id, with their lines; 40 at most (X 8.2). Unknown ids are left out."""
        return self._invoices({"IDs": ",".join(ids)})

    def invoices_by_numbers(self, numbers: Iterable[str]) -> list[StandingInvoice]:
        """Sales invoices by number, voided and deleted ones too; 40 at most."""
        wanted = list(numbers)
        if any("," in number for number in wanted):
            # The list parameter splits at commas: such a number is asked for alone.
            return [found for number in wanted for found in self._invoice_by_where(number)]
        return self._invoices({"InvoiceNumbers": ",".join(wanted)})

    def _invoice_by_where(self, number: str) -> list[StandingInvoice]:
        doubled = number.replace('"', '""')
        return self._invoices({"where": f'Type=="ACCREC" AND InvoiceNumber=="{doubled}"'})

    def _invoices(self, query: dict[str, str]) -> list[StandingInvoice]:
        answer = self._get("Invoices", {**query, "page": 1, "pageSize": 100, "unitdp": 4})
        return [parse_invoice(row) for row in _collection(answer, "Invoices")]

    def send(self, call: WriteCall, *, idempotency_key: str) -> Answer:
        """Send exact bytes under their key. A 5xx is given back, since it tells nothing.

        Raises:
            NoAnswer: sent, but what became of it is not known.
            LimitReached, Unreachable, NotAuthorised, Disconnected: nothing was done.
        """
        url = f"{call.path}?{call.query}" if call.query else call.path
        headers = {**self._tenant, "Idempotency-Key": idempotency_key, "Content-Type": "application/json"}
        return self._session.request(call.method, url, headers=headers, body=call.body)

    def _rows(self, path: str, *, key: str = "") -> list[dict[str, Any]]:
        return _collection(self._get(path, {}), key or path)

    def _get(self, path: str, query: dict[str, Any], *, since: datetime | None = None) -> Answer:
        headers = dict(self._tenant)
        if since:
            headers["If-Modified-Since"] = since.strftime("%a, %d %b %Y %H:%M:%S GMT")
        suffix = f"?{urlencode(query, quote_via=quote)}" if query else ""
        answer = self._session.request("GET", f"{_API}/{path}{suffix}", headers=headers)
        if answer.status == 304:
            return answer
        if answer.status != 200:
            raise Refused("xero", answer.status, "", path)
        return answer


def _collection(answer: Answer, key: str) -> list[dict[str, Any]]:
    if answer.status == 304:
        return []
    try:
        rows: list[dict[str, Any]] = answer.json()[key]
    except (KeyError, TypeError) as error:
        raise UnreadableAnswer("xero", f"no {key} in the answer") from error
    return rows


def _more(answer: Answer, rows: Sequence[Any], page: int) -> bool:
    if answer.status == 304 or not rows:
        return False
    told = answer.json().get("pagination")
    if isinstance(told, dict) and told.get("pageCount") is not None:
        return page < int(told["pageCount"])
    return len(rows) >= _PAGE
