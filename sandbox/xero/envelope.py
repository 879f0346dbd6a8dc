"""What every answer of the API is wrapped in, and both shapes of refusals (X 4.1, 5.1, 5.2)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from werkzeug.wrappers import Response

from sandbox.answers import json_response
from sandbox.xero.problems import NotFound, Refused, XeroProblem
from sandbox.xero.reading import Ask
from sandbox.xero.values import NO_ID, date_string, ms_date, ms_time

PROVIDER = "ClioXero"
NOT_FOUND_PAGE = (
    "<!doctype html><html lang='en'><head><title>404</title></head>"
    "<body><p>The resource you're looking for cannot be found</p></body></html>"
)


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a write that went through, as it is shown, with its warnings."""

    shown: dict[str, Any]
    warnings: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Manner:
    """How a collection's elements are named and marked. `error_flag` is "" where the object has none.

    `existing` shows what an update was aimed at, so that an echo can be laid over it.
    """

    collection: str
    id_key: str
    error_flag: str
    existing: Callable[[Ask], dict[str, Any] | None] = lambda _: None


def answer(
    now: datetime, collection: str, rows: Sequence[Any], pagination: Mapping[str, int] | None = None
) -> Response:
    """A good answer: the envelope around the rows."""
    payload: dict[str, Any] = {
        "Id": str(uuid4()),
        "Status": "OK",
        "ProviderName": PROVIDER,
        "DateTimeUTC": ms_time(now).replace("+0000", ""),
    }
    if pagination is not None:
        payload["pagination"] = pagination
    payload[collection] = rows
    return json_response(payload)


def problem(error: XeroProblem) -> Response:
    """A refusal of the whole call."""
    if isinstance(error, NotFound):
        return Response(NOT_FOUND_PAGE, status=404, content_type="text/html; charset=utf-8")
    return json_response(error.payload(), status=error.status)


def echo(ask: Any) -> Any:
    """What was asked for, as Xero says it back: dates in Xero's form, beside their text (X 5.3)."""
    if isinstance(ask, date):
        return ms_date(ask)
    if isinstance(ask, list):
        return [echo(one) for one in ask]
    if not isinstance(ask, dict):
        return ask
    said: dict[str, Any] = {}
    for key, value in ask.items():
        if isinstance(value, date) and key in {"Date", "DueDate"}:
            said[f"{key}String"] = date_string(value)
        said[key] = echo(value)
    return said


def write_all(
    now: datetime, manner: Manner, asked: Sequence[Ask], work: Callable[[Ask], Element], *, summarize: bool
) -> Response:
    """Work through the elements of a write. Good ones are kept even when others are refused, in both shapes.

    `summarize` (summarizeErrors absent or true): any refusal makes the answer a 400 that names the refused ones alone.
    """
    shown: list[dict[str, Any]] = []
    refused: list[dict[str, Any]] = []
    for ask in asked:
        try:
            element = work(ask)
        except Refused as error:
            said = _refused(manner, ask, error)
            refused.append(said)
            shown.append({**said, "StatusAttributeString": "ERROR"})
        else:
            shown.append(_accepted(element, summarize=summarize))
    if refused and summarize:
        return json_response({**Refused().payload(), "Elements": refused}, status=400)
    return answer(now, manner.collection, shown)


def _refused(manner: Manner, ask: Ask, error: Refused) -> dict[str, Any]:
    held = manner.existing(ask) or {manner.id_key: NO_ID}
    said = {**held, **echo(ask), manner.id_key: held[manner.id_key]}
    said.pop("", None)  # notes have no id
    if manner.error_flag:
        said[manner.error_flag] = True
    return {**said, "ValidationErrors": error.errors()}


def _accepted(element: Element, *, summarize: bool) -> dict[str, Any]:
    said = dict(element.shown)
    if element.warnings:
        said["Warnings"] = [{"Message": message} for message in element.warnings]
    if not summarize:
        said["StatusAttributeString"] = "WARNING" if element.warnings else "OK"
    return said
