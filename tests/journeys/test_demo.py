"""A newcomer runs the demo: a first sync, the printed logins work, and one signal stops everything."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
import redis
from psycopg import sql

from clioxero.embedded.folder import home_of
from sandbox.visitor import Visitor
from tests.support.demos import StartedDemo, started_demo
from tests.support.places import ROOT
from tests.support.servers import empty_redis

_SERVERS = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked for under /proc")


@pytest.fixture
def nothing_given() -> dict[str, str]:
    """The environment of a person who has no servers."""
    return {name: value for name, value in os.environ.items() if name not in _SERVERS}


@pytest.fixture
def servers_given() -> Iterator[dict[str, str]]:
    """The environment of a person who has servers: an empty database, its owner, the application's role, empty Redis.

    Other tests of this worker have left limits of the same stand-in organisation in its Redis, a day's among them.
    """
    name = f"demo_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    own = {
        variable: urlunsplit(urlsplit(os.environ[variable])._replace(path=f"/{name}"))
        for variable in ("DATABASE_URL", "DATABASE_OWNER_URL")
    }
    drop = sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name))  # waits a few seconds for who is leaving
    with (
        psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner,
        redis.Redis.from_url(os.environ["REDIS_URL"]) as client,
    ):
        owner.execute(drop)
        owner.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        empty_redis(client)
        yield {**os.environ, **own}
        empty_redis(client)
        owner.execute(drop)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder whose path is short enough for sockets, and its twin in the temporary folder for root."""
    place = Path(tempfile.mkdtemp(prefix="clioxero-demo-"))
    yield place
    shutil.rmtree(home_of(place), ignore_errors=True)
    shutil.rmtree(place, ignore_errors=True)


def assert_clean(lines: list[str]) -> None:
    """The summary of both syncs and the tie-out, as printed."""
    first = next(line for line in lines if line.startswith("first sync: "))
    assert "first sync: 0 contacts" not in first
    assert " 0 invoices" not in first
    assert any(line.startswith("second sync: clean, nothing changed") for line in lines)
    assert any(line.startswith("bills: Clio ") and line.endswith("both sides agree") for line in lines)


def test_from_nothing_the_demo_syncs_twice_ties_out_and_ends(nothing_given: dict[str, str], folder: Path) -> None:
    with started_demo("--once", environment=nothing_given, folder=folder) as demo:
        code = demo.wait()
        assert code == 0, demo.lines
        assert_clean(demo.lines)
        assert "ready" not in demo.lines
        assert demo.left_behind() == {}


def test_a_demo_that_stays_up_prints_what_scripts_need_and_one_signal_stops_all_of_it(
    servers_given: dict[str, str], folder: Path
) -> None:
    with started_demo(environment=servers_given, folder=folder) as demo:
        lines = demo.wait_for("ready")
        assert lines[-1] == "ready"
        assert_clean(lines)
        told = dict(line.split(" ", 1) for line in lines if line.startswith(("web ", "clio ", "xero ")))
        assert sorted(told) == ["clio", "web", "xero"]
        _log_in_as_printed(demo, told["web"])
        assert len(demo.running()) > 5

        demo.tell_to_stop()
        assert demo.wait(seconds=60) == 0
        assert demo.lines[-2:] == ["ready", "stopped"]
        assert demo.left_behind() == {}


def _log_in_as_printed(demo: StartedDemo, web: str) -> None:
    logins = [line.split() for line in demo.lines if line.startswith("login ")]
    assert [login[1] for login in logins] == ["admin", "staff", "viewer"]
    for _, _, email, password in logins:
        assert Visitor(web).log_in(email, password), email
    assert not Visitor(web).log_in("admin@demo.example", "wrong-password")


@pytest.mark.long
def test_a_demo_that_is_stopped_while_it_sets_up_leaves_nothing(servers_given: dict[str, str], folder: Path) -> None:
    with started_demo(environment=servers_given, folder=folder) as demo:
        demo.wait_for("setting up the firm")
        demo.tell_to_stop()
        assert demo.wait(seconds=60) == 0
        assert demo.lines[-1] == "stopped"
        assert demo.left_behind() == {}


@pytest.mark.long
def test_the_demo_starts_anew_in_the_same_database(servers_given: dict[str, str], folder: Path) -> None:
    for _ in range(2):
        with started_demo("--once", environment=servers_given, folder=folder) as demo:
            assert demo.wait() == 0, demo.lines
            assert_clean(demo.lines)


def test_the_demo_keeps_away_from_a_database_with_other_firms(servers_given: dict[str, str], folder: Path) -> None:
    own = {**servers_given, "DEBUG": "true"}
    for command in (
        ["migrate", "--verbosity=0"],
        ["createfirm", "Real & Partners", "--admin=ada@firm.example", "--password=a-long-password-1"],
    ):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=own, check=True, timeout=120)

    with started_demo("--once", environment=servers_given, folder=folder) as demo:
        assert demo.wait() == 2, demo.lines
        said = "demo: DATABASE_URL holds firms that are not the demo's: name an empty database"
        assert demo.lines[-1] == said
        assert demo.left_behind() == {}
