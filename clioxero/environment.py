"""What the environment says, checked once at start.

Everything that is set outside the code comes in here: `load` reads a mapping and answers a frozen value, or raises
`EnvironmentProblem`, whose text is the one line an operator sees. Nothing here reads `os.environ` or Django's settings.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from clioxero.environment_values import (
    EnvironmentProblem,
    base_url,
    boolean,
    database_url,
    email_url,
    listed,
    positive_integer,
    redis_url,
    sentry_dsn,
    service_url,
    token_keys,
)

__all__ = ["REGIONS", "Environment", "EnvironmentProblem", "OAuthApp", "load", "require_servers"]

REGIONS = ("us", "ca", "eu", "au")

# Known to everybody who reads this file, so they serve development only: `load` never uses them unless DEBUG is on.
_DEVELOPMENT_SECRET_KEY = "development-only-secret-key-that-protects-nothing"  # noqa: S105
_DEVELOPMENT_TOKEN_KEY = "ZGV2ZWxvcG1lbnQtb25seS10b2tlbi1rZXktMDAwMDA="  # noqa: S105
_DEVELOPMENT_HOSTS = "localhost,127.0.0.1,[::1]"
_DEVELOPMENT_BASE_URL = "http://localhost:8000"


@dataclass(frozen=True, kw_only=True)
class OAuthApp:
    """The application as Clio or Xero know it: its id and secret. Both are empty where none is set (DEBUG only)."""

    client_id: str
    client_secret: str

    def __repr__(self) -> str:
        return f"OAuthApp(client_id={self.client_id!r})"


@dataclass(frozen=True, kw_only=True, repr=False)
class Environment:
    """The checked environment; DESIGN.md §5 names the variables. Unset addresses are None or empty text."""

    secret_key: str
    debug: bool
    allowed_hosts: tuple[str, ...]
    base_url: str
    database_url: str | None
    database_owner_url: str | None
    redis_url: str | None
    token_keys: tuple[str, ...]
    email_url: str
    sentry_dsn: str | None
    support_mfa: bool
    sign_up: bool
    clio_apps: Mapping[str, OAuthApp]
    clio_url: str | None
    xero_app: OAuthApp
    xero_webhook_key: str
    xero_api_url: str
    xero_identity_url: str
    xero_login_url: str
    xero_day_limit: int


def load(source: Mapping[str, str]) -> Environment:
    """Read and check everything. With DEBUG on, what production must set gets development defaults.

    DATABASE_URL and REDIS_URL may be missing here, since some commands need neither; see `require_servers`.
    Raises EnvironmentProblem naming the variable and the way out; all missing ones are named at once.
    """
    given = {name: value.strip() for name, value in source.items()}
    debug = boolean(given, "DEBUG", default=False)
    if not debug:
        _require(given)
    return Environment(
        secret_key=given.get("SECRET_KEY") or _DEVELOPMENT_SECRET_KEY,
        debug=debug,
        allowed_hosts=listed(given.get("ALLOWED_HOSTS") or _DEVELOPMENT_HOSTS),
        base_url=base_url(given.get("BASE_URL") or _DEVELOPMENT_BASE_URL),
        database_url=database_url(given, "DATABASE_URL"),
        database_owner_url=database_url(given, "DATABASE_OWNER_URL"),
        redis_url=redis_url(given, "REDIS_URL"),
        token_keys=token_keys(given.get("TOKEN_KEYS") or _DEVELOPMENT_TOKEN_KEY),
        email_url=email_url(given.get("EMAIL_URL") or ("consolemail://" if debug else "smtp://localhost:25")),
        sentry_dsn=sentry_dsn(given, "SENTRY_DSN"),
        support_mfa=boolean(given, "SUPPORT_MFA", default=True),
        sign_up=boolean(given, "SIGN_UP", default=True),
        clio_apps={region: _clio_app(given, region) for region in REGIONS},
        clio_url=service_url(given, "CLIO_URL"),
        xero_app=_app(given, "XERO_CLIENT_ID", "XERO_CLIENT_SECRET"),
        xero_webhook_key=given.get("XERO_WEBHOOK_KEY", ""),
        xero_api_url=service_url(given, "XERO_API_URL") or "https://api.xero.com",
        xero_identity_url=service_url(given, "XERO_IDENTITY_URL") or "https://identity.xero.com",
        xero_login_url=service_url(given, "XERO_LOGIN_URL") or "https://login.xero.com",
        xero_day_limit=positive_integer(given, "XERO_DAY_LIMIT", default=5000),
    )


def require_servers(source: Mapping[str, str]) -> None:
    """Raise EnvironmentProblem unless both servers are named: for whatever is about to talk to them."""
    missing = [name for name in ("DATABASE_URL", "REDIS_URL") if not source.get(name, "").strip()]
    if missing:
        names = " and ".join(missing)
        raise EnvironmentProblem(
            f"{names} not set: set {names} to running servers, or run `make demo`, which starts its own."
        )


def _require(given: Mapping[str, str]) -> None:
    required = ["SECRET_KEY", "ALLOWED_HOSTS", "BASE_URL", "TOKEN_KEYS", "XERO_CLIENT_ID", "XERO_CLIENT_SECRET"]
    missing = [name for name in required if not given.get(name)]
    if not any(_clio_app(given, region).client_id for region in REGIONS):
        missing += ["CLIO_CLIENT_ID", "CLIO_CLIENT_SECRET"]
    if missing:
        raise EnvironmentProblem(
            f"{', '.join(missing)} not set: a production start needs them (README, table of the environment); "
            "for development set DEBUG=true."
        )


def _clio_app(given: Mapping[str, str], region: str) -> OAuthApp:
    """The region's own application, else the one that serves every region."""
    suffix = f"_{region.upper()}"
    own = _app(given, f"CLIO_CLIENT_ID{suffix}", f"CLIO_CLIENT_SECRET{suffix}")
    return own if own.client_id else _app(given, "CLIO_CLIENT_ID", "CLIO_CLIENT_SECRET")


def _app(given: Mapping[str, str], id_name: str, secret_name: str) -> OAuthApp:
    app = OAuthApp(client_id=given.get(id_name, ""), client_secret=given.get(secret_name, ""))
    if bool(app.client_id) != bool(app.client_secret):
        have, lack = (id_name, secret_name) if app.client_id else (secret_name, id_name)
        raise EnvironmentProblem(f"{lack} not set, but {have} is: set both, or neither.")
    return app
