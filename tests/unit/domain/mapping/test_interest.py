"""Interest charged after a bill was sent becomes an invoice of its own (BEHAVIOUR §5, Interest)."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from syncengine.domain.documents import Blocked, InvoiceDocument, Waiting
from syncengine.domain.mapping.interest import map_interest_charge, unbilled_charges
from syncengine.domain.money_records import InterestCharge
from syncengine.domain.rules import Organisation
from tests.unit.domain.makers import NO_TAX, bill, rules

DAY = dt.date(2026, 6, 30)


def charge(charge_id: int = 501, total: str = "12.50", days: int = 0, **changes: Any) -> InterestCharge:
    values: dict[str, Any] = {"date": DAY + dt.timedelta(days=days), "description": "Interest", **changes}
    return InterestCharge(charge_id, 9001, total=Decimal(total), **values)


def mapped(one: InterestCharge, number: str = "1042", **changes: Any) -> Any:
    return map_interest_charge(charge=one, bill=bill(), rules=rules(**changes), contact_id="contact-1", number=number)


def test_it_is_dated_and_due_on_the_charge_date_untaxed_on_the_interest_account_with_the_bills_address() -> None:
    made = mapped(charge())
    assert isinstance(made, InvoiceDocument)
    assert (made.number, made.reference) == ("1042-INT-501", "Interest on bill 1042")
    assert (made.date, made.due_date, made.currency, made.status) == (DAY, DAY, "CAD", "AUTHORISED")
    assert made.url == rules().bill_url(9001)
    (line,) = made.lines
    assert (line.amount, line.account_code, line.tax_type) == (Decimal("12.50"), "270", NO_TAX)
    assert (made.total, made.total_tax) == (Decimal("12.50"), Decimal(0))


def test_a_long_number_is_cut_so_that_the_charge_fits() -> None:
    made = mapped(charge(), number="9" * 255)
    assert len(made.number) == 255
    assert made.number.endswith("-INT-501")


def test_one_in_a_locked_period_waits_and_one_without_date_or_account_is_blocked() -> None:
    assert isinstance(mapped(charge(), organisation=Organisation(base_currency="CAD", period_lock=DAY)), Waiting)
    assert isinstance(mapped(charge(date=None)), Blocked)
    assert isinstance(mapped(charge(), interest_account=""), Blocked)


@pytest.mark.parametrize(
    ("charges", "own_bills", "later", "expected"),
    [
        ([charge()], [], "12.50", [501]),
        ([charge()], [], "0.00", []),
        ([charge(1, "5.00", -30), charge(2, "7.50")], [], "7.50", [2]),
        ([charge(1, "5.00", -30), charge(2, "7.50")], [], "12.50", [1, 2]),
        ([charge(2, "7.50"), charge(1, "5.00", -30)], [], "12.50", [1, 2]),
        ([charge(1, "5.00"), charge(2, "7.50")], ["7.50"], "5.00", [1]),
        ([charge(1, "5.00"), charge(2, "7.50")], [], "6.00", None),
        ([charge(1, "5.00")], [], "6.00", None),
    ],
)
def test_the_latest_charges_that_no_bill_of_their_own_carries_explain_later_interest(
    charges: list[InterestCharge], own_bills: list[str], later: str, expected: list[int] | None
) -> None:
    found = unbilled_charges(charges=charges, own_bills=[Decimal(one) for one in own_bills], later=Decimal(later))
    assert (None if found is None else [one.id for one in found]) == expected
