"""What a button answers: back to the page it stands on, or, to a page that refreshes itself, what happened."""

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from syncengine.views.returning import back_to

#: The page that hears it asks for what is shown there anew; the form that did it begins anew where it worked.
_CHANGED, _ACTED = "problems-changed", "problems-changed, problem-acted"


def acted(request: HttpRequest, *, otherwise: str, worked: bool = True) -> HttpResponseBase:
    """Answer a form whose outcome stands in Django's messages. `otherwise`: the page to lead to without `back`.

    `worked`: something was done, so that what was typed is no longer needed.
    """
    if request.headers.get("HX-Request"):
        answer = render(request, "syncengine/_answer.html")
        answer["HX-Trigger"] = _ACTED if worked else _CHANGED
        return answer
    return back_to(request, otherwise=otherwise)
