"""The pages of the stand-in Xero as a browser uses them: lists, an invoice and its lines, what is refused."""

from typing import Any

import pytest
import requests

from tests.support.page_user import PageUser, form_of
from tests.support.xero_stand_in import Json, Xero, line

EVIL = "<script>alert('x')</script>"
SAFE = "&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;"
ORG = "/app/!hl9Q1"
SETTLED = "This document cannot be edited as it has a payment or credit note allocated to it."
LOCKED = "The document cannot be edited as it is currently dated before the period lock date"


@pytest.fixture
def user(xero: Xero) -> PageUser:
    return PageUser(xero.url)


def page_of(invoice: Json) -> str:
    return f"/app/invoice/{invoice['InvoiceID']}"


# Lists


def test_invoices_are_listed_by_change_searched_and_filtered(user: PageUser, xero: Xero) -> None:
    for number in range(60):
        xero.invoice(InvoiceNumber=f"A-{number}", Reference=f"matter {number}")
    xero.invoice(InvoiceNumber="D-1", Status="DRAFT", Contact={"Name": "Abe"})
    first, second = user.open(f"{ORG}/invoices"), user.open(f"{ORG}/invoices?page=2")
    assert "61 invoices, page 1 of 2" in first
    assert (">D-1</a>" in first, ">A-0</a>" in first, ">A-0</a>" in second) == (True, False, True)
    assert "1 of 61 invoices" in user.open(f"{ORG}/invoices?q=matter+59")
    assert ">D-1</a>" in user.open(f"{ORG}/invoices?q=ABE&state=DRAFT")
    assert "0 of 61 invoices" in user.open(f"{ORG}/invoices?q=abe&state=PAID")


def test_every_organisation_has_its_own_pages(user: PageUser, xero: Xero) -> None:
    made = xero.invoice(InvoiceNumber="1042")
    sections = ("invoices", "credit-notes", "contacts", "accounts", "tax-rates", "lock-dates", "connections")
    for section in (*sections, "bank-transactions", "invoices/new", "credit-notes/new", "contacts/new"):
        for code in ("!hl9Q1", "!qh4T7"):
            assert "Stand-in Xero — not Xero" in user.open(f"/app/{code}/{section}")
    assert ">1042</a>" not in user.open("/app/!qh4T7/invoices")
    assert "Harrow &amp; Lindqvist Law (stand-in)" in user.open(page_of(made))


@pytest.mark.parametrize("path", ["/app/!none/invoices", "/app/invoice/x", "/app/creditnote/x", "/app/payment/x", "/x"])
def test_what_is_not_there_is_404(user: PageUser, path: str) -> None:
    answer = user.session.get(user.url + path)
    assert (answer.status_code, "Stand-in Xero — not Xero" in answer.text) == (404, True)


def test_names_and_texts_cannot_bring_html_into_any_page(user: PageUser, xero: Xero) -> None:
    xero.contact("Abe", FirstName=EVIL, EmailAddress="abe@abe.example", Phones=[{"PhoneNumber": EVIL}])
    made = xero.invoice(
        Contact={"Name": "Abe"}, InvoiceNumber=EVIL, Reference=EVIL, Url=EVIL, LineItems=[line(Description=EVIL)]
    )
    payment = xero.pay(made, 1, Reference=EVIL)
    note = xero.credit(made["Contact"]["ContactID"], 50, CreditNoteNumber=f"CN{EVIL}", Reference=EVIL)
    xero.allocate(note, made, 5)
    spent = xero.act("add_bank_transaction", contact="Abe", amount=42, account="426", Reference=EVIL)
    xero.act("rename_account", account="201", name=EVIL)
    xero.act("add_tax_rate", tax_type=EVIL, name=EVIL, rate=1)
    note_page = f"/app/creditnote/{note['CreditNoteID']}"
    pages = [
        "/",
        page_of(made),
        note_page,
        f"/app/contact/{made['Contact']['ContactID']}",
        f"/app/bank-transaction/{spent['BankTransactionID']}",
        f"/app/payment/{payment['PaymentID']}",
        *(f"{ORG}/{section}" for section in ("invoices", "credit-notes", "accounts", "tax-rates", "bank-transactions")),
        f"{ORG}/invoices/new",
        f"{ORG}/contacts?q={EVIL}",
    ]
    for path in pages:
        html = user.open(path)
        assert "<script>" not in html, path
        assert SAFE in html, path


