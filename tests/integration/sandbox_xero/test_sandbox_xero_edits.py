"""Changing invoices in the stand-in Xero: lines by their ids, paid ones, locked periods."""

import pytest

from tests.support.xero_stand_in import Json, Xero, line

LOCKED = ["This document cannot be edited as it has a payment or credit note allocated to it."]


def changed(xero: Xero, made: Json, **fields: object) -> Json:
    """The invoice after a change."""
    return xero.post("/Invoices?unitdp=4", {"InvoiceID": made["InvoiceID"], **fields})


def refused(xero: Xero, made: Json, **fields: object) -> list[str]:
    """The messages of a refused change."""
    return xero.refusal("POST", "/Invoices?unitdp=4", {"InvoiceID": made["InvoiceID"], **fields})


def two_lines(xero: Xero, **fields: object) -> Json:
    """An invoice of 300.00 and 100.00."""
    return xero.invoice(LineItems=[line(), line(Description="Filing", Quantity=1, UnitAmount=100)], **fields)


def test_a_change_of_a_reference_leaves_the_lines(xero: Xero) -> None:
    made = two_lines(xero)
    after = changed(xero, made, Reference="x")
    assert after["LineItems"] == made["LineItems"]
    assert (after["Reference"], after["Total"]) == ("x", 400.0)


def test_a_line_with_its_id_is_changed_one_without_is_new_and_one_left_out_is_gone(xero: Xero) -> None:
    made = two_lines(xero)
    kept = made["LineItems"][0]["LineItemID"]
    lines = [{"LineItemID": kept, "UnitAmount": 250.0}, line(Description="Courier", Quantity=1, UnitAmount=20)]
    after = changed(xero, made, LineItems=lines)
    assert [held["Description"] for held in after["LineItems"]] == ["Drafting", "Courier"]
    assert after["LineItems"][0]["LineItemID"] == kept
    assert after["LineItems"][1]["LineItemID"] not in {held["LineItemID"] for held in made["LineItems"]}
    assert (after["LineItems"][0]["Quantity"], after["Total"]) == (1.5, 395.0)


def test_lines_without_any_id_take_the_place_of_all(xero: Xero) -> None:
    made = two_lines(xero)
    after = changed(xero, made, LineItems=[line(), line()])
    before = {held["LineItemID"] for held in made["LineItems"]}
    assert before.isdisjoint(held["LineItemID"] for held in after["LineItems"])


def test_an_unknown_line_id_is_refused(xero: Xero) -> None:
    made, other = xero.invoice(), xero.invoice()
    stray = other["LineItems"][0]["LineItemID"]
    assert refused(xero, made, LineItems=[line(LineItemID=stray)]) == ["The LineItemID was not found on this document."]


def test_a_line_keeps_its_account_tax_type_and_tracking_when_only_its_text_is_sent(xero: Xero) -> None:
    tracking = [{"Name": "Office", "Option": "Ottawa"}]
    made = xero.invoice(LineItems=[line(TaxType="TAX003", AccountCode="260", Tracking=tracking)])
    held = made["LineItems"][0]
    (after,) = changed(xero, made, LineItems=[{"LineItemID": held["LineItemID"], "Description": "Other"}])["LineItems"]
    assert after == {**held, "Description": "Other"}


def test_a_tax_amount_that_was_given_stays_until_amount_or_tax_type_change(xero: Xero) -> None:
    made = xero.invoice(LineItems=[line(Quantity=1, UnitAmount=100, TaxType="TAX001", TaxAmount=13.01)])
    line_id = made["LineItems"][0]["LineItemID"]
    text = changed(xero, made, LineItems=[{"LineItemID": line_id, "Description": "Other"}])
    assert text["TotalTax"] == 13.01
    amount = changed(xero, made, LineItems=[{"LineItemID": line_id, "UnitAmount": 200}])
    assert amount["TotalTax"] == 26.0


