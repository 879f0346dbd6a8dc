"""Clio beside Xero."""

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
