"""The organisations with their newest invoices."""

from sandbox.web import parts
from sandbox.web.frame import View
from sandbox.web.html import Child, link, money
from sandbox.web.site import Visit
from sandbox.xero.books import Books
from sandbox.xero.entities import Document
from sandbox.xero.pages.room import HOME, Room, contact_link, document_link, org_path

NEWEST = 10
INVOICE_HEADS = parts.heads("Invoice", "Contact", "Date", "Status", figures=("Total", "Due"))


def home(visit: Visit[Room]) -> View:
    """Every organisation, leading to its pages."""
    return View("Organisations", [_organisation(books) for books in visit.room.office.organisations], here=HOME)


def _organisation(books: Books) -> Child:
    newest = books.invoices.in_order()[: -NEWEST - 1 : -1]
    return parts.section(
        books.profile.name,
        parts.row_of(
            link(org_path(books, "invoices"), "Invoices"),
            link(org_path(books, "credit-notes"), "Credit notes"),
            link(org_path(books, "contacts"), "Contacts"),
            link(org_path(books, "accounts"), "Chart of accounts"),
            link(org_path(books, "lock-dates"), "Lock dates"),
            link(org_path(books, "connections"), "Connections"),
        ),
        parts.table(INVOICE_HEADS, [invoice_row(books, row) for row in newest], empty="No invoices yet."),
    )


def invoice_row(books: Books, row: Document) -> list[Child]:
    """A row of a list of invoices."""
    return [
        document_link(row),
        contact_link(books, row.contact_id),
        row.date.isoformat(),
        row.status,
        f"{money(row.total)} {row.currency}",
        f"{money(row.outstanding)} {row.currency}",
    ]
