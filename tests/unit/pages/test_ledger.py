"""Clio beside Xero."""

from dataclasses import replace
from decimal import Decimal

from syncengine.pages.ledger import Agreement, Total, build_ledgers


def total(
    state: str, currency: str = "CAD", *, clio: tuple[int, int] = (0, 0), xero: tuple[int, int] = (0, 0)
) -> Total:
    return Total(state, currency, clio[0], clio[1], xero[0], xero[1])


def test_it_draws_a_solid_rule_where_counts_and_sums_agree() -> None:
    (ledger,) = build_ledgers([total("in_step", clio=(3, 45_000), xero=(3, 45_000))])
    (row,) = ledger.rows
    assert row.agreement is Agreement.AGREE
    assert (row.clio.count, row.clio.amount, row.xero.amount) == (3, Decimal("450.00"), Decimal("450.00"))
    assert row.difference == Decimal("0.00")


def test_it_breaks_the_rule_and_tells_the_difference_where_sums_differ() -> None:
    (ledger,) = build_ledgers([total("in_step", clio=(3, 45_000), xero=(3, 44_950))])
    assert ledger.rows[0].agreement is Agreement.DIFFER
    assert ledger.rows[0].difference == Decimal("0.50")


def test_it_breaks_the_rule_where_only_the_counts_differ() -> None:
    (ledger,) = build_ledgers([total("in_step", clio=(3, 45_000), xero=(2, 45_000))])
    assert ledger.rows[0].agreement is Agreement.DIFFER


def test_it_never_adds_across_currencies() -> None:
    ledgers = build_ledgers(
        [
            total("in_step", "USD", clio=(1, 10_000), xero=(1, 10_000)),
            total("in_step", "CAD", clio=(2, 30_000), xero=(2, 30_000)),
        ]
    )
    assert [(one.currency, one.rows[0].clio.amount) for one in ledgers] == [
        ("CAD", Decimal("300.00")),
        ("USD", Decimal("100.00")),
    ]


def test_it_keeps_what_waits_apart_from_what_needs_somebody() -> None:
    (ledger,) = build_ledgers(
        [
            total("new", clio=(1, 100)),
            total("waiting", clio=(2, 200)),
            total("blocked", clio=(1, 1_000)),
            total("refused", clio=(1, 2_000), xero=(1, 1_500)),
        ]
    )
    told = [(row.agreement, row.clio.count, row.clio.amount, row.xero.count, row.xero.amount) for row in ledger.rows]
    assert told == [
        (Agreement.ON_THE_WAY, 3, Decimal("3.00"), 0, Decimal("0.00")),
        (Agreement.DIFFER, 2, Decimal("30.00"), 1, Decimal("15.00")),
    ]


def test_bills_that_are_not_to_be_synced_stand_in_neither_ledger() -> None:
    assert build_ledgers([total("out_of_range", clio=(9, 900)), total("not_sent", clio=(2, 100))]) == ()


def money(kind: str, state: str = "in_step", **sides: tuple[int, int]) -> Total:
    """Documents of one kind; those in step count as sent."""
    made = total(state, **sides)  # type: ignore[arg-type]
    sent = (made.clio_count, made.clio_minor) if state == "in_step" else (0, 0)
    return replace(made, kind=kind, sent_count=sent[0], sent_minor=sent[1])


def told(totals: list[Total]) -> list[tuple[str, str, str, str]]:
    (ledger,) = build_ledgers(totals)
    return [(row.name, str(row.clio.amount), str(row.xero.amount), row.agreement.value) for row in ledger.money]


def test_where_all_bills_stand_alike_one_row_says_it_all() -> None:
    (ledger,) = build_ledgers([money("invoice", clio=(1, 100), xero=(1, 100))])
    assert (len(ledger.rows), ledger.money) == (1, ())


def test_money_stands_beside_money_with_what_is_outstanding() -> None:
    assert told(
        [
            money("invoice", clio=(3, 90_000), xero=(3, 90_000)),
            money("payment", clio=(2, 50_000), xero=(2, 50_000)),
            money("credit_note", clio=(1, 1_000), xero=(1, 1_000)),
        ]
    ) == [
        ("Billed", "900.00", "900.00", "agree"),
        ("Paid", "500.00", "500.00", "agree"),
        ("Credited", "10.00", "10.00", "agree"),
        ("Outstanding", "390.00", "390.00", "agree"),
    ]


def test_a_difference_that_is_on_its_way_is_no_disagreement() -> None:
    on_the_way = [
        money("invoice", clio=(3, 90_000), xero=(3, 90_000)),
        money("invoice", "waiting", clio=(1, 5_000)),
        money("payment", clio=(2, 50_000), xero=(2, 50_000)),
    ]
    assert [row[3] for row in told(on_the_way)] == ["on_the_way", "agree", "agree", "on_the_way"]
    held_up = [*on_the_way, money("invoice", "blocked", clio=(1, 100))]
    assert [row[3] for row in told(held_up)] == ["differ", "agree", "agree", "differ"]


def test_sums_that_agree_by_chance_with_other_counts_are_told_apart() -> None:
    (ledger,) = build_ledgers(
        [money("invoice", clio=(2, 100), xero=(1, 100)), money("payment", clio=(1, 10), xero=(1, 10))]
    )
    assert ledger.money[0].words == "The sums agree, the counts differ"


def test_a_frozen_bill_counts_as_billed_as_far_as_it_was_sent() -> None:
    frozen = replace(total("out_of_range", clio=(4, 40_000), xero=(1, 10_000)), sent_count=1, sent_minor=10_000)
    paid = money("payment", clio=(1, 10_000), xero=(1, 10_000))
    assert told([frozen, paid])[0] == ("Billed", "100.00", "100.00", "agree")
