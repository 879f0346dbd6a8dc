"""Gone is proven, not assumed; and how money is read (BEHAVIOUR §9, §11)."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.firm_scope import firm_scope
from syncengine.engine.run import work_one_slice
from syncengine.models import Cursor
from tests.support.practice import Practice
from tests.support.stories import (  # noqa: F401
    add_bill,
    amounts,
    billed,
    clean,
    codes,
    counts,
    error,
    ids,
    keys,
    live_notes,
    paid,
    pay,
    practice,
    scheduled,
    sync,
    today,
    write_off,
    writes,
)


def calls_to_clio(practice: Practice, resource: str) -> list[str]:
    """The queries of the calls for a list."""
    calls = practice.clio.calls.calls()
    return [call.query for call in calls if call.path.removesuffix(".json") == f"/api/v4/{resource}"]


def test_a_payment_that_reads_as_404_while_another_is_seen_is_gone(practice: Practice) -> None:
    bill_id, allocation_id = paid(practice, 200)
    _, kept = paid(practice, 100)
    practice.clio.act("delete_payment", allocation_id=allocation_id)
    practice.clio.calls.reset()
    clean(practice)
    assert amounts(practice, bill_id) == []
    paths = {call.path.removesuffix(".json") for call in practice.clio.calls.calls()}
    assert {f"/api/v4/allocations/{one}" for one in (allocation_id, kept)} <= paths


def test_a_login_that_sees_no_payments_any_more_removes_none_and_raises_one_error(practice: Practice) -> None:
    bill_id, allocation_id = paid(practice, 200)
    other, _ = paid(practice, 100)
    before = ids(practice, bill_id) | ids(practice, other)
    practice.clio.act("delete_payment", allocation_id=allocation_id)
    practice.clio.act("hide", kind="allocations")
    for _ in range(2):
        report = sync(practice)
        assert codes(report) == ["sees_less"]
    assert error(practice, "sees_less").remedy
    assert ids(practice, bill_id) | ids(practice, other) == before
    practice.clio.act("show_all")
    practice.clio.act("touch_bill", bill_id=bill_id)
    clean(practice)
    assert (amounts(practice, bill_id), amounts(practice, other)) == ([], [100])


def test_a_login_that_sees_no_bills_any_more_voids_none_and_raises_one_error(practice: Practice) -> None:
    bill_id, _ = paid(practice, 200)
    practice.clio.act("hide", kind="bills")
    practice.xero.calls.reset()
    report = sync(practice, 45, full=True)
    assert codes(report) == ["sees_less"]
    assert writes(practice) == []
    assert practice.invoice(bill_id)["Status"] == "AUTHORISED"


def test_a_bill_that_vanished_is_voided_while_another_is_seen(practice: Practice) -> None:
    bill_id = billed(practice)
    practice.clio.act("delete_bill", bill_id=bill_id, gone=True)
    assert counts(clean(practice, 45, full=True), "invoice") == {"voided": 1}


def test_a_credit_that_vanished_is_voided(practice: Practice) -> None:
    bill_id = add_bill(practice)
    _, memo_id = write_off(practice, bill_id, 100)
    pay(practice, bill_id, 50)
    clean(practice)
    practice.clio.act("delete_credit", memo_id=memo_id)
    clean(practice)
    assert (live_notes(practice, bill_id), amounts(practice, bill_id)) == ([], [50])


# How it is read -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("action", ["edit_payment", "delete_payment", "void_payment"])
def test_the_nightly_compare_finds_what_nobody_announced(practice: Practice, action: str) -> None:
    bill_id, allocation_id = paid(practice, 200)
    paid(practice, 100)
    values: dict[str, Any] = {"amount": 250} if action == "edit_payment" else {}
    practice.clio.act(action, allocation_id=allocation_id, silent=True, **values)
    clean(practice)
    clean(practice, 60 * 12, full=True)
    assert amounts(practice, bill_id) == ([250] if action == "edit_payment" else [])


def test_a_new_payment_is_found_even_if_its_bill_does_not_move(practice: Practice) -> None:
    practice.clio.set_limits(bill_moves_on_payment=False)
    bill_id = billed(practice)
    allocation_id = pay(practice, bill_id, 200)
    clean(practice, 5)
    assert amounts(practice, bill_id) == [200]
    practice.clio.act("void_payment", allocation_id=allocation_id)
    clean(practice, 5)
    assert amounts(practice, bill_id) == []


def test_payments_are_read_since_the_last_pass_with_an_overlap_and_voided_ones_apart(practice: Practice) -> None:
    practice.clio.calls.reset()
    began = practice.clock.now()
    clean(practice, 10)
    practice.clio.calls.reset()
    clean(practice, 10)
    queries = calls_to_clio(practice, "allocations")
    assert len(queries) == 2
    assert sum("status=invalid" in query for query in queries) == 1
    since = (began.replace(microsecond=0)).strftime("%Y-%m-%dT%H")
    assert all("updated_since=" in query for query in queries)
    assert all("order=id" in query for query in queries)
    assert since


def test_what_changed_in_the_last_five_minutes_before_a_pass_is_read_again(practice: Practice) -> None:
    bill_id, allocation_id = paid(practice, 200)
    practice.clock.advance(4 * 60)
    row = practice.clio.data.allocations.get(allocation_id)
    stamp = practice.clock.now()
    clean(practice, 0.5)
    row.amount = 25_000  # a row that Clio's own list showed only after the pass, stamped before it
    row.updated_at = stamp
    practice.clio.act("touch_bill", bill_id=bill_id)
    clean(practice, 0.5)
    assert amounts(practice, bill_id) == [250]


def test_xeros_payments_are_read_every_ten_minutes_and_not_while_nothing_is_matched(practice: Practice) -> None:
    def read(minutes: float) -> int:
        practice.xero.calls.reset()
        scheduled(practice, minutes)
        calls = practice.xero.calls.calls()
        return sum((call.method, call.path) == ("GET", "/api.xro/2.0/Payments") for call in calls)

    read(10)
    assert [read(4), read(4), read(4)] == [0, 0, 1]
    practice.configure(payment_bank_account="")
    assert [read(10), read(10)] == [0, 0]


def test_a_deletion_in_xero_is_not_missed_between_two_reads(practice: Practice) -> None:
    bill_id, allocation_id = paid(practice, 200)
    scheduled(practice, 11)
    for row in practice.payments(bill_id):
        practice.xero.act("delete_payment", payment=row["PaymentID"])
    scheduled(practice, 11)
    scheduled(practice, 11)
    assert keys(practice, bill_id) == [f"CLIO-A{allocation_id}-2"]


def after_calls_to_clio(practice: Practice, path: str, happens: Callable[[], Any]) -> None:
    """Something happens in Clio after every answer to a call of this path."""
    serve = practice.asked_of_clio._app

    def app(environ: Any, start_response: Any) -> Any:
        answer = serve(environ, start_response)
        if environ["PATH_INFO"].removesuffix(".json") == path:
            happens()
        return answer

    practice.asked_of_clio._app = app


def test_a_login_that_loses_its_sight_in_the_middle_of_a_run_proves_nothing_more(practice: Practice) -> None:
    first, gone = paid(practice, 200)
    _, witness = paid(practice, 100)
    last, unseen = paid(practice, 70)
    for allocation_id in (gone, unseen):
        practice.clio.act("delete_payment", allocation_id=allocation_id)
    after_calls_to_clio(
        practice, f"/api/v4/allocations/{witness}", lambda: practice.clio.act("hide", kind="allocations")
    )
    assert codes(sync(practice)) == ["sees_less"]
    assert (amounts(practice, first), amounts(practice, last)) == ([], [70])


def until_over(practice: Practice, minutes: int, **options: Any) -> bool:
    """Work slice by slice, a minute each; gives whether the run came to its end."""
    for _ in range(minutes):
        practice.clock.advance(61)
        worked = work_one_slice(firm=practice.firm, clock=practice.clock.now, reason="command", **options)
        if worked.finished:
            return True
    return False


@pytest.mark.parametrize("kind", ["bills", "allocations"])
def test_a_login_that_sees_much_less_ends_its_run_within_clios_limit(practice: Practice, kind: str) -> None:
    for _ in range(30):
        pay(practice, add_bill(practice), 10)
    clean(practice)
    practice.clio.act("hide", kind=kind)
    practice.clio.set_limits(rate_limit=25)
    practice.clock.advance(45 * 60)
    practice.xero.calls.reset()
    assert until_over(practice, 10, full=True)
    assert [row.code for row in practice.open_errors()] == ["sees_less"]
    assert writes(practice) == []


def test_bills_whose_figures_never_agree_do_not_hold_a_run_up_for_ever(practice: Practice) -> None:
    made = [billed(practice) for _ in range(30)]
    for bill_id in made:
        pay(practice, bill_id, 10)
    practice.clio.act("hide", kind="allocations")
    practice.clio.set_limits(rate_limit=25)
    assert until_over(practice, 10)


def test_what_was_deleted_is_looked_for_though_the_run_that_saw_its_bill_change_failed(practice: Practice) -> None:
    bill_id, allocation_id = paid(practice, 200)
    paid(practice, 100)
    practice.clio.act("delete_payment", allocation_id=allocation_id)
    practice.fail_in_clio("status", method="GET", status=500, after=1)
    assert sync(practice)["state"] == "failed"
    clean(practice, 5)
    clean(practice, 5)
    assert amounts(practice, bill_id) == []


def test_a_page_that_clio_no_longer_knows_is_read_from_the_beginning(practice: Practice) -> None:
    bill_id = add_bill(practice)
    with firm_scope(practice.firm):
        where = f"{practice.clio_url}/api/v4/bills.json?page_token=gone"
        Cursor.objects.filter(resource="bills").update(next_url=where, pass_started_at=practice.clock.now())
    practice.clock.advance(24 * 3600)
    clean(practice)
    assert practice.invoice(bill_id)["Total"] == 500


def test_an_error_of_a_row_that_could_not_be_read_closes_when_it_can_be(practice: Practice) -> None:
    bill_id = billed(practice)
    write_off(practice, bill_id, 100)
    write_off(practice, bill_id, 50)
    serve, broken = practice.asked_of_clio._app, [True]

    def app(environ: Any, start_response: Any) -> Any:
        if not broken or "/allocations" not in environ["PATH_INFO"]:
            return serve(environ, start_response)
        told: list[Any] = []
        body = b"".join(serve(environ, lambda *status: told.extend(status)))
        body = body.replace(b'"amount":50.0', b'"amount":"x0.0"').replace(b'"amount": 50.0', b'"amount": "x0.0"')
        headers = [(name, value) for name, value in told[1] if name.lower() != "content-length"]
        start_response(told[0], [*headers, ("Content-Length", str(len(body)))])
        return [body]

    practice.asked_of_clio._app = app
    assert codes(sync(practice)) == ["unreadable"]
    assert practice.invoice(bill_id)["AmountDue"] == 400
    broken.clear()
    clean(practice)
    assert practice.invoice(bill_id)["AmountDue"] == 350
