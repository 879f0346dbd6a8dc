"""The consent page, and pages of one sentence."""

from collections.abc import Iterable, Mapping

from werkzeug.wrappers import Response

from sandbox.web.frame import View
from sandbox.web.html import Html, tag
from sandbox.xero.books import Books
from sandbox.xero.grants import User
from sandbox.xero.pages.room import FRAME


def message(title: str, text: str, *, status: int = 200) -> Response:
    """A page with one sentence."""
    return FRAME.message(title, text, status=status)


def consent(asked: Mapping[str, str], organisations: list[Books], users: Iterable[User], problem: str = "") -> Response:
    """Who logs in, which organisations, which scopes; allow or decline. Only the first organisation is ticked."""
    who = [
        _choice("radio", "user", user.email, f"{user.name} ({user.email})", on=place == 0)
        for place, user in enumerate(users)
    ]
    which = [
        _choice("checkbox", "organisation", books.tenant_id, books.profile.name, on=place == 0)
        for place, books in enumerate(organisations)
    ]
    form = tag(
        "form",
        [tag("input", type="hidden", name=name, value=value) for name, value in asked.items()],
        tag("fieldset", tag("legend", "Log in as"), who),
        tag("fieldset", tag("legend", "Organisations to connect"), which),
        tag("p", "It will be able to use:"),
        tag("ul", [tag("li", tag("code", scope)) for scope in asked["scope"].split()]),
        tag("button", "Allow access", name="decision", value="allow"),
        " ",
        tag("button", "Cancel", name="decision", value="decline"),
        method="post",
    )
    said = (
        f"{asked['client_id']} asks for access. This page belongs to a stand-in for tests and demos: no password is "
        "asked for and no real books are behind it."
    )
    alert = tag("p", problem, class_="refused", role="alert") if problem else None
    view = View("Connect an organisation", [tag("p", said), alert, form], status=400 if problem else 200)
    return FRAME.response(view)


def _choice(kind: str, name: str, value: str, text: str, *, on: bool) -> Html:
    box = tag("input", type=kind, name=name, value=value, checked=on)
    return tag("p", tag("label", box, " ", text))