def test_pages_load_nothing_from_elsewhere(user: PageUser, xero: Xero) -> None:
    for path in ("/", page_of(xero.invoice()), f"{ORG}/accounts"):
        answer = user.session.get(user.url + path)
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "http://" not in answer.text
        assert "https://" not in answer.text


# Invoices


def test_an_invoices_head_is_edited_and_only_what_was_changed_is_sent(user: PageUser, xero: Xero) -> None:
    made = xero.invoice(InvoiceNumber="1042", Reference="00077")
    other = xero.contact("Bea")
    user.do(page_of(made), "edit-document", reference="", due_date="2026-12-24", contact=other, number="1043")
    after = xero.read(made)
    assert (after["Reference"], after["DueDateString"], after["InvoiceNumber"]) == ("", "2026-12-24T00:00:00", "1043")
    assert after["Contact"]["Name"] == "Bea"
    assert after["DateString"] == made["DateString"]


def test_a_lines_account_text_and_tracking_are_edited_also_on_a_paid_invoice(user: PageUser, xero: Xero) -> None:
    made = xero.invoice(InvoiceNumber="1042", LineItems=[line(), line(Description="Filing")])
    xero.act("record_payment", invoice="1042")
    first = made["LineItems"][0]["LineItemID"]
    office = xero.server.books().tracking[0]
    ottawa = next(option for option, name in office.options if name == "Ottawa")
    sales = xero.server.books().account_by_code("200")
    assert sales is not None
    user.do(
        page_of(made),
        "change-line",
        first,
        description="Drafting, two\r\nlines",
        account=sales.id,
        **{f"tracking-{office.id}": ottawa},
    )
    changed, kept = xero.read(made)["LineItems"]
    assert (changed["Description"], changed["AccountCode"]) == ("Drafting, two\nlines", "200")
    assert [one["Option"] for one in changed["Tracking"]] == ["Ottawa"]
    assert kept == made["LineItems"][1]
    assert user.refused(page_of(made), "change-line", first, unit_amount="1") == SETTLED
    user.do(page_of(made), "change-line", first, **{f"tracking-{office.id}": ""})
    assert xero.read(made)["LineItems"][0]["Tracking"] == []


def test_lines_are_added_changed_and_removed_on_an_open_invoice(user: PageUser, xero: Xero) -> None:
    made = xero.invoice(
        LineItems=[line(), line(Description="Text alone", Quantity=None, UnitAmount=None, AccountCode=None)]
    )
    first, second = (row["LineItemID"] for row in made["LineItems"])
    fees = xero.server.books().account_by_code("201")
    assert fees is not None
    user.do(page_of(made), "change-line", first, quantity="2", unit_amount="100.5", tax_type="TAX001")
    user.do(page_of(made), "change-line", second, description="Other text")
    user.do(page_of(made), "add-line", description="Filing", unit_amount="9.99", account=fees.id, tax_type="NONE")
    shown = xero.read(made)
    assert [row["Description"] for row in shown["LineItems"]] == ["Drafting", "Other text", "Filing"]
    assert (shown["SubTotal"], shown["TotalTax"], shown["Total"]) == (210.99, 26.13, 237.12)
    user.do(page_of(made), "remove-line", second)
    assert len(xero.read(made)["LineItems"]) == 2


def test_a_draft_is_sent_approved_and_voided_and_another_deleted(user: PageUser, xero: Xero) -> None:
    made, other = xero.invoice(Status="DRAFT"), xero.invoice(Status="DRAFT")
    for status in ("SUBMITTED", "DRAFT", "AUTHORISED", "VOIDED"):
        user.do(page_of(made), "set-status", status)
        assert xero.read(made)["Status"] == status
    assert not user.has(page_of(made), "edit-document")
    user.do(page_of(other), "set-status", "DELETED")
    assert xero.read(other)["Status"] == "DELETED"


def test_an_invoice_is_made_by_hand(user: PageUser, xero: Xero) -> None:
    contact = xero.contact("Abe")
    fees = xero.server.books().account_by_code("201")
    assert fees is not None
    there = user.do(
        f"{ORG}/invoices/new",
        "new-invoice",
        contact=contact,
        number="H-1",
        account=fees.id,
        tax_type="NONE",
        unit_amount="99.95",
        url="https://ca.app.clio.example/nc/#/bills/1",
    )
    (made,) = xero.get("/Invoices/H-1")["Invoices"]
    assert there == page_of(made)
    assert (made["Total"], made["Status"], made["Url"]) == (
        99.95,
        "AUTHORISED",
        "https://ca.app.clio.example/nc/#/bills/1",
    )
    again: dict[str, Any] = {"contact": contact, "number": "h-1", "account": fees.id, "tax_type": "NONE"}
    assert user.refused(f"{ORG}/invoices/new", "new-invoice", **again) == "Invoice # must be unique."


