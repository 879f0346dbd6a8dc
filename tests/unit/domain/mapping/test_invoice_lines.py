"""The lines of an invoice (BEHAVIOUR §5, Lines, Interest)."""

from decimal import Decimal

import pytest

from syncengine.domain.mapping.invoice_lines import quantity_and_price
from tests.unit.domain.makers import (
    GST,
    NO_TAX,
    bill,
    blocked,
    document,
    expense,
    figures,
    line,
    money,
    percent,
    rules,
)


def test_a_service_goes_to_the_time_entries_account_and_an_expense_to_the_expenses_account() -> None:
    made = document(bill(due="1150.00"), [line(), expense()])
    assert figures(made) == [
        ("31001", "1000.00", "200", NO_TAX),
        ("32001", "150.00", "400", NO_TAX),
    ]


def test_a_category_account_beats_the_default() -> None:
    chosen = rules(category_accounts={("service", 61): "acc-210", ("expense", 61): "acc-270"})
    made = document(bill(due="1150.00"), [line(), expense()], rules=chosen)
    assert [row[2] for row in figures(made)] == ["210", "400"]


def test_an_expense_category_beats_the_default_too() -> None:
    made = document(bill(due="150.00"), [expense()], rules=rules(category_accounts={("expense", 15): "acc-210"}))
    assert [row[2] for row in figures(made)] == ["210"]


def test_a_category_without_an_account_takes_the_default() -> None:
    made = document(bill(), [line()], rules=rules(category_accounts={("service", 61): ""}))
    assert [row[2] for row in figures(made)] == ["200"]


def test_lines_stand_in_the_bills_order_then_by_id() -> None:
    lines = [
        line(5, amount="5.00"),
        line(4, amount="4.00", order=2),
        line(3, amount="3.00", order=1),
        line(2, amount="2.00", order=2),
    ]
    made = document(bill(due="14.00"), lines)
    assert [one.key for one in made.lines] == ["3", "2", "4", "5"]


def test_quantity_and_price_are_sent_where_they_give_clios_amount() -> None:
    (sent,) = document(bill(due="375.00"), [line(quantity="1.50", price="250.0", amount="375.00")]).lines
    assert (str(sent.quantity), str(sent.unit_amount), str(sent.amount)) == ("1.5", "250.00", "375.00")
    assert sent.description == "2026-04-20 · Drafting · Lease review · Ana Reyes"


def test_otherwise_the_amount_is_sent_once_with_the_hours_in_the_text() -> None:
    (sent,) = document(
        bill(due="80.00"), [line(quantity="0.33", price="250.00", sub_total="80.00", total="80.00")]
    ).lines
    assert (str(sent.quantity), str(sent.unit_amount), str(sent.amount)) == ("1", "80.00", "80.00")
    assert sent.description == "2026-04-20 · Drafting · Lease review · Ana Reyes · 0.33 h at 250"


def test_a_price_of_five_places_is_not_sent() -> None:
    priced = expense(quantity="100", price="0.12345", sub_total="12.35", total="12.35")
    (sent,) = document(bill(due="12.35"), [priced]).lines
    assert (str(sent.quantity), str(sent.unit_amount)) == ("1", "12.35")
    assert sent.description.endswith(" · 100 × 0.12345")


def test_a_hard_cost_without_quantity_is_sent_as_its_amount_and_says_no_quantity() -> None:
    (sent,) = document(bill(due="150.00"), [expense(quantity="0", price="150.00")]).lines
    assert (str(sent.quantity), str(sent.unit_amount)) == ("1", "150.00")
    assert sent.description == "2026-04-20 · Filing fees · Court filing · Ana Reyes"


