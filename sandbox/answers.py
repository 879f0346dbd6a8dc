"""JSON answers of both stand-ins."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from werkzeug.wrappers import Response


def _plain(value: object) -> Any:
    if isinstance(value, Decimal):
        return float(value)  # the shortest digits of a float are exact to the cent up to 10**13
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")


def to_json(payload: Any) -> str:
    """Compact JSON; a Decimal becomes a number, a time its ISO form."""
    return json.dumps(payload, separators=(",", ":"), default=_plain)


def json_response(payload: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer."""
    content_type = "application/json; charset=utf-8"
    return Response(to_json(payload), status=status, headers=dict(headers or {}), content_type=content_type)
