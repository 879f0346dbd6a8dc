"""The processes of the demo: started with a log each, watched, and stopped together."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from clioxero.processes import dying_with_parent, last_lines

_STOP_SECONDS = 8.0
_ROOT = Path(__file__).resolve().parent.parent


class ChildStopped(Exception):  # noqa: N818
    """A process that should go on has stopped. The text holds the end of its log."""


class CommandFailed(Exception):  # noqa: N818
    """A management command ended with an exit code; the text is what it said."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


class Children:
    """Processes that run until `stop`, each in a group of its own, with what they print in LOGS/NAME.log."""

    def __init__(self, logs: Path, environment: Mapping[str, str], *, seconds: float = 600.0) -> None:
        """Take the folder of the logs, and the seconds that a management command may take."""
        self._logs = logs
        self._seconds = seconds
        self._environment = dict(environment)
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, *arguments: str) -> None:
        """Start Python with these arguments."""
        with self._log(name).open("wb") as log:
            self._running[name] = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=_ROOT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C reaches the supervisor alone, which stops the rest in order
                preexec_fn=dying_with_parent(signal.SIGTERM),  # noqa: PLW1509 - one call into libc, loaded beforehand
            )

    def check(self) -> None:
        """Raise ChildStopped if one of them does not run any more."""
        for name, process in self._running.items():
            if process.poll() is not None:
                log = self._log(name)
                raise ChildStopped(
                    f"{name} stopped with code {process.returncode}; the end of {log}:\n{last_lines(log)}"
                )

    def manage(self, *arguments: str, accept: Sequence[int] = (0,)) -> str:
        """Run a management command to its end and return what it printed. Raises CommandFailed."""
        try:
            done = subprocess.run(
                [sys.executable, "manage.py", *arguments],
                cwd=_ROOT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                start_new_session=True,
                preexec_fn=dying_with_parent(signal.SIGKILL),
                timeout=self._seconds,
                check=False,
            )
        except subprocess.TimeoutExpired as late:
            raise CommandFailed(f"manage.py {arguments[0]}: no end within {self._seconds:.0f} s", 1) from late
        if done.returncode not in accept:
            said = done.stderr.strip() or done.stdout.strip() or f"exit code {done.returncode}"
            raise CommandFailed(f"manage.py {arguments[0]}: {said}", done.returncode)
        return done.stdout.strip()

    def stop(self) -> None:
        """Ask all of them to stop, wait a few seconds, and kill what is left of their groups."""
        for process in self._running.values():
            if process.poll() is None:
                process.terminate()
        self._wait(_STOP_SECONDS)
        for process in self._running.values():
            with suppress(ProcessLookupError, PermissionError):  # nobody of the group is left
                os.killpg(process.pid, signal.SIGKILL)
        self._wait(_STOP_SECONDS)
        self._running.clear()

    def _wait(self, seconds: float) -> None:
        """Wait for all of them, `seconds` in all: never without an end, whatever state an interrupt left Popen in."""
        end = time.monotonic() + seconds
        for process in self._running.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=max(0.0, end - time.monotonic()))

    def _log(self, name: str) -> Path:
        return self._logs / f"{name}.log"
