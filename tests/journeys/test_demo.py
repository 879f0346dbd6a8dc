"""A newcomer runs the demo: a first sync, the printed logins work, and one signal stops everything."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import sql

from sandbox.visitor import Visitor
from tests.support.places import ROOT

Lines = list[str]


@pytest.fixture(scope="module")
def demo_environment() -> Iterator[dict[str, str]]:
    """The environment of a person who has servers: an empty database, its owner and the application's role."""
    name = f"demo_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    own = {
        variable: urlunsplit(urlsplit(os.environ[variable])._replace(path=f"/{name}"))
        for variable in ("DATABASE_URL", "DATABASE_OWNER_URL")
    }
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute(drop)
        owner.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield {**os.environ, **own}
        owner.execute(drop)


def free_ports() -> tuple[int, int]:
    """One port, and another that is free together with the next one; each xdist worker has its own range."""
    first = 58500 + 40 * int(os.environ.get("PYTEST_XDIST_WORKER", "gw9").removeprefix("gw"))
    with socket.socket() as web, socket.socket() as clio, socket.socket() as xero:
        web.bind(("127.0.0.1", 0))
        for port in range(first, first + 40, 2):
            try:
                clio.bind(("127.0.0.1", port))
                xero.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return web.getsockname()[1], port
    raise AssertionError("no free ports")


@contextmanager
def running_demo(environment: dict[str, str], *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A demo, which is stopped on the way out if it runs still."""
    web, clio = free_ports()
    command = ["manage.py", "demo", "--bills=12", f"--port={web}", f"--sandbox-port={clio}", *arguments]
    with subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as demo:
        try:
            yield demo
        finally:
            demo.terminate()


def read_until(demo: subprocess.Popen[str], last: str) -> Lines:
    """The lines up to one that ends the wait; all there are if it never comes."""
    assert demo.stdout is not None
    lines = []
    for line in demo.stdout:
        lines.append(line.rstrip("\n"))
        if lines[-1] == last:
            break
    return lines


def left_of(demo: subprocess.Popen[str]) -> Lines:
    """Command lines of processes that the demo started and that still run, by the ports in their arguments."""
    assert isinstance(demo.args, list)
    ports = [argument.partition("=")[2] for argument in demo.args if "port=" in argument]
    listed = subprocess.run(["ps", "-ww", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    return [line for line in listed.splitlines() if any(f":{port}" in line or f"={port}" in line for port in ports)]


def test_the_demo_syncs_prints_what_scripts_need_and_stops_whole(demo_environment: dict[str, str]) -> None:
    with running_demo(demo_environment) as demo:
        lines = read_until(demo, "ready")
        assert lines[-1] == "ready", "\n".join(lines)
        told = dict(line.split(" ", 1) for line in lines if line.startswith(("web ", "clio ", "xero ")))
        logins = [line.split() for line in lines if line.startswith("login ")]
        assert [login[1] for login in logins] == ["admin", "staff", "viewer"]
        assert any(line.startswith("second sync: clean, nothing changed") for line in lines)
        assert any(line.endswith("both sides agree") for line in lines)
        assert sorted(told) == ["clio", "web", "xero"]
        for _, _, email, password in logins:
            assert Visitor(told["web"]).log_in(email, password), email
        assert not Visitor(told["web"]).log_in("admin@demo.example", "wrong-password")

        demo.send_signal(signal.SIGTERM)
        rest, _none = demo.communicate(timeout=40)

    assert rest == "stopped\n"
    assert demo.returncode == 0
    assert left_of(demo) == []


@pytest.mark.long
def test_the_demo_starts_anew_in_the_same_database(demo_environment: dict[str, str]) -> None:
    for _ in range(2):
        with running_demo(demo_environment, "--once") as demo:
            out, _none = demo.communicate(timeout=180)
        assert demo.returncode == 0, out
        assert "first sync: 0 contacts" not in out


def test_the_demo_keeps_away_from_a_database_with_other_firms(demo_environment: dict[str, str]) -> None:
    own = {**demo_environment, "DEBUG": "true"}
    for command in (
        ["migrate", "--verbosity=0"],
        ["createfirm", "Real & Partners", "--admin=ada@firm.example", "--password=a-long-password-1"],
    ):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=own, check=True)

    with running_demo(demo_environment, "--once") as demo:
        out, _ = demo.communicate(timeout=90)

    assert demo.returncode == 2
    assert out.splitlines()[-1] == "demo: DATABASE_URL holds firms that are not the demo's: name an empty database"
    assert left_of(demo) == []
