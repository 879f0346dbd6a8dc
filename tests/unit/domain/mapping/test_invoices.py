"""Bills to invoices: number, dates, status, totals, later interest, and what blocks a bill."""

import datetime as dt
from decimal import Decimal

import pytest

from syncengine.domain.mapping.invoices import InterestSplit, is_interest_bill, split_interest
from syncengine.domain.mapping.totals import Settled
from tests.unit.domain.makers import NO_TAX, bill, blocked, document, expense, figures, line, money, rules, sent_invoice


def test_a_bill_becomes_an_invoice() -> None:
    made = document(bill(due="1150.00"), [line(), expense()])
    assert made.number == "1042"
    assert made.contact_id == "contact-1"
    assert (made.date, made.due_date) == (dt.date(2026, 5, 4), dt.date(2026, 6, 3))
    assert made.currency == "CAD"
    assert made.url == "https://app.clio.example/nc/#/bills/9001"
    assert made.reference == "00077-Harbour"
    assert (made.total, made.total_tax) == (Decimal("1150.00"), Decimal("0.00"))
    assert made.invoice_id is None


def test_the_due_date_is_the_issue_date_where_clio_has_none() -> None:
    assert document(bill(due_at=None), [line()]).due_date == dt.date(2026, 5, 4)


def test_a_bill_without_a_currency_is_in_the_organisations() -> None:
    assert document(bill(currency=""), [line()]).currency == "CAD"


def test_another_number_may_be_given() -> None:
    assert document(bill(), [line()], number="1042-9001").number == "1042-9001"


def test_spaces_around_a_number_do_not_count() -> None:
    assert document(bill(number=" 1042 "), [line()]).number == "1042"


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("draft", "DRAFT"),
        ("awaiting_approval", "SUBMITTED"),
        ("awaiting_payment", "AUTHORISED"),
        ("paid", "AUTHORISED"),
    ],
)
def test_the_state_in_clio_gives_the_status_in_xero(state: str, status: str) -> None:
    assert document(bill(state=state), [line()]).status == status


@pytest.mark.parametrize(
    ("state", "standing", "status"),
    [
        ("draft", "SUBMITTED", "SUBMITTED"),
        ("draft", "AUTHORISED", "AUTHORISED"),
        ("awaiting_approval", "PAID", "AUTHORISED"),
        ("awaiting_approval", "DRAFT", "SUBMITTED"),
        ("awaiting_payment", "DRAFT", "AUTHORISED"),
        ("awaiting_payment", "SUBMITTED", "AUTHORISED"),
        ("paid", "PAID", "AUTHORISED"),
        ("draft", "VOIDED", "DRAFT"),
    ],
)
def test_a_status_never_goes_back(state: str, standing: str, status: str) -> None:
    there, linked = sent_invoice(document(bill(), [line()]), status=standing)
    assert document(bill(state=state), [line()], standing=there, linked=linked).status == status


def test_an_update_names_the_invoice() -> None:
    there, linked = sent_invoice(document(bill(), [line()]))
    assert document(bill(), [line()], standing=there, linked=linked).invoice_id == "inv-1"


def test_a_bill_without_an_issue_date_is_blocked() -> None:
    found = blocked(bill(issued_at=None), [line()])
    assert (found.code, found.field) == ("issue_date_missing", "issued_at")
    assert found.remedy == "Set an issue date in Clio."


@pytest.mark.parametrize(
    ("number", "code"), [("", "number_missing"), (" ", "number_missing"), ("9" * 256, "number_too_long")]
)
def test_a_bill_that_cannot_have_its_number_is_blocked(number: str, code: str) -> None:
    found = blocked(bill(number=number), [line()])
    assert (found.code, found.field) == (code, "number")


def test_a_bill_that_does_not_add_up_is_blocked_with_all_figures() -> None:
    found = blocked(bill(due="1000.01"), [line()])
    assert (found.code, found.message) == ("totals_mismatch", "The bill's lines do not add up")
    assert (found.details["due"], found.details["lines"]) == ("1000.01", "1000.00")


def test_a_bill_below_zero_is_blocked() -> None:
    found = blocked(bill(due="-50.00", balance="-50.00"), [line(amount="-50.00")])
    assert (found.code, found.field) == ("total_negative", "due")


