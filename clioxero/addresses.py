"""The one form of an address in the environment, turned into the forms that libraries want."""

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import environ

from clioxero.environment import Environment

# Commands that change tables run as the tables' owner where DATABASE_OWNER_URL names one.
_OWNER_COMMANDS = frozenset({"migrate"})


def celery_broker(redis_url: str) -> str:
    """Return the broker address for Celery: as given, except that a socket is redis+socket:///path?virtual_host=DB."""
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    login = f"{quote(parts.username or '', safe='')}:{quote(parts.password, safe='')}@" if parts.password else ""
    number = parse_qs(parts.query).get("db", ["0"])[0]
    return f"redis+socket://{login}{parts.path}?virtual_host={number}"


def runs_as_owner(environment: Environment, argv: Sequence[str]) -> bool:
    """Whether this process is `manage.py migrate` with an owner's address to use."""
    return environment.database_owner_url is not None and len(argv) > 1 and argv[1] in _OWNER_COMMANDS


def database(environment: Environment, argv: Sequence[str]) -> dict[str, Any]:
    """Return Django's settings of the default database.

    Without DATABASE_URL it is Django's dummy, with which every query fails: the commands that need no database still
    start, and `manage.py` stops the others beforehand.
    """
    address = environment.database_owner_url if runs_as_owner(environment, argv) else environment.database_url
    if address is None:
        return {"ENGINE": "django.db.backends.dummy"}
    return {
        **environ.Env.db_url_config(address),
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def database_role(address: str) -> str:
    """Return the role that statements run as: one set at login (options=-c role=NAME), else the one that logs in.

    Empty where the address names none.
    """
    facts = environ.Env.db_url_config(address)
    switched = re.search(r"-c\s*role=(\w+)", str(facts.get("OPTIONS", {}).get("options", "")))
    return switched[1] if switched else str(facts["USER"] or "")


def origin(address: str) -> str:
    """Return scheme, host and port of an address."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
