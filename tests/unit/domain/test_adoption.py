"""First meetings and adopting: never on a key alone (BEHAVIOUR §4, §5)."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from syncengine.domain.adoption import (
    bill_of_invoice,
    fold,
    is_our_dead_number,
    match_contact,
    may_adopt_invoice,
    renumbered,
)
from tests.unit.domain.makers import bill, contact, document, line, sent_invoice, standing_contact

SENT = document(bill(), [line()])


def met(standing: Any, *, record: Any = None, linked: frozenset[str] = frozenset()) -> str | None:
    candidates = standing if isinstance(standing, list) else [standing]
    found = match_contact(record=record or contact(), candidates=candidates, linked_ids=linked)
    return found.contact_id if found else None


def stranger(**changes: Any) -> Any:
    """A contact that was in Xero before us: no ContactNumber."""
    return standing_contact(**{"contact_number": "", **changes})


def test_the_same_name_and_e_mail_is_the_same_contact() -> None:
    assert met(stranger()) == "contact-1"


def test_spaces_and_case_make_no_difference() -> None:
    assert met(stranger(name="  HARBOUR   bakery ltd ", email="AP@Harbour.Example ")) == "contact-1"


def test_the_same_name_alone_is_not_enough() -> None:
    assert met(stranger(email="other@harbour.example")) is None
    assert met(stranger(email="")) is None


def test_two_empty_e_mails_are_not_the_same_e_mail() -> None:
    assert met(stranger(email=""), record=contact(email="")) is None


def test_the_same_e_mail_alone_is_not_enough() -> None:
    assert met(stranger(name="Harbour Bakery Limited")) is None


def test_our_number_with_the_same_name_is_enough() -> None:
    assert met(standing_contact(email="")) == "contact-1"


def test_our_number_with_the_same_e_mail_is_enough() -> None:
    assert met(standing_contact(name="Harbour Bakery Limited")) == "contact-1"


def test_our_number_with_the_name_and_its_id_is_enough() -> None:
    assert met(standing_contact(name="Harbour Bakery Ltd (501)", email="")) == "contact-1"


def test_our_number_alone_is_not_enough() -> None:
    assert met(standing_contact(name="Quay Cafe", email="quay@cafe.example")) is None
    assert met(standing_contact(name="Quay Cafe", email=""), record=contact(email="")) is None


def test_another_clients_number_is_not_ours() -> None:
    assert met(standing_contact(contact_number="CLIO-5010", email="")) is None
    assert met(standing_contact(contact_number="CLIO-50", email="")) is None


def test_a_contact_linked_to_another_client_is_not_met() -> None:
    assert met(stranger(), linked=frozenset({"contact-1"})) is None
    assert met(standing_contact(), linked=frozenset({"contact-1"})) is None


def test_an_archived_contact_is_not_met() -> None:
    assert met(stranger(status="ARCHIVED")) is None


def test_a_hidden_contact_meets_nobody() -> None:
    assert met(stranger(name=""), record=contact(name="")) is None
    assert met(standing_contact(), record=contact(name="")) is None


def test_the_one_with_our_number_goes_before_one_of_the_same_name_and_e_mail() -> None:
    both = [stranger(contact_id="a"), standing_contact(contact_id="b", email="")]
    assert met(both) == "b"


def test_of_two_alike_the_first_by_id_is_met() -> None:
    assert met([stranger(contact_id="b"), stranger(contact_id="a")]) == "a"


def test_nobody_is_met_among_none() -> None:
    assert met([]) is None


def test_folding_evens_out_spaces_and_case() -> None:
    assert fold("  Strasse \t der  Stra\u00dfe\u00a0X ") == "strasse der strasse x"


def held_by(**changes: Any) -> Any:
    there, _ = sent_invoice(SENT, **changes)
    return there


def test_an_invoice_with_our_bills_url_may_be_adopted_whatever_else_it_says() -> None:
    there = held_by(total=Decimal("900.00"), contact_id="contact-2", date=dt.date(2026, 5, 9))
    assert may_adopt_invoice(document=SENT, standing=there)


def test_an_invoice_without_our_url_may_be_adopted_if_it_says_the_same() -> None:
    assert may_adopt_invoice(document=SENT, standing=held_by(url=""))
    assert may_adopt_invoice(document=SENT, standing=held_by(url="https://elsewhere.example/1"))


@pytest.mark.parametrize(
    "changes",
    [
        {"contact_id": "contact-2"},
        {"date": dt.date(2026, 5, 5)},
        {"date": None},
        {"currency": "USD"},
        {"total": Decimal("1000.01")},
    ],
)
def test_it_may_not_if_one_of_contact_date_currency_and_total_differs(changes: dict[str, Any]) -> None:
    assert not may_adopt_invoice(document=SENT, standing=held_by(url="", **changes))


def test_the_url_of_another_bill_is_not_ours_although_it_begins_the_same() -> None:
    url = "https://app.clio.example/nc/#/bills/90010"
    assert not may_adopt_invoice(document=SENT, standing=held_by(url=url, total=Decimal("1.00")))


@pytest.mark.parametrize("status", ["VOIDED", "DELETED"])
def test_a_dead_invoice_is_never_adopted(status: str) -> None:
    assert not may_adopt_invoice(document=SENT, standing=held_by(status=status))


@pytest.mark.parametrize("status", ["VOIDED", "DELETED"])
def test_a_dead_invoice_of_ours_holds_our_number(status: str) -> None:
    assert is_our_dead_number(document=SENT, standing=held_by(status=status))


def test_a_dead_invoice_of_another_bill_of_the_same_clio_is_ours_too() -> None:
    there = held_by(status="VOIDED", url="https://app.clio.example/nc/#/bills/77")
    assert is_our_dead_number(document=SENT, standing=there)


@pytest.mark.parametrize(
    "url", ["", "https://elsewhere.example/bills/9001", "https://ca.app.clio.example/nc/#/bills/9001"]
)
def test_a_dead_invoice_of_somebody_else_is_not_ours(url: str) -> None:
    assert not is_our_dead_number(document=SENT, standing=held_by(status="VOIDED", url=url))


def test_a_live_invoice_is_no_dead_number() -> None:
    assert not is_our_dead_number(document=SENT, standing=held_by())


def test_a_number_that_is_taken_for_good_gets_the_bills_id() -> None:
    assert renumbered("1042", 9001) == "1042-9001"


def test_a_long_number_is_cut_so_that_the_id_fits() -> None:
    made = renumbered("9" * 255, 9001)
    assert len(made) == 255
    assert made.endswith("9-9001")


def test_a_number_that_is_taken_again_gets_a_further_one() -> None:
    assert renumbered("1042", 9001) == "1042-9001"
    assert renumbered("1042", 9001, generation=3) == "1042-9001-2"
    assert renumbered("x" * 300, 9001, generation=4).endswith("-9001-3")
    assert len(renumbered("x" * 300, 9001, generation=4)) == 255


def url_of(bill_id: int) -> str:
    return f"https://app.clio.example/nc/#/bills/{bill_id}"


@pytest.mark.parametrize(
    ("there", "bill_id"),
    [
        ({"url": url_of(9001), "number": "77"}, 9001),
        ({"url": url_of(9001), "number": "1042-INT-55"}, None),
        ({"url": url_of(9001), "status": "VOIDED"}, None),
        ({"url": "https://ca.app.clio.example/nc/#/bills/9001"}, None),
        ({"url": url_of(9001) + "/edit"}, None),
        ({"url": ""}, None),
    ],
)
def test_a_live_invoice_belongs_to_the_bill_that_its_url_points_to_but_not_one_of_later_interest(
    there: dict[str, str], bill_id: int | None
) -> None:
    assert bill_of_invoice(standing=held_by(**there), url_of=url_of) == bill_id
