"""The pages of the stand-in Clio as a browser uses them: lists, a bill and its lines, what is refused."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from sandbox.clock import Clock
from tests.support.clio_stand_in import Clio
from tests.support.page_user import PageUser, form_of

NOW = datetime(2026, 5, 20, 13, 30, tzinfo=UTC)
EVIL = "<script>alert('x')</script>"
SAFE = "&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;"


@pytest.fixture
def clio() -> Iterator[Clio]:
    with Clio(clock=Clock(lambda: NOW), bills=60) as stand_in:
        yield stand_in


@pytest.fixture
def user(clio: Clio) -> PageUser:
    return PageUser(clio.url)


@pytest.fixture
def bill(clio: Clio) -> dict[str, Any]:
    """1,130.00: two lines and 13 % of tax."""
    return clio.act(
        "add_bill",
        number="Z-1",
        tax_rate=13,
        lines=[{"price": 250, "quantity": 3}, {"price": "250.00", "quantity": 1, "kind": "Expense"}],
    )


def page_of(bill: dict[str, Any]) -> str:
    return f"/stand-in/bills/{bill['id']}"


def read(clio: Clio, bill: dict[str, Any], fields: str) -> Any:
    return clio.data(f"bills/{bill['id']}", fields=fields)


# Lists


def test_bills_are_listed_newest_first_in_pages_that_say_how_many_there_are(user: PageUser) -> None:
    first, second = user.open("/"), user.open("/?page=2")
    assert "60 bills, page 1 of 2" in first
    assert ">1060</a>" in first
    assert ">1001</a>" not in first
    assert ">1001</a>" in second
    assert "page 2 of 2" in user.open("/?page=99")
    assert "page 1 of 2" in user.open("/?page=x")


def test_bills_are_searched_by_number_and_by_client_and_filtered_by_state(user: PageUser, clio: Clio) -> None:
    clio.act("add_bill", number="Z-9", state="draft", client_id=502)
    name = clio.data("contacts/502", fields="name")["name"]
    assert "1 of 61 bills" in user.open("/?q=z-9")
    assert ">Z-9</a>" in user.open(f"/?q={name}&state=draft")
    assert "0 of 61 bills" in user.open("/?q=z-9&state=paid")
    shown = user.open("/?state=trust")
    assert "Awaiting payment (trust request)" in shown
    assert "aria-current='true'>Trust requests" in shown


def test_every_page_says_that_it_is_not_clio_and_loads_nothing_from_elsewhere(user: PageUser) -> None:
    for path in ("/", "/stand-in/bills/9001", "/stand-in/contacts/501", "/stand-in/login", "/stand-in/costs", "/nc/"):
        answer = user.session.get(user.url + path)
        assert "Stand-in Clio — not Clio" in answer.text
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "http://" not in answer.text
        assert "https://" not in answer.text
    assert user.session.get(f"{user.url}/stand-in/style.css").headers["Content-Type"].startswith("text/css")


def test_deep_links_lead_on_by_a_script_of_the_stand_ins_own(user: PageUser) -> None:
    assert "<script src='/stand-in/follow.js' defer>" in user.open("/nc/")
    assert "/stand-in" in user.open("/stand-in/follow.js")


@pytest.mark.parametrize("path", ["/stand-in/bills/1", "/stand-in/bills/x", "/stand-in/contacts/1", "/nothing"])
def test_what_is_not_there_is_404(user: PageUser, path: str) -> None:
    answer = user.session.get(user.url + path)
    assert answer.status_code == 404
    assert "Stand-in Clio — not Clio" in answer.text


def test_names_and_texts_cannot_bring_html_into_any_page(user: PageUser, clio: Clio) -> None:
    contact = clio.act("add_contact", type="Company", name=EVIL)["id"]
    made = clio.act(
        "add_bill",
        client_id=contact,
        number=EVIL,
        subject=EVIL,
        memo=EVIL,
        lines=[{"description": EVIL, "note": EVIL}],
    )
    clio.act("record_payment", bill_id=made["id"], amount=1, reference=EVIL)
    clio.act("write_off", bill_id=made["id"], amount=1, description=EVIL)
    clio.act("add_activity", note=EVIL, vendor_id=contact)
    pages = ("/", page_of(made), "/stand-in/contacts", f"/stand-in/contacts/{contact}", "/stand-in/costs")
    for path in (*pages, "/stand-in/bills/new", f"/?q={EVIL}"):
        html = user.open(path)
        assert "<script>" not in html, path
        assert SAFE in html, path
    assert EVIL not in user.session.get(f"{user.url}/?done={EVIL}&state={EVIL}&page={EVIL}").text


# Writing


def test_a_bill_is_edited_and_only_what_was_changed_is_sent(user: PageUser, clio: Clio, bill: dict[str, Any]) -> None:
    there = user.do(
        page_of(bill),
        "edit-bill",
        number="Z-2",
        due_at="",
        purchase_order="PO 7",
        discount_type="percentage",
        discount_rate="10",
    )
    assert there == page_of(bill)
    assert read(clio, bill, "number,due_at,purchase_order,due,discount{type,rate},tax_rate,issued_at") == {
        "number": "Z-2",
        "due_at": None,
        "purchase_order": "PO 7",
        "due": 1017.0,
        "discount": {"type": "percentage", "rate": 10.0},
        "tax_rate": 13.0,
        "issued_at": "2026-05-20",
    }
    assert "Edit bill: purchase order PO 7, number Z-2" in user.shown(page_of(bill))


def test_a_form_that_was_opened_long_ago_does_not_undo_what_happened_since(
    user: PageUser, clio: Clio, bill: dict[str, Any]
) -> None:
    values = user.form(page_of(bill), "edit-bill").values
    clio.act("edit_bill", bill_id=bill["id"], number="Z-7")
    user.session.post(user.url + page_of(bill), data={**values, "subject": "Later"})
    assert read(clio, bill, "number,subject") == {"number": "Z-7", "subject": "Later"}


def test_another_client_brings_its_own_matter(user: PageUser, clio: Clio, bill: dict[str, Any]) -> None:
    user.do(page_of(bill), "edit-bill", client_id=503)
    shown = read(clio, bill, "client{id},matters{id}")
    assert shown["client"] == {"id": 503}
    matter = clio.data(f"matters/{shown['matters'][0]['id']}", fields="client{id}")
    assert matter == {"client": {"id": 503}}


def test_lines_are_added_changed_and_removed(user: PageUser, clio: Clio, bill: dict[str, Any]) -> None:
    first, second = bill["line_items"]
    user.do(page_of(bill), "change-line", first["id"], price="200", description="Advice", taxable=None)
    user.do(page_of(bill), "remove-line", second["id"])
    user.do(page_of(bill), "add-line", description="Filing", category="expense-15", price="12.34", quantity="2")
    lines = clio.data("line_items", bill_id=bill["id"], fields="description,kind,total,tax,activity{type}")
    assert lines == [
        {"description": "Advice", "kind": "Service", "total": 600.0, "tax": 0.0, "activity": None},
        {"description": "Filing", "kind": "Expense", "total": 24.68, "tax": 3.21, "activity": {"type": "ExpenseEntry"}},
    ]


def test_a_line_gets_another_category(user: PageUser, clio: Clio, bill: dict[str, Any]) -> None:
    line = bill["line_items"][0]["id"]
    user.do(page_of(bill), "change-line", line, category="service-61")
    user.do(page_of(bill), "change-line", line, category="expense-15")
    (shown, _) = clio.data("line_items", bill_id=bill["id"], fields="kind,type,activity{id}")
    assert (shown["kind"], shown["type"]) == ("Expense", "ActivityLineItem")
    activity = clio.data(
        f"activities/{shown['activity']['id']}", fields="activity_description{id},expense_category{id}"
    )
    assert activity == {"activity_description": None, "expense_category": {"id": 15}}
    assert user.form(page_of(bill), "change-line", line).values["category"] == "expense-15"


def test_a_bill_goes_back_to_draft_is_approved_and_voided(user: PageUser, clio: Clio, bill: dict[str, Any]) -> None:
    for state in ("draft", "awaiting_approval", "awaiting_payment", "void"):
        user.do(page_of(bill), "set-state", state)
        assert read(clio, bill, "state") == {"state": state}
    assert not user.has(page_of(bill), "edit-bill")
    draft = clio.act("add_bill", state="draft")
    user.do(page_of(draft), "set-state", "deleted")
    assert read(clio, draft, "state") == {"state": "deleted"}


def test_a_new_bill_is_made_with_a_line_and_shown(user: PageUser, clio: Clio) -> None:
    there = user.do("/stand-in/bills/new", "new-bill", client_id=501, quantity="2", price="100", category="service-61")
    made = there.rpartition("/")[2]
    assert clio.data(f"bills/{made}", fields="due,client{id},state") == {
        "due": 226.0,
        "client": {"id": 501},
        "state": "awaiting_payment",
    }


def test_a_bill_that_vanishes_leads_to_the_list(user: PageUser, clio: Clio, bill: dict[str, Any]) -> None:
    assert user.do(page_of(bill), "vanish-bill") == "/"
    assert clio.get(f"bills/{bill['id']}").status_code == 404


def test_oddities_can_be_tried(user: PageUser, clio: Clio, bill: dict[str, Any]) -> None:
    user.do(page_of(bill), "break-bill")
    assert read(clio, bill, "due") == {"due": 1131.0}
    user.do(page_of(bill), "mend-bill")
    assert read(clio, bill, "due") == {"due": 1130.0}
    user.do(page_of(bill), "touch-bill")


# Refusals


@pytest.mark.parametrize(
    ("form", "fields", "words"),
    [
        ("edit-bill", {"number": "1001"}, "Number 1001 has already been taken by another bill."),
        ("edit-bill", {"number": " "}, "Number: please fill this in."),
        ("edit-bill", {"issued_at": "May"}, "Issued at: May is not a date such as 2026-05-04."),
        ("edit-bill", {"tax_rate": "a lot"}, "Tax rate: a lot is not a number such as 1207.50."),
        ("edit-bill", {"discount_type": "money"}, "Discount rate: please fill this in."),
        ("add-line", {"price": ""}, "Price: please fill this in."),
        ("add-line", {"price": "1.005"}, "price: 1.005 has more than 2 decimal places"),
    ],
)
def test_a_field_that_cannot_be_is_refused_beside_its_form_and_nothing_is_lost(
    *, user: PageUser, clio: Clio, bill: dict[str, Any], form: str, fields: dict[str, str], words: str
) -> None:
    before = read(clio, bill, "etag")
    assert user.refused(page_of(bill), form, **fields) == words
    assert read(clio, bill, "etag") == before
    kept = user.send(page_of(bill), form, **fields)
    ((name, value),) = fields.items()
    assert (form_of(kept.text, form).values[name]) == value


def test_a_client_or_category_that_is_not_there_is_refused(user: PageUser, bill: dict[str, Any]) -> None:
    said = user.refused(page_of(bill), "edit-bill", client_id="4")
    assert said == "Client: there is no such contact. Take the number from the contact's page."
    for form, about in (("add-line", ""), ("change-line", bill["line_items"][0]["id"])):
        said = user.refused(page_of(bill), form, about, category="service-999")
        assert said == "There is no record 999 in activity_descriptions"


def test_a_bill_with_money_on_it_is_neither_voided_nor_taken_back(
    user: PageUser, clio: Clio, bill: dict[str, Any]
) -> None:
    clio.act("record_payment", bill_id=bill["id"], amount=1)
    for state in ("void", "draft"):
        said = user.refused(page_of(bill), "set-state", state)
        assert said == "This bill has payments or credits on it: take them off first."


def test_a_control_action_may_do_what_a_person_may_not(clio: Clio, bill: dict[str, Any]) -> None:
    clio.act("record_payment", bill_id=bill["id"], amount=1)
    refused = clio.control("POST", "actions", {"action": "void_bill", "bill_id": bill["id"], "as_person": True})
    assert (refused.status_code, "payments or credits" in refused.json()["error"]) == (400, True)
    assert clio.act("void_bill", bill_id=bill["id"])["state"] == "void"


def test_a_form_of_another_site_is_refused_and_one_of_a_program_is_not(user: PageUser, bill: dict[str, Any]) -> None:
    values = {**user.form(page_of(bill), "edit-bill").values, "subject": "X"}

    def send(path: str = page_of(bill), **headers: str) -> int:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return requests.post(user.url + path, data=values, headers=named, allow_redirects=False).status_code

    assert send(Sec_Fetch_Site="cross-site") == 403
    assert send(Sec_Fetch_Site="same-site", Origin="http://localhost:8000") == 403
    assert send(Origin="http://evil.example") == 403
    assert send("/control/reset", Origin="http://evil.example") == 403
    assert send("/oauth/authorize", Sec_Fetch_Site="cross-site") == 403
    assert send(Sec_Fetch_Site="same-origin", Origin=user.url) == 303
    assert send(Origin=user.url) == 303
    assert send() == 303


def test_a_form_that_the_page_does_not_have_is_404(user: PageUser, bill: dict[str, Any]) -> None:
    answer = requests.post(user.url + page_of(bill), data={"form": "sing"})
    assert (answer.status_code, "This page has no such form." in answer.text) == (404, True)


def test_pages_are_read_and_posted_to_and_their_addresses_are_exact(user: PageUser) -> None:
    assert requests.put(f"{user.url}/stand-in/contacts").status_code == 405
    assert requests.get(f"{user.url}//evil.example/stand-in/contacts").status_code == 404
    assert requests.get(f"{user.url}/stand-in/contacts/").status_code == 200
