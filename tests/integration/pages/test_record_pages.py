"""The page of one bill and of one contact."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import Firm
from syncengine.domain.records import as_dict
from syncengine.models import (
    AllocationSnapshot,
    Link,
    RecordEvent,
    Run,
    Snapshot,
    Submission,
    SyncSettings,
    XeroContact,
    XeroPayment,
)
from tests.support import rows
from tests.support.pages import shown
from tests.support.rows import NOW
from tests.unit.domain.makers import bill as bill_record
from tests.unit.domain.makers import contact as contact_record

pytest_plugins = ["tests.support.firm_and_people"]
pytestmark = pytest.mark.usefixtures("scope")

ClientAs = Callable[[str], Client]
BILL, CONTACT = "/bill-syncing/xero/bills/9001/", "/bill-syncing/xero/contacts/501/"


@pytest.fixture(autouse=True)
def _ready(firm: Firm, scope: None) -> None:
    rows.connect(firm)
    rows.keep_lists(refreshed_at=NOW)
    rows.configure(payment_bank_account="acc-090", credit_notes_account="acc-200")


def a_bill(*, state: str = "in_step", record: dict[str, Any] | None = None, **more: Any) -> Link:
    """Bill 1042 of Harbour Bakery, sent, with its snapshot."""
    link = rows.bill(9001, state=state, number="1042", natural_key="1042", amount_minor=100_000, **more)
    if state == "in_step":
        Link.objects.filter(pk=link.pk).update(xero_amount_minor=more.get("xero_amount_minor", 100_000))
    plain = as_dict(bill_record(**{"paid": "40.00", "credits_issued": "10.00", "balance": "950.00", **(record or {})}))
    Snapshot.objects.filter(kind="bill", clio_id=9001).update(record=plain)
    Link.objects.create(
        kind="contact",
        clio_id=501,
        xero_id="c1",
        state="in_step",
        title="Harbour Bakery Ltd",
        base={"clio": {}, "xero": {"Name": "Harbour Bakery Ltd (501)"}},
    )
    return link


def tell(event: str, words: str = "", *, kind: str = "invoice", clio_id: int = 9001, **more: Any) -> RecordEvent:
    return RecordEvent.objects.create(kind=kind, clio_id=clio_id, at=NOW, event=event, words=words, **more)


def sent(**element: Any) -> Submission:
    """The call that sent the bill, with its event."""
    line = {"Description": "Advice", "Quantity": 2, "UnitAmount": 500.0, "AccountCode": "201", "TaxType": "OUTPUT"}
    plain = {
        "InvoiceNumber": "1042",
        "Reference": "00077-Harbour",
        "Date": "2026-05-04",
        "DueDate": "2026-06-03",
        "CurrencyCode": "CAD",
        "Url": "https://ca.app.clio.com/nc/#/bills/9001",
        "Status": "AUTHORISED",
        "LineItems": [line],
        **element,
    }
    run = Run.objects.create(reason="schedule", state="clean", started_at=NOW, ended_at=NOW)
    made = Submission.objects.create(
        run=run,
        kind="invoice",
        operation="create",
        method="PUT",
        path="/Invoices",
        body=json.dumps({"Invoices": [{"Url": "x/1", "LineItems": [line]}, plain]}).encode(),
        body_digest="d",
        items=[],
        idempotency_key=f"key-{Submission.objects.count()}",
        lease_generation=1,
        state="answered",
        sent_at=NOW,
    )
    tell("sent", submission=made, details={"operation": "create", "key": "1042", "total": "1000.00"})
    return made


# Bills ----------------------------------------------------------------------------------------------------------------


def test_xeros_state_follows_the_payments_that_came_after_the_invoice_was_answered(client_as: ClientAs) -> None:
    a_bill(record={"state": "paid", "paid": "1000.00", "credits_issued": "0.00", "balance": "0.00"})
    Link.objects.filter(kind="invoice", clio_id=9001).update(xero_status="AUTHORISED")
    sent()
    values = {"invoice_id": "inv-9001", "status": "AUTHORISED", "first_seen_at": NOW, "seen_at": NOW}
    payment = XeroPayment.objects.create(payment_id="p1", amount_minor=100_000, **values)
    client = client_as("viewer")
    assert "State Paid Both agree Paid" in shown(client.get(BILL))
    Link.objects.filter(kind="invoice", clio_id=9001).update(xero_status="PAID")
    XeroPayment.objects.filter(pk=payment.pk).update(status="DELETED")
    assert "State Paid Approved on both sides Awaiting Payment" in shown(client.get(BILL))


def test_both_sides_stand_beside_each_other_with_what_agrees_and_what_differs(client_as: ClientAs) -> None:
    a_bill(xero_amount_minor=90_000)
    sent()
    page = shown(client_as("viewer").get(BILL))
    assert "Number 1042 Both agree 1042" in page
    assert "Client Harbour Bakery Ltd Both agree Harbour Bakery Ltd (501)" in page
    assert "State Awaiting Payment Both agree Awaiting Payment" in page
    assert "Issued 2026-05-04 Both agree 2026-05-04" in page
    assert "Due 2026-06-03 Both agree 2026-06-03" in page
    assert "Total 1,000.00 CAD Clio has 100.00 more 900.00 CAD" in page
    assert "Paid 40.00 CAD Clio has 40.00 more 0.00 CAD" in page


def test_the_invoice_is_shown_as_it_was_sent(client_as: ClientAs) -> None:
    a_bill()
    sent()
    page = shown(client_as("viewer").get(BILL))
    assert "Reference 00077-Harbour" in page
    assert "Advice 2 500.00 201 – Legal fees HST on sales 1,000.00 CAD" in page
    assert "Before tax 1,000.00 CAD" in page


def test_a_call_without_lines_does_not_hide_the_invoice_as_it_was_sent(client_as: ClientAs) -> None:
    a_bill()
    sent()
    sent(LineItems=[], Status="VOIDED")
    assert "Advice 2 500.00" in shown(client_as("viewer").get(BILL))


def test_bytes_that_were_dropped_are_said_to_be(client_as: ClientAs) -> None:
    a_bill(applied_at=NOW)
    sent()
    Submission.objects.update(body=None)
    assert "no longer kept (90 days)" in shown(client_as("viewer").get(BILL))


def test_payments_and_credits_are_listed_and_what_stands_in_xero_alone_is_named(client_as: ClientAs) -> None:
    a_bill()
    for clio_id, parent, amount, more in (
        (8801, "Payment", "40.00", {"said": "EFT 77", "from_trust": True}),
        (8802, "CreditMemo", "10.00", {"description": "Goodwill"}),
        (8803, "Payment", "5.00", {"voided": True}),
    ):
        record = {"id": clio_id, "parent_type": parent, "amount": amount, "date": "2026-05-10", **more}
        AllocationSnapshot.objects.create(clio_id=clio_id, bill_id=9001, record=record, digest="d")
    paid = {"state": "in_step", "xero_id": "pay-1", "natural_key": "CLIO-A8801", "bill_id": 9001}
    Link.objects.create(kind="payment", clio_id=8801, **paid)
    Link.objects.create(kind="credit_note", clio_id=8802, bill_id=9001, state="blocked", reason="Locked.")
    for payment_id, cents in (("pay-1", 4_000), ("pay-2", 1_500)):
        XeroPayment.objects.create(
            payment_id=payment_id,
            invoice_id="inv-9001",
            amount_minor=cents,
            status="AUTHORISED",
            reference="By hand",
            first_seen_at=NOW,
            seen_at=NOW,
        )
    page = shown(client_as("viewer").get(BILL))
    assert "Payment EFT 77, from trust 2026-05-10 40.00 CAD In step 8801 CLIO-A8801" in page
    assert "Credit Goodwill 2026-05-10 10.00 CAD Blocked Locked. 8802" in page
    assert "Payment By hand – 15.00 CAD In Xero only Payment in Xero with no match in Clio." in page
    assert "5.00 CAD 8803" not in page
    assert "Paid 40.00 CAD Xero has 15.00 more 55.00 CAD" in page


def test_where_payments_are_not_synced_nothing_is_claimed_about_xero(client_as: ClientAs) -> None:
    SyncSettings.objects.update(payment_bank_account="", credit_notes_account="")
    a_bill()
    page = shown(client_as("viewer").get(BILL))
    assert "Paid 40.00 CAD Payments are not synced, so those in Xero are not read –" in page
    assert "Credited 10.00 CAD Credits are not synced –" in page


def test_a_bill_that_is_not_in_xero_yet_says_so(client_as: ClientAs) -> None:
    a_bill(state="waiting", reason="Waiting for its contact.")
    page = shown(client_as("staff").get(BILL))
    assert "Waiting Waiting for its contact." in page
    assert "Total 1,000.00 CAD Not in Xero –" in page
    assert "Nothing was sent yet." in page
    assert "Resync" not in page


def test_its_problems_stand_on_the_page_with_their_buttons_and_lead_back_to_it(client_as: ClientAs) -> None:
    a_bill()
    Link.objects.filter(kind="invoice").update(state="refused")
    error = rows.problem("invoice", 9001, code="invoice_number_taken", cause="", field="", message="Taken.")
    rows.problem("contact", 501, code="email_invalid", cause="", field="", message="Bad e-mail.")
    client = client_as("staff")
    answer = client.get(BILL)
    page = shown(answer)
    assert "Taken." in page
    assert "Bad e-mail." in page
    assert "Send as 1042-9001" in page
    assert f'name="back" value="{BILL}"' in answer.content.decode()
    retried = client.post(f"/bill-syncing/xero/errors/{error.pk}/retry/", {"back": BILL})
    assert retried["Location"] == BILL


def test_a_viewer_sees_the_record_and_no_button(client_as: ClientAs) -> None:
    a_bill()
    rows.problem("invoice", 9001, code="invoice_number_taken", cause="", field="", message="Taken.")
    page = shown(client_as("viewer").get(BILL))
    assert "Taken." in page
    for words in ("Resync", "Try again", "Ignore", "Send as"):
        assert words not in page


def test_the_history_is_that_of_the_bill_its_client_and_its_money_newest_first(client_as: ClientAs) -> None:
    a_bill()
    Link.objects.create(kind="payment", clio_id=8801, bill_id=9001, state="in_step")
    tell("read")
    tell("refused", "The number is taken.", details={"xero_messages": ["Invoice # must be unique."]})
    tell("applied", kind="contact", clio_id=501, details={"operation": "create", "name": "Harbour Bakery Ltd"})
    tell("asked", "Try again.", details={"by": "Ada"})
    tell("notice", "Of somebody else.", kind="contact", clio_id=777)
    tell("applied", kind="payment", clio_id=8801, details={"operation": "create", "amount": "40.00"})
    page = shown(client_as("viewer").get(BILL))
    history = page[page.index("History") :]
    order = [
        "Payment 8801",
        "Asked for by Ada Try again.",
        "Harbour Bakery Ltd Created",
        "Refused by Xero",
        "Changed in",
    ]
    places = [history.index(words) for words in order]
    assert places == sorted(places)
    assert "“Invoice # must be unique.”" in history
    assert "Of somebody else." not in history


def test_a_long_history_goes_on_on_the_next_page(client_as: ClientAs) -> None:
    a_bill()
    for number in range(60):
        tell("notice", f"Note {number:02}.")
    client = client_as("viewer")
    answer = client.get(BILL)
    assert "Note 59." in shown(answer)
    assert "Note 09." not in shown(answer)
    older = answer.context["page"].history.older
    assert "Note 09." in shown(client.get(f"{BILL}?before={older}"))


def test_what_was_decided_is_told_until_a_run_takes_it_up(client_as: ClientAs) -> None:
    link = a_bill()
    link.decided = {"act": "resync", "by": "Ada", "words": "Resync.", "seen": "inv-9001", "values": {}}
    link.save()
    assert "Ada decided: Resync. The next run takes it up" in shown(client_as("viewer").get(BILL))


def test_a_bill_that_was_never_read_is_not_there(client_as: ClientAs) -> None:
    assert client_as("admin").get("/bill-syncing/xero/bills/1/").status_code == 404
    assert client_as("admin").get("/bill-syncing/xero/bills/99999999999999999999999/").status_code == 404
    assert client_as("staff").get("/bill-syncing/xero/bills/1/resync/").status_code == 404


def test_a_viewer_cannot_ask_for_a_resync_or_its_plan(client_as: ClientAs) -> None:
    a_bill()
    assert client_as("viewer").get(f"{BILL}resync/").status_code == 403
    assert client_as("viewer").post(f"{BILL}resync/").status_code == 403
    assert Link.objects.get(kind="invoice").decided == {}


def test_a_resync_is_asked_for_and_told(client_as: ClientAs) -> None:
    a_bill()
    client = client_as("staff")
    page = shown(client.post(f"{BILL}resync/", follow=True))
    assert "The invoice is sent again with the present settings, within seconds." in page
    assert Link.objects.get(kind="invoice").decided["act"] == "resync"
    assert "decided about this a moment ago" in shown(client.post(f"{BILL}resync/", follow=True))


def test_without_xero_the_plan_of_a_resync_says_why_there_is_none(client_as: ClientAs) -> None:
    a_bill()
    page = shown(client_as("staff").get(f"{BILL}resync/"))
    assert "Xero is not connected: an admin connects it." in page
    assert "Send the invoice again like this" not in page


# Contacts -------------------------------------------------------------------------------------------------------------


def a_contact(*, standing: dict[str, Any] | None = None, **more: Any) -> Link:
    record = as_dict(contact_record(email="ap@harbour.example"))
    Snapshot.objects.create(kind="contact", clio_id=501, record=record, digest="d", dirty=False, read_at=NOW)
    plain = {
        "contact_id": "c1",
        "contact_number": "CLIO-501",
        "name": "Harbour Bakery Ltd (501)",
        "email": "office@harbour.example",
        "status": "ACTIVE",
        "merged_to": "",
        "fields": {"Phones": [{"PhoneType": "MOBILE", "PhoneNumber": "555"}]},
        **(standing or {}),
    }
    XeroContact.objects.create(contact_id="c1", name_key="harbour bakery ltd (501)", standing=plain)
    values = {"xero_id": "c1", "state": "in_step", "title": "Harbour Bakery Ltd", **more}
    return Link.objects.create(kind="contact", clio_id=501, **values)


def test_a_contacts_fields_stand_beside_each_other(client_as: ClientAs) -> None:
    a_contact()
    answer = client_as("viewer").get(CONTACT)
    page = shown(answer)
    assert "Name Harbour Bakery Ltd Both agree Harbour Bakery Ltd (501)" in page
    assert "E-mail ap@harbour.example They differ office@harbour.example" in page
    assert "Mobile – Only in Xero 555" in page
    assert 'href="https://ca.app.clio.com/nc/#/contacts/501"' in answer.content.decode()
    assert 'href="https://go.xero.com/Contacts/View/c1"' in answer.content.decode()
    assert "?client=Harbour+Bakery+Ltd#bills" in answer.content.decode()


def test_a_conflict_stands_in_the_history_with_both_values(client_as: ClientAs) -> None:
    a_contact()
    conflict = {"field": "EmailAddress", "clio": "ap@harbour.example", "xero": "office@harbour.example"}
    tell("in_xero", kind="contact", clio_id=501, details={"conflicts": [conflict]})
    page = shown(client_as("viewer").get(CONTACT))
    assert "E-mail ap@harbour.example office@harbour.example Both changed: Clio's value was taken" in page


def test_a_shared_contact_says_whose_fields_are_synced(client_as: ClientAs) -> None:
    a_contact(base={"shared_with": 502})
    assert "shares its contact in Xero with client 502" in shown(client_as("viewer").get(CONTACT))


def test_a_contact_that_is_refused_offers_its_ways_out(client_as: ClientAs) -> None:
    a_contact(xero_id=None, state="refused", reason="Taken.")
    rows.problem("contact", 501, code="contact_name_taken", cause="Harbour Bakery Ltd", field="", message="Taken.")
    page = shown(client_as("staff").get(CONTACT))
    assert "Append ID 501 to this contact" in page
    assert "Name Harbour Bakery Ltd Not in Xero –" in page


def test_a_contact_that_was_never_read_is_not_there(client_as: ClientAs) -> None:
    assert client_as("admin").get("/bill-syncing/xero/contacts/1/").status_code == 404


def test_times_are_written_in_the_firms_zone(firm: Firm, client_as: ClientAs) -> None:
    Firm.objects.filter(pk=firm.pk).update(time_zone="America/Toronto")
    a_contact()
    tell("notice", "Noted.", kind="contact", clio_id=501)
    assert "2026-11-23, 05:00" in shown(client_as("viewer").get(CONTACT))
