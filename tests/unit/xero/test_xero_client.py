"""Reading one organisation, and sending to it, over a mocked wire."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import responses

from syncengine.transport.errors import Refused, UnreadableAnswer
from syncengine.xero import WriteCall, XeroClient
from tests.support.fake_transport import open_session

HOST = "https://api.xero.com"
API = f"{HOST}/api.xro/2.0"
SINCE = datetime(2026, 5, 4, 9, 30, 7, 900_000, tzinfo=timezone(timedelta(hours=-4)))


@pytest.fixture
def http() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


@pytest.fixture
def xero() -> XeroClient:
    return XeroClient(open_session(HOST, service="xero"), "tenant-1")


def asked(http: responses.RequestsMock, call: int = 0) -> dict[str, list[str]]:
    return parse_qs(urlsplit(str(http.calls[call].request.url)).query)


def invoice(number: str, kind: str = "ACCREC") -> dict[str, Any]:
    return {"Type": kind, "InvoiceID": f"id-{number}-{kind}", "InvoiceNumber": number, "Total": 10.0}


def test_contacts_are_read_a_thousand_a_page_archived_ones_too(http: responses.RequestsMock, xero: XeroClient) -> None:
    page = {"pagination": {"page": 1, "pageSize": 1000, "pageCount": 2, "itemCount": 1001},
            "Contacts": [{"ContactID": "c1", "Name": "A"}]}  # fmt: skip
    http.get(f"{API}/Contacts", json=page, headers={"Date": "Mon, 04 May 2026 13:30:07 GMT"})
    found = xero.contacts_page(since=SINCE, page=1)
    assert ([contact.contact_id for contact in found.contacts], found.more) == (["c1"], True)
    assert found.server_date == datetime(2026, 5, 4, 13, 30, 7, tzinfo=UTC)
    assert asked(http) == {
        "page": ["1"],
        "pageSize": ["1000"],
        "includeArchived": ["true"],
        "order": ["UpdatedDateUTC ASC"],
    }
    sent = http.calls[0].request.headers
    assert sent["xero-tenant-id"] == "tenant-1"
    assert sent["If-Modified-Since"] == "Mon, 04 May 2026 13:30:07 GMT"


def test_the_last_page_has_nothing_after_it(http: responses.RequestsMock, xero: XeroClient) -> None:
    http.get(f"{API}/Contacts", json={"pagination": {"pageCount": 2}, "Contacts": [{"ContactID": "c1"}]})
    http.get(f"{API}/Contacts", json={"Contacts": [{"ContactID": f"c{n}"} for n in range(1000)]})
    http.get(f"{API}/Contacts", status=304)
    assert not xero.contacts_page(since=None, page=2).more
    assert xero.contacts_page(since=None, page=1).more  # a full page without a word about further ones
    assert xero.contacts_page(since=SINCE, page=1).contacts == []


def test_changed_invoices_are_sales_invoices_with_unit_prices_of_four_places(
    http: responses.RequestsMock, xero: XeroClient
) -> None:
    http.get(f"{API}/Invoices", json={"Invoices": [invoice("1042"), invoice("S-9", "ACCPAY")]})
    found = xero.invoices_changed(since=SINCE, page=3)
    assert [row.number for row in found.invoices] == ["1042"]
    assert (asked(http)["where"], asked(http)["unitdp"], asked(http)["page"]) == (['Type=="ACCREC"'], ["4"], ["3"])


def test_a_supplier_bill_of_the_same_number_is_not_our_invoice(http: responses.RequestsMock, xero: XeroClient) -> None:
    http.get(f"{API}/Invoices", json={"Invoices": [invoice("1042", "ACCPAY"), invoice("1042")]})
    assert [row.invoice_id for row in xero.invoices_by_numbers(["1042"])] == ["id-1042-ACCREC"]
    assert asked(http)["InvoiceNumbers"] == ["1042"]


def test_a_number_that_holds_a_comma_is_asked_for_alone(http: responses.RequestsMock, xero: XeroClient) -> None:
    http.get(f"{API}/Invoices", json={"Invoices": [invoice("1042"), invoice("1043")]})
    http.get(f"{API}/Invoices", json={"Invoices": [invoice('7, "B"')]})
    found = xero.invoices_by_numbers(["1042", '7, "B"', "1043"])
    assert [row.number for row in found] == ["1042", "1043", '7, "B"']
    assert asked(http, 0)["InvoiceNumbers"] == ["1042,1043"]
    assert asked(http, 1)["where"] == ['InvoiceNumber=="7, ""B"""']


