"""Child processes that never outlive whoever started them: for the embedded servers and the demo's supervisor."""

import ctypes
import os
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable
from pathlib import Path

_PR_SET_PDEATHSIG = 1
# Loaded here, not between fork and exec, where loading a library could hang.
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def dying_with_parent(number: signal.Signals) -> Callable[[], None] | None:
    """Return what Popen runs in the child so that Linux sends it `number` when its parent dies, however that dies.

    Linux watches the thread that started the child, so start children from the main thread. Elsewhere there is no such
    thing, and None is returned: a killed supervisor's children are found by the next one.
    """
    library = _LIBC
    if library is None:
        return None
    parent = os.getpid()

    def watch_parent() -> None:
        library.prctl(_PR_SET_PDEATHSIG, int(number))
        if os.getppid() != parent:  # it died before Linux was asked
            os._exit(1)

    return watch_parent


def stop(process: subprocess.Popen[bytes], *, signals: tuple[signal.Signals, ...], seconds: float) -> None:
    """Send one signal after the other, each with `seconds` to take effect, and at last kill."""
    for number in (*signals, signal.SIGKILL):
        if process.poll() is not None:
            return
        process.send_signal(number)
        try:
            process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            continue


def command_of(pid: int) -> str:
    """Return the command line of a running process; empty where there is none."""
    if Path("/proc/self").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        except OSError:
            return ""
    answer = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return answer.stdout.strip()


def last_lines(path: Path, count: int = 15) -> str:
    """Return the end of a log, for a message about a process that stopped early."""
    if not path.exists():
        return ""
    with path.open(encoding="utf-8", errors="replace") as log:
        return "".join(deque(log, maxlen=count)).rstrip()
