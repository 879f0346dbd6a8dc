"""Addresses of bills and contacts in Clio, and of their documents in Xero, for a person to open."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from django.conf import settings

from syncengine.connections import clio_web_url
from syncengine.models import Link

_XERO_LOGIN = "https://login.xero.com"
_XERO_WEB = "https://go.xero.com"
#: Kind → where Xero shows it (developer.xero.com, deep links). Payments are shown on their invoice.
_XERO_PATHS: Final[Mapping[str, str]] = {
    Link.Kind.INVOICE: "/AccountsReceivable/View.aspx?InvoiceID=",
    Link.Kind.INTEREST: "/AccountsReceivable/View.aspx?InvoiceID=",
    Link.Kind.CONTACT: "/Contacts/View/",
    Link.Kind.CREDIT_NOTE: "/AccountsReceivable/ViewCreditNote.aspx?creditNoteID=",
    "spend_money": "/Bank/ViewTransaction.aspx?bankTransactionID=",
}
#: The same on a server of one's own, which shows less.
_OWN_PATHS: Final[Mapping[str, str]] = {
    Link.Kind.INVOICE: "/app/invoice/",
    Link.Kind.INTEREST: "/app/invoice/",
    Link.Kind.CONTACT: "/app/contact/",
}


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where this firm's records are looked at. Empty text where there is nothing to open."""

    clio_web: str

    def in_clio(self, *, kind: str, clio_id: int | None, bill_id: int | None = None) -> str:
        """The record's page in Clio; what stands on a bill is looked at there."""
        if not self.clio_web:
            return ""
        if kind == Link.Kind.CONTACT and clio_id is not None:
            return f"{self.clio_web}/nc/#/contacts/{clio_id}"
        bill = clio_id if kind == Link.Kind.INVOICE else bill_id
        return f"{self.clio_web}/nc/#/bills/{bill}" if bill is not None else ""

    def in_xero(self, *, kind: str, xero_id: str | None) -> str:
        """The document's page in Xero; on the servers that XERO_LOGIN_URL names where those are not Xero's own."""
        own = settings.XERO_LOGIN_URL.rstrip("/")
        base, paths = (_XERO_WEB, _XERO_PATHS) if own == _XERO_LOGIN else (own, _OWN_PATHS)
        path = paths.get(kind)
        return f"{base}{path}{quote(xero_id, safe='')}" if xero_id and path else ""


def addresses_for(region: str) -> Addresses:
    """The addresses of a firm whose Clio account lives in this region; no region, no links to Clio."""
    return Addresses(clio_web=clio_web_url(region) if region else "")
