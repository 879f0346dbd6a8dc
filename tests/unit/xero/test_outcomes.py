"""What became of each item of a call that wrote."""

import json
from decimal import Decimal
from typing import Any

import pytest

from syncengine.domain.documents import (
    StandingInvoice,
)
from syncengine.domain.outcomes import Applied, ItemKey, Outcome, Rejected, RetryLater, Unclear
from syncengine.xero.outcomes import WholeBatchRefused, read_answer

ZEROS = "00000000-0000-0000-0000-000000000000"
FIRST, SECOND = ItemKey("1042"), ItemKey("1043")


def invoice(number: str, invoice_id: str, **more: Any) -> dict[str, Any]:
    return {"InvoiceID": invoice_id, "InvoiceNumber": number, "Status": "AUTHORISED", "Total": 10.5, **more}


def refused(number: str, *messages: str, **more: Any) -> dict[str, Any]:
    errors = [{"Message": message} for message in messages]
    return {"InvoiceID": ZEROS, "InvoiceNumber": number, "HasErrors": True, "StatusAttributeString": "ERROR",
            "ValidationErrors": errors, **more}  # fmt: skip


def read(
    *rows: dict[str, Any], keys: tuple[ItemKey, ...] = (FIRST, SECOND), kind: str = "invoice"
) -> list[Outcome] | WholeBatchRefused:
    collection = "Invoices" if kind == "invoice" else "Contacts"
    return read_answer(kind=kind, status=200, body=json.dumps({collection: rows}).encode(), keys=keys)


def refusal(payload: Any, status: int = 400, keys: tuple[ItemKey, ...] = (FIRST, SECOND)) -> Any:
    return read_answer(kind="invoice", status=status, body=json.dumps(payload).encode(), keys=keys)


def test_items_are_matched_by_number_whatever_the_order_of_the_answer() -> None:
    outcomes = read(invoice("1043", "b", StatusAttributeString="OK"), invoice("1042", "a", StatusAttributeString="OK"))
    assert isinstance(outcomes, list)
    ids = [
        o.standing.invoice_id for o in outcomes if isinstance(o, Applied) and isinstance(o.standing, StandingInvoice)
    ]
    assert ids == ["a", "b"]
    assert isinstance(outcomes[0], Applied)
    assert isinstance(outcomes[0].standing, StandingInvoice)
    assert outcomes[0].standing.total == Decimal("10.50")


def test_an_update_is_matched_by_id_and_not_by_its_number() -> None:
    keys = (ItemKey("1042", "A-1"), ItemKey("1043", "b-2"))
    swapped = read(invoice("1043", "a-1"), invoice("1042", "b-2"), keys=keys)
    assert isinstance(swapped, list)
    assert [
        o.standing.number for o in swapped if isinstance(o, Applied) and isinstance(o.standing, StandingInvoice)
    ] == [
        "1043",
        "1042",
    ]


def test_a_number_is_compared_whole_and_without_case_or_doubled_spaces() -> None:
    outcomes = read(invoice("inv 7", "a"), invoice("1042-9001", "b"), keys=(ItemKey("INV  7 "), ItemKey("1042")))
    assert isinstance(outcomes, list)
    assert [type(outcome) for outcome in outcomes] == [Applied, Unclear]


def test_a_200_holds_refusals_and_every_message_is_kept_once() -> None:
    said = ("Invoice # must be unique.", "Email address must be valid.", "Invoice # must be unique.")
    outcomes = read(invoice("1042", "a"), refused("1043", *said))
    assert isinstance(outcomes, list)
    assert isinstance(outcomes[0], Applied)
    assert outcomes[1] == Rejected(("Invoice # must be unique.", "Email address must be valid."))


@pytest.mark.parametrize(
    "sign",
    [
        {"StatusAttributeString": "ERROR"},
        {"HasErrors": True},
        {"HasValidationErrors": True},
        {"InvoiceID": ZEROS},
        {"InvoiceID": None},
    ],
)
def test_any_sign_of_a_refusal_counts_even_without_a_reason(sign: dict[str, Any]) -> None:
    assert read(invoice("1042", "a") | sign, keys=(FIRST,)) == [Rejected(("Xero gave no reason.",))]


def test_an_item_that_the_answer_does_not_name_is_unclear() -> None:
    outcomes = read(invoice("1042", "a"))
    assert isinstance(outcomes, list)
    assert isinstance(outcomes[1], Unclear)


