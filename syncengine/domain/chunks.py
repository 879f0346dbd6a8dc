"""Work in pieces of bounded size."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

_T = TypeVar("_T")


def chunks(items: Iterable[_T], size: int) -> Iterator[list[_T]]:
    """Give the items in lists of at most `size`, in their order."""
    source = iter(items)
    while piece := list(islice(source, size)):
        yield piece
