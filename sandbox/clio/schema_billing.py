"""The fields of bills."""

from typing import Any, NamedTuple

from sandbox.clio.schema_firm import (
    BANK_ACCOUNT,
    CURRENCY,
    USER,
)
from sandbox.clio.schema_people import ADDRESS, CONTACT, MATTER
from sandbox.clio.shape import (
    Plain,
    Resource,
    day,
    fixed,
    moment,
    money,
    one,
    percentage,
    plain,
    row_fields,
    several,
)
from sandbox.firm.billing import Bill, Discount
from sandbox.firm.store import Store

BILL = Resource("bill")
DISCOUNT = Resource("discount")
INTEREST = Resource("interest")
BALANCE = Resource("balance")
MATTER_BALANCE = Resource("matter_balance")

TRANSITIONS = {
    "draft": ["awaiting_approval", "awaiting_payment", "deleted"],
    "awaiting_approval": ["awaiting_payment", "deleted"],
    "awaiting_payment": ["paid", "void"],
    "paid": [],
    "void": [],
    "deleted": [],
}


class Balance(NamedTuple):
    """A part of a bill, in cents."""

    id: int
    type: str
    amount: int
    due: int
    interest_amount: int


DISCOUNT.fields = {
    "type": plain("type"),
    "rate": Plain(lambda _store, row: row.rate / (1000 if row.type == "percentage" else 100)),
    "note": plain("note"),
    "early_payment_period": fixed(None),
    "early_payment_rate": fixed(None),
}
INTEREST.fields = {
    "total": money("interest"),
    "balance": Plain(lambda _store, bill: (bill.interest - bill.interest_paid) / 100),
    "rate": percentage("interest_rate"),
    "period": fixed(30),
    "type": fixed("simple"),
}
BALANCE.fields = {
    "id": plain("id"),
    "type": plain("type"),
    **{name: money(name) for name in ("amount", "due", "interest_amount")},
}
MATTER_BALANCE.fields = {"id": plain("id"), "amount": money("amount")}


def _units(name: str) -> Plain:
    """Clio types the taxable sub-totals as whole numbers."""
    return Plain(lambda _store, bill: getattr(bill, name) // 100)


def _discount_of(_store: Store, bill: Bill) -> Discount:
    return bill.discount or Discount(type="percentage", rate=0)


def _addresses(store: Store, bill: Bill) -> Any:
    client = store.contacts.find(bill.client_id)
    return [found for found in client.addresses if found.primary] if client else ()


def _balances(_store: Store, bill: Bill) -> list[Balance]:
    return [Balance(bill.client_id, "Client", bill.balance, bill.due, bill.interest)]


def matters_of(store: Store, bill: Bill) -> list[Any]:
    """The matters a bill is for."""
    return [found for found in map(store.matters.find, bill.matter_ids) if found]


def _matter_totals(store: Store, bill: Bill) -> list[Balance]:
    totals = dict.fromkeys(bill.matter_ids, 0)
    for line in store.lines_of(bill.id):
        if line.matter_id in totals and line.type != "SummaryLineItem":
            totals[line.matter_id] += line.total
    return [Balance(matter_id, "Matter", amount, amount, 0) for matter_id, amount in totals.items()]


BILL.fields = {
    **row_fields("bill"),
    **{name: plain(name) for name in ("number", "state", "kind", "subject", "memo", "purchase_order")},
    "type": Plain(lambda _store, bill: "ClientBill" if len(bill.matter_ids) > 1 else "MatterBill"),
    **{name: day(name) for name in ("issued_at", "due_at", "start_at", "end_at")},
    **{name: moment(name) for name in ("last_sent_at", "paid_at")},
    **{
        name: money(name)
        for name in (
            "sub_total",
            "services_sub_total",
            "services_tax",
            "services_secondary_tax",
            "tax_sum",
            "secondary_tax_sum",
            "total_tax",
            "total",
            "due",
            "paid",
            "pending",
            "balance",
            "credits_issued",
        )
    },
    **{
        name: _units(name)
        for name in (
            "taxable_sub_total",
            "secondary_taxable_sub_total",
            "services_taxable_sub_total",
            "services_secondary_taxable_sub_total",
        )
    },
    "tax_rate": percentage("tax_rate"),
    "secondary_tax_rate": percentage("secondary_tax_rate"),
    "discount_services_only": plain("discount_services_only"),
    "available_state_transitions": Plain(lambda _store, bill: TRANSITIONS[bill.state]),
    "can_update": Plain(lambda _store, bill: bill.state in {"draft", "awaiting_approval"}),
    "shared": fixed(value=False),
    "client": one(CONTACT, lambda store, bill: store.contacts.find(bill.client_id)),
    "matters": several(MATTER, matters_of),
    "user": one(USER, lambda store, bill: store.users.find(bill.user_id)),
    "currency": one(CURRENCY, lambda store, bill: store.currencies.find(bill.currency_id)),
    "discount": one(DISCOUNT, _discount_of),
    "interest": one(INTEREST, lambda _store, bill: bill),
    "balances": several(BALANCE, _balances),
    "matter_totals": several(MATTER_BALANCE, _matter_totals),
    "original_bill": one(BILL, lambda store, bill: store.bills.find(bill.original_bill_id)),
    "destination_account": one(BANK_ACCOUNT, lambda store, _bill: next((a for a in store.bank_accounts.all()), None)),
    "client_addresses": several(ADDRESS, _addresses),
    **{name: one(None) for name in ("bill_theme", "billing_setting", "group", "legal_aid_uk_bill", "split_invoice")},
}
