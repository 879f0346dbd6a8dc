"""Dropdowns of accounts and tax rates."""

from decimal import Decimal

from syncengine.domain.chart import Chart, Use
from syncengine.pages.choices import OptionGroup, account_choice, account_groups, tax_choice, tax_groups
from syncengine.pages.reference import ClioTax, clio_tax_from
from syncengine.pages.setting_fields import suggested_taxes
from tests.unit.pages.makers import CHART


def told(groups: tuple[OptionGroup, ...]) -> list[tuple[str, list[str]]]:
    return [(group.name, [option.text for option in group.options]) for group in groups]


def test_accounts_are_grouped_by_type_in_the_order_of_xeros_chart() -> None:
    assert told(account_groups(CHART, Use.EXPENSES)) == [
        ("Revenue", ["200 – Sales"]),
        ("Sales", ["201 – Legal fees"]),
        ("Direct Costs", ["310 – Disbursements"]),
        ("Current Asset", ["620 – Client costs advanced"]),
        ("Current Liability", ["850 – Deposits held"]),
    ]


def test_a_saved_account_that_was_archived_stays_visible_and_says_so() -> None:
    groups = account_groups(CHART, Use.SERVICES)
    choice = account_choice(chart=CHART, use=Use.SERVICES, value="a-old", groups=groups)
    assert told(choice.groups)[0] == ("Chosen earlier", ["205 – Old fees (archived in Xero)"])
    assert choice.groups[0].options[0].value == "a-old"
    assert "archived in Xero" in choice.trouble


def test_a_saved_account_that_lost_its_code_or_is_unknown_stays_visible_too() -> None:
    lost = account_choice(chart=CHART, use=Use.SERVICES, value="a-nocode", groups=())
    unknown = account_choice(chart=CHART, use=Use.SERVICES, value="gone", groups=())
    assert told(lost.groups) == [("Chosen earlier", ["Consulting (no code in Xero)"])]
    assert told(unknown.groups) == [("Chosen earlier", ["Unknown account (not in Xero)"])]


def test_a_usable_account_is_listed_once_and_has_no_trouble() -> None:
    groups = account_groups(CHART, Use.SERVICES)
    choice = account_choice(chart=CHART, use=Use.SERVICES, value="a-sales", groups=groups)
    assert (choice.groups, choice.trouble) == (groups, "")


def test_tax_rates_show_their_percentage_once() -> None:
    assert told(tax_groups(CHART)) == [
        ("", ["GST (5%)", "GST on services (5%)", "HST on Sales (13%)", "No Tax (0%)", "PST (7%)"])
    ]


def test_a_saved_tax_rate_that_is_no_longer_active_stays_visible() -> None:
    choice = tax_choice(chart=CHART, value="TAX009", groups=())
    assert told(choice.groups) == [("Chosen earlier", ["HST 2009 (no longer active in Xero)"])]
    assert choice.trouble


def test_each_of_clios_tax_cases_gets_the_one_rate_that_suits() -> None:
    clio = ClioTax(primary=Decimal(13), secondary=Decimal(7))
    assert suggested_taxes(CHART, clio) == {
        "tax_none": "NONE",
        "tax_primary": "OUTPUT",
        "tax_secondary": "TAX002",
        "tax_both": "",
    }


def test_two_equal_rates_are_never_guessed_between() -> None:
    assert suggested_taxes(CHART, ClioTax(primary=Decimal(5)))["tax_primary"] == ""


def test_an_empty_chart_suggests_nothing() -> None:
    assert set(suggested_taxes(Chart(), ClioTax(primary=Decimal(13))).values()) == {""}


def test_clios_rates_are_read_as_far_as_they_make_sense() -> None:
    read = clio_tax_from({"primary": "13", "secondary": "7.5", "names": {"primary": "HST"}})
    assert (read.primary, read.secondary, read.primary_name) == (Decimal(13), Decimal("7.5"), "HST")
    assert clio_tax_from({"primary": "0", "secondary": "none", "names": ["HST"]}) == ClioTax()
    assert clio_tax_from(None) == ClioTax()
