"""What the demo prints about its two syncs, from what the stand-ins saw and what the commands said."""

import json
from dataclasses import dataclass
from typing import Any

import requests

_CHANGES = ("created", "updated", "voided", "removed", "adopted")
_KINDS = ("bills", "payments", "credits")
_SENT = {"Contacts": "contacts", "Invoices": "invoices", "Payments": "payments", "CreditNotes": "credit notes"}
_SECONDS = 30


@dataclass(frozen=True)
class Finding:
    """A line or two for people, and whether everything is as it should be."""

    text: str
    clean: bool


def bills_were_read(clio_url: str) -> bool:
    """Whether anybody has read the bills in the stand-in Clio yet."""
    return any(name.startswith("GET ") and "/bills" in name for name in _calls(clio_url)["by_path"])


def first_sync(clio_url: str, xero_url: str, *, seconds: float) -> str:
    """Tell what the first sync did, as the stand-ins noted it down."""
    clio, xero = _calls(clio_url), _calls(xero_url)
    sent = xero["elements"]
    what = [f"{_sent(sent, kind)} {words}" for kind, words in _SENT.items()]
    return (
        f"first sync: {', '.join(what[:-1])} and {what[-1]} sent, {clio['total']} calls to Clio, "
        f"{xero['total']} to Xero, {seconds:.0f} s from waking the worker"
    )


def second_sync(line: str) -> Finding:
    """Judge what `sync --json` said: a second run has nothing to change."""
    report = json.loads(line)
    changes = {
        f"{kind} {verb}": counts[verb]
        for kind, counts in report["counts"].items()
        for verb in _CHANGES
        if counts.get(verb)
    }
    errors = [f"  {error['message']} {error['remedy']}" for error in report["open_errors"]]
    changed = ", ".join(f"{number} {what}" for what, number in changes.items()) or "nothing changed"
    text = (
        f"second sync: {report['state']}, {changed}, {report['clio_calls']} calls to Clio, "
        f"{report['xero_calls']} to Xero, {len(errors)} open errors"
    )
    return Finding("\n".join((text, *errors)), clean=report["state"] == "clean" and not changes and not errors)


def tie_out(line: str) -> Finding:
    """Judge what `compare --json` said: bills, payments and credits with the same count and sum, and no difference."""
    report = json.loads(line)
    sides = {kind: (report[kind]["clio"], report[kind]["xero"]) for kind in _KINDS}
    same = {kind: _figures(clio) == _figures(xero) for kind, (clio, xero) in sides.items()}
    lines = [
        f"{kind}: Clio {_figures(clio)}; Xero {_figures(xero)}: "
        f"{'both sides agree' if same[kind] else 'the sides differ'}"
        for kind, (clio, xero) in sides.items()
    ]
    differences = [f"  {one['kind']} {one['number']}: {one['cause']}" for one in report["differences"]]
    agree = all(same.values()) and sides["bills"][0]["count"] > 0 and not differences
    return Finding("\n".join((*lines, *differences)), clean=agree)


def _figures(side: dict[str, Any]) -> str:
    return f"{side['count']}, {side['sum']}"


def _calls(address: str) -> dict[str, Any]:
    answer = requests.get(f"{address}/control/calls", timeout=_SECONDS)
    answer.raise_for_status()
    noted: dict[str, Any] = answer.json()
    return noted


def _sent(elements: dict[str, int], kind: str) -> int:
    return sum(count for name, count in elements.items() if name.startswith("PUT ") and name.endswith(f"/{kind}"))
