"""How single values of the environment are read: strictly, with a message that names the variable and the way out.

A value that may be a secret (a key, a password inside an address) is never repeated in a message.
"""

import re
from collections.abc import Mapping
from urllib.parse import SplitResult, parse_qs, urlsplit

import environ
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

_TRUE = frozenset({"true", "1", "yes", "on"})
_FALSE = frozenset({"false", "0", "no", "off"})
_DATABASE_SCHEMES = frozenset({"postgres", "postgresql", "psql", "pgsql"})
_LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1"})


class EnvironmentProblem(Exception):  # noqa: N818
    """One variable is missing or makes no sense. The text is one line, fit for an operator."""


def boolean(given: Mapping[str, str], name: str, *, default: bool) -> bool:
    """Read a yes or no; django-environ would take every unknown word for no."""
    value = given.get(name, "").lower()
    if not value:
        return default
    if value in _TRUE:
        return True
    if value in _FALSE:
        return False
    raise EnvironmentProblem(f"{name}={given[name]!r} is neither true nor false: set it to true or false.")


def positive_integer(given: Mapping[str, str], name: str, *, default: int) -> int:
    """Read a whole number above zero."""
    value = given.get(name, "")
    if not value:
        return default
    if not re.fullmatch(r"[0-9]{1,9}", value) or int(value) == 0:
        raise EnvironmentProblem(f"{name}={value!r} is not a whole number above 0: set it to one, such as {default}.")
    return int(value)


def listed(value: str) -> tuple[str, ...]:
    """Split at commas; empty entries are dropped."""
    return tuple(part.strip() for part in value.split(",") if part.strip())


def base_url(value: str) -> str:
    """Return the address people reach the pages at, without a slash at the end.

    OAuth sends people back to it, so it must be what both services accept: https, or http on localhost alone.
    """
    parts = _split("BASE_URL", value)
    if parts.hostname == "127.0.0.1":
        raise EnvironmentProblem(
            "BASE_URL must not be on 127.0.0.1, since Xero refuses that as a redirect address: use http://localhost."
        )
    if parts.scheme == "http" and parts.hostname != "localhost":
        raise EnvironmentProblem(f"BASE_URL={value!r} must be https: http is accepted on localhost only.")
    if parts.path.strip("/"):
        raise EnvironmentProblem(f"BASE_URL={value!r} must not have a path: name scheme, host and port alone.")
    return value.rstrip("/")


def service_url(given: Mapping[str, str], name: str) -> str | None:
    """Return the address of Clio or Xero without a slash at the end; plain http only where the host is local."""
    value = given.get(name, "")
    if not value:
        return None
    parts = _split(name, value)
    if parts.scheme == "http" and parts.hostname not in _LOCAL_HOSTS:
        raise EnvironmentProblem(
            f"{name}={value!r} must be https: tokens go there, and http is accepted on localhost and 127.0.0.1 only."
        )
    return value.rstrip("/")


def database_url(given: Mapping[str, str], name: str) -> str | None:
    """Return a PostgreSQL address as it was given, once it is certain that Django can read it."""
    value = given.get(name, "")
    if not value:
        return None
    form = "postgresql://USER:PASSWORD@HOST:PORT/NAME"
    try:
        parts = urlsplit(value)
        named = bool(parts.path.strip("/")) and parts.port != 0
    except ValueError:
        raise EnvironmentProblem(f"{name} cannot be read: write it as {form}.") from None
    if parts.scheme not in _DATABASE_SCHEMES:
        raise EnvironmentProblem(f"{name} is not a PostgreSQL address: write it as {form}.")
    if not named:
        raise EnvironmentProblem(f"{name} names no database: write it as {form}.")
    return value


def redis_url(given: Mapping[str, str], name: str) -> str | None:
    """Return a Redis address: redis://HOST:PORT/DB, rediss://HOST:PORT/DB or unix:///path/to/redis.sock?db=DB."""
    value = given.get(name, "")
    if not value:
        return None
    form = "redis://HOST:PORT/DB, rediss://HOST:PORT/DB or unix:///path/to/redis.sock?db=DB"
    try:
        parts = urlsplit(value)
        placed = bool(parts.hostname) and parts.port != 0
    except ValueError:
        raise EnvironmentProblem(f"{name} cannot be read: write it as {form}.") from None
    if parts.scheme == "unix":
        placed = parts.path.startswith("/") and len(parts.path) > 1
        number = parse_qs(parts.query).get("db", ["0"])[0]
    elif parts.scheme in {"redis", "rediss"}:
        number = parts.path.strip("/") or "0"
    else:
        raise EnvironmentProblem(f"{name} is not a Redis address: write it as {form}.")
    if not placed or not re.fullmatch(r"[0-9]+", number):
        raise EnvironmentProblem(f"{name} cannot be read: write it as {form}.")
    return value


def token_keys(value: str) -> tuple[str, ...]:
    """Return the Fernet keys, the encrypting one first."""
    keys = listed(value)
    for place, key in enumerate(keys, start=1):
        try:
            Fernet(key)
        except ValueError:
            raise EnvironmentProblem(
                f"TOKEN_KEYS: key {place} of {len(keys)} is not a Fernet key. Make one: python -c "
                '"from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'
            ) from None
    if not keys:
        raise EnvironmentProblem("TOKEN_KEYS holds no key: set at least one Fernet key.")
    return keys


def email_url(value: str) -> str:
    """Return the mail server's address once django-environ can read it."""
    try:
        environ.Env.email_url_config(value)
    except (ImproperlyConfigured, ValueError):
        raise EnvironmentProblem(
            "EMAIL_URL cannot be read: write it as smtp+tls://USER:PASSWORD@HOST:587, smtp://HOST:25 or consolemail://."
        ) from None
    return value


def sentry_dsn(given: Mapping[str, str], name: str) -> str | None:
    """Return Sentry's address, which carries a public key and a project number."""
    value = given.get(name, "")
    if not value:
        return None
    parts = _split(name, value, secret=True)
    if not parts.username or not parts.path.strip("/"):
        raise EnvironmentProblem(f"{name} cannot be read: write it as https://KEY@HOST/PROJECT.")
    return value


def _split(name: str, value: str, *, secret: bool = False) -> SplitResult:
    shown = name if secret else f"{name}={value!r}"
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        raise EnvironmentProblem(f"{name} cannot be read: write it as https://HOST.") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise EnvironmentProblem(f"{shown} is not a web address: write it as https://HOST.")
    if not secret and (parts.username or parts.query or parts.fragment):
        raise EnvironmentProblem(f"{name} must hold scheme, host and port alone: write it as https://HOST.")
    if re.search(r"[\s\\]", value):
        raise EnvironmentProblem(f"{shown} is not a web address: write it as https://HOST.")
    return parts
