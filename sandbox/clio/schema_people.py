"""The fields of contacts and matters."""

from typing import Any

from sandbox.clio.schema_firm import CURRENCY, USER, base_currency
from sandbox.clio.shape import Plain, Resource, day, fixed, moment, one, plain, row_fields, several
from sandbox.firm.records import Contact
from sandbox.firm.store import Store

CONTACT = Resource("contact")
MATTER = Resource("matter")
EMAIL = Resource("email_address")
PHONE = Resource("phone_number")
ADDRESS = Resource("address")

EMAIL.fields = {
    **row_fields("email_address"),
    **{name: plain(name) for name in ("name", "address", "primary")},
}
PHONE.fields = {**row_fields("phone_number"), **{name: plain(name) for name in ("name", "number", "primary")}}
ADDRESS.fields = {
    **row_fields("address"),
    **{name: plain(name) for name in ("name", "street", "city", "province", "postal_code", "country", "primary")},
}


def _shown(name: str) -> Plain:
    """A detail that a login with less rights sees as null (C 9.5)."""
    return Plain(lambda store, row: None if store.is_redacted("contacts", row.id) else _text(getattr(row, name)))


def _text(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _first(name: str, part: str, *, primary: bool) -> Plain:
    def get(store: Store, row: Contact) -> Any:
        if store.is_redacted("contacts", row.id):
            return None
        rows = [found for found in getattr(row, name) if found.primary is primary]
        return getattr(rows[0], part) if rows else None

    return Plain(get)


def _details(name: str) -> Any:
    return lambda store, row: () if store.is_redacted("contacts", row.id) else getattr(row, name)


def _address(name: str | None, *, primary: bool) -> Any:
    def get(store: Store, row: Contact) -> Any:
        if store.is_redacted("contacts", row.id):
            return None
        rows = [a for a in row.addresses if a.primary is primary and name in {None, a.name}]
        return rows[0] if rows else None

    return get


CONTACT.fields = {
    **row_fields("contact"),
    "type": plain("type"),
    "is_client": plain("is_client"),
    "is_bill_recipient": plain("is_client"),
    **{
        name: _shown(name)
        for name in (
            "name",
            "first_name",
            "middle_name",
            "last_name",
            "prefix",
            "title",
            "date_of_birth",
            "sales_tax_number",
            "ledes_client_id",
        )
    },
    "initials": Plain(lambda _store, row: "".join(word[0] for word in (row.name or "").split()[:2])),
    "primary_email_address": _first("emails", "address", primary=True),
    "secondary_email_address": _first("emails", "address", primary=False),
    "primary_phone_number": _first("phones", "number", primary=True),
    "secondary_phone_number": _first("phones", "number", primary=False),
    "client_connect_user_id": fixed(None),
    "clio_connect_email": fixed(None),
    **{
        name: fixed(value=False)
        for name in (
            "has_clio_for_clients_permission",
            "is_clio_for_client_user",
            "is_co_counsel",
            "locked_clio_connect_email",
            "require_utbms_codes",
        )
    },
    "email_addresses": several(EMAIL, _details("emails")),
    "phone_numbers": several(PHONE, _details("phones")),
    "addresses": several(ADDRESS, _details("addresses")),
    "primary_address": one(ADDRESS, _address(None, primary=True)),
    "primary_work_address": one(ADDRESS, _address("Work", primary=True)),
    "secondary_address": one(ADDRESS, _address(None, primary=False)),
    "company": one(CONTACT, lambda store, row: store.contacts.find(row.company_id)),
    "currency": one(CURRENCY, lambda store, _row: base_currency(store)),
    **{
        name: several(None)
        for name in (
            "account_balances",
            "activity_rates",
            "custom_field_set_associations",
            "custom_field_values",
            "instant_messengers",
            "kyc_field_values",
            "notification_methods",
            "related_contacts",
            "web_sites",
        )
    },
    **{
        name: one(None)
        for name in (
            "avatar",
            "co_counsel_rate",
            "folder",
            "legal_aid_uk_contact",
            "payment_profile",
            "primary_web_site",
        )
    },
}

MATTER.fields = {
    **row_fields("matter"),
    **{
        name: plain(name)
        for name in ("number", "display_number", "description", "status", "client_id", "client_reference")
    },
    "open_date": day("open_date"),
    "billable": fixed(value=True),
    "billing_method": fixed("hourly"),
    "has_tasks": fixed(value=False),
    "shared": fixed(value=False),
    "require_utbms_codes": fixed(value=False),
    "matter_stage_updated_at": moment("created_at"),
    **{
        name: fixed(None)
        for name in (
            "close_date",
            "pending_date",
            "last_activity_date",
            "custom_number",
            "location",
            "maildrop_address",
        )
    },
    "client": one(CONTACT, lambda store, row: store.contacts.find(row.client_id)),
    "currency": one(CURRENCY, lambda store, _row: base_currency(store)),
    "originating_attorney": one(USER, lambda store, row: store.users.find(row.attorney_id)),
    "responsible_attorney": one(USER, lambda store, row: store.users.find(row.attorney_id)),
    "responsible_staff": one(USER),
    "user": one(USER, lambda store, row: store.users.find(row.attorney_id)),
    **{
        name: several(None)
        for name in (
            "account_balances",
            "custom_field_set_associations",
            "custom_field_values",
            "kyc_field_values",
            "matter_bill_recipients",
            "relationships",
            "split_invoice_payers",
            "task_template_list_instances",
        )
    },
    **{
        name: one(None)
        for name in (
            "attorney_allocation",
            "contingency_fee",
            "custom_rate",
            "evergreen_retainer",
            "folder",
            "group",
            "legal_aid_uk_matter",
            "matter_budget",
            "matter_stage",
            "practice_area",
            "statute_of_limitations",
        )
    },
}
