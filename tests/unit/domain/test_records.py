"""Records as plain values, and what counts as an edit."""

import datetime as dt
import json
from dataclasses import replace
from typing import Any

import pytest

from syncengine.domain.records import (
    Address,
    Phone,
    as_dict,
    bill_digest,
    bill_from_dict,
    contact_from_dict,
    digest_of,
    line_from_dict,
)
from tests.unit.domain.makers import bill, contact, line, money, percent


def test_a_bill_survives_the_way_through_a_snapshot() -> None:
    full = bill(discount=percent("10", "Old friend"), tax_rate="13.0", due_at=None, matters=("a", "b"))
    assert bill_from_dict(json.loads(json.dumps(as_dict(full)))) == full
    assert bill_from_dict(as_dict(bill())) == bill()


def test_a_line_survives_the_way_through_a_snapshot() -> None:
    full = line(discount=money("5.00"), date=None, order=3)
    assert line_from_dict(json.loads(json.dumps(as_dict(full)))) == full
    assert line_from_dict(as_dict(line())) == line()


def test_a_contact_survives_the_way_through_a_snapshot() -> None:
    full = contact(phones=(Phone("Work", "555-0100", primary=True, id=1),), addresses=(Address("Billing", "1 Quay"),))
    assert contact_from_dict(json.loads(json.dumps(as_dict(full)))) == full


def test_amounts_are_kept_to_the_last_digit_and_without_exponent() -> None:
    plain = as_dict(line(price="0.10", quantity="1E+2"))
    assert (plain["price"], plain["quantity"]) == ("0.10", "100")


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "paid"},
        {"paid": "1000.00"},
        {"pending": "10.00"},
        {"balance": "0.00"},
        {"credits_issued": "1.00"},
        {"updated_at": "2026-11-23T00:00:00Z"},
        {"client_name": "Harbour Bakery Inc"},
    ],
)
def test_a_payment_is_no_edit_of_a_bill(changes: dict[str, Any]) -> None:
    before = bill_digest(bill=bill(), lines=(line(),))
    assert bill_digest(bill=bill(**changes), lines=(line(),)) == before


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "draft"},
        {"number": "1043"},
        {"due": "1000.01"},
        {"issued_at": dt.date(2026, 5, 5)},
        {"client_id": 502},
        {"discount": percent("10")},
        {"matters": ()},
        {"interest_total": "12.00"},
    ],
)
def test_what_mapping_reads_is_an_edit_of_a_bill(changes: dict[str, Any]) -> None:
    assert bill_digest(bill=bill(**changes), lines=(line(),)) != bill_digest(bill=bill(), lines=(line(),))


def test_a_changed_added_or_removed_line_is_an_edit_and_their_order_is_not() -> None:
    one, other = line(1), line(2)
    both = bill_digest(bill=bill(), lines=(one, other))
    assert bill_digest(bill=bill(), lines=(other, one)) == both
    assert bill_digest(bill=bill(), lines=(one,)) != both
    assert bill_digest(bill=bill(), lines=(one, replace(other, note="Amended"))) != both


def test_every_field_of_a_line_is_an_edit() -> None:
    assert line(timekeeper="Bo Lund").digest != line().digest
    assert line(price="250.0").digest != line().digest  # exact text: a line is read in one form


def test_a_contacts_etag_is_no_edit() -> None:
    assert contact(etag='"a"', updated_at="2026-01-01").digest == contact().digest
    assert contact(email="new@harbour.example").digest != contact().digest


def test_digests_do_not_depend_on_the_order_of_keys() -> None:
    assert digest_of({"a": 1, "b": ["é"]}) == digest_of({"b": ["é"], "a": 1})
    assert len(digest_of({})) == 32


def test_a_bill_knows_its_states() -> None:
    assert [bill(state=state).is_approved for state in ("awaiting_payment", "paid", "draft", "void")] == [
        True,
        True,
        False,
        False,
    ]
    assert [bill(state=state).is_gone for state in ("void", "deleted", "paid")] == [True, True, False]
    assert bill(kind="trust_kind").is_trust_request
    assert not bill().is_trust_request
