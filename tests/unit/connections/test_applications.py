"""This installation as an application of Clio and Xero."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from accounts.models import Firm
from clioxero.environment import OAuthApp
from syncengine.connections import NotSetUp, begin_clio, clio_regions, clio_web_url
from syncengine.connections.applications import clio_application, xero_application

NONE = OAuthApp(client_id="", client_secret="")
FIRM = Firm(pk=1, name="Hale & Partners")


@pytest.fixture
def _only_europe(settings: Any) -> None:
    app = OAuthApp(client_id="of-europe", client_secret="secret")
    settings.CLIO_URL = None
    settings.CLIO_APPS = {"us": NONE, "ca": NONE, "eu": app, "au": NONE}


@pytest.mark.parametrize(
    ("region", "host"),
    [
        ("us", "https://app.clio.com"),
        ("ca", "https://ca.app.clio.com"),
        ("eu", "https://eu.app.clio.com"),
        ("au", "https://au.app.clio.com"),
    ],
)
def test_a_region_has_its_own_host(settings: Any, region: str, host: str) -> None:
    settings.CLIO_URL = None
    assert clio_web_url(region) == host
    assert clio_application(region).base_url == host


def test_clio_url_takes_the_place_of_every_host(settings: Any) -> None:
    settings.CLIO_URL = "http://localhost:9001"
    assert {clio_web_url(region) for region in ("us", "ca", "eu", "au")} == {"http://localhost:9001"}


@pytest.mark.usefixtures("_only_europe")
def test_a_region_without_an_application_is_not_served() -> None:
    assert clio_regions() == ["eu"]
    assert clio_application("eu").client_id == "of-europe"
    with pytest.raises(NotSetUp):
        clio_application("us")


@pytest.mark.usefixtures("_only_europe")
def test_a_region_that_does_not_exist_is_not_served() -> None:
    with pytest.raises(NotSetUp):
        clio_application("mars")


@pytest.mark.usefixtures("_only_europe")
def test_clio_is_asked_to_send_a_refusal_back(settings: Any) -> None:
    url, state = begin_clio(firm=FIRM, region="eu", redirect_uri="http://localhost:8000/connections/clio/callback/")
    parts = urlsplit(url)
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == "https://eu.app.clio.com/oauth/authorize"
    assert parse_qs(parts.query) == {
        "response_type": ["code"],
        "client_id": ["of-europe"],
        "redirect_uri": ["http://localhost:8000/connections/clio/callback/"],
        "state": [state],
        "redirect_on_decline": ["true"],
    }


def test_xero_needs_an_application(settings: Any) -> None:
    settings.XERO_CLIENT_ID = ""
    with pytest.raises(NotSetUp):
        xero_application()
