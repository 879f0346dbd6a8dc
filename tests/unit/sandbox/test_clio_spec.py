"""The stand-in's field names and types against Clio's published description, where that lies beside the project."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sandbox.clio import schema_billing, schema_firm, schema_lines, schema_money, schema_people
from sandbox.clio.endpoints import ENDPOINTS
from sandbox.clio.shape import Nested, Resource, render_whole
from sandbox.firm_data import build_firm

ROOT = Path(__file__).resolve().parents[3]
SPEC = Path(os.environ.get("SHARED_DIR", ROOT.parent / "shared")) / "specs" / "clio_openapi.json"
pytestmark = pytest.mark.skipif(not SPEC.exists(), reason="Clio's description is not beside the project")

WHOLE = {
    "Bill": schema_billing.BILL,
    "LineItem": schema_lines.LINE,
    "Activity": schema_lines.ACTIVITY,
    "Allocation": schema_money.ALLOCATION,
    "CreditMemo": schema_money.CREDIT_MEMO,
    "InterestCharge": schema_money.INTEREST_CHARGE,
    "Contact": schema_people.CONTACT,
    "Matter": schema_people.MATTER,
    "User": schema_firm.USER,
    "Currency": schema_firm.CURRENCY,
    "BankAccount": schema_firm.BANK_ACCOUNT,
    "ActivityDescription": schema_firm.SERVICE_CATEGORY,
    "ExpenseCategory": schema_firm.EXPENSE_CATEGORY,
    "TaxRateConfiguration": schema_firm.TAX_RATE,
    "BillingSetting": schema_firm.BILLING_SETTING,
    "Account_base": schema_firm.ACCOUNT,
    "Discount_base": schema_billing.DISCOUNT,
    "Interest_base": schema_billing.INTEREST,
    "Balance_base": schema_billing.BALANCE,
    "MatterBalance_base": schema_billing.MATTER_BALANCE,
    "LineItemTax_base": schema_firm.LINE_TAX,
    "LineItemTotals_base": schema_lines.LINE_TOTALS,
    "TaxSetting_base": schema_firm.TAX_SETTING,
    "PolymorphicObject_base": schema_money.PARENT,
    "EmailAddress_base": schema_people.EMAIL,
    "PhoneNumber_base": schema_people.PHONE,
    "Address_base": schema_people.ADDRESS,
    "ActivityDescriptionRate_base": schema_firm.RATE,
}
TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}


@pytest.fixture(scope="module")
def spec() -> dict[str, Any]:
    described: dict[str, Any] = json.loads(SPEC.read_text())
    return described


def properties(spec: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        return properties(spec, spec["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]])
    found: dict[str, Any] = {}
    for part in schema.get("allOf", []):
        found |= properties(spec, part)
    found |= schema.get("properties", {})
    return found


def described_fields(spec: dict[str, Any], name: str) -> dict[str, Any]:
    return properties(spec, spec["components"]["schemas"][name])


@pytest.mark.parametrize("name", WHOLE)
def test_a_resource_has_exactly_the_described_fields(spec: dict[str, Any], name: str) -> None:
    assert set(WHOLE[name].fields) == set(described_fields(spec, name))


@pytest.mark.parametrize("name", [name for name in WHOLE if not name.endswith("_base")])
def test_nested_fields_are_lists_where_they_are_described_as_lists(spec: dict[str, Any], name: str) -> None:
    for field_name, schema in described_fields(spec, name).items():
        field = WHOLE[name].fields[field_name]
        if isinstance(field, Nested):
            assert field.many is (schema.get("type") == "array"), field_name


@pytest.mark.parametrize("path", ENDPOINTS)
def test_values_have_the_described_types(spec: dict[str, Any], path: str) -> None:
    store = build_firm(seed=2, bills=120, now=datetime(2026, 5, 20, tzinfo=UTC))
    endpoint = ENDPOINTS[path]
    fields = described_fields(spec, name_of(endpoint.resource))
    rows = list(endpoint.table(store).all())
    assert rows
    for row in rows:
        for name, value in render_whole(store, endpoint.resource, row).items():
            kind = fields[name].get("type", "object")
            if value is not None:
                assert isinstance(value, TYPES[kind]), (name, value)
                assert kind == "boolean" or not isinstance(value, bool), (name, value)


def name_of(resource: Resource) -> str:
    return next(name for name, known in WHOLE.items() if known is resource)


@pytest.mark.parametrize("path", ENDPOINTS)
def test_filters_and_orders_are_described(spec: dict[str, Any], path: str) -> None:
    described = {row["name"]: row for row in spec["paths"][f"/{path}.json"]["get"]["parameters"]}
    endpoint = ENDPOINTS[path]
    assert set(endpoint.filters) <= set(described)
    assert bool(endpoint.orders) is ("order" in described)
    if endpoint.orders:
        orders = set(described["order"]["schema"]["enum"])
        assert {f"{name}({way})" for name in endpoint.orders for way in ("asc", "desc")} <= orders
        assert f"Default: `{endpoint.default_order}`" in described["order"]["description"]
    assert endpoint.show is (f"/{path}/{{id}}.json" in spec["paths"] and "get" in spec["paths"][f"/{path}/{{id}}.json"])
