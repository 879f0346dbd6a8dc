"""Payments, credits and interest on the pages of the stand-in Clio, and what the API says afterwards."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from sandbox.clock import Clock
from tests.support.clio_stand_in import Clio
from tests.support.page_user import PageUser

NOW = datetime(2026, 5, 20, 13, 30, tzinfo=UTC)
ROW = "amount,date,interest,has_online_payment,voided_at,parent{id,type,identifier},source_bank_account{type}"


@pytest.fixture
def clio() -> Iterator[Clio]:
    with Clio(clock=Clock(lambda: NOW), bills=5) as stand_in:
        yield stand_in


@pytest.fixture
def user(clio: Clio) -> PageUser:
    return PageUser(clio.url)


@pytest.fixture
def bill(clio: Clio) -> dict[str, Any]:
    """A thousand."""
    return clio.act("add_bill", number="Z-1", lines=[{"price": 1000, "quantity": 1}])


def page_of(bill: dict[str, Any]) -> str:
    return f"/stand-in/bills/{bill['id']}"


def money(clio: Clio, bill: dict[str, Any]) -> tuple[Any, ...]:
    shown = clio.data(f"bills/{bill['id']}", fields="paid,credits_issued,balance,state")
    return shown["paid"], shown["credits_issued"], shown["balance"], shown["state"]


def rows(clio: Clio, bill: dict[str, Any], **asked: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = clio.data(
        "allocations", bill_id=bill["id"], order="id(asc)", fields="id," + ROW, **asked
    )
    return found


def test_a_payment_is_recorded_with_its_date_reference_and_source(
    user: PageUser, clio: Clio, bill: dict[str, Any]
) -> None:
    user.do(page_of(bill), "record-payment", amount="600", date="2026-05-19", reference="CHQ 1", from_trust="on")
    (row,) = rows(clio, bill)
    assert (row["amount"], row["date"], row["parent"]["identifier"]) == (600.0, "2026-05-19", "CHQ 1")
    assert row["source_bank_account"] == {"type": "Trust"}
    assert money(clio, bill) == (600.0, 0.0, 400.0, "awaiting_payment")
    assert user.form(page_of(bill), "record-payment").values["amount"] == "400.00"
    user.do(page_of(bill), "record-payment", online="on")
    assert rows(clio, bill)[1]["has_online_payment"] is True
    assert money(clio, bill) == (1000.0, 0.0, 0.0, "paid")


def test_a_payment_is_edited_voided_and_deleted(user: PageUser, clio: Clio, bill: dict[str, Any]) -> None:
    row = clio.act("record_payment", bill_id=bill["id"])["id"]
    user.do(page_of(bill), "edit-payment", row, amount="900.00", date="2026-05-01", identifier="Cash")
    (shown,) = rows(clio, bill)
    assert (shown["amount"], shown["date"], shown["parent"]["identifier"]) == (900.0, "2026-05-01", "Cash")
    assert money(clio, bill) == (900.0, 0.0, 100.0, "awaiting_payment")
    user.do(page_of(bill), "void-payment", row)
    assert rows(clio, bill) == []
    assert rows(clio, bill, status="invalid")[0]["voided_at"] == "2026-05-20T09:30:00-04:00"
    assert clio.data(f"allocations/{row}", fields="voided_at")["voided_at"] is not None
    user.do(page_of(bill), "delete-payment", row)
    assert clio.get(f"allocations/{row}").status_code == 404
    assert rows(clio, bill, status="invalid") == []


def test_an_online_payment_is_refunded_and_nothing_else(user: PageUser, clio: Clio, bill: dict[str, Any]) -> None:
    row = clio.act("record_payment", bill_id=bill["id"], online=True)["id"]
    for form in ("edit-payment", "delete-payment"):
        fields = {"amount": "1"} if form == "edit-payment" else {}
        assert user.refused(page_of(bill), form, row, **fields) == "An online payment can only be refunded."
    assert ">Refund</button>" in user.open(page_of(bill))
    user.do(page_of(bill), "void-payment", row)
    assert money(clio, bill) == (0.0, 0.0, 1000.0, "awaiting_payment")


@pytest.mark.parametrize(
    ("form", "amount", "words"),
    [
        ("record-payment", "1000.01", "Amount is more than the 1,000.00 that the bill still owes."),
        ("record-payment", "0", "Amount must be greater than zero."),
        ("record-payment", "", "Amount: please fill this in."),
        ("write-off", "1000.01", "Amount is more than the 1,000.00 that the bill still owes."),
        ("write-off", "-1", "Amount must be greater than zero."),
    ],
)
def test_no_more_is_paid_or_credited_than_is_owed(
    *, user: PageUser, clio: Clio, bill: dict[str, Any], form: str, amount: str, words: str
) -> None:
    assert user.refused(page_of(bill), form, amount=amount) == words
    assert money(clio, bill) == (0.0, 0.0, 1000.0, "awaiting_payment")


def test_an_edited_payment_may_be_as_much_as_it_was_and_what_is_still_owed(
    user: PageUser, clio: Clio, bill: dict[str, Any]
) -> None:
    row = clio.act("record_payment", bill_id=bill["id"], amount=600)["id"]
    said = user.refused(page_of(bill), "edit-payment", row, amount="1000.01")
    assert said == "Amount is more than the 1,000.00 that the bill still owes."
    user.do(page_of(bill), "edit-payment", row, amount="1000")


def test_a_draft_takes_no_payment(user: PageUser, clio: Clio) -> None:
    draft = clio.act("add_bill", state="draft", lines=[{"price": 10}])
    assert user.refused(page_of(draft), "record-payment") == "A bill that is draft takes no payments or credits."


def test_a_credit_is_written_changed_voided_and_deleted(user: PageUser, clio: Clio, bill: dict[str, Any]) -> None:
    user.do(page_of(bill), "write-off", amount="130", description="Goodwill")
    (row,) = rows(clio, bill)
    memo = row["parent"]["id"]
    assert row["parent"]["type"] == "CreditMemo"
    user.do(page_of(bill), "edit-credit", memo, amount="30.50", date="2026-05-02", description="Less")
    shown = clio.data(f"credit_memos/{memo}", fields="amount,date,description")
    assert shown == {"amount": 30.5, "date": "2026-05-02", "description": "Less"}
    assert money(clio, bill) == (0.0, 30.5, 969.5, "awaiting_payment")
    user.do(page_of(bill), "void-credit", memo)
    assert money(clio, bill)[1] == 0.0
    user.do(page_of(bill), "delete-credit", memo)
    assert clio.get(f"credit_memos/{memo}").status_code == 404


def test_one_payment_covers_several_bills_of_a_client(user: PageUser, clio: Clio, bill: dict[str, Any]) -> None:
    client = bill["client"]["id"]
    other = clio.act("add_bill", client_id=client, lines=[{"price": 50, "quantity": 1}])
    page = f"/stand-in/contacts/{client}"
    fields = {f"part-{bill['id']}": "100", f"part-{other['id']}": "50", "reference": "CHQ 9"}
    user.do(page, "pay-bills", **fields)
    (first,), (second,) = rows(clio, bill), rows(clio, other)
    assert first["parent"] == second["parent"]
    assert (first["amount"], second["amount"], first["parent"]["identifier"]) == (100.0, 50.0, "CHQ 9")
    assert "one payment with 1 more" in user.open(page_of(bill))


def test_a_payment_for_several_bills_is_refused_whole(user: PageUser, clio: Clio, bill: dict[str, Any]) -> None:
    client = bill["client"]["id"]
    other = clio.act("add_bill", client_id=client, lines=[{"price": 50, "quantity": 1}])
    page = f"/stand-in/contacts/{client}"
    said = user.refused(page, "pay-bills", **{f"part-{bill['id']}": "100", f"part-{other['id']}": "51"})
    assert said == "Amount is more than the 50.00 that the bill still owes."
    assert rows(clio, bill) == []
    assert user.refused(page, "pay-bills") == "Enter an amount beside at least one bill."


def test_interest_is_charged_on_the_bill_or_on_one_of_its_own(user: PageUser, clio: Clio, bill: dict[str, Any]) -> None:
    assert user.do(page_of(bill), "charge-interest", amount="10") == page_of(bill)
    there = user.do(page_of(bill), "charge-interest", amount="5", own_bill="on", on_original=None)
    own = int(there.rpartition("/")[2])
    assert clio.data(f"bills/{own}", fields="due,original_bill{id}") == {
        "due": 5.0,
        "original_bill": {"id": bill["id"]},
    }
    charges = clio.data("interest_charges", bill_id=bill["id"], fields="total")
    assert [row["total"] for row in charges] == [10.0, 5.0]
    assert money(clio, bill)[2] == 1010.0
    assert "Interest on Bill Z-1" in user.shown(there)


def test_a_payment_is_listed_twice_and_says_so(user: PageUser, clio: Clio, bill: dict[str, Any]) -> None:
    row = clio.act("record_payment", bill_id=bill["id"], amount=5)["id"]
    user.do(page_of(bill), "list-twice", row)
    assert len(rows(clio, bill)) == 2
    assert "Listed twice, counts for nothing" in user.open(page_of(bill))


# What the API says after such acts


def test_a_vanished_bill_leaves_every_list_with_all_that_hung_on_it(clio: Clio, bill: dict[str, Any]) -> None:
    clio.act("charge_interest", bill_id=bill["id"], amount=1)
    paid = clio.act("record_payment", bill_id=bill["id"], amount=1)["id"]
    clio.act("vanish_bill", bill_id=bill["id"])
    assert clio.get(f"bills/{bill['id']}").status_code == 404
    assert clio.get(f"allocations/{paid}").status_code == 404
    assert clio.data("bills", ids=bill["id"]) == []
    for state in ("void", "deleted", "awaiting_payment"):
        assert bill["id"] not in [row["id"] for row in clio.data("bills", state=state)]
    for path in ("line_items", "allocations", "interest_charges"):
        assert clio.data(path, bill_id=bill["id"]) == [], path


def test_allocations_are_found_by_bill_by_id_by_parent_and_by_what_changed(clio: Clio, bill: dict[str, Any]) -> None:
    payment = clio.act("record_payment", bill_id=bill["id"], amount=1)
    clio.server.clock.advance(3600)
    credit = clio.act("write_off", bill_id=bill["id"], amount=2)
    clio.act("void_payment", allocation_id=payment["id"])

    def ids(**asked: Any) -> list[int]:
        return [row["id"] for row in clio.data("allocations", order="id(asc)", **asked)]

    assert ids(bill_id=bill["id"]) == [credit["id"]]
    assert ids(bill_id=bill["id"], status="invalid") == [payment["id"]]
    assert ids(bill_id=bill["id"], parent_type="CreditMemo", status="valid") == [credit["id"]]
    assert ids(updated_since="2026-05-20T14:30:00Z", status="invalid") == [payment["id"]]
    assert ids(created_since="2026-05-20T14:30:00Z") == [credit["id"]]
    assert ids(ids=[payment["id"], credit["id"]]) == [payment["id"], credit["id"]]
    assert ids(parent_id=credit["parent"]["id"], parent_type="Payment", bill_id=bill["id"]) == []
