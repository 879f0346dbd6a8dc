"""An invoice read back from the bytes that were sent."""

from datetime import UTC, date, datetime
from decimal import Decimal

from syncengine.domain.chart import Chart
from syncengine.domain.rules import TaxRate
from syncengine.pages.sent_invoice import element_of, tell_invoice
from syncengine.xero import invoices_call
from tests.unit.domain.makers import GST, account, bill, document, line

CHART = Chart(
    accounts={"acc-200": account("200", "Legal fees")},
    tax_rates={"NONE": TaxRate("NONE", "Exempt", "ACTIVE", Decimal())},
)
SENT_AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def body(*bills: int) -> bytes:
    documents = [
        document(bill(id=bill_id, number=f"10{bill_id}"), [line(), line(31002, type="NoChargeLineItem")])
        for bill_id in bills
    ]
    return invoices_call(documents, operation="create").body


def test_the_bills_ownelement_of_is_found_among_those_of_its_call() -> None:
    element = element_of(body(9001, 9002, 90010), 9001)
    assert element is not None
    assert element["InvoiceNumber"] == "109001"
    assert element_of(body(9001), 900) is None


def test_lines_have_accounts_and_tax_rates_by_name_and_their_amounts() -> None:
    element = element_of(body(9001), 9001)
    assert element is not None
    sent = tell_invoice(element, SENT_AT, CHART)
    charged, free = sent.lines
    assert (charged.account, charged.tax_rate, charged.amount) == ("200 – Legal fees", "Exempt", Decimal("1000.00"))
    assert (free.amount, free.account) == (None, "")
    assert (sent.dated, sent.due, sent.sub_total) == (date(2026, 5, 4), date(2026, 6, 3), Decimal("1000.00"))


def test_an_account_that_is_gone_from_the_chart_is_shown_by_its_code() -> None:
    element = element_of(body(9001), 9001)
    assert element is not None
    assert tell_invoice(element, SENT_AT, Chart()).lines[0].account == "200"
    assert GST not in str(element)


def test_bytes_that_are_dropped_or_hold_no_invoice_tell_nothing() -> None:
    assert element_of(None, 9001) is None
    assert element_of(b"{}", 9001) is None
    assert element_of(b"not json", 9001) is None
    assert element_of(b'{"Invoices": [{"Url": "x/9001", "Status": "VOIDED"}]}', 9001) is None
