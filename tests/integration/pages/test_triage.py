"""What people decide about sync errors."""

from typing import Any

import pytest

from accounts.models import AuditEvent, Firm, User
from syncengine.engine import triage
from syncengine.models import FirmSync, Link, RecordEvent, Snapshot, SyncError
from tests.support import rows
from tests.support.rows import NOW

pytest_plugins = ["tests.support.firm_and_people"]
pytestmark = pytest.mark.usefixtures("scope")


def refused(clio_id: int, **more: str) -> SyncError:
    rows.bill(clio_id, state="refused", planned_under="rules-1", retry_at=NOW)
    return rows.problem("invoice", clio_id, **more)


def is_dirty(clio_id: int) -> bool:
    return Snapshot.objects.get(kind="bill", clio_id=clio_id).dirty


def test_a_retried_record_is_planned_again_at_once(firm: Firm) -> None:
    rows.configure()
    error, other = refused(1), refused(2)
    assert triage.retry(firm=firm, error_ids=[error.pk], now=NOW) == 1
    link, untouched = Link.objects.get(clio_id=1), Link.objects.get(clio_id=2)
    assert (link.planned_under, link.retry_at, is_dirty(1)) == ("", None, True)
    assert (untouched.planned_under, untouched.retry_at, is_dirty(2)) == ("rules-1", NOW, False)
    sync = FirmSync.objects.get()
    assert (sync.asked, sync.due_at) == (True, NOW)
    other.refresh_from_db()
    assert other.state == "open"


def test_a_cause_is_retried_as_a_whole_and_nothing_else_is(firm: Firm) -> None:
    error = refused(1, cause="acc-200")
    refused(2, cause="acc-200")
    refused(3, cause="acc-310")
    assert triage.retry_cause(firm=firm, code=error.code, cause="acc-200", now=NOW) == 2
    assert (is_dirty(1), is_dirty(2), is_dirty(3)) == (True, True, False)


def test_a_closed_or_ignored_problem_is_not_retried(firm: Firm, person: User) -> None:
    ignored, closed = refused(1), refused(2)
    SyncError.objects.filter(pk=closed.pk).update(state="closed")
    triage.ignore(firm=firm, user=person, error_ids=[ignored.pk], reason="Entered by hand.", now=NOW)
    assert triage.retry_all(firm=firm, now=NOW) == 0
    assert not FirmSync.objects.filter(asked=True).exists()


def test_a_contact_is_retried_by_its_own_snapshot(firm: Firm) -> None:
    error = rows.contact_taken(501, "Alder Holdings Ltd")
    Snapshot.objects.create(kind="contact", clio_id=501, record={}, digest="d", dirty=False, read_at=NOW)
    assert triage.retry(firm=firm, error_ids=[error.pk], now=NOW) == 1
    assert Snapshot.objects.get(kind="contact", clio_id=501).dirty


def test_an_ignored_record_keeps_its_reason_and_leaves_planning(firm: Firm, person: User) -> None:
    error = refused(1)
    Snapshot.objects.update(dirty=True)
    assert triage.ignore(firm=firm, user=person, error_ids=[error.pk], reason="  Entered\n by hand. ", now=NOW) == 1
    error.refresh_from_db()
    assert (error.state, error.ignored_by, error.ignored_reason) == ("ignored", person, "Entered by hand.")
    assert Link.objects.get(clio_id=1).state == "ignored"
    assert not is_dirty(1)
    event = AuditEvent.objects.get(action="errors_ignored")
    assert event.actor == person
    assert event.detail["reason"] == "Entered by hand."
    assert event.detail["records"] == [{"kind": "invoice", "clio_id": 1, "code": "account_archived"}]


def test_undoing_brings_back_what_was_and_tries_it(firm: Firm, person: User) -> None:
    error = refused(1)
    triage.ignore(firm=firm, user=person, error_ids=[error.pk], reason="Later.", now=NOW)
    assert triage.undo_ignore(firm=firm, user=person, error_ids=[error.pk], now=NOW) == 1
    error.refresh_from_db()
    link = Link.objects.get(clio_id=1)
    assert (error.state, error.ignored_by, error.ignored_reason, error.details) == ("open", None, "", {})
    assert (link.state, link.planned_under, is_dirty(1)) == ("refused", "", True)
    assert FirmSync.objects.get().asked


def test_a_second_click_does_nothing_twice(firm: Firm, person: User) -> None:
    error = refused(1)
    assert triage.ignore(firm=firm, user=person, error_ids=[error.pk], reason="Once.", now=NOW) == 1
    assert triage.ignore(firm=firm, user=person, error_ids=[error.pk], reason="Twice.", now=NOW) == 0
    assert triage.undo_ignore(firm=firm, user=person, error_ids=[error.pk], now=NOW) == 1
    assert triage.undo_ignore(firm=firm, user=person, error_ids=[error.pk], now=NOW) == 0
    assert AuditEvent.objects.filter(action__startswith="errors_").count() == 2


