"""What the list of bills is narrowed to."""

from datetime import date
from decimal import Decimal

from syncengine.pages.bill_filter import BillFilter, chips, headings


def test_an_address_names_only_what_is_not_at_its_default() -> None:
    assert BillFilter().query() == "?"
    chosen = BillFilter(state="refused", text="Müller & Co", issued_from=date(2026, 1, 31), amount_to=Decimal("10.50"))
    assert chosen.query() == "?state=refused&text=M%C3%BCller+%26+Co&issued_from=2026-01-31&amount_to=10.50"


def test_only_what_narrows_counts_as_narrow() -> None:
    assert not BillFilter(sort="number", page=4).is_narrow
    assert BillFilter(amount_from=Decimal(0)).is_narrow


def test_each_chip_leads_to_the_list_without_it_and_keeps_the_rest() -> None:
    chosen = BillFilter(state="needs_somebody", text="1042", amount_from=Decimal("1000"), sort="number", page=3)
    assert [(chip.words, chip.without) for chip in chips(chosen)] == [
        ("State: Needs somebody", "?text=1042&amount_from=1000&sort=number"),
        ("“1042”", "?state=needs_somebody&amount_from=1000&sort=number"),
        ("At least 1,000", "?state=needs_somebody&text=1042&sort=number"),
    ]


def test_a_heading_sorts_by_its_column_and_turns_round_when_it_does_already() -> None:
    by_name = {heading.name: heading for heading in headings(BillFilter(text="x", page=2))}
    assert by_name["Client"].address == "?text=x&sort=client"
    assert by_name["Client"].direction == ""
    assert by_name["Issued"].direction == "descending"
    assert by_name["Issued"].address == "?text=x&sort=date"
    turned = {heading.name: heading for heading in headings(BillFilter(sort="client"))}
    assert (turned["Client"].direction, turned["Client"].address) == ("ascending", "?sort=-client")
