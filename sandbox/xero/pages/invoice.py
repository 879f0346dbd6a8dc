"""An invoice's page."""

from sandbox.web import forms, parts
from sandbox.web.frame import View
from sandbox.web.html import Child, link, money, tag
from sandbox.web.site import Visit
from sandbox.xero.books import Books
from sandbox.xero.entities import DEAD, Document
from sandbox.xero.pages import document
from sandbox.xero.pages.document_forms import edit_form, status_forms
from sandbox.xero.pages.money_forms import allocate_form, payments_table, record_form, take_off_form
from sandbox.xero.pages.room import Room, document_link, org_path, view


def invoice_page(visit: Visit[Room], row_id: str) -> View:
    """One invoice with all that can be done to it."""
    books, row = visit.room.invoice(row_id)
    live = row.status not in DEAD
    return view(
        books,
        f"Invoice {row.number}".strip() if row.type == "ACCREC" else f"Supplier bill {row.number}".strip(),
        document.about(books, row),
        parts.row_of([forms.show(form, visit.said) for form in status_forms(row)]),
        forms.show(edit_form(books, row), visit.said) if live else None,
        document.lines(visit, books, row, editable=True),
        document.totals(
            row, ("Paid", money(row.paid)), ("Credited", money(row.credited)), ("Due", money(row.outstanding))
        ),
        _payments(visit, books, row),
        _credits(visit, books, row),
        document.history(books, row.id),
        section="invoices",
    )


def _payments(visit: Visit[Room], books: Books, row: Document) -> Child:
    record = forms.show(record_form(books, row, visit.room.today()), visit.said)
    table = payments_table(visit, books, row, empty="Nothing was paid yet.")
    return parts.section("Payments", table, record, name="payments")


def _credits(visit: Visit[Room], books: Books, row: Document) -> Child:
    held = [books.allocations.must(allocation_id) for allocation_id in row.allocations]
    rows = [
        parts.Row(
            [
                document_link(books.credit_notes.must(one.credit_note_id)),
                one.date.isoformat(),
                money(one.amount),
            ],
            [forms.show(take_off_form(one.id), visit.said)],
        )
        for one in held
    ]
    heads = parts.heads("Credit note", "Date", figures=("Amount",))
    form = allocate_form(books, row)
    new = tag("p", link(f"{org_path(books, 'credit-notes')}/new?contact={row.contact_id}", "New credit note"))
    return parts.section(
        "Credit notes",
        parts.table(heads, rows, empty="No credit note stands on it."),
        forms.show(form, visit.said) if form else tag("p", "No credit note has anything left.", class_="hint"),
        new,
        name="credits",
    )