@pytest.mark.parametrize(
    ("quantity", "price", "amount", "expected"),
    [
        ("4", "250.00", "1000.00", ("4", "250.00")),
        ("4.0000", "250", "1000.00", ("4", "250.00")),
        ("0.3333", "299.9999", "99.99", ("0.3333", "299.9999")),
        ("0.1", "33.35", "3.34", ("0.1", "33.35")),  # 3.335 is rounded half up
        ("0.1", "33.35", "3.33", None),
        ("0.33333", "300", "100.00", None),  # five places of quantity
        ("0.5", "0.00001", "0.00", None),  # five places of price
        ("0", "250.00", "0.00", None),  # Xero wants a quantity above zero
        ("-1", "250.00", "-250.00", None),
        ("1", "-250.00", "-250.00", ("1", "-250.00")),
        ("2", "0.125", "0.25", ("2", "0.125")),
        ("1000", "1", "1000.00", ("1000", "1.00")),
    ],
)
def test_quantity_and_price_must_give_the_amount_to_the_cent(
    quantity: str, price: str, amount: str, expected: tuple[str, str] | None
) -> None:
    found = quantity_and_price(quantity=Decimal(quantity), price=Decimal(price), amount=Decimal(amount))
    assert (found and (str(found[0]), str(found[1]))) == expected


def test_a_line_without_charge_is_text_only() -> None:
    free = line(31002, type="NoChargeLineItem", note="First call", quantity="0.5", amount="125.00")
    made = document(bill(), [line(), free])
    text = made.lines[1]
    assert (text.quantity, text.unit_amount, text.amount) == (None, None, None)
    assert (text.account_code, text.tax_type, text.tax_amount) == ("", "", None)
    assert text.description == "2026-04-20 · Drafting · First call · Ana Reyes · no charge (0.5 h)"


def test_a_summary_line_is_left_out() -> None:
    made = document(bill(), [line(), line(33001, type="SummaryLineItem", amount="1000.00")])
    assert [one.key for one in made.lines] == ["31001"]


def test_a_line_discount_is_a_negative_line_beside_its_line() -> None:
    lines = [line(total="900.00", discount=percent("10", "Old friend"), order=1), expense(order=2)]
    made = document(bill(due="1050.00"), lines)
    assert figures(made) == [
        ("31001", "1000.00", "200", NO_TAX),
        ("31001:discount", "-100.00", "200", NO_TAX),
        ("32001", "150.00", "400", NO_TAX),
    ]
    assert made.lines[1].description == "Discount of 10 % on Drafting · Old friend"
    assert (str(made.lines[1].quantity), str(made.lines[1].unit_amount)) == ("1", "-100.00")


def test_a_bill_discount_is_one_negative_line_for_each_account_and_tax_type() -> None:
    # 10 % of 1,000 + 500 + 150 = 165.00, shared 100.00 : 50.00 : 15.00
    lines = [
        line(1, taxable=True, tax="45.00"),
        line(2, amount="500.00"),
        expense(3),
    ]
    made = document(bill(due="1530.00", tax_rate="5", total_tax="45.00", discount=percent("10")), lines)
    assert figures(made)[3:] == [
        ("discount:0", "-50.00", "200", NO_TAX),
        ("discount:1", "-100.00", "200", GST),
        ("discount:2", "-15.00", "400", NO_TAX),
    ]
    assert made.lines[3].description == "Discount of 10 % on this bill"


def test_cents_of_a_bill_discount_go_to_the_largest_remainder() -> None:
    # 1.00 over 10.00 : 10.00 : 10.00 is 33 cents each and one cent over, which the first gets.
    chosen = rules(category_accounts={("service", 61): "acc-210", ("service", 62): "acc-270"})
    lines = [
        line(1, amount="10.00"),
        line(2, amount="10.00", service_category_id=62),
        line(3, amount="10.00", service_category_id=63),
    ]
    made = document(bill(due="29.00", discount=money("1.00")), lines, rules=chosen)
    assert figures(made)[3:] == [
        ("discount:0", "-0.34", "200", NO_TAX),
        ("discount:1", "-0.33", "210", NO_TAX),
        ("discount:2", "-0.33", "270", NO_TAX),
    ]


def test_a_discount_on_services_reduces_services_only() -> None:
    record = bill(due="1050.00", discount=percent("10"), discount_services_only=True)
    made = document(record, [line(), expense()])
    assert figures(made)[2:] == [("discount:0", "-100.00", "200", NO_TAX)]
    assert made.lines[2].description == "Discount of 10 % on services on this bill"