def test_a_number_can_be_changed_but_not_to_one_that_is_taken(xero: Xero) -> None:
    first, _ = xero.invoice(InvoiceNumber="1"), xero.invoice(InvoiceNumber="2")
    assert refused(xero, first, InvoiceNumber="2") == ["Invoice # must be unique."]
    assert changed(xero, first, InvoiceNumber="3")["InvoiceNumber"] == "3"
    assert xero.invoice(InvoiceNumber="1")["InvoiceNumber"] == "1"


def test_the_elements_of_a_call_are_worked_one_after_the_other_so_numbers_can_move(xero: Xero) -> None:
    first, second = xero.invoice(InvoiceNumber="1"), xero.invoice(InvoiceNumber="2")
    moves = [(first, "tmp"), (second, "1"), (first, "2")]
    body = {"Invoices": [{"InvoiceID": made["InvoiceID"], "InvoiceNumber": number} for made, number in moves]}
    answer = xero.call("POST", "/Invoices?summarizeErrors=false", body).json()["Invoices"]
    assert [row["StatusAttributeString"] for row in answer] == ["OK", "OK", "OK"]
    assert [xero.read(made)["InvoiceNumber"] for made in (first, second)] == ["2", "1"]


def test_a_paid_invoice_takes_a_new_reference_due_date_number_address_and_contact(xero: Xero) -> None:
    made = xero.invoice()
    xero.pay(made, 300)
    other = xero.contact("Lindqvist")
    after = changed(
        xero,
        made,
        Reference="r",
        DueDate="2027-01-05",
        InvoiceNumber="1042",
        Url="https://clio.example/9001",
        Contact={"ContactID": other},
    )
    assert (after["Reference"], after["DueDateString"]) == ("r", "2027-01-05T00:00:00")
    assert (after["InvoiceNumber"], after["Url"]) == ("1042", "https://clio.example/9001")
    assert (after["Contact"]["ContactID"], after["Status"], after["AmountDue"]) == (other, "PAID", 0.0)


def test_a_paid_invoices_lines_take_a_new_text_account_and_tracking_by_their_ids(xero: Xero) -> None:
    made = two_lines(xero)
    xero.pay(made, 100)
    ids = [held["LineItemID"] for held in made["LineItems"]]
    lines = [
        {"LineItemID": ids[1], "Description": "Filing fee", "AccountCode": "260"},
        {"LineItemID": ids[0], "Tracking": [{"Name": "Office", "Option": "Toronto"}]},
    ]
    after = {held["LineItemID"]: held for held in changed(xero, made, LineItems=lines)["LineItems"]}
    assert (after[ids[1]]["Description"], after[ids[1]]["AccountCode"]) == ("Filing fee", "260")
    assert after[ids[0]]["Tracking"][0]["Option"] == "Toronto"


@pytest.mark.parametrize("part", ["amount", "quantity", "tax type", "removed"])
def test_a_part_paid_invoices_lines_cannot_change_what_is_due(xero: Xero, part: str) -> None:
    made = two_lines(xero)
    xero.pay(made, 100)
    first, second = ({"LineItemID": held["LineItemID"]} for held in made["LineItems"])
    lines: dict[str, list[Json]] = {
        "amount": [{**first, "UnitAmount": 1}, second],
        "quantity": [{**first, "Quantity": 2}, second],
        "tax type": [{**first, "TaxType": "TAX001"}, second],
        "removed": [first],
    }
    assert refused(xero, made, LineItems=lines[part]) == LOCKED
    assert xero.read(made)["Total"] == 400.0


@pytest.mark.parametrize(
    "change", [{"Date": "2026-11-03"}, {"CurrencyCode": "USD"}, {"LineAmountTypes": "NoTax"}, {"CurrencyRate": 2}]
)
def test_a_part_paid_invoice_keeps_its_date_currency_and_kind_of_amounts(xero: Xero, change: Json) -> None:
    made = xero.invoice()
    xero.pay(made, 100)
    assert refused(xero, made, **change) == LOCKED


