"""The pages around connecting an application, and where deep links lead."""

from collections.abc import Mapping

from werkzeug.wrappers import Response

from sandbox.clio.pages.room import FRAME, view
from sandbox.web.frame import FOLLOW, View
from sandbox.web.html import link, tag
from sandbox.web.site import Visit


def message_page(title: str, text: str, *, status: int = 200) -> Response:
    """A page that says one thing."""
    return FRAME.message(title, text, status=status)


def approval_page(code: str) -> Response:
    """Shows an authorization code."""
    return FRAME.response(View("Authorized", [tag("p", "Your code:"), tag("p", tag("code", code, id="code"))]))


def consent_page(firm: str, client_id: str, params: Mapping[str, str]) -> Response:
    """Asks whether an application may see the firm's data; posts the answer back."""
    asked = tag(
        "p",
        "The application ",
        tag("strong", client_id),
        " asks to see and change the data of ",
        tag("strong", firm),
        ".",
    )
    form = tag(
        "form",
        [tag("input", type="hidden", name=name, value=value) for name, value in params.items()],
        tag("button", "Allow access", name="decision", value="allow"),
        " ",
        tag("button", "Decline", name="decision", value="decline"),
        method="post",
        action="/oauth/authorize",
    )
    return FRAME.response(View("Connect an application", [asked, form]))


def deep_link(_visit: Visit[object]) -> View:
    """/nc/: where links to bills and contacts lead; a script goes on to the one that the address names."""
    shown = view(
        "Where to?",
        tag(
            "p",
            "The address names its bill or contact after the #, which only a script can read. Without it: ",
            link("/", "bills"),
            ", ",
            link("/stand-in/contacts", "contacts"),
            ".",
        ),
    )
    return View(shown.title, shown.body, ways=shown.ways, scripts=(FOLLOW,))
