"""What the lines and the reference of an invoice say."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from syncengine.domain.mapping.wording import number_text, shortened
from syncengine.domain.records import LineRecord
from tests.unit.domain.makers import bill, document, expense, line, percent


def text_of(**changes: Any) -> str:
    return document(bill(), [line(**changes)]).lines[0].description


def test_a_description_says_date_category_note_and_timekeeper() -> None:
    assert text_of() == "2026-04-20 · Drafting · Lease review · Ana Reyes"


def test_what_is_not_known_is_left_out() -> None:
    assert text_of(date=None, service_category_id=None, timekeeper="") == "Lease review"


def test_clios_description_is_said_where_it_adds_something() -> None:
    assert text_of(description="drafting", note="Lease") == "2026-04-20 · Drafting · Lease · Ana Reyes"
    assert text_of(description="Retainer", note="Lease") == "2026-04-20 · Drafting · Retainer · Lease · Ana Reyes"


def test_a_note_that_repeats_the_description_is_said_once() -> None:
    assert text_of(description="Lease review") == "2026-04-20 · Drafting · Lease review · Ana Reyes"


def test_a_category_that_is_not_known_yet_is_left_out() -> None:
    assert text_of(service_category_id=999) == "2026-04-20 · Lease review · Ana Reyes"


def test_a_note_keeps_its_paragraphs_but_no_control_characters() -> None:
    assert text_of(note=" First\r\nsecond\x00 \x07line ") == "2026-04-20 · Drafting · First\nsecond line · Ana Reyes"


def test_letters_of_every_script_stay() -> None:
    assert text_of(note="Überprüfung 契約 – ½") == "2026-04-20 · Drafting · Überprüfung 契約 – ½ · Ana Reyes"


@pytest.mark.parametrize(("make", "said"), [(line, "Services"), (expense, "Expense")])
def test_a_line_of_which_nothing_is_known_still_has_a_text(make: Callable[..., LineRecord], said: str) -> None:
    one = make(date=None, note="", timekeeper="", service_category_id=None, expense_category_id=None)
    assert document(bill(due=str(one.total)), [one]).lines[0].description == said


def test_a_free_line_of_which_nothing_is_known_says_what_it_is() -> None:
    free = line(type="NoChargeLineItem", date=None, note="", timekeeper="", service_category_id=None)
    assert document(bill(due="0.00"), [free]).lines[0].description == "Services · no charge (4 h)"


def test_a_free_expense_tells_no_hours() -> None:
    free = expense(type="NoChargeLineItem")
    made = document(bill(due="0.00"), [free])
    assert made.lines[0].description == "2026-04-20 · Filing fees · Court filing · Ana Reyes · no charge"


def test_a_long_note_gives_way_to_what_stands_around_it() -> None:
    said = text_of(note="x" * 5000)
    assert len(said) == 4000
    assert said.startswith("2026-04-20 · Drafting · xxx")
    assert said.endswith("xxx… · Ana Reyes")


def test_a_text_that_is_long_in_every_part_is_cut_all_the_same() -> None:
    said = text_of(note="x" * 5000, timekeeper="y" * 5000)
    assert len(said) == 4000
    assert said.endswith("…")


def test_the_hours_survive_a_long_note() -> None:
    one = line(note="x" * 5000, quantity="0.33", sub_total="80.00", total="80.00")
    said = document(bill(due="80.00"), [one]).lines[0].description
    assert len(said) == 4000
    assert said.endswith("… · Ana Reyes · 0.33 h at 250")


@pytest.mark.parametrize(("description", "on"), [("Retainer", "Retainer"), ("", "Services")])
def test_a_discount_on_a_line_without_category_says_what_it_is_on(description: str, on: str) -> None:
    reduced = line(service_category_id=None, description=description, total="900.00", discount=percent("10"))
    assert document(bill(due="900.00"), [reduced]).lines[1].description == f"Discount of 10 % on {on}"


@pytest.mark.parametrize(
    ("value", "text"), [("1.50", "1.5"), ("10.0", "10"), ("10", "10"), ("100", "100"), ("0.25", "0.25"), ("0.0", "0")]
)
def test_numbers_are_written_without_needless_zeros(value: str, text: str) -> None:
    assert number_text(Decimal(value)) == text


@pytest.mark.parametrize(
    ("order", "told"), [("PO-4711", "PO-4711"), ("po 4711", "po 4711"), ("P.O. 7", "P.O. 7"), ("Port 9", "PO Port 9")]
)
def test_a_purchase_order_that_says_so_itself_is_not_told_twice(order: str, told: str) -> None:
    assert document(bill(matters=(), purchase_order=order), [line()]).reference == told


def test_the_reference_names_matters_and_purchase_order() -> None:
    made = document(bill(matters=("00077-Harbour", "00078-Quay"), purchase_order=" 4711 "), [line()])
    assert made.reference == "00077-Harbour, 00078-Quay, PO 4711"


def test_the_reference_may_be_empty() -> None:
    assert document(bill(matters=()), [line()]).reference == ""


def test_the_reference_is_cut_at_255_characters() -> None:
    made = document(bill(matters=tuple(f"{n:05}-Harbour" for n in range(40))), [line()])
    assert len(made.reference) == 255
    assert made.reference.endswith("…")


def test_an_interest_bill_says_for_which_bill_it_is() -> None:
    record = bill(due="12.00", interest_total="12.00", original_bill_id=9000)
    assert document(record, [], original_number="1042").reference == "Interest on bill 1042"


def test_an_interest_bill_whose_original_is_not_known_says_that_it_is_interest() -> None:
    record = bill(due="12.00", interest_total="12.00", original_bill_id=9000)
    assert document(record, []).reference == "Interest, 00077-Harbour"


def test_a_bill_with_lines_and_an_original_is_no_interest_bill() -> None:
    record = bill(due="1012.00", interest_total="12.00", original_bill_id=9000)
    assert document(record, [line()], original_number="1042").reference == "00077-Harbour"


def test_a_short_text_is_not_cut() -> None:
    assert shortened("abc", limit=3) == "abc"
    assert shortened("abcd", limit=3) == "ab…"
