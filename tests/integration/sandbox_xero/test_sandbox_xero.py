"""The stand-in Xero's wire: envelope, dates, numbers, both shapes of refusals, answers to what it cannot read."""

import re
from datetime import UTC, datetime

import pytest
import requests

from tests.support.xero_stand_in import NOBODY, Xero, line

GUID = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")


def test_an_answer_is_wrapped_in_the_envelope(xero: Xero) -> None:
    xero.server.clock.set(datetime(2026, 9, 14, 8, 10, 3, 533000, tzinfo=UTC))
    answer = xero.get("/Organisation")
    assert list(answer)[:4] == ["Id", "Status", "ProviderName", "DateTimeUTC"]
    assert GUID.match(answer["Id"])
    assert answer["Status"] == "OK"
    assert re.match(r"^/Date\(1789373403\d{3}\)/$", answer["DateTimeUTC"])
    assert answer["Organisations"][0]["BaseCurrency"] == "CAD"


def test_a_list_by_page_says_its_pagination_before_the_rows(xero: Xero) -> None:
    answer = xero.get("/Contacts?page=1")
    assert list(answer)[-2:] == ["pagination", "Contacts"]
    assert answer["pagination"] == {"page": 1, "pageSize": 100, "pageCount": 0, "itemCount": 0}


def test_dates_go_out_as_milliseconds_beside_their_text(xero: Xero) -> None:
    made = xero.invoice(Date="2026-09-14", DueDate="2026-10-14")
    assert (made["Date"], made["DateString"]) == ("/Date(1789344000000+0000)/", "2026-09-14T00:00:00")
    assert (made["DueDate"], made["DueDateString"]) == ("/Date(1791936000000+0000)/", "2026-10-14T00:00:00")


@pytest.mark.parametrize("sent", ["2026-09-14", "2026-09-14T00:00:00", "2026-09-14T09:30:00Z", "/Date(1789344000000)/"])
def test_dates_come_in_as_a_day_an_iso_time_or_milliseconds(xero: Xero, sent: str) -> None:
    assert xero.invoice(Date=sent)["DateString"] == "2026-09-14T00:00:00"


def test_amounts_are_json_numbers(xero: Xero) -> None:
    made = xero.invoice()
    assert isinstance(made["Total"], float)
    assert made["Total"] == 300.0
    assert made["LineItems"][0]["Quantity"] == 1.5


def test_one_bad_element_makes_a_400_that_names_the_bad_one_alone_and_the_good_one_is_kept(xero: Xero) -> None:
    good, bad = xero.invoice_body(InvoiceNumber="1042"), xero.invoice_body(InvoiceNumber="1043", LineItems=[])
    answer = xero.call("PUT", "/Invoices", {"Invoices": [good, bad]})
    assert answer.status_code == 400
    said = answer.json()
    assert (said["ErrorNumber"], said["Type"]) == (10, "ValidationException")
    assert said["Message"] == "A validation exception occurred"
    (element,) = said["Elements"]
    assert element["InvoiceID"] == NOBODY
    assert element["InvoiceNumber"] == "1043"
    assert element["ValidationErrors"] == [{"Message": "One or more line items must be specified"}]
    assert xero.get("/Invoices/1042")["Invoices"][0]["Status"] == "AUTHORISED"


def test_without_summarised_errors_the_answer_is_a_200_with_a_status_on_each_element(xero: Xero) -> None:
    good, bad = xero.invoice_body(InvoiceNumber="1042"), xero.invoice_body(InvoiceNumber="1043", DueDate=None)
    answer = xero.call("PUT", "/Invoices?summarizeErrors=false", {"Invoices": [bad, good]})
    assert answer.status_code == 200
    first, second = answer.json()["Invoices"]
    assert (first["StatusAttributeString"], first["HasErrors"], first["InvoiceID"]) == ("ERROR", True, NOBODY)
    assert first["ValidationErrors"] == [{"Message": "The document DueDate field must be specified."}]
    assert (second["StatusAttributeString"], second["HasErrors"]) == ("OK", False)
    assert "ValidationErrors" not in second