def test_ids_are_named_forty_a_call(http: responses.RequestsMock, xero: XeroClient) -> None:
    http.get(f"{API}/Invoices", json={"Invoices": []})
    assert xero.invoices_by_ids(["a", "b"]) == []
    assert asked(http)["IDs"] == ["a,b"]
    with pytest.raises(ValueError, match="40"):
        xero.invoices_by_ids(["x"] * 41)


def test_a_contact_that_xero_does_not_know_is_none(http: responses.RequestsMock, xero: XeroClient) -> None:
    http.get(f"{API}/Contacts/c1", json={"Contacts": [{"ContactID": "c1", "MergedToContactID": "c2"}]})
    http.get(f"{API}/Contacts/c9", status=404, body="<html>", content_type="text/html")
    known = xero.contact("c1")
    assert known is not None
    assert known.merged_to == "c2"
    assert xero.contact("c9") is None


def test_the_short_lists_are_read_whole(http: responses.RequestsMock, xero: XeroClient) -> None:
    http.get(f"{API}/Organisation", json={"Organisations": [{"Name": "Reyes Law", "BaseCurrency": "CAD"}]})
    http.get(f"{API}/Accounts", json={"Accounts": [{"AccountID": "a1", "Code": "200", "Type": "REVENUE"}]})
    http.get(f"{API}/TaxRates", json={"TaxRates": [{"TaxType": "OUTPUT2", "EffectiveRate": 15.0}]})
    assert xero.organisation().base_currency == "CAD"
    assert [account.code for account in xero.accounts()] == ["200"]
    assert [rate.tax_type for rate in xero.tax_rates()] == ["OUTPUT2"]
    assert xero.calls == 3


def test_a_committed_call_is_sent_exactly_under_its_key(http: responses.RequestsMock, xero: XeroClient) -> None:
    http.put(f"{API}/Invoices", status=400, json={"Message": "x"})
    call = WriteCall("PUT", "/api.xro/2.0/Invoices", "summarizeErrors=false&unitdp=4", b'{"Invoices":[]}')
    assert xero.send(call, idempotency_key="k1").status == 400
    sent = http.calls[0].request
    assert sent.url == f"{API}/Invoices?summarizeErrors=false&unitdp=4"
    assert sent.body == b'{"Invoices":[]}'
    assert (sent.headers["Idempotency-Key"], sent.headers["xero-tenant-id"]) == ("k1", "tenant-1")
    assert sent.headers["Content-Type"].startswith("application/json")


@pytest.mark.parametrize("key", ["", "k" * 129])
def test_a_key_that_xero_would_refuse_is_not_sent(xero: XeroClient, key: str) -> None:
    with pytest.raises(ValueError, match="128"):
        xero.send(WriteCall("PUT", "/api.xro/2.0/Invoices", "", b"{}"), idempotency_key=key)


def test_a_refused_read_keeps_xeros_words(http: responses.RequestsMock, xero: XeroClient) -> None:
    http.get(f"{API}/Accounts", status=400, json={"Type": "QueryParseException", "Message": "Unterminated string"})
    with pytest.raises(Refused) as caught:
        xero.accounts()
    assert (caught.value.kind, caught.value.detail) == ("QueryParseException", "Unterminated string")


@pytest.mark.parametrize("body", ["<html>", '{"Contacts": []}', "[]"])
def test_an_answer_without_its_list_is_unreadable(http: responses.RequestsMock, xero: XeroClient, body: str) -> None:
    http.get(f"{API}/Accounts", body=body)
    with pytest.raises(UnreadableAnswer):
        xero.accounts()


# Money ----------------------------------------------------------------------------------------------------------------


