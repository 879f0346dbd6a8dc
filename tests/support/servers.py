"""The PostgreSQL and the Redis of a test run: embedded ones, unless DATABASE_URL and REDIS_URL name others.

The run that a person starts (not its xdist workers) starts them and hands their addresses on through the environment.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
import redis
from psycopg import sql

from clioxero.embedded import APPLICATION_ROLE, EmbeddedProblem, FolderInUse, servers

_FOLDER = Path(__file__).resolve().parents[2] / "var"
_RUNS_AT_ONCE = 8
# Redis has sixteen databases unless told otherwise. A test empties its own before it starts, hence the mark: a database
# with somebody's keys in it is not touched.
_GIVEN_REDIS_DATABASES = 15
REDIS_MARK = "clioxero:database-of-a-test-run"


@contextmanager
def running_servers() -> Iterator[None]:
    """Have both servers running, and their addresses in the environment."""
    with ExitStack() as stack:
        for number in range(1, _RUNS_AT_ONCE + 1):
            try:
                addresses = stack.enter_context(servers(_FOLDER / f"tests-{number}", os.environ))
            except FolderInUse:
                continue  # another test run of this clone is at work there
            break
        else:
            raise EmbeddedProblem(f"{_RUNS_AT_ONCE} test runs are at work in {_FOLDER} already")
        if "DATABASE_OWNER_URL" not in addresses:
            addresses |= _bound_by_row_security(addresses["DATABASE_URL"])
        os.environ.update(addresses)
        yield


@contextmanager
def own_redis(worker: int) -> Iterator[str]:
    """Yield the address of this worker's own Redis database, empty and marked. Stops the run if it is somebody's."""
    number = _GIVEN_REDIS_DATABASES - worker % _GIVEN_REDIS_DATABASES
    place, _, query = os.environ["REDIS_URL"].partition("?")
    if place.startswith("unix:"):
        address = f"{place}?db={number}"
    else:
        scheme, _, rest = place.partition("://")
        address = f"{scheme}://{rest.partition('/')[0]}/{number}" + (f"?{query}" if query else "")
    with redis.Redis.from_url(address) as client:
        if client.dbsize() and not client.exists(REDIS_MARK):
            pytest.exit(f"REDIS_URL: the tests would empty database {number}, but it holds somebody's keys", 2)
        empty_redis(client)
        yield address
        client.flushdb()


def empty_redis(client: redis.Redis) -> None:
    """Forget everything but the mark that the database is ours."""
    with client.pipeline() as pipe:
        pipe.flushdb()
        pipe.set(REDIS_MARK, "1")
        pipe.execute()


def _bound_by_row_security(address: str) -> dict[str, str]:
    """Return addresses for a server of which only one role is known.

    Where that role steps around row-level security, it stays the owner, and the tests run as a plain role: the address
    says so in its options, which PostgreSQL applies at login.
    """
    with psycopg.connect(address, autocommit=True) as connection:
        row = connection.execute(
            "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        if row is None or not row[0]:
            return {"DATABASE_URL": address, "DATABASE_OWNER_URL": address}
        known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APPLICATION_ROLE]).fetchone()
        if not known:
            connection.execute(
                sql.SQL("CREATE ROLE {} NOSUPERUSER NOBYPASSRLS").format(sql.Identifier(APPLICATION_ROLE))
            )
    joint = "&" if "?" in address else "?"
    options = quote(f"-c role={APPLICATION_ROLE}", safe="")
    return {"DATABASE_URL": f"{address}{joint}options={options}", "DATABASE_OWNER_URL": address}
