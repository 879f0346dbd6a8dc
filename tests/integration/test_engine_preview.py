"""The preview of a first sync: read and worked out by the worker, sending nothing; what follows is what it said."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from accounts.audit import describe
from accounts.firm_scope import firm_scope
from accounts.models import AuditEvent, Membership, User
from sandbox.faults import Fault
from syncengine.engine.first_sync import StartRefused, start_first_sync
from syncengine.engine.preview.work import ask_for_preview
from syncengine.engine.run import Worked
from syncengine.engine.schedule import claim_due
from syncengine.engine.turn import work_one_turn
from syncengine.models import FirmSync, Link, Preview, Run, Snapshot, SyncError, SyncSettings
from tests.support.practice import Practice


@pytest.fixture
def practice(transactional_db: None, settings: Any) -> Iterator[Practice]:
    """A connected firm with accounts chosen and the export still off, as the first-time path leaves it."""
    made = Practice()
    made.open(settings)
    with firm_scope(made.firm):
        made.configure(export_bills=False)
        SyncSettings.objects.update(saved_at=made.clock.now())
    yield made
    made.stop()


def ask(practice: Practice) -> bool:
    return ask_for_preview(firm=practice.firm, now=practice.clock.now())


def turn(practice: Practice) -> Worked:
    return work_one_turn(firm=practice.firm, clock=practice.clock.now)


def made(practice: Practice, *, turns: int = 20) -> Preview:
    """The preview, once the worker has done with it; waiting costs no time here."""
    for _ in range(turns):
        worked = turn(practice)
        with firm_scope(practice.firm):
            row = Preview.objects.get()
        if not row.is_open:
            return row
        wait = (worked.again_at - practice.clock.now()).total_seconds()
        practice.clock.advance(max(0.0, wait))
    raise AssertionError("the preview did not come to an end")


def admin(practice: Practice) -> User:
    return Membership.objects.get(firm=practice.firm).user


def start(practice: Practice) -> bool:
    with firm_scope(practice.firm):
        return start_first_sync(firm=practice.firm, user=admin(practice), now=practice.clock.now())


def documents(practice: Practice, name: str) -> int:
    with firm_scope(practice.firm):
        return sum(entry[0] for entry in Preview.objects.get().report[name].values())


def writes(practice: Practice) -> list[str]:
    """What was asked for with a method that changes something, on either side."""
    asked = [*practice.asked_of_clio.requests, *practice.asked_of_xero.requests]
    return [
        one.path for one in asked if one.method != "GET" and "token" not in one.path and "authorize" not in one.path
    ]


def test_it_says_what_the_first_sync_then_does_and_sends_nothing_itself(practice: Practice) -> None:
    assert ask(practice)
    row = made(practice)
    assert row.state == Preview.State.READY, row.message
    assert writes(practice) == []
    assert practice.invoices() == []
    with firm_scope(practice.firm):
        assert not Run.objects.exists()
        assert not Link.objects.exists()
    foretold = documents(practice, "invoices")
    calls_before = len(practice.asked_of_clio.requests)
    assert start(practice)
    report = practice.sync()
    assert report["state"] == "clean", report
    assert report["counts"]["invoice"]["created"] == foretold > 0
    assert report["counts"]["contact"]["created"] == row.report["contacts_new"]
    assert practice.compare()["differences"] == []
    # What the preview read is not read again: the first sync asks only for what changed since.
    assert len(practice.asked_of_clio.requests) - calls_before < 12


def test_clients_and_bills_that_stand_in_xero_are_foretold_as_linked(practice: Practice) -> None:
    ask(practice)
    made(practice)
    assert start(practice)
    practice.sync()
    stands = len(practice.invoices())
    with firm_scope(practice.firm):
        # As a firm comes from another integration: everything stands in Xero, nothing is linked.
        for model in (Link, SyncError, Run, Preview):
            model.objects.all().delete()
        FirmSync.objects.update(first_sync_done_at=None)
        SyncSettings.objects.update(export_bills=False)
        Snapshot.objects.update(dirty=True)
    assert ask(practice)
    made(practice)
    assert documents(practice, "invoices_linked") == stands
    assert documents(practice, "invoices") == 0
    with firm_scope(practice.firm):
        report = Preview.objects.get().report
    assert report["contacts_new"] == 0
    assert report["contacts_linked"] > 0


def test_what_would_be_blocked_is_told_by_cause_with_the_way_out(practice: Practice) -> None:
    ask(practice)
    made(practice)
    bill = practice.a_bill(lambda record: record["state"] == "awaiting_payment")
    practice.clio.act("break_bill", bill_id=bill["id"])
    practice.clock.advance(60)
    with firm_scope(practice.firm):
        SyncSettings.objects.update(tax_primary="")
    ask(practice)
    causes = {cause["code"]: cause for cause in made(practice).report["causes"].values()}
    assert causes["totals_mismatch"]["examples"] == [bill["number"]]
    assert causes["tax_missing"]["count"] > 1
    assert causes["tax_missing"]["field"] == "tax_primary"
    assert "Choose a tax rate" in causes["tax_missing"]["remedy"]


def test_a_name_that_is_taken_in_xero_is_foretold_with_the_bills_that_wait(practice: Practice) -> None:
    ask(practice)
    made(practice)
    client = practice.a_client(lambda record: bool(record["name"]))
    practice.xero.act("add_contact", Name=f"{client['name']} ({client['id']})")
    practice.clock.advance(3600)
    ask(practice)
    report = made(practice).report
    (cause,) = report["causes"].values()
    assert (cause["code"], cause["examples"]) == ("contact_name_taken", [client["name"]])
    assert report["waiting"]["waiting_for_contact"] > 0


def test_a_limit_is_waited_for_and_the_reading_goes_on_where_it_stopped(transactional_db: None, settings: Any) -> None:
    practice = Practice(bills=300)
    practice.open(settings)
    try:
        with firm_scope(practice.firm):
            practice.configure(export_bills=False)
        practice.clio.set_limits(rate_limit=5)
        ask(practice)
        worked = turn(practice)
        with firm_scope(practice.firm):
            waiting = Preview.objects.get()
        assert waiting.waits_until == worked.again_at > practice.clock.now()
        assert "used up" in waiting.message
        row = made(practice)
        assert row.state == Preview.State.READY
        assert row.report["looked_at"] == Snapshot.unscoped.filter(kind="bill").count() > 250
        pages = [one.query for one in practice.asked_of_clio.requests if one.path.endswith("line_items.json")]
        assert len(pages) > 5
        # A page that was refused for the limit is asked for again; none that was read is.
        assert len(set(pages)) >= len(pages) - 2
    finally:
        practice.stop()


def test_a_slice_that_is_over_goes_on_in_the_next(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("syncengine.engine.preview.work.SLICE", timedelta(seconds=-1))
    ask(practice)
    assert not turn(practice).finished
    row = made(practice)
    assert row.state == Preview.State.READY
    monkeypatch.undo()
    whole = row.report
    ask(practice)
    assert made(practice).report == whole


def test_settings_that_change_meanwhile_are_worked_out_anew(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("syncengine.engine.preview.work.SLICE", timedelta(seconds=-1))
    ask(practice)
    for _ in range(20):
        turn(practice)
        with firm_scope(practice.firm):
            row = Preview.objects.get()
            if row.step == Preview.Step.PLAN:
                break
    with firm_scope(practice.firm):
        practice.configure(export_bills=False, bills_issued_from="2099-01-01")
    report = made(practice).report
    assert report["invoices"] == {}
    assert report["left_out"]["out_of_range"] > 0


def test_it_is_asked_for_once_and_wakes_a_worker(practice: Practice) -> None:
    assert ask(practice)
    assert not ask(practice)
    assert claim_due(now=practice.clock.now(), limit=10) == [practice.firm.pk]
    made(practice)
    assert ask(practice)  # again, once it is ready


def test_a_broken_connection_fails_it_in_words_and_it_can_be_asked_for_again(practice: Practice) -> None:
    practice.clio.faults.add(Fault(kind="status", method="GET", path_prefix="/api/v4/bills", status=503, times=50))
    ask(practice)
    row = made(practice)
    assert row.state == Preview.State.FAILED
    assert "Clio" in row.message
    practice.clio.faults.clear()
    assert ask(practice)
    assert made(practice).state == Preview.State.READY


def test_before_the_start_a_turn_leaves_no_run_behind(practice: Practice) -> None:
    with firm_scope(practice.firm):
        FirmSync.objects.create(due_at=practice.clock.now(), asked=True)
    worked = turn(practice)
    assert worked.finished
    with firm_scope(practice.firm):
        assert not Run.objects.exists()
        assert not FirmSync.objects.get().asked
    assert claim_due(now=practice.clock.now(), limit=10) == []


# Starting -------------------------------------------------------------------------------------------------------------


def test_it_starts_once_however_often_the_button_is_pressed(practice: Practice) -> None:
    ask(practice)
    made(practice)
    assert start(practice)
    assert not start(practice)
    with firm_scope(practice.firm):
        events = AuditEvent.objects.filter(action="first_sync_started")
        assert [describe(event) for event in events] == ["The first sync was started."]
        assert SyncSettings.objects.get().export_bills
    assert not ask(practice)


def test_it_does_not_start_without_a_preview_of_the_present_settings(practice: Practice) -> None:
    with pytest.raises(StartRefused, match="Wait for the preview"):
        start(practice)
    ask(practice)
    made(practice)
    with firm_scope(practice.firm):
        practice.configure(export_bills=False, interest_account="201")
    with pytest.raises(StartRefused, match="changed since"):
        start(practice)
    with firm_scope(practice.firm):
        assert not SyncSettings.objects.get().export_bills


def test_it_does_not_start_before_what_bills_need_is_chosen(practice: Practice) -> None:
    with firm_scope(practice.firm):
        SyncSettings.objects.update(expenses_account="")
    with pytest.raises(StartRefused, match="Choose these first: Expenses"):
        start(practice)
    with firm_scope(practice.firm):
        SyncSettings.objects.update(saved_at=None)
    with pytest.raises(StartRefused, match="Choose accounts"):
        start(practice)


# Progress -------------------------------------------------------------------------------------------------------------


def test_a_first_sync_notes_what_it_expects_and_how_it_went(practice: Practice) -> None:
    ask(practice)
    made(practice)
    start(practice)
    practice.xero.set_limits(per_minute=2, per_day=None, concurrent=None, app_per_minute=None)
    for _ in range(20):
        worked = turn(practice)
        if worked.finished:
            break
        practice.clock.advance(max(0.0, (worked.again_at - practice.clock.now()).total_seconds()))
    with firm_scope(practice.firm):
        run = Run.objects.get()
        assert run.expected["invoice"] == Snapshot.objects.filter(kind="bill").count()
        assert run.expected["contact"] == Snapshot.objects.filter(kind="contact").count()
    assert any(until for _at, _done, until in run.trail)
    assert [done for _at, done, _until in run.trail] == sorted(done for _at, done, _until in run.trail)
