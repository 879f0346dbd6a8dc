"""What must never be said or done: clean while something is missing, sent twice, believed from a dry run."""

from accounts.firm_scope import firm_scope
from syncengine.models import Link, Submission
from tests.support.practice import Practice, practice  # noqa: F401


def test_a_bill_that_was_voided_after_a_dry_run_is_not_invoiced(practice: Practice) -> None:
    practice.sync(dry_run=True)
    bill = practice.a_bill(lambda record: record["state"] == "awaiting_payment" and record["paid"] == "0.00")
    practice.clio.act("void_bill", bill_id=bill["id"])
    assert practice.sync()["state"] == "clean"
    assert bill["number"] not in {row["InvoiceNumber"] for row in practice.invoices()}


def test_a_dry_run_leaves_no_run_behind_and_no_first_sync_done(practice: Practice) -> None:
    practice.sync(dry_run=True)
    with firm_scope(practice.firm):
        assert not Link.objects.filter(xero_id__isnull=False).exists()
        assert not Submission.objects.exists()


def test_a_resend_that_cannot_connect_stays_unclear(practice: Practice) -> None:
    practice.lose_answer("/api.xro/2.0/Invoices")
    practice.slice()
    with firm_scope(practice.firm):
        held = Submission.objects.get(state="unclear")
        Submission.objects.filter(pk=held.pk).update(attempts=1)
    practice.stop_xero()
    practice.slice()
    with firm_scope(practice.firm):
        assert Submission.objects.get(pk=held.pk).state in {"unclear", "sending"}


def test_an_adopted_invoice_that_says_something_else_is_brought_up_to_date(practice: Practice) -> None:
    practice.sync()
    bill = practice.a_bill(lambda record: record["state"] == "awaiting_payment")
    practice.forget_links()
    practice.clio.act("edit_bill", bill_id=bill["id"], issued_at="2026-01-05")
    practice.clock.advance(60)
    practice.sync()
    practice.sync()
    standing = {row["InvoiceNumber"]: row for row in practice.invoices()}[bill["number"]]
    assert standing["DateString"].startswith("2026-01-05")


def test_somebody_who_asks_while_a_run_is_at_work_is_heard(practice: Practice) -> None:
    practice.sync()
    practice.ask_during_next_slice()
    practice.slice()
    assert practice.is_asked()


def test_a_list_of_lines_that_ends_early_is_read_bill_by_bill_across_limits(practice: Practice) -> None:
    practice.clio.set_limits(unordered_list_max=20, rate_limit=12)
    for _ in range(12):
        report = practice.sync()
        if report["state"] != "waiting":
            break
        practice.clock.advance(61)
    assert report["state"] == "clean", report
    practice.clock.advance(61)
    assert practice.compare()["differences"] == []
