"""Every page of the stand-in Xero with its address and its forms."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from sandbox.web.site import Place, Site
from sandbox.xero.pages.bank import BANK_DEEDS, bank_page, payment_page
from sandbox.xero.pages.chart import ACCOUNT_DEEDS, CHART_DEEDS, account_page, chart
from sandbox.xero.pages.contact import CONTACT_DEEDS, contact_page
from sandbox.xero.pages.contact_list import NEW_CONTACT, contact_list, new_contact
from sandbox.xero.pages.credit_note import credit_note_page
from sandbox.xero.pages.document_deeds import CREDIT_NOTES, INVOICES, document_deeds
from sandbox.xero.pages.home import home
from sandbox.xero.pages.invoice import invoice_page
from sandbox.xero.pages.lists import bank_list, credit_note_list, invoice_list
from sandbox.xero.pages.money_deeds import ON_CREDIT_NOTES, ON_INVOICES
from sandbox.xero.pages.new_document import NEW_CREDIT_NOTE, NEW_INVOICE, new_credit_note, new_invoice
from sandbox.xero.pages.room import FRAME, HOME, Office, Room
from sandbox.xero.pages.settings import (
    CONNECTION_DEEDS,
    LOCK_DEEDS,
    RATE_DEEDS,
    connections,
    lock_dates,
    tax_rates,
)

_CREDIT_NOTE_DEEDS = {**document_deeds(CREDIT_NOTES), **ON_CREDIT_NOTES}
PLACES = (
    Place(HOME, home),
    Place("/app/invoice/<row_id>", invoice_page, {**document_deeds(INVOICES), **ON_INVOICES}),
    Place("/app/creditnote/<row_id>", credit_note_page, _CREDIT_NOTE_DEEDS),
    Place("/app/credit-note/<row_id>", credit_note_page, _CREDIT_NOTE_DEEDS),
    Place("/app/payment/<row_id>", payment_page),
    Place("/app/bank-transaction/<row_id>", bank_page, BANK_DEEDS),
    Place("/app/contact/<row_id>", contact_page, CONTACT_DEEDS),
    Place("/app/account/<row_id>", account_page, ACCOUNT_DEEDS),
    Place("/app/<code>/invoices", invoice_list),
    Place("/app/<code>/invoices/new", new_invoice, NEW_INVOICE),
    Place("/app/<code>/credit-notes", credit_note_list),
    Place("/app/<code>/credit-notes/new", new_credit_note, NEW_CREDIT_NOTE),
    Place("/app/<code>/bank-transactions", bank_list),
    Place("/app/<code>/contacts", contact_list),
    Place("/app/<code>/contacts/new", new_contact, NEW_CONTACT),
    Place("/app/<code>/accounts", chart, CHART_DEEDS),
    Place("/app/<code>/tax-rates", tax_rates, RATE_DEEDS),
    Place("/app/<code>/lock-dates", lock_dates, LOCK_DEEDS),
    Place("/app/<code>/connections", connections, CONNECTION_DEEDS),
)


def site(office: Office, guard: Callable[[], AbstractContextManager[Any]]) -> Site[Room]:
    """The pages over one server."""
    return Site(FRAME, Room(office), PLACES, guard)
