"""The test database: made by the owner, used by the application's role, one for each xdist worker."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import environ
import pytest
import redis
from django.db import connection
from django.test.utils import setup_databases, teardown_databases
from psycopg import sql
from pytest_django import DjangoDbBlocker

from clioxero.embedded import APPLICATION_ROLE
from clioxero.grants import grant
from tests.support.servers import empty_redis

_DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}
_LOGIN = ("USER", "PASSWORD", "HOST", "PORT", "OPTIONS")


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
    django_db_modify_db_settings: None,
) -> Iterator[None]:
    """Make the tables as the owner, then go on as the role that row-level security binds."""
    options = request.config.option
    with django_db_blocker.unblock(), _as_owner():
        keep = options.reuse_db and not options.create_db
        made = setup_databases(verbosity=options.verbose, interactive=False, keepdb=keep, serialized_aliases=[])
        _let_the_application_in()
    yield
    if not options.reuse_db:
        with django_db_blocker.unblock(), _as_owner():
            teardown_databases(made, verbosity=options.verbose)


@pytest.fixture
def process_environment(db: None) -> dict[str, str]:
    """The environment for a process of the test: this worker's test database, and its Redis."""
    name = connection.settings_dict["NAME"]
    own = {
        variable: urlunsplit(urlsplit(os.environ[variable])._replace(path=f"/{name}"))
        for variable in ("DATABASE_URL", "DATABASE_OWNER_URL")
    }
    return {**os.environ, **own, "REDIS_URL": os.environ["REDIS_URL"]}


@pytest.fixture(autouse=True)
def _fresh_redis(request: pytest.FixtureRequest) -> None:
    """Empty this worker's Redis before every test that has a database: limits and caches start anew."""
    if _DATABASE_FIXTURES & set(request.fixturenames) or request.node.get_closest_marker("django_db"):
        with redis.Redis.from_url(os.environ["REDIS_URL"]) as client:
            empty_redis(client)


@contextmanager
def _as_owner() -> Iterator[None]:
    """Log in as the tables' owner for a while. The name of the database, which the tests change, stays."""
    facts: dict[str, Any] = connection.settings_dict
    application = {key: facts[key] for key in _LOGIN}
    owner = environ.Env.db_url_config(os.environ["DATABASE_OWNER_URL"])
    connection.close()
    facts.update({key: owner.get(key) or ({} if key == "OPTIONS" else "") for key in _LOGIN})
    try:
        yield
    finally:
        connection.close()
        facts.update(application)


def _let_the_application_in() -> None:
    """Grant what `migrate` grants, and TRUNCATE, with which Django empties tables after a test with real commits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s AND rolname <> current_user", [APPLICATION_ROLE])
        if cursor.fetchone() is None:
            return
        grant(APPLICATION_ROLE)
        cursor.execute(
            sql.SQL("GRANT TRUNCATE ON ALL TABLES IN SCHEMA public TO {}").format(sql.Identifier(APPLICATION_ROLE))
        )