def test_an_item_that_the_answer_names_twice_is_unclear() -> None:
    outcomes = read(invoice("1042", "a"), invoice("1042", "b"), keys=(FIRST,))
    assert isinstance(outcomes, list)
    assert isinstance(outcomes[0], Unclear)


def test_an_item_that_cannot_be_read_is_unclear_and_stops_no_other() -> None:
    outcomes = read(invoice("1042", "a", Date="soon"), invoice("1043", "b"))
    assert isinstance(outcomes, list)
    assert [type(outcome) for outcome in outcomes] == [Unclear, Applied]


def test_warnings_are_kept_beside_what_was_applied() -> None:
    outcomes = read(invoice("1042", "a", Warnings=[{"Message": "Account code '476' has been removed"}]), keys=(FIRST,))
    assert isinstance(outcomes, list)
    assert isinstance(outcomes[0], Applied)
    assert outcomes[0].warnings == ("Account code '476' has been removed",)


def test_contacts_are_matched_by_their_contact_number() -> None:
    keys = (ItemKey("CLIO-501"), ItemKey("CLIO-50"))
    said = "The contact name B is already assigned to another contact."
    taken = {"ContactID": ZEROS, "ContactNumber": "CLIO-50", "Name": "B", "ValidationErrors": [{"Message": said}]}
    outcomes = read({"ContactID": "c1", "ContactNumber": "CLIO-501", "Name": "A"}, taken, keys=keys, kind="contact")
    assert isinstance(outcomes, list)
    assert isinstance(outcomes[0], Applied)
    assert outcomes[1] == Rejected((said,))


def test_a_400_that_names_some_items_refuses_the_whole_batch_since_none_of_it_was_done() -> None:
    elements = [refused("1043", "Invoice # must be unique.")]
    plain = {"ErrorNumber": 10, "Type": "ValidationException", "Message": "…", "Elements": elements}
    assert refusal(plain) == WholeBatchRefused(("Invoice # must be unique.",))


def test_a_400_that_names_every_item_rejects_each_with_its_own_words() -> None:
    elements = [refused("1042", "A"), refused("1043", "B")]
    plain = {"ErrorNumber": 10, "Type": "ValidationException", "Message": "…", "Elements": elements}
    assert refusal(plain) == [Rejected(("A",)), Rejected(("B",))]


def test_a_400_that_names_no_item_refuses_the_whole_batch() -> None:
    said = "Error converting value \"x\" to type 'LineAmountType'. Path 'Invoices[0].LineAmountTypes'."
    assert refusal({"ErrorNumber": 14, "Type": "PostDataInvalidException", "Message": said}) == WholeBatchRefused(
        (said,)
    )


def test_a_400_whose_items_cannot_be_told_apart_refuses_the_whole_batch_with_their_messages() -> None:
    elements = [{"ValidationErrors": [{"Message": "A Contact must be specified for this type of transaction"}]}]
    assert refusal({"Message": "A validation exception occurred", "Elements": elements}) == WholeBatchRefused(
        ("A Contact must be specified for this type of transaction",)
    )


def test_a_refusal_that_cannot_be_read_says_what_was_answered() -> None:
    answer = read_answer(kind="invoice", status=413, body=b"<html>", keys=(FIRST,))
    assert answer == WholeBatchRefused(("Xero answered 413.",))


def test_a_key_that_xero_knows_from_another_request_is_unclear() -> None:
    outcomes = refusal({"Message": "Idempotency Key: k1 is used with a different request."})
    assert all(isinstance(outcome, Unclear) for outcome in outcomes)


@pytest.mark.parametrize("status", [401, 403, 404, 429])
def test_where_xero_did_nothing_the_items_come_again_later(status: int) -> None:
    assert all(isinstance(outcome, RetryLater) for outcome in refusal({}, status))


@pytest.mark.parametrize("status", [302, 500, 503])
def test_a_failure_of_xeros_is_unclear(status: int) -> None:
    assert all(isinstance(outcome, Unclear) for outcome in refusal({}, status))


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"Status":"OK"}', b'{"Invoices":{}}'])
def test_a_200_that_cannot_be_read_is_unclear(body: bytes) -> None:
    answer = read_answer(kind="invoice", status=200, body=body, keys=(FIRST, SECOND))
    assert isinstance(answer, list)
    assert [type(outcome) for outcome in answer] == [Unclear, Unclear]
