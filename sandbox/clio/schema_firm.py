"""The fields of the firm's own records: account, users, currencies, bank accounts, tax rates, categories, settings."""

from typing import Any, NamedTuple

from sandbox.clio.shape import (
    Plain,
    Resource,
    fixed,
    fraction,
    money,
    one,
    percentage,
    plain,
    row_fields,
    several,
)
from sandbox.firm.records import BankAccount, TaxRate, User
from sandbox.firm.store import Store


class TaxSetting(NamedTuple):
    """A tax in force on something: the rate, its place (1 primary, 2 secondary) and its amount in cents."""

    rate: TaxRate
    order: int
    amount: int = 0


ACCOUNT = Resource("account")
CURRENCY = Resource("currency")
BANK_ACCOUNT = Resource("bank_account")
USER = Resource("user", default=("id", "etag", "name"))
TAX_RATE = Resource("tax_rate_configuration")
TAX_SETTING = Resource("tax_setting")
LINE_TAX = Resource("line_item_tax")
RATE = Resource("activity_description_rate")
SERVICE_CATEGORY = Resource("activity_description")
EXPENSE_CATEGORY = Resource("expense_category")
BILLING_SETTING = Resource("billing_setting")


def percent_text(rate: int) -> str:
    """Thousandths of a percent as text: 13%, 9.975%."""
    return f"{rate / 1000:g}%"


ACCOUNT.fields = {
    **row_fields("account"),
    **{
        name: plain(name)
        for name in ("name", "state", "address", "city", "province", "postal_code", "country", "phone")
    },
    "fax": fixed(None),
}

CURRENCY.fields = {**row_fields("currency"), "code": plain("code"), "sign": plain("sign")}


def _account_currency(store: Store, row: BankAccount) -> Any:
    return store.currencies.get(row.currency_id)


BANK_ACCOUNT.fields = {
    **row_fields("bank_account"),
    **{
        name: plain(name)
        for name in (
            "name",
            "type",
            "currency_id",
            "holder",
            "institution",
            "account_number",
            "default_account",
            "clio_payments_enabled",
        )
    },
    "balance": money("balance"),
    "currency": Plain(lambda store, row: _account_currency(store, row).code),
    "currency_symbol": Plain(lambda store, row: _account_currency(store, row).sign),
    "bank_transactions_count": fixed(0),
    "controlled_account": fixed(value=False),
    "compliance_region": fixed("no_region"),
    **{
        name: fixed(None)
        for name in (
            "clio_payment_page_link",
            "clio_payment_page_qr_code",
            "domicile_branch",
            "general_ledger_number",
            "swift",
            "transit_number",
        )
    },
    "user": one(None),
}


def _full_name(_store: Store, user: User) -> str:
    return f"{user.first_name} {user.last_name}"


USER.fields = {
    **row_fields("user"),
    "name": Plain(_full_name),
    "initials": Plain(lambda _store, user: user.first_name[:1] + user.last_name[:1]),
    **{
        name: plain(name)
        for name in ("first_name", "last_name", "email", "subscription_type", "account_owner", "enabled")
    },
    "rate": money("rate"),
    "roles": Plain(lambda _store, user: ["Admin", "Billing"] if user.account_owner else []),
    "clio_connect": fixed(value=False),
    "court_rules_default_attendee": fixed(value=False),
    "default_calendar_id": fixed(None),
    "locale": fixed("en-CA"),
    "phone_number": fixed(None),
    "time_zone": fixed("America/Toronto"),
    "account": one(ACCOUNT, lambda store, _user: store.account),
    "avatar": one(None),
    "contact": one(None),
    "default_activity_description": one(SERVICE_CATEGORY),
    "groups": several(None),
    "job_title": one(None),
    "notification_methods": several(None),
}

TAX_RATE.fields = {
    **row_fields("tax_rate"),
    **{name: plain(name) for name in ("name", "active", "is_system", "country", "region")},
    "rate": fraction("rate"),
    "rate_as_percentage": percentage("rate"),
    "formatted_rate_as_percentage": Plain(lambda _store, row: percent_text(row.rate)),
}

TAX_SETTING.fields = {
    "order": plain("order"),
    "rule": fixed("Pre"),
    "tax_rate_configuration_id": Plain(lambda _store, row: row.rate.id),
    "tax_rate_configuration_name": Plain(lambda _store, row: row.rate.name),
    "tax_rate_configuration_rate": Plain(lambda _store, row: row.rate.rate / 100_000),
    "tax_rate_configuration_formatted_rate": Plain(lambda _store, row: percent_text(row.rate.rate)),
}
TAX_SETTING.default = tuple(TAX_SETTING.fields)

