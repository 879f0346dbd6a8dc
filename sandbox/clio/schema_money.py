"""The fields of allocations, credit memos and interest charges."""

from typing import Any

from sandbox.clio.schema_billing import BALANCE, BILL, matters_of
from sandbox.clio.schema_firm import BANK_ACCOUNT, USER
from sandbox.clio.schema_people import CONTACT, MATTER
from sandbox.clio.shape import (
    Plain,
    Resource,
    day,
    fixed,
    moment,
    money,
    one,
    plain,
    row_fields,
    several,
)
from sandbox.firm.billing import InterestCharge
from sandbox.firm.store import Store

ALLOCATION = Resource("allocation")
CREDIT_MEMO = Resource("credit_memo")
INTEREST_CHARGE = Resource("interest_charge")
PARENT = Resource("polymorphic_object")

PARENT.fields = {
    "id": plain("parent_id"),
    "type": plain("parent_type"),
    "identifier": plain("identifier"),
    "secondary_identifier": fixed(None),
    "tertiary_identifier": fixed(None),
}


def _bank_account(name: str) -> Any:
    return lambda store, row: store.bank_accounts.find(getattr(row, name))


ALLOCATION.fields = {
    **row_fields("allocation"),
    "date": day("date"),
    "amount": money("amount"),
    "interest": plain("interest"),
    "description": plain("description"),
    "voided_at": moment("voided_at"),
    "has_online_payment": plain("online"),
    "payment_type": Plain(lambda _store, row: "card" if row.online else None),
    "destroyable": Plain(lambda _store, row: not row.online),
    "bill": one(BILL, lambda store, row: store.bills.find(row.bill_id)),
    "contact": one(CONTACT, lambda store, row: store.contacts.find(row.contact_id)),
    "matter": one(MATTER, lambda store, row: store.matters.find(row.matter_id)),
    "parent": one(PARENT, lambda _store, row: row),
    "source_bank_account": one(BANK_ACCOUNT, _bank_account("source_bank_account_id")),
    "destination_bank_account": one(BANK_ACCOUNT, _bank_account("destination_bank_account_id")),
}

CREDIT_MEMO.fields = {
    **row_fields("credit_memo"),
    "date": day("date"),
    "amount": money("amount"),
    "description": plain("description"),
    "discount": plain("discount"),
    "voided_at": moment("voided_at"),
    "contact": one(CONTACT, lambda store, row: store.contacts.find(row.contact_id)),
    "user": one(USER, lambda store, row: store.users.find(row.user_id)),
    "allocations": several(ALLOCATION, lambda store, row: store.allocations_from("CreditMemo", row.id)),
}


def _charge_matters(store: Store, charge: InterestCharge) -> list[Any]:
    bill = store.bills.find(charge.bill_id)
    return matters_of(store, bill) if bill else []


INTEREST_CHARGE.fields = {
    **row_fields("interest_charge"),
    "date": day("date"),
    "description": plain("description"),
    "total": money("total"),
    "bill": one(BILL, lambda store, row: store.bills.find(row.bill_id)),
    "balances": several(BALANCE),
    "matters": several(MATTER, _charge_matters),
}
