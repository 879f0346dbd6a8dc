"""What the settings may choose from."""

from decimal import Decimal

import pytest

from syncengine.domain.chart import Standing, Use, chart_from_payloads, mark_of
from tests.unit.pages.makers import CHART, SALES, account, chart_of, rate


def test_it_offers_only_revenue_accounts_for_time_entries_and_interest() -> None:
    assert [one.code for one in CHART.choices(Use.SERVICES)] == ["200", "201"]


def test_it_offers_revenue_expense_current_asset_and_liability_accounts_for_expenses() -> None:
    assert [one.code for one in CHART.choices(Use.EXPENSES)] == ["200", "201", "310", "620", "850"]


def test_it_offers_revenue_and_asset_accounts_but_no_bank_for_credit_notes() -> None:
    assert [one.code for one in CHART.choices(Use.CREDIT_NOTES)] == ["200", "201", "620", "710"]


def test_it_offers_banks_and_accounts_that_take_payments_for_payments() -> None:
    clearing = account("a-clearing", "880", "Clearing", "CURRENT", "ASSET", takes_payments=True)
    debtors = account("a-debtors", "610", "Receivable", "CURRENT", "ASSET", takes_payments=True, system_account="X")
    chart = chart_of([*CHART.accounts.values(), clearing, debtors])
    assert [one.code for one in chart.choices(Use.PAYMENTS)] == ["090", "095", "880"]


def test_an_account_that_only_payments_could_use_counts_as_left_out_without_its_code() -> None:
    nameless = account("a-till", "", "Till", "BANK", "ASSET")
    assert chart_of([nameless]).without_code() == 1


@pytest.mark.parametrize(
    ("account_id", "refused"), [("a-costs", ["HST"]), ("a-sales", []), ("a-prepaid", []), ("unknown", [])]
)
def test_it_names_the_chosen_rates_that_an_account_of_that_class_does_not_take(
    account_id: str, refused: list[str]
) -> None:
    chart = chart_of(
        list(CHART.accounts.values()),
        [rate("NONE", "No Tax", "0"), rate("OUTPUT", "HST", "13", can_apply_to_expenses=False)],
    )
    found = chart.refused_rates(account_id=account_id, tax_types=["OUTPUT", "NONE", "OUTPUT", ""])
    assert [one.name for one in found] == refused


def test_it_counts_the_accounts_left_out_for_having_no_code() -> None:
    assert CHART.without_code() == 1


@pytest.mark.parametrize(
    ("account_id", "use", "standing"),
    [
        ("a-sales", Use.SERVICES, Standing.USABLE),
        ("a-costs", Use.SERVICES, Standing.UNFIT),
        ("a-costs", Use.EXPENSES, Standing.USABLE),
        ("a-bank", Use.EXPENSES, Standing.UNFIT),
        ("a-card", Use.EXPENSES, Standing.UNFIT),
        ("a-bank", Use.CREDIT_NOTES, Standing.UNFIT),
        ("a-costs", Use.CREDIT_NOTES, Standing.UNFIT),
        ("a-bank", Use.PAYMENTS, Standing.USABLE),
        ("a-sales", Use.PAYMENTS, Standing.UNFIT),
        ("a-gst", Use.EXPENSES, Standing.UNFIT),
        ("a-old", Use.SERVICES, Standing.ARCHIVED),
        ("a-nocode", Use.SERVICES, Standing.NO_CODE),
        ("of-another-firm", Use.SERVICES, Standing.UNKNOWN),
    ],
)
def test_it_says_how_an_account_stands(account_id: str, use: Use, standing: Standing) -> None:
    assert CHART.account_standing(account_id, use) is standing


def test_a_purchase_rate_does_not_stand_for_sales() -> None:
    assert CHART.tax_standing("INPUT") is Standing.UNFIT
    assert CHART.tax_standing("TAX009") is Standing.ARCHIVED
    assert CHART.tax_standing("OUTPUT") is Standing.USABLE
    assert "INPUT" not in [one.tax_type for one in CHART.tax_choices()]


def test_it_suggests_the_one_active_sales_rate_of_equal_percentage() -> None:
    assert CHART.suggested_tax(Decimal(13)) == "OUTPUT"
    assert CHART.suggested_tax(Decimal("7.0")) == "TAX002"


def test_it_suggests_nothing_where_several_rates_are_equal_or_none_is() -> None:
    assert CHART.suggested_tax(Decimal(5)) == ""
    assert CHART.suggested_tax(Decimal(8)) == ""
    assert CHART.suggested_tax(Decimal(20)) == ""


def test_it_suggests_the_no_tax_rate_for_the_untaxed_case_only_where_there_is_one() -> None:
    assert CHART.suggested_tax(None) == "NONE"
    assert chart_of([SALES], [rate("OUTPUT", "GST", "15")]).suggested_tax(None) == ""


def test_a_category_may_name_an_account_by_its_code_or_by_its_id() -> None:
    by_code, by_id = CHART.account_holding("310"), CHART.account_holding("a-costs")
    assert by_code is not None
    assert by_code.name == "Disbursements"
    assert by_id == by_code
    assert CHART.account_holding("999") is None
    assert CHART.account_holding("") is None


def test_it_reads_the_plain_values_of_the_reference_lists() -> None:
    chart = chart_from_payloads(
        accounts=[
            {
                "account_id": "x1",
                "code": "200",
                "name": "Sales",
                "type": "REVENUE",
                "account_class": "REVENUE",
                "status": "ACTIVE",
                "tax_type": "OUTPUT",
                "currency": "",
                "takes_payments": False,
                "system_account": "",
            }
        ],
        tax_rates=[
            {
                "tax_type": "OUTPUT",
                "name": "HST",
                "status": "ACTIVE",
                "effective_rate": "13.0000",
                "can_apply_to_revenue": True,
                "can_apply_to_expenses": False,
            }
        ],
    )
    assert chart.accounts["x1"].label == "200 – Sales"
    assert chart.tax_rates["OUTPUT"].effective_rate == Decimal(13)


def test_the_mark_of_choices_moves_with_every_choice_and_not_with_their_order() -> None:
    two = mark_of({("service", 1): "a", ("expense", 2): ""})
    assert two == mark_of({("expense", 2): "", ("service", 1): "a"})
    assert two != mark_of({("service", 1): "a"})
    assert two != mark_of({("service", 1): "b", ("expense", 2): ""})
