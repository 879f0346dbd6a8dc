"""One account mends a whole cause; a choice on a row; a resync (BEHAVIOUR §3, §5, §10)."""

from datetime import datetime
from typing import Any

import pytest

from accounts.firm_scope import firm_scope
from accounts.models import AuditEvent, Firm, User
from syncengine.domain.documents import InvoiceDocument
from syncengine.domain.plan import Held, Update
from syncengine.engine import remedy, triage
from syncengine.engine.record import save_links
from syncengine.engine.resync_plan import plan_resync
from syncengine.engine.schedule import ask_for_run
from syncengine.models import Link, RecordEvent, ReferenceList, Snapshot, SyncError, SyncSettings
from tests.support.practice import Practice

pytest_plugins = ["tests.support.practice_and_admin"]


def act(practice: Practice, admin: User, function: Any, **values: Any) -> Any:
    with firm_scope(practice.firm):
        return function(firm=practice.firm, user=admin, now=practice.clock.now(), **values)


def account_id(practice: Practice, code: str) -> str:
    with firm_scope(practice.firm):
        rows = ReferenceList.objects.get(name="accounts").payload
    return str(next(row["account_id"] for row in rows if row["code"] == code))


def test_one_account_chosen_on_the_row_mends_every_bill_of_the_cause(practice: Practice, admin: User) -> None:
    practice.xero.act("archive_account", account="201")
    practice.refresh()
    practice.sync()
    errors = practice.open_errors()
    assert len(errors) > 5
    assert {(error.code, error.cause) for error in errors} == {("account_archived", account_id(practice, "201"))}
    # Clio itself holds the archived account for some categories.
    fields = sorted({error.field for error in errors})
    assert fields[-1] == "time_entries_account"
    assert fields[0].startswith("category:service:")
    values = {"error_id": errors[0].pk, "fields": fields, "value": account_id(practice, "210")}
    changes, concerned = act(practice, admin, remedy.choose_setting, **values)
    assert concerned == len(errors)
    assert changes[0].name == "Time Entries"
    report = practice.sync()
    assert report["state"] == "clean", report["open_errors"][:2]
    with firm_scope(practice.firm):
        assert set(AuditEvent.objects.values_list("action", flat=True)) >= {"settings_saved", "categories_saved"}
        told = RecordEvent.objects.filter(event="asked", kind="invoice")
        assert told.count() == len(errors)
        assert told[0].words.startswith("Time Entries: ")


def test_a_categorys_account_is_chosen_on_the_row_too(practice: Practice, admin: User) -> None:
    with firm_scope(practice.firm):
        rows = ReferenceList.objects.get(name="categories").payload
    category = next(row for row in rows if row["kind"] == "service")
    field = f"category:service:{category['id']}"
    with firm_scope(practice.firm):
        error = SyncError.objects.create(
            kind="invoice",
            clio_id=1,
            code="account_archived",
            cause="acc-1",
            field=field,
            message="Archived",
            first_seen_at=practice.clock.now(),
            last_seen_at=practice.clock.now(),
        )
    value = account_id(practice, "260")
    act(practice, admin, remedy.choose_setting, error_id=error.pk, fields=[field], value=value)
    with firm_scope(practice.firm):
        assert AuditEvent.objects.filter(action="categories_saved").exists()


# A choice on the row --------------------------------------------------------------------------------------------------


@pytest.fixture
def choice(practice: Practice) -> SyncError:
    """An error that offers two payments to choose from."""
    practice.sync()
    bill = practice.a_bill()
    with firm_scope(practice.firm):
        Link.objects.create(kind="payment", clio_id=777_001, bill_id=bill["id"], state="blocked", planned_under="rules")
        Snapshot.objects.filter(kind="bill").update(money_dirty=False)
        return SyncError.objects.create(
            kind="payment",
            clio_id=777_001,
            code="several_payments_fit",
            message="Several payments in Xero could be this one.",
            details={"choices": [{"value": "pay-1", "label": "3 May"}, {"value": "pay-2", "label": "4 May"}]},
            first_seen_at=practice.clock.now(),
            last_seen_at=practice.clock.now(),
        )


