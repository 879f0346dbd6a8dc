"""What holds for every bill, whatever it is made of."""

from collections import defaultdict
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from syncengine.domain.documents import Blocked, InvoiceDocument
from tests.unit.domain.generated import GeneratedBill, bills
from tests.unit.domain.makers import BOTH, GST, NO_TAX, PST, account, document, mapped, rules, sent_invoice, tax_rate

BY_CATEGORY = rules(category_accounts={("service", 61): "acc-210", ("service", 62): "acc-270"})
RATES = {NO_TAX: Decimal(0), GST: Decimal(5), PST: Decimal(7), BOTH: Decimal(12)}
OTHER_CODES = ("300", "310", "320")
OTHER_RULES = rules(
    accounts={f"acc-{code}": account(code) for code in OTHER_CODES},
    time_entries_account="acc-300",
    expenses_account="acc-310",
    interest_account="acc-320",
    category_accounts={("service", 63): "acc-310"},
    tax_none=PST,
    tax_primary=NO_TAX,
    tax_secondary=GST,
    tax_both=GST,
)
A_CENT = Decimal("0.01")


def xero_total(made: InvoiceDocument, rates: dict[str, Decimal]) -> Decimal:
    """The total that Xero works out: each line's tax rounded, unless it is stated (X 12.1)."""
    total = Decimal(0)
    for one in made.lines:
        if one.amount is None or one.quantity is None or one.unit_amount is None:
            continue
        amount = (one.quantity * one.unit_amount).quantize(A_CENT, ROUND_HALF_UP)
        own = (amount * rates[one.tax_type] / 100).quantize(A_CENT, ROUND_HALF_UP)
        total += amount + (own if one.tax_amount is None else one.tax_amount)
    return total


@settings(max_examples=300, deadline=None)
@given(bills())
def test_lines_and_tax_add_up_to_due(generated: GeneratedBill) -> None:
    made = document(generated.record, generated.lines, rules=BY_CATEGORY)
    assert xero_total(made, RATES) == Decimal(generated.due_cents) / 100 == made.total
    assert made.total_tax == Decimal(generated.tax_cents) / 100


@settings(max_examples=150, deadline=None)
@given(bills(tax_rates=("13", "2.75")))
def test_they_add_up_even_where_xeros_rates_are_others(generated: GeneratedBill) -> None:
    made = document(generated.record, generated.lines, rules=BY_CATEGORY)
    assert xero_total(made, RATES) == Decimal(generated.due_cents) / 100


@settings(max_examples=150, deadline=None)
@given(bills(discounted=False))
def test_each_account_gets_what_its_lines_come_to(generated: GeneratedBill) -> None:
    made = document(generated.record, generated.lines, rules=BY_CATEGORY)
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for one in made.lines:
        sums[one.account_code] += one.amount or 0
    expected = defaultdict(Decimal, {"270": generated.record.interest_total})
    for line in generated.lines:
        if line.type == "ActivityLineItem":
            by_category = {61: "210", 62: "270"}.get(line.service_category_id or 0, "200")
            off = line.discount.rate if line.discount else Decimal(0)
            expected[by_category if line.kind == "Service" else "400"] += line.sub_total - (
                line.sub_total * off / 100
            ).quantize(A_CENT, ROUND_HALF_UP)
    for code in ("200", "210", "270", "400"):
        assert sums[code] == expected[code]


@settings(max_examples=150, deadline=None)
@given(bills(), st.sampled_from(["AUTHORISED", "PAID"]))
def test_a_settings_change_never_changes_an_unchanged_bill(generated: GeneratedBill, status: str) -> None:
    sent = document(generated.record, generated.lines, rules=BY_CATEGORY)
    there, linked = sent_invoice(sent, status=status)
    known = {
        GST: tax_rate(GST, "5"),
        PST: tax_rate(PST, "7"),
        BOTH: tax_rate(BOTH, "12"),
        NO_TAX: tax_rate(NO_TAX, "0"),
    }
    again = document(
        generated.record,
        generated.lines,
        linked=linked,
        standing=there,
        rules=replace(OTHER_RULES, tax_rates=known),
    )
    assert again.digest == sent.digest


@settings(max_examples=150, deadline=None)
@given(bills(), st.data())
def test_an_edit_of_one_line_recodes_no_other(generated: GeneratedBill, data: st.DataObject) -> None:
    sent = document(generated.record, generated.lines, rules=BY_CATEGORY)
    by_hand = {one.key: {"account_code": f"9{n}"} for n, one in enumerate(sent.lines) if one.amount is not None}
    there, linked = sent_invoice(sent, by_hand)
    edited = data.draw(st.integers(0, len(generated.lines) - 1))
    lines = [replace(one, note="Amended") if n == edited else one for n, one in enumerate(generated.lines)]
    made = document(generated.record, lines, linked=linked, standing=there, rules=OTHER_RULES)
    codes = {key: edits["account_code"] for key, edits in by_hand.items() if not key.startswith("discount:")}
    kept = {one.key: one.account_code for one in made.lines if one.key in codes}
    assert kept == codes


@settings(max_examples=150, deadline=None)
@given(bills(), st.integers(-500, 500).filter(bool))
def test_a_due_that_is_off_by_more_than_a_cent_is_never_sent(generated: GeneratedBill, wrong: int) -> None:
    """A figure changed on its own is noticed, unless another documented reading explains it to the cent."""
    plain = replace(generated.record, discount=None, interest_total=Decimal("0.00"), total_tax=Decimal("0.00"))
    lines = [replace(one, tax=Decimal(0), secondary_tax=Decimal(0), discount=None) for one in generated.lines]
    charged = [one for one in lines if one.type == "ActivityLineItem"]
    lines = [replace(one, total=one.sub_total) for one in lines]
    due = sum((one.sub_total for one in charged), Decimal(0)) + Decimal(wrong) / 100
    found = mapped(replace(plain, due=due, balance=due - plain.paid), lines)
    assert isinstance(found, Blocked)


@settings(max_examples=100, deadline=None)
@given(bills())
def test_no_line_is_lost_or_sent_twice(generated: GeneratedBill) -> None:
    made = document(generated.record, generated.lines)
    keys = [one.key for one in made.lines]
    assert len(keys) == len(set(keys))
    own = {str(one.id) for one in generated.lines if one.type != "SummaryLineItem"}
    assert own <= set(keys) | ({"empty"} if not own else set())
    assert all(0 < len(one.description) <= 4000 for one in made.lines)
