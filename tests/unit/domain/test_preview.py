"""What a first sync would do, added up."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from syncengine.domain.documents import Blocked
from syncengine.domain.preview import (
    Tally,
    count,
    keep_sample,
    other_rates,
    refused_line,
    sample_of,
    stands_for,
)
from tests.unit.domain.makers import GST, account, bill, document, expense, line, percent, rules, sent_invoice


def sample(shape: str) -> dict[str, str]:
    return {"shape": shape}


def test_a_tally_goes_on_from_its_plain_values() -> None:
    tally = Tally()
    tally.create(bill=bill(paid="200.00", credits_issued="10.50"), sample=sample("a"))
    tally.hold(kind="invoice", name="1042", why=Blocked("x", "M", "R"), bill=bill())
    count(tally.left_out, "out_of_range")
    again = Tally.from_dict(json.loads(json.dumps(tally.as_dict())))
    assert again == tally
    assert Tally.from_dict({}) == Tally()


def test_sums_are_kept_by_currency_and_never_across() -> None:
    tally = Tally()
    for currency, due in (("CAD", "100.00"), ("USD", "7.00"), ("CAD", "0.05")):
        tally.create(bill=bill(currency=currency, due=due), sample=sample(currency))
    assert tally.invoices == {"CAD": [2, 10_005], "USD": [1, 700]}


def test_payments_and_credits_count_only_on_approved_bills() -> None:
    tally = Tally()
    tally.create(bill=bill(paid="200.00", credits_issued="10.00"), sample=sample("a"))
    tally.create(bill=bill(state="draft", paid="5.00"), sample=sample("a"))
    assert (tally.paid, tally.credited, tally.drafts) == ({"CAD": [1, 20_000]}, {"CAD": [1, 1_000]}, 1)


def test_what_has_one_cause_is_one_entry_with_its_count_sum_and_some_examples() -> None:
    tally = Tally()
    why = Blocked("account_missing", "No account", "Choose one", field="interest_account", cause="interest_account")
    for number in range(7):
        tally.hold(kind="invoice", name=str(number), why=why, bill=bill(due="10.00"))
    tally.hold(kind="invoice", name="x", why=Blocked("totals_mismatch", "M", "R", field="due"), bill=bill())
    entry = tally.causes["invoice:account_missing:interest_account"]
    assert (entry["count"], entry["sums"], entry["examples"]) == (7, {"CAD": [7, 7_000]}, ["0", "1", "2", "3", "4"])
    assert len(tally.causes) == 2


def test_clients_whose_names_are_taken_share_a_cause() -> None:
    tally = Tally()
    for name in ("Ada Hale", "Bo Lind"):
        tally.hold(kind="contact", name=name, why=Blocked("contact_name_taken", f"{name} is taken", "R"))
    assert [entry["count"] for entry in tally.causes.values()] == [2]


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({}, True),
        ({"contact_name": "harbour  bakery ltd"}, True),
        ({"contact_name": "Harbour Bakery Ltd (501)"}, True),
        ({"contact_name": "Somebody else"}, False),
        ({"total": Decimal("999.99")}, False),
        ({"date": date(2026, 5, 5)}, False),
        ({"currency": "USD"}, False),
        ({"contact_name": "Somebody else", "total": Decimal(1), "url": "https://clio/nc/#/bills/9001"}, True),
    ],
)
def test_an_invoice_stands_for_a_bill_if_it_points_to_it_or_says_the_same(
    changes: dict[str, object], same: bool
) -> None:
    there, _linked = sent_invoice(document(bill(), [line()]), url="")
    there = replace(there, **changes)  # type: ignore[arg-type]
    assert stands_for(bill=bill(), standing=there, url="https://clio/nc/#/bills/9001") is same


def test_a_tax_that_an_account_does_not_take_is_foreseen() -> None:
    chosen = rules()
    accounts = {**chosen.accounts, "acc-400": account("400", "Filing fees", type="EXPENSE", account_class="EXPENSE")}
    fees_only = replace(chosen.tax_rates[GST], can_apply_to_expenses=False)
    chosen = replace(chosen, accounts=accounts, tax_rates={**chosen.tax_rates, GST: fees_only})
    record = bill(due="157.50", total_tax="7.50", tax_rate="5.0")
    taxed = document(record, [expense(taxable=True, tax="7.50")], rules=chosen)
    why = refused_line(document=taxed, rules=chosen)
    assert why is not None
    assert why.message == "Xero does not take Rate OUTPUT on 400 – Filing fees"
    untaxed = document(bill(due="150.00"), [expense()], rules=chosen)
    assert refused_line(document=untaxed, rules=chosen) is None


def test_a_tax_of_another_percentage_than_the_chosen_rate_is_told_of() -> None:
    assert other_rates(bill=bill(tax_rate="5.0"), rules=rules()) == []
    assert other_rates(bill=bill(tax_rate="8.0"), rules=rules()) == ["primary|8|Rate OUTPUT|5"]
    assert other_rates(bill=bill(), rules=rules()) == []
    assert other_rates(bill=bill(tax_rate="8.0"), rules=rules(tax_primary="")) == []


def test_three_samples_are_kept_that_differ_where_they_can() -> None:
    kept: list[dict[str, str]] = []
    for shape in ("a", "a", "a", "a", "b", "c", "d"):
        keep_sample(kept, sample(shape))
    assert sorted(one["shape"] for one in kept) == ["a", "b", "c"]


def test_a_sample_sets_each_line_beside_what_becomes_of_it() -> None:
    lines = [line(discount=percent("10"), total="900.00"), expense()]
    made = document(bill(due="1050.00"), lines)
    plain = sample_of(bill=bill(due="1050.00"), lines=lines, document=made, rules=rules())
    assert [one["what"] for one in plain["lines"]] == ["line", "discount", "line"]
    first, discount, _third = plain["lines"]
    assert (first["clio_text"], first["clio_figures"], first["clio_amount"]) == ("Lease review", "4 × 250.00", "900.00")
    assert (first["account"], first["tax"], first["amount"]) == ("200 – Account 200", "Rate NONE", "1000.00")
    assert (discount["clio_amount"], discount["amount"]) == ("", "-100.00")
    assert (plain["clio"]["total"], plain["xero"]["total"], plain["xero"]["net"]) == ("1050.00", "1050.00", "1050.00")
    assert json.loads(json.dumps(plain)) == plain


def test_a_long_bill_shows_its_first_lines_and_counts_the_others() -> None:
    lines = [line(31000 + place, amount="10.00") for place in range(9)]
    made = document(bill(due="90.00"), lines)
    plain = sample_of(bill=bill(due="90.00"), lines=lines, document=made, rules=rules())
    assert (len(plain["lines"]), plain["more_lines"]) == (6, 3)
