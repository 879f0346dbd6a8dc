"""When the demo calls its syncs clean."""

import json
from typing import Any

import pytest

from sandbox.demo_report import second_sync, tie_out

UNCHANGED = {
    "state": "clean",
    "counts": {"contact": {"created": 0, "unchanged": 40}, "invoice": {"created": 0, "updated": 0, "unchanged": 187}},
    "clio_calls": 6,
    "xero_calls": 2,
    "open_errors": [],
}
SIDE = {"count": 187, "sum": "412345.67"}
PAID = {"count": 90, "sum": "200000.00"}
CREDITED = {"count": 3, "sum": "450.00"}


def compared(differences: Any = (), **xero: Any) -> str:
    sides = {"bills": SIDE, "payments": PAID, "credits": CREDITED}
    pairs = {kind: {"clio": side, "xero": xero.get(kind, side)} for kind, side in sides.items()}
    return json.dumps({**pairs, "differences": list(differences)})


def test_a_second_sync_that_changes_nothing_is_clean() -> None:
    finding = second_sync(json.dumps(UNCHANGED))

    assert finding.clean
    assert finding.text == "second sync: clean, nothing changed, 6 calls to Clio, 2 to Xero, 0 open errors"


@pytest.mark.parametrize("verb", ["created", "updated", "voided", "removed", "adopted"])
def test_a_second_sync_that_changes_anything_is_not_clean(verb: str) -> None:
    finding = second_sync(json.dumps({**UNCHANGED, "counts": {"invoice": {verb: 1}}}))

    assert not finding.clean
    assert f"1 invoice {verb}" in finding.text


def test_an_open_error_is_not_clean_and_is_shown() -> None:
    error = {"message": "No tax rate is chosen.", "remedy": "Choose one."}

    finding = second_sync(json.dumps({**UNCHANGED, "state": "errors", "open_errors": [error]}))

    assert not finding.clean
    assert finding.text.endswith("1 open errors\n  No tax rate is chosen. Choose one.")


def test_a_sync_that_waits_is_not_clean() -> None:
    assert not second_sync(json.dumps({**UNCHANGED, "state": "waiting"})).clean


def test_both_sides_agree_by_count_and_sum() -> None:
    finding = tie_out(compared())

    assert finding.clean
    assert finding.text.splitlines() == [
        "bills: Clio 187, 412345.67; Xero 187, 412345.67: both sides agree",
        "payments: Clio 90, 200000.00; Xero 90, 200000.00: both sides agree",
        "credits: Clio 3, 450.00; Xero 3, 450.00: both sides agree",
    ]


@pytest.mark.parametrize("kind", ["bills", "payments", "credits"])
@pytest.mark.parametrize("other", [{"count": 186, "sum": "412345.67"}, {"count": 187, "sum": "412345.66"}])
def test_another_count_or_sum_is_a_difference(kind: str, other: dict[str, Any]) -> None:
    finding = tie_out(compared(**{kind: other}))

    assert not finding.clean
    assert f"{kind}: " in finding.text
    assert finding.text.count("the sides differ") == 1


def test_no_bill_at_all_is_no_proof() -> None:
    nothing = {"count": 0, "sum": "0.00"}
    report = {kind: {"clio": nothing, "xero": nothing} for kind in ("bills", "payments", "credits")}

    assert not tie_out(json.dumps({**report, "differences": []})).clean


def test_a_difference_is_shown() -> None:
    finding = tie_out(compared([{"kind": "payment", "number": "1042", "cause": "Not sent."}]))

    assert not finding.clean
    assert "payment 1042: Not sent." in finding.text
