"""How the demo refuses to start; tests/journeys has how it goes when it does."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.support.places import ROOT


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port on which somebody listens."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def demo(*arguments: str, **environment: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "manage.py", "demo", "--once", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def test_a_taken_port_is_named_with_the_way_out_and_nothing_is_started(taken_port: int) -> None:
    code, out, error = demo(f"--port={taken_port}", "--sandbox-port=58400")

    assert (code, out) == (2, "")
    assert error == f"demo: port {taken_port} is in use: stop what listens there, or choose another with PORT=…\n"


def test_a_taken_port_of_the_stand_in_xero_is_noticed_too(taken_port: int) -> None:
    code, out, error = demo("--port=58402", f"--sandbox-port={taken_port - 1}")

    assert (code, out) == (2, "")
    assert f"port {taken_port} is in use" in error
    assert "SANDBOX_PORT=…" in error


def test_ports_that_overlap_are_refused() -> None:
    code, _, error = demo("--port=58401", "--sandbox-port=58400")

    assert code == 2
    assert "three different ports" in error


@pytest.mark.parametrize("argument", ["--port=0", "--port=70000", "--port=web", "--bills=0", "--bills=-3", "--bills=٣"])
def test_a_number_that_makes_no_sense_is_refused(argument: str) -> None:
    code, _, error = demo(argument)

    assert code == 2
    assert "is not a whole number from" in error
    assert "Traceback" not in error


def test_a_server_that_is_named_but_down_is_told_in_a_line() -> None:
    code, _, error = demo(
        "--port=58403",
        "--sandbox-port=58404",
        DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing",
        DATABASE_OWNER_URL="",
        REDIS_URL="redis://127.0.0.1:1/0",
    )

    assert code == 2
    assert "does not answer" in error
    assert len(error.strip().splitlines()) == 1
