"""What Xero lets be changed while payments or credits stand on an invoice (BEHAVIOUR §5, X 7.16)."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from syncengine.domain.documents import InvoiceDocument, StandingCredit, StandingInvoice, StandingPayment
from syncengine.domain.settled_edits import client_problem, fits_in_place
from tests.unit.domain.makers import BOTH, bill, document, expense, line, rules, sent_invoice

PAID = (StandingPayment("p1", "inv-1", Decimal("200.00"), dt.date(2026, 5, 20)),)
CREDITED = (StandingCredit("n1", "CLIO-CN-8802", Decimal("100.00")),)


def both(
    changes: dict[str, Any] | None = None, lines: Any = None, **standing: Any
) -> tuple[InvoiceDocument, StandingInvoice]:
    """A bill as it is now in Clio, and its invoice as it was sent before."""
    sent = document(bill(due="1150.00"), [line(), expense()])
    there, linked = sent_invoice(sent, payments=PAID, **standing)
    now = document(
        bill(**{"due": "1150.00", **(changes or {})}), lines or [line(), expense()], linked=linked, standing=there
    )
    return now, there


IN_PLACE: dict[str, dict[str, Any]] = {
    "nothing": {},
    "number": {"changes": {"number": "X-1"}},
    "due date": {"changes": {"due_at": dt.date(2026, 9, 1)}},
    "purchase order": {"changes": {"purchase_order": "PO 4"}},
    "a text": {"lines": [line(note="Amended"), expense()]},
}
IN_A_ROUND: dict[str, dict[str, Any]] = {
    "issue date": {"changes": {"issued_at": dt.date(2026, 5, 5)}},
    "currency": {"changes": {"currency": "USD"}},
    "an amount": {"changes": {"due": "1250.00"}, "lines": [line(amount="1100.00"), expense()]},
    "hours and price of the same amount": {"lines": [line(quantity="2", price="500.00"), expense()]},
    "a line more": {"changes": {"due": "1160.00"}, "lines": [line(), expense(), line(31009, amount="10.00")]},
    "a line less": {"changes": {"due": "1000.00"}, "lines": [line()]},
}


@pytest.mark.parametrize("name", IN_PLACE)
def test_it_fits_in_place(name: str) -> None:
    now, there = both(**IN_PLACE[name])
    assert fits_in_place(document=now, standing=there)


@pytest.mark.parametrize("name", IN_A_ROUND)
def test_it_takes_a_round(name: str) -> None:
    now, there = both(**IN_A_ROUND[name])
    assert not fits_in_place(document=now, standing=there)


def test_an_account_changes_in_place_and_a_tax_type_or_tax_does_not() -> None:
    now, there = both()
    recoded = replace(now.lines[0], account_code="210")
    assert fits_in_place(document=replace(now, lines=(recoded, *now.lines[1:])), standing=there)
    for taxed in (replace(now.lines[0], tax_type=BOTH), replace(now.lines[0], tax_amount=Decimal("1.00"))):
        assert not fits_in_place(document=replace(now, lines=(taxed, *now.lines[1:])), standing=there)


def test_lines_that_lost_their_ids_take_a_round() -> None:
    now, there = both()
    unknown = tuple(replace(one, line_item_id="") for one in now.lines)
    assert not fits_in_place(document=replace(now, lines=unknown), standing=there)


def test_the_contact_changes_in_place_under_a_payment_and_not_at_all_under_a_credit_note() -> None:
    now, there = both()
    moved = replace(now, contact_id="contact-2")
    assert fits_in_place(document=moved, standing=there)
    assert client_problem(document=moved, standing=there) is None
    credited = replace(there, credits=CREDITED)
    assert not fits_in_place(document=moved, standing=credited)
    told = client_problem(document=moved, standing=credited)
    assert told is not None
    assert (told.code, bool(told.remedy)) == ("client_changed", True)
    assert client_problem(document=now, standing=credited) is None


def test_a_settings_change_alone_fits_in_place() -> None:
    sent = document(bill(due="1150.00"), [line(), expense()])
    there, linked = sent_invoice(sent, payments=PAID)
    other = rules(time_entries_account="acc-210")
    now = document(
        bill(due="1150.00", purchase_order="PO"), [line(), expense()], linked=linked, standing=there, rules=other
    )
    assert fits_in_place(document=now, standing=there)
    assert [one.account_code for one in now.lines] == [one.account_code for one in sent.lines]
