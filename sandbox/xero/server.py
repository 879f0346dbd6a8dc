"""The stand-in Xero as one WSGI app: API, login and identity together."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import asdict, fields, replace
from typing import TYPE_CHECKING, Any

from werkzeug.http import http_date
from werkzeug.wrappers import Request, Response

from sandbox.answers import json_response
from sandbox.calls import Call, CallLog
from sandbox.clock import Clock
from sandbox.control import Control, ControlError
from sandbox.faults import Faults, serve
from sandbox.web.site import comes_from_elsewhere, refuse_other_sites
from sandbox.xero import dump, oauth, routes, seeds
from sandbox.xero.actions import ACTIONS, OUTSIDE_THE_LOCK
from sandbox.xero.books import Books
from sandbox.xero.desk import Desk
from sandbox.xero.gateway import Gateway, Turned
from sandbox.xero.grants import Connection, Grants
from sandbox.xero.idempotency import IdempotencyStore
from sandbox.xero.pages import places
from sandbox.xero.pages.room import FRAME
from sandbox.xero.problems import Refused, XeroProblem
from sandbox.xero.settings import Settings
from sandbox.xero.throttle import RateLimited, Throttle
from sandbox.xero.webhooks import Webhooks

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

CLIENTS = {"xero-demo": "xero-demo-secret"}
_CALLS = (routes.PREFIX, oauth.TOKEN, oauth.REVOCATION, oauth.CONNECTIONS, "/Connections")
_SWITCHES = ("voided_numbers_held", "approved_per_month")


class XeroServer:
    """The stand-in Xero: `app` is its WSGI app, `act` does what people do in Xero, `state` tells what it holds.

    `clock` is shared with the stand-in Clio. Organisations and ids are the same for the same seed. `limits` are those
    of Settings (per_minute, per_day, concurrent, app_per_minute, …; None: no limit).
    """

    def __init__(
        self, *, clock: Clock | None = None, seed: int = 1, clients: Mapping[str, str] | None = None, **limits: Any
    ) -> None:
        self.clock = clock or Clock()
        self.faults = Faults()
        self.calls = CallLog()
        self.clients = dict(CLIENTS if clients is None else clients)
        self._seed = seed
        self._first_settings = Settings(**limits)
        self.reset()
        self._control = Control(self, {("POST", "actions"): lambda body: self.act(**body)})
        self._site = places.site(self, self._all_locked)

    # What tests use in process

    def reset(self) -> None:
        """Back to the first organisations, limits and no consents."""
        self.settings = replace(self._first_settings)
        self.organisations = seeds.organisations(self.clock, self._seed)
        by_id = {books.tenant_id: books for books in self.organisations}
        self._grants = Grants(self._seed)
        self._throttle = Throttle(self.settings)
        self.webhooks = Webhooks(self.organisations)
        self._oauth = oauth.OAuth(self._grants, self.clients, self.organisations, self.clock)
        self._gateway = Gateway(
            clock=self.clock,
            grants=self._grants,
            throttle=self._throttle,
            store=IdempotencyStore(),
            organisations=by_id,
        )
        self._pass_on_switches()

    def set_limits(self, **limits: Any) -> dict[str, Any]:
        """Change limits and switches (see Settings); windows start anew. Raises ControlError for an unknown one."""
        known = [field.name for field in fields(Settings)]
        unknown = sorted(set(limits) - set(known))
        if unknown:
            raise ControlError(f"{unknown[0]} is not one of {', '.join(known)}")
        for name, value in limits.items():
            setattr(self.settings, name, value)
        self._throttle.reset()
        self._pass_on_switches()
        return asdict(self.settings)

    def _pass_on_switches(self) -> None:
        for books in self.organisations:
            for name in _SWITCHES:
                setattr(books, name, getattr(self.settings, name))

    def books(self, tenant: str = "") -> Books:
        """An organisation by tenant id or the start of its name; the first one by default. Raises ControlError."""
        for books in self.organisations:
            if tenant in {"", books.tenant_id} or books.profile.name.lower().startswith(tenant.lower()):
                return books
        raise ControlError(f"tenant: there is no {tenant!r}")

    @property
    def tenants(self) -> list[str]:
        """The ids of the organisations, the first one first."""
        return [books.tenant_id for books in self.organisations]

    def dump(self, tenant: str = "") -> dict[str, Any]:
        """Everything one organisation holds, in Xero's field names (see dump.whole)."""
        books = self.books(tenant)
        with books.lock:
            return dump.whole(books)

    def act(self, action: str, *, tenant: str = "", **values: Any) -> dict[str, Any]:
        """Do what a person does in Xero; answers the changed thing in Xero's field names.

        Raises ControlError for an unknown action, for things that are not there, and with Xero's words where Xero
        refuses it to people too.
        """
        carry_out = ACTIONS.get(action)
        if carry_out is None:
            raise ControlError(f"action: {action!r} is not one of {', '.join(sorted(ACTIONS))}")
        books = self.books(tenant)
        desk = Desk(books, self._grants, self._throttle, self.webhooks, self.set_limits)
        try:
            with nullcontext() if action in OUTSIDE_THE_LOCK else books.lock:
                answer = carry_out(desk, **values)
        except Refused as refused:
            raise ControlError(" ".join(refused.messages)) from refused
        except XeroProblem as problem:
            raise ControlError(str(problem)) from problem
        self.webhooks.nudge()
        return answer

    def connections(self, tenant: str) -> Sequence[Connection]:
        """Who connected which application to an organisation."""
        return self._grants.of_tenant(tenant)

    def state(self, tenant: str | None = None) -> dict[str, Any]:
        """Everything one organisation holds, or a summary of all of them."""
        if tenant is not None:
            return self.dump(tenant)
        found = []
        for books in self.organisations:
            with books.lock:
                found.append(dump.summary(books))
        return {"organisations": found, "settings": asdict(self.settings)}

    # WSGI

    def app(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """The WSGI app."""
        request = Request(environ)
        response = self._answer(request)
        response.headers["Date"] = http_date(self.clock.now())
        return response(environ, start_response)

    def _answer(self, request: Request) -> Response:
        path = request.path
        if any(path == start or path.startswith(f"{start}/") for start in _CALLS):
            return self._call(request)
        if comes_from_elsewhere(request):
            return refuse_other_sites(FRAME)
        if path.rstrip("/") == "/control/state" and "tenant" in request.args:
            return self._state(request.args["tenant"])
        if self._control.handles(path):
            return self._control.answer(request)
        return self._page(request)

    def _state(self, tenant: str) -> Response:
        try:
            return json_response(self.state(tenant))
        except ControlError as error:
            return json_response({"error": str(error)}, status=400)

    def _call(self, request: Request) -> Response:
        """A call under its fault, noted in the call log; a lost answer is noted with status 0."""
        request.get_data()
        counted: list[int] = []
        status = 0
        fault = self.faults.take(request.method, request.path)
        try:
            if request.path.startswith(f"{routes.PREFIX}/"):
                response = self._gateway.answer(request, fault, counted)
            else:
                response = serve(fault, lambda: self._identity(request), self._gateway.answers)
            status = response.status_code
        finally:
            self._note(request, status, sum(counted))
            if counted:
                self.webhooks.nudge()
        return response

    def _note(self, request: Request, status: int, elements: int) -> None:
        self.calls.record(
            Call(
                time=self.clock.now(),
                method=request.method,
                path=request.path,
                query=request.query_string.decode(),
                status=status,
                elements=elements,
            )
        )

    def _identity(self, request: Request) -> Response:
        """Tokens and connections."""
        if request.path == oauth.TOKEN and request.method == "POST":
            return self._oauth.token(request)
        if request.path == oauth.REVOCATION and request.method == "POST":
            return self._oauth.revoke(request)
        if request.path in {oauth.TOKEN, oauth.REVOCATION}:
            return Response(b"", status=405)
        try:
            access = self._gateway.bearer(request)
            headers = self._throttle.enter_app(access.consent.client_id, self.clock.now())
        except Turned as turned:
            return turned.response
        except RateLimited as limited:
            return limited.response
        response = Response(b"", status=405)
        connection_id = request.path[len(oauth.CONNECTIONS) :].strip("/")
        if request.method == "GET" and not connection_id:
            response = self._oauth.connections(request, access)
        elif request.method == "DELETE" and connection_id:
            response = self._oauth.disconnect(connection_id, access)
        response.headers.update(headers)
        return response

    def _page(self, request: Request) -> Response:
        if request.path == oauth.AUTHORIZE and request.method in {"GET", "POST"}:
            return self._oauth.authorize(request)
        return self._site.answer(request)

    @contextmanager
    def _all_locked(self) -> Iterator[None]:
        """Every organisation's lock, in their order: a page is of one moment."""
        with ExitStack() as stack:
            for books in self.organisations:
                stack.enter_context(books.lock)
            yield
