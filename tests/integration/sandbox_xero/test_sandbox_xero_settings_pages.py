"""Contacts, the chart, tax rates and connections on the pages of the stand-in Xero."""

import pytest

from tests.support.page_user import PageUser
from tests.support.xero_stand_in import Json, Xero

ORG = "/app/!hl9Q1"


@pytest.fixture
def user(xero: Xero) -> PageUser:
    return PageUser(xero.url)


def read(xero: Xero, contact_id: str) -> Json:
    found: Json = xero.get(f"/Contacts/{contact_id}")["Contacts"][0]
    return found


def account(xero: Xero, code: str) -> str:
    found = xero.server.books().account_by_code(code)
    assert found is not None
    return found.id


def test_a_contact_is_renamed_and_gets_another_email_phone_and_address(user: PageUser, xero: Xero) -> None:
    held = xero.contact("Abe", Phones=[{"PhoneType": "MOBILE", "PhoneNumber": "555-0107", "PhoneAreaCode": "416"}])
    page = f"/app/contact/{held}"
    user.do(page, "edit-contact", name="Bea", email="bea@bea.example", **{"phone-DEFAULT": "555-0100"})
    user.do(page, "edit-address", "POBOX", AddressLine1="1 Quay", City="Halifax")
    user.do(page, "edit-address", "POBOX", City="Truro")
    shown = read(xero, held)
    phones = {row["PhoneType"]: row for row in shown["Phones"]}
    assert (shown["Name"], shown["EmailAddress"]) == ("Bea", "bea@bea.example")
    assert phones["DEFAULT"]["PhoneNumber"] == "555-0100"
    assert (phones["MOBILE"]["PhoneNumber"], phones["MOBILE"]["PhoneAreaCode"]) == ("555-0107", "416")
    (postal,) = [row for row in shown["Addresses"] if row["AddressType"] == "POBOX"]
    assert (postal["AddressLine1"], postal["City"]) == ("1 Quay", "Truro")
    user.do(page, "edit-contact", **{"phone-MOBILE": "555-0108"})
    assert {row["PhoneType"]: row for row in read(xero, held)["Phones"]}["MOBILE"]["PhoneAreaCode"] == "416"


def test_a_taken_name_or_a_wrong_email_is_refused_in_xeros_words(user: PageUser, xero: Xero) -> None:
    xero.contact("Abe")
    page = f"/app/contact/{xero.contact('Bea')}"
    said = user.refused(page, "edit-contact", name="abe")
    assert said.startswith("The contact name abe is already assigned to another contact.")
    assert user.refused(page, "edit-contact", email="nobody") == "Email address must be valid."
    assert user.refused(f"{ORG}/contacts/new", "new-contact", name="ABE").startswith("The contact name ABE")


def test_a_contact_is_made_archived_restored_and_merged(user: PageUser, xero: Xero) -> None:
    there = user.do(f"{ORG}/contacts/new", "new-contact", name="Abe", email="abe@abe.example")
    made = there.rpartition("/")[2]
    user.do(there, "archive-contact")
    assert ">Abe</a>" not in user.open(f"{ORG}/contacts")
    assert ">Abe</a>" in user.open(f"{ORG}/contacts?state=ARCHIVED&q=abe@")
    said = user.refused(there, "edit-contact", first_name="A")
    assert said.endswith("Archived contacts cannot currently be edited via the API.")
    user.do(there, "restore-contact")
    invoice = xero.invoice(Contact={"ContactID": made})
    survivor = xero.contact("Bea")
    assert user.refused(there, "merge-contact", into="Nobody") == "contact: there is no 'Nobody'"
    user.do(there, "merge-contact", into="Bea")
    assert read(xero, made)["MergedToContactID"] == survivor
    assert f"href='/app/contact/{survivor}'>that contact</a>" in user.open(there)
    assert f"/app/invoice/{invoice['InvoiceID']}" in user.open(f"/app/contact/{survivor}")


def test_an_account_is_archived_restored_renamed_and_loses_its_code(user: PageUser, xero: Xero) -> None:
    fees = account(xero, "201")
    user.do(f"{ORG}/accounts", "archive-account", fees)
    refused = xero.refusal("PUT", "/Invoices", xero.invoice_body())
    assert refused[0].startswith("Account code '201' has been archived")
    user.do(f"{ORG}/accounts", "restore-account", fees)
    page = f"/app/account/{fees}"
    user.do(page, "archive-account")
    user.do(page, "restore-account")
    user.do(page, "edit-account", name="Fees", code="202")
    chart = {row["AccountID"]: row for row in xero.get("/Accounts")["Accounts"]}
    assert (chart[fees]["Name"], chart[fees]["Code"], chart[fees]["Status"]) == ("Fees", "202", "ACTIVE")
    user.do(page, "remove-code")
    assert "Code" not in xero.get(f"/Accounts/{fees}")["Accounts"][0]
    assert "Fees (no code)" in user.open(f"{ORG}/accounts")


def test_the_chart_refuses_what_xero_refuses(user: PageUser, xero: Xero) -> None:
    said = user.refused(f"{ORG}/accounts", "archive-account", account(xero, "610"))
    assert said == "A system account cannot be archived or deleted."
    page = f"/app/account/{account(xero, '201')}"
    assert user.refused(page, "edit-account", code="200") == "Please enter a unique Code."
    assert user.refused(page, "edit-account", name="Sales") == "Please enter a unique Name."
    said = user.refused(f"{ORG}/accounts", "add-account", name="Sales", code="999")
    assert said == "Please enter a unique Name."


def test_an_account_is_added_with_or_without_a_code(user: PageUser, xero: Xero) -> None:
    user.do(f"{ORG}/accounts", "add-account", name="Retainers", code="855", kind="CURRLIAB", payments="on")
    user.do(f"{ORG}/accounts", "add-account", name="Codeless")
    chart = {row["Name"]: row for row in xero.get("/Accounts")["Accounts"]}
    assert (chart["Retainers"]["Class"], chart["Retainers"]["EnablePaymentsToAccount"]) == ("LIABILITY", True)
    assert "Code" not in chart["Codeless"]


def test_tax_rates_are_archived_restored_and_added(user: PageUser, xero: Xero) -> None:
    user.do(f"{ORG}/tax-rates", "archive-rate", "TAX001")
    assert xero.get("/TaxRates/TAX001")["TaxRates"][0]["Status"] == "ARCHIVED"
    user.do(f"{ORG}/tax-rates", "restore-rate", "TAX001")
    user.do(f"{ORG}/tax-rates", "add-rate", name="HST 15", tax_type="TAX015", rate="15")
    assert xero.get("/TaxRates/TAX015")["TaxRates"][0]["EffectiveRate"] == 15.0
    said = user.refused(f"{ORG}/tax-rates", "add-rate", name="HST 15", tax_type="TAX015", rate="15")
    assert said == "tax_type: TAX015 is taken or empty"


def test_an_application_is_disconnected_from_xeros_side(user: PageUser, xero: Xero) -> None:
    assert "xero-demo Office manager" in user.shown(f"{ORG}/connections")
    user.do(f"{ORG}/connections", "disconnect")
    assert xero.call("GET", "/Organisation").status_code == 403
    assert "No application is connected." in user.open(f"{ORG}/connections")