def test_a_paid_invoices_lines_must_come_with_their_ids(xero: Xero) -> None:
    made = xero.invoice()
    xero.pay(made, 300)
    message = "To update fields on a paid invoice line item, you must supply a LineItemID"
    assert refused(xero, made, LineItems=[line(Description="Other")]) == [message]


def test_the_contact_of_an_invoice_paid_by_a_credit_note_stays(xero: Xero) -> None:
    held = xero.contact("Abe")
    made = xero.invoice(Contact={"ContactID": held})
    xero.allocate(xero.credit(held, 50), made, 50)
    assert refused(xero, made, Contact={"ContactID": xero.contact("Bea")}) == LOCKED


@pytest.mark.parametrize("wanted", ["VOIDED", "DRAFT", "SUBMITTED"])
def test_a_payment_or_a_credit_stands_in_the_way_of_voiding_and_unapproving(xero: Xero, wanted: str) -> None:
    held = xero.contact("Abe")
    paid, credited = xero.invoice(Contact={"ContactID": held}), xero.invoice(Contact={"ContactID": held})
    payment = xero.pay(paid, 1)
    xero.allocate(xero.credit(held, 1), credited, 1)
    message = (
        f"The status {wanted} cannot be applied to the invoice because it has payments or credit notes allocated to it."
    )
    for made in (paid, credited):
        assert refused(xero, made, Status=wanted) == [message]
    xero.post(f"/Payments/{payment['PaymentID']}", {"Status": "DELETED"})
    assert changed(xero, paid, Status="VOIDED")["Status"] == "VOIDED"


@pytest.mark.parametrize(("which", "words"), [("period", "period"), ("year", "end of year")])
def test_nothing_new_is_dated_in_a_locked_period_but_drafts_are(xero: Xero, which: str, words: str) -> None:
    xero.act("set_lock_dates", **{which: "2026-10-31"})
    message = f"The document date cannot be before the {words} lock date, currently set at 2026-10-31"
    assert xero.refusal("PUT", "/Invoices", xero.invoice_body(Date="2026-10-31")) == [message]
    assert xero.invoice(Date="2026-11-01")["Status"] == "AUTHORISED"
    draft = xero.invoice(Date="2026-10-31", Status="DRAFT")
    assert refused(xero, draft, Status="AUTHORISED") == [message]


def test_what_stands_in_a_locked_period_is_not_changed_voided_or_moved_out(xero: Xero) -> None:
    made, later = xero.invoice(Date="2026-10-15"), xero.invoice()
    xero.act("set_lock_dates", period="2026-10-31")
    message = "The document cannot be edited as it is currently dated before the period lock date"
    for change in ({"Reference": "x"}, {"Status": "VOIDED"}, {"Date": "2026-11-05"}):
        assert refused(xero, made, **change) == [message]
    moved = "The document date cannot be before the period lock date, currently set at 2026-10-31"
    assert refused(xero, later, Date="2026-10-30") == [moved]
    xero.act("set_lock_dates")
    assert changed(xero, made, Reference="x")["Reference"] == "x"


def test_the_organisation_shows_lock_dates_only_when_they_are_set(xero: Xero) -> None:
    assert "PeriodLockDate" not in xero.get("/Organisation")["Organisations"][0]
    xero.act("set_lock_dates", period="2026-10-31", year="2025-12-31")
    shown = xero.get("/Organisation")["Organisations"][0]
    assert shown["PeriodLockDate"] == "/Date(1793404800000+0000)/"
    assert shown["EndOfYearLockDate"] == "/Date(1767139200000+0000)/"


def test_every_change_moves_updated_date(xero: Xero) -> None:
    made = xero.invoice()
    stamps = [made["UpdatedDateUTC"]]
    for change in ({"Reference": "x"}, {"Status": "VOIDED"}):
        xero.server.clock.advance(1)
        stamps.append(changed(xero, made, **change)["UpdatedDateUTC"])
    assert len(set(stamps)) == 3
    assert stamps == sorted(stamps)
