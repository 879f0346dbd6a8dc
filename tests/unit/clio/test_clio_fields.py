"""The field lists against Clio's own description: one unknown field fails the whole request (C 2.8)."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from syncengine.clio.fields import FIELDS, ORDERED

_PARTS = re.compile(r"([a-z_]+)(?:\{([a-z_,]+)\})?(?:,|$)")


@cache
def spec(folder: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((folder / "specs" / "clio_openapi.json").read_text())
    return loaded


def resolve(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """A schema's fields, with those of what it is made from."""
    if "$ref" in schema:
        return resolve(document, document["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    fields = dict(schema.get("properties", {}))
    for part in schema.get("allOf", ()):
        fields |= resolve(document, part)
    return fields


def row_of(document: dict[str, Any], path: str) -> dict[str, Any]:
    """The fields of one row of a path's answer."""
    content = document["paths"][path]["get"]["responses"]["200"]["content"]
    data = resolve(document, next(iter(content.values()))["schema"])["data"]
    return resolve(document, data.get("items", data))


def asked(text: str) -> dict[str, list[str]]:
    """Names and what their braces hold."""
    assert "".join(match[0] for match in _PARTS.finditer(text)) == text
    return {match[1]: match[2].split(",") if match[2] else [] for match in _PARTS.finditer(text)}


@pytest.mark.parametrize("resource", sorted(FIELDS))
def test_every_field_that_is_asked_for_exists(resource: str, shared_dir: Path | None) -> None:
    if shared_dir is None:
        pytest.skip("Clio's description is not at hand (SHARED_DIR)")
    document = spec(shared_dir)
    row = row_of(document, f"/{resource}.json")
    for name, inner in asked(FIELDS[resource]).items():
        assert name in row, name
        nested = resolve(document, row[name].get("items", row[name])) if inner else {}
        # A second level is named without braces, which Clio's page on fields allows but its description cannot show.
        known = set(nested) | {"activity_description", "expense_category"}
        assert set(inner) <= known, name


@pytest.mark.parametrize("resource", sorted(FIELDS))
def test_an_order_is_asked_for_exactly_where_clio_takes_one(resource: str, shared_dir: Path | None) -> None:
    if shared_dir is None:
        pytest.skip("Clio's description is not at hand (SHARED_DIR)")
    parameters = spec(shared_dir)["paths"][f"/{resource}.json"]["get"]["parameters"]
    orders = [order for one in parameters if one["name"] == "order" for order in one["schema"]["enum"]]
    assert (resource in ORDERED) == ("id(asc)" in orders)
