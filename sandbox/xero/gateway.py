"""What stands before the accounting API: token, organisation, limits, scopes, idempotency, faults."""

from collections.abc import Mapping
from datetime import datetime
from uuid import uuid4

from werkzeug.wrappers import Request, Response

from sandbox.answers import json_response
from sandbox.clock import Clock
from sandbox.faults import Fault, FaultAnswers, serve
from sandbox.xero import envelope, routes
from sandbox.xero.books import Books
from sandbox.xero.grants import Access, Grants
from sandbox.xero.idempotency import CallKey, IdempotencyStore, call_key
from sandbox.xero.problems import MediaTypeUnsupported, XeroProblem
from sandbox.xero.request import ApiCall
from sandbox.xero.throttle import RateLimited, Throttle, empty_429

LARGEST_BODY = 10 * 1024 * 1024
WRITES = frozenset({"POST", "PUT", "PATCH"})


class Turned(Exception):  # noqa: N818 - an answer, no fault of the stand-in
    """The call goes no further; `response` says why."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response


class Gateway:
    """Lets calls through to the organisations' books. Holds no book's lock while it sleeps for a fault."""

    def __init__(
        self,
        *,
        clock: Clock,
        grants: Grants,
        throttle: Throttle,
        store: IdempotencyStore,
        organisations: Mapping[str, Books],
    ) -> None:
        self._clock = clock
        self._grants = grants
        self._throttle = throttle
        self._store = store
        self._organisations = organisations
        self.answers = FaultAnswers(
            rate_limited=self._rate_limited, token_expired=lambda: expired(clock.now()), failed=failed
        )

    def answer(self, request: Request, fault: Fault | None, counted: list[int]) -> Response:
        """Answer an API call under a fault; `counted` gets the number of elements. Raises AnswerLost."""
        if fault is not None and fault.kind in {"rate_limit", "expire_token", "html_403"}:
            return serve(fault, Response, self.answers)
        try:
            access = self.bearer(request)
            books = self._tenant(request, access)
            headers = self._throttle.enter(books.tenant_id, access.consent.client_id, self._clock.now())
        except Turned as turned:
            return turned.response
        except RateLimited as limited:
            return limited.response
        try:
            response = self._let_through(request, fault, access, books, counted)
        finally:
            self._throttle.leave(books.tenant_id)
        response.headers.update(headers)
        return response

    def bearer(self, request: Request) -> Access:
        """What the call's access token allows. Raises Turned: missing, unknown or expired (X 6.35)."""
        given = request.authorization
        token = given.token if given is not None and given.type == "bearer" else None
        access = self._grants.access(token) if token else None
        if access is None:
            raise Turned(_gate_problem(401, "Unauthorized", "AuthenticationUnsuccessful"))
        if self._clock.now() >= access.expires:
            raise Turned(expired(access.expires))
        return access

    def _tenant(self, request: Request, access: Access) -> Books:
        """The organisation of the xero-tenant-id header. Raises Turned where it is not connected (X 6.36)."""
        tenant_id = request.headers.get("xero-tenant-id", "").lower()
        books, consent = self._organisations.get(tenant_id), access.consent
        if books is None or self._grants.connection(consent.user_id, consent.client_id, tenant_id) is None:
            raise Turned(_gate_problem(403, "Forbidden", "AuthenticationUnsuccessful"))
        return books

    def _let_through(
        self, request: Request, fault: Fault | None, access: Access, books: Books, counted: list[int]
    ) -> Response:
        try:
            found = routes.find(request.path, request.method)
            _check_scope(found.scopes, access)
            _check_form(request)
            call = ApiCall(
                books=books,
                method=request.method,
                args=request.args,
                body=request.get_data(),
                modified_since=request.headers.get("If-Modified-Since", ""),
                counted=counted,
            )
            key = _key(request, access, books)
            return self._once(found, call, key, fault)
        except XeroProblem as error:
            return envelope.problem(error)
        except Turned as turned:
            return turned.response

    def _once(self, found: routes.Found, call: ApiCall, key: CallKey | None, fault: Fault | None) -> Response:
        """Do the work, under its key where it has one, and act out the fault. Raises XeroProblem."""
        if key is None:
            return serve(fault, lambda: _run(found, call), self.answers)
        now = self._clock.now()
        if fault is not None and fault.kind in {"status", "status_after"}:
            # an answer of the service itself, so it is kept and given again under the key (X 11.1)
            return self._store.run(key, now, lambda: serve(fault, lambda: _run(found, call), self.answers))
        return serve(fault, lambda: self._store.run(key, now, lambda: _run(found, call)), self.answers)

    def _rate_limited(self, fault: Fault) -> Response:
        wait = int(fault.seconds) if fault.seconds else None
        used_up = {
            "minute": "X-MinLimit-Remaining",
            "day": "X-DayLimit-Remaining",
            "appminute": "X-AppMinLimit-Remaining",
        }
        headers = {used_up[fault.problem]: "0"} if fault.problem in used_up else {}
        return empty_429(fault.problem, wait, headers)


