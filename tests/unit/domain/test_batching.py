"""Batches: size, bytes, natural keys; halving."""

from collections.abc import Iterator

import pytest

from syncengine.domain.batching import batches, halves


def numbered(count: int) -> list[str]:
    return [f"INV-{n}" for n in range(count)]


def by_itself(item: str) -> str:
    return item


def test_fifty_go_together() -> None:
    made = list(batches(numbered(120), key=by_itself))
    assert [len(batch) for batch in made] == [50, 50, 20]
    assert [item for batch in made for item in batch] == numbered(120)


def test_nothing_makes_no_batch() -> None:
    assert list(batches([], key=by_itself)) == []


def test_a_batch_is_kept_under_the_bytes_allowed() -> None:
    made = list(batches(["a", "b", "c", "d"], key=by_itself, max_bytes=10, weigh=lambda item: {"c": 7}.get(item, 4)))
    assert made == [["a", "b"], ["c"], ["d"]]


def test_three_and_a_half_megabytes_are_allowed_by_default() -> None:
    made = list(batches(["a", "b", "c"], key=by_itself, weigh=lambda _: 1_750_000))
    assert made == [["a", "b"], ["c"]]


def test_an_item_that_is_too_large_alone_goes_alone() -> None:
    made = list(batches(["a", "B", "c"], key=by_itself, max_bytes=10, weigh=lambda item: 99 if item == "B" else 1))
    assert made == [["a"], ["B"], ["c"]]


def test_two_items_of_one_natural_key_never_share_a_batch() -> None:
    items = [("1042", 1), ("1043", 2), ("1042", 3), ("1044", 4)]
    made = list(batches(items, key=lambda item: item[0]))
    assert made == [[("1042", 1), ("1043", 2)], [("1042", 3), ("1044", 4)]]


def test_keys_are_compared_without_case_as_xero_does() -> None:
    assert list(batches(["Inv-1", "INV-1"], key=by_itself)) == [["Inv-1"], ["INV-1"]]


def test_it_holds_no_more_than_one_batch() -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for n in range(1000):
            taken.append(n)
            yield n

    first = next(batches(items(), key=lambda n: n, size=10))
    assert first == list(range(10))
    assert len(taken) == 11


def test_a_batch_of_no_size_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one item"):
        next(batches(["a"], key=by_itself, size=0))


@pytest.mark.parametrize(
    ("batch", "expected"),
    [(["a", "b"], (["a"], ["b"])), (["a", "b", "c"], (["a"], ["b", "c"]))],
)
def test_a_refused_batch_is_halved(batch: list[str], expected: tuple[list[str], list[str]]) -> None:
    assert halves(batch) == expected


@pytest.mark.parametrize("batch", [[], ["a"]])
def test_one_item_cannot_be_halved(batch: list[str]) -> None:
    with pytest.raises(ValueError, match="cannot be halved"):
        halves(batch)
