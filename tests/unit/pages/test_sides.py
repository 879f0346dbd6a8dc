"""How one field of both sides is set against each other."""

from datetime import date
from decimal import Decimal

from syncengine.pages.contact_fields import field_label
from syncengine.pages.sides import compare_sides


def test_equal_values_agree_and_others_differ_by_so_much() -> None:
    same = compare_sides("Total", Decimal("100.00"), Decimal("100"), stands=True)
    assert (same.agreement, same.words, same.kind) == ("agree", "Both agree", "amount")
    more = compare_sides("Total", Decimal("1100.00"), Decimal("90.00"), stands=True)
    assert (more.agreement, more.words) == ("differ", "Clio has 1,010.00 more")
    less = compare_sides("Total", Decimal("80.00"), Decimal("90.00"), stands=True)
    assert less.words == "Xero has 10.00 more"
    assert compare_sides("Name", "Alder", "Adler", stands=True).words == "They differ"


def test_what_is_not_in_xero_is_on_its_way() -> None:
    row = compare_sides("Issued", date(2026, 1, 5), None, stands=False)
    assert (row.agreement, row.words, row.kind) == ("on_the_way", "Not in Xero", "date")


def test_what_was_not_read_in_xero_is_not_compared() -> None:
    row = compare_sides("Paid", Decimal("1.00"), None, stands=True, words="Payments are not synced")
    assert (row.agreement, row.words) == ("", "Payments are not synced")


def test_values_that_mean_the_same_agree_in_words_of_their_own() -> None:
    row = compare_sides("State", "Paid", "Awaiting Payment", stands=True, same=True, agreed="Approved on both sides")
    assert (row.agreement, row.words) == ("agree", "Approved on both sides")


def test_fields_of_a_contact_have_the_names_that_people_use() -> None:
    assert field_label("Addresses.POBOX.PostalCode") == "Postal address, postal code"
    assert field_label("Phones.DDI") == "Work phone (DDI)"
    assert field_label("Something.new") == "Something.new"
