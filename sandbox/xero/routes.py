"""Which endpoint answers which address of the accounting API, and the scope that it takes (X 2, 9.8)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from werkzeug.exceptions import MethodNotAllowed as NoSuchMethod
from werkzeug.exceptions import NotFound as NoSuchPath
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Response

from sandbox.xero import api_contacts, api_payments, api_settings
from sandbox.xero.api_documents import BANK_TRANSACTIONS, CREDIT_NOTES, INVOICES
from sandbox.xero.problems import MethodNotAllowed, NotFound
from sandbox.xero.request import ApiCall

PREFIX = "/api.xro/2.0"
Endpoint = Callable[..., Response]

SCOPES = {
    "Invoices": "accounting.invoices",
    "CreditNotes": "accounting.invoices",
    "Payments": "accounting.payments",
    "BankTransactions": "accounting.banktransactions",
    "Contacts": "accounting.contacts",
    "Accounts": "accounting.settings",
    "TaxRates": "accounting.settings",
    "Currencies": "accounting.settings",
    "Organisation": "accounting.settings",
    "TrackingCategories": "accounting.settings",
}


@dataclass(frozen=True, slots=True)
class Found:
    """The endpoint for a call, what its path says, and the scopes of which one is needed."""

    endpoint: Endpoint
    values: dict[str, Any]
    scopes: tuple[str, ...]

    def run(self, call: ApiCall) -> Response:
        """Answer the call. Raises XeroProblem."""
        return self.endpoint(call, **self.values)


def _rules() -> list[Rule]:
    table: list[tuple[str, dict[str, Endpoint]]] = [
        ("/Organisation", {"GET": api_settings.organisation}),
        ("/Organisation/Actions", {"GET": api_settings.organisation_actions}),
        ("/Accounts", {"GET": api_settings.list_accounts, "PUT": api_settings.write_account}),
        (
            "/Accounts/<ref>",
            {
                "GET": api_settings.single_account,
                "POST": api_settings.write_account,
                "DELETE": api_settings.delete_account,
            },
        ),
        ("/TaxRates", {"GET": api_settings.list_tax_rates}),
        ("/TaxRates/<ref>", {"GET": api_settings.single_tax_rate}),
        ("/Currencies", {"GET": api_settings.list_currencies}),
        ("/TrackingCategories", {"GET": api_settings.list_tracking}),
        ("/TrackingCategories/<ref>", {"GET": api_settings.single_tracking}),
        ("/Contacts", {"GET": api_contacts.listed, "PUT": api_contacts.write, "POST": api_contacts.write}),
        ("/Contacts/<ref>", {"GET": api_contacts.single, "POST": api_contacts.write}),
        ("/Payments", {"GET": api_payments.listed, "PUT": api_payments.create, "POST": api_payments.create}),
        ("/Payments/<ref>", {"GET": api_payments.single, "POST": api_payments.delete}),
        ("/CreditNotes/<ref>/Allocations", {"PUT": api_payments.allocate}),
        ("/CreditNotes/<ref>/Allocations/<allocation_ref>", {"DELETE": api_payments.deallocate}),
    ]
    for kept in (INVOICES, CREDIT_NOTES, BANK_TRANSACTIONS):
        table.append((f"/{kept.name}", {"GET": kept.listed, "PUT": kept.write, "POST": kept.write}))
        table.append((f"/{kept.name}/<ref>", {"GET": kept.single, "POST": kept.write}))
    for name in ("Invoices", "CreditNotes", "BankTransactions", "Payments", "Contacts"):
        table.append((f"/{name}/<ref>/History", {"GET": api_settings.list_history, "PUT": api_settings.add_history}))
    return [
        Rule(PREFIX + path, methods=[method], endpoint=endpoint)
        for path, methods in table
        for method, endpoint in methods.items()
    ]


_MAP = Map(_rules(), strict_slashes=False, merge_slashes=False)


def find(path: str, method: str) -> Found:
    """The endpoint for a path; names of collections are spelled exactly. Raises NotFound, MethodNotAllowed."""
    try:
        endpoint, values = _MAP.bind("localhost").match(path, method="GET" if method == "HEAD" else method)
    except NoSuchMethod as error:
        raise MethodNotAllowed from error
    except NoSuchPath as error:
        raise NotFound from error
    scope = SCOPES[path.removeprefix(PREFIX).split("/")[1]]
    return Found(endpoint, dict(values), (scope, f"{scope}.read") if method in {"GET", "HEAD"} else (scope,))
