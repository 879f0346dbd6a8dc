"""A credit note's page."""

from sandbox.web import forms, parts
from sandbox.web.frame import View
from sandbox.web.html import Child, money, tag
from sandbox.web.site import Visit
from sandbox.xero.books import Books
from sandbox.xero.entities import DEAD, Document
from sandbox.xero.pages import document
from sandbox.xero.pages.document_forms import edit_form, status_forms
from sandbox.xero.pages.money_forms import payments_table, record_form, settle_form, take_off_form
from sandbox.xero.pages.room import Room, document_link, view


def credit_note_page(visit: Visit[Room], row_id: str) -> View:
    """One credit note with all that can be done to it."""
    books, row = visit.room.credit_note(row_id)
    live = row.status not in DEAD
    return view(
        books,
        f"Credit note {row.number}".strip(),
        document.about(books, row),
        parts.row_of([forms.show(form, visit.said) for form in status_forms(row)]),
        forms.show(edit_form(books, row), visit.said) if live else None,
        document.lines(visit, books, row, editable=True),
        document.totals(
            row,
            ("Set against invoices", money(row.credited)),
            ("Paid back", money(row.paid)),
            ("Left", money(row.outstanding)),
        ),
        _allocations(visit, books, row),
        parts.section(
            "Paid back",
            payments_table(visit, books, row, empty="Nothing was paid back."),
            forms.show(record_form(books, row, visit.room.today()), visit.said),
            name="payments",
        ),
        document.history(books, row.id),
        section="credit-notes",
    )


def _allocations(visit: Visit[Room], books: Books, row: Document) -> Child:
    held = [books.allocations.must(allocation_id) for allocation_id in row.allocations]
    rows = [
        parts.Row(
            [document_link(books.invoices.must(one.invoice_id)), one.date.isoformat(), money(one.amount)],
            [forms.show(take_off_form(one.id), visit.said)],
        )
        for one in held
    ]
    form = settle_form(books, row)
    return parts.section(
        "Invoices it is set against",
        parts.table(parts.heads("Invoice", "Date", figures=("Amount",)), rows, empty="None."),
        forms.show(form, visit.said) if form else tag("p", "No invoice is open.", class_="hint"),
        name="allocations",
    )
