"""The official Python SDK, an independent and strict client, drives the stand-in Xero."""

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from xero_python.accounting import (
    Account,
    Accounts,
    AccountType,
    Address,
    Allocation,
    Allocations,
    BankTransaction,
    BankTransactions,
    Contact,
    Contacts,
    CreditNote,
    CreditNotes,
    HistoryRecord,
    HistoryRecords,
    Invoice,
    Invoices,
    LineItem,
    Payment,
    PaymentDelete,
    Payments,
    Phone,
)
from xero_python.exceptions import (
    AccountingBadRequestException,
    HTTPStatusException,
    NotFoundException,
    RateLimitException,
)

from sandbox.faults import Fault
from tests.integration.sandbox_xero.sdk import Sdk, sdk_for
from tests.support.xero_stand_in import Xero


@pytest.fixture
def sdk(xero: Xero) -> Iterator[Sdk]:
    """The SDK connected to both organisations."""
    with sdk_for(xero, xero.server.tenants) as made:
        yield made


def a_line(**fields: Any) -> LineItem:
    """1.5 × 200.00 on Legal Fees, untaxed."""
    given = {
        "description": "Drafting",
        "quantity": 1.5,
        "unit_amount": 200.0,
        "account_code": "201",
        "tax_type": "NONE",
    }
    return LineItem(**{**given, **fields})


def an_invoice(contact_id: str, **fields: Any) -> Invoice:
    """An approved invoice of 300.00."""
    given = {
        "type": "ACCREC",
        "contact": Contact(contact_id=contact_id),
        "status": "AUTHORISED",
        "date": date(2026, 11, 2),
        "due_date": date(2026, 12, 2),
        "line_items": [a_line()],
    }
    return Invoice(**{**given, **fields})


def made_contact(sdk: Sdk, name: str = "Harrow Estate", **fields: Any) -> str:
    """A new contact's id."""
    body = Contacts(contacts=[Contact(name=name, **fields)])
    return str(sdk.accounting.create_contacts(sdk.tenant, body).contacts[0].contact_id)


def made_invoice(sdk: Sdk, **fields: Any) -> Any:
    """A new invoice."""
    contact = fields.pop("contact_id", None) or made_contact(sdk)
    body = Invoices(invoices=[an_invoice(contact, **fields)])
    return sdk.accounting.create_invoices(sdk.tenant, body, unitdp=4).invoices[0]


def test_it_lists_connections_and_removes_one(sdk: Sdk, xero: Xero) -> None:
    rows = sdk.identity.get_connections()
    assert [row.tenant_name for row in rows] == [
        "Harrow & Lindqvist Law (stand-in)",
        "Quiet Harbour Trust (stand-in)",
    ]
    assert [str(row.tenant_id) for row in rows] == xero.server.tenants
    assert isinstance(rows[0].created_date_utc, datetime)
    sdk.identity.delete_connection(rows[1].id)
    assert len(sdk.identity.get_connections()) == 1
    with pytest.raises(HTTPStatusException) as refused:
        sdk.accounting.get_organisations(xero.server.tenants[1])
    assert refused.value.status == 403


def test_it_refreshes_its_tokens_by_itself_before_they_expire(sdk: Sdk) -> None:
    before = sdk.box["refresh_token"]
    sdk.box["expires_at"] = time.time() + 30
    assert sdk.accounting.get_organisations(sdk.tenant).organisations[0].base_currency.value == "CAD"
    assert sdk.box["refresh_token"] != before


def test_it_learns_that_a_refresh_token_is_no_longer_valid(sdk: Sdk, xero: Xero) -> None:
    xero.act("expire_refresh_tokens")
    with pytest.raises(HTTPStatusException) as refused:
        sdk.client.refresh_oauth2_token()
    assert (refused.value.status, refused.value.body) == (400, b'{"error":"invalid_grant"}')


