"""What is to be done about the credits on one invoice, by value (BEHAVIOUR §7)."""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import pytest

from syncengine.domain.crediting import (
    AdoptCredit,
    AppliedCredit,
    CreateCredit,
    CreditChange,
    CreditLink,
    CreditSources,
    HoldCredit,
    KeepCredit,
    RemoveCredit,
    SetAgainst,
    plan_credits,
)
from syncengine.domain.documents import Blocked, StandingCredit, Waiting
from syncengine.domain.money_records import AllocationRecord
from tests.unit.domain.makers import GST, NO_TAX, bill
from tests.unit.domain.money_makers import DAY, allocation, credit, money_rules, on_invoice

GROSS = {NO_TAX: Decimal("500.00")}


def link(row: AllocationRecord, **changes: Any) -> CreditLink:
    """The link of a credit whose note stands and is set against the invoice."""
    applied = AppliedCredit(
        invoice_id=changes.pop("invoice_id", "inv-1"),
        contact_id="contact-1",
        amount=abs(row.amount),
        dated=row.date.isoformat() if row.date else "",
        taxes=changes.pop("taxes", (NO_TAX,)),
        by_hand=changes.pop("by_hand", False),
    )
    values: dict[str, Any] = {"note_id": "n1", "set_against": True, "record_digest": row.digest, **changes}
    return CreditLink(row.id, applied=applied, **values)


def sources(
    *rows: AllocationRecord, links: Iterable[CreditLink] = (), there: Sequence[StandingCredit] = (), **changes: Any
) -> CreditSources:
    """What the credits of bill 9001 of 500.00 are planned from."""
    links = list(links)
    values: dict[str, Any] = {
        "bill": bill(due="500.00"),
        "invoice_id": "inv-1",
        "contact_id": "contact-1",
        "allocations": rows,
        "links": {one.allocation_id: one for one in links},
        "standing": there,
        "linked_ids": frozenset(one.note_id for one in links if one.note_id),
        "gross": GROSS,
        "rules": money_rules(),
        "room": Decimal("500.00") - sum((one.amount for one in there), Decimal(0)),
        **changes,
    }
    return CreditSources(**values)


def told(given: CreditSources) -> list[tuple[Any, ...]]:
    """Changes in short."""
    found: list[tuple[Any, ...]] = []
    changes: Sequence[CreditChange] = plan_credits(sources=given)[0]
    for change in changes:
        match change:
            case CreateCredit(row, made, _, _):
                found.append(("create", row, made.number))
            case AdoptCredit(row, there):
                found.append(("adopt", row, there.credit_note_id))
            case RemoveCredit(row, note_id, again):
                found.append(("remove", row, note_id, *(("again",) if again else ())))
            case SetAgainst(row, note_id, _):
                found.append(("set against", row, note_id))
            case KeepCredit(row):
                found.append(("keep", row))
            case HoldCredit(row, why):
                found.append(("hold", row, why.code))
    return found


def test_a_missing_credit_is_created_and_one_that_stands_is_kept() -> None:
    row = credit()
    assert told(sources(row)) == [("create", 8802, "CLIO-CN-8802")]
    assert told(sources(row, links=[link(row)], there=[on_invoice()])) == [("keep", 8802)]


def test_a_payment_is_no_credit() -> None:
    assert told(sources(allocation())) == []


@pytest.mark.parametrize("amount", ["500.00", "-500.00"])
def test_it_is_created_only_if_what_is_due_covers_it(amount: str) -> None:
    row = credit(amount=amount)
    assert told(sources(row, room=Decimal("500.00"))) == [("create", 8802, "CLIO-CN-8802")]
    assert told(sources(row, room=Decimal("499.99"))) == [("hold", 8802, "credit_exceeds_due")]


def test_credits_share_the_room_and_give_what_is_left_to_the_payments() -> None:
    changes, room = plan_credits(sources=sources(credit(1, "300.00"), credit(2, "300.00"), credit(3, "150.00")))
    assert [type(change) for change in changes] == [CreateCredit, HoldCredit, CreateCredit]
    assert room == Decimal("50.00")


def test_one_by_hand_for_the_same_amount_on_this_invoice_is_adopted_once() -> None:
    given = sources(credit(1), credit(2), there=[on_invoice("n9")])
    assert told(given) == [("adopt", 1, "n9"), ("create", 2, "CLIO-CN-2")]


