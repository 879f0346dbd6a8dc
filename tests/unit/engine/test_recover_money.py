"""What stands in Xero decides where a key is dead, however many items a call had (DESIGN §2, Recovery)."""

from collections.abc import Sequence
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from syncengine.domain.documents import StandingInvoice
from syncengine.domain.outcomes import Applied, Rejected
from syncengine.engine.outbox import Item
from syncengine.engine.recover_money import look_up
from tests.unit.domain.makers import bill, document, line, sent_invoice

NOW = datetime(2026, 5, 4, 13, 30, tzinfo=UTC)


class Invoices:
    """Xero with these invoices; 40 ids a call."""

    def __init__(self, invoices: Sequence[StandingInvoice]) -> None:
        self._by_id = {one.invoice_id: one for one in invoices}

    def invoices_by_ids(self, ids: Sequence[str]) -> list[StandingInvoice]:
        assert 0 < len(ids) <= 40
        return [self._by_id[one] for one in ids if one in self._by_id]


def standing(n: int, **changes: Any) -> StandingInvoice:
    there, _ = sent_invoice(document(bill(), [line()]), invoice_id=f"inv-{n}", **changes)
    return there


def looked_up(invoices: Sequence[StandingInvoice], items: Sequence[Item], operation: str) -> list[bool]:
    """Which of the items were carried out."""
    work: Any = SimpleNamespace(xero=Invoices(invoices))
    submission: Any = SimpleNamespace(kind="invoice", operation=operation)
    found = look_up(work=work, submission=submission, items=items, since=NOW)
    assert all(isinstance(one, Applied | Rejected) for one in found)
    return [isinstance(one, Applied) for one in found]


def test_of_fifty_voids_only_those_are_done_that_are_voided_in_xero() -> None:
    invoices = [standing(n, status="VOIDED" if n % 2 else "AUTHORISED") for n in range(50)]
    items = [Item(9000 + n, str(n), f"inv-{n}", "", "") for n in range(50)]
    assert looked_up(invoices, items, "void") == [bool(n % 2) for n in range(50)]


@pytest.mark.parametrize(("number", "done"), [("1042~9001", True), ("1042", False), ("1042~90011", False)])
def test_a_number_has_moved_if_the_invoice_carries_it_whole(number: str, done: bool) -> None:
    items = [Item(9001, "1042~9001", "inv-1", "", "")]
    assert looked_up([standing(1, number=number)], items, "renumber") == [done]