def test_it_reads_the_organisation_its_actions_chart_rates_currencies_and_tracking(sdk: Sdk) -> None:
    api, tenant = sdk.accounting, sdk.tenant
    organisation = api.get_organisations(tenant).organisations[0]
    assert (organisation.name, organisation.country_code.value) == ("Harrow & Lindqvist Law (stand-in)", "CA")
    assert organisation.timezone.value == "EASTERNSTANDARDTIME"
    assert {action.status for action in api.get_organisation_actions(tenant).actions} == {"ALLOWED"}
    chart = {account.code: account for account in api.get_accounts(tenant).accounts}
    assert (chart["090"].type.value, chart["090"].currency_code.value) == ("BANK", "CAD")
    assert (chart["610"].system_account, chart["299"].status) == ("DEBTORS", "ARCHIVED")
    rates = {rate.tax_type: rate.effective_rate for rate in api.get_tax_rates(tenant).tax_rates}
    assert (rates["TAX001"], rates["NONE"]) == (Decimal(13), Decimal(0))
    assert [currency.code.value for currency in api.get_currencies(tenant).currencies] == ["CAD", "USD"]
    named = {category.name: category for category in api.get_tracking_categories(tenant).tracking_categories}
    assert [option.name for option in named["Office"].options] == ["Toronto", "Ottawa"]


def test_it_adds_and_archives_an_account(sdk: Sdk) -> None:
    new = Account(code="202", name="Mediation", type=AccountType.REVENUE)
    made = sdk.accounting.create_account(sdk.tenant, new).accounts[0]
    alone = Accounts(accounts=[Account(status="ARCHIVED")])
    assert sdk.accounting.update_account(sdk.tenant, made.account_id, alone).accounts[0].status == "ARCHIVED"
    assert sdk.accounting.get_account(sdk.tenant, made.account_id).accounts[0].name == "Mediation"


def test_it_makes_changes_searches_and_pages_contacts(sdk: Sdk) -> None:
    api, tenant = sdk.accounting, sdk.tenant
    held = made_contact(
        sdk,
        contact_number="CLIO-501",
        email_address="abe@abe.example",
        phones=[Phone(phone_type="MOBILE", phone_number="555 0101")],
        addresses=[Address(address_type="POBOX", city="Toronto")],
    )
    for name in ("Bea", "Cy"):
        made_contact(sdk, name)
    changed = Contacts(contacts=[Contact(contact_id=held, first_name="Ada")])
    assert api.update_or_create_contacts(tenant, changed).contacts[0].first_name == "Ada"
    found = api.get_contacts(tenant, where='Name=="harrow estate"').contacts
    assert [contact.contact_id for contact in found] == [held]
    assert len(api.get_contacts(tenant, search_term="clio-501").contacts) == 1
    assert len(api.get_contacts(tenant, i_ds=[held]).contacts) == 1
    second = api.get_contacts(tenant, page=2, page_size=2)
    assert (len(second.contacts), second.pagination.item_count) == (1, 3)
    whole = api.get_contact(tenant, held).contacts[0]
    assert {phone.phone_type: phone.phone_number for phone in whole.phones}["MOBILE"] == "555 0101"
    assert api.get_contact_by_contact_number(tenant, "CLIO-501").contacts[0].contact_id == held


def test_it_makes_invoices_under_a_key_and_gets_the_same_ones_again(sdk: Sdk) -> None:
    body = Invoices(invoices=[an_invoice(made_contact(sdk), line_items=[a_line(quantity=100, unit_amount=0.1651)])])
    options = {"summarize_errors": False, "unitdp": 4, "idempotency_key": "k1"}
    first = sdk.accounting.create_invoices(sdk.tenant, body, **options).invoices[0]
    again = sdk.accounting.create_invoices(sdk.tenant, body, **options).invoices[0]
    assert (first.status_attribute_string, first.total, first.date) == ("OK", Decimal("16.51"), date(2026, 11, 2))
    assert first.line_items[0].unit_amount == Decimal("0.1651")
    assert again.invoice_id == first.invoice_id