def test_one_for_another_amount_or_with_a_link_is_not() -> None:
    other = credit(7)
    given = sources(other, credit(1), links=[link(other)], there=[on_invoice(), on_invoice("n9", "99.99")])
    assert told(given) == [("keep", 7), ("create", 1, "CLIO-CN-1")]


@pytest.mark.parametrize("row", [credit(voided=True), credit(amount="0.00"), None])
def test_voided_or_gone_in_clio_takes_it_away(row: Any) -> None:
    given = sources(*([row] if row else []), links=[link(credit())], there=[on_invoice()])
    assert told(given) == [("remove", 8802, "n1")]


CHANGED: dict[str, tuple[AllocationRecord, dict[str, Any], dict[str, Any]]] = {
    "amount": (credit(amount="120.00"), {}, {}),
    "date": (credit(days=1), {}, {}),
    "invoice": (credit(), {"invoice_id": "inv-0"}, {}),
    "a tax type more": (credit(), {}, {"gross": {NO_TAX: Decimal("400.00"), GST: Decimal("100.00")}}),
    "a tax type less": (credit(), {"taxes": (NO_TAX, GST)}, {}),
}


@pytest.mark.parametrize("name", CHANGED)
def test_what_changed_is_taken_off_and_made_anew_under_the_next_number(name: str) -> None:
    row, of_link, of_sources = CHANGED[name]
    given = sources(row, links=[link(credit(), **of_link)], there=[on_invoice()], **of_sources)
    assert told(given) == [("remove", 8802, "n1", "again"), ("create", 8802, "CLIO-CN-8802-2")]


def test_other_sums_of_the_same_tax_types_change_nothing() -> None:
    gross = {NO_TAX: Decimal("900.00")}
    assert told(sources(credit(), links=[link(credit())], there=[on_invoice()], gross=gross)) == [("keep", 8802)]


def test_an_adopted_note_keeps_its_date_and_taxes() -> None:
    row = credit(days=2)
    given = sources(row, links=[link(credit(), by_hand=True, taxes=())], there=[on_invoice()])
    assert told(given) == [("keep", 8802)]


def test_one_made_anew_does_not_adopt_what_stands_beside_it() -> None:
    given = sources(credit(amount="120.00"), links=[link(credit())], there=[on_invoice(), on_invoice("n9", "120.00")])
    assert told(given) == [("remove", 8802, "n1", "again"), ("create", 8802, "CLIO-CN-8802-2")]


@pytest.mark.parametrize("there", [[], [on_invoice(amount="60.00")]])
def test_taken_off_voided_or_set_with_another_amount_by_hand_is_a_sync_error(there: list[StandingCredit]) -> None:
    (change,) = plan_credits(sources=sources(credit(), links=[link(credit())], there=there))[0]
    assert isinstance(change, HoldCredit)
    assert isinstance(change.why, Blocked)
    assert change.why.code == "credit_taken_off"
    assert "put the credit note back" in change.why.remedy


def test_a_note_of_ours_that_was_not_set_against_yet_is_set_against_where_it_fits() -> None:
    waiting = link(credit(), set_against=False)
    assert told(sources(credit(), links=[waiting])) == [("set against", 8802, "n1")]
    given = sources(credit(), links=[waiting], room=Decimal("99.99"))
    assert told(given) == [("hold", 8802, "credit_exceeds_due")]


@pytest.mark.parametrize("row", [credit(voided=True), credit(amount="120.00")])
def test_one_dated_in_a_locked_period_waits_before_it_is_taken_off(row: AllocationRecord) -> None:
    given = sources(row, links=[link(credit())], there=[on_invoice()], rules=money_rules(locked=DAY))
    (change,) = plan_credits(sources=given)[0]
    assert isinstance(change, HoldCredit)
    assert isinstance(change.why, Waiting)


def test_a_new_one_dated_in_a_locked_period_waits() -> None:
    (change,) = plan_credits(sources=sources(credit(), rules=money_rules(locked=DAY)))[0]
    assert isinstance(change, HoldCredit)
    assert isinstance(change.why, Waiting)
    assert told(sources(credit(), rules=money_rules(locked=DAY - dt.timedelta(days=1)))) == [
        ("create", 8802, "CLIO-CN-8802")
    ]


def test_one_that_rests_is_left_alone() -> None:
    assert told(sources(credit(), links=[CreditLink(8802, rests=True)])) == []
    assert told(sources(links=[link(credit(), rests=True)], there=[on_invoice()])) == []