def test_changed_payments_are_those_on_sales_invoices_deleted_ones_too(
    http: responses.RequestsMock, xero: XeroClient
) -> None:
    rows = [
        {"PaymentID": "p1", "Amount": 1, "PaymentType": "ACCRECPAYMENT", "Status": "DELETED"},
        {"PaymentID": "p2", "Amount": 1, "PaymentType": "ACCPAYPAYMENT"},
    ]
    http.get(f"{API}/Payments", json={"pagination": {"pageCount": 3}, "Payments": rows})
    found = xero.payments_changed(since=SINCE, page=2)
    assert [(one.payment_id, one.is_live) for one in found.payments] == [("p1", False)]
    assert found.more
    assert asked(http)["where"] == ['PaymentType=="ACCRECPAYMENT"']
    assert (asked(http)["page"], asked(http)["order"]) == (["2"], ["UpdatedDateUTC ASC"])
    assert http.calls[0].request.headers["If-Modified-Since"] == "Mon, 04 May 2026 13:30:07 GMT"


def test_nothing_changed_among_payments_is_an_empty_page(http: responses.RequestsMock, xero: XeroClient) -> None:
    http.get(f"{API}/Payments", status=304)
    found = xero.payments_changed(since=SINCE)
    assert (found.payments, found.more) == ([], False)


def test_the_payments_on_one_invoice_are_asked_for_by_its_id(http: responses.RequestsMock, xero: XeroClient) -> None:
    http.get(f"{API}/Payments", json={"Payments": [{"PaymentID": "p1", "Amount": 1, "IsReconciled": True}]})
    (found,) = xero.payments_on("7a0c-11")
    assert found.reconciled
    assert asked(http)["where"] == ['Invoice.InvoiceID==Guid("7a0c-11")']


def test_a_credit_note_that_xero_does_not_know_is_none(http: responses.RequestsMock, xero: XeroClient) -> None:
    http.get(f"{API}/CreditNotes/n1", json={"CreditNotes": [{"CreditNoteID": "n1", "Total": 5}]})
    http.get(f"{API}/CreditNotes/n9", status=404, body="<html>", content_type="text/html")
    known = xero.credit_note("n1")
    assert known is not None
    assert known.credit_note_id == "n1"
    assert asked(http)["unitdp"] == ["4"]
    assert xero.credit_note("n9") is None


def test_a_credit_note_is_found_by_its_number_whole_among_sales_credits(
    http: responses.RequestsMock, xero: XeroClient
) -> None:
    rows = [
        {"Type": "ACCPAYCREDIT", "CreditNoteID": "n0", "CreditNoteNumber": "CLIO-CN-88", "Total": 1},
        {"Type": "ACCRECCREDIT", "CreditNoteID": "n1", "CreditNoteNumber": "CLIO-CN-8801", "Total": 1},
        {"Type": "ACCRECCREDIT", "CreditNoteID": "n2", "CreditNoteNumber": "clio-cn-88", "Total": 1},
    ]
    http.get(f"{API}/CreditNotes", json={"CreditNotes": rows})
    found = xero.credit_note_by_number("CLIO-CN-88")
    assert found is not None
    assert found.credit_note_id == "n2"
    assert asked(http)["where"] == ['CreditNoteNumber=="CLIO-CN-88"']


def test_changed_credit_notes_are_sales_credits(http: responses.RequestsMock, xero: XeroClient) -> None:
    rows = [{"Type": kind, "CreditNoteID": kind, "Total": 1} for kind in ("ACCRECCREDIT", "ACCPAYCREDIT")]
    http.get(f"{API}/CreditNotes", json={"CreditNotes": rows})
    found = xero.credit_notes_changed(since=SINCE)
    assert [one.credit_note_id for one in found.credit_notes] == ["ACCRECCREDIT"]
    assert asked(http)["unitdp"] == ["4"]


@pytest.mark.parametrize(("method", "body"), [("DELETE", b""), ("POST", b'{"Status":"DELETED"}')])
def test_a_removal_is_sent_under_its_key_with_its_own_bytes(
    http: responses.RequestsMock, xero: XeroClient, method: str, body: bytes
) -> None:
    http.add(method, f"{API}/Payments/p1", status=204)
    assert xero.send(WriteCall(method, "/api.xro/2.0/Payments/p1", "", body), idempotency_key="k1").status == 204
    sent = http.calls[0].request
    assert (sent.url, sent.body or b"") == (f"{API}/Payments/p1", body)
    assert sent.headers["Idempotency-Key"] == "k1"
