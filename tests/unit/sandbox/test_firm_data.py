"""The invented law firm: what it holds, and that it is the same for the same seed."""

import time
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from sandbox.firm.mix import mix_for
from sandbox.firm.store import Store
from sandbox.firm_data import build_firm

NOW = datetime(2026, 5, 20, 13, 30, tzinfo=UTC)
CODES_IN_XERO = {"200", "201", "210", "426", "427"}


@pytest.fixture(scope="module")
def firm() -> Store:
    return build_firm(seed=1, bills=600, now=NOW)


def in_scope(firm: Store) -> int:
    return sum(bill.state in {"awaiting_payment", "paid"} and bill.kind == "revenue_kind" for bill in firm.bills.all())


@pytest.mark.parametrize("bills", [1, 10, 40, 300])
def test_at_least_85_percent_of_the_bills_are_in_scope(bills: int) -> None:
    assert in_scope(build_firm(seed=3, bills=bills, now=NOW)) >= 0.85 * bills


def test_every_state_and_kind_of_bill_occurs(firm: Store) -> None:
    states = {bill.state for bill in firm.bills.all()}
    assert states == {"draft", "awaiting_approval", "awaiting_payment", "paid", "void", "deleted"}
    assert {bill.kind for bill in firm.bills.all()} == {"revenue_kind", "trust_kind"}


def test_every_kind_of_line_occurs_one_to_eight_a_bill_about_four(firm: Store) -> None:
    lines = list(firm.lines.all())
    assert {line.type for line in lines} == {"ActivityLineItem", "LineItem", "NoChargeLineItem", "SummaryLineItem"}
    assert {line.kind for line in lines} == {"Service", "Expense"}
    counts = Counter(line.bill_id for line in lines)
    assert (min(counts.values()), max(counts.values())) == (1, 8)
    assert 3.5 < len(lines) / len(counts) < 4.5


def test_what_makes_bills_hard_occurs(firm: Store) -> None:
    bills, lines, rows = list(firm.bills.all()), list(firm.lines.all()), list(firm.allocations.all())
    assert any(bill.discount and bill.discount.type == "percentage" for bill in bills)
    assert any(bill.discount and bill.discount.type == "money" for bill in bills)
    assert any(bill.discount and bill.discount_services_only for bill in bills)
    assert any(bill.interest and bill.original_bill_id is None for bill in bills)
    assert any(bill.interest and bill.original_bill_id is not None for bill in bills)
    assert any(bill.purchase_order for bill in bills)
    assert any(len(bill.matter_ids) > 1 for bill in bills)
    assert any(bill.tax_rate == 0 for bill in bills)
    assert any(line.discount for line in lines)
    assert any(line.quantity * line.price % 100 for line in lines)
    assert any(len(line.note or "") > 4000 for line in lines)
    assert any(row.interest for row in rows)
    assert any(row.online for row in rows)
    assert any(row.voided_at for row in rows)
    assert any(row.source_bank_account_id for row in rows)
    parents = Counter((row.parent_type, row.parent_id) for row in rows)
    assert max(parents.values()) > 1


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_a_demo_of_two_hundred_bills_has_every_kind_of_money(seed: int) -> None:
    firm = build_firm(seed=seed, bills=200, now=NOW)
    rows = [row for row in firm.allocations.all() if row.voided_at is None]
    payments = [row for row in rows if row.parent_type == "Payment"]
    bills_of: defaultdict[int, set[int | None]] = defaultdict(set)
    for row in payments:
        bills_of[row.parent_id].add(row.bill_id)
    several = [parent for parent, bills in bills_of.items() if len(bills) > 1]
    assert len(payments) > 100
    assert sum(row.parent_type == "CreditMemo" for row in rows) > 5
    assert sum(row.online for row in rows) > 5
    assert sum(row.source_bank_account_id is not None for row in rows) > 5
    assert any(row.interest for row in rows)
    assert any(row.voided_at for row in firm.allocations.all())
    assert len(firm.interest_charges) > 1
    assert len(several) > 2
    for parent in several:
        shared = firm.allocations_from("Payment", parent)
        assert len({(row.date, row.identifier, row.contact_id) for row in shared}) == 1


