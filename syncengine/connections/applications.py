"""This installation as an application of Clio and Xero, from the settings."""

from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import Region
from syncengine.clio.oauth import ClioOAuth
from syncengine.connections.errors import NotSetUp
from syncengine.xero.oauth import XeroOAuth

#: Clio's hosts (C 1.1); CLIO_URL takes the place of all of them.
_CLIO_HOSTS: Final[dict[str, str]] = {
    Region.US: "https://app.clio.com",
    Region.CA: "https://ca.app.clio.com",
    Region.EU: "https://eu.app.clio.com",
    Region.AU: "https://au.app.clio.com",
}


def clio_web_url(region: str) -> str:
    """Where the Clio accounts of a region live, for people and for calls; no slash at the end."""
    own: str | None = settings.CLIO_URL
    return own or _CLIO_HOSTS[region]


def clio_regions() -> list[str]:
    """The regions for which this installation has an application (C 1.2)."""
    return [region for region in _CLIO_HOSTS if settings.CLIO_APPS[region].client_id]


def clio_application(region: str) -> ClioOAuth:
    """The application at one of Clio's regions.

    Raises:
        NotSetUp: the region is unknown, or the operator has set no application for it.
    """
    if region not in clio_regions():
        raise NotSetUp(
            _("Clio cannot be connected in this region: choose another, or ask the operator to set CLIO_CLIENT_ID.")
        )
    app = settings.CLIO_APPS[region]
    return ClioOAuth(base_url=clio_web_url(region), client_id=app.client_id, client_secret=app.client_secret)


def xero_application() -> XeroOAuth:
    """The application at Xero.

    Raises:
        NotSetUp: the operator has set none.
    """
    if not settings.XERO_CLIENT_ID:
        raise NotSetUp(_("Xero cannot be connected yet: ask the operator to set XERO_CLIENT_ID."))
    return XeroOAuth(
        login_url=settings.XERO_LOGIN_URL,
        identity_url=settings.XERO_IDENTITY_URL,
        api_url=settings.XERO_API_URL,
        client_id=settings.XERO_CLIENT_ID,
        client_secret=settings.XERO_CLIENT_SECRET,
    )
