"""What an error's field, cause and details say about the ways out of it."""

from syncengine.domain.chart import Chart
from syncengine.domain.ways import Choices, Offer, category_of_field, choices_of, field_of_category, fields_to_mend
from tests.unit.domain.makers import account

CHART = Chart(accounts={one.account_id: one for one in (account("200"), account("210"), account("400"))})
NAMED = {
    "time_entries_account": "acc-200",
    "expenses_account": "acc-400",
    "interest_account": "",
    "tax_primary": "OUTPUT",
    "category:service:61": "acc-200",
    "category:expense:15": "acc-210",
}


def mend(cause: str, field: str = "") -> tuple[str, ...]:
    return fields_to_mend(cause=cause, field=field, named=NAMED, chart=CHART)


def test_everything_that_names_an_archived_account_is_mended_at_once() -> None:
    assert mend("acc-200", "category:service:61") == ("time_entries_account", "category:service:61")


def test_an_account_that_xero_names_by_its_code_is_found_too() -> None:
    assert mend("210") == ("category:expense:15",)


def test_a_tax_rate_is_found_by_its_type() -> None:
    assert mend("OUTPUT", "tax_primary") == ("tax_primary",)


def test_where_nothing_is_chosen_the_field_itself_is_mended() -> None:
    assert mend("interest_account", "interest_account") == ("interest_account",)


def test_what_no_setting_names_cannot_be_mended_by_one() -> None:
    assert mend("") == ()
    assert mend("999") == ()
    assert mend("", "due") == ()


def test_a_category_is_named_by_its_field_and_back() -> None:
    assert category_of_field("category:expense:15") == ("expense", 15)
    assert category_of_field(field_of_category(("service", 61))) == ("service", 61)
    assert category_of_field("time_entries_account") is None
    assert category_of_field("category:service:") is None


def test_an_error_without_choices_offers_none() -> None:
    assert choices_of(code="payment_which", details={}) is None


def test_choices_have_their_labels_and_one_for_none_of_these() -> None:
    details = {"choices": [{"value": "p1", "label": "3 May"}], "choice_action": "payment_which"}
    found = choices_of(code="x", details=details)
    assert found == Choices((Offer("p1", "3 May"),), "payment_which", "None of these: create it")
    assert found is not None
    assert (found.label_of("p1"), found.label_of(""), found.label_of("p2")) == (
        "3 May",
        "None of these: create it",
        None,
    )


def test_without_an_action_of_its_own_the_errors_code_says_what_follows() -> None:
    found = choices_of(code="several", details={"choices": [{"value": 1, "label": 2}], "choice_none": "Neither"})
    assert found == Choices((Offer("1", "2"),), "several", "Neither")
