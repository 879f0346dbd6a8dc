"""What is to be done about the payments on one invoice, by value (BEHAVIOUR §6)."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from syncengine.domain.documents import Blocked
from syncengine.domain.payment_plan import (
    AdoptPayment,
    CreatePayment,
    HoldPayment,
    PaymentLink,
)
from syncengine.domain.settlement import plan_payments, standing_room
from tests.unit.domain.makers import bill, document, line, sent_invoice
from tests.unit.domain.money_makers import (
    DAY,
    allocation,
    money_rules,
    payment_link,
    planned,
    seen,
    sources,
    standing,
    told,
)

# What is missing and what stands --------------------------------------------------------------------------------------


def test_a_missing_payment_is_created_with_amount_date_account_and_key() -> None:
    (change,) = planned(sources(allocation(said="CHQ 204")))
    assert isinstance(change, CreatePayment)
    made = change.document
    assert (made.key, made.amount, made.date, made.account_id) == ("CLIO-A8801", Decimal("200.00"), DAY, "acc-090")
    assert (made.invoice_id, made.reference) == ("inv-1", "CLIO-A8801 · CHQ 204")
    assert not change.restores


def test_one_that_stands_is_kept() -> None:
    row = allocation()
    assert told(planned(sources(row, links=[payment_link(row)], there=seen(standing())))) == [("keep", 8801)]


@pytest.mark.parametrize("row", [allocation(voided=True), allocation(amount="0.00"), None])
def test_one_that_is_voided_for_nothing_or_gone_is_removed(row: Any) -> None:
    given = sources(*([row] if row else []), links=[payment_link(allocation())], there=seen(standing()))
    assert told(planned(given)) == [("remove", 8801, "p1")]


@pytest.mark.parametrize("now", [allocation(amount="250.00"), allocation(days=1), allocation(said="CHQ 5")])
def test_an_edited_one_is_removed_and_made_under_the_next_key(now: Any) -> None:
    given = sources(now, links=[payment_link(allocation())], there=seen(standing()))
    assert told(planned(given)) == [("remove", 8801, "p1", "again"), ("create", 8801, "CLIO-A8801-2")]


def test_a_field_that_needs_nothing_in_xero_is_no_edit() -> None:
    given = sources(allocation(contact_id=502), links=[payment_link(allocation())], there=seen(standing()))
    assert told(planned(given)) == [("keep", 8801)]


def test_another_bank_account_in_the_settings_moves_nothing() -> None:
    row = allocation()
    given = sources(
        allocation(contact_id=502),
        links=[payment_link(row)],
        there=seen(standing()),
        rules=money_rules(payment_bank_account="acc-091"),
    )
    assert told(planned(given)) == [("keep", 8801)]


def test_one_that_stands_on_another_invoice_is_removed_there_and_made_here() -> None:
    row = allocation()
    given = sources(row, links=[payment_link(row, invoice_id="inv-0")])
    assert told(planned(given)) == [("remove", 8801, "p1", "again"), ("create", 8801, "CLIO-A8801-2")]


def test_the_room_of_what_moves_away_is_not_room_here() -> None:
    row = allocation(amount="500.00")
    given = sources(
        row,
        links=[payment_link(row, invoice_id="inv-0")],
        there=seen(standing("p1", "500.00", invoice_id="inv-0")),
        room=Decimal("100.00"),
    )
    assert ("hold", 8801, "payment_exceeds_due") in told(planned(given))


# Before creating ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("days", [-5, -1, 0, 5])
def test_exactly_one_of_the_same_amount_within_five_days_is_adopted(days: int) -> None:
    assert told(planned(sources(allocation(), there=seen(standing(days=days))))) == [("adopt", 8801, "p1")]


@pytest.mark.parametrize(
    "there",
    [
        standing(days=6),
        standing(days=-6),
        standing(amount="199.99"),
        standing(status="DELETED"),
        standing(date=None),
        standing(reference="CLIO-A88010"),
    ],
)
def test_none_that_is_further_away_dead_or_somebody_elses_is(there: Any) -> None:
    assert told(planned(sources(allocation(), there=seen(there)))) == [("create", 8801, "CLIO-A8801")]


def test_one_that_is_linked_already_is_not_adopted() -> None:
    other = allocation(8700)
    given = sources(other, allocation(), links=[payment_link(other)], there=seen(standing()))
    assert told(planned(given)) == [("keep", 8700), ("create", 8801, "CLIO-A8801")]


def test_several_are_a_question_with_a_choice_for_each() -> None:
    (change,) = planned(sources(allocation(), there=seen(standing("p1"), standing("p2", days=2, reference="Cash"))))
    assert isinstance(change, HoldPayment)
    assert isinstance(change.why, Blocked)
    assert change.why.code == "payment_which"
    assert [choice["value"] for choice in change.why.details["choices"]] == ["p1", "p2"]
    assert "Cash" in change.why.details["choices"][1]["label"]


def test_what_was_chosen_is_adopted_and_none_of_these_creates() -> None:
    row, there = allocation(amount="100.00"), seen(standing("p1", "100.00"), standing("p2", "100.00", 2))
    assert told(planned(sources(row, there=there, chosen={8801: "p2"}))) == [("adopt", 8801, "p2")]
    assert told(planned(sources(row, there=there, chosen={8801: ""}))) == [("create", 8801, "CLIO-A8801")]


def test_a_choice_that_is_gone_meanwhile_is_asked_again() -> None:
    there = seen(standing("p1"), standing("p2", days=2))
    assert told(planned(sources(allocation(), there=there, chosen={8801: "p9"}))) == [("hold", 8801, "payment_which")]


def test_as_many_payments_as_rows_of_one_amount_are_matched_by_their_dates() -> None:
    rows = [allocation(8801, days=3), allocation(8802)]
    given = sources(*rows, there=seen(standing("p1", days=4), standing("p2", days=1)))
    assert sorted(told(planned(given))) == [("adopt", 8801, "p1"), ("adopt", 8802, "p2")]


def test_one_payment_for_two_rows_is_adopted_once() -> None:
    given = sources(allocation(8801, "100.00"), allocation(8802, "100.00"), there=seen(standing(amount="100.00")))
    assert sorted(told(planned(given))) == [("adopt", 8801, "p1"), ("create", 8802, "CLIO-A8802")]


def test_one_that_carries_the_rows_own_key_is_linked_whatever_its_date() -> None:
    (change,) = planned(sources(allocation(), there=seen(standing(days=40, reference="CLIO-A8801-3 · CHQ 1"))))
    assert isinstance(change, AdoptPayment)
    assert (change.generation, change.by_hand) == (3, False)


# Room -----------------------------------------------------------------------------------------------------------------


def test_payments_are_made_as_far_as_the_room_goes_and_the_next_is_held() -> None:
    given = sources(allocation(1, "300.00"), allocation(2, "250.00"), allocation(3, "200.00"), room=Decimal("500.00"))
    assert told(planned(given)) == [
        ("create", 1, "CLIO-A1"),
        ("hold", 2, "payment_exceeds_due"),
        ("create", 3, "CLIO-A3"),
    ]


def test_nothing_is_due_on_an_invoice_that_is_not_approved() -> None:
    there, _ = sent_invoice(document(bill(), [line()]))
    assert standing_room(invoice=there) == Decimal("1000.00")
    assert standing_room(invoice=replace(there, status="DRAFT")) == 0


def test_one_that_rests_is_left_alone() -> None:
    assert told(planned(sources(allocation(), links=[PaymentLink(8801, rests=True)]))) == []


# Rounds ---------------------------------------------------------------------------------------------------------------


def test_what_a_round_took_off_goes_back_to_its_account_whatever_the_settings_say() -> None:
    row = allocation(said="CHQ 1")
    link = payment_link(row, payment_id="", put_back=True, account_id="acc-091", reference="CLIO-A8801 · CHQ 1")
    (change,) = planned(sources(row, links=[link], rules=money_rules(payment_bank_account="acc-095")))
    assert isinstance(change, CreatePayment)
    assert change.document.account_id == "acc-091"
    assert change.document.reference == "CLIO-A8801-2 · CHQ 1"


def test_an_adopted_one_goes_back_with_its_own_date_and_words() -> None:
    link = payment_link(allocation(days=-2), payment_id="", put_back=True, by_hand=True, reference="Statement 4")
    (change,) = planned(sources(allocation(), links=[link]))
    assert isinstance(change, CreatePayment)
    assert change.document.date == DAY - dt.timedelta(days=2)
    assert change.document.reference == "CLIO-A8801-2 · Statement 4"


def test_what_a_round_took_off_is_not_looked_for_among_payments_by_hand() -> None:
    link = payment_link(allocation(), payment_id="", put_back=True)
    given = sources(allocation(), links=[link], there=seen(standing("p9")))
    assert told(planned(given)) == [("create", 8801, "CLIO-A8801-2")]


# Listed twice ---------------------------------------------------------------------------------------------------------


def test_a_row_that_looks_like_a_repeat_waits_for_the_next_run() -> None:
    given = sources(allocation(8801), allocation(8802), paid="200.00")
    made = plan_payments(sources=given)
    assert told(made.changes) == [("create", 8801, "CLIO-A8801"), ("hold", 8802, "listed_twice")]
    assert made.doubted == {8802}


def test_the_second_run_drops_it() -> None:
    row = allocation(8801)
    given = sources(
        row,
        allocation(8802),
        paid="200.00",
        links=[payment_link(row)],
        there=seen(standing()),
        doubted=frozenset({8802}),
    )
    assert told(planned(given)) == [("keep", 8801)]


def test_a_repeat_that_the_second_run_no_longer_sees_is_sent() -> None:
    row = allocation(8801)
    given = sources(row, allocation(8802), links=[payment_link(row)], there=seen(standing()), doubted=frozenset({8802}))
    assert told(planned(given)) == [("keep", 8801), ("create", 8802, "CLIO-A8802")]


def test_the_twin_takes_the_place_of_a_row_that_vanished() -> None:
    gone = allocation(8801)
    given = sources(
        allocation(8802),
        links=[payment_link(gone)],
        there=seen(standing()),
        vanished=[gone],
        doubted=frozenset({8802}),
    )
    assert told(planned(given)) == [("take over", 8801, 8802)]


def test_a_row_that_was_never_a_repeat_takes_nobodys_place() -> None:
    gone = allocation(8801)
    given = sources(allocation(8802), links=[payment_link(gone)], there=seen(standing()), vanished=[gone])
    assert told(planned(given)) == [("remove", 8801, "p1"), ("create", 8802, "CLIO-A8802")]
