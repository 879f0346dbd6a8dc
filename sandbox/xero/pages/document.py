"""What the pages of invoices, credit notes and bank transactions have in common: facts, lines, totals, history."""

from sandbox.web import forms, parts
from sandbox.web.html import Child, link, moment, money, tag
from sandbox.web.site import Visit
from sandbox.xero.books import Books
from sandbox.xero.entities import DEAD, Document, Line
from sandbox.xero.pages.document_forms import add_line_form, line_forms
from sandbox.xero.pages.room import Room, account_text, contact_link

LINE_HEADS = parts.heads(
    "Description", "Account", "Tax rate", "Tracking", figures=("Quantity", "Price", "Tax", "Amount")
)


def about(books: Books, row: Document) -> Child:
    """What stands at the head of a document."""
    return parts.facts(
        {
            "Type": f"{row.type} {row.number}".strip(),
            "Status": row.status,
            "Contact": contact_link(books, row.contact_id),
            "Reference": row.reference,
            "Date": row.date.isoformat(),
            "Due": row.due_date.isoformat() if row.due_date else "",
            "Fully paid on": row.fully_paid_on.isoformat() if row.fully_paid_on else "",
            "Bank account": account_text(books, row.bank_account),
            "Statement": "Reconciled" if row.reconciled else "",
            "Currency": row.currency,
            "Amounts are": row.amount_types,
            "Source": link(row.url, row.url) if row.url.startswith(("http://", "https://")) else row.url,
            "Changed": moment(row.updated),
        }
    )


def lines(visit: Visit[Room], books: Books, row: Document, *, editable: bool) -> Child:
    """The lines, with what can be done to each."""
    editable = editable and row.status not in DEAD
    shown = [
        parts.Row(_line(books, line), [forms.show(form, visit.said) for form in line_forms(books, line)])
        if editable
        else _line(books, line)
        for line in row.lines
    ]
    add = forms.show(add_line_form(books), visit.said) if editable else None
    return parts.section("Lines", parts.table(LINE_HEADS, shown, empty="There are no lines."), add, name="lines")


def _line(books: Books, line: Line) -> list[Child]:
    tracking = [books.tracking_names(*pair) for pair in line.tracking]
    text: list[Child] = [
        line.description,
        account_text(books, line.account_id),
        line.tax_type,
        ", ".join(f"{one['Name']}: {one['Option']}" for one in tracking),
    ]
    if line.quantity is None:
        return [*text, "", "", "", ""]
    return [
        *text,
        f"{line.quantity.normalize():f}",
        money(line.unit_amount),
        money(line.tax_amount),
        money(line.line_amount),
    ]


def totals(row: Document, *more: tuple[str, str]) -> Child:
    """What the lines add up to."""
    sums = [("Subtotal", money(row.subtotal)), ("Tax", money(row.tax)), ("Total", money(row.total)), *more]
    return parts.table(parts.heads("Sum", figures=(row.currency,)), sums, small=True)


def history(books: Books, row_id: str) -> Child:
    """What happened to it, newest first."""
    rows: list[list[Child]] = [
        [moment(note.time), note.changes, note.details, note.user] for note in reversed(books.history.get(row_id, []))
    ]
    table = parts.table(parts.heads("When", "What", "Details", "By"), rows, empty="Nothing yet.")
    return parts.section("History", table, name="history")


def anchored(name: str, text: str) -> Child:
    """A text that an address can point to."""
    return tag("span", text, id=name)
