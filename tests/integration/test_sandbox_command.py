"""`manage.py sandbox`: both stand-ins, without a database."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).resolve().parents[2]


def environment() -> dict[str, str]:
    """Development settings, and no database or Redis to be found."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {**kept, "DEBUG": "true", "PYTHONUNBUFFERED": "1"}


def start(*options: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "manage.py", "sandbox", "--bills", "12", *options]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@pytest.fixture
def port() -> int:
    """A port that is free, with a free one above it."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            found: int = first.getsockname()[1]
            try:
                second.bind(("127.0.0.1", found + 1))
            except (OSError, OverflowError):
                continue
            return found


@pytest.fixture
def running(port: int) -> Iterator["subprocess.Popen[str]"]:
    process = start("--port", str(port))
    yield process
    process.kill()
    process.communicate()


def test_it_serves_both_and_stops_on_sigterm(running: "subprocess.Popen[str]", port: int) -> None:
    assert running.stdout is not None
    lines = [running.stdout.readline().strip() for _ in range(3)]
    assert lines == [f"clio http://localhost:{port}", f"xero http://localhost:{port + 1}", "ready"]
    home = requests.get(f"http://localhost:{port}", timeout=5).text
    assert "Stand-in Clio — not Clio" in home
    assert "12 bills" in home
    assert requests.get(f"http://localhost:{port + 1}/control/clock", timeout=5).status_code == 200
    running.send_signal(signal.SIGTERM)
    assert running.wait(timeout=10) == 0


def test_a_taken_port_is_one_line_and_exit_2(port: int) -> None:
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", port + 1))
        holder.listen()
        process = start("--port", str(port))
        out, err = process.communicate(timeout=30)
    assert process.returncode == 2
    assert out == ""
    assert err.count("\n") == 1
    assert f"Port {port + 1} is in use" in err
