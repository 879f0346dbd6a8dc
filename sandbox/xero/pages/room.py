"""What every page of the stand-in Xero works with, how it is framed, and where things are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol, TypeVar

from sandbox.clock import Clock
from sandbox.web.frame import Frame, View
from sandbox.web.html import Child, Html, link
from sandbox.web.site import NoSuchPage
from sandbox.xero.books import Books
from sandbox.xero.entities import Document
from sandbox.xero.grants import Connection
from sandbox.xero.table import Row, Table

FRAME = Frame(label="Stand-in Xero — not Xero", kind="xero")
HOME = "/"
R = TypeVar("R", bound=Row)
_SECTIONS = (
    ("invoices", "Invoices"),
    ("credit-notes", "Credit notes"),
    ("contacts", "Contacts"),
    ("accounts", "Chart of accounts"),
    ("tax-rates", "Tax rates"),
    ("lock-dates", "Lock dates"),
    ("bank-transactions", "Bank transactions"),
    ("connections", "Connections"),
)


class Office(Protocol):
    """What the pages need of the server."""

    clock: Clock
    organisations: list[Books]

    def act(self, action: str, *, tenant: str = "", **values: Any) -> dict[str, Any]: ...

    def connections(self, tenant: str) -> Sequence[Connection]: ...


@dataclass(frozen=True)
class Room:
    """A person at the stand-in: sees every organisation, changes them by actions."""

    office: Office

    def today(self) -> date:
        """The stand-in's date."""
        return self.office.clock.now().date()

    def act(self, books: Books, action: str, **values: Any) -> dict[str, Any]:
        """Do it in one organisation. Raises ValueError with Xero's words where it refuses."""
        return self.office.act(action, tenant=books.tenant_id, **values)

    def books(self, code: str) -> Books:
        """An organisation by its short code. Raises NoSuchPage."""
        for books in self.office.organisations:
            if books.profile.short_code == code:
                return books
        raise NoSuchPage

    def invoice(self, row_id: str) -> tuple[Books, Document]:
        """An invoice and the organisation it is in. Raises NoSuchPage."""
        return self._find([(books, books.invoices) for books in self.office.organisations], row_id)

    def credit_note(self, row_id: str) -> tuple[Books, Document]:
        """A credit note and its organisation. Raises NoSuchPage."""
        return self._find([(books, books.credit_notes) for books in self.office.organisations], row_id)

    def find(self, table: str, row_id: str) -> tuple[Books, Any]:
        """A row of a table of any organisation. Raises NoSuchPage."""
        return self._find([(books, getattr(books, table)) for books in self.office.organisations], row_id)

    @staticmethod
    def _find(tables: list[tuple[Books, Table[R]]], row_id: str) -> tuple[Books, R]:
        for books, table in tables:
            row = table.get(row_id)
            if row is not None:
                return books, row
        raise NoSuchPage


def org_path(books: Books, section: str) -> str:
    """Where a section of an organisation is."""
    return f"/app/{books.profile.short_code}/{section}"


def view(books: Books, title: str, *body: Child, section: str = "") -> View:
    """A page of an organisation, among its sections."""
    ways = [(HOME, "Organisations"), *((org_path(books, name), text) for name, text in _SECTIONS)]
    return View(title, body, ways=ways, here=org_path(books, section), above=books.profile.name)


def invoice_path(row_id: str) -> str:
    """Where an invoice's page is."""
    return f"/app/invoice/{row_id}"


def credit_note_path(row_id: str) -> str:
    """Where a credit note's page is."""
    return f"/app/creditnote/{row_id}"


def document_link(row: Document) -> Html:
    """An invoice or credit note by number, leading to its page."""
    path = credit_note_path(row.id) if row.type.endswith("CREDIT") else invoice_path(row.id)
    return link(path, row.number or "without a number")


def contact_link(books: Books, contact_id: str) -> Html:
    """A contact by name, leading to its page."""
    contact = books.contacts.must(contact_id)
    return link(f"/app/contact/{contact.id}", contact.name)


def account_link(books: Books, account_id: str) -> Html:
    """An account by code and name, leading to its page."""
    return link(f"/app/account/{account_id}", account_text(books, account_id))


def account_text(books: Books, account_id: str) -> str:
    """An account by code and name."""
    account = books.accounts.get(account_id) if account_id else None
    return f"{account.code} {account.name}".strip() if account else ""
