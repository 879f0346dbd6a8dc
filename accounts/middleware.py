"""Puts the firm that a person works in on the request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from accounts.access import request_access
from accounts.models import Firm


class CurrentFirmMiddleware:
    """Sets `request.access` and `request.firm`, read when first looked at (one query), empty for nobody's requests.

    Templates may ask for both on any page; views get them, as plain values, from the decorators of `accounts.access`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Attach the two and go on."""

        def firm() -> Firm | None:
            access = request_access(request)
            return access.firm if access else None

        request.access = SimpleLazyObject(lambda: request_access(request))  # type: ignore[attr-defined]
        request.firm = SimpleLazyObject(firm)  # type: ignore[attr-defined]
        return self.get_response(request)
