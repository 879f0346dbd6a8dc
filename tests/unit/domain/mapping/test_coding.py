"""Accounts and tax types by the present rules, and what is said when they cannot be used."""

import pytest

from syncengine.domain.documents import Blocked
from syncengine.domain.mapping.coding import Coding, code_interest, code_line, coding_text, find_tax, tax_case
from tests.unit.domain.makers import (
    BOTH,
    GST,
    NO_TAX,
    PST,
    account,
    bill,
    blocked,
    document,
    expense,
    line,
    rules,
    tax_rate,
)


@pytest.mark.parametrize(
    ("taxable", "secondary", "rate", "secondary_rate", "case"),
    [
        (False, False, "5", "7", "none"),
        (True, False, "5", "7", "primary"),
        (False, True, "5", "7", "secondary"),
        (True, True, "5", "7", "both"),
        (True, True, "5", "0", "primary"),
        (True, True, "0", "7", "secondary"),
        (True, True, "0", "0", "none"),
    ],
)
def test_the_tax_case_needs_a_flag_and_a_rate(
    taxable: bool, secondary: bool, rate: str, secondary_rate: str, case: str
) -> None:
    record = bill(tax_rate=rate, secondary_tax_rate=secondary_rate)
    assert tax_case(bill=record, line=line(taxable=taxable, secondary_taxable=secondary)) == case


def test_tax_on_the_line_counts_where_the_bill_tells_no_rate() -> None:
    assert tax_case(bill=bill(), line=line(taxable=True, tax="50.00")) == "primary"
    assert tax_case(bill=bill(), line=line(secondary_taxable=True, secondary_tax="70.00")) == "secondary"


def test_tax_on_a_line_that_is_not_taxable_does_not_count() -> None:
    assert tax_case(bill=bill(tax_rate="5"), line=line(tax="50.00")) == "none"


@pytest.mark.parametrize(("case", "tax_type"), [("none", NO_TAX), ("primary", GST), ("secondary", PST), ("both", BOTH)])
def test_each_tax_case_has_its_own_rate(case: str, tax_type: str) -> None:
    assert find_tax(case=case, rules=rules()) == tax_type  # type: ignore[arg-type]


def test_the_coding_text_names_kind_category_and_tax_case() -> None:
    record = bill(tax_rate="5")
    assert coding_text(bill=record, line=line(taxable=True)) == "service:61:primary"
    assert coding_text(bill=record, line=expense(taxable=True, expense_category_id=None)) == "expense::primary"


def test_a_service_is_coded_by_its_activity_category_only() -> None:
    chosen = rules(category_accounts={("expense", 15): "acc-210"})
    mixed = line(service_category_id=None, expense_category_id=15)
    assert code_line(bill=bill(), line=mixed, rules=chosen) == Coding("200", NO_TAX)


@pytest.mark.parametrize(
    ("field", "record_line", "words"),
    [
        ("time_entries_account", line(), "Time Entries"),
        ("expenses_account", expense(), "Expenses"),
    ],
)
def test_a_missing_account_blocks_and_names_the_field(field: str, record_line: object, words: str) -> None:
    found = code_line(bill=bill(), line=record_line, rules=rules(**{field: ""}))  # type: ignore[arg-type]
    assert isinstance(found, Blocked)
    assert (found.code, found.field, found.cause) == ("account_missing", field, field)
    assert found.message == f"No Xero account is chosen for {words}"
    assert words in found.remedy


def test_a_missing_interest_account_blocks_a_bill_with_interest() -> None:
    found = blocked(bill(due="1012.00", interest_total="12.00"), [line()], rules=rules(interest_account=""))
    assert (found.code, found.field) == ("account_missing", "interest_account")


def test_an_archived_account_blocks_with_the_account_as_the_one_cause() -> None:
    archived = account("200", "Fees", status="ARCHIVED")
    found = blocked(bill(), [line()], rules=rules(accounts={"acc-200": archived}))
    assert (found.code, found.cause, found.field) == ("account_archived", "acc-200", "time_entries_account")
    assert found.message == "The account 200 – Fees, chosen for Time Entries, is archived in Xero"


def test_an_account_that_lost_its_code_blocks() -> None:
    found = blocked(bill(), [line()], rules=rules(accounts={"acc-200": account("", "Fees", account_id="acc-200")}))
    assert (found.code, found.cause) == ("account_archived", "acc-200")
    assert found.message == "The account Fees, chosen for Time Entries, has no code in Xero"


def test_an_account_that_is_not_in_the_chart_blocks() -> None:
    found = blocked(bill(), [line()], rules=rules(time_entries_account="acc-gone"))
    assert (found.code, found.cause) == ("account_archived", "acc-gone")
    assert found.message == "The Xero account chosen for Time Entries is no longer in Xero's chart"


def test_an_archived_account_of_a_category_does_not_fall_back_to_the_default() -> None:
    chosen = rules(category_accounts={("service", 61): "acc-gone"})
    found = blocked(bill(), [line()], rules=chosen)
    assert (found.code, found.field) == ("account_archived", "category:service:61")


def test_a_bill_is_not_blocked_by_an_account_that_it_does_not_need() -> None:
    assert document(bill(), [line()], rules=rules(expenses_account="")).lines


@pytest.mark.parametrize(
    ("field", "taxable", "secondary"),
    [
        ("tax_none", False, False),
        ("tax_primary", True, False),
        ("tax_secondary", False, True),
        ("tax_both", True, True),
    ],
)
def test_a_missing_tax_mapping_blocks_and_is_never_guessed(field: str, taxable: bool, secondary: bool) -> None:
    record = bill(tax_rate="5", secondary_tax_rate="7")
    one = line(taxable=taxable, secondary_taxable=secondary)
    found = code_line(bill=record, line=one, rules=rules(**{field: ""}))
    assert isinstance(found, Blocked)
    assert (found.code, found.field, found.cause) == ("tax_missing", field, field)


@pytest.mark.parametrize("rates", [{GST: tax_rate(GST, "5", "ARCHIVED")}, {}])
def test_an_archived_or_unknown_tax_rate_blocks(rates: dict[str, object]) -> None:
    record = bill(due="1050.00", tax_rate="5", total_tax="50.00")
    found = blocked(record, [line(taxable=True, tax="50.00")], rules=rules(tax_rates=rates))
    assert (found.code, found.field, found.cause) == ("tax_archived", "tax_primary", GST)


def test_interest_is_untaxed() -> None:
    assert code_interest(rules=rules()) == Coding("270", NO_TAX)
    found = code_interest(rules=rules(tax_none=""))
    assert isinstance(found, Blocked)
    assert found.code == "tax_missing"
