"""What people decide about sync errors."""

import pytest

from accounts.models import AuditEvent, Firm, User
from syncengine.engine import triage
from syncengine.models import FirmSync, Link, Snapshot, SyncError
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
    triage.ignore(firm=firm, user=person, error_ids=[ignored.pk], reason="Entered by hand.")
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
    assert triage.ignore(firm=firm, user=person, error_ids=[error.pk], reason="  Entered\n by hand. ") == 1
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
    triage.ignore(firm=firm, user=person, error_ids=[error.pk], reason="Later.")
    assert triage.undo_ignore(firm=firm, user=person, error_ids=[error.pk], now=NOW) == 1
    error.refresh_from_db()
    link = Link.objects.get(clio_id=1)
    assert (error.state, error.ignored_by, error.ignored_reason, error.details) == ("open", None, "", {})
    assert (link.state, link.planned_under, is_dirty(1)) == ("refused", "", True)
    assert FirmSync.objects.get().asked


def test_a_second_click_does_nothing_twice(firm: Firm, person: User) -> None:
    error = refused(1)
    assert triage.ignore(firm=firm, user=person, error_ids=[error.pk], reason="Once.") == 1
    assert triage.ignore(firm=firm, user=person, error_ids=[error.pk], reason="Twice.") == 0
    assert triage.undo_ignore(firm=firm, user=person, error_ids=[error.pk], now=NOW) == 1
    assert triage.undo_ignore(firm=firm, user=person, error_ids=[error.pk], now=NOW) == 0
    assert AuditEvent.objects.filter(action__startswith="errors_").count() == 2


@pytest.mark.parametrize(("reason", "words"), [("   ", "Write why"), ("x" * 501, "longer than 500")])
def test_ignoring_takes_a_reason(firm: Firm, person: User, reason: str, words: str) -> None:
    error = refused(1)
    with pytest.raises(triage.TriageError, match=words):
        triage.ignore(firm=firm, user=person, error_ids=[error.pk], reason=reason)
    error.refresh_from_db()
    assert error.state == "open"


def test_what_holds_up_the_whole_firm_cannot_be_ignored(firm: Firm, person: User) -> None:
    error = rows.problem("run", None, code="run_failed", cause="")
    with pytest.raises(triage.TriageError, match="whole firm"):
        triage.ignore(firm=firm, user=person, error_ids=[error.pk], reason="No.")
    error.refresh_from_db()
    assert error.state == "open"
