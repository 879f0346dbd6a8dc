"""Allocations of credits become credit notes that agree with their invoice in the tax return (BEHAVIOUR §7)."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncengine.domain.documents import Blocked, Waiting
from syncengine.domain.mapping.credit_notes import credit_lines, credit_note_number, map_credit_note, tax_types_of
from syncengine.domain.money_documents import CreditNoteDocument
from syncengine.domain.rules import Rules
from tests.unit.domain.makers import BOTH, GST, NO_TAX, PST, bill
from tests.unit.domain.money_makers import DAY, credit, money_rules

GROSS = {GST: Decimal("339.00"), NO_TAX: Decimal("161.00")}


def mapped(rules: Rules | None = None, gross: Any = None, generation: int = 1, **changes: Any) -> Any:
    return map_credit_note(
        allocation=credit(**changes),
        bill=bill(due="500.00"),
        rules=rules or money_rules(),
        contact_id="contact-1",
        gross=GROSS if gross is None else gross,
        generation=generation,
    )


def shares(amount: str, **gross: str) -> dict[str, str]:
    """What each tax type gets of an amount."""
    kinds = {kind: Decimal(value) for kind, value in gross.items()}
    return {
        line.tax_type: str(line.amount) for line in credit_lines(amount=Decimal(amount), gross=kinds, otherwise=NO_TAX)
    }


def test_a_credit_becomes_a_note_of_its_amount_on_the_credit_notes_account() -> None:
    made = mapped(description="Goodwill")
    assert isinstance(made, CreditNoteDocument)
    assert (made.number, made.date, made.currency) == ("CLIO-CN-8802", DAY, "CAD")
    assert (made.contact_id, made.account_code, made.total) == ("contact-1", "260", Decimal("100.00"))
    assert "1042" in made.reference
    assert "Goodwill" in made.description
    assert {line.tax_type: line.amount for line in made.lines} == {GST: Decimal("67.80"), NO_TAX: Decimal("32.20")}


def test_made_again_it_has_the_next_number() -> None:
    assert mapped(generation=3).number == credit_note_number(allocation_id=8802, generation=3) == "CLIO-CN-8802-3"


def test_the_sign_of_clios_amount_does_not_matter() -> None:
    assert mapped(amount="-100.00").total == Decimal("100.00")


def test_a_firm_without_the_account_and_a_credit_without_a_date_are_blocked_and_a_locked_one_waits() -> None:
    assert isinstance(mapped(money_rules(credit_notes_account="")), Blocked)
    assert isinstance(mapped(date=None), Blocked)
    assert isinstance(mapped(money_rules(locked=DAY)), Waiting)


@pytest.mark.parametrize(
    ("amount", "gross", "expected"),
    [
        ("100.00", {GST: "500.00"}, {GST: "100.00"}),
        ("0.01", {GST: "250.00", NO_TAX: "250.00"}, {NO_TAX: "0.01"}),
        ("100.01", {GST: "339.00", NO_TAX: "161.00"}, {GST: "67.81", NO_TAX: "32.20"}),
        ("10.00", {GST: "1.00", PST: "1.00", BOTH: "1.00"}, {GST: "3.34", PST: "3.33", BOTH: "3.33"}),
        ("50.00", {GST: "600.00", NO_TAX: "-100.00"}, {GST: "50.00"}),
        ("50.00", {}, {NO_TAX: "50.00"}),
        ("50.00", {GST: "0.00"}, {NO_TAX: "50.00"}),
    ],
)
def test_a_credit_is_divided_by_tax_type_in_proportion(
    amount: str, gross: dict[str, str], expected: dict[str, str]
) -> None:
    found = shares(amount, **gross)
    if amount in {"0.01", "10.00"}:  # who gets the odd cent among equals is open
        assert sorted(found.values()) == sorted(expected.values())
    else:
        assert found == expected


@given(
    st.integers(1, 10_000_000),
    st.dictionaries(st.sampled_from([GST, PST, BOTH, NO_TAX]), st.integers(-50_000, 10_000_000), max_size=4),
)
def test_lines_come_to_the_amount_and_none_is_a_cent_from_its_share(cents: int, gross: dict[str, int]) -> None:
    amount = Decimal(cents) / 100
    kinds = {kind: Decimal(value) / 100 for kind, value in gross.items()}
    lines = credit_lines(amount=amount, gross=kinds, otherwise=NO_TAX)
    assert sum(line.amount for line in lines) == amount
    assert all(line.amount > 0 for line in lines)
    whole = sum(value for value in kinds.values() if value > 0)
    for line in lines if whole else ():
        assert abs(line.amount - amount * kinds[line.tax_type] / whole) < Decimal("0.01")


def test_a_credit_of_the_whole_invoice_takes_back_each_part_of_it() -> None:
    assert shares("500.00", **{kind: str(value) for kind, value in GROSS.items()}) == {GST: "339.00", NO_TAX: "161.00"}


def test_the_set_of_tax_types_is_what_the_invoice_holds_something_of() -> None:
    gross = {GST: Decimal("1.00"), NO_TAX: Decimal("0.00"), PST: Decimal("-2.00")}
    assert tax_types_of(gross=gross) == [GST]
