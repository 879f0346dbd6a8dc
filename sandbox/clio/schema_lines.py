"""The fields of line items and activities."""

from sandbox.clio.schema_billing import BILL, DISCOUNT
from sandbox.clio.schema_firm import (
    CURRENCY,
    EXPENSE_CATEGORY,
    LINE_TAX,
    SERVICE_CATEGORY,
    TAX_SETTING,
    USER,
    TaxSetting,
    firm_taxes,
)
from sandbox.clio.schema_people import CONTACT, MATTER
from sandbox.clio.shape import (
    Plain,
    Resource,
    day,
    fixed,
    money,
    one,
    plain,
    row_fields,
    several,
)
from sandbox.firm.billing import Activity, Line
from sandbox.firm.store import Store

LINE = Resource("line_item")
ACTIVITY = Resource("activity")
LINE_TOTALS = Resource("line_item_totals")

LINE_TOTALS.fields = {
    **{name: money(name) for name in ("price", "quantity", "sub_total", "total")},
    "discount_percent": fixed(0.0),
}


def _line_taxes(store: Store, line: Line) -> list[TaxSetting]:
    bill = store.bills.get(line.bill_id)
    on = {
        1: (line.taxable and bill.tax_rate > 0, line.tax),
        2: (line.secondary_taxable and bill.secondary_tax_rate > 0, line.secondary_tax),
    }
    return [tax._replace(amount=on[tax.order][1]) for tax in firm_taxes(store) if on[tax.order][0]]


def _rolled_up(_store: Store, line: Line) -> Line | None:
    return line if line.type == "SummaryLineItem" else None


LINE.fields = {
    **row_fields("line_item"),
    **{name: plain(name) for name in ("type", "kind", "description", "note", "taxable", "secondary_taxable")},
    "group_ordering": plain("position"),
    "date": day("date"),
    **{name: money(name) for name in ("price", "sub_total", "total", "tax", "secondary_tax")},
    "quantity": money("quantity"),  # hundredths of an hour, as money is hundredths of a dollar
    "tax_settings": several(LINE_TAX, _line_taxes),
    "bill": one(BILL, lambda store, line: store.bills.find(line.bill_id)),
    "activity": one(ACTIVITY, lambda store, line: store.activities.find(line.activity_id)),
    "matter": one(MATTER, lambda store, line: store.matters.find(line.matter_id)),
    "user": one(USER, lambda store, line: store.users.find(line.user_id)),
    "discount": one(DISCOUNT, lambda _store, line: line.discount),
    "included_line_item_totals": one(LINE_TOTALS, _rolled_up),
}


def _bill_state(store: Store, activity: Activity) -> str | None:
    bill = store.bills.find(activity.bill_id)
    return bill.state if bill else None


def _quantity(per_hour: float) -> Plain:
    """Time entries count seconds (hours in quantity_in_hours); hard costs have no quantity (C 4.4, 7.4)."""

    def get(_store: Store, activity: Activity) -> float | None:
        if activity.quantity is None:
            return None
        scale = per_hour if activity.type == "TimeEntry" else 1
        return activity.quantity * scale / 100

    return Plain(get)


def _tax_setting(_store: Store, activity: Activity) -> str:
    names = {(True, True): "tax_1_and_tax_2", (True, False): "tax_1_only", (False, True): "tax_2_only"}
    return names.get((activity.taxed, activity.secondary_taxed), "no_tax")


def _input_taxes(store: Store, activity: Activity) -> list[TaxSetting]:
    rate = store.tax_rates.find(activity.input_tax_rate_id)
    return [TaxSetting(rate, 1)] if rate else []


def _activity_taxes(store: Store, activity: Activity) -> list[TaxSetting]:
    on = {1: activity.taxed, 2: activity.secondary_taxed}
    return [tax for tax in firm_taxes(store) if on[tax.order]]


ACTIVITY.fields = {
    **row_fields("activity"),
    **{name: plain(name) for name in ("type", "note", "reference", "non_billable", "no_charge")},
    "date": day("date"),
    "price": money("price"),
    "total": money("total"),
    "non_billable_total": Plain(lambda _store, row: row.total / 100 if row.non_billable else 0.0),
    "quantity": _quantity(3600),
    "rounded_quantity": _quantity(3600),
    "quantity_in_hours": _quantity(1),
    "rounded_quantity_in_hours": _quantity(1),
    "quantity_redacted": fixed(value=False),
    "flat_rate": fixed(value=False),
    "contingency_fee": fixed(value=False),
    "billed": Plain(lambda store, row: _bill_state(store, row) in {"awaiting_payment", "paid"}),
    "on_bill": Plain(lambda store, row: _bill_state(store, row) not in {None, "void", "deleted"}),
    "tax_setting": Plain(_tax_setting),
    "tax_settings": several(TAX_SETTING, _activity_taxes),
    "input_tax_settings": several(TAX_SETTING, _input_taxes),
    "currency": one(CURRENCY, lambda store, row: store.currencies.find(row.currency_id)),
    "activity_description": one(
        SERVICE_CATEGORY, lambda store, row: store.service_categories.find(row.service_category_id)
    ),
    "expense_category": one(
        EXPENSE_CATEGORY, lambda store, row: store.expense_categories.find(row.expense_category_id)
    ),
    "bill": one(BILL, lambda store, row: store.bills.find(row.bill_id)),
    "matter": one(MATTER, lambda store, row: store.matters.find(row.matter_id)),
    "user": one(USER, lambda store, row: store.users.find(row.user_id)),
    "vendor": one(CONTACT, lambda store, row: store.contacts.find(row.vendor_id)),
    **{
        name: one(None)
        for name in (
            "calendar_entry",
            "client_portal",
            "communication",
            "contact_note",
            "document_version",
            "legal_aid_uk_activity",
            "matter_note",
            "subject",
            "task",
            "text_message_conversation",
            "timer",
            "utbms_expense",
        )
    },
}
