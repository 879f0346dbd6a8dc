"""Invoices and credit notes made by hand."""

from datetime import timedelta
from typing import Any

from sandbox.web import forms
from sandbox.web.frame import View
from sandbox.web.posted import Posted
from sandbox.web.site import Deed, Visit
from sandbox.xero.pages.choices import contact_field, contact_of
from sandbox.xero.pages.document_deeds import new_line
from sandbox.xero.pages.document_forms import AMOUNTS, line_fields
from sandbox.xero.pages.room import Room, credit_note_path, invoice_path, view

_STATUSES = (("AUTHORISED", "Approved"), ("SUBMITTED", "Awaiting approval"), ("DRAFT", "Draft"))


def new_invoice(visit: Visit[Room], code: str) -> View:
    """A form for a sales invoice with one line."""
    books, today = visit.room.books(code), visit.room.today()
    fields = [
        contact_field(books, visit.args.get("contact", "")),
        forms.text("number", hint="Empty: the next free one."),
        forms.text("reference"),
        forms.day("date", today, needed=True),
        forms.day("due_date", today + timedelta(days=30)),
        forms.choice("status", "AUTHORISED", _STATUSES),
        forms.choice("amounts", "Exclusive", AMOUNTS, label="Amounts are"),
        forms.text("url", label="Source", hint="A web address."),
        *line_fields(books, price="100.00"),
    ]
    form = forms.Form(name="new-invoice", button="Make the invoice", fields=fields)
    return view(books, "New invoice", forms.show(form, visit.said), section="invoices")


def new_credit_note(visit: Visit[Room], code: str) -> View:
    """A form for a credit note with one line."""
    books = visit.room.books(code)
    fields = [
        contact_field(books, visit.args.get("contact", "")),
        forms.text("number", hint="Empty: the next free one."),
        forms.text("reference"),
        forms.day("date", visit.room.today(), needed=True),
        forms.choice("status", "AUTHORISED", _STATUSES),
        forms.choice("amounts", "Inclusive", AMOUNTS, label="Amounts are"),
        *line_fields(books, price="10.00"),
    ]
    form = forms.Form(name="new-credit-note", button="Make the credit note", fields=fields)
    return view(books, "New credit note", forms.show(form, visit.said), section="credit-notes")


def _common(posted: Posted) -> dict[str, Any]:
    posted.needed("date")
    return {
        "Reference": posted.text("reference"),
        "Date": posted.day("date"),
        "Status": posted.text("status"),
        "LineAmountTypes": posted.text("amounts"),
        "LineItems": [new_line(posted)],
    }


def _make_invoice(room: Room, posted: Posted, code: str) -> str:
    books, values = room.books(code), _common(posted)
    optional = {"InvoiceNumber": posted.text("number"), "Url": posted.text("url"), "DueDate": posted.day("due_date")}
    values |= {name: value for name, value in optional.items() if value}
    made = room.act(books, "add_invoice", contact=contact_of(books, posted), **values)
    return invoice_path(made["InvoiceID"])


def _make_credit_note(room: Room, posted: Posted, code: str) -> str:
    books, values = room.books(code), _common(posted)
    if posted.text("number"):
        values["CreditNoteNumber"] = posted.text("number")
    made = room.act(books, "add_credit_note", contact=contact_of(books, posted), **values)
    return credit_note_path(made["CreditNoteID"])


NEW_INVOICE = {"new-invoice": Deed(_make_invoice, "The invoice is made.")}
NEW_CREDIT_NOTE = {"new-credit-note": Deed(_make_credit_note, "The credit note is made.")}
