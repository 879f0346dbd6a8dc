"""Every request that the engine sends is held against the vendors' own descriptions, where they are present."""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
import yaml
from openapi_schema_validator import OAS30Validator

from tests.support.practice import Practice, practice  # noqa: F401

_COMMON_HEADERS = {"xero-tenant-id", "if-modified-since", "idempotency-key"}


@pytest.fixture
def specs(shared_dir: Path | None) -> Path:
    """The folder with both descriptions."""
    if shared_dir is None:
        pytest.skip("the vendors' OpenAPI files are not beside the project")
    return shared_dir / "specs"


def _journey(practice: Practice) -> None:
    practice.sync()
    bill = practice.a_bill(lambda record: record["state"] == "awaiting_payment")
    practice.clio.act("edit_bill", bill_id=bill["id"], purchase_order="PO 5")
    client = practice.a_client(lambda record: record["type"] == "Company")
    practice.clio.act("edit_contact", contact_id=client["id"], name="Renamed & Sons")
    person = practice.a_client(lambda record: record["type"] == "Person" and record["email"])
    practice.xero.act(
        "edit_contact",
        contact=practice.link(person["id"], "contact").xero_id,
        FirstName="Annika",
        EmailAddress="new@person.example",
        Phones=[{"PhoneType": "DEFAULT", "PhoneNumber": "555-0199"}],
        Addresses=[{"AddressType": "POBOX", "AddressLine1": "2 Quay", "City": "Dartmouth"}],
    )
    practice.clock.advance(600)
    practice.sync()
    practice.compare()


def test_every_request_to_clio_fits_its_description(practice: Practice, specs: Path) -> None:
    _journey(practice)
    paths = json.loads((specs / "clio_openapi.json").read_text())["paths"]
    asked = [request for request in practice.asked_of_clio.requests if request.path.startswith("/api/v4")]
    assert len(asked) > 10
    assert {request.method for request in asked} == {"GET", "PATCH"}
    for request in asked:
        path = re.sub(r"/\d+(?=\.json$)", "/{id}", request.path.removeprefix("/api/v4"))
        operation = paths[path][request.method.lower()]
        known = {parameter["name"] for parameter in operation["parameters"]}
        given = {name for name, _ in parse_qsl(request.query)}
        assert given <= known, f"{request.method} {path}: {given - known}"
        if request.method == "PATCH":
            _check_edit(operation, json.loads(request.body))
            assert request.headers["if-match"].startswith('"')
            assert {"IF-MATCH", "X-API-VERSION"} <= known


def _check_edit(operation: dict[str, Any], body: Any) -> None:
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    OAS30Validator(schema).validate(body)
    known = schema["properties"]["data"]["properties"]
    assert set(body["data"]) == {"first_name", "email_addresses", "phone_numbers", "addresses"} <= set(known)
    for name in ("email_addresses", "phone_numbers", "addresses"):
        for row in body["data"][name]:
            assert set(row) <= set(known[name]["items"]["properties"])


def test_every_request_to_xero_fits_its_description(practice: Practice, specs: Path) -> None:
    _journey(practice)
    spec = yaml.safe_load((specs / "xero_accounting.yaml").read_text())
    asked = [request for request in practice.asked_of_xero.requests if request.path.startswith("/api.xro/2.0")]
    assert {request.method for request in asked} == {"GET", "PUT", "POST"}
    for request in asked:
        path = _described(request.path.removeprefix("/api.xro/2.0"))
        operation = spec["paths"][path][request.method.lower()]
        parameters = [_resolved(spec, parameter) for parameter in operation.get("parameters", [])]
        known = {parameter["name"].lower() for parameter in parameters}
        given = {name.lower() for name, _ in parse_qsl(request.query)}
        assert given <= known, f"{request.method} {path}: {given - known}"
        assert "xero-tenant-id" in request.headers
        assert (set(request.headers) & _COMMON_HEADERS) - {"xero-tenant-id"} <= known
        if request.body:
            _check_body(spec, operation, json.loads(request.body))


def _described(path: str) -> str:
    """The path as the description has it: ids by their names."""
    named = re.sub(r"^/Payments/[^/]+", "/Payments/{PaymentID}", path)
    named = re.sub(r"^/CreditNotes/[^/]+", "/CreditNotes/{CreditNoteID}", named)
    return re.sub(r"/Allocations/[^/]+", "/Allocations/{AllocationID}", named)


def _check_body(spec: dict[str, Any], operation: dict[str, Any], body: Any) -> None:
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    validator = OAS30Validator({**schema, "components": spec["components"]})
    wrong = [error for error in validator.iter_errors(body) if not _is_a_date(error)]
    assert not wrong, wrong[0]
    name = schema["$ref"].rsplit("/", 1)[-1]
    collection, element = name, spec["components"]["schemas"][name]["properties"][name]["items"]["$ref"]
    fields = spec["components"]["schemas"][element.rsplit("/", 1)[-1]]["properties"]
    for row in body[collection]:
        assert set(row) <= set(fields), set(row) - set(fields)


def _is_a_date(error: Any) -> bool:
    """The description says that dates are /Date(ms)/ texts; plain dates are documented to be taken too (X 4.3)."""
    return bool(error.path) and str(error.path[-1]) in {"Date", "DueDate"}


def _resolved(spec: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in node:
        return node
    found: Any = spec
    for part in node["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    return dict(found)
