"""What people do in the stand-in Xero by hand, its pages and its webhooks."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from werkzeug.wrappers import Request, Response

from sandbox.control import ControlError
from sandbox.serving import start
from tests.support.xero_stand_in import Json, Xero, line


def control(xero: Xero, action: str, **values: Any) -> requests.Response:
    """An action over HTTP."""
    return requests.post(f"{xero.url}/control/actions", json={"action": action, **values})


def test_an_action_over_http_answers_the_changed_thing_and_an_unknown_one_says_which_there_are(xero: Xero) -> None:
    answer = control(xero, "add_contact", Name="Abe", EmailAddress="abe@abe.example")
    assert (answer.status_code, answer.json()["EmailAddress"]) == (200, "abe@abe.example")
    unknown = control(xero, "sing")
    assert (unknown.status_code, "add_contact" in unknown.json()["error"]) == (400, True)
    assert control(xero, "void_invoice", invoice="none").json() == {"error": "invoice: there is no 'none'"}
    assert control(xero, "archive_account", account="201", tenant="nobody").status_code == 400


def test_an_action_that_xero_refuses_to_people_too_says_so_in_its_words(xero: Xero) -> None:
    xero.invoice(InvoiceNumber="1042")
    xero.act("record_payment", invoice="1042", amount=1)
    with pytest.raises(ControlError, match="because it has payments or credit notes allocated to it"):
        xero.act("void_invoice", invoice="1042")


def test_people_archive_rename_recode_and_add_accounts(xero: Xero) -> None:
    xero.act("archive_account", account="201")
    xero.act("rename_account", account="200", name="Sundry Sales")
    xero.act("change_account_code", account="210", code="211")
    xero.act("remove_account_code", account="260")
    xero.act("add_account", name="Retainers", kind="CURRLIAB", code="855")
    xero.act("add_account", name="Codeless")
    chart = {row["Name"]: row for row in xero.get("/Accounts")["Accounts"]}
    assert chart["Legal Fees"]["Status"] == "ARCHIVED"
    assert (chart["Sundry Sales"]["Code"], chart["Interest Income"]["Code"]) == ("200", "211")
    assert "Code" not in chart["Other Revenue"]
    assert (chart["Retainers"]["Class"], "Code" in chart["Codeless"]) == ("LIABILITY", False)


def test_people_edit_lines_and_tracking_by_hand_and_the_other_lines_stay(xero: Xero) -> None:
    made = xero.invoice(InvoiceNumber="1042", LineItems=[line(), line(Description="Filing")])
    xero.act("set_tracking", invoice="1042", line=1, category="Office", option="Ottawa")
    xero.act("set_tracking", invoice="1042", line=1, category="Practice", option="Wills")
    xero.act("edit_line", invoice="1042", line=0, AccountCode="260")
    first, second = xero.read(made)["LineItems"]
    assert [row["Option"] for row in second["Tracking"]] == ["Ottawa", "Wills"]
    assert (first["AccountCode"], second["AccountCode"]) == ("260", "201")
    assert [first["LineItemID"], second["LineItemID"]] == [held["LineItemID"] for held in made["LineItems"]]


def test_people_bill_pay_credit_and_spend_by_hand(xero: Xero) -> None:
    xero.contact("Abe")
    made = xero.act("add_invoice", contact="Abe", InvoiceNumber="H-1", LineItems=[line(UnitAmount=100.10)])
    assert (made["Status"], str(made["Total"])) == ("AUTHORISED", "150.15")
    xero.act("add_credit_note", contact="Abe", CreditNoteNumber="H-CN", LineItems=[line(Quantity=1, UnitAmount=50)])
    xero.act("allocate_credit", credit_note="H-CN", invoice="H-1")
    payment = xero.act("record_payment", invoice="H-1", reference="cheque 7")
    assert str(payment["Amount"]) == "100.15"
    assert xero.get("/Invoices/H-1")["Invoices"][0]["Status"] == "PAID"
    xero.act("delete_payment", payment="cheque 7")
    xero.act("deallocate", credit_note="H-CN", invoice="H-1")
    assert xero.get("/Invoices/H-1")["Invoices"][0]["AmountDue"] == 150.15
    spent = xero.act("add_bank_transaction", contact="Abe", amount=42, account="426", Reference="by hand")
    assert (spent["Type"], str(spent["Total"])) == ("SPEND", "42.00")
    assert xero.act("edit_bank_transaction", bank_transaction="by hand", Status="DELETED")["Status"] == "DELETED"


def test_people_void_delete_and_renumber_invoices(xero: Xero) -> None:
    xero.invoice(InvoiceNumber="1")
    xero.invoice(InvoiceNumber="2", Status="DRAFT")
    assert xero.act("edit_invoice", invoice="1", InvoiceNumber="9", Reference="x")["InvoiceNumber"] == "9"
    assert xero.act("void_invoice", invoice="9")["Status"] == "VOIDED"
    assert xero.act("delete_invoice", invoice="2")["Status"] == "DELETED"


def test_people_bring_archived_contacts_back(xero: Xero) -> None:
    xero.contact("Abe")
    xero.act("archive_contact", contact="Abe")
    other = xero.contact("Abe")
    gone = next(row for row in xero.server.dump()["contacts"] if row["ContactStatus"] == "ARCHIVED")["ContactID"]
    with pytest.raises(ControlError, match="an active contact has the name"):
        xero.act("restore_contact", contact=gone)
    xero.act("rename_contact", contact=other, name="Bea")
    assert xero.act("restore_contact", contact=gone)["ContactStatus"] == "ACTIVE"


def test_people_add_and_archive_tax_rates_and_switch_currencies(xero: Xero) -> None:
    xero.act("add_tax_rate", tax_type="TAX010", name="HST 15", rate="15")
    assert xero.invoice(LineItems=[line(TaxType="TAX010")])["TotalTax"] == 45.0
    xero.act("archive_tax_rate", tax_type="TAX010")
    refused = xero.refusal("PUT", "/Invoices", xero.invoice_body(LineItems=[line(TaxType="TAX010")]))
    assert refused[0].startswith("The TaxType code TAX010 does not exist")
    xero.act("enable_currency", code="EUR", rate="0.65")
    assert xero.invoice(CurrencyCode="EUR")["CurrencyRate"] == 0.65
    assert [row["Code"] for row in xero.get("/Currencies")["Currencies"]] == ["CAD", "USD", "EUR"]


def test_an_action_on_the_second_organisation_leaves_the_first_alone(xero: Xero) -> None:
    xero.act("archive_account", tenant="Quiet Harbour", account="400")
    assert all(row["Status"] == "ACTIVE" for row in xero.get("/Accounts")["Accounts"] if row.get("Code") != "299")


def test_the_home_page_lists_the_newest_invoices_of_each_organisation_under_the_label(xero: Xero) -> None:
    made = xero.invoice(InvoiceNumber="<1042>", Contact={"Name": "Abe & Bea"})
    shown = requests.get(f"{xero.url}/").text
    assert "Stand-in Xero — not Xero" in shown
    assert "Quiet Harbour Trust (stand-in)" in shown
    assert f"<a href='/app/invoice/{made['InvoiceID']}'>&lt;1042&gt;</a>" in shown
    assert "Abe &amp; Bea" in shown


def test_a_deep_link_shows_the_invoice_with_its_lines_and_payments(xero: Xero) -> None:
    made = xero.invoice(InvoiceNumber="1042", LineItems=[line(Description="Drafting <will>", TaxType="TAX001")])
    xero.pay(made, 39, Reference="CLIO-A8801")
    shown = requests.get(f"{xero.url}/app/invoice/{made['InvoiceID']}").text
    for text in ("ACCREC 1042", "Drafting &lt;will&gt;", "201 Legal Fees", "339.00", ">CLIO-A8801</td>", ">39.00</td>"):
        assert text in shown, text


def test_a_deep_link_shows_the_contact_and_an_unknown_one_is_404(xero: Xero) -> None:
    held = xero.contact("Abe", EmailAddress="abe@abe.example")
    shown = requests.get(f"{xero.url}/app/contact/{held}")
    assert (shown.status_code, "abe@abe.example" in shown.text) == (200, True)
    assert requests.get(f"{xero.url}/app/invoice/{held}").status_code == 404
    assert requests.get(f"{xero.url}/app/nothing").status_code == 404


class Receiver:
    """Takes webhooks as a product would: 200 for a right signature, 401 for a wrong one."""

    def __init__(self) -> None:
        self.bodies: list[Json] = []

    def __call__(self, environ: Any, start_response: Any) -> Any:
        request = Request(environ)
        body = request.get_data()
        digest = base64.b64encode(hmac.new(b"hook-key", body, hashlib.sha256).digest()).decode()
        right = hmac.compare_digest(digest, request.headers["x-xero-signature"])
        if right:
            self.bodies.append(json.loads(body))
        return Response(b"", status=200 if right else 401)(environ, start_response)


@pytest.fixture
def receiver(xero: Xero) -> Iterator[Receiver]:
    """A receiver that the stand-in points to."""
    made = Receiver()
    with start(made) as served:
        xero.act("set_webhook", url=f"{served.url}/webhooks/xero/", key="hook-key")
        yield made


def test_the_intent_to_receive_sends_empty_events_rightly_and_wrongly_signed(xero: Xero, receiver: Receiver) -> None:
    deliveries = xero.act("probe_webhook")["deliveries"]
    assert [(one["status"], one["events"]) for one in deliveries] == [(401, 0), (200, 0), (401, 0)]
    assert receiver.bodies[0]["events"] == []
    assert receiver.bodies[0]["entropy"]


def test_changes_are_sent_as_thin_signed_events_and_once_more_when_replayed(xero: Xero, receiver: Receiver) -> None:
    made = xero.invoice()
    note = xero.credit(made["Contact"]["ContactID"], 1)
    payment = xero.pay(made, 1)
    (delivery,) = xero.act("deliver_webhooks")["deliveries"]
    assert delivery == {"status": 200, "events": 4}
    events = receiver.bodies[0]["events"]
    said = [(event["eventCategory"], event["eventType"], event["resourceId"]) for event in events]
    assert said == [
        ("CONTACT", "CREATE", made["Contact"]["ContactID"]),
        ("INVOICE", "CREATE", made["InvoiceID"]),
        ("CREDITNOTE", "CREATE", note["CreditNoteID"]),
        ("INVOICE", "UPDATE", made["InvoiceID"]),
    ]
    assert payment["PaymentID"] not in json.dumps(events)
    assert {event["tenantId"] for event in events} == {xero.server.tenants[0]}
    assert events[2]["data"] == {"Type": "ACCRECCREDIT", "Status": "AUTHORISED"}
    assert receiver.bodies[0]["lastEventSequence"] - receiver.bodies[0]["firstEventSequence"] == 3
    xero.act("replay_webhook")
    assert receiver.bodies[1] == receiver.bodies[0]
    assert xero.act("deliver_webhooks")["deliveries"] == []


def test_a_test_can_take_the_bodies_and_hand_them_over_itself(xero: Xero) -> None:
    xero.contact("Abe")
    (waiting,) = xero.act("webhook_bodies")["bodies"]
    signature = hmac.new(b"stand-in-webhook-key", waiting["body"].encode(), hashlib.sha256).digest()
    assert waiting["signature"] == base64.b64encode(signature).decode()
    assert xero.act("webhook_bodies") == {"bodies": []}
