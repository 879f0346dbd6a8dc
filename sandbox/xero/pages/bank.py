"""A bank transaction's page, and where the address of a payment leads."""

from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from sandbox.web import forms, parts
from sandbox.web.frame import View
from sandbox.web.posted import Posted
from sandbox.web.site import Deed, Visit
from sandbox.xero.pages import document
from sandbox.xero.pages.room import Room, credit_note_path, invoice_path, view


def bank_page(visit: Visit[Room], row_id: str) -> View:
    """One bank transaction."""
    books, row = visit.room.find("bank_transactions", row_id)
    match = "unreconcile" if row.reconciled else "reconcile"
    buttons = [
        forms.Form(name=match, button=f"Mark as {match}d"),
        forms.Form(name="delete-transaction", button="Delete", grave=True),
    ]
    live = row.status == "AUTHORISED"
    return view(
        books,
        f"{'Spend' if row.type == 'SPEND' else 'Receive'} money {row.reference}".strip(),
        document.about(books, row),
        parts.row_of([forms.show(form, visit.said) for form in buttons]) if live else None,
        document.lines(visit, books, row, editable=False),
        document.totals(row),
        document.history(books, row.id),
        section="bank-transactions",
    )


def _reconcile(room: Room, posted: Posted, row_id: str) -> None:
    books, row = room.find("bank_transactions", row_id)
    room.act(books, posted.form, bank_transaction=row.id)


def _delete(room: Room, _posted: Posted, row_id: str) -> None:
    books, row = room.find("bank_transactions", row_id)
    room.act(books, "edit_bank_transaction", bank_transaction=row.id, Status="DELETED")


def payment_page(visit: Visit[Room], row_id: str) -> Response:
    """A payment has no page of its own: on to the document it stands on."""
    _books, row = visit.room.find("payments", row_id)
    path = credit_note_path if row.is_refund else invoice_path
    return redirect(f"{path(row.document_id)}#payment-{row.id}")


BANK_DEEDS = {
    "reconcile": Deed(_reconcile, "It is marked as reconciled."),
    "unreconcile": Deed(_reconcile, "It is no longer reconciled."),
    "delete-transaction": Deed(_delete, "The bank transaction is deleted."),
}
