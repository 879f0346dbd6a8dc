"""/api/v4 of the stand-in Clio: who may call, how often, which version, and what each path answers."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from werkzeug.exceptions import BadRequest
from werkzeug.http import http_date
from werkzeug.wrappers import Request, Response

from sandbox.answers import json_response
from sandbox.clio.contact_writes import write_contact
from sandbox.clio.endpoints import CONTACTS, ENDPOINTS, USERS, Endpoint
from sandbox.clio.errors import ApiError, bad_argument, not_found, typed
from sandbox.clio.fields import parse_fields
from sandbox.clio.lists import list_records, rendering
from sandbox.clio.oauth import OAuth
from sandbox.clio.schema_firm import BILLING_SETTING
from sandbox.clio.settings import Settings
from sandbox.clio.shape import at_second, etag, renderer
from sandbox.clio.throttle import Throttle
from sandbox.faults import firewall_page
from sandbox.firm.records import Contact
from sandbox.firm.store import Store

PREFIX = "/api/v4/"
CURRENT_VERSION = "4.0.13"
VERSIONS = {"4.0.10", "4.0.11", "4.0.12", CURRENT_VERSION}
_ONE = re.compile(r"([a-z_]+)/(\d+)\Z")
# The firewall in front of Clio refuses agents that look like a script's default or name an address (C 2.27).
_ODD_AGENT = re.compile(r"https?://|\Anode\b")


class Api:
    """Answers API calls. Not thread safe: the server holds its lock while it works."""

    def __init__(self, store: Store, settings: Settings, oauth: OAuth, throttle: Throttle) -> None:
        self.store = store
        self._settings = settings
        self._oauth = oauth
        self._throttle = throttle

    def answer(self, request: Request, now: datetime) -> Response:
        """The answer to one call."""
        if _ODD_AGENT.search(request.headers.get("User-Agent", "")):
            return firewall_page()
        headers: dict[str, str] = {}
        try:
            token = self._oauth.check(request, now=now)
            headers = self._throttle.take(token, self._settings.rate_limit, now)
            version = request.headers.get("X-API-VERSION", CURRENT_VERSION)
            if version not in VERSIONS:
                raise typed(410, "Gone", f"API version {version} is not available")
            headers["X-API-VERSION"] = version
            response = self._route(request, now)
        except ApiError as error:
            response = error.response()
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        return response

    def _route(self, request: Request, now: datetime) -> Response:
        path = request.path[len(PREFIX) :].removesuffix(".json")
        if path in ENDPOINTS:
            return self._collection(ENDPOINTS[path], request, now)
        if path == "users/who_am_i" and request.method == "GET":
            return self._show(request, USERS, self.store.users.rows[self.store.users.ids[0]])
        if path == "settings/billing" and request.method == "GET":
            return self._billing_settings(request)
        match = _ONE.match(path)
        if match and match[1] in ENDPOINTS:
            return self._member(ENDPOINTS[match[1]], int(match[2]), request, now)
        raise not_found()

    def _collection(self, endpoint: Endpoint, request: Request, now: datetime) -> Response:
        if request.method == "GET":
            return json_response(list_records(self.store, self._settings, endpoint, request))
        if request.method == "POST" and endpoint is CONTACTS:
            return self._create_contact(request, now)
        raise not_found()  # bills, allocations and credit memos cannot be created by API

    def _member(self, endpoint: Endpoint, row_id: int, request: Request, now: datetime) -> Response:
        table = endpoint.table(self.store)
        row = table.find(row_id)
        if row is None or not self.store.visible(table.name, row_id):
            raise not_found()
        if request.method == "GET" and endpoint.show:
            return self._show(request, endpoint, row)
        if request.method == "PATCH" and endpoint is CONTACTS:
            return self._change_contact(request, row, now)
        raise not_found()

    # Single records

    def _show(self, request: Request, endpoint: Endpoint, row: Any) -> Response:
        render = rendering(self.store, endpoint, request)
        return self._single(request, endpoint.resource.name, row, render(row))

    def _billing_settings(self, request: Request) -> Response:
        text = request.args.get("fields")
        asked = parse_fields(text) if text else BILLING_SETTING.defaults()
        row = self.store.account
        return self._single(request, "billing_setting", row, renderer(self.store, BILLING_SETTING, asked)(row))

    def _single(self, request: Request, kind: str, row: Any, data: Mapping[str, Any]) -> Response:
        """One record with its ETag and Last-Modified, or 304 where the caller has it already (C 2.21)."""
        tag, changed = etag(kind, row), at_second(row.updated_at)
        headers = {"ETag": tag, "Last-Modified": http_date(changed)}
        known = request.headers.get("If-None-Match")
        seen = request.if_modified_since
        fresh = known == tag if known is not None else seen is not None and changed <= seen
        if fresh:
            return Response(status=304, headers=headers)
        return json_response({"data": data}, headers=headers)

    # Contacts can be written

    def _change_contact(self, request: Request, contact: Contact, now: datetime) -> Response:
        tag = etag("contact", contact)
        if request.headers.get("If-Match", tag) != tag:
            raise typed(412, "PreconditionFailed", "The contact was changed since it was read")
        render = rendering(self.store, CONTACTS, request)
        write_contact(self.store, contact, _data(request), now)
        headers = {
            "ETag": etag("contact", contact),
            "Last-Modified": http_date(at_second(contact.updated_at)),
        }
        return json_response({"data": render(contact)}, headers=headers)

    def _create_contact(self, request: Request, now: datetime) -> Response:
        render = rendering(self.store, CONTACTS, request)
        contact = new_contact(self.store, _data(request), now)
        headers = {"ETag": etag("contact", contact)}
        return json_response({"data": render(contact)}, status=201, headers=headers)


def new_contact(store: Store, data: Mapping[str, Any], now: datetime) -> Contact:
    """A contact from the values of a POST. Raises ApiError (400, 422)."""
    kind = str(data.get("type", ""))
    contact = Contact(id=0, created_at=now, updated_at=now, type=kind, name=None, revision=0)
    write_contact(store, contact, data, now)
    contact.id = store.contacts.take_id()
    return store.contacts.add(contact)


def _data(request: Request) -> Mapping[str, Any]:
    """The `data` of a JSON body. Raises ApiError (400)."""
    try:
        body = request.get_json(force=True)
    except BadRequest:
        raise bad_argument("the body is not JSON") from None
    if not isinstance(body, dict) or not isinstance(body.get("data"), dict):
        raise bad_argument("the body must be wrapped in data")
    return dict(body["data"])
