"""Which ways out a sync error offers on its row."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from syncengine.domain.chart import Chart
from syncengine.domain.rules import TaxRate
from syncengine.pages.problem_rows import LinkFacts
from syncengine.pages.remedy_facts import ContactOffer, RemedyFacts
from syncengine.pages.ways import Ways, needs_of, setting_way, ways_of
from syncengine.xero.remedies import explain
from tests.unit.domain.makers import account

TAKEN = explain(["The contact name Alder Ltd is already assigned to another contact."], "contact")
NUMBER = explain(["Invoice # must be unique."], "invoice")


def error(kind: str, code: str, **more: Any) -> Any:
    values = {"clio_id": 501, "cause": "", "remedy": "", "details": {}, "field": "", **more}
    return SimpleNamespace(kind=kind, code=code, **values)


def offer(contact_id: str, name: str = "Alder Ltd", **more: Any) -> ContactOffer:
    values: dict[str, Any] = {"email": "", "number": "", "is_live": True, "linked_to": "", **more}
    return ContactOffer(contact_id=contact_id, name=name, **values)


def ways(row: Any, link: LinkFacts = LinkFacts(title="Alder Ltd"), **facts: Any) -> Ways:  # noqa: B008
    return ways_of(row=row, link=link, facts=RemedyFacts(**facts))


def taken(**more: Any) -> Any:
    return error("contact", "contact_name_taken", cause="Alder Ltd", remedy=TAKEN.remedy, **more)


def test_a_taken_name_offers_the_contact_the_id_and_the_two_steps_in_clio() -> None:
    found = ways(taken(), contacts=(offer("c1"),), appends_all_ids=False)
    assert [one.contact_id for one in found.contacts] == ["c1"]
    assert found.append_name == "Alder Ltd (501)"
    assert found.steps == ("Rename it in Clio.", "Move its bills to the other contact in Clio.")


def test_only_live_contacts_of_that_name_are_offered_and_not_the_one_that_is_linked() -> None:
    contacts = (
        offer("c1", "ALDER  ltd"),
        offer("c2", is_live=False),
        offer("c3", "Bennet"),
        offer("c4"),
        offer("c5", "Other", number="CLIO-501"),
    )
    found = ways(taken(), LinkFacts(title="Alder Ltd", xero_id="c4"), contacts=contacts)
    assert [one.contact_id for one in found.contacts] == ["c1", "c5"]


@pytest.mark.parametrize("facts", [{"appends_all_ids": True}, {"append_id_for": frozenset({501})}])
def test_an_id_that_is_appended_already_is_not_offered_again(facts: dict[str, Any]) -> None:
    assert ways(taken(), **{"appends_all_ids": False, **facts}).append_name == ""


def test_a_taken_number_offers_to_look_at_the_invoice_and_another_number() -> None:
    row = error("invoice", NUMBER.code, clio_id=9001, remedy=NUMBER.remedy)
    found = ways(row, LinkFacts(number="1042"))
    assert found.can_adopt
    assert found.number == "1042-9001"
    assert found.steps == ("Give the bill another number in Clio.",)


def test_an_invoice_voided_by_hand_offers_the_next_number() -> None:
    row = error("invoice", "voided_in_xero", clio_id=9001, remedy="Send it again under a new number, or ignore it.")
    found = ways(row, LinkFacts(number="1042", generation=2))
    assert (found.can_adopt, found.number, found.steps) == (False, "1042-9001-2", ())


def test_an_archived_contact_offers_another_one_or_a_new_one_for_contacts_and_bills() -> None:
    for kind in ("contact", "invoice"):
        found = ways(error(kind, "contact_archived"))
        assert (found.can_link, found.can_renew) == (True, True)
    assert not ways(error("spend_money", "contact_archived")).can_link


def test_choices_take_the_place_of_the_step_that_says_to_choose() -> None:
    details = {"choices": [{"value": "p1", "label": "3 May"}]}
    row = error("payment", "payment_which", details=details, remedy="Choose which of them it is. Or ask.")
    found = ways(row)
    assert found.choices is not None
    assert found.steps == ("Or ask.",)


def test_an_unknown_message_offers_its_steps_alone() -> None:
    unknown = explain(["The moon is full."], "invoice")
    found = ways(error("invoice", unknown.code, remedy=unknown.remedy))
    assert not found.has_any
    assert found.steps == unknown.steps


def test_the_contacts_that_are_needed_are_asked_for_by_name_and_number() -> None:
    rows = [taken(details={"contact": "Alder  Holdings"}), error("invoice", "totals_mismatch")]
    names, numbers = needs_of(rows)
    assert names == {"alder ltd", "alder holdings"}
    assert {"CLIO-501", "CLIO-501-2"} <= numbers


# Settings -------------------------------------------------------------------------------------------------------------

ACCOUNTS = (
    account("200"),
    account("210"),
    account("400", type="EXPENSE", account_class="EXPENSE"),
    account("900", type="BANK", account_class="ASSET"),
)
FACTS = RemedyFacts(
    chart=Chart(
        accounts={one.account_id: one for one in ACCOUNTS},
        tax_rates={name: TaxRate(name, f"Rate {name}", "ACTIVE", Decimal(5)) for name in ("OUTPUT", "TAX001")},
    ),
    named={"time_entries_account": "acc-200", "category:service:61": "acc-200", "tax_primary": "OUTPUT"},
    field_names={"time_entries_account": "Time Entries", "category:service:61": "Court", "tax_primary": "Primary tax"},
)


def test_one_account_is_offered_for_everything_that_the_cause_names() -> None:
    way = setting_way(cause="acc-200", field="time_entries_account", facts=FACTS)
    assert way is not None
    assert way.fields == ("time_entries_account", "category:service:61")
    assert way.places == "Time Entries, category Court"
    # Fits both uses (an expense account suits the category alone), and is not the one that was refused.
    assert way.values == {"acc-210"}


def test_a_categorys_own_account_may_be_an_expense_account() -> None:
    facts = RemedyFacts(chart=FACTS.chart, named={"category:service:61": "acc-200"}, field_names=FACTS.field_names)
    way = setting_way(cause="200", field="", facts=facts)
    assert way is not None
    assert way.values == {"acc-210", "acc-400"}


def test_a_tax_rate_is_chosen_among_tax_rates() -> None:
    way = setting_way(cause="OUTPUT", field="tax_primary", facts=FACTS)
    assert way is not None
    assert way.is_tax
    assert way.values == {"TAX001"}


def test_what_no_setting_ends_offers_none() -> None:
    assert setting_way(cause="", field="due", facts=FACTS) is None