def test_a_discount_on_services_leaves_expenses_on_the_same_account_out_of_its_weights() -> None:
    chosen = rules(expenses_account="acc-200", category_accounts={("service", 62): "acc-210"})
    record = bill(due="2900.00", discount=money("100.00"), discount_services_only=True)
    lines = [line(1, amount="500.00"), line(2, amount="1500.00", service_category_id=62), expense(3, amount="1000.00")]
    # 100.00 over services of 500.00 on 200 and 1,500.00 on 210
    made = document(record, lines, rules=chosen)
    assert figures(made)[3:] == [
        ("discount:0", "-25.00", "200", NO_TAX),
        ("discount:1", "-75.00", "210", NO_TAX),
    ]


def test_a_bill_discount_is_shared_by_what_is_left_after_line_discounts() -> None:
    # 500.00 left of the service, 500.00 of the expense
    lines = [line(1, total="500.00", discount=money("500.00")), expense(2, amount="500.00")]
    made = document(bill(due="900.00", discount=money("100.00")), lines)
    assert [(key, amount) for key, amount, _, _ in figures(made)[3:]] == [
        ("discount:0", "-50.00"),
        ("discount:1", "-50.00"),
    ]


def test_a_negative_line_attracts_no_discount() -> None:
    lines = [line(1), expense(2, amount="-100.00")]
    made = document(bill(due="800.00", discount=money("100.00")), lines)
    assert figures(made)[2:] == [("discount:0", "-100.00", "200", NO_TAX)]


def test_money_off_is_described_without_a_rate() -> None:
    made = document(bill(due="950.00", discount=money("50.00", "Prompt payer")), [line()])
    assert made.lines[1].description == "Discount on this bill · Prompt payer"


def test_interest_is_one_line_on_the_interest_account_untaxed() -> None:
    record = bill(due="1062.00", tax_rate="5", total_tax="50.00", interest_total="12.00")
    made = document(record, [line(taxable=True, tax="50.00")])
    assert figures(made) == [("31001", "1000.00", "200", GST), ("interest", "12.00", "270", NO_TAX)]
    assert made.lines[1].description == "Interest"


def test_interest_that_due_does_not_hold_is_not_on_the_invoice() -> None:
    made = document(bill(due="1000.00", interest_total="12.00"), [line()])
    assert [one.key for one in made.lines] == ["31001"]


def test_interest_that_a_bill_of_its_own_carries_is_not_on_the_invoice() -> None:
    made = document(bill(due="1012.00", interest_total="12.00"), [line()], interest_billed=Decimal("12.00"))
    assert [one.key for one in made.lines] == ["31001"]
    assert made.total == Decimal("1000.00")


def test_interest_needs_no_account_where_there_is_none() -> None:
    assert document(bill(), [line()], rules=rules(interest_account="")).lines


def test_clios_own_interest_bill_has_one_line() -> None:
    record = bill(id=9002, number="1043", due="12.00", interest_total="12.00", original_bill_id=9001)
    made = document(record, [])
    assert figures(made) == [("interest", "12.00", "270", NO_TAX)]


def test_a_bill_without_lines_says_so_in_a_text_line() -> None:
    made = document(bill(due="0.00", subject="Pro bono advice"), [])
    assert figures(made) == [("empty", None, "", "")]
    assert made.lines[0].description == "Pro bono advice · no charge"


def test_a_line_of_another_kind_blocks() -> None:
    found = blocked(bill(), [line(kind="Product")])
    assert found.code == "line_kind_unknown"
    assert found.details == {"line": "31001"}


def test_every_line_tells_what_it_was_made_from() -> None:
    one = line(taxable=True, tax="50.00")
    record = bill(due="1062.00", tax_rate="5", total_tax="50.00", interest_total="12.00")
    made = document(record, [one])
    assert (made.lines[0].coding, made.lines[0].record_digest) == ("service:61:primary", one.digest)
    assert made.lines[1].coding == "interest::none"
