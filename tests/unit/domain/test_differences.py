"""What an update would change, before it is sent."""

from dataclasses import replace
from decimal import Decimal

from syncengine.domain.differences import FieldChange, LineChange, differences
from tests.unit.domain.makers import bill, document, expense, line, sent_invoice


def test_an_invoice_that_stands_as_it_should_has_no_differences() -> None:
    sent = document(bill(due="1150.00"), [line(), expense()])
    there, linked = sent_invoice(sent)
    again = document(bill(due="1150.00"), [line(), expense()], linked=linked, standing=there)
    assert not differences(document=again, standing=there)


def test_every_field_that_would_change_is_named_with_both_values() -> None:
    there, linked = sent_invoice(document(bill(), [line()]), {"31001": {"account_code": "290"}})
    there = replace(there, status="PAID", reference="Old", total=Decimal("999.00"))
    made = document(bill(), [replace(line(), service_category_id=62)], linked=linked, standing=there)
    found = differences(document=made, standing=there)
    assert found.header == (
        FieldChange("Reference", "Old", "00077-Harbour"),
        FieldChange("Total", "999.00", "1000.00"),
    )
    [changed] = found.lines
    assert (changed.verb, changed.place) == ("changed", 1)
    assert FieldChange("Account", "290", "200") in changed.fields


def test_lines_that_come_and_go_are_told() -> None:
    there, linked = sent_invoice(document(bill(due="1150.00"), [line(), expense()]))
    made = document(bill(due="1300.00"), [line(), expense(32002, amount="300.00")], linked=linked, standing=there)
    added, removed = differences(document=made, standing=there).lines
    assert (added.verb, added.place) == ("added", 2)
    assert FieldChange("Amount", "", "300.00") in added.fields
    assert removed == LineChange("removed", 2, there.lines[1].description)


def test_a_line_of_text_alone_differs_by_its_text_only() -> None:
    free = line(31002, type="NoChargeLineItem", note="First call", amount="125.00")
    sent = document(bill(), [line(), free])
    text = sent.lines[1]
    assert text.amount is None
    zero = {"quantity": Decimal(0), "unit_amount": Decimal(0), "amount": Decimal("0.00")}
    there, linked = sent_invoice(sent, {text.key: zero})
    made = document(bill(), [line(), free], linked=linked, standing=there)
    assert not differences(document=made, standing=there)
