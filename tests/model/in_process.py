"""Calls to the stand-ins without a network: a requests adapter that hands a request to a WSGI app.

The model test makes thousands of calls; that they also arrive over real HTTP is held by every other integration test.
"""

import io
from collections.abc import Callable, Iterable, Mapping
from http.client import RemoteDisconnected
from typing import Any
from urllib.parse import unquote, urlsplit

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import ProtocolError

from sandbox.faults import AnswerLost

App = Callable[..., Iterable[bytes]]


def adapter_for(apps: Mapping[str, App]) -> type[BaseAdapter]:
    """An adapter class, to be mounted as the transport mounts its own. `apps` are the apps by host and port."""

    class InProcess(BaseAdapter):
        def __init__(self, **_options: Any) -> None:
            super().__init__()

        def send(self, request: requests.PreparedRequest, *_args: Any, **_options: Any) -> requests.Response:
            return _answer(apps[urlsplit(str(request.url)).netloc], request)

        def close(self) -> None:
            """Nothing is open."""

    return InProcess


def _answer(app: App, request: requests.PreparedRequest) -> requests.Response:
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], _exc: Any = None) -> None:
        started.append((status, headers))

    try:
        body = b"".join(app(_environ(request), start_response))
    except AnswerLost as error:
        gone = RemoteDisconnected("Remote end closed connection without response")
        raise requests.exceptions.ConnectionError(ProtocolError("Connection aborted.", gone)) from error
    status, headers = started[-1]
    answer = requests.Response()
    answer.status_code = int(status.split(" ", 1)[0])
    answer.headers = CaseInsensitiveDict(headers)
    answer.request, answer.url = request, str(request.url)
    answer.raw = io.BytesIO(body)
    return answer


def _environ(request: requests.PreparedRequest) -> dict[str, Any]:
    parts = urlsplit(str(request.url))
    body = request.body or b""
    body = body.encode() if isinstance(body, str) else bytes(body)
    headers = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in request.headers.items()}
    return {
        **headers,
        "REQUEST_METHOD": str(request.method),
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(parts.path, encoding="latin-1"),
        "QUERY_STRING": parts.query,
        "CONTENT_TYPE": request.headers.get("Content-Type", ""),
        "CONTENT_LENGTH": str(len(body)),
        "SERVER_NAME": parts.hostname,
        "SERVER_PORT": str(parts.port),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": parts.scheme,
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