def test_it_reads_changes_and_voids_an_invoice(sdk: Sdk) -> None:
    api, tenant = sdk.accounting, sdk.tenant
    made = made_invoice(sdk, reference="00012-Harrow", url="https://clio.example/9001")
    read = api.get_invoice(tenant, made.invoice_id, unitdp=4).invoices[0]
    assert (read.reference, read.url, read.line_amount_types.value) == (
        "00012-Harrow",
        "https://clio.example/9001",
        "Exclusive",
    )
    line = read.line_items[0]
    change = Invoices(invoices=[Invoice(line_items=[LineItem(line_item_id=line.line_item_id, unit_amount=100)])])
    changed = api.update_invoice(tenant, made.invoice_id, change, unitdp=4).invoices[0]
    assert (changed.total, changed.line_items[0].line_item_id) == (Decimal("150.0"), line.line_item_id)
    voided = api.update_invoice(tenant, made.invoice_id, Invoices(invoices=[Invoice(status="VOIDED")])).invoices[0]
    assert voided.status == "VOIDED"


def test_it_pages_through_changes_since(sdk: Sdk, xero: Xero) -> None:
    xero.server.clock.set(datetime(2026, 11, 10, 9, 0, tzinfo=UTC))
    held = made_contact(sdk)
    made_invoice(sdk, contact_id=held, invoice_number="old")
    xero.server.clock.advance(120)
    body = Invoices(invoices=[an_invoice(held, invoice_number=str(number)) for number in range(5)])
    sdk.accounting.create_invoices(sdk.tenant, body)
    since = datetime(2026, 11, 10, 9, 1, tzinfo=UTC)
    pages = [
        sdk.accounting.get_invoices(
            sdk.tenant, if_modified_since=since, page=page, page_size=3, statuses=["AUTHORISED"], unitdp=4
        )
        for page in (1, 2)
    ]
    found = sorted(row.invoice_number for page in pages for row in page.invoices)
    assert found == ["0", "1", "2", "3", "4"]
    assert pages[0].pagination.page_count == 2


def test_it_pays_and_deletes_the_payment(sdk: Sdk) -> None:
    api, tenant, made = sdk.accounting, sdk.tenant, made_invoice(sdk)
    body = Payments(
        payments=[
            Payment(
                invoice=Invoice(invoice_id=made.invoice_id),
                account=Account(code="090"),
                date=date(2026, 11, 5),
                amount=300,
                reference="CLIO-A8801",
            )
        ]
    )
    paid = api.create_payments(tenant, body, summarize_errors=False).payments[0]
    assert (paid.payment_type, paid.amount, paid.has_validation_errors) == ("ACCRECPAYMENT", Decimal(300), False)
    read = api.get_invoice(tenant, made.invoice_id).invoices[0]
    assert (read.status, read.fully_paid_on_date, read.payments[0].payment_id) == (
        "PAID",
        date(2026, 11, 5),
        paid.payment_id,
    )
    gone = api.delete_payment(tenant, paid.payment_id, PaymentDelete(status="DELETED")).payments[0]
    assert gone.status == "DELETED"
    assert api.get_payments(tenant, where='Reference=="CLIO-A8801"').payments[0].status == "DELETED"
    assert api.get_invoice(tenant, made.invoice_id).invoices[0].status == "AUTHORISED"


def test_it_credits_allocates_and_takes_the_allocation_off(sdk: Sdk) -> None:
    api, tenant, held = sdk.accounting, sdk.tenant, made_contact(sdk)
    made = made_invoice(sdk, contact_id=held)
    note = CreditNote(
        type="ACCRECCREDIT",
        contact=Contact(contact_id=held),
        status="AUTHORISED",
        date=date(2026, 11, 4),
        credit_note_number="CLIO-CN-8802",
        line_items=[a_line(quantity=1, unit_amount=50)],
    )
    created = api.create_credit_notes(tenant, CreditNotes(credit_notes=[note]), unitdp=4).credit_notes[0]
    allocation = Allocation(invoice=Invoice(invoice_id=made.invoice_id), amount=50, date=date(2026, 11, 4))
    body = Allocations(allocations=[allocation])
    put = api.create_credit_note_allocation(tenant, created.credit_note_id, body).allocations[0]
    assert (put.amount, put.invoice.invoice_id) == (Decimal(50), made.invoice_id)
    used = api.get_credit_note(tenant, created.credit_note_id).credit_notes[0]
    assert (used.status, used.remaining_credit, used.allocations[0].amount) == ("PAID", Decimal(0), Decimal(50))
    assert api.get_invoice(tenant, made.invoice_id).invoices[0].credit_notes[0].applied_amount == Decimal(50)
    gone = api.delete_credit_note_allocations(tenant, created.credit_note_id, put.allocation_id)
    assert gone.is_deleted is True
    assert api.get_credit_note(tenant, created.credit_note_id).credit_notes[0].status == "AUTHORISED"


