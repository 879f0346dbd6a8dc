"""A session over real sockets: what goes out byte by byte, and what a broken connection means."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress

import pytest

from syncengine.transport import session as session_module
from syncengine.transport.errors import NoAnswer, Unreachable
from tests.support.fake_transport import open_session

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


class Listener:
    """A server that reads one request after another and does with each what it is told."""

    def __init__(self, *deeds: Callable[[socket.socket], None]) -> None:
        self.requests: list[bytes] = []
        self._deeds = list(deeds)
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        with suppress(OSError):
            while self._deeds:
                connection, _ = self._socket.accept()
                with closing(connection):
                    while self._deeds and (request := self._read(connection)):
                        self.requests.append(request)
                        self._deeds.pop(0)(connection)

    def _read(self, connection: socket.socket) -> bytes:
        data = b""
        while b"\r\n\r\n" not in data:
            piece = connection.recv(65_536)
            if not piece:
                return b""
            data += piece
        return data

    def stop(self) -> None:
        self._socket.close()


def answer(connection: socket.socket) -> None:
    connection.sendall(ANSWER)


def hang_up(connection: socket.socket) -> None:
    connection.shutdown(socket.SHUT_RDWR)


def say_nothing(connection: socket.socket) -> None:
    connection.recv(1)


@pytest.fixture
def listen() -> Iterator[Callable[..., Listener]]:
    made: list[Listener] = []

    def start(*deeds: Callable[[socket.socket], None]) -> Listener:
        made.append(Listener(*deeds))
        return made[-1]

    yield start
    for one in made:
        one.stop()


def test_braces_commas_and_brackets_of_fields_go_out_as_they_are(listen: Callable[..., Listener]) -> None:
    server = listen(answer)
    open_session(server.url).request("GET", "/api/v4/bills.json?fields=id,client{id,name}&order=id(asc)&query=a%7Bb")
    line = server.requests[0].split(b"\r\n")[0]
    assert line == b"GET /api/v4/bills.json?fields=id,client{id,name}&order=id(asc)&query=a%7Bb HTTP/1.1"


def test_the_connection_is_kept_and_used_again(listen: Callable[..., Listener]) -> None:
    server = listen(answer, answer)
    session = open_session(server.url)
    session.request("GET", "/one")
    session.request("GET", "/two")
    assert len(server.requests) == 2


def test_a_read_on_a_connection_that_was_dropped_is_made_again(listen: Callable[..., Listener]) -> None:
    server = listen(answer, hang_up, answer)
    session = open_session(server.url)
    session.request("GET", "/one")
    assert session.request("GET", "/two").status == 200
    assert len(server.requests) == 3


def test_a_write_whose_answer_is_lost_is_not_sent_again(listen: Callable[..., Listener]) -> None:
    server = listen(hang_up, answer)
    with pytest.raises(NoAnswer):
        open_session(server.url).request("PUT", "/Invoices", body=b"{}")
    assert len(server.requests) == 1


def test_a_write_that_is_not_answered_in_time_may_have_been_carried_out(
    listen: Callable[..., Listener], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_module, "TIMEOUT", (1.0, 0.2))
    server = listen(say_nothing)
    with pytest.raises(NoAnswer):
        open_session(server.url).request("PUT", "/Invoices", body=b"{}")


def test_where_nobody_listens_nothing_was_sent() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(Unreachable):
        open_session(f"http://127.0.0.1:{port}").request("PUT", "/Invoices", body=b"{}")


def test_a_host_that_does_not_exist_is_unreachable() -> None:
    with pytest.raises(Unreachable):
        open_session("http://no-such-host.invalid").request("PUT", "/Invoices", body=b"{}")
