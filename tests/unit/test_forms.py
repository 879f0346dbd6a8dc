"""Forms check, and say the way out."""

from datetime import date
from decimal import Decimal

import pytest

from syncengine.domain.chart import Chart
from syncengine.forms import BillFilterForm, CategoriesForm, XeroSettingsForm
from syncengine.models import SyncSettings
from syncengine.pages.bill_filter import BillFilter
from syncengine.pages.reference import Category, ClioTax, Reference
from tests.unit.pages.makers import CHART, rate

GOOD = {
    "export_bills": "on",
    "time_entries_account": "a-sales",
    "expenses_account": "a-costs",
    "tax_none": "NONE",
    "only_approved_bills": "on",
}


FEES_ONLY = rate("TAX005", "GST on fees only", "6", can_apply_to_expenses=False, can_apply_to_assets=False)


def form(
    posted: dict[str, str] | None = None, *, saved: SyncSettings | None = None, ids_fixed: bool = False
) -> XeroSettingsForm:
    """The form as posted with `posted` over what is good; "-" leaves a field out."""
    data = {name: value for name, value in {**GOOD, **(posted or {})}.items() if value != "-"}
    chart = Chart(CHART.accounts, {**CHART.tax_rates, "TAX005": FEES_ONLY})
    return XeroSettingsForm(data, chart=chart, saved=saved, ids_fixed=ids_fixed)


def test_it_accepts_what_a_firm_needs_and_ignores_fields_it_does_not_know() -> None:
    checked = form({"sync_hard_costs": "on", "version": ""})
    assert checked.is_valid()
    assert checked.cleaned_data["version"] is None
    assert checked.cleaned_data["export_bills"] is True
    assert "sync_hard_costs" not in checked.cleaned_data


@pytest.mark.parametrize("name", ["time_entries_account", "expenses_account", "tax_none"])
def test_exporting_needs_the_mappings_without_which_nothing_can_be_sent(name: str) -> None:
    checked = form({name: ""})
    assert list(checked.errors) == [name]
    assert "without one" in checked.errors[name][0]


def test_without_the_export_nothing_has_to_be_chosen() -> None:
    assert form({"export_bills": "-", "time_entries_account": "", "expenses_account": "", "tax_none": ""}).is_valid()


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("time_entries_account", "an-account-of-another-firm", "not in the connected Xero chart"),
        ("time_entries_account", "a-costs", "does not fit Time Entries"),
        ("interest_account", "a-costs", "does not fit Interest"),
        ("expenses_account", "a-bank", "does not fit Expenses"),
        ("expenses_account", "a-gst", "does not fit Expenses"),
        ("time_entries_account", "a-old", "archived in Xero"),
        ("credit_notes_account", "a-bank", "does not fit Credit Notes"),
        ("credit_notes_account", "a-deposits", "does not fit Credit Notes"),
        ("clio_payments_account", "a-sales", "does not fit Clio Payments"),
        ("payment_bank_account", "a-sales", "does not fit Match Clio payments"),
        ("payment_bank_account", "an-account-of-another-firm", "not in the connected Xero chart"),
        ("interest_account", "a-nocode", "no code in Xero"),
        ("tax_primary", "INPUT", "cannot be applied to sales"),
        ("tax_both", "TAX009", "not active in Xero"),
        ("tax_none", "MADE-UP", "not in the connected Xero organisation"),
        ("bills_issued_from", "31/01/2026", "like 2026-01-31"),
    ],
)
def test_a_wrong_value_is_refused_at_its_own_field_with_the_way_out(name: str, value: str, words: str) -> None:
    checked = form({name: value})
    assert list(checked.errors) == [name]
    assert words in checked.errors[name][0]


def test_an_account_that_was_archived_since_it_was_saved_may_stay() -> None:
    assert form({"time_entries_account": "a-old"}, saved=SyncSettings(time_entries_account="a-old")).is_valid()
    assert form({"tax_primary": "TAX009"}, saved=SyncSettings(tax_primary="TAX009")).is_valid()


def test_a_range_that_ends_before_it_begins_is_refused_and_one_day_is_a_range() -> None:
    wrong = form({"bills_issued_from": "2026-03-01", "bills_issued_to": "2026-02-28"})
    assert list(wrong.errors) == ["bills_issued_to"]
    assert "2026-03-01" in wrong.errors["bills_issued_to"][0]
    one_day = form({"bills_issued_from": "2026-03-01", "bills_issued_to": "2026-03-01"})
    assert one_day.is_valid()
    assert one_day.cleaned_data["bills_issued_to"] == date(2026, 3, 1)


