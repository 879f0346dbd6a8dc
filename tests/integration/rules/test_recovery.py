"""An answer that was lost after each kind of write: replayed at once, looked up after eight minutes, nothing doubled.

Each case is a change in Clio whose call of one kind is carried out by Xero and never answered (DESIGN §2, Recovery).
"""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.support.practice import Practice
from tests.support.stories import (  # noqa: F401
    add_bill,
    amounts,
    billed,
    by_hand,
    clean,
    live_notes,
    number,
    paid,
    pay,
    practice,
    reprice,
    sync,
    today,
    write_off,
    writes,
)


@dataclass(frozen=True)
class Case:
    """What stood before, what changes, and what has to stand afterwards, said in words of both sides."""

    method: str
    path: str
    prepare: Callable[[Practice], Any]
    change: Callable[[Practice, Any], Any]
    outcome: Callable[[Practice, Any], Any]
    expected: Any
    #: So many calls of the kind are answered before the one that is not.
    after: int = 0


def everything_on(practice: Practice, bill_id: int) -> tuple[list[Any], list[Any], Any]:
    """Payments, credits, and what is due on a bill's invoice."""
    credits_ = sorted(note["Total"] for note in live_notes(practice, bill_id))
    return amounts(practice, bill_id), credits_, practice.invoice(bill_id)["AmountDue"]


def made_of(practice: Practice, bill_id: int) -> tuple[int, int]:
    """How many payments and credit notes were ever made for a bill, whatever became of them."""
    xero_id = practice.link(bill_id).xero_id
    state = practice.xero.state(practice.tenant)
    on_it = [row for row in state["payments"] if row["Invoice"]["InvoiceID"] == xero_id]
    client = practice.invoice(bill_id)["Contact"]["ContactID"]
    notes = [row for row in state["credit_notes"] if row["Contact"]["ContactID"] == client]
    return len(on_it), len(notes)


def with_payment(practice: Practice) -> tuple[int, int]:
    return paid(practice, 200)


def with_credit(practice: Practice) -> tuple[int, int]:
    bill_id = add_bill(practice)
    _, memo_id = write_off(practice, bill_id, 100)
    clean(practice)
    return bill_id, memo_id


def with_both(practice: Practice) -> tuple[int, int]:
    bill_id, allocation_id = with_payment(practice)
    write_off(practice, bill_id, 100)
    clean(practice)
    return bill_id, allocation_id


def bill(practice: Practice) -> tuple[int, int]:
    return billed(practice), 0


def two_bills(practice: Practice) -> tuple[int, int]:
    return billed(practice), billed(practice)


def swap(practice: Practice, made: tuple[int, int]) -> None:
    first, second = (number(practice, one) for one in made)
    for bill_id, name in zip(made, (second, first), strict=True):
        practice.clio.act("edit_bill", bill_id=bill_id, number=name)


def numbers_agree(practice: Practice, made: tuple[int, int]) -> bool:
    return all(number(practice, one) == practice.clio.data.bills.get(one).number for one in made)


def edit_payment(practice: Practice, made: tuple[int, int]) -> None:
    practice.clio.act("edit_payment", allocation_id=made[1], amount=250)


def delete_in_xero(practice: Practice, made: tuple[int, int]) -> None:
    for row in practice.payments(made[0]):
        practice.xero.act("delete_payment", payment=row["PaymentID"])
    practice.clock.advance(15 * 60)


def replace_in_xero(practice: Practice, made: tuple[int, int]) -> None:
    delete_in_xero(practice, made)
    by_hand(practice, made[0], 450)


def both(practice: Practice, made: tuple[int, int]) -> Any:
    return everything_on(practice, made[0]), made_of(practice, made[0])[0]


def notes(practice: Practice, made: tuple[int, int]) -> Any:
    return everything_on(practice, made[0]), practice.invoice(made[0])["AmountCredited"]


def interest(practice: Practice, made: tuple[int, int]) -> Any:
    return [
        row["Total"]
        for row in practice.invoices()
        if row["InvoiceNumber"].startswith(f"{number(practice, made[0])}-INT")
    ]


