"""The forms that change an invoice or a credit note and its lines."""

from decimal import Decimal

from sandbox.web import forms
from sandbox.xero.books import Books
from sandbox.xero.entities import DEAD, Document, Line
from sandbox.xero.pages.choices import contact_field, line_account_field, tax_field, tracking_fields

_APPROVE, _SUBMIT, _DRAFT = ("AUTHORISED", "Approve"), ("SUBMITTED", "Send for approval"), ("DRAFT", "Back to draft")
_DELETE, _VOID = ("DELETED", "Delete"), ("VOIDED", "Void")
_STEPS = {
    "DRAFT": (_APPROVE, _SUBMIT, _DELETE),
    "SUBMITTED": (_APPROVE, _DRAFT, _DELETE),
    "AUTHORISED": (_VOID,),
    "PAID": (_VOID,),
}
AMOUNTS = (("Exclusive", "Without tax"), ("Inclusive", "With tax in them"), ("NoTax", "Free of tax"))


def status_forms(row: Document) -> list[forms.Form]:
    """A button for each status that it may be brought to."""
    return [
        forms.Form(name="set-status", about=status, button=text, grave=status in DEAD)
        for status, text in _STEPS.get(row.status, ())
    ]


def edit_form(books: Books, row: Document) -> forms.Form:
    """What stands at the head."""
    fields = [
        forms.text("number", row.number, needed=True),
        forms.text("reference", row.reference),
        contact_field(books, row.contact_id),
        forms.day("date", row.date, needed=True),
    ]
    if row.type in {"ACCREC", "ACCPAY"}:
        fields.append(forms.day("due_date", row.due_date))
    return forms.Form(name="edit-document", title="Edit", button="Save", fields=fields)


def line_forms(books: Books, line: Line) -> list[forms.Form]:
    """Change or remove one line; a line of text alone has nothing but its text."""
    fields = [forms.long_text("description", line.description)]
    if line.quantity is not None:
        fields += [
            line_account_field(books, line.account_id),
            tax_field(books, line.tax_type),
            forms.amount("quantity", plain(line.quantity), needed=True),
            forms.amount("unit_amount", plain(line.unit_amount), needed=True),
        ]
    fields += tracking_fields(books, dict(line.tracking))
    of = line.description[:60]
    return [
        forms.Form(name="change-line", about=line.id, of=of, title="Change", button="Save", fields=fields),
        forms.Form(name="remove-line", about=line.id, of=of, button="Remove this line", grave=True),
    ]


def line_fields(books: Books, *, price: str = "") -> list[forms.Field]:
    """The fields of a new line."""
    return [
        forms.long_text("description", "By hand"),
        line_account_field(books),
        tax_field(books),
        forms.amount("quantity", "1", needed=True),
        forms.amount("unit_amount", price, needed=True),
    ]


def add_line_form(books: Books) -> forms.Form:
    """A new line."""
    return forms.Form(name="add-line", title="Add a line", button="Add it", fields=line_fields(books))


def plain(value: Decimal) -> str:
    """A number to edit: 1.5, 200, 0.3333."""
    return f"{value.normalize():f}"
