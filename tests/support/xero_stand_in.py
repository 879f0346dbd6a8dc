"""A stand-in Xero over real HTTP with a connected caller, for tests."""

from types import TracebackType
from typing import Any, Self

import requests

from sandbox.serving import start
from sandbox.xero import XeroServer

Json = dict[str, Any]
NOBODY = "00000000-0000-0000-0000-000000000000"


class Xero:
    """Starts a stand-in on a free port and calls its API for one organisation; a context manager that stops it."""

    def __init__(self, **options: Any) -> None:
        self.server = XeroServer(**{"per_minute": None, **options})
        self._served = start(self.server.app)
        self.url = self._served.url
        self.session = requests.Session()
        self.connect()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.session.close()
        self._served.stop()

    def connect(self, **grant: Any) -> Json:
        """Tokens without the pages; later calls carry them."""
        tokens = self.server.act("grant", **grant)
        self.session.headers.update(
            {
                "Authorization": f"Bearer {tokens['access_token']}",
                "xero-tenant-id": tokens["tenant_id"],
                "Accept": "application/json",
            }
        )
        return tokens

    def reset(self) -> None:
        """Start anew, with a fresh connection."""
        requests.post(f"{self.url}/control/reset").raise_for_status()
        self.connect()

    def act(self, action: str, **values: Any) -> Json:
        """What a person does in Xero."""
        return self.server.act(action, **values)

    # Calls

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> requests.Response:
        """A call of the accounting API; header names are given with underscores."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.session.request(method, f"{self.url}/api.xro/2.0{path}", json=body, headers=named)

    def get(self, path: str, **headers: str) -> Json:
        """The answer of a GET that goes through."""
        answer = self.call("GET", path, **headers)
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    def put(self, path: str, body: Any) -> Json:
        """The only element of a PUT that goes through."""
        return self._only(self.call("PUT", path, body), path)

    def post(self, path: str, body: Any) -> Json:
        """The only element of a POST that goes through."""
        return self._only(self.call("POST", path, body), path)

    @staticmethod
    def _only(answer: requests.Response, path: str) -> Json:
        assert answer.status_code == 200, answer.text
        collection = path.split("?", maxsplit=1)[0].strip("/").split("/")
        name = "Allocations" if "Allocations" in collection else collection[0]
        (found,) = answer.json()[name]
        return dict(found)

    def refusal(self, method: str, path: str, body: Any) -> list[str]:
        """The messages of a write that is refused with 400 for its only element."""
        answer = self.call(method, path, body)
        assert answer.status_code == 400, answer.text
        (element,) = answer.json()["Elements"]
        return [error["Message"] for error in element["ValidationErrors"]]

    # Things to work on

    def contact(self, name: str = "Harrow Estate", **fields: Any) -> str:
        """A new contact's id."""
        return str(self.put("/Contacts", {"Name": name, **fields})["ContactID"])

    def invoice(self, **fields: Any) -> Json:
        """A new AUTHORISED invoice of 300.00 untaxed, dated 2 November, for a contact that is made where none is."""
        return self.put("/Invoices?unitdp=4", self.invoice_body(**fields))

    def invoice_body(self, **fields: Any) -> Json:
        """The body of such an invoice."""
        body: Json = {
            "Type": "ACCREC",
            "Status": "AUTHORISED",
            "Date": "2026-11-02",
            "DueDate": "2026-12-02",
            "LineItems": [line()],
            **fields,
        }
        body.setdefault("Contact", {"Name": "Harrow Estate"})
        return body

    def pay(self, invoice: Json, amount: float, **fields: Any) -> Json:
        """A payment to the operating account."""
        body = {"Invoice": {"InvoiceID": invoice["InvoiceID"]}, "Account": {"Code": "090"}, "Amount": amount}
        return self.put("/Payments", {**body, "Date": "2026-11-05", **fields})

    def credit(self, contact_id: str, amount: float, **fields: Any) -> Json:
        """A new AUTHORISED credit note, untaxed."""
        body = {
            "Type": "ACCRECCREDIT",
            "Status": "AUTHORISED",
            "Date": "2026-11-04",
            "Contact": {"ContactID": contact_id},
            "LineItems": [line(Description="Write-off", Quantity=1, UnitAmount=amount)],
        }
        return self.put("/CreditNotes", {**body, **fields})

    def allocate(self, note: Json, invoice: Json, amount: float) -> Json:
        """Set a credit note against an invoice."""
        body = {"Allocations": [{"Invoice": {"InvoiceID": invoice["InvoiceID"]}, "Amount": amount}]}
        return self.put(f"/CreditNotes/{note['CreditNoteID']}/Allocations", body)

    def read(self, invoice: Json) -> Json:
        """The invoice as it is now."""
        (found,) = self.get(f"/Invoices/{invoice['InvoiceID']}?unitdp=4")["Invoices"]
        return dict(found)


def line(**fields: Any) -> Json:
    """A line: 1.5 × 200.00 untaxed on Legal Fees unless told otherwise."""
    body = {"Description": "Drafting", "Quantity": 1.5, "UnitAmount": 200.0, "AccountCode": "201", "TaxType": "NONE"}
    return {**body, **fields}
