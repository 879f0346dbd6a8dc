"""When the demo calls the edit of a paid bill done."""

from decimal import Decimal
from typing import Any

import pytest
import responses

from sandbox.demo_edit import Edit, edit_a_paid_bill, edit_arrived

CLIO, XERO = "http://localhost:8100", "http://localhost:8101"
EDIT = Edit("i1", "1042", Decimal("500.00"), Decimal("600.00"), (Decimal("200.00"),))


def books(total: float = 600.0, *payments: float, status: str = "AUTHORISED") -> None:
    invoice = {"InvoiceID": "i1", "InvoiceNumber": "1042", "Type": "ACCREC", "Total": total, "Url": "x/bills/9001"}
    paid: list[dict[str, Any]] = [
        {"Invoice": {"InvoiceID": "i1"}, "Amount": amount, "Status": status, "Reference": "CLIO-A8801"}
        for amount in payments
    ]
    responses.get(f"{XERO}/control/state", json={"organisations": [{"tenant_id": "t1"}]})
    responses.get(f"{XERO}/control/state?tenant=t1", json={"invoices": [invoice], "payments": paid})


@responses.activate
def test_the_new_total_with_the_old_payments_is_clean() -> None:
    books(600.0, 200.0)

    assert edit_arrived(EDIT, XERO).clean


@responses.activate
@pytest.mark.parametrize(("total", "payments"), [(500.0, [200.0]), (600.0, []), (600.0, [200.0, 200.0])])
def test_an_old_total_or_a_lost_or_doubled_payment_is_not(total: float, payments: list[float]) -> None:
    books(total, *payments)

    assert not edit_arrived(EDIT, XERO).clean


@responses.activate
def test_the_bill_of_a_payment_that_stands_is_edited() -> None:
    books(500.0, 200.0)
    responses.post(f"{CLIO}/control/actions", json={"due": "600.00"})

    assert edit_a_paid_bill(CLIO, XERO) == EDIT


@responses.activate
def test_a_deleted_payment_is_no_payment() -> None:
    books(500.0, 200.0, status="DELETED")

    assert edit_a_paid_bill(CLIO, XERO) is None
    assert not edit_arrived(None, XERO).clean
