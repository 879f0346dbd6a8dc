"""The stand-in's field names and types against Xero's published description, where that lies beside the project."""

import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from sandbox.clock import Clock
from sandbox.xero import XeroServer

ROOT = Path(__file__).resolve().parents[3]
SPEC = Path(os.environ.get("SHARED_DIR", ROOT.parent / "shared")) / "specs" / "xero_accounting.yaml"
pytestmark = pytest.mark.skipif(not SPEC.exists(), reason="Xero's description is not beside the project")

# Real answers have these, the description does not (X 3.3, 4.2, 4.5, 5.2).
BESIDE_IT = {
    "Invoice": {"DateString", "DueDateString", "InvoicePaymentServices"},
    "CreditNote": {"DateString", "ID"},
    "BankTransaction": {"DateString"},
    "LineItem": {"ValidationErrors"},
}
TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (int, float, Decimal),
    "integer": (int,),
    "boolean": (bool,),
    "array": (list,),
}


@pytest.fixture(scope="module")
def schemas() -> dict[str, Any]:
    """The description's objects."""
    with SPEC.open(encoding="utf-8") as text:
        described: dict[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)["components"]["schemas"]
    return described


@pytest.fixture(scope="module")
def held() -> dict[str, Any]:
    """An organisation with one of everything."""
    xero = XeroServer(clock=Clock())
    contact = xero.act(
        "add_contact",
        Name="Abe",
        ContactNumber="CLIO-501",
        EmailAddress="abe@abe.example",
        ContactPersons=[{"FirstName": "Bea", "EmailAddress": "bea@abe.example", "IncludeInEmails": True}],
        Phones=[{"PhoneType": "MOBILE", "PhoneNumber": "555 0101"}],
        Addresses=[{"AddressType": "POBOX", "AddressLine1": "1 King St", "City": "Toronto"}],
    )
    tracking = [{"Name": "Office", "Option": "Ottawa"}]
    line = {"Description": "Drafting", "Quantity": 1, "UnitAmount": 300, "AccountCode": "201", "Tracking": tracking}
    xero.act("add_invoice", contact="Abe", InvoiceNumber="1042", Url="https://clio.example/1", LineItems=[line])
    xero.act("add_credit_note", contact="Abe", CreditNoteNumber="CN", LineItems=[{**line, "UnitAmount": 30}])
    xero.act("allocate_credit", credit_note="CN", invoice="1042")
    xero.act("record_payment", invoice="1042", reference="CLIO-A8801")
    xero.act("add_bank_transaction", contact="Abe", amount=42, account="426", Reference="CLIO-H4402")
    assert contact["ContactID"]
    return xero.dump()


def _resolved(schemas: dict[str, Any], schema: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    name = schema.get("$ref", "").rpartition("/")[2]
    return name, schemas[name] if name else schema


def _check(schemas: dict[str, Any], name: str, value: dict[str, Any], path: str) -> list[str]:
    """Every field that the description lacks or types otherwise, all the way down."""
    found: list[str] = []
    properties = schemas[name].get("properties", {})
    for key, inner in value.items():
        place = f"{path}.{key}"
        if key not in properties:
            if key not in BESIDE_IT.get(name, set()):
                found.append(f"{place} is not in {name}")
            continue
        found += _check_value(schemas, properties[key], inner, place)
    return found


def _check_value(schemas: dict[str, Any], schema: dict[str, Any], value: Any, place: str) -> list[str]:
    name, whole = _resolved(schemas, schema)
    if "properties" in whole:
        return _check(schemas, name, value, place) if isinstance(value, dict) else [f"{place} is no object"]
    wrong: list[str] = []
    kind = whole.get("type", "string")
    if not isinstance(value, TYPES.get(kind, (object,))) or (isinstance(value, bool) and kind != "boolean"):
        wrong.append(f"{place} is no {kind}")
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            wrong += _check_value(schemas, whole["items"], inner, f"{place}[{position}]")
    elif "enum" in whole and value not in whole["enum"]:
        wrong.append(f"{place} = {value!r} is not in the description's list")
    return wrong


@pytest.mark.parametrize(
    ("collection", "name"),
    [
        ("contacts", "Contact"),
        ("invoices", "Invoice"),
        ("credit_notes", "CreditNote"),
        ("payments", "Payment"),
        ("allocations", "Allocation"),
        ("bank_transactions", "BankTransaction"),
        ("accounts", "Account"),
    ],
)
def test_every_field_shown_is_described_and_of_its_type(
    schemas: dict[str, Any], held: dict[str, Any], collection: str, name: str
) -> None:
    assert held[collection]
    assert [wrong for row in held[collection] for wrong in _check(schemas, name, row, name)] == []
