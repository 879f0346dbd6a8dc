"""Addresses of bills and contacts in Clio, and of their documents in Xero, for a person to open."""

from dataclasses import dataclass
from urllib.parse import quote

from django.conf import settings

from syncengine.connections import clio_web_url
from syncengine.models import Link

_XERO_LOGIN = "https://login.xero.com"
_XERO_WEB = "https://go.xero.com"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where this firm's records are looked at. Empty text where there is nothing to open."""

    clio_web: str

    def in_clio(self, *, kind: str, clio_id: int | None) -> str:
        """The record's page in Clio."""
        if not self.clio_web or clio_id is None:
            return ""
        if kind == Link.Kind.INVOICE:
            return f"{self.clio_web}/nc/#/bills/{clio_id}"
        return f"{self.clio_web}/nc/#/contacts/{clio_id}" if kind == Link.Kind.CONTACT else ""

    def in_xero(self, *, kind: str, xero_id: str | None) -> str:
        """The document's page in Xero; on the servers that XERO_LOGIN_URL names where those are not Xero's own."""
        if not xero_id:
            return ""
        there = quote(xero_id, safe="")
        own = settings.XERO_LOGIN_URL.rstrip("/")
        if kind == Link.Kind.INVOICE:
            path = f"{_XERO_WEB}/AccountsReceivable/View.aspx?InvoiceID={there}"
            return path if own == _XERO_LOGIN else f"{own}/app/invoice/{there}"
        if kind == Link.Kind.CONTACT:
            return f"{_XERO_WEB}/Contacts/View/{there}" if own == _XERO_LOGIN else f"{own}/app/contact/{there}"
        return ""


def addresses_for(region: str) -> Addresses:
    """The addresses of a firm whose Clio account lives in this region; no region, no links to Clio."""
    return Addresses(clio_web=clio_web_url(region) if region else "")