CASES = {
    "a payment is created": Case(
        "PUT", "Payments", bill, lambda p, made: pay(p, made[0], 200), both, (([200], [], 300), 1)
    ),
    "a payment is deleted": Case(
        "POST", "Payments/", with_payment, lambda p, made: p.clio.act("void_payment", allocation_id=made[1]),
        both, (([], [], 500), 1),
    ),
    "an edited payment is deleted": Case(
        "POST", "Payments/", with_payment, edit_payment, both, (([250], [], 250), 2)
    ),
    "an edited payment is created": Case("PUT", "Payments", with_payment, edit_payment, both, (([250], [], 250), 2)),
    "a payment is restored": Case("PUT", "Payments", with_payment, delete_in_xero, both, (([200], [], 300), 2)),
    "a payment by hand is removed": Case(
        "POST", "Payments/", lambda p: paid(p, 500), replace_in_xero, both, (([500], [], 0), 3)
    ),
    "a credit note is created": Case(
        "PUT", "CreditNotes", bill, lambda p, made: write_off(p, made[0], 100), notes, (([], [100], 400), 100)
    ),
    "a credit note is allocated": Case(
        "PUT", "CreditNotes/", bill, lambda p, made: write_off(p, made[0], 100), notes, (([], [100], 400), 100)
    ),
    "an allocation is taken off": Case(
        "DELETE", "CreditNotes/", with_credit, lambda p, made: p.clio.act("void_credit", memo_id=made[1]),
        notes, (([], [], 500), 0),
    ),
    "a credit note is voided": Case(
        "POST", "CreditNotes", with_credit, lambda p, made: p.clio.act("void_credit", memo_id=made[1]),
        notes, (([], [], 500), 0),
    ),
    "an edited credit note is created": Case(
        "PUT", "CreditNotes", with_credit, lambda p, made: p.clio.act("edit_credit", memo_id=made[1], amount=120),
        notes, (([], [120], 380), 120),
    ),
    "an invoice is voided": Case(
        "POST", "Invoices", with_both, lambda p, made: p.clio.act("void_bill", bill_id=made[0]),
        lambda p, made: (p.invoice(made[0])["Status"], p.link(made[0]).state), ("VOIDED", "voided"),
    ),
    "a payment comes off for a void": Case(
        "POST", "Payments/", with_both, lambda p, made: p.clio.act("void_bill", bill_id=made[0]),
        lambda p, made: (p.invoice(made[0])["Status"], p.link(made[0]).state), ("VOIDED", "voided"),
    ),
    "a number moves aside": Case("POST", "Invoices", two_bills, swap, numbers_agree, True),
    "numbers that swap arrive": Case("POST", "Invoices", two_bills, swap, numbers_agree, True, after=1),
    "an invoice is updated": Case(
        "POST", "Invoices", bill, lambda p, made: reprice(p, made[0], 600), both, (([], [], 600), 0)
    ),
    "a payment comes off in a round": Case(
        "POST", "Payments/", with_both, lambda p, made: reprice(p, made[0], 600), both, (([200], [100], 300), 2)
    ),
    "a credit comes off in a round": Case(
        "DELETE", "CreditNotes/", with_both, lambda p, made: reprice(p, made[0], 600), notes, (([200], [100], 300), 100)
    ),
    "the update of a round": Case(
        "POST", "Invoices", with_both, lambda p, made: reprice(p, made[0], 600), both, (([200], [100], 300), 2)
    ),
    "a credit goes back on in a round": Case(
        "PUT", "CreditNotes/", with_both, lambda p, made: reprice(p, made[0], 600), notes, (([200], [100], 300), 100)
    ),
    "a payment goes back on in a round": Case(
        "PUT", "Payments", with_both, lambda p, made: reprice(p, made[0], 600), both, (([200], [100], 300), 2)
    ),
    "an invoice for later interest": Case(
        "PUT", "Invoices", bill, lambda p, m: p.clio.act("charge_interest", bill_id=m[0], amount=12), interest, [12]
    ),
}  # fmt: skip


@pytest.mark.parametrize("minutes", [0, 8])
@pytest.mark.parametrize("name", CASES)
def test_a_lost_answer_doubles_nothing_and_loses_nothing(practice: Practice, name: str, minutes: int) -> None:
    case = CASES[name]
    made = case.prepare(practice)
    case.change(practice, made)
    practice.lose_answer(f"/api.xro/2.0/{case.path}", method=case.method, after=case.after)
    practice.step()
    if minutes:
        practice.slice()
        assert practice.xero.faults.pending() == [], "the call was never made"
        practice.clock.advance(minutes * 60)
    for _ in range(2):
        report = sync(practice)
    assert practice.xero.faults.pending() == [], "the call was never made"
    assert report["state"] == "clean", report["open_errors"] or report["message"]
    assert case.outcome(practice, made) == case.expected
    practice.xero.calls.reset()
    clean(practice, 15)
    assert writes(practice) == []


def test_one_item_that_makes_xero_refuse_a_whole_call_by_name_stops_no_other(practice: Practice) -> None:
    good, bad, other = (add_bill(practice) for _ in range(3))
    serve, number_of_bad = practice.asked_of_xero._app, str(practice.clio.data.bills.get(bad).number)

    def app(environ: Any, start_response: Any) -> Any:
        if environ["REQUEST_METHOD"] != "PUT" or not environ["PATH_INFO"].endswith("/Invoices"):
            return serve(environ, start_response)
        asked = environ["wsgi.input"].read()
        environ["wsgi.input"] = io.BytesIO(asked)
        named = [row for row in json.loads(asked)["Invoices"] if row["InvoiceNumber"] == number_of_bad]
        if not named:
            return serve(environ, start_response)
        elements = [{**row, "ValidationErrors": [{"Message": "Not today."}]} for row in named]
        body = json.dumps({"Type": "ValidationException", "Message": "A validation", "Elements": elements}).encode()
        start_response("400 Bad Request", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]

    practice.asked_of_xero._app = app
    report = sync(practice)
    assert [error["message"] for error in report["open_errors"]] == ["Xero refused it: Not today."]
    assert [practice.link(one).xero_id is not None for one in (good, bad, other)] == [True, False, True]
