"""What README walks a newcomer through: what is done on the stand-in Clio's pages arrives in the stand-in Xero's."""

from typing import Any

from tests.support.page_user import PageUser
from tests.support.practice import Practice, practice

__all__ = ["practice"]
ORG = "/app/!hl9Q1"


def test_what_is_done_in_clio_by_hand_is_seen_in_xero_after_a_sync(practice: Practice) -> None:
    clio, xero = PageUser(practice.clio_url), PageUser(practice.xero_url)
    assert practice.sync()["state"] == "clean"
    bills = [
        practice.clio.act("add_bill", number=f"Z-{number}", tax_rate=13, lines=[{"price": 100, "quantity": 1}])
        for number in range(3)
    ]
    pages = [f"/stand-in/bills/{bill['id']}" for bill in bills]
    _later(practice)

    clio.do(pages[0], "edit-bill", purchase_order="PO-42")
    clio.do(pages[0], "add-line", description="Phone call with the surveyor", price="120")
    client = f"/stand-in/contacts/{bills[0]['client']['id']}"
    renamed = {"name": "Demo Holdings"} if clio.form(client, "rename-contact").values.get("name") else {}
    clio.do(client, "rename-contact", **(renamed or {"last_name": "Demo"}))
    _later(practice)
    invoice = f"/app/invoice/{practice.link(bills[0]['id']).xero_id}"
    shown = xero.shown(invoice)
    assert "PO-42" in shown
    assert "Phone call with the surveyor" in shown
    assert "Demo" in xero.shown(f"{ORG}/contacts?q=demo")

    fees = practice.xero.books().account_by_code("201")
    assert fees is not None
    xero.do(f"{ORG}/accounts", "archive-account", fees.id)
    for page in pages:
        clio.do(page, "add-line", description="Phone call")
    failing = _later(practice)
    assert failing["state"] == "errors"
    assert len({error["code"] for error in failing["open_errors"]}) == 1
    xero.do(f"{ORG}/accounts", "restore-account", fees.id)
    assert _later(practice)["state"] == "clean"
    _pay_and_edit(practice, clio, xero, bills[0]["id"])
    assert practice.compare()["differences"] == []


def _pay_and_edit(practice: Practice, clio: PageUser, xero: PageUser, bill_id: int) -> None:
    page = f"/stand-in/bills/{bill_id}"
    clio.do(page, "record-payment", amount="50.00")
    assert _later(practice)["state"] == "clean"
    assert [float(row["Amount"]) for row in practice.payments(bill_id)] == [50.0]

    clio.do(page, "add-line", description="Copies", price="10")
    assert _later(practice)["counts"]["invoice"]["updated"] == 1
    (payment,) = practice.payments(bill_id)
    assert float(payment["Amount"]) == 50.0

    for _ in range(3):
        assert _after_its_payment_is_deleted(practice, xero, bill_id)["state"] == "clean"
    failing = _after_its_payment_is_deleted(practice, xero, bill_id)
    assert [error["code"] for error in failing["open_errors"]] == ["payment_deleted_again"]
    assert practice.payments(bill_id) == []
    clio.do(page, "delete-payment", practice.allocations(bill_id)[0])
    assert _later(practice)["state"] == "clean"


def _after_its_payment_is_deleted(practice: Practice, xero: PageUser, bill_id: int) -> dict[str, Any]:
    (payment,) = practice.payments(bill_id)
    xero.do(f"/app/invoice/{practice.link(bill_id).xero_id}", "delete-payment", payment["PaymentID"])
    practice.press_sync_now()
    return _later(practice)


def _later(practice: Practice) -> dict[str, Any]:
    practice.clock.advance(60)
    return practice.sync()
