"""/Payments and the allocations of credit notes."""

from typing import Any

from werkzeug.wrappers import Response

from sandbox.answers import json_response
from sandbox.xero import allocations, lists, payments, shapes
from sandbox.xero.envelope import Element, Manner, answer, write_all
from sandbox.xero.fields import payment_fields
from sandbox.xero.problems import NotFound
from sandbox.xero.reading import Ask
from sandbox.xero.request import ApiCall


def listed(call: ApiCall) -> Response:
    """GET /Payments: deleted ones too (X 7.24)."""
    rows = lists.select(call.books.payments, payment_fields(call.books), call.args, what="Payment", since=call.since)
    page = lists.paged(rows, call.args)
    return answer(call.now, "Payments", [payments.view(call.books, row) for row in page.rows], page.pagination)


def single(call: ApiCall, ref: str) -> Response:
    """GET /Payments/{PaymentID}."""
    row = call.books.payments.get(ref)
    if row is None:
        raise NotFound
    return answer(call.now, "Payments", [payments.view(call.books, row)])


def create(call: ApiCall) -> Response:
    """PUT and POST /Payments: both create; the body may be a list or one payment."""
    asked = call.elements("Payments", shapes.payment)
    manner = Manner("Payments", "PaymentID", "HasValidationErrors")

    def work(ask: Ask) -> Element:
        return Element(payments.view(call.books, payments.create(call.books, ask)))

    return write_all(call.now, manner, asked, work, summarize=call.summarize)


def delete(call: ApiCall, ref: str) -> Response:
    """POST /Payments/{PaymentID} with Status DELETED."""
    row = call.books.payments.get(ref)
    if row is None:
        raise NotFound
    asked = call.elements("Payments", shapes.payment)[:1]

    def existing(_ask: Ask) -> dict[str, Any]:
        return payments.view(call.books, row)

    def work(ask: Ask) -> Element:
        return Element(payments.view(call.books, payments.delete(call.books, row, ask)))

    manner = Manner("Payments", "PaymentID", "HasValidationErrors", existing)
    return write_all(call.now, manner, asked, work, summarize=call.summarize)


def allocate(call: ApiCall, ref: str) -> Response:
    """PUT /CreditNotes/{CreditNoteID}/Allocations."""
    note = call.books.credit_notes.get(ref)
    if note is None:
        raise NotFound
    asked = call.elements("Allocations", shapes.allocation)
    manner = Manner("Allocations", "AllocationID", "")

    def work(ask: Ask) -> Element:
        return Element(allocations.view(call.books, allocations.create(call.books, note, ask)))

    return write_all(call.now, manner, asked, work, summarize=call.summarize)


def deallocate(call: ApiCall, ref: str, allocation_ref: str) -> Response:
    """DELETE /CreditNotes/{CreditNoteID}/Allocations/{AllocationID}.

    Answers the allocation alone, not in an envelope, as the specification's example does (X 7.30, 17.5).
    """
    note = call.books.credit_notes.get(ref)
    if note is None:
        raise NotFound
    return json_response(allocations.view(call.books, allocations.delete(call.books, note, allocation_ref)))
