"""The stand-in Clio as one WSGI app over one invented firm."""

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, fields, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from werkzeug.http import http_date
from werkzeug.wrappers import Request, Response

from sandbox.calls import Call, CallLog
from sandbox.clio import history
from sandbox.clio.actions import ACTIONS, Desk
from sandbox.clio.api import PREFIX, Api
from sandbox.clio.errors import ApiError, bad_token, typed
from sandbox.clio.oauth import APPROVAL_PATH, OAuth
from sandbox.clio.pages import places
from sandbox.clio.pages.room import FRAME
from sandbox.clio.settings import Settings
from sandbox.clio.throttle import Throttle, rate_limited
from sandbox.clock import Clock
from sandbox.control import Control, ControlError
from sandbox.faults import Fault, FaultAnswers, Faults, serve
from sandbox.firm.mix import Mix
from sandbox.firm.store import Missing, Store
from sandbox.firm_data import ACCOUNT_CREATED, build_firm
from sandbox.web.site import comes_from_elsewhere, refuse_other_sites

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class ClioServer:
    """The stand-in Clio: `app` is its WSGI app, `data` its records, `act` changes them as control actions do.

    `clock` is shared with the stand-in Xero. The firm is the same for the same seed, number of bills and day.
    """

    def __init__(
        self,
        *,
        clock: Clock | None = None,
        seed: int = 1,
        bills: int = 200,
        rate_limit: int | None = 50,
        clients: Mapping[str, str] | None = None,
        strict_clients: bool = False,
        mix: Mix | None = None,
        account_created: datetime = ACCOUNT_CREATED,
        data: Callable[[datetime], Store] | None = None,
    ) -> None:
        self.clock = clock or Clock()
        self.faults = Faults()
        self.calls = CallLog()
        self._lock = threading.RLock()
        self._first_settings = Settings(rate_limit=rate_limit)
        self._oauth = OAuth(clients, strict=strict_clients)
        self._throttle = Throttle()
        self._build = data or (
            lambda now: build_firm(seed=seed, bills=bills, now=now, mix=mix, account_created=account_created)
        )
        self.reset()
        act: Callable[[Any], Any] = lambda body: self.act(**body)  # noqa: E731 - a route among others
        self._control = Control(self, {("POST", "actions"): act})
        self._site = places.site(self, lambda: self._lock)
        self._answers = FaultAnswers(
            rate_limited=self._limited, token_expired=lambda: bad_token().response(), failed=_failed
        )

    # What tests use in process

    @property
    def data(self) -> Store:
        """The firm's records."""
        return self._store

    def act(self, action: str, *, as_person: bool = False, **values: Any) -> dict[str, Any]:
        """Carry out a control action; answers the changed record. Raises ControlError for one that cannot be.

        `as_person` refuses also what Clio would refuse to a person (ValueError with the reason).
        """
        carry_out = ACTIONS.get(action)
        if carry_out is None:
            raise ControlError(f"action: {action!r} is not one of {', '.join(sorted(ACTIONS))}")
        with self._lock:
            desk = Desk(self._store, self.settings, self._oauth, self.clock.now(), as_person)
            things = history.named(self._store, values)
            try:
                answer = carry_out(desk, **values)
            except ApiError as error:
                raise ControlError(error.words) from error
            except Missing as error:
                raise ControlError(str(error)) from error
            things += history.answered(action, answer)
            self.history.note(things, action, values, desk.now)
            return answer

    def connected(self) -> list[str]:
        """The applications that hold a consent, once for each consent."""
        with self._lock:
            return self._oauth.connected()

    def reset(self) -> None:
        """Back to the first data, limits and no consents."""
        with self._lock:
            self.settings = replace(self._first_settings)
            self._oauth.reset()
            self._throttle.reset()
            self._store = self._build(self.clock.now())
            self.history = history.History()
            self._api = Api(self._store, self.settings, self._oauth, self._throttle)

    def set_limits(self, **limits: Any) -> dict[str, Any]:
        """Change limits and switches (see Settings). Raises ControlError for an unknown one."""
        known = {field.name for field in fields(Settings)}
        unknown = sorted(set(limits) - known)
        if unknown:
            raise ControlError(f"{unknown[0]} is not one of {', '.join(sorted(known))}")
        with self._lock:
            for name, value in limits.items():
                setattr(self.settings, name, value)
            self._throttle.reset()
            return asdict(self.settings)

    def state(self) -> dict[str, Any]:
        """How many records of each kind there are, and the settings."""
        with self._lock:
            store = self._store
            tables = (store.contacts, store.matters, store.activities, store.bills, store.lines, store.allocations)
            counts = {table.name: len(table) for table in (*tables, store.credit_memos, store.interest_charges)}
            return {"account_id": store.account.id, "records": counts, "settings": asdict(self.settings)}

    # WSGI

    def app(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """The WSGI app."""
        request = Request(environ)
        response = self._answer(request)
        response.headers["Date"] = http_date(self.clock.now())
        return response(environ, start_response)

    def _answer(self, request: Request) -> Response:
        path = request.path
        if path.startswith(PREFIX) or path in {"/oauth/token", "/oauth/deauthorize"}:
            return self._call(request)
        if comes_from_elsewhere(request):
            return refuse_other_sites(FRAME)
        if self._control.handles(path):
            return self._control.answer(request)
        return self._page(request)

    def _call(self, request: Request) -> Response:
        """An API or token call: under its fault, and noted in the call log."""
        request.get_data()  # read before the lock, since a client may be slow
        status = 0
        try:
            response = serve(self.faults.take(request.method, request.path), lambda: self._work(request), self._answers)
            status = response.status_code
        finally:
            self._note(request, status)
        return response

    def _work(self, request: Request) -> Response:
        with self._lock:
            now = self.clock.now()
            if request.path == "/oauth/token" and request.method == "POST":
                return self._oauth.token(request, now=now, life_seconds=self.settings.token_seconds)
            if request.path == "/oauth/deauthorize" and request.method == "POST":
                return self._oauth.deauthorize(request, now=now)
            return self._api.answer(request, now)

    def _note(self, request: Request, status: int) -> None:
        self.calls.record(
            Call(
                time=self.clock.now(),
                method=request.method,
                path=request.path,
                query=request.query_string.decode(),
                status=status,
                elements=1 if request.content_length else 0,
            )
        )

    def _page(self, request: Request) -> Response:
        with self._lock:
            if request.path == "/oauth/authorize":
                return self._oauth.authorize(request, firm=self._store.account.name, now=self.clock.now())
            if request.path == APPROVAL_PATH:
                return self._oauth.approval(request)
        return self._site.answer(request)

    def _limited(self, fault: Fault) -> Response:
        headers = {
            "X-RateLimit-Limit": str(self.settings.rate_limit or 50),
            "X-RateLimit-Remaining": "0",
            "X-RateLimit-Reset": str(int(self.clock.now().timestamp() + fault.seconds)),
        }
        return rate_limited(fault.seconds, headers).response()


def _failed(status: int) -> Response:
    return typed(status, "ServerError", "Something went wrong, as the stand-in was asked to").response()
