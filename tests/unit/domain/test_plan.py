"""Planning: what a bill asks for, counts, and the brake."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from syncengine.domain.documents import Blocked, Waiting
from syncengine.domain.plan import (
    Change,
    Create,
    Held,
    LinkState,
    Plan,
    Unchanged,
    Update,
    Void,
    exceeds_brake,
    is_dirty,
    plan_invoice,
)
from syncengine.domain.rules import Organisation
from tests.unit.domain.makers import bill, contact, document, line, rules, sent_invoice

SENT = document(bill(), [line()])
EDITED = document(bill(due="1200.00"), [line(amount="1200.00")])
LINK = LinkState(xero_id="inv-1", record_digest="old", document_digest=SENT.digest)
BLOCKED = Blocked("account_missing", "No account", "Choose one.")
WAITING = Waiting("waiting_for_contact", "Waiting for its contact.")
UNTIL_MAY = rules(organisation=Organisation(period_lock=dt.date(2026, 5, 31)))


def planned(**changes: Any) -> Change:
    """Plan an edited bill that was sent and stands in Xero, unless told otherwise."""
    standing, _ = sent_invoice(SENT, **changes.pop("there", {}))
    values: dict[str, Any] = {
        "bill": bill(),
        "scope": "in",
        "record_digest": "new",
        "document": EDITED,
        "link": LINK,
        "standing": standing,
        "rules": rules(),
        **changes,
    }
    return plan_invoice(**values)


NEVER_SENT: dict[str, Any] = {"link": LinkState(), "standing": None}


def test_a_bill_that_was_never_sent_is_created() -> None:
    assert planned(**NEVER_SENT) == Create("invoice", 9001, EDITED)


def test_an_edited_bill_is_updated() -> None:
    assert planned() == Update("invoice", 9001, EDITED)


def test_an_unchanged_bill_is_not_even_mapped() -> None:
    assert planned(record_digest="old", document=None) == Unchanged("invoice", 9001)
    assert planned(record_digest="old", document=None, standing=None) == Unchanged("invoice", 9001)


def test_a_bill_whose_document_is_the_same_is_unchanged() -> None:
    assert planned(document=SENT) == Unchanged("invoice", 9001)


def test_a_resync_sends_the_document_again() -> None:
    asked = LinkState("inv-1", "new", SENT.digest, resync=True)
    assert planned(document=SENT, link=asked) == Update("invoice", 9001, SENT)


def test_what_mapping_blocks_is_held() -> None:
    assert planned(document=BLOCKED) == Held("invoice", 9001, BLOCKED)
    assert planned(**NEVER_SENT, document=WAITING) == Held("invoice", 9001, WAITING)


def test_a_changed_bill_has_to_be_mapped() -> None:
    with pytest.raises(ValueError, match="bill 9001 has changed"):
        planned(document=None)


@pytest.mark.parametrize("status", ["VOIDED", "DELETED"])
def test_an_invoice_that_died_in_xero_needs_somebody(status: str) -> None:
    found = planned(there={"status": status})
    assert isinstance(found, Held)
    assert isinstance(found.why, Blocked)
    assert (found.why.code, found.why.message) == ("voided_in_xero", f"Invoice 1042 was {status.lower()} in Xero")


def test_a_death_in_xero_is_told_even_if_the_bill_did_not_change() -> None:
    assert isinstance(planned(there={"status": "VOIDED"}, record_digest="old", document=None), Held)


@pytest.mark.parametrize("state", ["draft", "awaiting_approval"])
@pytest.mark.parametrize("scope", ["in", "not_approved"])
def test_a_bill_reopened_in_clio_leaves_its_invoice_alone_and_says_so(state: str, scope: str) -> None:
    found = planned(bill=bill(state=state), scope=scope)
    assert isinstance(found, Unchanged)
    assert (found.reason, found.notice[:16]) == ("reopened", "Reopened in Clio")


def test_a_draft_that_was_sent_as_a_draft_is_updated() -> None:
    assert planned(bill=bill(state="draft"), there={"status": "DRAFT"}) == Update("invoice", 9001, EDITED)


def test_a_bill_dated_in_a_locked_period_waits() -> None:
    locked = Held("invoice", 9001, Waiting("period_locked", "Period locked until 2026-05-31"))
    assert planned(rules=UNTIL_MAY) == locked
    assert planned(rules=UNTIL_MAY, **NEVER_SENT) == locked


def test_an_invoice_standing_in_a_locked_period_waits_even_if_its_bill_moved_out() -> None:
    moved = document(bill(issued_at=dt.date(2026, 6, 1)), [line()])
    found = planned(rules=UNTIL_MAY, document=moved)
    assert found == Held("invoice", 9001, Waiting("period_locked", "Period locked until 2026-05-31"))


def test_an_unchanged_bill_in_a_locked_period_does_not_wait() -> None:
    assert planned(rules=UNTIL_MAY, record_digest="old") == Unchanged("invoice", 9001)


@pytest.mark.parametrize(
    ("there", "status"), [("AUTHORISED", "VOIDED"), ("DRAFT", "DELETED"), ("SUBMITTED", "DELETED")]
)
def test_a_bill_that_is_gone_takes_its_invoice_with_it(there: str, status: str) -> None:
    found = planned(bill=bill(state="void"), scope="gone", there={"status": there}, document=None)
    assert found == Void("invoice", 9001, "inv-1", status)  # type: ignore[arg-type]


def test_a_bill_that_is_gone_before_it_was_sent_asks_for_nothing() -> None:
    assert planned(bill=bill(state="deleted"), scope="gone", **NEVER_SENT) == Unchanged("invoice", 9001, "gone")


def test_a_bill_that_is_gone_on_both_sides_asks_for_nothing() -> None:
    found = planned(bill=bill(state="void"), scope="gone", there={"status": "VOIDED"})
    assert found == Unchanged("invoice", 9001, "gone")


@pytest.mark.parametrize("money", [{"amount_paid": Decimal("1.00")}, {"amount_credited": Decimal("1.00")}])
def test_an_invoice_with_money_on_it_is_not_voided(money: dict[str, Decimal]) -> None:
    found = planned(bill=bill(state="void"), scope="gone", there=money)
    assert isinstance(found, Held)
    assert found.why.code == "payments_on_invoice"


def test_an_invoice_in_a_locked_period_is_not_voided() -> None:
    found = planned(bill=bill(state="void"), scope="gone", rules=UNTIL_MAY)
    assert found == Held("invoice", 9001, Waiting("period_locked", "Period locked until 2026-05-31"))


@pytest.mark.parametrize("scope", ["out_of_range", "off", "trust", "not_approved"])
def test_a_bill_out_of_scope_is_frozen(scope: str) -> None:
    assert planned(scope=scope) == Unchanged("invoice", 9001, scope)  # type: ignore[arg-type]
    assert planned(scope=scope, **NEVER_SENT) == Unchanged("invoice", 9001, scope)  # type: ignore[arg-type]


@pytest.mark.parametrize("scope", ["out_of_range", "off"])
def test_a_void_of_a_frozen_bill_is_shown_as_a_difference(scope: str) -> None:
    found = planned(bill=bill(state="void"), scope=scope)
    assert isinstance(found, Unchanged)
    assert found.notice == "Voided or deleted in Clio; its invoice still stands in Xero."
    never = planned(bill=bill(state="void"), scope=scope, **NEVER_SENT)
    assert isinstance(never, Unchanged)
    assert never.notice == ""


@pytest.mark.parametrize(
    ("link", "dirty"),
    [
        (LinkState(), True),
        (LinkState("inv-1", "same"), False),
        (LinkState("inv-1", "other"), True),
        (LinkState("inv-1", "same", resync=True), True),
        (LinkState("", "same"), True),
    ],
)
def test_a_bill_is_planned_only_when_it_is_new_changed_or_asked_for(link: LinkState, dirty: bool) -> None:
    assert is_dirty(record_digest="same", link=link) is dirty


PLAN = Plan(
    (
        Create("invoice", 1, SENT),
        Create("invoice", 2, SENT),
        Update("invoice", 3, SENT),
        Void("invoice", 4, "inv-4", "VOIDED"),
        Unchanged("invoice", 5),
        Unchanged("invoice", 6, "out_of_range"),
        Held("invoice", 7, BLOCKED),
        Held("invoice", 8, WAITING),
        Unchanged("contact", 501),
    )
)


def test_a_plan_is_counted_by_kind_and_what_becomes_of_it() -> None:
    counts = PLAN.counts()
    assert counts["invoice"] == {
        "created": 2,
        "updated": 1,
        "voided": 1,
        "removed": 0,
        "adopted": 0,
        "unchanged": 2,
        "blocked": 1,
        "rejected": 0,
    }
    assert counts["contact"]["unchanged"] == 1
    assert list(counts) == ["contact", "invoice", "payment", "credit_note", "allocation", "spend_money"]
    assert set(counts["spend_money"].values()) == {0}


def test_a_plan_is_printed_with_ids_alone() -> None:
    assert PLAN.printed() == [
        "invoice 1: create",
        "invoice 2: create",
        "invoice 3: update",
        "invoice 4: void",
        "invoice 5: unchanged",
        "invoice 6: unchanged (out_of_range)",
        "invoice 7: blocked (account_missing)",
        "invoice 8: waiting (waiting_for_contact)",
        "contact 501: unchanged",
    ]
    assert not any(contact().name in printed for printed in PLAN.printed())


def test_an_empty_plan_removes_nothing() -> None:
    assert (Plan().removals, Plan().printed()) == (0, [])
    assert not Plan().is_refused(links=0)


@pytest.mark.parametrize(
    ("removals", "links", "stops"),
    [
        (10, 0, False),
        (11, 0, True),
        (11, 549, True),
        (11, 550, False),
        (10, 1, False),
        (20, 1000, False),
        (21, 1000, True),
        (100, 5000, False),
        (101, 5000, True),
    ],
)
def test_the_brake_stops_more_than_ten_and_more_than_two_per_cent(removals: int, links: int, stops: bool) -> None:
    assert exceeds_brake(removals=removals, links=links) is stops


def test_a_plan_refuses_itself_by_its_removals() -> None:
    voids = Plan(tuple(Void("invoice", n, f"inv-{n}", "VOIDED") for n in range(11)))
    assert voids.removals == 11
    assert voids.is_refused(links=100)
    assert not voids.is_refused(links=1000)