@pytest.mark.parametrize("path", ["/Contacts", "/Payments"])
def test_refused_contacts_and_payments_say_has_validation_errors(xero: Xero, path: str) -> None:
    bare = xero.call("PUT", path, {path[1:]: [{"Reference": "x"}]}).json()["Elements"][0]
    kind = xero.call("PUT", f"{path}?summarizeErrors=False", {path[1:]: [{"Reference": "x"}]}).json()[path[1:]][0]
    assert bare["HasValidationErrors"] is True
    assert kind["HasValidationErrors"] is True
    assert "HasErrors" not in kind


def test_a_refused_change_says_back_what_was_asked_for_and_not_what_stands(xero: Xero) -> None:
    made = xero.invoice()
    asked = {"InvoiceID": made["InvoiceID"], "Status": "DELETED", "Date": "2026-11-09"}
    answer = xero.call("POST", "/Invoices?summarizeErrors=false", {"Invoices": [asked]}).json()["Invoices"][0]
    assert (answer["Status"], answer["DateString"]) == ("DELETED", "2026-11-09T00:00:00")
    assert answer["Date"] == "/Date(1794182400000+0000)/"
    assert answer["InvoiceID"] == made["InvoiceID"]
    assert xero.read(made)["Status"] == "AUTHORISED"


@pytest.mark.parametrize("path", ["/Invoices", "/Contacts", "/Payments", "/CreditNotes", "/BankTransactions"])
def test_an_unknown_id_is_a_page_and_not_json(xero: Xero, path: str) -> None:
    answer = xero.call("GET", f"{path}/5d1c3f0e-5d0a-4b44-9a2e-2a3b1c8a9d11")
    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "The resource you're looking for cannot be found" in answer.text


def test_paths_are_spelled_exactly_and_a_method_that_does_not_exist_says_so(xero: Xero) -> None:
    assert xero.call("GET", "/invoices").status_code == 404
    answer = xero.call("DELETE", "/Invoices")
    assert (answer.status_code, answer.json()["Type"]) == (405, "MethodNotAllowedException")


@pytest.mark.parametrize("accepted", ["*/*", "application/xml", "text/html"])
def test_without_asking_for_json_the_call_is_refused_since_xero_would_answer_xml(xero: Xero, accepted: str) -> None:
    answer = xero.call("GET", "/Organisation", Accept=accepted)
    assert answer.status_code == 406
    assert "Accept: application/json" in answer.text


def test_a_body_that_is_not_declared_as_json_is_refused(xero: Xero) -> None:
    answer = xero.session.put(
        f"{xero.url}/api.xro/2.0/Contacts", data="<Contact/>", headers={"Content-Type": "text/xml"}
    )
    assert (answer.status_code, answer.json()["Type"]) == (415, "UnsupportedMediaTypeException")


def test_more_than_ten_megabytes_are_refused(xero: Xero) -> None:
    body = {"Contacts": [{"Name": "x" * (10 * 1024 * 1024)}]}
    assert xero.call("PUT", "/Contacts", body).status_code == 413


@pytest.mark.parametrize(
    ("spoiled", "message"),
    [
        ({"LineAmountTypes": "NO_TAX"}, "Error converting value \"NO_TAX\" to type 'LineAmountTypes'."),
        ({"LineItems": [line(Quantity="many")]}, 'Error converting value "many" to type \'System.Nullable`1'),
        ({"LineItems": [line(Quantity=True)]}, "Error converting value true to type 'System.Nullable`1"),
        ({"LineItems": "none"}, "Error converting value \"none\" to type 'System.Collections.Generic.List'"),
        ({"Contact": []}, "Error converting value [] to type 'Contact'."),
        ({"InvoiceID": "1042"}, "Error converting value \"1042\" to type 'System.Guid'."),
        ({"Date": "20260914"}, "The string '20260914' is not a valid AllXsd value."),
        ({"Date": "soon"}, "The string 'soon' is not a valid AllXsd value."),
        ({"SentToContact": "perhaps"}, 'Error converting value "perhaps" to type \'System.Nullable`1'),
    ],
)
def test_one_element_that_cannot_be_read_refuses_all_fifty(
    xero: Xero, spoiled: dict[str, object], message: str
) -> None:
    bodies = [xero.invoice_body(InvoiceNumber=str(1000 + number)) for number in range(50)]
    bodies[31].update(spoiled)
    answer = xero.call("PUT", "/Invoices?summarizeErrors=false", {"Invoices": bodies})
    assert answer.status_code == 400
    said = answer.json()
    assert (said["ErrorNumber"], said["Type"]) == (14, "PostDataInvalidException")
    assert said["Message"].startswith(message)
    assert xero.get("/Invoices")["Invoices"] == []


