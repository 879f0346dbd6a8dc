"""When a run begins, in which order it works, and how it goes on where it stopped (BEHAVIOUR §9)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection

from accounts.firm_scope import firm_scope
from sandbox.faults import Fault
from syncengine.engine.run import Worked
from syncengine.engine.schedule import ask_for_run, claim_due
from syncengine.models import FirmSync, RecordEvent, Run, Submission
from tests.support.practice import Practice
from tests.support.stories import (  # noqa: F401
    add_bill,
    amounts,
    billed,
    clean,
    pay,
    practice,
    sync,
    write_off,
)


def due_in(practice: Practice) -> float:
    """Seconds until the firm is due."""
    with firm_scope(practice.firm):
        return (FirmSync.objects.get().due_at - practice.clock.now()).total_seconds()


def test_a_firm_is_due_again_within_five_minutes_of_a_run(practice: Practice) -> None:
    practice.slice()
    assert 0 < due_in(practice) <= 300


def test_somebody_who_asks_makes_it_due_at_once_and_once(practice: Practice) -> None:
    now = practice.clock.now()
    assert ask_for_run(firm=practice.firm, now=now)
    assert not ask_for_run(firm=practice.firm, now=now)
    assert due_in(practice) <= 0
    assert claim_due(now=practice.clock.now(), limit=10) == [practice.firm.pk]


def test_a_firm_that_is_due_is_queued_once_and_again_if_its_worker_died(practice: Practice) -> None:
    at = practice.clock.now() + timedelta(minutes=6)
    assert claim_due(now=at, limit=10) == [practice.firm.pk]
    assert claim_due(now=at, limit=10) == []
    assert claim_due(now=at + timedelta(minutes=2), limit=10) == [practice.firm.pk]


def test_a_firm_that_is_not_due_or_has_no_integration_is_not_queued(practice: Practice) -> None:
    practice.slice()
    assert claim_due(now=practice.clock.now(), limit=10) == []
    practice.firm.plan = "other"
    practice.firm.save()
    assert claim_due(now=practice.clock.now() + timedelta(minutes=6), limit=10) == []


def test_bills_go_in_the_order_of_their_clio_ids(practice: Practice) -> None:
    made = [add_bill(practice, issued_at=day) for day in ("2026-11-20", "2026-10-01", "2026-11-05")]
    clean(practice)
    with firm_scope(practice.firm):
        calls = Submission.objects.filter(kind="invoice", operation="create").order_by("id")
        sent = [item[0] for call in calls for item in call.items or ()]
    assert sent == sorted(sent)
    assert sent[-3:] == made


def test_a_run_that_a_limit_stopped_goes_on_where_it_was(practice: Practice) -> None:
    bills = [add_bill(practice) for _ in range(3)]
    for bill_id in bills:
        pay(practice, bill_id, 100)
        write_off(practice, bill_id, 50)
    practice.clock.advance(60)
    practice.xero.faults.add(
        Fault(kind="rate_limit", method="PUT", path_prefix="/api.xro/2.0/CreditNotes/", seconds=40, after=1)
    )
    report = practice.sync()
    assert report["state"] == "waiting"
    assert report["message"]
    practice.xero.calls.reset()
    clean(practice)
    assert practice.xero.calls.count("PUT", "/api.xro/:id.0/Invoices") == 0
    assert [amounts(practice, bill_id) for bill_id in bills] == [[100]] * 3
    assert [practice.invoice(bill_id)["AmountCredited"] for bill_id in bills] == [50] * 3


def test_when_a_limit_is_used_up_the_run_says_until_when(practice: Practice) -> None:
    add_bill(practice)
    practice.clock.advance(120)
    practice.xero.set_limits(per_minute=60)
    practice.xero.act("use_up_limits", minute=60)
    practice.sync()
    report = practice.sync()
    assert report["state"] == "waiting"
    assert report["again_at"] > practice.clock.now().isoformat()
    report = sync(practice, 2)
    assert report["state"] == "clean"


def test_fifty_invoices_at_most_go_into_one_round(practice: Practice) -> None:
    bills = [add_bill(practice) for _ in range(51)]
    for bill_id in bills:
        pay(practice, bill_id, 100)
    clean(practice)
    for bill_id in bills:
        line = practice.clio.data.lines_of(bill_id)[0]
        practice.clio.act("edit_bill", bill_id=bill_id, lines={"change": [{"id": line.id, "price": 600}]})
    practice.xero.calls.reset()
    clean(practice)
    calls = [call for call in practice.xero.calls.calls() if call.method == "POST"]
    updated = [call.elements for call in calls if call.path.endswith("/Invoices")]
    assert sum(updated) == 51
    assert max(updated) <= 50
    first = next(n for n, call in enumerate(calls) if call.path.endswith("/Invoices"))
    assert first <= 50  # so many payments came off before the first of them went back
    assert {practice.invoice(bill_id)["Total"] for bill_id in bills} == {600}
    assert [amounts(practice, bill_id) for bill_id in bills] == [[100]] * 51


def during_the_next_write(practice: Practice, path: str, happens: Callable[[], None]) -> None:
    """Something happens after Xero did the next such call and before its answer arrives."""
    serve = practice.asked_of_xero._app
    done: list[bool] = []

    def app(environ: Any, start_response: Any) -> Any:
        answer = serve(environ, start_response)
        if not done and environ["REQUEST_METHOD"] == "PUT" and environ["PATH_INFO"].endswith(path):
            done.append(True)
            answer = list(answer)
            happens()
            connection.close()  # this thread's own
        return answer

    practice.asked_of_xero._app = app


def test_an_answer_that_comes_after_another_worker_took_over_is_recorded_by_that_one_alone(practice: Practice) -> None:
    bill_id = billed(practice)
    allocation_id = pay(practice, bill_id, 200)
    others: list[Worked] = []

    def another_worker() -> None:
        practice.clock.advance(62)
        others.append(practice.slice())
        practice.clio.act("void_payment", allocation_id=allocation_id)
        practice.clock.advance(300)
        others.append(practice.slice())

    during_the_next_write(practice, "/Payments", another_worker)
    practice.clock.advance(60)
    late = practice.slice()
    assert [worked.finished for worked in others] == [True, True]
    assert late.lost
    assert amounts(practice, bill_id) == []
    link = practice.link(allocation_id, "payment")
    assert (link.state, link.xero_id) == ("voided", None)
    with firm_scope(practice.firm):
        assert not Run.objects.filter(ended_at=None).exists()
        applied = RecordEvent.objects.filter(kind="payment", clio_id=allocation_id, event="applied")
        assert [event.details["operation"] for event in applied.order_by("id")] == ["create", "remove"]
