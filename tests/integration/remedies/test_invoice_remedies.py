"""A bill whose number is taken, or whose invoice is gone, gets out of it from its row (BEHAVIOUR §5)."""

from typing import Any

import pytest

from accounts.firm_scope import firm_scope
from accounts.models import AuditEvent, User
from syncengine.engine import remedy
from syncengine.models import Link, RecordEvent, SyncError
from tests.support.practice import Practice

pytest_plugins = ["tests.support.practice_and_admin"]

LINE = {"Description": "By hand", "Quantity": 1, "UnitAmount": 90, "AccountCode": "201", "TaxType": "NONE"}


def number_taken(practice: Practice, **fields: Any) -> tuple[dict[str, Any], SyncError, str]:
    """A bill whose number an invoice of somebody's holds; the error, and that invoice's id."""
    bill = practice.a_bill(lambda record: record["state"] == "awaiting_payment")
    contact = practice.xero.act("add_contact", Name="Somebody by hand")["ContactID"]
    values = {"contact": contact, "InvoiceNumber": bill["number"], "LineItems": [LINE], **fields}
    held = practice.xero.act("add_invoice", **values)
    practice.sync()
    [error] = practice.open_errors()
    assert (error.code, error.clio_id) == ("invoice_number_taken", bill["id"])
    return bill, error, held["InvoiceID"]


def act(practice: Practice, admin: User, function: Any, **values: Any) -> Any:
    with firm_scope(practice.firm):
        return function(firm=practice.firm, user=admin, **values)


def adopt(practice: Practice, admin: User, error: SyncError, invoice_id: str) -> Any:
    clock = practice.clock.now
    return act(practice, admin, remedy.adopt_invoice, error_id=error.pk, invoice_id=invoice_id, clock=clock)


def holders(practice: Practice, error: SyncError) -> remedy.NumberHolders:
    with firm_scope(practice.firm):
        return remedy.find_number_holders(firm=practice.firm, error_id=error.pk, clock=practice.clock.now)


def invoice(practice: Practice, number: str) -> dict[str, Any]:
    return {row["InvoiceNumber"]: row for row in practice.invoices()}[number]


def test_the_invoice_that_holds_the_number_is_shown_as_it_stands_now(practice: Practice) -> None:
    bill, error, invoice_id = number_taken(practice, Reference="Old")
    practice.xero.act("edit_invoice", invoice=invoice_id, Reference="New")
    [found] = holders(practice, error).candidates
    assert found.refusal == ""
    assert (found.invoice.invoice_id, found.invoice.number) == (invoice_id, bill["number"])
    assert (found.invoice.contact_name, found.invoice.reference) == ("Somebody by hand", "New")


def test_an_adopted_invoice_keeps_its_lines_until_the_bill_changes(practice: Practice, admin: User) -> None:
    bill, error, invoice_id = number_taken(practice)
    assert adopt(practice, admin, error, invoice_id) == bill["number"]
    report = practice.sync()
    assert report["open_errors"] == []
    link = practice.link(bill["id"])
    assert (link.xero_id, link.state) == (invoice_id, "in_step")
    assert "Adopted by" in link.notice
    assert "the invoice 90.00" in link.notice
    assert invoice(practice, bill["number"])["LineItems"][0]["Description"] == "By hand"
    practice.sync()
    assert invoice(practice, bill["number"])["LineItems"][0]["Description"] == "By hand"

    practice.clio.act("edit_bill", bill_id=bill["id"], purchase_order="PO 77")
    practice.clock.advance(60)
    assert practice.sync()["open_errors"] == []
    standing = invoice(practice, bill["number"])
    assert standing["InvoiceID"] == invoice_id
    assert "PO 77" in standing["Reference"]
    assert f"{standing['Total']:.2f}" == f"{float(bill['due']):.2f}"


def test_adopting_stands_in_the_history_and_in_the_audit(practice: Practice, admin: User) -> None:
    bill, error, invoice_id = number_taken(practice)
    adopt(practice, admin, error, invoice_id)
    with firm_scope(practice.firm):
        told = RecordEvent.objects.get(kind="invoice", clio_id=bill["id"], event="asked")
        audit = AuditEvent.objects.get(action="invoice_adopted")
    assert told.words == f"Adopt invoice {bill['number']} as it stands in Xero."
    assert (audit.actor, audit.detail) == (admin, {"clio_id": bill["id"]})
    assert practice.is_asked()