LINE_TAX.fields = {
    **row_fields("line_item_tax"),
    "id": Plain(lambda _store, row: row.rate.id),
    "etag": fixed('"line-item-tax"'),
    "created_at": fixed(None),
    "updated_at": fixed(None),
    "name": Plain(lambda _store, row: row.rate.name),
    "order": plain("order"),
    "rule": fixed("Pre"),
    "rate": Plain(lambda _store, row: row.rate.rate / 100_000),
    "formatted_rate": Plain(lambda _store, row: percent_text(row.rate.rate)),
    "amount": money("amount"),
    "tax_rate_configuration_id": Plain(lambda _store, row: row.rate.id),
}

RATE.fields = {
    name: fixed(None)
    for name in (
        "amount",
        "hierarchy",
        "non_billable_amount",
        "rate_table_category_name",
        "rate_table_name",
        "type",
    )
}

SERVICE_CATEGORY.fields = {
    **row_fields("activity_description"),
    "name": plain("name"),
    "xero_service_code": plain("xero_service_code"),
    "accessible_to_user": fixed(value=True),
    "visible_to_co_counsel": fixed(value=False),
    "default": fixed(value=False),
    "type": fixed("ActivityDescription"),
    "category_type": fixed("TimeEntry"),
    **{name: fixed(None) for name in ("description", "utbms_activity_id", "utbms_task_id", "utbms_task_name")},
    "currency": one(CURRENCY, lambda store, _row: base_currency(store)),
    "groups": several(None),
    "rate": one(RATE),
    "utbms_activity": one(None),
    "utbms_task": one(None),
}

EXPENSE_CATEGORY.fields = {
    **row_fields("expense_category"),
    **{name: plain(name) for name in ("name", "entry_type", "xero_expense_code")},
    "accessible_to_user": fixed(value=True),
    "description": fixed(None),
    "rate": fixed(None),
    "tax_setting": fixed(None),
    "tax_settings": several(TAX_SETTING),
    "input_tax_settings": several(TAX_SETTING),
    "currency": one(CURRENCY, lambda store, _row: base_currency(store)),
    "groups": several(None),
    "utbms_code": one(None),
}


def base_currency(store: Store) -> Any:
    """The firm's own currency: the first."""
    return next(iter(store.currencies.all()))


def firm_taxes(store: Store) -> list[TaxSetting]:
    """The firm's primary tax and, where it has one, its secondary tax."""
    rates = [store.tax_rates.find(store.primary_tax_id), store.tax_rates.find(store.secondary_tax_id)]
    return [TaxSetting(rate, order) for order, rate in enumerate(rates, start=1) if rate is not None]


def _tax(order: int, name: str) -> Plain:
    def get(store: Store, _row: Any) -> Any:
        found = next((tax.rate for tax in firm_taxes(store) if tax.order == order), None)
        if found is None:
            return None
        return found.rate / 1000 if name == "rate" else getattr(found, name)

    return Plain(get)


BILLING_SETTING.fields = {
    **row_fields("billing_setting"),
    "currency": Plain(lambda store, _row: base_currency(store).code),
    "currency_sign": Plain(lambda store, _row: base_currency(store).sign),
    "multi_currency_billing": Plain(lambda store, _row: len(store.currencies) > 1),
    "billing_currencies": several(CURRENCY, lambda store, _row: list(store.currencies.all())),
    "tax_name": _tax(1, "name"),
    "tax_rate": _tax(1, "rate"),
    "secondary_tax_name": _tax(2, "name"),
    "secondary_tax_rate": _tax(2, "rate"),
    "secondary_tax_rule": fixed("Pre"),
    "use_secondary_tax": Plain(lambda store, _row: store.secondary_tax_id is not None),
    "tax_settings": several(TAX_SETTING, lambda store, _row: firm_taxes(store)),
    "apply_tax_by_default": fixed(value=True),
    "apply_secondary_tax_by_default": fixed(value=False),
    "notify_after_bill_created": fixed(value=False),
    "rounded_duration": fixed(None),
    "rounding": fixed(6),
    "time_on_flat_rate_contingency_matters_is_non_billable": fixed(value=False),
    "use_decimal_rounding": fixed(value=True),
    "use_utbms_codes": fixed(value=False),
}