def test_an_account_for_credit_notes_must_take_the_sales_tax_in_use() -> None:
    refused = form({"credit_notes_account": "a-prepaid", "tax_primary": "TAX005"})
    assert list(refused.errors) == ["credit_notes_account"]
    assert "620 – Client costs advanced is an asset account" in refused.errors["credit_notes_account"][0]
    assert "GST on fees only" in refused.errors["credit_notes_account"][0]
    assert form({"credit_notes_account": "a-prepaid", "tax_primary": "OUTPUT"}).is_valid()
    assert form({"credit_notes_account": "a-sales", "tax_primary": "TAX005"}).is_valid()


def test_an_expenses_account_that_does_not_take_the_tax_may_be_saved_and_is_told_of() -> None:
    told = form({"expenses_account": "a-costs", "tax_primary": "TAX005"})
    assert told.is_valid()
    assert "310 – Disbursements is an expense account" in told.refused_taxes("expenses_account")
    fits = form({"expenses_account": "a-costs", "tax_primary": "OUTPUT"})
    assert fits.is_valid()
    assert fits.refused_taxes("expenses_account") == ""


def test_a_part_of_the_form_asks_for_its_own_fields_alone() -> None:
    part = XeroSettingsForm(
        {"expenses_account": "", "only_approved_bills": "on", "bills_issued_from": "nonsense"},
        chart=CHART,
        saved=None,
        ids_fixed=False,
        names=("expenses_account", "only_approved_bills"),
        will_export=True,
    )
    assert list(part.errors) == ["expenses_account"]
    assert "time_entries_account" not in part.cleaned_data


def test_ids_stay_appended_whatever_is_posted_where_there_is_no_choice() -> None:
    fixed, free = form(ids_fixed=True), form(ids_fixed=False)
    assert fixed.is_valid()
    assert free.is_valid()
    assert fixed.cleaned_data["append_contact_ids"] is True
    assert free.cleaned_data["append_contact_ids"] is False


REFERENCE = Reference(
    chart=CHART,
    clio_tax=ClioTax(),
    categories=(
        Category("service", 11, "Advice", ""),
        Category("service", 12, "Court", "201"),
        Category("expense", 21, "Couriers", "999"),
    ),
    refreshed_at=None,
)


def test_saving_the_categories_page_untouched_chooses_nothing() -> None:
    checked = CategoriesForm(
        {"service-11": "", "service-12": "a-fees", "expense-21": "clio"}, reference=REFERENCE, chosen={}
    )
    assert checked.is_valid()
    assert checked.wanted() == {("service", 11): None, ("service", 12): None, ("expense", 21): None}


def test_a_firm_may_choose_an_account_or_the_default_over_what_clio_holds() -> None:
    checked = CategoriesForm(
        {"service-11": "a-costs", "service-12": "", "expense-21": "a-prepaid"}, reference=REFERENCE, chosen={}
    )
    assert checked.is_valid()
    assert checked.wanted() == {("service", 11): "a-costs", ("service", 12): "", ("expense", 21): "a-prepaid"}


def test_a_category_that_was_not_posted_stays_and_an_unknown_one_is_ignored() -> None:
    checked = CategoriesForm({"service-11": "", "service-99": "a-sales"}, reference=REFERENCE, chosen={})
    assert checked.is_valid()
    assert checked.wanted() == {("service", 11): None}


def test_a_choice_that_clio_holds_too_stays_the_firms_own() -> None:
    checked = CategoriesForm({"service-12": "a-fees"}, reference=REFERENCE, chosen={("service", 12): "a-fees"})
    assert checked.is_valid()
    assert checked.wanted() == {("service", 12): "a-fees"}


def test_an_account_that_cannot_take_bills_is_refused_at_its_category() -> None:
    checked = CategoriesForm({"service-11": "a-bank", "service-12": "a-old"}, reference=REFERENCE, chosen={})
    assert set(checked.errors) == {"service-11", "service-12"}


def test_the_filter_is_read_as_far_as_it_makes_sense() -> None:
    checked = BillFilterForm(
        {
            "state": "refused",
            "text": " 1042 ",
            "issued_from": "yesterday",
            "amount_from": "1e400",
            "sort": "x",
            "page": "0",
        }
    )
    assert checked.chosen() == BillFilter(state="refused", text="1042")
    assert set(checked.faults()) == {"issued_from", "amount_from"}


def test_a_whole_filter_is_understood() -> None:
    checked = BillFilterForm(
        {"issued_to": "2026-02-28", "amount_from": "0.50", "amount_to": "100", "sort": "-client", "page": "7"}
    )
    assert checked.chosen() == BillFilter(
        issued_to=date(2026, 2, 28), amount_from=Decimal("0.50"), amount_to=Decimal(100), sort="-client", page=7
    )
    assert checked.faults() == {}
