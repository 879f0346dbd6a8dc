"""The pages of one stand-in: which address shows what, and how a form becomes a deed and a page again."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import Map, Rule
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from sandbox.web.frame import ASSETS, Frame, View
from sandbox.web.posted import Posted, Said

T = TypeVar("T")
_READING = frozenset({"GET", "HEAD", "OPTIONS"})


class NoSuchPage(LookupError):  # noqa: N818 - reads as what happened
    """The address names nothing that is there."""


@dataclass(frozen=True)
class Visit(Generic[T]):
    """One look at a page: the rooms behind it, where, what the query says, and what became of the last form."""

    room: T
    path: str
    args: Mapping[str, str]
    said: Said


@dataclass(frozen=True)
class Deed:
    """What a form does: `carry_out` takes the room, what was posted and what the address says; it answers the address
    that the person is led to (None: the same page), where `done` is told.
    """

    carry_out: Callable[..., str | None]
    done: str


@dataclass(frozen=True)
class Place:
    """An address (with <int:id> and the like), the page there, and the forms on it by name."""

    path: str
    page: Callable[..., View | Response]
    deeds: Mapping[str, Deed] = field(default_factory=dict)


class Site(Generic[T]):
    """Answers requests for pages. `guard` is held while a page is made, not while a deed is done: that has its own."""

    def __init__(
        self, frame: Frame, room: T, places: Sequence[Place], guard: Callable[[], AbstractContextManager[Any]]
    ) -> None:
        self.frame = frame
        self._room = room
        self._guard = guard
        self._map = Map(
            [Rule(place.path, endpoint=number) for number, place in enumerate(places)],
            strict_slashes=False,
            merge_slashes=False,
        )
        self._places = places
        self._done = {name: deed.done for place in places for name, deed in place.deeds.items()}

    def answer(self, request: Request) -> Response:
        """The page, what a form did there, or the sentence that there is no such page."""
        if request.method not in {"GET", "HEAD", "POST"}:
            return self.frame.message(
                "Not allowed", "Pages are read and their forms are sent; nothing else.", status=405
            )
        if request.path in ASSETS:
            body, kind = ASSETS[request.path]
            return Response(body, content_type=kind, headers={"Cache-Control": "max-age=300"})
        try:
            number, values = self._map.bind("localhost").match(request.path, method="GET")
            place = self._places[number]
            if request.method == "POST":
                return self._post(request, place, values)
            done = self._done.get(request.args.get("done", ""), "")
            return self._page(request, place, values, Said(done=done))
        except (NotFound, MethodNotAllowed, NoSuchPage):
            return self.frame.message("Not found", "The stand-in has no such page.", status=404)

    def _page(self, request: Request, place: Place, values: Mapping[str, Any], said: Said) -> Response:
        with self._guard():
            view = place.page(Visit(self._room, request.path, request.args, said), **values)
        if isinstance(view, Response):
            return view
        if said.message:
            view = replace(view, status=400)
        return self.frame.response(view, said)

    def _post(self, request: Request, place: Place, values: Mapping[str, Any]) -> Response:
        """Do what the form asks for and lead on to a page; a refusal shows the page again with what was typed."""
        posted = Posted(request.form)
        deed = place.deeds.get(posted.form)
        if deed is None:
            return self.frame.message("Not found", "This page has no such form.", status=404)
        try:
            there = deed.carry_out(self._room, posted, **values)
        except ValueError as problem:  # ControlError and FormProblem among them
            said = Said(form=posted.form, about=posted.about, message=str(problem), values=posted.values)
            return self._page(request, place, values, said)
        query = {} if there else {name: value for name, value in request.args.items() if name != "done"}
        return redirect(f"{there or request.path}?{urlencode({**query, 'done': posted.form})}", code=303)


def comes_from_elsewhere(request: Request) -> bool:
    """Whether a write was sent by another site's page, as far as the browser says. Programs send neither header."""
    if request.method in _READING:
        return False
    fetched = request.headers.get("Sec-Fetch-Site", "")
    if fetched:
        return fetched not in {"same-origin", "none"}
    origin = request.headers.get("Origin", "")
    return bool(origin) and origin != request.host_url.rstrip("/")


def refuse_other_sites(frame: Frame) -> Response:
    """403 for a form of another site's page."""
    return frame.message("Refused", "This form was sent by a page of another site.", status=403)
