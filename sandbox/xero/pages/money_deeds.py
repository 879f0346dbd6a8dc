"""What the forms for payments and allocations do."""

from typing import Any

from sandbox.web.posted import Posted
from sandbox.web.site import Deed
from sandbox.xero.pages.room import Room


def _how(posted: Posted) -> dict[str, Any]:
    posted.needed("amount")
    posted.needed("date")
    return {
        "amount": posted.decimal("amount"),
        "date": posted.day("date"),
        "account": posted.text("account"),
        "reference": posted.text("reference"),
    }


def _record(room: Room, posted: Posted, row_id: str) -> None:
    books, row = room.invoice(row_id)
    room.act(books, "record_payment", invoice=row.id, **_how(posted))


def _pay_back(room: Room, posted: Posted, row_id: str) -> None:
    books, row = room.credit_note(row_id)
    room.act(books, "refund_credit", credit_note=row.id, **_how(posted))


def _replace(room: Room, posted: Posted, **_path: str) -> None:
    books, row = room.find("payments", posted.about)
    room.act(books, "replace_payment", payment=row.id, **_how(posted))


def _delete(room: Room, posted: Posted, **_path: str) -> None:
    books, row = room.find("payments", posted.about)
    room.act(books, "delete_payment", payment=row.id)


def _reconcile(room: Room, posted: Posted, **_path: str) -> None:
    books, row = room.find("payments", posted.about)
    room.act(books, posted.form, payment=row.id)


def _batch(room: Room, posted: Posted, **_path: str) -> None:
    books, row = room.find("payments", posted.about)
    others = [text.strip() for text in posted.text("with").split(",") if text.strip()]
    room.act(books, "batch_payments", payments=[row.id, *others])


def _delete_batch(room: Room, posted: Posted, **_path: str) -> None:
    books, row = room.find("payments", posted.about)
    room.act(books, "delete_batch", payment=row.id)


def _allocate_to_invoice(room: Room, posted: Posted, row_id: str) -> None:
    books, row = room.invoice(row_id)
    note, amount = posted.needed("credit_note"), posted.decimal("amount")
    room.act(books, "allocate_credit", invoice=row.id, credit_note=note, amount=amount)


def _allocate_note(room: Room, posted: Posted, row_id: str) -> None:
    books, row = room.credit_note(row_id)
    invoice, amount = posted.needed("invoice"), posted.decimal("amount")
    room.act(books, "allocate_credit", invoice=invoice, credit_note=row.id, amount=amount)


def _take_off(room: Room, posted: Posted, **_path: str) -> None:
    books, row = room.find("allocations", posted.about)
    room.act(books, "deallocate", allocation=row.id)


_PAYMENTS = {
    "replace-payment": Deed(_replace, "The payment is replaced."),
    "delete-payment": Deed(_delete, "The payment is deleted."),
    "reconcile": Deed(_reconcile, "It is marked as reconciled."),
    "unreconcile": Deed(_reconcile, "It is no longer reconciled."),
    "batch-payment": Deed(_batch, "The payment is in a batch."),
    "delete-batch": Deed(_delete_batch, "The batch is deleted with its payments."),
    "deallocate": Deed(_take_off, "The credit is taken off."),
}
ON_INVOICES = {
    **_PAYMENTS,
    "record-payment": Deed(_record, "The payment is recorded."),
    "allocate": Deed(_allocate_to_invoice, "The credit note is set against the invoice."),
}
ON_CREDIT_NOTES = {
    **_PAYMENTS,
    "record-payment": Deed(_pay_back, "The payment is recorded."),
    "allocate": Deed(_allocate_note, "The credit note is set against the invoice."),
}
