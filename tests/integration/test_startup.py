"""Starting in a faulty environment: one clear line, an exit code, no traceback."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KEY = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG="
PRODUCTION = {
    "SECRET_KEY": "a-long-secret",
    "ALLOWED_HOSTS": "localhost",
    "BASE_URL": "http://localhost:8000",
    "DATABASE_URL": "postgresql://app@127.0.0.1:1/books",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "TOKEN_KEYS": KEY,
    "CLIO_CLIENT_ID": "clio-id",
    "CLIO_CLIENT_SECRET": "clio-secret",
    "XERO_CLIENT_ID": "xero-id",
    "XERO_CLIENT_SECRET": "xero-secret",
}


def run(*command: str, environment: dict[str, str]) -> tuple[int, list[str]]:
    """Run a command with nothing else in its environment; return its exit code and the lines of stderr."""
    program = Path(sys.executable).parent
    done = subprocess.run(
        [program / command[0], *command[1:]],
        cwd=ROOT,
        env={"PATH": f"{program}:/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1", **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stderr.strip().splitlines()


@pytest.mark.parametrize(
    ("changes", "beginning"),
    [
        ({"DEBUG": "maybe"}, "clioxero: DEBUG='maybe' is neither true nor false"),
        ({"SECRET_KEY": ""}, "clioxero: SECRET_KEY not set"),
        ({"ALLOWED_HOSTS": ""}, "clioxero: ALLOWED_HOSTS not set"),
        ({"BASE_URL": "http://127.0.0.1:8000"}, "clioxero: BASE_URL must not be on 127.0.0.1"),
        ({"BASE_URL": "http://books.example"}, "clioxero: BASE_URL='http://books.example' must be https"),
        ({"DATABASE_URL": "mysql://h/books"}, "clioxero: DATABASE_URL is not a PostgreSQL address"),
        ({"REDIS_URL": "localhost"}, "clioxero: REDIS_URL is not a Redis address"),
        ({"TOKEN_KEYS": "abc"}, "clioxero: TOKEN_KEYS: key 1 of 1 is not a Fernet key"),
        ({"XERO_DAY_LIMIT": "0"}, "clioxero: XERO_DAY_LIMIT='0' is not a whole number above 0"),
        ({"CLIO_URL": "http://clio.example"}, "clioxero: CLIO_URL='http://clio.example' must be https"),
    ],
)
def test_a_faulty_value_ends_a_command_with_one_line(changes: dict[str, str], beginning: str) -> None:
    code, lines = run("python", "manage.py", "check", environment={**PRODUCTION, **changes})

    assert code == 2
    assert len(lines) == 1
    assert lines[0].startswith(beginning)


def test_a_command_without_a_database_says_what_to_do() -> None:
    code, lines = run("python", "manage.py", "sync", "--all", environment={})

    assert code == 2
    (line,) = lines
    assert line.startswith("clioxero: DATABASE_URL and REDIS_URL not set: set DATABASE_URL and REDIS_URL to running")
    assert line.endswith("or run `make demo`, which starts its own.")


def test_help_needs_nothing() -> None:
    assert run("python", "manage.py", "help", environment={}) == (0, [])


def test_a_database_that_is_down_is_one_line() -> None:
    code, lines = run("python", "manage.py", "sync", "--all", environment=PRODUCTION)

    assert code == 2
    assert len(lines) == 1
    assert lines[0].startswith("clioxero: the database does not answer (DATABASE_URL): ")


def test_the_web_does_not_start_without_its_servers() -> None:
    environment = {name: value for name, value in PRODUCTION.items() if name != "DATABASE_URL"}

    code, lines = run("gunicorn", "clioxero.wsgi", "--preload", "--bind=127.0.0.1:0", environment=environment)

    assert code == 2
    assert lines == [
        "clioxero: DATABASE_URL not set: set DATABASE_URL to running servers, or run `make demo`, which starts its own."
    ]


@pytest.mark.parametrize("what", ["worker", "beat"])
def test_a_worker_does_not_start_without_its_servers(what: str) -> None:
    environment = {name: value for name, value in PRODUCTION.items() if name != "REDIS_URL"}

    code, lines = run("celery", "-A", "clioxero", what, environment=environment)

    assert code == 2
    assert lines == [
        "clioxero: REDIS_URL not set: set REDIS_URL to running servers, or run `make demo`, which starts its own."
    ]


def test_a_worker_with_a_faulty_environment_is_one_line() -> None:
    code, lines = run("celery", "-A", "clioxero", "worker", environment={**PRODUCTION, "TOKEN_KEYS": "abc"})

    assert code == 2
    assert len(lines) == 1
    assert lines[0].startswith("clioxero: TOKEN_KEYS")
