#!/usr/bin/env python
"""Run a management command; `manage.py help` lists them."""

import os
import sys

try:
    from django.core.management import execute_from_command_line
    from django.db import OperationalError
    from redis.exceptions import ConnectionError as RedisConnectionError
except ImportError as error:
    sys.exit(f"clioxero: {error}. Run `make install` and use .venv/bin/python, or let `make demo` do it all.")

from clioxero.environment import EnvironmentProblem, require_servers

# What works without a database: everything else is stopped with one line that says what to do.
STAND_ALONE = frozenset({"help", "version", "demo", "sandbox"})
NO_DATABASE = STAND_ALONE | {
    "check",
    "collectstatic",
    "compilemessages",
    "findstatic",
    "makemessages",
    "makemigrations",
}


def main() -> None:
    """Check the environment as far as the command needs it, then hand over to Django.

    Exit code 2 with one line where the environment is faulty or a server does not answer.
    """
    command = next((word for word in sys.argv[1:] if not word.startswith("-")), "help")
    if {"-h", "--help", "--version"} & set(sys.argv[1:]):
        command = "help"
    if command in STAND_ALONE and "SECRET_KEY" not in os.environ:
        os.environ.setdefault("DEBUG", "true")  # these touch no firm's data, so they run without any set-up
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clioxero.settings")
    try:
        if command not in NO_DATABASE:
            require_servers(os.environ)
        execute_from_command_line(sys.argv)
    except EnvironmentProblem as problem:
        _stop(str(problem))
    except OperationalError as error:
        _stop(f"the database does not answer (DATABASE_URL): {_first_line(error)}", error)
    except RedisConnectionError as error:
        _stop(f"Redis does not answer (REDIS_URL): {_first_line(error)}", error)


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)


def _stop(line: str, error: Exception | None = None) -> None:
    if error and "--traceback" in sys.argv:
        raise error
    sys.stderr.write(f"clioxero: {line}\n")
    sys.exit(2)


if __name__ == "__main__":
    main()
