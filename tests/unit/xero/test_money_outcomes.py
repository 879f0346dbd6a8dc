"""What became of payments, credit notes and allocations that were written."""

import json
from decimal import Decimal
from typing import Any

import pytest

from syncengine.domain.documents import (
    StandingAllocation,
    StandingCreditNote,
    StandingPayment,
)
from syncengine.domain.outcomes import Applied, ItemKey, Rejected, Unclear
from syncengine.xero.outcomes import WholeBatchRefused, read_answer

ZEROS = "00000000-0000-0000-0000-000000000000"


def answer(kind: str, plain: Any, *keys: ItemKey, status: int = 200, operation: str = "") -> Any:
    body = plain if isinstance(plain, bytes) else json.dumps(plain).encode()
    return read_answer(kind=kind, status=status, body=body, keys=keys, operation=operation)


def payment(reference: str, payment_id: str, **more: Any) -> dict[str, Any]:
    return {"PaymentID": payment_id, "Reference": reference, "Amount": 200.0, "Status": "AUTHORISED", **more}


def test_payments_are_matched_by_their_reference_whatever_their_order_and_keys_are_compared_whole() -> None:
    rows = [payment("CLIO-A8801", "b"), payment("CLIO-A88 · CHQ 1", "a")]
    found = answer(
        "payment", {"Payments": rows}, ItemKey("CLIO-A88 · CHQ 1"), ItemKey("CLIO-A8801"), ItemKey("CLIO-A88")
    )
    ids = [
        one.standing.payment_id
        for one in found
        if isinstance(one, Applied) and isinstance(one.standing, StandingPayment)
    ]
    assert ids == ["a", "b"]
    assert isinstance(found[2], Unclear)


SAID = "Payment amount exceeds the amount outstanding on this document"


def test_a_refused_payment_stops_no_other_in_the_200_and_is_looked_for_by_halving_in_the_400() -> None:
    bad = payment("CLIO-A8802", ZEROS, HasValidationErrors=True, ValidationErrors=[{"Message": SAID}])
    keys = ItemKey("CLIO-A8801"), ItemKey("CLIO-A8802")
    found = answer("payment", {"Payments": [payment("CLIO-A8801", "a"), bad]}, *keys)
    assert isinstance(found[0], Applied)
    assert found[1] == Rejected((SAID,))
    plain = {"Elements": [bad], "Message": "A validation exception occurred"}
    whole = read_answer(kind="payment", status=400, body=json.dumps(plain).encode(), keys=keys)
    assert whole == WholeBatchRefused((SAID,))


def test_a_deleted_payment_is_matched_by_id_and_read_as_deleted() -> None:
    plain = {"Payments": [payment("CLIO-A8801", "P-1", Status="DELETED")]}
    (found,) = answer("payment", plain, ItemKey("CLIO-A8801", "p-1"), operation="remove")
    assert isinstance(found, Applied)
    assert isinstance(found.standing, StandingPayment)
    assert not found.standing.is_live


@pytest.mark.parametrize(
    ("kind", "operation"), [("payment", "remove"), ("allocation", "take_off"), ("allocation", "set_against")]
)
def test_a_document_that_is_not_found_was_gone_already(kind: str, operation: str) -> None:
    (found,) = answer(kind, b"<html>", ItemKey("k", "id"), status=404, operation=operation)
    assert isinstance(found, Rejected)
    assert "was not found" in found.messages[0]


def test_a_refused_removal_keeps_xeros_words_in_both_shapes() -> None:
    said = "This payment cannot be deleted as it has been reconciled."
    element = {"PaymentID": "p-1", "ValidationErrors": [{"Message": said}]}
    (named,) = answer("payment", {"Elements": [element]}, ItemKey("k", "p-1"), status=400, operation="remove")
    assert named == Rejected((said,))
    unnamed = answer("payment", {"Message": said}, ItemKey("k", "p-1"), status=400, operation="remove")
    assert unnamed == WholeBatchRefused((said,))
    (told,) = answer(
        "payment", {"Payments": [{**element, "Status": "DELETED", "HasValidationErrors": True}]}, ItemKey("k", "p-1")
    )
    assert told == Rejected((said,))  # the echo shows what was asked for, not what stands (X 5.3)


def test_credit_notes_are_matched_by_their_number() -> None:
    refused_note = {"CreditNoteID": ZEROS, "CreditNoteNumber": "CLIO-CN-1", "ValidationErrors": [{"Message": "No."}]}
    rows = [{"CreditNoteID": "n2", "CreditNoteNumber": "CLIO-CN-2", "Total": 5}, refused_note]
    found = answer("credit_note", {"CreditNotes": rows}, ItemKey("CLIO-CN-1"), ItemKey("CLIO-CN-2"))
    assert found[0] == Rejected(("No.",))
    assert isinstance(found[1], Applied)
    assert isinstance(found[1].standing, StandingCreditNote)


ALLOCATED = {
    "an object": {"AllocationID": "a1", "Amount": 100.0, "Invoice": {"InvoiceID": "inv-1"}},
    "the invoice as a list": {"AllocationId": "a1", "Amount": 100.0, "Invoice": [{"InvoiceID": "inv-1"}]},
    "the amount under its other name": {
        "AllocationID": "a1",
        "AppliedAmount": 100.0,
        "Invoice": {"InvoiceID": "inv-1"},
    },
    "without an invoice": {"AllocationID": "a1", "Amount": 100.0},
}


@pytest.mark.parametrize("wrapped", [True, False])
@pytest.mark.parametrize("name", ALLOCATED)
def test_an_allocation_is_read_in_every_form_that_xero_gives_it(name: str, wrapped: bool) -> None:
    plain = {"Allocations": [ALLOCATED[name]]} if wrapped else ALLOCATED[name]
    (found,) = answer("allocation", plain, ItemKey("inv-1"), operation="set_against")
    assert isinstance(found, Applied)
    assert found.standing == StandingAllocation("a1", "inv-1", Decimal("100.00"))


def test_a_refused_allocation_is_rejected_with_xeros_words() -> None:
    said = "Credit Note cannot be allocated as amount is greater than amount outstanding"
    row = {"Amount": 100.0, "ValidationErrors": [{"Message": said}]}
    (found,) = answer("allocation", {"Allocations": [row]}, ItemKey("inv-1"), operation="set_against")
    assert found == Rejected((said,))
    whole = answer("allocation", {"Elements": [row]}, ItemKey("inv-1"), status=400, operation="set_against")
    assert whole == WholeBatchRefused((said,))


@pytest.mark.parametrize("body", [b"", b"<html>", b"{}", b'{"Allocations":[]}', b'{"Allocations":[{"Amount":"x"}]}'])
def test_a_note_whose_allocation_the_answer_does_not_tell_of_is_unclear(body: bytes) -> None:
    (found,) = answer("allocation", body, ItemKey("inv-1"), operation="set_against")
    assert isinstance(found, Unclear)


@pytest.mark.parametrize("status", [200, 204])
@pytest.mark.parametrize("body", [b"", b"{}", b'{"AllocationID":"a1","IsDeleted":true}'])
def test_one_that_was_taken_off_may_be_answered_by_nothing(status: int, body: bytes) -> None:
    (found,) = answer("allocation", body, ItemKey("inv-1", "a1"), status=status, operation="take_off")
    assert isinstance(found, Applied)


@pytest.mark.parametrize("kind", ["payment", "credit_note", "allocation"])
def test_a_failure_of_xeros_about_money_is_unclear(kind: str) -> None:
    (found,) = answer(kind, b"", ItemKey("k"), status=503, operation="create")
    assert isinstance(found, Unclear)
