"""OAuth 2.0 and the connections (X 9). The consent page says plainly that it is not Xero."""

from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit, urlunsplit

from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from sandbox.answers import json_response
from sandbox.clock import Clock
from sandbox.xero import scopes
from sandbox.xero.books import Books
from sandbox.xero.grants import ACCESS_LIFE, USERS, Access, Grants, InvalidGrant, TokenPair
from sandbox.xero.pages import consent
from sandbox.xero.values import sql_time

AUTHORIZE = "/identity/connect/authorize"
TOKEN = "/connect/token"
REVOCATION = "/connect/revocation"
CONNECTIONS = "/connections"


class Declined(Exception):  # noqa: N818 - an answer, no fault of the stand-in
    """The request to authorise cannot be shown to a person; the page says why."""

    def __init__(self, error: str, message: str) -> None:
        super().__init__(message)
        self.error = error


class OAuth:
    """Answers the pages and calls around logging in."""

    def __init__(self, grants: Grants, clients: Mapping[str, str], organisations: list[Books], clock: Clock) -> None:
        self._grants = grants
        self._clients = clients
        self._organisations = organisations
        self._clock = clock

    # The page

    def authorize(self, request: Request) -> Response:
        """GET the consent page, POST the decision: back to the app with a code, or with access_denied."""
        given = request.form if request.method == "POST" else request.args
        try:
            asked = self._checked(given)
        except Declined as declined:
            return consent.message(f"Error: {declined.error}", str(declined), status=400)
        if request.method != "POST":
            return consent.consent(asked, self._organisations, USERS)
        if given.get("decision") != "allow":
            return _back(asked["redirect_uri"], {"error": "access_denied", "state": asked["state"]})
        known = {books.tenant_id for books in self._organisations}
        chosen = [tenant for tenant in given.getlist("organisation") if tenant in known]
        if not chosen:
            return consent.consent(asked, self._organisations, USERS, problem="Choose at least one organisation.")
        user = next((user for user in USERS if user.email == given.get("user")), USERS[0])
        now = self._clock.now()
        agreed = self._grants.consent(user, asked["client_id"], asked["scope"].split(), chosen, now)
        code = self._grants.code(agreed, asked["redirect_uri"], asked["code_challenge"], now)
        answer = {"code": code, "scope": asked["scope"], "state": asked["state"]}
        return _back(asked["redirect_uri"], answer)

    def _checked(self, given: Mapping[str, str]) -> dict[str, str]:
        """The parameters of the request to authorise. Raises Declined."""
        names = ("response_type", "client_id", "redirect_uri", "scope", "state", "code_challenge")
        asked = {name: given.get(name, "").strip() for name in names}
        if asked["client_id"] not in self._clients:
            raise Declined("unauthorized_client", "Unknown client_id.")
        if asked["response_type"] != "code":
            raise Declined("unsupported_response_type", "response_type must be code.")
        if not _may_return_to(asked["redirect_uri"]):
            raise Declined(
                "invalid_request",
                "Invalid redirect_uri: https is needed; plain http is allowed for the host localhost alone.",
            )
        refused = scopes.unknown(asked["scope"].split())
        if refused or not asked["scope"]:
            raise Declined("invalid_scope", f"Unknown or retired scope: {' '.join(refused) or 'none given'}.")
        return asked

    # The calls

    def token(self, request: Request) -> Response:
        """POST /connect/token: a code or a refresh token for tokens."""
        form = request.form
        client_id = self._client(request)
        if client_id is None:
            return _refused("invalid_client")
        now = self._clock.now()
        try:
            if form.get("grant_type") == "authorization_code":
                pair = self._grants.exchange(
                    form.get("code", ""), client_id, form.get("redirect_uri", ""), form.get("code_verifier", ""), now
                )
            elif form.get("grant_type") == "refresh_token":
                pair = self._grants.refresh(form.get("refresh_token", ""), client_id, now)
            else:
                return _refused("unsupported_grant_type")
        except InvalidGrant:
            return _refused("invalid_grant")
        return json_response(self._tokens(pair), headers={"Cache-Control": "no-store"})

    def _tokens(self, pair: TokenPair) -> dict[str, object]:
        said: dict[str, object] = {
            "access_token": pair.access,
            "expires_in": int(ACCESS_LIFE.total_seconds()),
            "token_type": "Bearer",
            "scope": " ".join(pair.consent.scopes),
        }
        if pair.refresh:
            said["refresh_token"] = pair.refresh
        if "openid" in pair.consent.scopes:
            user = next(user for user in USERS if user.id == pair.consent.user_id)
            said["id_token"] = self._grants.jwt({"xero_userid": user.id, "name": user.name, "email": user.email})
        return said

    def revoke(self, request: Request) -> Response:
        """POST /connect/revocation: all of this person's connections go (X 9.5); an unknown token is no error."""
        client_id = self._client(request)
        if client_id is None:
            return _refused("invalid_client")
        self._grants.revoke(request.form.get("token", ""), client_id)
        return Response(b"", status=200)

    def _client(self, request: Request) -> str | None:
        """The app, by Basic authorisation or by form fields; None where its secret is wrong."""
        given = request.authorization
        if given is not None and given.type == "basic":
            client_id, secret = given.username or "", given.password or ""
        else:
            client_id, secret = request.form.get("client_id", ""), request.form.get("client_secret", "")
        known = self._clients.get(client_id)
        return client_id if known is not None and known == secret else None

    def connections(self, request: Request, access: Access) -> Response:
        """GET /connections, of this person; ?authEventId= for those of one consent (X 9.6)."""
        event = request.args.get("authEventId", "").lower()
        names = {books.tenant_id: books.profile.name for books in self._organisations}
        return json_response(
            [
                {
                    "id": row.id,
                    "authEventId": row.event_id,
                    "tenantId": row.tenant_id,
                    "tenantType": "ORGANISATION",
                    "tenantName": names[row.tenant_id],
                    "createdDateUtc": sql_time(row.created),
                    "updatedDateUtc": sql_time(row.updated),
                }
                for row in self._grants.connections(access.consent)
                if not event or row.event_id == event
            ]
        )

    def disconnect(self, connection_id: str, access: Access) -> Response:
        """DELETE /connections/{id}: 204, or 404 where this person has no such connection."""
        gone = self._grants.disconnect(connection_id, access.consent)
        return Response(b"", status=204 if gone else 404)


def _may_return_to(address: str) -> bool:
    """https, or plain http on localhost: 127.0.0.1 is refused (X 9.3)."""
    parts = urlsplit(address)
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme, parts.hostname) == ("http", "localhost"))


def _back(address: str, values: Mapping[str, str]) -> Response:
    parts = urlsplit(address)
    query = "&".join(part for part in (parts.query, urlencode({k: v for k, v in values.items() if v})) if part)
    return redirect(urlunsplit(parts._replace(query=query)), code=302)


def _refused(error: str) -> Response:
    return json_response({"error": error}, status=400)
