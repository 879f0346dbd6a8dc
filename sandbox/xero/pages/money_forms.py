"""The forms for payments and allocations, and the table of a document's payments."""

from datetime import date

from sandbox.web import forms, parts
from sandbox.web.html import Child, Html, money
from sandbox.web.site import Visit
from sandbox.xero.books import Books
from sandbox.xero.entities import Document, Payment
from sandbox.xero.pages.choices import bank_field
from sandbox.xero.pages.document import anchored
from sandbox.xero.pages.document_forms import plain
from sandbox.xero.pages.room import Room, account_link

MOST_OFFERED = 200


def payments_table(visit: Visit[Room], books: Books, row: Document, *, empty: str) -> Html:
    """The payments on a document, deleted ones too, with what can be done to each."""
    rows: list[parts.Row | list[Child]] = []
    for payment in books.payments.find("document", row.id):
        cells = _payment(books, payment)
        live = payment.status != "DELETED"
        shown = [forms.show(form, visit.said) for form in payment_forms(books, payment)]
        rows.append(parts.Row(cells, shown) if live else cells)
    heads = parts.heads("Date", "Account", "Reference", "Status", "Statement", figures=("Amount",))
    return parts.table(heads, rows, empty=empty)


def _payment(books: Books, row: Payment) -> list[Child]:
    standing = [row.status, "in a batch"] if row.batch_id else [row.status]
    return [
        anchored(f"payment-{row.id}", row.date.isoformat()),
        account_link(books, row.account_id) if row.account_id else "",
        row.reference,
        ", ".join(standing),
        "Reconciled" if row.reconciled else "",
        money(row.amount),
    ]


def record_form(books: Books, row: Document, today: date) -> forms.Form:
    """Pay an invoice, or pay a credit note back: all that is left unless told otherwise."""
    note = row.type.endswith("CREDIT")
    return forms.Form(
        name="record-payment",
        title="Pay it back" if note else "Record a payment",
        button="Record it",
        fields=[
            forms.amount("amount", plain(row.outstanding) if row.outstanding else "", needed=True),
            forms.day("date", today, needed=True),
            bank_field(books),
            forms.text("reference"),
        ],
    )


def payment_forms(books: Books, row: Payment) -> list[forms.Form]:
    """Replace, delete, match with a statement, put in a batch."""
    of = f"payment {row.reference} of {plain(row.amount)} on {row.date.isoformat()}".replace("  ", " ")
    replace = forms.Form(
        name="replace-payment",
        about=row.id,
        of=of,
        title="Replace",
        button="Remove it and record this one",
        fields=[
            forms.amount("amount", plain(row.amount), needed=True),
            forms.day("date", row.date, needed=True),
            bank_field(books, row.account_id),
            forms.text("reference", row.reference),
        ],
    )
    batch = forms.Form(
        name="batch-payment",
        about=row.id,
        of=of,
        title="Put in a batch",
        button="Put it in",
        fields=[forms.text("with", hint="References of other payments for the same batch, with commas between them.")],
    )
    whole = forms.Form(name="delete-batch", about=row.id, of=of, button="Delete the whole batch", grave=True)
    match = "unreconcile" if row.reconciled else "reconcile"
    return [
        replace,
        whole if row.batch_id else batch,
        forms.Form(name=match, about=row.id, of=of, button=f"Mark as {match}d"),
        forms.Form(name="delete-payment", about=row.id, of=of, button="Delete", grave=True),
    ]


def allocate_form(books: Books, invoice: Document) -> forms.Form | None:
    """Set a credit note against an invoice, those of its contact first; None where none has anything left."""
    notes = [row for row in books.credit_notes if row.status == "AUTHORISED" and row.outstanding > 0]
    notes.sort(key=lambda row: row.contact_id != invoice.contact_id)
    if not notes:
        return None
    listed = [(row.id, _offer(books, row)) for row in notes[:MOST_OFFERED]]
    fields = [forms.choice("credit_note", listed[0][0], listed), _how_much()]
    return forms.Form(name="allocate", title="Set a credit note against it", button="Set it", fields=fields)


def settle_form(books: Books, note: Document) -> forms.Form | None:
    """Set a credit note against an invoice of choice, those of its contact first; None where none is open."""
    rows = [
        row for row in books.invoices if row.status == "AUTHORISED" and row.type == note.type.removesuffix("CREDIT")
    ]
    rows.sort(key=lambda row: row.contact_id != note.contact_id)
    if not rows:
        return None
    listed = [(row.id, _offer(books, row)) for row in rows[:MOST_OFFERED]]
    fields = [forms.choice("invoice", listed[0][0], listed), _how_much()]
    return forms.Form(name="allocate", title="Set it against an invoice", button="Set it", fields=fields)


def _offer(books: Books, row: Document) -> str:
    return f"{row.number}, {books.contacts.must(row.contact_id).name}, {money(row.outstanding)} {row.currency} left"


def _how_much() -> forms.Field:
    return forms.amount("amount", hint="Empty: as much as both allow.")


def take_off_form(allocation_id: str) -> forms.Form:
    """Take an allocation off."""
    return forms.Form(name="deallocate", about=allocation_id, button="Take it off", grave=True)