def test_where_contacts_are_many_their_name_is_typed(user: PageUser, xero: Xero, monkeypatch: Any) -> None:
    xero.contact("Abe")
    made = xero.invoice(Contact={"Name": "Bea"})
    monkeypatch.setattr("sandbox.xero.pages.choices.MOST_LISTED", 1)
    user.do(page_of(made), "edit-document", contact="abe")
    assert xero.read(made)["Contact"]["Name"] == "Abe"
    said = user.refused(page_of(made), "edit-document", contact="Nobody")
    assert said == "Contact: no active contact is called Nobody."


# Refusals


@pytest.mark.parametrize(
    ("form", "fields", "words"),
    [
        ("edit-document", {"number": "1001"}, "Invoice # must be unique."),
        ("edit-document", {"due_date": ""}, "Due date: please fill this in."),
        ("edit-document", {"date": "soon"}, "Date: soon is not a date such as 2026-05-04."),
        ("add-line", {"unit_amount": "5"}, "Account code or ID must be specified"),
        ("add-line", {"unit_amount": ""}, "Unit amount: please fill this in."),
        ("record-payment", {"amount": "300.01"}, "Payment amount exceeds the amount outstanding on this document"),
        ("record-payment", {"amount": "a lot"}, "Amount: a lot is not a number such as 1207.50."),
    ],
)
def test_the_words_of_a_refusal_stand_beside_the_form_and_what_was_typed_stays(
    *, user: PageUser, xero: Xero, form: str, fields: dict[str, str], words: str
) -> None:
    xero.invoice(InvoiceNumber="1001")
    made = xero.invoice(InvoiceNumber="1042")
    assert user.refused(page_of(made), form, **fields) == words
    assert xero.read(made) == made
    ((name, value),) = fields.items()
    assert form_of(user.send(page_of(made), form, **fields).text, form).values[name] == value


def test_an_invoice_with_money_on_it_is_not_voided(user: PageUser, xero: Xero) -> None:
    made = xero.invoice()
    xero.pay(made, 1)
    said = user.refused(page_of(made), "set-status", "VOIDED")
    assert said.endswith("because it has payments or credit notes allocated to it.")


def test_what_stands_in_a_locked_period_is_not_changed_until_the_dates_are_cleared(user: PageUser, xero: Xero) -> None:
    made = xero.invoice()
    payment = xero.pay(made, 1)["PaymentID"]
    user.do(f"{ORG}/lock-dates", "set-locks", period="2026-11-30")
    assert user.refused(page_of(made), "edit-document", reference="x") == LOCKED
    assert user.refused(page_of(made), "delete-payment", payment) == LOCKED
    said = user.refused(page_of(made), "record-payment", date="2026-11-30")
    assert said == "The document date cannot be before the period lock date, currently set at 2026-11-30"
    assert user.refused(f"{ORG}/lock-dates", "set-locks", year="x") == "Year: x is not a date such as 2026-05-04."
    assert xero.get("/Organisation")["Organisations"][0]["PeriodLockDate"]
    user.do(f"{ORG}/lock-dates", "clear-locks")
    user.do(page_of(made), "edit-document", reference="x")
    assert "PeriodLockDate" not in xero.get("/Organisation")["Organisations"][0]


def test_a_form_of_another_site_is_refused(user: PageUser, xero: Xero) -> None:
    made = xero.invoice()
    values = {**user.form(page_of(made), "edit-document").values, "reference": "x"}
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://localhost:8000"}):
        for path in (page_of(made), "/identity/connect/authorize", "/control/reset"):
            answer = requests.post(user.url + path, data=values, headers=headers)
            assert (answer.status_code, "another site" in answer.text) == (403, True)
    assert xero.read(made) == made


def test_the_api_is_called_from_anywhere(xero: Xero) -> None:
    assert xero.call("GET", "/Organisation", Origin="http://elsewhere.example").status_code == 200
