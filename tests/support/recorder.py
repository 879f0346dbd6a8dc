"""Writes down every request that reaches a stand-in, body included."""

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Recorded:
    """One request as it came in."""

    method: str
    path: str
    query: str
    body: bytes
    headers: dict[str, str]


class Recorder:
    """A WSGI app around another one."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self._app = app
        self.requests: list[Recorded] = []

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Note the request, then let it through."""
        length = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(length) if length else b""
        environ["wsgi.input"] = io.BytesIO(body)
        headers = {name[5:].replace("_", "-").lower(): value for name, value in environ.items() if name[:5] == "HTTP_"}
        path, query = environ["PATH_INFO"], environ.get("QUERY_STRING", "")
        self.requests.append(Recorded(environ["REQUEST_METHOD"], path, query, body, headers))
        return self._app(environ, start_response)
