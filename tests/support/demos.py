"""A demo as a person starts it: a process, what it prints, and what it leaves behind. No wait is without an end."""

import os
import random
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from clioxero.embedded.folder import home_of
from clioxero.processes import last_lines
from tests.support.places import ROOT

_MARK = "CLIOXERO_DEMO_OF_A_TEST"
_STOP_SECONDS = 40.0
# Below the ports that systems give to outgoing connections, of which other tests open many meanwhile.
_PORTS = (20_000, 30_000)


class StartedDemo:
    """A running `manage.py demo`. It prints into a file, so that nobody has to read along for it to go on."""

    def __init__(self, *arguments: str, environment: Mapping[str, str], folder: Path) -> None:
        self.folder = folder
        self._mark = uuid.uuid4().hex
        self._printed = folder / "printed.txt"
        first = free_ports()
        command = ["manage.py", "demo", f"--folder={folder}", f"--port={first}", f"--sandbox-port={first + 1}"]
        with self._printed.open("wb") as printed:
            self._process = subprocess.Popen(
                [sys.executable, *command, *arguments],
                cwd=ROOT,
                env={**environment, _MARK: self._mark},
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def lines(self) -> list[str]:
        """What it has printed so far."""
        return self._printed.read_text().splitlines()

    def wait_for(self, line: str, *, seconds: float = 300.0) -> list[str]:
        """Wait until it prints a line, and give all of them. Raises AssertionError if it ends before, or never does."""
        end = time.monotonic() + seconds
        while line not in self.lines:
            running = self._process.poll() is None
            if not running and line in self.lines:
                break
            assert running, self._told(f"it ended before {line!r}")
            assert time.monotonic() < end, self._told(f"no {line!r} within {seconds:.0f} s")
            time.sleep(0.1)
        return self.lines

    def wait(self, *, seconds: float = 300.0) -> int:
        """Wait for its end and give its exit code. Raises AssertionError if it does not end."""
        try:
            return self._process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(self._told(f"no end within {seconds:.0f} s")) from None

    def tell_to_stop(self) -> None:
        """Send SIGTERM, to the demo alone."""
        self._process.send_signal(signal.SIGTERM)

    def running(self) -> dict[int, str]:
        """Process ids and command lines of the demo and of all that it started."""
        return dict(self._of_mine())

    def left_behind(self) -> dict[int, str]:
        """The same once it has ended and its processes have had a moment to go."""
        end = time.monotonic() + 5
        while (found := self.running()) and time.monotonic() < end:
            time.sleep(0.1)
        return found

    def sweep(self) -> None:
        """Stop it and all that it started, whatever state it is in."""
        if self._process.poll() is None:
            self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=_STOP_SECONDS)
        self._process.kill()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=_STOP_SECONDS)
        for pid in self.left_behind():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def _of_mine(self) -> Iterator[tuple[int, str]]:
        """Processes with the mark in their environment, or (PostgreSQL has not got it) at work in the demo's folder."""
        places = (str(self.folder), str(home_of(self.folder)))
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                surroundings = (entry / "environ").read_bytes()
            except OSError:
                continue  # it is gone, or somebody else's
            if f"{_MARK}={self._mark}".encode() in surroundings or any(place in command for place in places):
                yield int(entry.name), command

    def _told(self, what: str) -> str:
        logs = [f"--- {log.name}\n{last_lines(log)}" for log in sorted(self.folder.glob("*.log"))]
        return "\n".join([what, *self.lines, *logs])


@contextmanager
def started_demo(*arguments: str, environment: Mapping[str, str], folder: Path) -> Iterator[StartedDemo]:
    """A demo of twelve bills; on the way out nothing of it runs any more."""
    demo = StartedDemo("--bills=12", *arguments, environment=environment, folder=folder)
    try:
        yield demo
    finally:
        demo.sweep()


def free_ports() -> int:
    """The first of three free ports in a row."""
    for _ in range(200):
        first = random.randrange(*_PORTS)
        if all(map(_is_free, range(first, first + 3))):
            return first
    raise AssertionError("no free ports")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
