"""Where an embedded server keeps its data and sockets, and who holds that place."""

import fcntl
import hashlib
import importlib.util
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from clioxero.processes import last_lines

_START_SECONDS = 30.0
_SOCKET_PATH_LIMIT = 100  # systems allow 104 to 108 bytes
_LONGEST_SOCKET = "postgres/.s.PGSQL.5432.lock"


class EmbeddedProblem(Exception):  # noqa: N818
    """A server could not be started. The text is for the person at the terminal and says what to do."""


class FolderInUse(EmbeddedProblem):
    """Another supervisor, which is alive, works in this folder."""


@contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Hold the folder for this process; the system lets go of it when the process ends, whatever ends it."""
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read().strip() or "unknown"
            raise FolderInUse(f"the servers in {directory} belong to process {holder}, which runs: stop it") from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def home_of(directory: Path) -> Path:
    """Return where data and sockets lie: `directory`, or a folder of its own in the system's temporary one.

    The latter for root, since PostgreSQL then runs as somebody else, who would need every folder above `directory`
    opened; and where the path is too long for a socket.
    """
    directory.mkdir(parents=True, exist_ok=True)
    resolved = directory.resolve()
    if os.geteuid() != 0 and len(os.fsencode(resolved / _LONGEST_SOCKET)) <= _SOCKET_PATH_LIMIT:
        return resolved
    name = f"clioxero-{os.geteuid()}-{hashlib.sha256(os.fsencode(resolved)).hexdigest()[:12]}"
    places = (Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp"))  # noqa: S108 - checked below
    home = next((place.resolve() / name for place in places if _fits(place / name)), None)
    if home is None:
        raise EmbeddedProblem("no temporary folder is open to other users: set TMPDIR to one that is")
    home.mkdir(mode=0o711, exist_ok=True)
    if home.is_symlink() or home.lstat().st_uid != os.geteuid():
        raise EmbeddedProblem(f"{home} belongs to somebody else: remove it")
    home.chmod(0o711)
    return home


def wheel(package: str) -> Path:
    """Return the folder of an installed package, without importing it."""
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        raise EmbeddedProblem(f"{package} is not installed: run `make install`")
    return Path(found.origin).parent


def wait_until(ready: Callable[[], bool], *, process: subprocess.Popen[bytes], log_path: Path) -> None:
    """Wait for a server that was just started. Raises EmbeddedProblem with the end of its log if it never answers."""
    end = time.monotonic() + _START_SECONDS
    while not ready():
        if process.poll() is not None or time.monotonic() > end:
            name = log_path.stem
            raise EmbeddedProblem(f"{name} did not start; the end of {log_path}:\n{last_lines(log_path)}")
        time.sleep(0.02)


def _fits(home: Path) -> bool:
    place = home.parent.resolve()
    if not place.is_dir() or len(os.fsencode(place / home.name / _LONGEST_SOCKET)) > _SOCKET_PATH_LIMIT:
        return False
    return all(part.stat().st_mode & 0o001 for part in (place, *place.parents))
