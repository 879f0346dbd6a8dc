"""A stand-in Clio over real HTTP with a connected caller, for tests."""

from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

import requests

from sandbox.clio import ClioServer
from sandbox.serving import start

REDIRECT = "http://localhost:9/callback"
APP = {"client_id": "clio-demo", "client_secret": "clio-demo-secret"}


class Clio:
    """Starts a stand-in on a free port and calls its API; a context manager that stops it."""

    def __init__(self, **options: Any) -> None:
        self.server = ClioServer(**{"bills": 30, "rate_limit": None, **options})
        self._served = start(self.server.app)
        self.url = self._served.url
        self.session = requests.Session()
        self.token = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.session.close()
        self._served.stop()

    def authorize(self, **params: str) -> requests.Response:
        """The answer of the consent page's form."""
        form = {
            "response_type": "code",
            "client_id": "clio-demo",
            "redirect_uri": REDIRECT,
            "state": "s1",
            "decision": "allow",
            **params,
        }
        return self.session.post(f"{self.url}/oauth/authorize", data=form, allow_redirects=False)

    def code(self) -> str:
        """A fresh authorization code."""
        return parse_qs(urlsplit(self.authorize().headers["Location"]).query)["code"][0]

    def ask_token(self, **form: str) -> requests.Response:
        """POST /oauth/token, form-encoded, with the demo app's credentials."""
        return self.session.post(f"{self.url}/oauth/token", data={**APP, **form})

    def connect(self) -> dict[str, Any]:
        """Go through OAuth once; later calls carry the token. Answers the token reply."""
        reply: dict[str, Any] = self.ask_token(
            grant_type="authorization_code", code=self.code(), redirect_uri=REDIRECT
        ).json()
        self.token = reply["access_token"]
        return reply

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        """A call of /api/v4 with the token."""
        if not self.token:
            self.connect()
        headers = {"Authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        return self.session.request(method, f"{self.url}/api/v4/{path}", headers=headers, **options)

    def get(self, path: str, *, headers: dict[str, str] | None = None, **params: Any) -> requests.Response:
        """GET of /api/v4; `ids` is sent as ids[]."""
        if "ids" in params:
            params["ids[]"] = params.pop("ids")
        return self.call("GET", path, params=params, headers=headers or {})

    def data(self, path: str, **params: Any) -> Any:
        """The data of a GET that must succeed."""
        answer = self.get(path, **params)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    def pages(self, path: str, **params: Any) -> list[list[dict[str, Any]]]:
        """All pages of a list, by the addresses that it gives."""
        answer = self.get(path, **params)
        found = []
        while True:
            body = answer.json()
            found.append(body["data"])
            following = body["meta"]["paging"].get("next")
            if following is None:
                return found
            answer = self.session.get(following, headers={"Authorization": f"Bearer {self.token}"})

    def act(self, action: str, **values: Any) -> dict[str, Any]:
        """A control action over HTTP that must succeed."""
        answer = self.control("POST", "actions", {"action": action, **values})
        assert answer.status_code == 200, answer.text
        changed: dict[str, Any] = answer.json()
        return changed

    def control(self, method: str, path: str, body: Any = None) -> requests.Response:
        """A call of the control API."""
        return self.session.request(method, f"{self.url}/control/{path}", json=body)
