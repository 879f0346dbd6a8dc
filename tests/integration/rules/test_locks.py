"""What is dated on or before a lock date waits, and nothing of it is touched (BEHAVIOUR §5)."""

import pytest

from tests.support.practice import Practice
from tests.support.stories import (  # noqa: F401
    add_bill,
    amounts,
    billed,
    by_hand,
    clean,
    codes,
    counts,
    dated,
    error,
    ids,
    live_notes,
    number,
    paid,
    pay,
    practice,
    reprice,
    state_of,
    sync,
    today,
    write_off,
    writes,
)

# Lock dates -----------------------------------------------------------------------------------------------------------


def lock(practice: Practice, days: int | None) -> None:
    """Lock the books until a day, or not at all, and read that."""
    practice.xero.act("set_lock_dates", **({} if days is None else {"period": today(practice, days)}))
    practice.refresh()


def test_a_bill_dated_on_the_lock_date_waits_and_is_sent_when_the_date_moves(practice: Practice) -> None:
    lock(practice, -10)
    on, after = add_bill(practice, issued_at=today(practice, -10)), add_bill(practice, issued_at=today(practice, -9))
    clean(practice)
    assert state_of(practice, on) == ("waiting", f"Period locked until {today(practice, -10)}")
    assert practice.invoice(after)["Total"] == 500
    lock(practice, -11)
    clean(practice)
    assert practice.invoice(on)["Total"] == 500


def test_an_error_of_a_refusal_closes_when_the_bill_only_waits_for_the_lock_date(practice: Practice) -> None:
    bill_id = billed(practice, issued_at=today(practice, -30))
    practice.xero.act("set_lock_dates", period=today(practice, -10))  # nobody has read that yet
    practice.clio.act("edit_bill", bill_id=bill_id, purchase_order="PO 1")
    assert codes(sync(practice)) == ["period_locked"]
    practice.refresh()
    clean(practice)
    assert state_of(practice, bill_id)[0] == "waiting"


@pytest.mark.parametrize("what", ["payment", "credit"])
def test_money_dated_in_a_locked_period_waits_and_is_sent_when_the_date_moves(practice: Practice, what: str) -> None:
    lock(practice, -10)
    bill_id = billed(practice)
    day = today(practice, -10)
    one = pay(practice, bill_id, 100, date=day) if what == "payment" else write_off(practice, bill_id, 100, date=day)[0]
    practice.xero.calls.reset()
    clean(practice)
    kind = "payment" if what == "payment" else "credit_note"
    assert writes(practice) == []
    assert state_of(practice, one, kind) == ("waiting", f"Period locked until {day}")
    lock(practice, None)
    clean(practice)
    assert practice.invoice(bill_id)["AmountDue"] == 400


@pytest.mark.parametrize("change", ["edited", "voided"])
def test_a_payment_that_stands_in_a_locked_period_stays_and_waits(practice: Practice, change: str) -> None:
    bill_id = add_bill(practice, issued_at=today(practice, -30))
    allocation_id = pay(practice, bill_id, 100, date=today(practice, -20))
    clean(practice)
    lock(practice, -10)
    if change == "edited":
        practice.clio.act("edit_payment", allocation_id=allocation_id, amount=120, date=today(practice))
    else:
        practice.clio.act("void_payment", allocation_id=allocation_id)
    practice.xero.calls.reset()
    clean(practice)
    assert writes(practice) == []
    assert amounts(practice, bill_id) == [100]
    lock(practice, None)
    clean(practice)
    assert amounts(practice, bill_id) == ([120] if change == "edited" else [])


def test_a_credit_that_stands_in_a_locked_period_stays_and_waits(practice: Practice) -> None:
    bill_id = add_bill(practice, issued_at=today(practice, -30))
    _, memo_id = write_off(practice, bill_id, 100, date=today(practice, -20))
    clean(practice)
    lock(practice, -10)
    practice.clio.act("void_credit", memo_id=memo_id)
    practice.xero.calls.reset()
    clean(practice)
    assert writes(practice) == []
    lock(practice, None)
    clean(practice)
    assert live_notes(practice, bill_id) == []


def test_a_payment_whose_date_moves_into_a_locked_period_stays_as_it_was(practice: Practice) -> None:
    bill_id = add_bill(practice, issued_at=today(practice, -30))
    allocation_id = pay(practice, bill_id, 200)
    clean(practice)
    before = ids(practice, bill_id)
    lock(practice, -10)
    practice.clio.act("edit_payment", allocation_id=allocation_id, date=today(practice, -20))
    clean(practice)
    assert ids(practice, bill_id) == before
    assert state_of(practice, allocation_id, "payment")[0] == "waiting"
    lock(practice, None)
    clean(practice)
    assert [dated(row) for row in practice.payments(bill_id)] == [today(practice, -20)]


@pytest.mark.parametrize("with_money", [False, True])
def test_an_invoice_that_stands_in_a_locked_period_waits_though_its_bill_moved_out_of_it(
    practice: Practice, with_money: bool
) -> None:
    bill_id = add_bill(practice, issued_at=today(practice, -30))
    if with_money:
        pay(practice, bill_id, 200)
    clean(practice)
    before = ids(practice, bill_id)
    lock(practice, -10)
    practice.clio.act("edit_bill", bill_id=bill_id, issued_at=today(practice, -5))
    practice.xero.calls.reset()
    clean(practice)
    assert writes(practice) == []
    assert state_of(practice, bill_id) == ("waiting", f"Period locked until {today(practice, -10)}")
    assert ids(practice, bill_id) == before
    lock(practice, None)
    clean(practice)
    assert dated(practice.invoice(bill_id)) == today(practice, -5)
    assert amounts(practice, bill_id) == ([200] if with_money else [])