@pytest.fixture
def chosen(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was handed to the function that is registered for the code."""
    values: list[str] = []

    def chooser(*, firm: Firm, user: User, error: SyncError, value: str, now: datetime) -> None:
        values.append(value)

    monkeypatch.setattr("syncengine.engine.remedy.choosing._choosers", {})
    remedy.register("several_payments_fit", chooser)
    return values


@pytest.mark.parametrize("picked", [("pay-2", "4 May"), ("", "None of these: create it")])
def test_a_choice_reaches_the_function_that_knows_what_follows(
    practice: Practice, admin: User, choice: SyncError, chosen: list[str], picked: tuple[str, str]
) -> None:
    value, label = picked
    assert act(practice, admin, remedy.choose, error_id=choice.pk, value=value) == label
    assert chosen == [value]
    with firm_scope(practice.firm):
        link = Link.objects.get(kind="payment", clio_id=777_001)
        assert link.planned_under == ""
        assert Snapshot.objects.get(kind="bill", money_dirty=True).clio_id == link.bill_id
        assert RecordEvent.objects.get(kind="payment", event="asked").words == f"Chosen: {label}"
        assert AuditEvent.objects.get(action="choice_made").detail["none"] is (value == "")
    assert practice.is_asked()


def test_only_what_is_offered_can_be_chosen(
    practice: Practice, admin: User, choice: SyncError, chosen: list[str]
) -> None:
    with pytest.raises(remedy.RemedyError, match="Choose one of those listed"):
        act(practice, admin, remedy.choose, error_id=choice.pk, value="pay-3")
    with firm_scope(practice.firm):
        SyncError.objects.filter(pk=choice.pk).update(details={})
    with pytest.raises(remedy.RemedyError, match="Nothing can be chosen"):
        act(practice, admin, remedy.choose, error_id=choice.pk, value="pay-1")
    assert chosen == []


# Resync ---------------------------------------------------------------------------------------------------------------


def recoded_rules(practice: Practice) -> None:
    """Time Entries go to another account from now on."""
    with firm_scope(practice.firm):
        SyncSettings.objects.update(time_entries_account=account_id(practice, "210"), version=9)


def services(practice: Practice, number: str, code: str) -> list[dict[str, Any]]:
    row = {row["InvoiceNumber"]: row for row in practice.invoices()}[number]
    return [line for line in row["LineItems"] if line.get("AccountCode") == code]


def a_sent_bill(practice: Practice) -> dict[str, Any]:
    practice.sync()
    plain = {"state": "awaiting_payment", "discount": None}
    return practice.a_bill(
        lambda record: plain.items() <= record.items() and bool(services(practice, record["number"], "201"))
    )


def test_a_resync_shows_its_plan_and_then_codes_the_lines_anew(practice: Practice, admin: User) -> None:
    bill = a_sent_bill(practice)
    before = services(practice, bill["number"], "201")
    recoded_rules(practice)
    practice.sync()
    assert services(practice, bill["number"], "210") == []  # a settings change re-codes nothing

    with firm_scope(practice.firm):
        plan = plan_resync(firm=practice.firm, clio_id=bill["id"], clock=practice.clock.now)
    assert isinstance(plan.change, Update)
    assert isinstance(plan.change.document, InvoiceDocument)
    assert {line.account_code for line in plan.change.document.lines if line.amount} >= {"210"}
    assert services(practice, bill["number"], "210") == []  # looking sent nothing

    act(practice, admin, remedy.resync_bill, clio_id=bill["id"])
    report = practice.sync()
    assert report["state"] == "clean", report["open_errors"]
    assert report["counts"]["invoice"]["updated"] == 1
    after = {line["LineItemID"] for line in services(practice, bill["number"], "210")}
    assert after <= {line["LineItemID"] for line in before}
    assert after
    assert practice.sync()["counts"]["invoice"]["updated"] == 0


def test_a_resync_keeps_what_a_bookkeeper_tracked(practice: Practice, admin: User) -> None:
    bill = a_sent_bill(practice)
    link = practice.link(bill["id"])
    practice.xero.act("set_tracking", invoice=link.xero_id, category="Office", option="Ottawa")
    act(practice, admin, remedy.resync_bill, clio_id=bill["id"])
    assert practice.sync()["state"] == "clean"
    row = {row["InvoiceNumber"]: row for row in practice.invoices()}[bill["number"]]
    assert row["LineItems"][0]["Tracking"][0]["Option"] == "Ottawa"


def test_the_plan_of_a_resync_says_what_stands_in_its_way(practice: Practice) -> None:
    bill = a_sent_bill(practice)
    practice.xero.act("void_invoice", invoice=practice.link(bill["id"]).xero_id)
    with firm_scope(practice.firm):
        plan = plan_resync(firm=practice.firm, clio_id=bill["id"], clock=practice.clock.now)
    assert isinstance(plan.change, Held)
    assert plan.change.why.code == "voided_in_xero"


def test_a_bill_that_was_never_sent_cannot_be_resynced(practice: Practice, admin: User) -> None:
    practice.sync()
    draft = next(record for record in practice.records("bill") if record["state"] == "draft")
    with pytest.raises(remedy.RemedyError, match="no invoice in Xero yet"):
        act(practice, admin, remedy.resync_bill, clio_id=draft["id"])
    with pytest.raises(remedy.RemedyError, match="not known here yet"):
        act(practice, admin, remedy.resync_bill, clio_id=1)


# Clicks while a run is at work ----------------------------------------------------------------------------------------


def test_a_record_that_is_ignored_while_a_run_holds_it_stays_ignored(practice: Practice, admin: User) -> None:
    practice.sync()
    bill = practice.a_bill()
    practice.clio.act("break_bill", bill_id=bill["id"])
    practice.clock.advance(60)
    practice.sync()
    [error] = practice.open_errors()
    stale = practice.link(bill["id"])
    act(practice, admin, triage.ignore, error_ids=[error.pk], reason="Known.")
    with firm_scope(practice.firm):
        save_links([stale])  # the run that was at work saves what it held
    practice.sync()
    assert practice.link(bill["id"]).state == "ignored"
    assert practice.open_errors() == []


def test_an_ignored_record_comes_back_when_it_changes_in_clio_and_not_before(practice: Practice, admin: User) -> None:
    practice.sync()
    bill = practice.a_bill()
    practice.clio.act("break_bill", bill_id=bill["id"])
    practice.clock.advance(60)
    practice.sync()
    [error] = practice.open_errors()
    act(practice, admin, triage.ignore, error_ids=[error.pk], reason="Known.")
    practice.clock.advance(3600)
    practice.sync()
    assert practice.open_errors() == []
    practice.clio.act("break_bill", bill_id=bill["id"], by="2.00")
    practice.clock.advance(60)
    practice.sync()
    [again] = practice.open_errors()
    assert (again.code, again.clio_id) == (error.code, bill["id"])
    assert practice.link(bill["id"]).state == "blocked"
    with firm_scope(practice.firm):
        assert not SyncError.objects.filter(clio_id=bill["id"], state=SyncError.State.IGNORED).exists()
    practice.clio.act("edit_bill", bill_id=bill["id"], purchase_order="PO 5")
    practice.clock.advance(60)
    practice.sync()
    assert practice.open_errors() == []
    assert practice.link(bill["id"]).state == "in_step"


def test_a_decision_that_no_longer_applies_is_dropped_and_told(practice: Practice, admin: User) -> None:
    bill = a_sent_bill(practice)
    act(practice, admin, remedy.resync_bill, clio_id=bill["id"])
    with firm_scope(practice.firm):
        Link.objects.filter(kind="invoice", clio_id=bill["id"]).update(xero_id="another")
    practice.sync()
    with firm_scope(practice.firm):
        told = RecordEvent.objects.filter(kind="invoice", clio_id=bill["id"], event="notice").latest("pk")
    assert told.words.startswith("Not done, since the record changed in the meantime.")
    assert practice.link(bill["id"]).decided == {}


def test_a_dry_run_takes_nothing_up(practice: Practice, admin: User) -> None:
    bill = a_sent_bill(practice)
    act(practice, admin, remedy.resync_bill, clio_id=bill["id"])
    practice.sync(dry_run=True)
    assert practice.link(bill["id"]).decided["act"] == "resync"


def test_somebody_who_asks_again_while_a_run_that_was_asked_for_is_at_work_is_heard(practice: Practice) -> None:
    practice.sync()
    with firm_scope(practice.firm):
        ask_for_run(firm=practice.firm, now=practice.clock.now())
    practice.ask_during_next_slice()
    practice.slice()
    assert practice.is_asked()
    practice.slice()
    assert not practice.is_asked()
