"""Allocations of payments become Xero payments (BEHAVIOUR §6)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncengine.domain.documents import Blocked, Waiting
from syncengine.domain.mapping.payments import key_in, map_payment, payment_key, payment_reference, words_of
from syncengine.domain.money_documents import PaymentDocument
from syncengine.domain.money_records import AllocationRecord
from syncengine.domain.rules import Rules
from tests.unit.domain.makers import bill
from tests.unit.domain.money_makers import BANK, DAY, SALES, allocation, money_rules

CURRENCY: dict[str, Any] = {"currency": "USD"}


def mapped(row: AllocationRecord, rules: Rules | None = None, **of_bill: Any) -> Any:
    return map_payment(
        allocation=row, bill=bill(**of_bill), rules=rules or money_rules(), invoice_id="inv-1", generation=1
    )


def document(row: AllocationRecord, rules: Rules | None = None, **of_bill: Any) -> PaymentDocument:
    made = mapped(row, rules, **of_bill)
    assert isinstance(made, PaymentDocument), made
    return made


def blocked(row: AllocationRecord, rules: Rules | None = None, **of_bill: Any) -> Blocked:
    made = mapped(row, rules, **of_bill)
    assert isinstance(made, Blocked), made
    assert made.message
    assert made.remedy
    return made


# Keys -----------------------------------------------------------------------------------------------------------------


@given(st.integers(1, 2**63 - 1), st.integers(1, 10_000), st.text(max_size=300))
def test_a_key_is_read_from_its_reference_again(allocation_id: int, generation: int, said: str) -> None:
    key = payment_key(allocation_id=allocation_id, generation=generation)
    reference = payment_reference(key=key, said=said)
    assert reference.startswith(key)
    assert len(reference) <= 255
    assert key_in(reference) == (allocation_id, generation)


@given(st.integers(1, 10**12), st.integers(1, 10**12), st.integers(1, 99), st.integers(1, 99))
def test_keys_are_compared_whole(one: int, other: int, first: int, second: int) -> None:
    keys = payment_key(allocation_id=one, generation=first), payment_key(allocation_id=other, generation=second)
    assert (keys[0] == keys[1]) == ((one, first) == (other, second))
    assert key_in(keys[1]) == (other, second)


@pytest.mark.parametrize(
    ("reference", "key"),
    [
        ("CLIO-A88", (88, 1)),
        ("CLIO-A8801", (8801, 1)),
        ("CLIO-A8801-2 · CHQ 17", (8801, 2)),
        ("  CLIO-A8801 x", (8801, 1)),
        ("CLIO-A8801x", None),
        ("CLIO-A8801-", None),
        ("CLIO-A8801-2x", None),
        ("CLIO-A", None),
        ("See CLIO-A8801", None),
        ("CLIO-CN-8801", None),
        ("", None),
    ],
)
def test_a_key_stands_at_the_beginning_and_ends_where_it_ends(reference: str, key: Any) -> None:
    assert key_in(reference) == key


def test_the_first_key_has_no_number_and_the_next_ones_do() -> None:
    assert payment_key(allocation_id=8801) == "CLIO-A8801"
    assert payment_key(allocation_id=8801, generation=2) == "CLIO-A8801-2"


# Words ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, ""),
        ({"said": "  CHQ  204 "}, "CHQ 204"),
        ({"from_trust": True}, "from trust"),
        ({"said": "CHQ 204", "from_trust": True}, "CHQ 204 · from trust"),
    ],
)
def test_a_reference_says_what_clio_says_and_that_it_came_from_trust(changes: dict[str, Any], words: str) -> None:
    assert words_of(allocation(**changes)) == words
    reference = document(allocation(**changes)).reference
    assert reference == (f"CLIO-A8801 · {words}" if words else "CLIO-A8801")


# Accounts -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("online", "clio_payments", "account"),
    [
        (False, "acc-091", "acc-090"),
        (True, "acc-091", "acc-091"),
        (True, "", "acc-090"),
    ],
)
def test_online_payments_go_to_their_own_account_where_one_is_set(
    online: bool, clio_payments: str, account: str
) -> None:
    rules = money_rules(clio_payments_account=clio_payments)
    assert document(allocation(online=online), rules).account_id == account


def test_another_currency_than_the_accounts_is_blocked_and_its_own_is_not() -> None:
    told = blocked(allocation(), currency="USD")
    assert told.code == "payment_currency"
    assert "USD" in told.message
    assert "CAD" in told.message
    rules = money_rules(payment_bank_account="acc-095")
    assert document(allocation(), rules, currency="USD").account_id == "acc-095"
    assert blocked(allocation(), rules).code == "payment_currency"


def test_an_account_without_a_currency_is_in_the_organisations() -> None:
    accounts = {BANK.account_id: BANK, "acc-200": SALES}
    rules = money_rules(accounts={**accounts, "acc-x": SALES.__class__("acc-x", "x", "X", "CURRENT", "ASSET", "ACTIVE",
                                                                        takes_payments=True)},
                        payment_bank_account="acc-x")  # fmt: skip
    assert document(allocation(), rules).account_id == "acc-x"
    assert blocked(allocation(), rules, currency="USD").code == "payment_currency"


def test_an_account_that_takes_no_payments_is_blocked() -> None:
    told = blocked(allocation(), money_rules(payment_bank_account="acc-200"))
    assert (told.code, told.field) == ("account_takes_no_payments", "payment_bank_account")


def test_an_archived_account_blocks_with_one_cause() -> None:
    rules = money_rules(payment_bank_account="acc-gone")
    told = blocked(allocation(), rules)
    assert told.cause == blocked(allocation(8802), rules).cause != ""


# What cannot be sent --------------------------------------------------------------------------------------------------


def test_an_amount_below_zero_or_no_date_is_blocked() -> None:
    assert blocked(allocation(amount="-5.00")).code == "payment_negative"
    assert blocked(allocation(date=None)).code == "payment_without_date"


def test_a_payment_dated_on_the_lock_date_waits() -> None:
    assert isinstance(mapped(allocation(), money_rules(locked=DAY)), Waiting)
    assert isinstance(mapped(allocation(days=1), money_rules(locked=DAY)), PaymentDocument)
