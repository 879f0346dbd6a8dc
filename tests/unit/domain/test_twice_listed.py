"""Rows that Clio lists twice: dropped only if that makes the sum what was paid (BEHAVIOUR §6)."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncengine.domain.twice_listed import are_twins, listed_twice
from tests.unit.domain.money_makers import allocation

CASES: dict[str, tuple[list[tuple[int, str, int]], str, set[int]]] = {
    "one row": ([(1, "200.00", 0)], "200.00", set()),
    "two that are both paid": ([(1, "200.00", 0), (2, "200.00", 0)], "400.00", set()),
    "a repeat: the lowest id stays": ([(2, "200.00", 0), (1, "200.00", 0)], "200.00", {2}),
    "two repeats": ([(1, "200.00", 0), (2, "200.00", 0), (3, "200.00", 0)], "200.00", {2, 3}),
    "one of three is a repeat": ([(1, "200.00", 0), (2, "200.00", 0), (3, "200.00", 0)], "400.00", {3}),
    "beside others": ([(1, "200.00", 0), (2, "50.00", 0), (3, "200.00", 0)], "250.00", {3}),
    "dropping does not make it equal": ([(1, "200.00", 0), (2, "200.00", 0)], "300.00", set()),
    "more than paid, but none is alike": ([(1, "200.00", 0), (2, "100.00", 0)], "200.00", set()),
    "the same amount on another day": ([(1, "200.00", 0), (2, "200.00", 1)], "200.00", set()),
    "two ways to explain it": (
        [(1, "100.00", 0), (2, "100.00", 0), (3, "100.00", 1), (4, "100.00", 1)],
        "300.00",
        set(),
    ),
    "less than paid": ([(1, "200.00", 0), (2, "200.00", 0)], "500.00", set()),
}


@pytest.mark.parametrize("name", CASES)
def test_which_rows_repeat_another(name: str) -> None:
    rows, paid, repeats = CASES[name]
    given_rows = [allocation(row_id, amount, day) for row_id, amount, day in rows]
    assert listed_twice(allocations=given_rows, paid=Decimal(paid)) == repeats


@given(st.lists(st.tuples(st.sampled_from([50, 100, 200]), st.integers(0, 2)), max_size=8), st.integers(0, 20))
def test_without_the_repeats_the_sum_is_what_was_paid(drawn: list[tuple[int, int]], fifties: int) -> None:
    rows = [allocation(n, amount, day) for n, (amount, day) in enumerate(drawn, start=1)]
    paid = Decimal(fifties * 50)
    dropped = listed_twice(allocations=rows, paid=paid)
    if dropped:
        left = [row for row in rows if row.id not in dropped]
        assert sum(row.amount for row in left) == paid
        assert all(any(are_twins(row, kept) and kept.id < row.id for kept in left) for row in rows if row.id in dropped)


@pytest.mark.parametrize(
    "change", [{"amount": "200.01"}, {"days": 1}, {"interest": True}, {"parent_type": "CreditMemo"}]
)
def test_twins_agree_in_all_that_counts(change: dict[str, Any]) -> None:
    assert are_twins(allocation(1), allocation(2, parent_id=7002, said="Payment for invoice 1042"))
    assert not are_twins(allocation(1), allocation(2, **change))
