"""The frame around every page: the label that it is a stand-in, the ways to go, the notice of what was just done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from werkzeug.wrappers import Response

from sandbox.web.html import Child, Html, link, tag, together
from sandbox.web.posted import Said

_HERE = Path(__file__).resolve().parent
STYLE = "/stand-in/style.css"
FOLLOW = "/stand-in/follow.js"
ASSETS = {
    STYLE: ((_HERE / "style.css").read_bytes(), "text/css; charset=utf-8"),
    FOLLOW: ((_HERE / "follow.js").read_bytes(), "text/javascript; charset=utf-8"),
}
_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src data:; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True)
class View:
    """What a page says. `ways` are (address, text) of the pages beside it; `here` is the one it is in."""

    title: str
    body: Child
    ways: Sequence[tuple[str, str]] = ()
    here: str = ""
    above: str = ""
    status: int = 200
    scripts: Sequence[str] = field(default=())


@dataclass(frozen=True)
class Frame:
    """One stand-in's frame: `label` says what it is not, `kind` is its class in the stylesheet."""

    label: str
    kind: str

    def response(self, view: View, said: Said | None = None) -> Response:
        """The whole page."""
        head = tag(
            "head",
            tag("meta", charset="utf-8"),
            tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
            tag("title", f"{view.title} · {self.label}"),
            tag("link", rel="icon", href="data:,"),
            tag("link", rel="stylesheet", href=STYLE),
            [tag("script", src=script, defer=True) for script in view.scripts],
        )
        body = tag(
            "body",
            tag("a", "To the content", href="#content", class_="skip"),
            tag("header", tag("strong", self.label), " ", "Invented data for trying things out. Nothing here is real."),
            self._ways(view),
            tag(
                "main",
                tag("p", view.above, class_="above") if view.above else None,
                tag("h1", view.title),
                _notice(said or Said()),
                view.body,
                id="content",
            ),
            class_=self.kind,
        )
        html = together(Html("<!doctype html>"), tag("html", head, body, lang="en"))
        return Response(html, status=view.status, headers=dict(_HEADERS), content_type="text/html; charset=utf-8")

    def message(self, title: str, text: str, *, status: int = 200) -> Response:
        """A page that says one thing."""
        return self.response(View(title, tag("p", text), status=status))

    @staticmethod
    def _ways(view: View) -> Html | None:
        if not view.ways:
            return None
        links = [
            tag("a", text, href=address, aria_current="page" if address == view.here else None)
            for address, text in view.ways
        ]
        return tag("nav", links, class_="ways", aria_label="Pages")


def _notice(said: Said) -> Html | None:
    """What was done; or what was refused, with the way to the form that says so too."""
    if said.done:
        return tag("p", said.done, class_="done", role="status")
    if not said.message:
        return None
    form_id = f"{said.form}-{said.about}" if said.about else said.form
    return tag("p", "Not done: ", said.message, " ", link(f"#{form_id}", "To the form"), class_="refused", role="alert")
