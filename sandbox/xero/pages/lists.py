"""Lists of invoices, credit notes and bank transactions of an organisation."""

from collections.abc import Mapping

from sandbox.web import parts
from sandbox.web.frame import View
from sandbox.web.html import Child, link, money, tag
from sandbox.web.site import Visit
from sandbox.xero.books import Books
from sandbox.xero.entities import Document
from sandbox.xero.pages.home import INVOICE_HEADS, invoice_row
from sandbox.xero.pages.room import Room, contact_link, document_link, org_path, view
from sandbox.xero.table import Table
from sandbox.xero.values import folded

STATUSES = ("DRAFT", "SUBMITTED", "AUTHORISED", "PAID", "VOIDED", "DELETED")
_FILTERS = [("", "All"), *((status, status.capitalize()) for status in STATUSES)]
_SEARCH = "Number, reference or contact"


def invoice_list(visit: Visit[Room], code: str) -> View:
    """Sales invoices and supplier bills, the newest change first."""
    books, args = visit.room.books(code), visit.args
    path = org_path(books, "invoices")
    listing = parts.page_of(_found(books, books.invoices, args), args, of=len(books.invoices))
    return view(
        books,
        "Invoices",
        tag("p", link(f"{path}/new", "New invoice")),
        parts.searching(path, args, _SEARCH),
        parts.filters(path, args, _FILTERS),
        parts.pager(path, args, listing, "invoice"),
        parts.table(INVOICE_HEADS, [invoice_row(books, row) for row in listing.rows], empty="No invoice fits."),
        section="invoices",
    )


def credit_note_list(visit: Visit[Room], code: str) -> View:
    """Credit notes, the newest change first."""
    books, args = visit.room.books(code), visit.args
    path = org_path(books, "credit-notes")
    listing = parts.page_of(_found(books, books.credit_notes, args), args, of=len(books.credit_notes))
    rows: list[list[Child]] = [
        [
            document_link(row),
            contact_link(books, row.contact_id),
            row.date.isoformat(),
            row.reference,
            row.status,
            f"{money(row.total)} {row.currency}",
            f"{money(row.outstanding)} {row.currency}",
        ]
        for row in listing.rows
    ]
    heads = parts.heads("Credit note", "Contact", "Date", "Reference", "Status", figures=("Total", "Left"))
    return view(
        books,
        "Credit notes",
        tag("p", link(f"{path}/new", "New credit note")),
        parts.searching(path, args, _SEARCH),
        parts.filters(path, args, _FILTERS),
        parts.pager(path, args, listing, "credit note"),
        parts.table(heads, rows, empty="No credit note fits."),
        section="credit-notes",
    )


def bank_list(visit: Visit[Room], code: str) -> View:
    """Money spent and received, the newest change first."""
    books, args = visit.room.books(code), visit.args
    path = org_path(books, "bank-transactions")
    listing = parts.page_of(_found(books, books.bank_transactions, args), args, of=len(books.bank_transactions))
    rows: list[list[Child]] = [
        [
            link(f"/app/bank-transaction/{row.id}", row.reference or row.type),
            contact_link(books, row.contact_id),
            row.date.isoformat(),
            row.status,
            "Reconciled" if row.reconciled else "",
            f"{money(row.total)} {row.currency}",
        ]
        for row in listing.rows
    ]
    heads = parts.heads("Reference", "Contact", "Date", "Status", "Statement", figures=("Total",))
    return view(
        books,
        "Bank transactions",
        parts.searching(path, args, "Reference or contact"),
        parts.pager(path, args, listing, "bank transaction"),
        parts.table(heads, rows, empty="No bank transaction fits."),
        section="bank-transactions",
    )


def _found(books: Books, table: Table[Document], args: Mapping[str, str]) -> list[Document]:
    status, needle = args.get("state", ""), folded(args.get("q", ""))
    rows = table.in_order()[::-1]
    if status in STATUSES:
        rows = [row for row in rows if row.status == status]
    if needle:
        name_of = books.contacts.must
        rows = [
            row
            for row in rows
            if any(needle in folded(text) for text in (row.number, row.reference, name_of(row.contact_id).name))
        ]
    return rows