def _run(found: routes.Found, call: ApiCall) -> Response:
    with call.books.lock:
        try:
            return found.run(call)
        except XeroProblem as error:
            return envelope.problem(error)


def _key(request: Request, access: Access, books: Books) -> CallKey | None:
    """The Idempotency-Key of a write (X 11.1)."""
    text = request.headers.get("Idempotency-Key", "")
    if not text or request.method not in WRITES:
        return None
    address = request.full_path.encode()
    parts = (request.method.encode(), address, books.tenant_id.encode(), request.get_data())
    return call_key(access.consent.client_id, text, *parts)


def _check_scope(needed: tuple[str, ...], access: Access) -> None:
    """Whether the token has one of the scopes. Raises Turned with 401 insufficient_scope (X 6.37)."""
    if not set(needed) & set(access.consent.scopes):
        response = _gate_problem(401, "Unauthorized", "AuthorizationUnsuccessful")
        response.headers["WWW-Authenticate"] = f'Bearer error="insufficient_scope", scope="{needed[0]}"'
        raise Turned(response)


def _check_form(request: Request) -> None:
    """JSON both ways, and not too much of it. Raises Turned, MediaTypeUnsupported.

    Xero answers XML unless JSON is asked for (X 1.3). The stand-in has no XML and says so with 406.
    """
    if "application/json" not in request.headers.get("Accept", "").lower():
        text = "Xero answers XML unless the header Accept: application/json is sent; the stand-in answers JSON alone."
        raise Turned(Response(text, status=406, content_type="text/plain; charset=utf-8"))
    if (request.content_length or 0) > LARGEST_BODY:
        text = "The request is larger than 10 MB."
        raise Turned(Response(text, status=413, content_type="text/plain; charset=utf-8"))
    if request.method in WRITES and request.mimetype != "application/json":
        raise MediaTypeUnsupported


def _gate_problem(status: int, title: str, detail: str) -> Response:
    return json_response(
        {
            "Type": None,
            "Title": title,
            "Status": status,
            "Detail": detail,
            "Instance": str(uuid4()),
            "Extensions": {},
        },
        status=status,
    )


def expired(moment: datetime) -> Response:
    """401 for a token that expired at a moment (X 6.35)."""
    return _gate_problem(401, "Unauthorized", f"TokenExpired: token expired at {moment.strftime('%m/%d/%Y %H:%M:%S')}")


def failed(status: int) -> Response:
    """What Xero says when it fails (X 4.11, 5.4)."""
    if status == 503:
        return Response("The Xero API is temporarily unavailable", status=503, content_type="text/html; charset=utf-8")
    return json_response({"Message": "An error occurred", "ErrorNumber": 0}, status=status)