@pytest.mark.parametrize(("reason", "words"), [("   ", "Write why"), ("x" * 501, "longer than 500")])
def test_ignoring_takes_a_reason(firm: Firm, person: User, reason: str, words: str) -> None:
    error = refused(1)
    with pytest.raises(triage.TriageError, match=words):
        triage.ignore(firm=firm, user=person, error_ids=[error.pk], reason=reason, now=NOW)
    error.refresh_from_db()
    assert error.state == "open"


def test_what_holds_up_the_whole_firm_cannot_be_ignored(firm: Firm, person: User) -> None:
    error = rows.problem("run", None, code="run_failed", cause="")
    with pytest.raises(triage.TriageError, match="whole firm"):
        triage.ignore(firm=firm, user=person, error_ids=[error.pk], reason="No.", now=NOW)
    error.refresh_from_db()
    assert error.state == "open"


# A whole cause --------------------------------------------------------------------------------------------------------


def test_a_cause_is_ignored_and_undone_as_a_whole_and_nothing_else_is(firm: Firm, person: User) -> None:
    rows.configure()
    error = refused(1, cause="acc-200")
    refused(2, cause="acc-200")
    refused(3, cause="acc-310")
    named: dict[str, Any] = {"firm": firm, "user": person, "code": error.code, "cause": "acc-200", "now": NOW}
    assert triage.ignore_cause(reason="Old books.", **named) == 2
    assert list(Link.objects.order_by("clio_id").values_list("state", flat=True)) == ["ignored", "ignored", "refused"]
    assert SyncError.objects.filter(state="ignored", ignored_reason="Old books.").count() == 2
    assert triage.ignore_cause(reason="Again.", **named) == 0
    assert triage.undo_cause(**named) == 2
    assert set(Link.objects.values_list("state", flat=True)) == {"refused"}
    assert is_dirty(1)


def test_ignoring_a_payment_leaves_its_bill_alone_and_undoing_plans_the_bills_money(firm: Firm, person: User) -> None:
    rows.configure()
    rows.bill(9001)
    Link.objects.create(kind="payment", clio_id=8801, bill_id=9001, state="blocked")
    error = rows.problem("payment", 8801, code="payment_which")
    triage.ignore(firm=firm, user=person, error_ids=[error.pk], reason="Later.", now=NOW)
    assert Link.objects.get(kind="payment").state == "ignored"
    assert Link.objects.get(kind="invoice").state == "in_step"
    triage.undo_ignore(firm=firm, user=person, error_ids=[error.pk], now=NOW)
    assert Link.objects.get(kind="payment").state == "blocked"
    snapshot = Snapshot.objects.get(kind="bill")
    assert (snapshot.dirty, snapshot.money_dirty) == (False, True)


# What a run that is at work meanwhile may do --------------------------------------------------------------------------


def test_an_ignored_record_counts_as_planned_so_that_only_clio_brings_it_back(firm: Firm, person: User) -> None:
    error = refused(1)
    Link.objects.update(planned_under="")  # somebody pressed "Try again" before
    triage.ignore(firm=firm, user=person, error_ids=[error.pk], reason="Mine.", now=NOW)
    assert Link.objects.get().planned_under


def test_what_was_ignored_and_undone_is_not_ignored_once_more(firm: Firm, person: User) -> None:
    error = refused(1)
    triage.ignore(firm=firm, user=person, error_ids=[error.pk], reason="Mine.", now=NOW)
    assert Link.objects.get().decided["act"] == "ignore"
    triage.undo_ignore(firm=firm, user=person, error_ids=[error.pk], now=NOW)
    assert Link.objects.get().decided == {}


def test_what_people_do_about_a_record_stands_in_its_history(firm: Firm, person: User) -> None:
    error = refused(1)
    triage.retry(firm=firm, error_ids=[error.pk], now=NOW, user=person)
    triage.ignore(firm=firm, user=person, error_ids=[error.pk], reason="Entered by hand.", now=NOW)
    triage.undo_ignore(firm=firm, user=person, error_ids=[error.pk], now=NOW)
    told = RecordEvent.objects.order_by("pk").values_list("event", "words")
    assert list(told) == [("asked", "Try again."), ("ignored", "Entered by hand."), ("asked", "No longer ignored.")]
    assert set(RecordEvent.objects.values_list("details__by", flat=True)) == {str(person)}
    assert AuditEvent.objects.get(action="errors_retried").detail == {"count": 1}
