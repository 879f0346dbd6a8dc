"""Interest: on the bill when it is first sent, later, on a bill of Clio's own, paid, forgiven (BEHAVIOUR §5)."""

from typing import Any

import pytest

from tests.support.practice import Practice
from tests.support.stories import (  # noqa: F401
    account,
    add_bill,
    amounts,
    billed,
    clean,
    codes,
    number,
    paid,
    pay,
    practice,
    reprice,
    sync,
    today,
    writes,
)


def interest_invoices(practice: Practice, bill_id: int) -> list[dict[str, Any]]:
    """The invoices for later interest on a bill."""
    reference = f"Interest on bill {number(practice, bill_id)}"
    return [row for row in practice.invoices() if row.get("Reference") == reference]


def payments_on(practice: Practice, invoice: dict[str, Any]) -> list[Any]:
    """Amounts of the payments that stand on an invoice."""
    rows = practice.xero.state(practice.tenant)["payments"]
    on_it = [row for row in rows if row["Invoice"]["InvoiceID"] == invoice["InvoiceID"] and row["Status"] != "DELETED"]
    return sorted(row["Amount"] for row in on_it)


def test_interest_on_the_bill_when_it_is_first_sent_is_a_line_on_the_interest_account(practice: Practice) -> None:
    bill_id = billed(practice, 500, interest="12.50")
    invoice = practice.invoice(bill_id)
    last = invoice["LineItems"][-1]
    assert invoice["Total"] == 512.5
    assert (last["LineAmount"], last["AccountCode"]) == (12.5, "210")
    assert "Interest" in last["Description"]


def test_later_interest_is_an_invoice_of_its_own_and_the_sent_one_does_not_change(practice: Practice) -> None:
    bill_id = billed(practice)
    before = practice.invoice(bill_id)
    charge = practice.clio.act("charge_interest", bill_id=bill_id, amount="12.50", date=today(practice, -2))
    assert charge
    clean(practice)
    (extra,) = interest_invoices(practice, bill_id)
    charge_id = max(row.id for row in practice.clio.data.interest_charges.all())
    assert extra["InvoiceNumber"] == f"{number(practice, bill_id)}-INT-{charge_id}"
    assert (extra["DateString"][:10], extra["DueDateString"][:10]) == (today(practice, -2), today(practice, -2))
    assert extra["Url"].endswith(f"/bills/{bill_id}")
    assert (extra["Total"], extra["LineItems"][0]["AccountCode"]) == (12.5, "210")
    assert practice.invoice(bill_id) == before
    practice.clio.act("charge_interest", bill_id=bill_id, amount="7.50")
    clean(practice)
    assert sorted(row["Total"] for row in interest_invoices(practice, bill_id)) == [7.5, 12.5]
    practice.xero.calls.reset()
    clean(practice)
    assert writes(practice) == []


@pytest.mark.parametrize("on_original", [True, False])
def test_clios_own_interest_bill_is_one_invoice_and_counts_once_whichever_figure_holds_it(
    practice: Practice, on_original: bool
) -> None:
    bill_id = billed(practice)
    own = practice.clio.act(
        "charge_interest",
        bill_id=bill_id,
        amount="12.50",
        date=today(practice, -2),
        own_bill=True,
        on_original=on_original,
    )
    clean(practice)
    assert practice.invoice(bill_id)["Total"] == 500
    invoice = practice.invoice(own["id"])
    assert (invoice["InvoiceNumber"], invoice["Total"]) == (own["number"], 12.5)
    assert (invoice["DateString"][:10], invoice["Reference"]) == (
        today(practice, -2),
        f"Interest on bill {number(practice, bill_id)}",
    )
    assert (
        sum(row["Total"] for row in practice.invoices() if row["InvoiceID"] in _ids(practice, bill_id, own["id"]))
        == 512.5
    )


def _ids(practice: Practice, *bills: int) -> set[str]:
    return {practice.invoice(one)["InvoiceID"] for one in bills}


@pytest.mark.parametrize("on_original", [True, False])
def test_a_bill_first_sent_with_an_interest_bill_beside_it_counts_interest_once(
    practice: Practice, on_original: bool
) -> None:
    bill_id = add_bill(practice)
    own = practice.clio.act("charge_interest", bill_id=bill_id, amount="12.50", own_bill=True, on_original=on_original)
    clean(practice)
    assert [practice.invoice(one)["Total"] for one in (bill_id, own["id"])] == [500, 12.5]
    assert interest_invoices(practice, bill_id) == [practice.invoice(own["id"])]


def test_a_payment_for_interest_goes_on_the_invoice_that_carries_it(practice: Practice) -> None:
    bill_id, _ = paid(practice, 200)
    practice.clio.act("charge_interest", bill_id=bill_id, amount="12.50")
    clean(practice)
    pay(practice, bill_id, "12.50", interest=True)
    clean(practice)
    (extra,) = interest_invoices(practice, bill_id)
    assert payments_on(practice, extra) == [12.5]
    assert amounts(practice, bill_id) == [200]


def test_a_payment_for_interest_that_was_on_the_bill_stays_on_it(practice: Practice) -> None:
    bill_id = billed(practice, 500, interest="12.50")
    pay(practice, bill_id, "12.50", interest=True)
    clean(practice)
    assert amounts(practice, bill_id) == [12.5]


def test_a_payment_on_clios_own_interest_bill_goes_on_its_invoice(practice: Practice) -> None:
    bill_id = billed(practice)
    own = practice.clio.act("charge_interest", bill_id=bill_id, amount="12.50", own_bill=True, on_original=False)
    pay(practice, own["id"], "12.50", interest=True)
    clean(practice)
    assert (amounts(practice, bill_id), amounts(practice, own["id"])) == ([], [12.5])


def test_an_edit_after_later_interest_keeps_both_right(practice: Practice) -> None:
    bill_id, _ = paid(practice, 200)
    practice.clio.act("charge_interest", bill_id=bill_id, amount="12.50")
    clean(practice)
    reprice(practice, bill_id, 600)
    clean(practice)
    assert practice.invoice(bill_id)["Total"] == 600
    assert [row["Total"] for row in interest_invoices(practice, bill_id)] == [12.5]
    assert amounts(practice, bill_id) == [200]


def test_interest_that_was_forgiven_later_takes_its_invoice_away(practice: Practice) -> None:
    bill_id = billed(practice)
    practice.clio.act("charge_interest", bill_id=bill_id, amount="12.50")
    clean(practice)
    store = practice.clio.data
    store.interest_charges.remove(max(row.id for row in store.interest_charges.all()))
    practice.clio.act("edit_bill", bill_id=bill_id, interest=0)
    report = sync(practice)
    # Either it goes or somebody is told: it never stands without a word.
    assert interest_invoices(practice, bill_id) == [] or codes(report) != []