def test_a_voided_invoice_cannot_be_adopted(practice: Practice, admin: User) -> None:
    _bill, error, invoice_id = number_taken(practice)
    practice.xero.act("void_invoice", invoice=invoice_id)
    [found] = holders(practice, error).candidates
    assert "voided or deleted" in found.refusal
    with pytest.raises(remedy.RemedyError, match="voided or deleted"):
        adopt(practice, admin, error, invoice_id)


def test_the_invoice_of_another_bill_cannot_be_adopted(practice: Practice, admin: User) -> None:
    bill, error, invoice_id = number_taken(practice)
    other = practice.a_bill(lambda record: record["id"] != bill["id"])
    with firm_scope(practice.firm):
        Link.objects.filter(kind="invoice", clio_id=other["id"]).update(xero_id=invoice_id)
    with pytest.raises(remedy.RemedyError, match=f"another bill, {other['number']}"):
        adopt(practice, admin, error, invoice_id)
    assert practice.link(bill["id"]).decided == {}


def test_an_invoice_that_was_renumbered_meanwhile_cannot_be_adopted(practice: Practice, admin: User) -> None:
    _bill, error, invoice_id = number_taken(practice)
    practice.xero.act("edit_invoice", invoice=invoice_id, InvoiceNumber="X-1")
    with pytest.raises(remedy.RemedyError, match="no longer holds this number"):
        adopt(practice, admin, error, invoice_id)
    assert holders(practice, error).candidates == ()


def test_xero_out_of_reach_is_told_in_words_and_nothing_changes(practice: Practice, admin: User) -> None:
    bill, error, invoice_id = number_taken(practice)
    practice.stop_xero()
    with pytest.raises(remedy.RemedyError, match="could not be read just now"):
        adopt(practice, admin, error, invoice_id)
    assert practice.link(bill["id"]).decided == {}


def test_a_bill_whose_number_is_taken_is_sent_under_one_of_its_own(practice: Practice, admin: User) -> None:
    bill, error, _invoice_id = number_taken(practice)
    now = practice.clock.now()
    number = act(practice, admin, remedy.renumber_bill, error_id=error.pk, now=now)
    assert number == f"{bill['number']}-{bill['id']}"
    report = practice.sync()
    assert report["state"] == "clean", report["open_errors"]
    assert invoice(practice, number)["Url"].endswith(f"/bills/{bill['id']}")
    link = practice.link(bill["id"])
    assert (link.generation, link.natural_key) == (2, number)
    assert link.notice == f"Sent as {number}: {bill['number']} is held by another invoice in Xero."


def test_an_invoice_voided_by_hand_is_sent_again_under_a_new_number(practice: Practice, admin: User) -> None:
    practice.sync()
    bill = practice.a_bill(lambda record: record["state"] == "awaiting_payment")
    numbers = [bill["number"]]
    for turn in range(2):
        link = practice.link(bill["id"])
        practice.xero.act("void_invoice", invoice=link.xero_id)
        practice.clio.act("edit_bill", bill_id=bill["id"], purchase_order=f"PO {turn}")
        practice.clock.advance(60)
        practice.sync()
        [error] = practice.open_errors()
        assert error.code == "voided_in_xero"
        now = practice.clock.now()
        numbers.append(act(practice, admin, remedy.renumber_bill, error_id=error.pk, now=now))
        report = practice.sync()
        assert report["state"] == "clean", report["open_errors"]
        assert practice.link(bill["id"]).xero_id == invoice(practice, numbers[-1])["InvoiceID"]
    assert numbers == [bill["number"], f"{bill['number']}-{bill['id']}", f"{bill['number']}-{bill['id']}-2"]
    assert practice.nothing_is_doubled()


def test_a_problem_that_is_over_offers_nothing_any_more(practice: Practice, admin: User) -> None:
    _bill, error, invoice_id = number_taken(practice)
    with firm_scope(practice.firm):
        SyncError.objects.filter(pk=error.pk).update(state="closed")
    for code in ("closed", "open"):
        with firm_scope(practice.firm):
            SyncError.objects.filter(pk=error.pk).update(state=code, code="totals_mismatch")
        with pytest.raises(remedy.RemedyError, match="nothing was changed"):
            adopt(practice, admin, error, invoice_id)
        with pytest.raises(remedy.RemedyError, match="nothing was changed"):
            act(practice, admin, remedy.renumber_bill, error_id=error.pk, now=practice.clock.now())
