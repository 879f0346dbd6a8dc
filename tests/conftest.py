"""The supervisor of a test run: its environment, its servers, and the fixtures that every folder may use."""

import os
from contextlib import ExitStack

import pytest
from django.conf import settings

from clioxero.embedded import EmbeddedProblem
from tests.support.environment import prepare_environment
from tests.support.servers import own_redis, running_servers

pytest_plugins = [
    "tests.support.browser",
    "tests.support.databases",
    "tests.support.places",
    "tests.support.stand_ins",
]

_servers = pytest.StashKey[ExitStack]()


def pytest_configure(config: pytest.Config) -> None:
    """Start the servers where nobody did, then let Django read its settings, before pytest-django sets it up."""
    prepare_environment()
    config.stash[_servers] = ExitStack()
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if not worker:
        try:
            config.stash[_servers].enter_context(running_servers())
        except EmbeddedProblem as problem:
            pytest.exit(str(problem), returncode=2)
    if not getattr(config.option, "numprocesses", None):  # with xdist, only its workers run tests
        address = config.stash[_servers].enter_context(own_redis(int(worker.removeprefix("gw") or 0)))
        os.environ["REDIS_URL"] = address
    # A worker's settings may have been read before its own database of Redis was claimed.
    settings.REDIS_URL = os.environ["REDIS_URL"]
    settings.CACHES["default"]["LOCATION"] = settings.REDIS_URL
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick, since nothing is protected


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what was started."""
    config.stash.get(_servers, ExitStack()).close()
