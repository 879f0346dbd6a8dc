"""The control actions of the stand-in Clio: what people do with bills and money, and what the API then says."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from sandbox.clock import Clock
from sandbox.control import ControlError
from tests.support.clio_stand_in import Clio

NOW = datetime(2026, 5, 20, 13, 30, tzinfo=UTC)
LATER = "2026-05-20T10:30:00-04:00"
MONEY = "total,due,paid,credits_issued,balance,state"


@pytest.fixture
def clio() -> Iterator[Clio]:
    with Clio(clock=Clock(lambda: NOW), bills=5) as stand_in:
        yield stand_in


@pytest.fixture
def bill(clio: Clio) -> dict[str, Any]:
    """1,000.00 and 130.00 of tax: two lines, one hour later."""
    made = clio.act(
        "add_bill",
        tax_rate=13,
        lines=[{"price": 250, "quantity": 3}, {"price": "250.00", "quantity": 1, "kind": "Expense"}],
    )
    clio.server.clock.advance(3600)
    return made


def read(clio: Clio, bill: dict[str, Any], fields: str) -> Any:
    return clio.data(f"bills/{bill['id']}", fields=fields)


def test_a_new_bill_awaits_payment_and_adds_up(clio: Clio, bill: dict[str, Any]) -> None:
    assert read(clio, bill, "sub_total,services_sub_total,total_tax," + MONEY) == {
        "sub_total": 1000.0,
        "services_sub_total": 750.0,
        "total_tax": 130.0,
        "total": 1130.0,
        "due": 1130.0,
        "paid": 0.0,
        "credits_issued": 0.0,
        "balance": 1130.0,
        "state": "awaiting_payment",
    }


def test_an_edit_changes_fields_figures_and_updated_at(clio: Clio, bill: dict[str, Any]) -> None:
    tag = read(clio, bill, "etag")["etag"]
    clio.act("edit_bill", bill_id=bill["id"], number="X-1", discount={"type": "percentage", "rate": 10})
    shown = read(clio, bill, "number,total_tax,total,due,updated_at,discount{type,rate},etag")
    assert shown.pop("etag") != tag
    assert shown == {
        "number": "X-1",
        "total_tax": 117.0,
        "total": 1117.0,
        "due": 1017.0,
        "updated_at": LATER,
        "discount": {"type": "percentage", "rate": 10.0},
    }


def test_a_changed_line_moves_its_own_updated_at_and_the_bills(clio: Clio, bill: dict[str, Any]) -> None:
    first, second = bill["line_items"]
    clio.act("edit_bill", bill_id=bill["id"], lines={"change": [{"id": first["id"], "price": "200"}]})
    lines = clio.data("line_items", bill_id=bill["id"], fields="id,sub_total,updated_at")
    assert lines == [
        {"id": first["id"], "sub_total": 600.0, "updated_at": LATER},
        {"id": second["id"], "sub_total": 250.0, "updated_at": second["updated_at"]},
    ]
    assert read(clio, bill, "due,updated_at") == {"due": 960.5, "updated_at": LATER}


def test_a_removed_line_announces_nothing_but_the_bill(clio: Clio, bill: dict[str, Any]) -> None:
    removed, kept = bill["line_items"]
    clio.act("edit_bill", bill_id=bill["id"], lines={"remove": [removed["id"]]})
    assert clio.data("line_items", updated_since="2026-05-20T14:00:00Z") == []
    assert [row["id"] for row in clio.data("line_items", bill_id=bill["id"])] == [kept["id"]]
    assert read(clio, bill, "due,updated_at") == {"due": 282.5, "updated_at": LATER}


def test_a_silent_edit_announces_nothing_at_all(clio: Clio, bill: dict[str, Any]) -> None:
    before = read(clio, bill, "etag,updated_at")
    clio.act("edit_bill", bill_id=bill["id"], memo="quiet", silent=True)
    assert read(clio, bill, "memo") == {"memo": "quiet"}
    assert read(clio, bill, "etag,updated_at") == before


def test_an_added_line_with_a_category_has_an_activity(clio: Clio, bill: dict[str, Any]) -> None:
    clio.act("edit_bill", bill_id=bill["id"], lines={"add": [{"expense_category_id": 15, "price": "12.34"}]})
    line = clio.data("line_items", bill_id=bill["id"], fields="type,kind,total,activity{type,expense_category}")[-1]
    assert line["activity"].pop("expense_category")["id"] == 15
    assert line == {
        "type": "ActivityLineItem",
        "kind": "Expense",
        "total": 12.34,
        "activity": {"type": "ExpenseEntry"},
    }


def test_a_payment_in_two_parts_closes_the_bill(clio: Clio, bill: dict[str, Any]) -> None:
    first = clio.act("record_payment", bill_id=bill["id"], amount="600.00", date="2026-05-19", reference="CHQ 1")
    assert read(clio, bill, MONEY).items() >= {"paid": 600.0, "balance": 530.0, "state": "awaiting_payment"}.items()
    clio.act("record_payment", bill_id=bill["id"], payment_id=first["parent"]["id"])
    shown = read(clio, bill, MONEY + ",paid_at")
    assert shown.items() >= {"paid": 1130.0, "balance": 0.0, "state": "paid", "paid_at": LATER}.items()
    fields = "amount,date,interest,has_online_payment,bill{id},parent{id,type,identifier}"
    rows = clio.data("allocations", bill_id=bill["id"], order="id(asc)", fields=fields)
    parent = {"id": first["parent"]["id"], "type": "Payment", "identifier": "CHQ 1"}
    assert rows[0] == {
        "amount": 600.0,
        "date": "2026-05-19",
        "interest": False,
        "has_online_payment": False,
        "bill": {"id": bill["id"]},
        "parent": parent,
    }
    assert (rows[1]["amount"], rows[1]["parent"]) == (530.0, parent)


def test_an_edited_payment_reopens_the_bill(clio: Clio, bill: dict[str, Any]) -> None:
    row = clio.act("record_payment", bill_id=bill["id"])
    clio.act("edit_payment", allocation_id=row["id"], amount="1129.99")
    assert read(clio, bill, MONEY).items() >= {"paid": 1129.99, "balance": 0.01, "state": "awaiting_payment"}.items()


def test_a_payment_moved_to_another_bill_counts_there(clio: Clio, bill: dict[str, Any]) -> None:
    other = clio.act("add_bill", lines=[{"price": 500, "quantity": 1}])
    row = clio.act("record_payment", bill_id=bill["id"], amount=100)
    clio.act("edit_payment", allocation_id=row["id"], bill_id=other["id"])
    assert read(clio, bill, "balance") == {"balance": 1130.0}
    assert read(clio, other, "balance") == {"balance": 400.0}


def test_a_deleted_payment_vanishes_and_only_the_bill_moves(clio: Clio, bill: dict[str, Any]) -> None:
    row = clio.act("record_payment", bill_id=bill["id"])
    clio.server.clock.advance(3600)
    clio.act("delete_payment", allocation_id=row["id"])
    assert clio.get(f"allocations/{row['id']}").status_code == 404
    assert clio.data("allocations", updated_since="2026-05-20T15:30:00Z") == []
    assert read(clio, bill, "state,updated_at") == {
        "state": "awaiting_payment",
        "updated_at": "2026-05-20T11:30:00-04:00",
    }


def test_whether_a_bill_moves_with_its_money_can_be_switched(clio: Clio, bill: dict[str, Any]) -> None:
    clio.control("POST", "limits", {"bill_moves_on_payment": False})
    clio.act("record_payment", bill_id=bill["id"])
    assert read(clio, bill, "state,updated_at") == {"state": "paid", "updated_at": bill["updated_at"]}


def test_a_payment_listed_twice_counts_once(clio: Clio, bill: dict[str, Any]) -> None:
    row = clio.act("record_payment", bill_id=bill["id"], amount=100)
    twin = clio.act("duplicate_payment", allocation_id=row["id"])
    listed = clio.data("allocations", bill_id=bill["id"], fields="id,amount")
    assert listed == [{"id": row["id"], "amount": 100.0}, {"id": twin["id"], "amount": 100.0}]
    assert read(clio, bill, "paid") == {"paid": 100.0}


def test_a_payment_from_trust_and_an_online_one_say_so(clio: Clio, bill: dict[str, Any]) -> None:
    clio.act("record_payment", bill_id=bill["id"], amount=1, from_trust=True)
    clio.act("record_payment", bill_id=bill["id"], amount=1, online=True)
    fields = "has_online_payment,payment_type,source_bank_account{type},destination_bank_account{type}"
    assert clio.data("allocations", bill_id=bill["id"], order="id(asc)", fields=fields) == [
        {
            "has_online_payment": False,
            "payment_type": None,
            "source_bank_account": {"type": "Trust"},
            "destination_bank_account": {"type": "Operating"},
        },
        {
            "has_online_payment": True,
            "payment_type": "card",
            "source_bank_account": None,
            "destination_bank_account": {"type": "Operating"},
        },
    ]


def test_a_write_off_is_a_credit_memo_with_an_allocation(clio: Clio, bill: dict[str, Any]) -> None:
    row = clio.act("write_off", bill_id=bill["id"], amount="130", description="Goodwill")
    assert read(clio, bill, MONEY).items() >= {"credits_issued": 130.0, "balance": 1000.0}.items()
    memo = clio.data(f"credit_memos/{row['parent']['id']}", fields="amount,description,voided_at,allocations")
    assert [found["id"] for found in memo.pop("allocations")] == [row["id"]]
    assert memo == {"amount": 130.0, "description": "Goodwill", "voided_at": None}
    shown = clio.data(f"allocations/{row['id']}", fields="amount,parent{type}")
    assert shown == {"amount": 130.0, "parent": {"type": "CreditMemo"}}


def test_a_credit_can_be_changed_voided_and_deleted(clio: Clio, bill: dict[str, Any]) -> None:
    memo = clio.act("write_off", bill_id=bill["id"], amount="130")["parent"]["id"]
    clio.act("edit_credit", memo_id=memo, amount="30.50")
    assert read(clio, bill, "credits_issued") == {"credits_issued": 30.5}
    assert clio.act("void_credit", memo_id=memo)["voided_at"] == LATER
    assert read(clio, bill, "credits_issued") == {"credits_issued": 0.0}
    clio.act("delete_credit", memo_id=memo)
    assert clio.get(f"credit_memos/{memo}").status_code == 404
    assert clio.data("allocations", bill_id=bill["id"], status="invalid") == []


def test_states_of_a_bill_can_be_set(clio: Clio, bill: dict[str, Any]) -> None:
    for action, state in (("void_bill", "void"), ("delete_bill", "deleted"), ("approve_bill", "awaiting_payment")):
        assert clio.act(action, bill_id=bill["id"])["state"] == state
    assert clio.act("set_bill_state", bill_id=bill["id"], state="draft")["can_update"] is True


def test_a_bill_that_is_gone_takes_its_lines_and_money_with_it(clio: Clio, bill: dict[str, Any]) -> None:
    clio.act("record_payment", bill_id=bill["id"], amount=1)
    clio.act("delete_bill", bill_id=bill["id"], gone=True)
    assert clio.get(f"bills/{bill['id']}").status_code == 404
    assert clio.data("line_items", bill_id=bill["id"]) == clio.data("allocations", bill_id=bill["id"]) == []


def test_interest_on_a_bill_is_in_its_total_and_has_a_charge(clio: Clio, bill: dict[str, Any]) -> None:
    clio.act("charge_interest", bill_id=bill["id"], amount="11.30", date="2026-05-18")
    assert read(clio, bill, "total,due,interest{total,balance}") == {
        "total": 1141.3,
        "due": 1141.3,
        "interest": {"total": 11.3, "balance": 11.3},
    }
    charges = clio.data("interest_charges", bill_id=bill["id"], fields="date,total,bill{id}")
    assert charges == [{"date": "2026-05-18", "total": 11.3, "bill": {"id": bill["id"]}}]


@pytest.mark.parametrize(("on_original", "due"), [(True, 1141.3), (False, 1130.0)])
def test_an_interest_bill_has_an_original_bill_and_no_lines(
    clio: Clio, bill: dict[str, Any], on_original: bool, due: float
) -> None:
    own = clio.act("charge_interest", bill_id=bill["id"], amount="11.30", own_bill=True, on_original=on_original)
    assert read(clio, own, "sub_total,total,due,interest{total},original_bill{id}") == {
        "sub_total": 0.0,
        "total": 11.3,
        "due": 11.3,
        "interest": {"total": 11.3},
        "original_bill": {"id": bill["id"]},
    }
    assert clio.data("line_items", bill_id=own["id"]) == []
    assert read(clio, bill, "due") == {"due": due}


def test_a_broken_bill_does_not_add_up_until_it_is_mended(clio: Clio, bill: dict[str, Any]) -> None:
    clio.act("break_bill", bill_id=bill["id"], by="0.01")
    assert read(clio, bill, "sub_total,total_tax,due") == {"sub_total": 1000.0, "total_tax": 130.0, "due": 1130.01}
    clio.act("mend_bill", bill_id=bill["id"])
    assert read(clio, bill, "due") == {"due": 1130.0}


def test_an_activity_can_be_changed_and_vanishes_when_deleted(clio: Clio) -> None:
    cost = clio.act("add_activity")
    assert clio.act("edit_activity", activity_id=cost["id"], price="99.95", vendor_id=None)["total"] == 99.95
    assert clio.data(f"activities/{cost['id']}", fields="vendor") == {"vendor": None}
    clio.act("delete_activity", activity_id=cost["id"])
    assert clio.get(f"activities/{cost['id']}").status_code == 404


def test_a_category_takes_the_xero_code_that_it_is_given(clio: Clio) -> None:
    clio.act("set_category", category_id=62, kind="service", code="200")
    clio.act("set_category", category_id=15, kind="expense", code=None)
    assert clio.data("activity_descriptions/62", fields="xero_service_code") == {"xero_service_code": "200"}
    assert clio.data("expense_categories/15", fields="xero_expense_code") == {"xero_expense_code": None}


def test_the_account_can_become_another_firms(clio: Clio) -> None:
    clio.act("edit_account", id=4400, created_at="2018-01-01T00:00:00+00:00")
    assert clio.data("users/who_am_i", fields="account{id,created_at}") == {
        "account": {"id": 4400, "created_at": "2017-12-31T19:00:00-05:00"}
    }


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"action": "dance"}, "'dance' is not one of"),
        ({"action": "void_bill", "bill_id": 1}, "There is no record 1 in bills"),
        ({"action": "edit_bill", "bill_id": 9001, "colour": "red"}, "colour is not one of"),
        ({"action": "record_payment", "bill_id": 9001, "amount": "1.005"}, "more than 2 decimal places"),
    ],
)
def test_an_action_that_cannot_be_is_refused_in_words(clio: Clio, body: dict[str, Any], said: str) -> None:
    answer = clio.control("POST", "actions", body)
    assert answer.status_code == 400
    assert said in answer.json()["error"]


def test_actions_can_be_called_in_process(clio: Clio) -> None:
    made = clio.server.act("add_bill", number="In-process")
    assert clio.server.data.bills.get(made["id"]).number == "In-process"
    with pytest.raises(ControlError, match="no record 7"):
        clio.server.act("void_bill", bill_id=7)
