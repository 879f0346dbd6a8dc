"""Which accounts are proposed to somebody who sets a firm up."""

from syncengine.domain.suggestions import suggested_accounts
from tests.unit.pages.makers import account, chart_of


def proposed(*names: str, kind: str = "REVENUE", cls: str = "REVENUE") -> dict[str, str]:
    """What is proposed from a chart of accounts of these names; an account's id is its name."""
    accounts = [account(name, str(200 + place), name, kind, cls) for place, name in enumerate(names)]
    return suggested_accounts(chart_of(accounts))


def test_the_most_telling_name_is_proposed() -> None:
    found = proposed("Sales", "Legal Fees", "Interest Income", "Disbursements Recovered")
    assert found["time_entries_account"] == "Legal Fees"
    assert found["expenses_account"] == "Disbursements Recovered"
    assert found["interest_account"] == "Interest Income"


def test_a_general_name_serves_where_no_telling_one_is_there() -> None:
    assert proposed("Sales", "Other Revenue")["time_entries_account"] == "Sales"
    assert proposed("Sales", "Other Revenue")["expenses_account"] == "Other Revenue"


def test_nothing_is_guessed_between_two_that_fit_equally() -> None:
    assert proposed("Legal Fees Toronto", "Legal Fees Ottawa", "Sales")["time_entries_account"] == ""


def test_names_that_say_something_else_are_left_alone() -> None:
    found = proposed("Conveyancing Fees (closed)", "Interest Paid", "Trust Interest")
    assert found["time_entries_account"] == ""
    assert found["interest_account"] == ""


def test_a_word_counts_only_as_a_whole() -> None:
    assert proposed("Coffees", "Wholesales")["time_entries_account"] == ""


def test_the_type_of_the_account_must_fit() -> None:
    found = proposed("Legal Fees", "Interest", "Write-offs", kind="EXPENSE", cls="EXPENSE")
    assert found["time_entries_account"] == found["interest_account"] == found["credit_notes_account"] == ""


def test_credits_and_online_payments_are_proposed_by_their_names() -> None:
    chart = chart_of(
        [
            account("off", "270", "Fee write-offs"),
            account("clearing", "880", "Clio Payments clearing", "CURRENT", "ASSET", takes_payments=True),
            account("bank", "090", "Operating account", "BANK", "ASSET"),
        ]
    )
    found = suggested_accounts(chart)
    assert (found["credit_notes_account"], found["clio_payments_account"]) == ("off", "clearing")


def test_the_bank_account_is_never_proposed_since_none_is_a_choice() -> None:
    bank = account("bank", "090", "Clio payments bank account", "BANK", "ASSET")
    assert suggested_accounts(chart_of([bank]))["payment_bank_account"] == ""
