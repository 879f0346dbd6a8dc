"""What the demo is: its firm and people, its addresses, and what must be so before it starts."""

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

FIRM = "Harrow & Lindqvist Law"
REGION = "ca"
FOLDER = Path(__file__).resolve().parent.parent / "var" / "demo"
LOGINS = {
    "admin": ("admin@demo.example", "demo-admin-1"),
    "staff": ("staff@demo.example", "demo-staff-1"),
    "viewer": ("viewer@demo.example", "demo-viewer-1"),
}
# Of the operator's own environment, what would lead the demo to real services or real people.
_LEFT_OUT = ("ALLOWED_HOSTS", "EMAIL_URL", "SENTRY_DSN", "XERO_DAY_LIMIT", "CLIO_CLIENT_ID_", "CLIO_CLIENT_SECRET_")


class DemoProblem(Exception):  # noqa: N818
    """The demo cannot go on; the text says why, and `code` is its exit code."""

    def __init__(self, message: str, code: int = 1) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, kw_only=True)
class Demo:
    """What was asked for. `sandbox_port` is the stand-in Clio's; Xero's the next. Data and logs lie in `folder`."""

    once: bool
    bills: int
    port: int
    sandbox_port: int
    folder: Path = FOLDER

    @property
    def mail(self) -> Path:
        """Where mails become files."""
        return self.folder / "mail"

    @property
    def web_url(self) -> str:
        """Where the pages are."""
        return f"http://localhost:{self.port}"

    @property
    def clio_url(self) -> str:
        """Where the stand-in Clio is."""
        return f"http://localhost:{self.sandbox_port}"

    @property
    def xero_url(self) -> str:
        """Where the stand-in Xero is."""
        return f"http://localhost:{self.sandbox_port + 1}"


def environment(demo: Demo, addresses: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of the demo's processes: this one's, led to the servers and the stand-ins.

    Mails become files in a folder: they hold the codes and links that people follow.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_LEFT_OUT)}
    return {
        **kept,
        **addresses,
        "DEBUG": "true",
        "BASE_URL": demo.web_url,
        "EMAIL_URL": f"filemail:///{demo.mail}",
        "CLIO_URL": demo.clio_url,
        "CLIO_CLIENT_ID": "clio-demo",
        "CLIO_CLIENT_SECRET": "clio-demo-secret",
        "XERO_API_URL": demo.xero_url,
        "XERO_IDENTITY_URL": demo.xero_url,
        "XERO_LOGIN_URL": demo.xero_url,
        "XERO_CLIENT_ID": "xero-demo",
        "XERO_CLIENT_SECRET": "xero-demo-secret",
        "PYTHONUNBUFFERED": "1",
    }


def check_ports(demo: Demo) -> None:
    """Raise DemoProblem if a port is taken, before anything is started."""
    wanted = {demo.port: "PORT", demo.sandbox_port: "SANDBOX_PORT", demo.sandbox_port + 1: "SANDBOX_PORT"}
    if len(wanted) < 3:
        raise DemoProblem("PORT, SANDBOX_PORT and the port after it must be three different ports.", 2)
    for port, name in wanted.items():
        if not _is_free(port):
            raise DemoProblem(f"port {port} is in use: stop what listens there, or choose another with {name}=…", 2)


def check_redis(address: str) -> None:
    """Raise DemoProblem if a Redis that was named does not answer; the database is asked by `migrate`."""
    try:
        with redis.Redis.from_url(address, socket_connect_timeout=5, retry=Retry(NoBackoff(), 0)) as client:
            client.ping()
    except redis.RedisError as error:
        raise DemoProblem(f"Redis does not answer (REDIS_URL): {error}", 2) from error


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def earlier_firm(address: str) -> str | None:
    """Return the slug of the firm that an earlier demo left in this database, if it did.

    Raises DemoProblem for a database with other firms: their grants would be shown to the stand-ins, and be taken for
    revoked.
    """
    with psycopg.connect(address, connect_timeout=10) as connection:
        firms = connection.execute("SELECT name, slug FROM accounts_firm").fetchall()
    if any(name != FIRM for name, _ in firms):
        raise DemoProblem("DATABASE_URL holds firms that are not the demo's: name an empty database", 2)
    return firms[0][1] if firms else None
