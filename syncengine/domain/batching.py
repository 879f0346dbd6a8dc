"""Batches: how documents of one kind are put together for one call (DESIGN §1, X 10.6)."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import Final, TypeVar

_T = TypeVar("_T")

BATCH_SIZE: Final = 50
BATCH_BYTES: Final = 3_500_000


def _nothing(_item: object) -> int:
    return 0


def batches(
    items: Iterable[_T],
    *,
    key: Callable[[_T], Hashable],
    size: int = BATCH_SIZE,
    max_bytes: int = BATCH_BYTES,
    weigh: Callable[[_T], int] = _nothing,
) -> Iterator[list[_T]]:
    """Put items together in their order, at most `size` and `max_bytes` (by `weigh`) to a batch.

    Two items of one natural key (`key`, compared without case where it is text, as Xero does) never share a batch,
    since an answer is matched by it. An item that alone is larger than `max_bytes` goes alone. Lazy: no more than one
    batch is held.

    Raises:
        ValueError: `size` is not positive.
    """
    if size < 1:
        raise ValueError("a batch holds at least one item")
    batch: list[_T] = []
    keys: set[Hashable] = set()
    held = 0
    for item in items:
        natural, weight = key(item), weigh(item)
        natural = natural.casefold() if isinstance(natural, str) else natural
        if batch and (len(batch) >= size or natural in keys or held + weight > max_bytes):
            yield batch
            batch, keys, held = [], set(), 0
        batch.append(item)
        keys.add(natural)
        held += weight
    if batch:
        yield batch


def halves(batch: Sequence[_T]) -> tuple[list[_T], list[_T]]:
    """Split a batch that Xero refused as a whole, to find the malformed item (X 5.4).

    Raises:
        ValueError: the batch has fewer than two items: it is the malformed one.
    """
    if len(batch) < 2:
        raise ValueError("a batch of one cannot be halved")
    middle = len(batch) // 2
    return list(batch[:middle]), list(batch[middle:])