def test_joined_payments_leave_every_bill_paid_as_it_was(firm: Store) -> None:
    apart = build_firm(seed=1, bills=600, now=NOW, mix=replace(mix_for(1), joined_payments=0.0))
    for joined, bill in zip(firm.bills.all(), apart.bills.all(), strict=True):
        assert (joined.paid, joined.balance, joined.state) == (bill.paid, bill.balance, bill.state)
    for row in firm.allocations.all():
        assert row.bill_id is not None
        assert row.date >= firm.bills.get(row.bill_id).issued_at
    sums = Counter[int]()
    for row in firm.allocations.all():
        sums[row.parent_id] += row.amount if row.parent_type == "Payment" else 0
    assert all(sums[payment.id] == payment.amount for payment in firm.payments.all())


def test_some_clients_share_a_name_and_some_have_no_email(firm: Store) -> None:
    clients = [contact for contact in firm.contacts.all() if contact.is_client]
    assert {client.type for client in clients} == {"Person", "Company"}
    assert max(Counter(client.name for client in clients).values()) > 1
    assert any(not client.emails for client in clients)


def test_every_email_and_number_is_plainly_invented(firm: Store) -> None:
    for contact in firm.contacts.all():
        assert all(mail.address.endswith(".example") for mail in contact.emails)
        assert all(phone.number.startswith("555-01") for phone in contact.phones)


def test_categories_hold_only_account_codes_that_the_stand_in_xero_has(firm: Store) -> None:
    codes = {row.xero_service_code for row in firm.service_categories.all()}
    codes |= {row.xero_expense_code for row in firm.expense_categories.all()}
    assert None in codes
    assert codes - {None} <= CODES_IN_XERO
    assert len(codes) > 2


def test_odd_seeds_give_every_hard_cost_a_vendor_and_even_ones_do_not(firm: Store) -> None:
    def without_vendor(store: Store) -> int:
        costs = [row for row in store.activities.all() if row.type == "HardCostEntry"]
        assert costs
        return sum(row.vendor_id is None for row in costs)

    assert without_vendor(firm) == 0
    assert without_vendor(build_firm(seed=2, bills=600, now=NOW)) > 0


def test_a_secondary_tax_occurs_for_even_seeds_only(firm: Store) -> None:
    assert firm.secondary_tax_id is None
    assert not any(bill.secondary_tax_sum for bill in firm.bills.all())
    other = build_firm(seed=2, bills=600, now=NOW)
    assert other.secondary_tax_id is not None
    assert any(bill.secondary_tax_sum for bill in other.bills.all())


def test_nothing_happened_in_the_future(firm: Store) -> None:
    tables = (firm.bills, firm.lines, firm.allocations, firm.activities, firm.contacts, firm.credit_memos)
    assert all(row.updated_at <= NOW and row.created_at <= NOW for table in tables for row in table.rows.values())
    assert all(bill.issued_at < NOW.date() for bill in firm.bills.all())


def test_the_same_seed_gives_the_same_firm_and_another_seed_another() -> None:
    def figures(seed: int) -> list[tuple[str, int, int]]:
        firm = build_firm(seed=seed, bills=50, now=NOW)
        return [(bill.number, bill.due, bill.balance) for bill in firm.bills.all()]

    assert figures(5) == figures(5)
    assert figures(5) != figures(7)


def test_the_mix_can_be_chosen() -> None:
    mix = replace(mix_for(1), credited=0.0, out_of_scope=0.0)
    firm = build_firm(seed=1, bills=100, now=NOW, mix=mix)
    assert len(firm.credit_memos) == 0
    assert in_scope(firm) == 100


def test_ten_thousand_bills_are_made_within_five_seconds() -> None:
    before = time.process_time()
    firm = build_firm(seed=1, bills=10_000, now=NOW - timedelta(days=1))
    assert time.process_time() - before < 5
    assert len(firm.bills) == 10_000
