"""The case table of a bill's arithmetic. Every expected figure is worked out by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from syncengine.domain.mapping.totals import Mismatch, Settled, settle_totals
from syncengine.domain.records import BillRecord, LineRecord
from tests.unit.domain.makers import bill, expense, line, money, percent


def settled(record: BillRecord, lines: Sequence[LineRecord], **more: Any) -> Settled:
    found = settle_totals(bill=record, lines=lines, **more)
    assert isinstance(found, Settled), found
    return found


def mismatch(record: BillRecord, lines: Sequence[LineRecord], **more: Any) -> Mismatch:
    found = settle_totals(bill=record, lines=lines, **more)
    assert isinstance(found, Mismatch), found
    return found


@dataclass(frozen=True)
class Case:
    """A bill with its lines, and what they come to: amounts and discounts of the lines, in their order."""

    bill: BillRecord
    lines: Sequence[LineRecord]
    amounts: str
    discounts: str = ""
    bill_discount: str = "0.00"
    interest: str = "0.00"
    tax: str = "0.00"


CASES: dict[str, Case] = {
    "one line": Case(bill(due="1000.00"), [line()], "1000.00"),
    "no lines and nothing due": Case(bill(due="0.00"), [], ""),
    "service and expense, both taxed 5 %": Case(
        bill(due="1207.50", tax_rate="5", total_tax="57.50"),
        [line(taxable=True, tax="50.00"), expense(taxable=True, tax="7.50")],
        "1000.00 150.00",
        tax="57.50",
    ),
    "total is after the line's discount of 10 %": Case(
        bill(due="900.00"), [line(total="900.00", discount=percent("10"))], "1000.00", discounts="100.00"
    ),
    "total is as before although there is a discount of 10 %": Case(
        bill(due="900.00"), [line(total="1000.00", discount=percent("10"))], "1000.00", discounts="100.00"
    ),
    "total is as before although there is a discount of 33.33": Case(
        bill(due="966.67"), [line(total="1000.00", discount=money("33.33"))], "1000.00", discounts="33.33"
    ),
    "total includes tax": Case(
        bill(due="1050.00", tax_rate="5", total_tax="50.00"),
        [line(total="1050.00", taxable=True, tax="50.00")],
        "1000.00",
        tax="50.00",
    ),
    "total includes tax, and interest happens to be as much": Case(
        bill(due="1100.00", tax_rate="5", total_tax="50.00", interest_total="50.00"),
        [line(total="1050.00", taxable=True, tax="50.00")],
        "1000.00",
        interest="50.00",
        tax="50.00",
    ),
    "total includes tax and is after a discount of 100.00": Case(
        bill(due="945.00", tax_rate="5", total_tax="45.00"),
        [line(total="945.00", taxable=True, tax="45.00", discount=money("100.00"))],
        "1000.00",
        discounts="100.00",
        tax="45.00",
    ),
    "total includes tax and is after 10 % off the amount with tax": Case(
        bill(due="945.00", tax_rate="5", total_tax="50.00"),
        [line(total="945.00", taxable=True, tax="50.00", discount=percent("10"))],
        "1000.00",
        discounts="105.00",
        tax="50.00",
    ),
    "sub_total is after the discount already": Case(
        bill(due="900.00"),
        [line(sub_total="900.00", total="900.00", discount=percent("10"))],
        "1000.00",
        discounts="100.00",
    ),
    "sub_total is after a discount that quantity and price do not explain": Case(
        bill(due="870.00"), [line(sub_total="870.00", total="900.00", discount=percent("10"))], "870.00"
    ),
    "a total that differs from sub_total without any discount": Case(
        bill(due="990.00"), [line(total="990.00")], "990.00"
    ),
    "a discount of 0 % on a line explains nothing": Case(
        bill(due="990.00"), [line(total="990.00", discount=percent("0"))], "990.00"
    ),
    "both taxes": Case(
        bill(due="1120.00", tax_rate="5", secondary_tax_rate="7", total_tax="120.00"),
        [line(taxable=True, tax="50.00", secondary_taxable=True, secondary_tax="70.00")],
        "1000.00",
        tax="120.00",
    ),
    "the bill states no tax, its lines do": Case(
        bill(due="1050.00", tax_rate="5", total_tax="0.00"), [line(taxable=True, tax="50.00")], "1000.00", tax="50.00"
    ),
    "the bill's tax is rounded once, its lines' twice": Case(
        bill(due="20.91", tax_rate="4.55", total_tax="0.91"),
        [line(1, amount="10.00", taxable=True, tax="0.46"), line(2, amount="10.00", taxable=True, tax="0.46")],
        "10.00 10.00",
        tax="0.91",
    ),
    "10 % off the bill": Case(
        bill(due="1035.00", discount=percent("10")), [line(), expense()], "1000.00 150.00", bill_discount="115.00"
    ),
    "10 % off services only": Case(
        bill(due="1050.00", discount=percent("10"), discount_services_only=True),
        [line(), expense()],
        "1000.00 150.00",
        bill_discount="100.00",
    ),
    "a percentage is rounded half up: 2.5 % of 100.20 is 2.505": Case(
        bill(due="97.69", discount=percent("2.5")), [line(amount="100.20")], "100.20", bill_discount="2.51"
    ),
    "a percentage that Clio rounded down may be one cent off": Case(
        bill(due="97.70", discount=percent("2.5")), [line(amount="100.20")], "100.20", bill_discount="2.50"
    ),
    "50.00 off the bill": Case(
        bill(due="1100.00", discount=money("50.00")), [line(), expense()], "1000.00 150.00", bill_discount="50.00"
    ),
    "money off is never more than the lines": Case(
        bill(due="0.00", discount=money("5000.00")), [line()], "1000.00", bill_discount="1000.00"
    ),
    "10 % off the bill, tax after the discount": Case(
        bill(due="945.00", tax_rate="5", total_tax="45.00", discount=percent("10")),
        [line(taxable=True, tax="45.00")],
        "1000.00",
        bill_discount="100.00",
        tax="45.00",
    ),
    "10 % off the bill with its tax": Case(
        bill(due="945.00", tax_rate="5", total_tax="50.00", discount=percent("10")),
        [line(taxable=True, tax="50.00")],
        "1000.00",
        bill_discount="105.00",
        tax="50.00",
    ),
    "10 % off services with their tax": Case(
        bill(due="1102.50", tax_rate="5", total_tax="57.50", discount=percent("10"), discount_services_only=True),
        [line(taxable=True, tax="50.00"), expense(taxable=True, tax="7.50")],
        "1000.00 150.00",
        bill_discount="105.00",
        tax="57.50",
    ),
    "a discount on a line and one on the bill": Case(
        bill(due="855.00", discount=percent("5")),
        [line(total="900.00", discount=percent("10"))],
        "1000.00",
        discounts="100.00",
        bill_discount="45.00",
    ),
    "a discount of nothing": Case(bill(due="1000.00", discount=percent("0")), [line()], "1000.00"),
    "interest": Case(bill(due="1012.00", interest_total="12.00"), [line()], "1000.00", interest="12.00"),
    "interest that due does not hold": Case(bill(due="1000.00", interest_total="12.00"), [line()], "1000.00"),
    "a bill of interest alone": Case(
        bill(due="12.00", interest_total="12.00", original_bill_id=9000), [], "", interest="12.00"
    ),
    "paid in part and credited in part": Case(
        bill(due="1000.00", paid="600.00", credits_issued="107.50", balance="292.50"), [line()], "1000.00"
    ),
    "a summary line counts nothing": Case(
        bill(due="1150.00"),
        [line(), expense(), line(33001, type="SummaryLineItem", kind="Expense", amount="150.00")],
        "1000.00 150.00",
    ),
    "a line without charge counts nothing, whatever it says": Case(
        bill(due="1000.00"),
        [line(), line(31002, type="NoChargeLineItem", amount="300.00", taxable=True, tax="15.00")],
        "1000.00 0.00",
    ),
    "a negative line": Case(bill(due="800.00"), [line(), line(31002, amount="-200.00")], "1000.00 -200.00"),
    "fractions of a cent are rounded half up": Case(
        bill(due="3.34"), [line(sub_total="3.335", total="3.335", quantity="0.1", price="33.35")], "3.34"
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_bill_adds_up(name: str) -> None:
    case = CASES[name]
    found = settled(case.bill, case.lines)
    assert [str(one.amount) for one in found.lines] == case.amounts.split()
    assert [str(one.discount) for one in found.lines] == (case.discounts.split() or ["0.00"] * len(found.lines))
    assert str(found.bill_discount) == case.bill_discount
    assert (str(found.interest), str(found.total_tax)) == (case.interest, case.tax)
    assert found.total == case.bill.due


NOT: dict[str, tuple[BillRecord, list[LineRecord]]] = {
    "one cent is missing": (bill(due="1000.01"), [line()]),
    "tax is missing from due": (bill(due="1000.00", tax_rate="5", total_tax="50.00"), [line(taxable=True)]),
    "a discount is stated and not taken": (bill(due="1000.00", discount=percent("10")), [line()]),
    "money off may not be one cent off": (bill(due="949.99", discount=money("50.00")), [line()]),
    "a percentage may not be two cents off": (bill(due="97.71", discount=percent("2.5")), [line(amount="100.20")]),
    "a discount of nothing may not be one cent off": (bill(due="999.99", discount=percent("0")), [line()]),
    "interest counted twice": (bill(due="1024.00", interest_total="12.00"), [line()]),
    "only what is unpaid is due": (bill(due="1000.00", balance="999.00"), [line()]),
    "credits are not in the balance": (bill(due="1000.00", credits_issued="10.00", balance="1000.00"), [line()]),
    "only a summary line": (bill(due="150.00"), [line(33001, type="SummaryLineItem", amount="150.00")]),
    "services only, taken off expenses too": (
        bill(due="1035.00", discount=percent("10"), discount_services_only=True),
        [line(), expense()],
    ),
}


@pytest.mark.parametrize("name", NOT)
def test_a_bill_does_not_add_up(name: str) -> None:
    record, lines = NOT[name]
    mismatch(record, lines)


def test_a_mismatch_carries_all_figures() -> None:
    found = mismatch(
        bill(
            due="1024.00",
            sub_total="900.00",
            total_tax="45.00",
            interest_total="12.00",
            total="1057.00",
            paid="24.00",
            credits_issued="100.00",
            balance="900.00",
            tax_rate="5",
            discount=percent("10"),
        ),
        [line(total="900.00", tax="45.00", taxable=True, discount=percent("10"))],
    )
    assert found.message == "The bill's lines do not add up"
    assert found.figures == {
        "lines before discount": "1000.00",
        "lines": "900.00",
        "tax on lines": "45.00",
        "sub-total": "900.00",
        "tax": "45.00",
        "interest": "12.00",
        "total": "1057.00",
        "due": "1024.00",
        "paid": "24.00",
        "credits": "100.00",
        "balance": "900.00",
        "bill discount": "10 %",
    }


def test_a_mismatch_of_the_balance_says_so() -> None:
    found = mismatch(bill(due="1000.00", balance="999.00"), [line()])
    assert found.message == "The bill's balance is not what is due less payments and credits"
    assert found.figures["bill discount"] == "none"


def test_it_does_not_count_summaries_and_free_lines_among_the_figures_shown() -> None:
    found = mismatch(
        bill(due="1.00"),
        [line(), line(2, type="SummaryLineItem", amount="7.00"), line(3, type="NoChargeLineItem", amount="9.00")],
    )
    assert found.figures["lines"] == "1000.00"
    assert found.figures["lines before discount"] == "1000.00"


def test_an_exact_discount_goes_before_one_that_is_a_cent_off() -> None:
    # Exact with the lines' tax of 0.92; a cent off with the bill's tax of 0.91.
    record = bill(due="18.92", tax_rate="4.55", total_tax="0.91", discount=percent("10"))
    found = settled(record, [line(n, amount="10.00", taxable=True, tax="0.46") for n in (1, 2)])
    assert (found.bill_discount, found.total_tax) == (Decimal("2.00"), Decimal("0.92"))


def test_lines_keep_the_order_in_which_they_were_given() -> None:
    found = settled(bill(due="1150.00"), [expense(), line()])
    assert [one.line.id for one in found.lines] == [32001, 31001]


@pytest.mark.parametrize(
    ("due", "interest", "total"),
    [
        pytest.param("1012.00", "0.00", "1000.00", id="due still holds it"),
        pytest.param("1000.00", "0.00", "1000.00", id="due does not hold it any more"),
    ],
)
def test_interest_that_has_a_bill_of_its_own_is_never_counted_here(due: str, interest: str, total: str) -> None:
    found = settled(bill(due=due, interest_total="12.00"), [line()], interest_billed=Decimal("12.00"))
    assert (str(found.interest), str(found.total)) == (interest, total)


@pytest.mark.parametrize(
    ("due", "interest", "total"),
    [
        pytest.param("1012.00", "5.00", "1005.00", id="due holds all of it"),
        pytest.param("1005.00", "5.00", "1005.00", id="due holds what has no bill"),
        pytest.param("1000.00", "0.00", "1000.00", id="due holds none"),
    ],
)
def test_interest_that_has_a_bill_of_its_own_in_part_is_counted_in_part(due: str, interest: str, total: str) -> None:
    found = settled(bill(due=due, interest_total="12.00"), [line()], interest_billed=Decimal("7.00"))
    assert (str(found.interest), str(found.total)) == (interest, total)