def test_it_spends_money_and_deletes_the_transaction(sdk: Sdk) -> None:
    api, tenant = sdk.accounting, sdk.tenant
    spend = BankTransaction(
        type="SPEND",
        contact=Contact(name="Registrar"),
        bank_account=Account(code="090"),
        date=date(2026, 11, 3),
        reference="CLIO-H4402",
        line_items=[a_line(quantity=1, unit_amount=42, account_code="426")],
    )
    made = api.create_bank_transactions(tenant, BankTransactions(bank_transactions=[spend])).bank_transactions[0]
    assert (made.total, made.line_amount_types.value, made.is_reconciled) == (Decimal(42), "Inclusive", False)
    read = api.get_bank_transactions(tenant, page=1, where='Reference=="CLIO-H4402"').bank_transactions[0]
    assert (read.bank_transaction_id, read.bank_account.code) == (made.bank_transaction_id, "090")
    ended = BankTransaction(
        bank_transaction_id=made.bank_transaction_id,
        type="SPEND",
        bank_account=Account(code="090"),
        line_items=[],
        status="DELETED",
    )
    body = BankTransactions(bank_transactions=[ended])
    gone = api.update_bank_transaction(tenant, made.bank_transaction_id, body).bank_transactions[0]
    assert gone.status == "DELETED"


def test_it_adds_a_note_to_the_history(sdk: Sdk) -> None:
    made = made_invoice(sdk)
    body = HistoryRecords(history_records=[HistoryRecord(details="Sent by ClioXero")])
    note = sdk.accounting.create_invoice_history(sdk.tenant, made.invoice_id, body).history_records[0]
    assert note.details == "Sent by ClioXero"
    notes = sdk.accounting.get_invoice_history(sdk.tenant, made.invoice_id).history_records
    assert [row.changes for row in notes] == ["Note", "Created"]


def test_it_reads_both_shapes_of_refusals(sdk: Sdk) -> None:
    body = Invoices(invoices=[an_invoice(made_contact(sdk), due_date=None)])
    with pytest.raises(AccountingBadRequestException) as refused:
        sdk.accounting.create_invoices(sdk.tenant, body)
    data = refused.value.error_data
    assert data["Elements"][0]["ValidationErrors"] == [{"Message": "The document DueDate field must be specified."}]
    answer = sdk.accounting.create_invoices(sdk.tenant, body, summarize_errors=False).invoices[0]
    assert (answer.status_attribute_string, answer.has_errors) == ("ERROR", True)
    assert answer.validation_errors[0].message == "The document DueDate field must be specified."
    assert answer.date == date(2026, 11, 2)


def test_it_reads_a_404_and_a_429(sdk: Sdk, xero: Xero) -> None:
    with pytest.raises(NotFoundException):
        sdk.accounting.get_invoice(sdk.tenant, "5d1c3f0e-5d0a-4b44-9a2e-2a3b1c8a9d11")
    xero.server.faults.add(Fault("rate_limit", seconds=26))
    with pytest.raises(RateLimitException) as limited:
        sdk.accounting.get_organisations(sdk.tenant)
    assert limited.value.headers["Retry-After"] == "26"


def test_it_revokes_and_loses_every_connection(sdk: Sdk, xero: Xero) -> None:
    sdk.client.revoke_oauth2_token()
    assert xero.server.calls.count("POST", "/connect/revocation") == 1
    assert xero.act("disconnect")["removed"] == 0
