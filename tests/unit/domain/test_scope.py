"""Which bills belong in Xero (BEHAVIOUR §5, In scope), and lock dates."""

import datetime as dt

import pytest

from syncengine.domain.documents import Waiting
from syncengine.domain.rules import Organisation
from syncengine.domain.scope import is_locked, scope_of
from tests.unit.domain.makers import bill, rules

FROM, TO = dt.date(2026, 5, 1), dt.date(2026, 5, 31)


@pytest.mark.parametrize(
    ("state", "only_approved", "scope"),
    [
        ("awaiting_payment", True, "in"),
        ("paid", True, "in"),
        ("draft", True, "not_approved"),
        ("awaiting_approval", True, "not_approved"),
        ("draft", False, "in"),
        ("awaiting_approval", False, "in"),
        ("void", True, "gone"),
        ("deleted", False, "gone"),
    ],
)
def test_the_state_decides_with_the_preference(state: str, only_approved: bool, scope: str) -> None:
    assert scope_of(bill=bill(state=state), rules=rules(only_approved=only_approved)) == scope


@pytest.mark.parametrize(
    ("issued", "scope"),
    [
        (dt.date(2026, 4, 30), "out_of_range"),
        (dt.date(2026, 5, 1), "in"),
        (dt.date(2026, 5, 31), "in"),
        (dt.date(2026, 6, 1), "out_of_range"),
        (None, "in"),
    ],
)
def test_both_ends_of_the_range_belong_to_it(issued: dt.date | None, scope: str) -> None:
    assert scope_of(bill=bill(issued_at=issued), rules=rules(issued_from=FROM, issued_to=TO)) == scope


def test_either_end_of_the_range_may_be_open() -> None:
    early, late = bill(issued_at=dt.date(2020, 1, 1)), bill(issued_at=dt.date(2030, 1, 1))
    assert scope_of(bill=early, rules=rules(issued_to=TO)) == "in"
    assert scope_of(bill=late, rules=rules(issued_to=TO)) == "out_of_range"
    assert scope_of(bill=late, rules=rules(issued_from=FROM)) == "in"
    assert scope_of(bill=early, rules=rules(issued_from=FROM)) == "out_of_range"


def test_a_request_for_trust_money_is_never_in_scope() -> None:
    assert scope_of(bill=bill(kind="trust_kind"), rules=rules()) == "trust"
    assert scope_of(bill=bill(kind="trust_kind", state="void"), rules=rules(export_bills=False)) == "trust"


@pytest.mark.parametrize("kind", ["revenue_kind", "summary_kind", "aggregate_all"])
def test_other_kinds_of_bills_are_in_scope(kind: str) -> None:
    assert scope_of(bill=bill(kind=kind), rules=rules()) == "in"


def test_nothing_is_in_scope_while_export_is_off() -> None:
    assert scope_of(bill=bill(), rules=rules(export_bills=False)) == "off"
    assert scope_of(bill=bill(state="void"), rules=rules(export_bills=False)) == "off"


def test_a_void_outside_the_range_is_out_of_range_so_that_its_invoice_stays() -> None:
    out = bill(state="void", issued_at=dt.date(2026, 4, 30))
    assert scope_of(bill=out, rules=rules(issued_from=FROM)) == "out_of_range"


def test_a_date_on_or_before_the_later_lock_date_is_locked() -> None:
    locks = Organisation(period_lock=dt.date(2026, 3, 31), year_end_lock=dt.date(2025, 12, 31))
    until = Waiting("period_locked", "Period locked until 2026-03-31")
    locked = rules(organisation=locks)
    assert is_locked(date=dt.date(2025, 6, 1), rules=locked) == until
    assert is_locked(date=dt.date(2026, 3, 31), rules=locked) == until
    assert is_locked(date=dt.date(2026, 4, 1), rules=locked) is None


def test_nothing_is_locked_without_lock_dates_or_without_a_date() -> None:
    assert is_locked(date=dt.date(2026, 3, 31), rules=rules()) is None
    locks = Organisation(period_lock=dt.date(2026, 3, 31))
    assert is_locked(date=None, rules=rules(organisation=locks)) is None