def test_a_bill_of_nothing_is_sent() -> None:
    made = document(bill(due="0.00", discount=money("1000.00")), [line()])
    assert figures(made) == [("31001", "1000.00", "200", NO_TAX), ("discount:0", "-1000.00", "200", NO_TAX)]
    assert made.total == Decimal("0.00")


def test_a_line_larger_than_xero_takes_is_blocked() -> None:
    found = blocked(bill(due="10000000000.00"), [line(amount="10000000000.00")])
    assert (found.code, found.field) == ("amount_too_large", "amount")
    assert document(bill(due="9999999999.99"), [line(amount="9999999999.99")]).total == Decimal("9999999999.99")


def test_a_payment_changes_nothing_in_the_document() -> None:
    unpaid = document(bill(due="1000.00"), [line()])
    paid = document(bill(due="1000.00", paid="1000.00", balance="0.00", state="paid"), [line()])
    assert unpaid.digest == paid.digest


def test_interest_charged_after_sending_changes_no_sent_invoice() -> None:
    sent = document(bill(), [line()])
    there, linked = sent_invoice(sent)
    later = document(bill(due="1012.00", interest_total="12.00"), [line()], linked=linked, standing=there)
    assert later.digest == sent.digest
    assert later.total == Decimal("1000.00")


def test_more_interest_after_sending_leaves_the_line_that_was_sent() -> None:
    there, linked = sent_invoice(document(bill(due="1012.00", interest_total="12.00"), [line()]))
    later = document(bill(due="1020.00", interest_total="20.00"), [line()], linked=linked, standing=there)
    assert figures(later)[1] == ("interest", "12.00", "270", NO_TAX)
    assert later.total == Decimal("1012.00")


def test_interest_that_was_forgiven_is_lowered_on_the_invoice() -> None:
    there, linked = sent_invoice(document(bill(due="1012.00", interest_total="12.00"), [line()]))
    later = document(bill(due="1005.00", interest_total="5.00"), [line()], linked=linked, standing=there)
    assert figures(later)[1] == ("interest", "5.00", "270", NO_TAX)


def test_interest_that_went_away_takes_its_line_along() -> None:
    there, linked = sent_invoice(document(bill(due="1012.00", interest_total="12.00"), [line()]))
    later = document(bill(due="1000.00"), [line()], linked=linked, standing=there)
    assert [one.key for one in later.lines] == ["31001"]


def test_interest_on_a_draft_in_xero_still_goes_on_it() -> None:
    there, linked = sent_invoice(document(bill(state="draft"), [line()]))
    later = document(bill(due="1012.00", interest_total="12.00"), [line()], linked=linked, standing=there)
    assert [one.key for one in later.lines] == ["31001", "interest"]


def test_what_came_later_is_told_apart() -> None:
    def settled(interest: str) -> Settled:
        return Settled((), Decimal("0.00"), Decimal(interest), Decimal("0.00"), Decimal("1020.00"))

    there, linked = sent_invoice(document(bill(due="1012.00", interest_total="12.00"), [line()]))
    assert split_interest(settled=settled("12.00"), linked=linked, standing=there) == InterestSplit(
        Decimal("12.00"), Decimal("0.00")
    )
    assert split_interest(settled=settled("20.00"), linked=linked, standing=there) == InterestSplit(
        Decimal("12.00"), Decimal("8.00")
    )
    assert split_interest(settled=settled("20.00"), linked={}, standing=None) == InterestSplit(
        Decimal("20.00"), Decimal("0.00")
    )


def test_an_interest_bill_has_an_original_interest_and_no_lines() -> None:
    interest = bill(due="12.00", interest_total="12.00", original_bill_id=9000)
    assert is_interest_bill(bill=interest, lines=[])
    assert not is_interest_bill(bill=interest, lines=[line()])
    assert not is_interest_bill(bill=bill(due="12.00", interest_total="12.00"), lines=[])
    assert not is_interest_bill(bill=bill(due="0.00", original_bill_id=9000), lines=[])


def test_an_interest_bill_has_its_own_number_and_the_base_url_of_its_own_page() -> None:
    record = bill(id=9002, number="1043", due="12.00", interest_total="12.00", original_bill_id=9001)
    made = document(record, [], original_number="1042")
    assert (made.number, made.url) == ("1043", "https://app.clio.example/nc/#/bills/9002")


def test_rules_that_a_bill_does_not_read_do_not_change_its_document() -> None:
    plain = document(bill(), [line()])
    assert document(bill(), [line()], rules=rules(append_ids=True, only_approved=False)).digest == plain.digest
