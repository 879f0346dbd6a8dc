"""Cents, rounding and sharing."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncengine.domain.money import from_cents, round_half_up, share_by_largest_remainder, to_cents


@pytest.mark.parametrize(
    ("amount", "cents"), [("10.25", 1025), ("-0.01", -1), ("3", 300), ("0.100", 10), ("1E+2", 10000)]
)
def test_an_amount_is_whole_cents(amount: str, cents: int) -> None:
    assert to_cents(Decimal(amount)) == cents


@pytest.mark.parametrize("amount", ["0.001", "-10.255"])
def test_fractions_of_a_cent_are_refused(amount: str) -> None:
    with pytest.raises(ValueError, match="fractions of a cent"):
        to_cents(Decimal(amount))


def test_cents_become_an_amount_of_two_places() -> None:
    assert [str(from_cents(cents)) for cents in (1025, -1, 300, 0)] == ["10.25", "-0.01", "3.00", "0.00"]


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [("0.005", "0.01"), ("-0.005", "-0.01"), ("2.504999", "2.50"), ("2.505", "2.51"), ("7", "7.00"), ("0.015", "0.02")],
)
def test_halves_are_rounded_away_from_zero(amount: str, rounded: str) -> None:
    assert str(round_half_up(Decimal(amount))) == rounded


@pytest.mark.parametrize(
    ("cents", "weights", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (101, [1, 1, 1], [34, 34, 33]),
        (-100, [1, 1, 1], [-34, -33, -33]),
        (10, [1, 2, 7], [1, 2, 7]),
        (1, [1, 3], [0, 1]),
        (5, [0, 0], [5, 0]),
        (5, [0, 2], [0, 5]),
        (0, [3, 4], [0, 0]),
        (7, [9], [7]),
    ],
)
def test_cents_are_shared_by_largest_remainder(cents: int, weights: list[int], parts: list[int]) -> None:
    assert share_by_largest_remainder(cents=cents, weights=weights) == parts


def test_sharing_among_nobody_or_by_negative_weights_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one part"):
        share_by_largest_remainder(cents=1, weights=[])
    with pytest.raises(ValueError, match="must not be negative"):
        share_by_largest_remainder(cents=1, weights=[1, -1])


@given(st.integers(-(10**9), 10**9), st.lists(st.integers(0, 10**7), min_size=1, max_size=20))
def test_parts_add_up_and_none_is_a_cent_from_its_share(cents: int, weights: list[int]) -> None:
    parts = share_by_largest_remainder(cents=cents, weights=weights)
    assert sum(parts) == cents
    whole = sum(weights)
    if whole:
        assert all(abs(part * whole - cents * weight) < whole for part, weight in zip(parts, weights, strict=True))
