"""Where a button leads back to."""

from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme


def back_to(request: HttpRequest, *, otherwise: str) -> HttpResponseRedirect:
    """To the page that the form names in `back`, a path of this site; else to the page named `otherwise`.

    To its top, where the answer stands.
    """
    asked = request.POST.get("back", "")
    here = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return redirect(asked if here else otherwise)
