"""The official Python SDK pointed at a stand-in Xero, with its silent retries switched off."""

import base64
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
import urllib3
from xero_python.accounting import AccountingApi
from xero_python.api_client import ApiClient
from xero_python.api_client.configuration import Configuration
from xero_python.api_client.oauth2 import OAuth2Token, TokenApi
from xero_python.identity import IdentityApi

from tests.support.xero_stand_in import Xero

REDIRECT = "http://localhost:8000/callback"
SCOPES = (
    "openid profile email offline_access accounting.contacts accounting.invoices accounting.payments"
    " accounting.banktransactions accounting.settings"
)
CLIENT = {"client_id": "xero-demo", "client_secret": "xero-demo-secret"}


@dataclass
class Sdk:
    """The SDK's clients, the tenant and the box in which it keeps its tokens."""

    client: Any
    accounting: Any
    identity: Any
    tenant: str
    box: dict[str, Any]


def log_in(url: str, tenants: list[str]) -> dict[str, Any]:
    """Consent over HTTP, and the code for tokens."""
    form = {
        "response_type": "code",
        "client_id": CLIENT["client_id"],
        "redirect_uri": REDIRECT,
        "scope": SCOPES,
        "state": "s",
        "decision": "allow",
        "organisation": tenants,
    }
    answer = requests.post(f"{url}/identity/connect/authorize", data=form, allow_redirects=False)
    code = parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]
    grant = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT}
    basic = base64.b64encode(f"{CLIENT['client_id']}:{CLIENT['client_secret']}".encode()).decode()
    tokens = requests.post(f"{url}/connect/token", data=grant, headers={"Authorization": f"Basic {basic}"}).json()
    return {**tokens, "scope": tokens["scope"].split(), "expires_at": time.time() + tokens["expires_in"]}


@contextmanager
def sdk_for(xero: Xero, tenants: list[str]) -> Iterator[Sdk]:
    """The SDK logged in for these organisations; its addresses are put back afterwards."""
    before = TokenApi.refresh_token_url, TokenApi.revoke_token_url
    TokenApi.refresh_token_url = f"{xero.url}/connect/token"
    TokenApi.revoke_token_url = f"{xero.url}/connect/revocation"
    client = ApiClient(Configuration(oauth2_token=OAuth2Token(**CLIENT)), pool_threads=1)
    no_retries = urllib3.Retry(0, respect_retry_after_header=False, raise_on_status=False)
    client.rest_client.pool_manager.connection_pool_kw["retries"] = no_retries
    box = log_in(xero.url, tenants)
    client.oauth2_token_getter(lambda: box)
    client.oauth2_token_saver(box.update)
    try:
        yield Sdk(
            client=client,
            accounting=AccountingApi(client, base_url=f"{xero.url}/api.xro/2.0"),
            identity=IdentityApi(client, base_url=xero.url),
            tenant=tenants[0],
            box=box,
        )
    finally:
        TokenApi.refresh_token_url, TokenApi.revoke_token_url = before
