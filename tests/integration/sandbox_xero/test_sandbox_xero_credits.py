"""Credit notes of the stand-in Xero and their allocations."""

import pytest

from tests.support.xero_stand_in import Json, Xero, line

TOO_LARGE = ["Credit Note cannot be allocated as amount is greater than amount outstanding"]


@pytest.fixture
def client(xero: Xero) -> str:
    """A client's contact."""
    return xero.contact("Abe")


def note_now(xero: Xero, note: Json) -> Json:
    """The credit note as it is now."""
    return dict(xero.get(f"/CreditNotes/{note['CreditNoteID']}")["CreditNotes"][0])


def refused(xero: Xero, note: Json, made: Json, amount: float) -> list[str]:
    """The messages of a refused allocation."""
    body = {"Allocations": [{"Invoice": {"InvoiceID": made["InvoiceID"]}, "Amount": amount}]}
    return xero.refusal("PUT", f"/CreditNotes/{note['CreditNoteID']}/Allocations", body)


def test_a_credit_note_is_made_with_all_its_credit_left(xero: Xero, client: str) -> None:
    note = xero.credit(client, 50, CreditNoteNumber="CLIO-CN-8802", Reference="1042")
    assert (note["Type"], note["Status"], note["CreditNoteNumber"]) == ("ACCRECCREDIT", "AUTHORISED", "CLIO-CN-8802")
    assert (note["RemainingCredit"], note["Allocations"], note["ID"]) == (50.0, [], note["CreditNoteID"])


def test_a_sales_credit_notes_number_is_unique_and_given_where_missing(xero: Xero, client: str) -> None:
    xero.credit(client, 50, CreditNoteNumber="CLIO-CN-8802")
    body = {"Type": "ACCRECCREDIT", "Contact": {"ContactID": client}, "LineItems": [line()]}
    taken = xero.refusal("PUT", "/CreditNotes", {**body, "CreditNoteNumber": "clio-cn-8802"})
    assert taken == ["Credit Note # must be unique."]
    assert xero.put("/CreditNotes", body)["CreditNoteNumber"] == "CN-0001"


def test_an_allocation_inside_a_new_credit_note_is_passed_over(xero: Xero, client: str) -> None:
    made = xero.invoice(Contact={"ContactID": client})
    inline = [{"Invoice": {"InvoiceID": made["InvoiceID"]}, "Amount": 50}]
    assert xero.credit(client, 50, Allocations=inline)["RemainingCredit"] == 50.0


def test_an_allocation_lowers_what_is_due_and_is_dated_the_later_of_the_two(xero: Xero, client: str) -> None:
    made = xero.invoice(Contact={"ContactID": client})
    note = xero.credit(client, 80)
    allocation = xero.allocate(note, made, 50)
    assert (allocation["Amount"], allocation["Invoice"]["InvoiceID"]) == (50.0, made["InvoiceID"])
    assert allocation["Date"] == "/Date(1793750400000+0000)/"
    after = xero.read(made)
    assert (after["AmountDue"], after["AmountCredited"], after["Status"]) == (250.0, 50.0, "AUTHORISED")
    (shown,) = after["CreditNotes"]
    assert (shown["CreditNoteID"], shown["ID"]) == (note["CreditNoteID"], note["CreditNoteID"])
    assert (shown["AppliedAmount"], shown["Total"]) == (50.0, 80.0)
    assert "Allocations" not in shown
    assert note_now(xero, note)["RemainingCredit"] == 30.0


def test_a_credit_note_used_up_is_paid_and_so_is_the_invoice_it_settles(xero: Xero, client: str) -> None:
    made, note = xero.invoice(Contact={"ContactID": client}), xero.credit(client, 300)
    xero.allocate(note, made, 300)
    used, settled = note_now(xero, note), xero.read(made)
    assert (used["Status"], used["RemainingCredit"]) == ("PAID", 0.0)
    assert (settled["Status"], settled["FullyPaidOnDate"]) == ("PAID", "/Date(1793750400000+0000)/")


def test_removing_an_allocation_opens_both_again(xero: Xero, client: str) -> None:
    made, note = xero.invoice(Contact={"ContactID": client}), xero.credit(client, 300)
    allocation = xero.allocate(note, made, 300)
    path = f"/CreditNotes/{note['CreditNoteID']}/Allocations/{allocation['AllocationID']}"
    answer = xero.call("DELETE", path)
    assert (answer.status_code, answer.json()["IsDeleted"]) == (200, True)
    opened, due = note_now(xero, note), xero.read(made)
    assert (opened["Status"], opened["RemainingCredit"], opened["Allocations"]) == ("AUTHORISED", 300.0, [])
    assert (due["Status"], due["AmountDue"], due["CreditNotes"]) == ("AUTHORISED", 300.0, [])
    assert xero.call("DELETE", path).status_code == 404


def test_sending_an_allocation_again_applies_it_again(xero: Xero, client: str) -> None:
    made, note = xero.invoice(Contact={"ContactID": client}), xero.credit(client, 100)
    xero.allocate(note, made, 40)
    xero.allocate(note, made, 40)
    assert note_now(xero, note)["RemainingCredit"] == 20.0
    assert len(xero.read(made)["CreditNotes"]) == 2


