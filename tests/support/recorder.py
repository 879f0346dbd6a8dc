"""Writes down every request that reaches a stand-in, body included, and what was answered where that is asked for."""

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


@dataclass(frozen=True)
class Answered:
    """What a call sent and what it was answered."""

    method: str
    body: bytes
    answer: bytes


class Recorder:
    """A WSGI app around another one."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self._app = app
        self.requests: list[Recorded] = []
        self._answers: list[Answered] | None = None

    def keep_answers(self) -> list[Answered]:
        """From now on, also note what is answered; gives the list that grows."""
        self._answers = []
        return self._answers

    def answer_through(self, around: Callable[[Any], Any]) -> None:
        """From now on, let another app stand between."""
        self._app = around(self._app)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Note the request, then let it through."""
        length = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(length) if length else b""
        environ["wsgi.input"] = io.BytesIO(body)
        headers = {name[5:].replace("_", "-").lower(): value for name, value in environ.items() if name[:5] == "HTTP_"}
        path, query = environ["PATH_INFO"], environ.get("QUERY_STRING", "")
        self.requests.append(Recorded(environ["REQUEST_METHOD"], path, query, body, headers))
        answer = self._app(environ, start_response)
        if self._answers is None:
            return answer
        parts = list(answer)
        self._answers.append(Answered(environ["REQUEST_METHOD"], body, b"".join(parts)))
        return parts
