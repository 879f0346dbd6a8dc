"""A full run: both sides read whole, what nobody announced is found, and the proof is kept."""

from decimal import Decimal
from typing import Any

import pytest

from accounts.firm_scope import firm_scope
from syncengine.models import FirmSync, Run
from syncengine.pages.ledger import read_totals
from tests.support.practice import Practice, practice  # noqa: F401


@pytest.fixture
def synced(practice: Practice) -> Practice:
    practice.sync()
    practice.sync()
    return practice


def proof(practice: Practice) -> dict[str, Any]:
    with firm_scope(practice.firm):
        found: dict[str, Any] | None = FirmSync.objects.get().tie_out
    assert found is not None
    return found


def test_the_proof_says_the_same_as_a_comparison(synced: Practice) -> None:
    assert synced.sync(full=True)["state"] == "clean"

    compared, kept = synced.compare(), proof(synced)
    assert compared["differences"] == kept["differences"] == []
    assert compared["bills"]["clio"]["count"] > 20
    assert compared["payments"]["clio"]["count"] > 5
    assert compared["credits"]["clio"]["count"] > 0
    for kind in ("bills", "payments", "credits"):
        assert kept[kind] == compared[kind]
        assert kept[kind]["clio"] == kept[kind]["xero"]


def test_a_full_run_with_nothing_to_do_changes_nothing(synced: Practice) -> None:
    report = synced.sync(full=True)

    changed = {verb: n for counts in report["counts"].values() for verb, n in counts.items() if n}
    assert changed.keys() <= {"unchanged"}


def test_an_invoice_voided_by_hand_is_found_though_nothing_changed_in_clio(synced: Practice) -> None:
    bill = synced.a_bill(lambda record: record["paid"] == "0.00" and record["credits_issued"] == "0.00")
    synced.xero.act("void_invoice", invoice=synced.link(bill["id"]).xero_id)

    assert synced.sync()["open_errors"] == []
    report = synced.sync(full=True)

    assert [(one["code"], one["clio_id"]) for one in report["open_errors"]] == [("voided_in_xero", bill["id"])]
    assert proof(synced)["different"] == 1
    assert proof(synced)["differences"][0]["cause"] == "The invoice of this bill was voided or deleted in Xero."


def test_money_that_only_xero_has_is_in_the_proof(synced: Practice) -> None:
    bill = synced.a_bill(lambda record: record["state"] == "awaiting_payment" and record["paid"] == "0.00")
    link = synced.link(bill["id"])
    synced.xero.act("record_payment", invoice=link.xero_id, amount="1.00")

    synced.sync(full=True)

    (difference,) = proof(synced)["differences"]
    assert (difference["kind"], difference["clio"], difference["xero"]) == ("payment", None, "1.00")
    assert difference["cause"] == "Entered in Xero; Clio knows of no such payment."


def test_the_worker_reads_both_sides_whole_once_after_the_first_sync(practice: Practice) -> None:
    practice.sync()
    while not practice.slice().finished:
        pass
    with firm_scope(practice.firm):
        assert Run.objects.order_by("-pk").values_list("full", flat=True)[0]
        assert FirmSync.objects.get().full_done_at is not None
    practice.clock.advance(300)
    while not practice.slice().finished:
        pass
    with firm_scope(practice.firm):
        assert not Run.objects.order_by("-pk").values_list("full", flat=True)[0]


def sums(practice: Practice) -> dict[tuple[str, str], tuple[int, int]]:
    """What the dashboard adds up of payments and credits: kind and side → count and cents."""
    found: dict[tuple[str, str], tuple[int, int]] = {}
    with firm_scope(practice.firm):
        for total in read_totals():
            for side, count, cents in (
                ("clio", total.clio_count, total.clio_minor),
                ("xero", total.xero_count, total.xero_minor),
            ):
                before = found.get((total.kind, side), (0, 0))
                found[total.kind, side] = (before[0] + count, before[1] + cents)
    return found


def test_the_dashboard_adds_up_what_the_proof_found(synced: Practice) -> None:
    synced.sync(full=True)

    shown, found = sums(synced), proof(synced)
    for kind, name in (("payment", "payments"), ("credit_note", "credits")):
        for side in ("clio", "xero"):
            assert shown[kind, side] == (found[name][side]["count"], int(Decimal(found[name][side]["sum"]) * 100))


def test_a_payment_that_was_voided_in_clio_or_deleted_in_xero_counts_there_no_more(synced: Practice) -> None:
    (before, _), (there, _) = sums(synced)["payment", "clio"], sums(synced)["payment", "xero"]
    bill = synced.a_bill(lambda record: record["paid"] != "0.00")
    voided = synced.allocations(bill["id"])[0]
    synced.clio.act("void_payment", allocation_id=voided)
    synced.step()
    synced.sync()
    assert sums(synced)["payment", "clio"][0] == before - 1
    assert sums(synced)["payment", "xero"][0] == there - 1
