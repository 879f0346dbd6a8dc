"""What a control action works with: one organisation's books, and ways to find things as a person names them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from sandbox.control import ControlError
from sandbox.xero import payments
from sandbox.xero.books import Books
from sandbox.xero.coding import Work
from sandbox.xero.entities import Account, Contact, Document, Payment
from sandbox.xero.grants import Grants
from sandbox.xero.reading import Ask, Reader
from sandbox.xero.table import Table
from sandbox.xero.throttle import Throttle
from sandbox.xero.values import folded
from sandbox.xero.webhooks import Webhooks


@dataclass(frozen=True)
class Desk:
    """A person at one organisation. Things are named by id, or by code, number, name or reference."""

    books: Books
    grants: Grants
    throttle: Throttle
    webhooks: Webhooks
    set_limits: Callable[..., dict[str, Any]]

    def work(self) -> Work:
        """A fresh piece of work, with unit prices of four decimals as in Xero's own pages."""
        return Work(self.books, 4)

    def account(self, named: str) -> Account:
        """An account by id, code or name. Raises ControlError."""
        books = self.books
        found = books.accounts.get(named) or books.account_by_code(named)
        found = found or next(iter(books.accounts.find("name", folded(named))), None)
        return _found(found, "account", named)

    def bank_account(self) -> Account:
        """The first bank account."""
        return next(row for row in self.books.accounts if row.type == "BANK" and row.status == "ACTIVE")

    def contact(self, named: str) -> Contact:
        """A contact by id, number or name, active ones first. Raises ControlError."""
        table = self.books.contacts
        found = table.get(named) or next(iter(table.find("number", folded(named))), None)
        found = found or next(iter(table.find("name", folded(named)) or table.find("any_name", folded(named))), None)
        return _found(found, "contact", named)

    def invoice(self, named: str) -> Document:
        """An invoice by id or number, live ones first. Raises ControlError."""
        return _document(self.books.invoices, ("ACCREC", "ACCPAY"), "invoice", named)

    def credit_note(self, named: str) -> Document:
        """A credit note by id or number. Raises ControlError."""
        return _document(self.books.credit_notes, ("ACCRECCREDIT", "ACCPAYCREDIT"), "credit_note", named)

    def bank_transaction(self, named: str) -> Document:
        """A bank transaction by id or reference. Raises ControlError."""
        table = self.books.bank_transactions
        found = table.get(named) or next(iter(table.find("reference", folded(named))), None)
        return _found(found, "bank_transaction", named)

    def payment(self, named: str) -> Payment:
        """A payment by id or reference, the newest of several. Raises ControlError."""
        return _found(payments.find(self.books, named), "payment", named)


Action = Callable[..., dict[str, Any]]
T = TypeVar("T")


def _document(table: Table[Document], types: tuple[str, str], what: str, named: str) -> Document:
    found = table.get(named)
    if found is None:
        rows = [row for kind in types for row in table.find("number", (kind, folded(named)))]
        found = min(rows, key=lambda row: row.status in {"VOIDED", "DELETED"}, default=None)
    return _found(found, what, named)


def _found(row: T | None, what: str, named: str) -> T:
    if row is None:
        raise ControlError(f"{what}: there is no {named!r}")
    return row


def read(reader: Reader, values: dict[str, Any]) -> Ask:
    """Values in Xero's field names, as an element of a write; dates and fractions may be Python's own."""
    found: Ask = reader(plain(values), "action")
    return found


def plain(value: Any) -> Any:
    """Python's dates and floats as what the readers take."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    if isinstance(value, float):
        return Decimal(str(value))
    return value.isoformat() if isinstance(value, date) else value


def amount(value: Any) -> Decimal:
    """An amount of money given as a number or a text."""
    return Decimal(str(value))
