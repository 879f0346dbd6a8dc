"""The stand-ins' pages in a real browser: links with a #, the keyboard, narrow screens."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.support.clio_stand_in import Clio
from tests.support.xero_stand_in import Xero, line

pytestmark = pytest.mark.browser
ORG = "/app/!hl9Q1"


@pytest.fixture
def clio() -> Iterator[Clio]:
    with Clio(bills=30) as stand_in:
        yield stand_in


@pytest.fixture
def xero() -> Iterator[Xero]:
    with Xero() as stand_in:
        yield stand_in


def test_links_that_name_a_bill_or_contact_after_the_hash_lead_to_its_page(browser_page: Page, clio: Clio) -> None:
    browser_page.goto(f"{clio.url}/nc/#/bills/9001")
    expect(browser_page.get_by_role("heading", level=1)).to_have_text("Bill 1001")
    browser_page.goto(f"{clio.url}/nc/#/contacts/501")
    expect(browser_page).to_have_url(f"{clio.url}/stand-in/contacts/501")


def test_a_bill_is_changed_by_keyboard_alone(browser_page: Page, clio: Clio) -> None:
    made = clio.act("add_bill", number="Z-1", lines=[{"price": 100, "quantity": 1}])
    browser_page.goto(f"{clio.url}/stand-in/bills/{made['id']}")
    browser_page.get_by_text("Edit this bill").focus()
    for keys in ("Enter", "Tab", "Control+A", "Z", "-", "2", "Enter"):
        browser_page.keyboard.press(keys)
    expect(browser_page.get_by_role("status")).to_have_text("The bill is saved.")
    assert clio.data(f"bills/{made['id']}", fields="number") == {"number": "Z-2"}


def test_a_payment_in_clio_and_one_in_xero_are_recorded(browser_page: Page, clio: Clio, xero: Xero) -> None:
    bill = clio.act("add_bill", number="Z-1", lines=[{"price": 100, "quantity": 1}])
    browser_page.goto(f"{clio.url}/stand-in/bills/{bill['id']}")
    browser_page.get_by_text("Record a payment").click()
    browser_page.get_by_label("From the trust account").check()
    browser_page.get_by_role("button", name="Record it").click()
    expect(browser_page.get_by_role("status")).to_have_text("The payment is recorded.")
    assert clio.data(f"bills/{bill['id']}", fields="state") == {"state": "paid"}
    made = xero.invoice()
    browser_page.goto(f"{xero.url}/app/invoice/{made['InvoiceID']}")
    browser_page.get_by_text("Record a payment").click()
    browser_page.get_by_label("Reference").last.fill("cheque 7")
    browser_page.get_by_role("button", name="Record it").click()
    expect(browser_page.get_by_role("cell", name="cheque 7", exact=True)).to_be_visible()
    assert xero.read(made)["Status"] == "PAID"


@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_scrolls_sideways_and_every_field_has_a_label(
    browser_page: Page, clio: Clio, xero: Xero, width: int
) -> None:
    long = "Unbrokenword" * 12
    contact = clio.act("add_contact", type="Company", name=f"Harbour {long}")["id"]
    bill = clio.act("add_bill", client_id=contact, number="Z-1", subject=long, lines=[{"note": long}])
    clio.act("record_payment", bill_id=bill["id"], amount=1, reference=long)
    clio.act("write_off", bill_id=bill["id"], amount=1, description=long)
    made = xero.invoice(Contact={"Name": f"Abe {long}"}, Reference=long, LineItems=[line(Description=long)])
    note = xero.credit(made["Contact"]["ContactID"], 50)
    xero.allocate(note, made, 5)
    xero.pay(made, 5, Reference=long)
    xero_sections = ("invoices", "credit-notes", "contacts", "accounts", "tax-rates", "lock-dates", "connections")
    pages = [
        *(clio.url + path for path in ("/", f"/stand-in/bills/{bill['id']}", f"/stand-in/contacts/{contact}")),
        *(f"{clio.url}/stand-in/{path}" for path in ("bills/new", "contacts", "contacts/new", "costs", "login")),
        *(
            f"{xero.url}/app/{path}/{row}"
            for path, row in (("invoice", made["InvoiceID"]), ("creditnote", note["CreditNoteID"]))
        ),
        f"{xero.url}/app/contact/{made['Contact']['ContactID']}",
        *(f"{xero.url}{ORG}/{section}" for section in (*xero_sections, "bank-transactions", "invoices/new")),
        xero.url,
    ]
    browser_page.set_viewport_size({"width": width, "height": 900})
    for address in pages:
        browser_page.goto(address)
        browser_page.evaluate("document.querySelectorAll('details').forEach(found => found.open = true)")
        wide = browser_page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, address
        unnamed = browser_page.evaluate(
            "[...document.querySelectorAll('input:not([type=hidden]), select, textarea')]"
            ".filter(field => !field.labels.length).map(field => field.name)"
        )
        assert unnamed == [], address
