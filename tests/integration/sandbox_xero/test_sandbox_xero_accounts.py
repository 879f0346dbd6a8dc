"""Changing the chart of the stand-in Xero by the API."""

from typing import Any

import pytest

from tests.support.xero_stand_in import Json, Xero


def account(xero: Xero, code: str) -> Json:
    """An account by its code."""
    return next(row for row in xero.get("/Accounts")["Accounts"] if row.get("Code") == code)


def test_an_account_is_added_renamed_archived_and_brought_back(xero: Xero) -> None:
    made = xero.put("/Accounts", {"Code": "202", "Name": "Mediation", "Type": "REVENUE", "TaxType": "TAX001"})
    assert (made["Class"], made["Status"]) == ("REVENUE", "ACTIVE")
    path = f"/Accounts/{made['AccountID']}"
    assert xero.post(path, {"Name": "Mediation Fees", "Code": "203"})["Code"] == "203"
    assert xero.post(path, {"Status": "ARCHIVED"})["Status"] == "ARCHIVED"
    assert xero.post(path, {"Status": "ACTIVE"})["Status"] == "ACTIVE"
    assert xero.get(path)["Accounts"][0]["Name"] == "Mediation Fees"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"Code": "201", "Name": "Other", "Type": "REVENUE"}, "Please enter a unique Code."),
        ({"Code": "202", "Name": "legal fees", "Type": "REVENUE"}, "Please enter a unique Name."),
        ({"Name": "Other", "Type": "REVENUE"}, "Account code must be specified"),
        ({"Code": "12345678901", "Name": "Other", "Type": "REVENUE"}, "The field Code must be a string"),
        ({"Code": "202", "Name": "Other", "Type": "HOPE"}, "Account type must be valid."),
    ],
)
def test_an_account_that_breaks_a_rule_is_refused(xero: Xero, body: dict[str, Any], message: str) -> None:
    (said,) = xero.refusal("PUT", "/Accounts", body)
    assert said.startswith(message)


def test_a_bank_account_may_be_without_a_code(xero: Xero) -> None:
    assert "Code" not in xero.put("/Accounts", {"Name": "Savings", "Type": "BANK"})


def test_archiving_is_asked_for_alone_and_not_for_system_accounts(xero: Xero) -> None:
    fees, debtors = account(xero, "201"), account(xero, "610")
    assert len(xero.refusal("POST", f"/Accounts/{fees['AccountID']}", {"Status": "ARCHIVED", "Name": "x"})) == 1
    assert len(xero.refusal("POST", f"/Accounts/{debtors['AccountID']}", {"Status": "ARCHIVED"})) == 1


def test_only_one_account_is_taken_at_a_time(xero: Xero) -> None:
    bodies = [{"Code": code, "Name": code, "Type": "REVENUE"} for code in ("202", "203")]
    assert xero.call("PUT", "/Accounts", {"Accounts": bodies}).status_code == 400


def test_an_account_in_use_is_not_deleted(xero: Xero) -> None:
    xero.invoice()
    assert xero.call("DELETE", f"/Accounts/{account(xero, '201')['AccountID']}").status_code == 400
    gone = xero.call("DELETE", f"/Accounts/{account(xero, '260')['AccountID']}").json()["Accounts"][0]
    assert gone["Status"] == "DELETED"


def test_what_may_be_done_is_told_by_the_organisations_actions(xero: Xero) -> None:
    def told() -> dict[str, str]:
        return {row["Name"]: row["Status"] for row in xero.get("/Organisation/Actions")["Actions"]}

    assert set(told().values()) == {"ALLOWED"}
    xero.act("set_limits", approved_per_month=0)
    xero.act("disable_currency", code="USD")
    refused = {name for name, status in told().items() if status == "NOT-ALLOWED"}
    assert refused == {"CreateApprovedInvoice", "UseMulticurrency"}