def test_the_place_of_what_cannot_be_read_is_named(xero: Xero) -> None:
    bodies = [xero.invoice_body(), xero.invoice_body(LineItems=[line(), line(UnitAmount="lots")])]
    said = xero.call("PUT", "/Invoices", {"Invoices": bodies}).json()["Message"]
    assert said.endswith("Path 'Invoices[1].LineItems[1].UnitAmount'.")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"{", "PostDataInvalidException"),
        (b"[]", "PostDataInvalidException"),
        (b'{"Contacts":{}}', "PostDataInvalidException"),
        (b'{"Contacts":[{"Name":NaN}]}', "PostDataInvalidException"),
        (b"", "PostDataInvalidException"),
        (b"{}", "NoDataProcessedException"),
        (b'{"Contacts":[]}', "NoDataProcessedException"),
    ],
)
def test_a_body_without_elements_to_work_on_is_refused(xero: Xero, body: bytes, kind: str) -> None:
    headers = {"Content-Type": "application/json"}
    answer = xero.session.put(f"{xero.url}/api.xro/2.0/Contacts", data=body, headers=headers)
    assert (answer.status_code, answer.json()["Type"]) == (400, kind)


def test_one_object_alone_is_taken_as_one_element_and_unknown_fields_are_passed_over(xero: Xero) -> None:
    assert xero.put("/Contacts", {"Name": "Abe", "Nickname": "Al", "FirstName": None})["Name"] == "Abe"


@pytest.mark.parametrize("path", ["/Invoices?page=one", "/Invoices?summaryOnly=maybe", "/Contacts?IDs=abc"])
def test_a_parameter_that_cannot_be_read_is_refused(xero: Xero, path: str) -> None:
    assert xero.call("GET", path).status_code == 400


def test_the_control_api_counts_calls_and_elements(xero: Xero) -> None:
    requests.delete(f"{xero.url}/control/calls")
    xero.call("PUT", "/Contacts", {"Contacts": [{"Name": "Abe"}, {"Name": "Bea"}]})
    xero.get("/Contacts")
    counted = requests.get(f"{xero.url}/control/calls").json()
    assert counted["total"] == 2
    first, second = counted["calls"]
    assert (first["method"], first["path"], first["elements"]) == ("PUT", "/api.xro/2.0/Contacts", 2)
    assert (second["method"], second["status"], second["elements"]) == ("GET", 200, 0)


def test_the_control_api_tells_what_stands_in_an_organisation(xero: Xero) -> None:
    xero.pay(xero.invoice(InvoiceNumber="1042", LineItems=[line(TaxType="TAX001")]), 100)
    tenant = xero.server.tenants[0]
    state = requests.get(f"{xero.url}/control/state", params={"tenant": tenant}).json()
    assert state["totals"] == {"count": 1, "total": 339.0, "paid": 100.0, "credited": 0.0, "due": 239.0}
    assert [row["InvoiceNumber"] for row in state["invoices"]] == ["1042"]
    assert [row["Amount"] for row in state["payments"]] == [100.0]
    summary = requests.get(f"{xero.url}/control/state").json()
    assert [row["counts"]["invoices"] for row in summary["organisations"]] == [1, 0]
    assert requests.get(f"{xero.url}/control/state", params={"tenant": "nobody"}).status_code == 400


def test_ids_depend_on_the_seed_alone() -> None:
    with Xero(seed=7) as one, Xero(seed=7) as same, Xero(seed=8) as other:
        assert one.server.tenants == same.server.tenants
        assert one.server.tenants != other.server.tenants
        assert one.contact("Abe") == same.contact("Abe")


def test_fifty_invoices_of_four_lines_are_made_in_one_call(xero: Xero) -> None:
    contact = {"ContactID": xero.contact()}
    bodies = [xero.invoice_body(InvoiceNumber=str(n), Contact=contact, LineItems=[line()] * 4) for n in range(50)]
    answer = xero.call("PUT", "/Invoices?summarizeErrors=false&unitdp=4", {"Invoices": bodies})
    made = answer.json()["Invoices"]
    assert [row["InvoiceNumber"] for row in made] == [str(number) for number in range(50)]
    assert {row["Total"] for row in made} == {1200.0}
    assert len({held["LineItemID"] for row in made for held in row["LineItems"]}) == 200
