"""The control API that both stand-ins answer under /control/. It stands outside the APIs they imitate.

    POST reset          start anew: first data, no faults, no calls, real time, limits as at the start
    GET  clock          {"now": "…"}
    POST clock          {"advance": seconds} or {"set": "2026-05-04T09:30:00+00:00"}
    GET  faults         those still to come
    POST faults         one fault ({"kind": "lose_answer", …}) or a list of them
    DELETE faults       forget those still to come
    GET  calls          counts, and the newest calls
    DELETE calls        forget them
    POST limits         the server's own limits and switches
    GET  state          what the server holds, for tests

A server adds its own routes beside these. What a page of another site sends is refused before it comes here.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Request, Response

from sandbox.answers import json_response
from sandbox.calls import CallLog
from sandbox.clock import Clock
from sandbox.faults import Fault, Faults

PREFIX = "/control/"
Route = Callable[[Any], Any]


class ControlError(ValueError):
    """A control call that cannot be carried out; the message says why."""


class Controlled(Protocol):
    """What a server must offer to be controlled."""

    @property
    def clock(self) -> Clock: ...
    @property
    def faults(self) -> Faults: ...
    @property
    def calls(self) -> CallLog: ...

    def reset(self) -> None:
        """Back to the first data, limits and tokens."""

    def set_limits(self, **limits: Any) -> dict[str, Any]:
        """Change limits and switches; answers all of them. Raises ControlError for an unknown one."""

    def state(self) -> dict[str, Any]:
        """What the server holds, as plain values."""


class Control:
    """Answers /control/… for one server. `extra` maps ("POST", "actions") and the like to handlers of the body."""

    def __init__(self, server: Controlled, extra: Mapping[tuple[str, str], Route] | None = None) -> None:
        self._server = server
        self._routes: dict[tuple[str, str], Route] = {
            ("POST", "reset"): self._reset,
            ("GET", "clock"): lambda _: self._clock(),
            ("POST", "clock"): self._move_clock,
            ("GET", "faults"): lambda _: server.faults.pending(),
            ("POST", "faults"): self._add_faults,
            ("DELETE", "faults"): self._clear_faults,
            ("GET", "calls"): lambda _: server.calls.as_json(),
            ("DELETE", "calls"): self._clear_calls,
            ("POST", "limits"): lambda body: server.set_limits(**body),
            ("GET", "state"): lambda _: server.state(),
            **(extra or {}),
        }

    def handles(self, path: str) -> bool:
        """Whether the path is one of the control API's."""
        return path.startswith(PREFIX)

    def answer(self, request: Request) -> Response:
        """Carry out a control call: 200 with what it changed, 400 with what is wrong, 404 for an unknown one."""
        route = self._routes.get((request.method, request.path[len(PREFIX) :].strip("/")))
        if route is None:
            return json_response({"error": f"No control call {request.method} {request.path}"}, status=404)
        try:
            body = request.get_json(force=True) if request.get_data() else {}
            return json_response(route(body))
        except (BadRequest, TypeError, ValueError, KeyError) as error:
            return json_response({"error": str(error)}, status=400)

    def _reset(self, _body: Any) -> dict[str, Any]:
        self._server.faults.clear()
        self._server.calls.reset()
        self._server.clock.reset()
        self._server.reset()
        return {"reset": True}

    def _clock(self) -> dict[str, str]:
        return {"now": self._server.clock.now().isoformat()}

    def _move_clock(self, body: Mapping[str, Any]) -> dict[str, str]:
        if "set" in body:
            self._server.clock.set(datetime.fromisoformat(body["set"]))
        if "advance" in body:
            self._server.clock.advance(float(body["advance"]))
        return self._clock()

    def _add_faults(self, body: Any) -> list[dict[str, Any]]:
        for asked in body if isinstance(body, list) else [body]:
            self._server.faults.add(Fault(**asked))
        return self._server.faults.pending()

    def _clear_faults(self, _body: Any) -> dict[str, Any]:
        self._server.faults.clear()
        return {"cleared": True}

    def _clear_calls(self, _body: Any) -> dict[str, Any]:
        self._server.calls.reset()
        return {"cleared": True}
