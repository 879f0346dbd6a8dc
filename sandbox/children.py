"""The processes of the demo: started with a log each, watched, and stopped together."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
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

    def __init__(self, logs: Path, environment: Mapping[str, str]) -> None:
        self._logs = logs
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
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=_ROOT,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            start_new_session=True,
            check=False,
        )
        if done.returncode not in accept:
            said = done.stderr.strip() or done.stdout.strip() or f"exit code {done.returncode}"
            raise CommandFailed(f"manage.py {arguments[0]}: {said}", done.returncode)
        return done.stdout.strip()

    def stop(self) -> None:
        """Ask all of them to stop, wait a few seconds, and kill what is left of their groups."""
        for process in self._running.values():
            if process.poll() is None:
                process.terminate()
        end = time.monotonic() + _STOP_SECONDS
        for process in self._running.values():
            try:
                process.wait(timeout=max(0.0, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                continue
        for process in self._running.values():
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                continue  # nobody of the group is left
            process.wait()
        self._running.clear()

    def _log(self, name: str) -> Path:
        return self._logs / f"{name}.log"
