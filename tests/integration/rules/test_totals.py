"""Bills whose figures do not add up are read once more, then blocked; never sent (BEHAVIOUR §5, Totals; §11)."""

from decimal import Decimal

import pytest

from tests.support.practice import Practice
from tests.support.stories import (  # noqa: F401
    add_bill,
    billed,
    clean,
    codes,
    error,
    paid,
    practice,
    reprice,
    sync,
    writes,
)


def reads_by_id(practice: Practice, bill_id: int) -> tuple[int, int]:
    """How often the bill itself and the lines of this bill alone were read since the calls were forgotten."""
    calls = practice.clio.calls.calls()
    bills = sum(call.path.removesuffix(".json") == f"/api/v4/bills/{bill_id}" for call in calls)
    lines = sum("line_items" in call.path and f"bill_id={bill_id}" in call.query for call in calls)
    return bills, lines


def test_a_bill_that_does_not_add_up_is_read_once_more_and_then_blocked_with_all_figures(practice: Practice) -> None:
    bill_id = add_bill(practice)
    practice.clio.act("break_bill", bill_id=bill_id, by="1.00")
    practice.clio.calls.reset()
    practice.xero.calls.reset()
    assert codes(sync(practice)) == ["totals_mismatch"]
    assert reads_by_id(practice, bill_id) == (1, 1)
    assert writes(practice) == []
    told = error(practice, "totals_mismatch")
    assert "do not add up" in told.message
    assert {"500.00", "501.00"} <= {str(value) for value in told.details.values()}
    practice.clio.act("mend_bill", bill_id=bill_id)
    clean(practice)
    assert practice.invoice(bill_id)["Total"] == 500


def test_a_sent_bill_that_does_not_add_up_any_more_leaves_its_invoice_alone(practice: Practice) -> None:
    bill_id, _ = paid(practice, 200)
    practice.clio.act("break_bill", bill_id=bill_id)
    practice.xero.calls.reset()
    assert codes(sync(practice)) == ["totals_mismatch"]
    assert writes(practice) == []


@pytest.mark.parametrize("silent", [False, True])
def test_a_removed_line_that_announces_nothing_is_found_by_reading_the_bill(practice: Practice, silent: bool) -> None:
    bill_id = billed(practice, 300, 200)
    first = min(row.id for row in practice.clio.data.lines_of(bill_id))
    practice.clio.act("edit_bill", bill_id=bill_id, lines={"remove": [first]}, silent=silent)
    if silent:
        clean(practice, 60 * 13, full=True)
    else:
        clean(practice)
    assert [line["LineAmount"] for line in practice.invoice(bill_id)["LineItems"]] == [200]


def test_a_line_that_moved_to_another_bill_is_on_that_one_alone(practice: Practice) -> None:
    one, other = billed(practice, 300, 200), billed(practice, 50)
    moved = max(row.id for row in practice.clio.data.lines_of(one))
    practice.clio.act("edit_bill", bill_id=one, lines={"remove": [moved]})
    practice.clio.act("edit_bill", bill_id=other, lines={"add": [{"description": "Moved", "price": 200}]})
    clean(practice)
    assert [practice.invoice(bill_id)["Total"] for bill_id in (one, other)] == [300, 250]


def test_what_xero_answers_is_compared_with_what_clio_says(practice: Practice) -> None:
    bill_id = billed(practice, "33.33", "66.67", tax_rate=13)
    assert practice.invoice(bill_id)["Total"] == Decimal("113.00")
    reprice(practice, bill_id, "33.34")
    clean(practice)
    assert practice.compare()["differences"] == []
