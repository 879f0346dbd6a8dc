"""Payments that Clio lists twice (C 5.9): which rows count for nothing (BEHAVIOUR §6)."""

import itertools
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from syncengine.domain.money_records import AllocationRecord

_MOST_WAYS = 4096


def listed_twice(*, allocations: Iterable[AllocationRecord], paid: Decimal) -> frozenset[int]:
    """Give the ids of rows that repeat another one, as far as the bill's paid amount says so.

    `allocations` are a bill's payments that count; `paid` is what Clio states as paid, in the bill's currency. Rows are
    named only if together they come to more than that and leaving these out makes it exactly that, in one way alone. Of
    rows that are alike the lowest id stays. That two runs have to see it is the caller's to know.
    """
    rows = list(allocations)
    excess = sum((row.amount for row in rows), Decimal(0)) - paid
    if excess <= 0:
        return frozenset()
    alike: dict[object, list[int]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.id):
        alike[row.amount, row.date, row.interest, row.parent_type].append(row.id)
    groups = [(key[0], ids) for key, ids in alike.items() if len(ids) > 1 and isinstance(key, tuple)]
    ways = itertools.islice(itertools.product(*(range(len(ids)) for _, ids in groups)), _MOST_WAYS)
    fitting = [way for way in ways if sum(amount * n for (amount, _), n in zip(groups, way, strict=True)) == excess]
    if len(fitting) != 1:
        return frozenset()
    return frozenset(
        row_id for (_, ids), count in zip(groups, fitting[0], strict=True) for row_id in ids[len(ids) - count :]
    )


def are_twins(one: AllocationRecord, other: AllocationRecord) -> bool:
    """Whether two rows say the same payment."""
    return (one.amount, one.date, one.interest, one.parent_type) == (
        other.amount,
        other.date,
        other.interest,
        other.parent_type,
    )
