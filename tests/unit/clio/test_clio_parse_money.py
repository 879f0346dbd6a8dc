"""Clio's rows of money become records; expected values by hand."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from syncengine.clio.parse import (
    ParseProblem,
    parse_allocation,
    parse_interest_charge,
)
from syncengine.domain.money_records import AllocationRecord, InterestCharge, allocation_from_dict
from syncengine.domain.records import as_dict

ALLOCATION = """{"id":8801,"date":"2026-05-20","amount":600.1,"interest":false,"voided_at":null,"description":null,
 "has_online_payment":true,"bill":{"id":9001,"number":"1042"},"contact":{"id":501},
 "parent":{"id":7001,"type":"Payment","identifier":"CHQ 204"},
 "source_bank_account":{"id":4,"type":"Trust"},"destination_bank_account":{"id":3,"type":"Operating"}}"""


def allocation_row(**changes: Any) -> dict[str, Any]:
    row: dict[str, Any] = json.loads(ALLOCATION, parse_float=Decimal)
    return row | changes


def test_an_allocation_is_read_with_parent_bill_and_marks() -> None:
    record = parse_allocation(allocation_row())
    assert record == AllocationRecord(
        id=8801,
        bill_id=9001,
        parent_type="Payment",
        parent_id=7001,
        amount=Decimal("600.1"),
        date=date(2026, 5, 20),
        online=True,
        from_trust=True,
        said="CHQ 204",
        contact_id=501,
    )
    assert record.is_payment
    assert record.counts
    assert allocation_from_dict(as_dict(record)) == record


@pytest.mark.parametrize(
    ("changes", "counts"),
    [
        ({}, True),
        ({"voided_at": "2026-05-21T10:00:00-04:00"}, False),
        ({"bill": None}, False),
        ({"amount": 0}, False),
        ({"amount": Decimal("-1.5")}, True),
    ],
)
def test_an_allocation_counts_if_it_is_on_a_bill_for_something_and_not_voided(
    changes: dict[str, Any], counts: bool
) -> None:
    assert parse_allocation(allocation_row(**changes)).counts == counts


@pytest.mark.parametrize(
    ("source", "from_trust"),
    [
        (None, False),
        ({"id": 4, "type": "Trust"}, True),
        ({"id": 4, "type": "TrustAccount"}, True),
        ({"id": 4}, True),
        ({"id": 4, "type": "Operating"}, False),
    ],
)
def test_money_from_a_trust_account_is_from_trust(source: Any, from_trust: bool) -> None:
    assert parse_allocation(allocation_row(source_bank_account=source)).from_trust == from_trust


def test_money_and_credits_are_told_apart_by_their_parent() -> None:
    record = parse_allocation(allocation_row(parent={"id": 7500, "type": "CreditMemo"}, description="Write-off"))
    assert (record.is_payment, record.is_credit, record.description) == (False, True, "Write-off")
    unknown = parse_allocation(allocation_row(parent=None))
    assert not unknown.is_payment
    assert not unknown.is_credit


def test_an_allocation_without_an_amount_cannot_be_read() -> None:
    with pytest.raises(ParseProblem):
        parse_allocation(allocation_row(amount=None))


def test_a_charge_of_interest_is_read_with_its_bill_and_day() -> None:
    row = {"id": 501, "date": "2026-06-30", "total": Decimal("12.5"), "description": "Interest", "bill": {"id": 9001}}
    assert parse_interest_charge(row) == InterestCharge(501, 9001, date(2026, 6, 30), Decimal("12.5"), "Interest")
    with pytest.raises(ParseProblem):
        parse_interest_charge(row | {"bill": None})