def test_no_more_is_allocated_than_the_note_has_or_the_invoice_owes(xero: Xero, client: str) -> None:
    made, small, large = xero.invoice(Contact={"ContactID": client}), xero.credit(client, 50), xero.credit(client, 400)
    assert refused(xero, small, made, 50.01) == TOO_LARGE
    assert refused(xero, large, made, 300.01) == TOO_LARGE
    xero.allocate(small, made, 50)
    assert refused(xero, small, made, 1) == TOO_LARGE


def test_a_paid_invoice_takes_no_credit(xero: Xero, client: str) -> None:
    made, note = xero.invoice(Contact={"ContactID": client}), xero.credit(client, 50)
    xero.pay(made, 300)
    assert refused(xero, note, made, 1) == ["The invoice you are trying to allocate to has already been paid off"]


def test_a_note_and_its_invoice_share_client_currency_and_side(xero: Xero, client: str) -> None:
    note = xero.credit(client, 50)
    others = xero.invoice(Contact={"Name": "Bea"})
    dollars = xero.invoice(Contact={"ContactID": client}, CurrencyCode="USD")
    bill = xero.invoice(Contact={"ContactID": client}, Type="ACCPAY")
    draft = xero.invoice(Contact={"ContactID": client}, Status="DRAFT")
    said = [refused(xero, note, made, 1)[0] for made in (others, dollars, bill, draft)]
    assert [part in text for part, text in zip(("contact", "currency", "type", "authorised"), said, strict=True)] == [
        True
    ] * 4


def test_a_draft_credit_note_is_not_allocated(xero: Xero, client: str) -> None:
    made, note = xero.invoice(Contact={"ContactID": client}), xero.credit(client, 50, Status="DRAFT")
    assert len(refused(xero, note, made, 1)) == 1


@pytest.mark.parametrize("wanted", ["VOIDED", "DRAFT"])
def test_an_allocated_credit_note_is_not_voided(xero: Xero, client: str, wanted: str) -> None:
    made, note = xero.invoice(Contact={"ContactID": client}), xero.credit(client, 50)
    allocation = xero.allocate(note, made, 50)
    change = {"CreditNoteID": note["CreditNoteID"], "Status": wanted}
    (said,) = xero.refusal("POST", "/CreditNotes", change)
    assert said.startswith(f"The status {wanted} cannot be applied to the credit note because")
    xero.call("DELETE", f"/CreditNotes/{note['CreditNoteID']}/Allocations/{allocation['AllocationID']}")
    assert xero.post("/CreditNotes", {**change, "Status": "VOIDED"})["Status"] == "VOIDED"


def test_inclusive_lines_of_two_tax_types_add_up_to_the_credit(xero: Xero, client: str) -> None:
    lines = [
        line(Description="Write-off", Quantity=1, UnitAmount=56.5, TaxType="TAX001"),
        line(Description="Write-off", Quantity=1, UnitAmount=43.5, TaxType="NONE"),
    ]
    note = xero.credit(client, 0, LineAmountTypes="Inclusive", LineItems=lines)
    assert (note["SubTotal"], note["TotalTax"], note["Total"]) == (93.5, 6.5, 100.0)


def test_nothing_is_allocated_in_a_locked_period(xero: Xero, client: str) -> None:
    made, note = xero.invoice(Contact={"ContactID": client}), xero.credit(client, 50)
    xero.act("set_lock_dates", period="2026-11-30")
    assert refused(xero, note, made, 1) == [
        "The document date cannot be before the period lock date, currently set at 2026-11-30"
    ]


def test_no_allocation_is_removed_in_a_locked_period(xero: Xero, client: str) -> None:
    made, note = xero.invoice(Contact={"ContactID": client}), xero.credit(client, 50)
    allocation = xero.allocate(note, made, 50)
    xero.act("set_lock_dates", period="2026-11-30")
    path = f"/CreditNotes/{note['CreditNoteID']}/Allocations/{allocation['AllocationID']}"
    assert xero.refusal("DELETE", path, None) == [
        "The document cannot be edited as it is currently dated before the period lock date"
    ]
    assert note_now(xero, note)["RemainingCredit"] == 0.0


def test_refused_allocations_of_a_call_leave_the_good_ones(xero: Xero, client: str) -> None:
    made, note = xero.invoice(Contact={"ContactID": client}), xero.credit(client, 50)
    named = {"Invoice": {"InvoiceID": made["InvoiceID"]}}
    path = f"/CreditNotes/{note['CreditNoteID']}/Allocations?summarizeErrors=false"
    body = {"Allocations": [{**named, "Amount": 20}, {**named, "Amount": 40}]}
    answer = xero.call("PUT", path, body).json()["Allocations"]
    assert [row["StatusAttributeString"] for row in answer] == ["OK", "ERROR"]
    assert note_now(xero, note)["RemainingCredit"] == 30.0
