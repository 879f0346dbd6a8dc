"""Serves a WSGI app on this machine, in threads, with connections kept alive."""

import errno
import io
import socket
import threading
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


class PortTaken(OSError):  # noqa: N818 - reads as what happened
    """Another program listens on the port."""

    def __init__(self, port: int) -> None:
        super().__init__(
            f"Port {port} is in use by another program: stop that program, or choose another port with --port"
        )
        self.port = port


class _Handler(WSGIRequestHandler):
    """Answers whole and keeps the connection: Werkzeug's own handler closes it after every answer."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: "_Server"

    def setup(self) -> None:
        super().setup()
        self.server.opened(self.connection)

    def finish(self) -> None:
        self.server.closed(self.connection)
        super().finish()

    def run_wsgi(self) -> None:
        """One request. An error in the app closes the connection and is printed; a lost answer just closes."""
        self.environ = environ = self.make_environ()
        if environ.get("wsgi.input_terminated"):
            body = environ["wsgi.input"].read()
            environ["CONTENT_LENGTH"] = str(len(body))
        else:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start_response(status: str, headers: list[tuple[str, str]], _exc: Any = None) -> Any:
            started.append((status, headers))
            return None

        answer = self.server.app(environ, start_response)
        payload = b"".join(answer)
        status, headers = started[-1]
        code, _, reason = status.partition(" ")
        self.send_response_only(int(code), reason)
        if not any(name.lower() == "date" for name, _ in headers):  # an app may keep a clock of its own
            self.send_header("Date", self.date_time_string())
        for name, value in headers:
            if name.lower() != "content-length":
                self.send_header(name, value)
        if int(code) not in {204, 304}:
            self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(payload)
        self.wfile.flush()

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - Werkzeug's name
        """Quiet: the call log tells what was called."""


class _Server(ThreadedWSGIServer):
    """Remembers its open connections, so that stopping ends the idle ones too."""

    daemon_threads = True
    request_queue_size = 512

    def __init__(self, host: str, port: int, app: "WSGIApplication", *, fd: int) -> None:
        self._open: set[socket.socket] = set()
        self._open_lock = threading.Lock()
        super().__init__(host, port, app, _Handler, fd=fd)

    def opened(self, connection: socket.socket) -> None:
        with self._open_lock:
            self._open.add(connection)

    def closed(self, connection: socket.socket) -> None:
        with self._open_lock:
            self._open.discard(connection)

    def hang_up(self) -> None:
        with self._open_lock:
            for connection in self._open:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue  # the other side was faster


class Served:
    """A server that runs; a context manager that stops it."""

    def __init__(self, server: _Server) -> None:
        self._server = server
        self.port: int = server.port
        self.url = f"http://localhost:{self.port}"
        self._thread = threading.Thread(
            target=server.serve_forever, kwargs={"poll_interval": 0.05}, name=f"sandbox-{self.port}", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Stop listening and end every connection. Calling it twice does no harm."""
        self._server.shutdown()
        self._thread.join(timeout=5)
        self._server.hang_up()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def start(app: "WSGIApplication", *, port: int = 0, host: str = "127.0.0.1") -> Served:
    """Serve `app` in the background; port 0 takes a free one. Raises PortTaken.

    The address given out is http://localhost:PORT, since Xero refuses 127.0.0.1 in redirect addresses.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    with listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise PortTaken(port) from error
            raise
        listener.listen(512)
        return Served(_Server(host, port, app, fd=listener.fileno()))
