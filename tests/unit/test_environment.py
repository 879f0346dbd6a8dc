"""What the environment may hold, and what an operator is told when it makes no sense."""

import pytest
from cryptography.fernet import Fernet

from clioxero.environment import EnvironmentProblem, load, require_servers

KEY = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG="
PRODUCTION = {
    "SECRET_KEY": "a-long-secret",
    "ALLOWED_HOSTS": "books.example, www.books.example",
    "BASE_URL": "https://books.example/",
    "DATABASE_URL": "postgresql://app:secret@db.example:5432/books",
    "DATABASE_OWNER_URL": "postgresql://owner:secret@db.example:5432/books",
    "REDIS_URL": "rediss://redis.example:6379/1",
    "TOKEN_KEYS": KEY,
    "CLIO_CLIENT_ID": "clio-id",
    "CLIO_CLIENT_SECRET": "clio-secret",
    "XERO_CLIENT_ID": "xero-id",
    "XERO_CLIENT_SECRET": "xero-secret",
}


def problem(**changes: str) -> str:
    with pytest.raises(EnvironmentProblem) as caught:
        load({**PRODUCTION, **changes})
    text = str(caught.value)
    assert "\n" not in text
    return text


def test_a_whole_production_environment_is_read_as_it_stands() -> None:
    environment = load(PRODUCTION)

    assert environment.debug is False
    assert environment.allowed_hosts == ("books.example", "www.books.example")
    assert environment.base_url == "https://books.example"
    assert environment.database_owner_url == "postgresql://owner:secret@db.example:5432/books"
    assert environment.redis_url == "rediss://redis.example:6379/1"
    assert environment.token_keys == (KEY,)
    assert environment.xero_app.client_id == "xero-id"
    assert environment.xero_app.client_secret == "xero-secret"
    assert environment.email_url == "smtp://localhost:25"
    assert environment.support_mfa is True
    assert environment.sign_up is True


def test_it_knows_the_public_addresses_of_xero_and_the_limit_of_a_day() -> None:
    environment = load(PRODUCTION)

    assert environment.clio_url is None
    assert environment.xero_api_url == "https://api.xero.com"
    assert environment.xero_identity_url == "https://identity.xero.com"
    assert environment.xero_login_url == "https://login.xero.com"
    assert environment.xero_day_limit == 5000


def test_a_production_start_names_everything_that_is_missing_at_once() -> None:
    with pytest.raises(EnvironmentProblem) as caught:
        load({"XERO_CLIENT_ID": "xero-id", "SECRET_KEY": "  "})

    names, _, advice = str(caught.value).partition(" not set: ")
    assert names == (
        "SECRET_KEY, ALLOWED_HOSTS, BASE_URL, TOKEN_KEYS, XERO_CLIENT_SECRET, CLIO_CLIENT_ID, CLIO_CLIENT_SECRET"
    )
    assert "DEBUG=true" in advice


def test_development_needs_nothing() -> None:
    environment = load({"DEBUG": "true"})

    assert environment.base_url == "http://localhost:8000"
    assert environment.allowed_hosts == ("localhost", "127.0.0.1", "[::1]")
    assert environment.database_url is None
    assert environment.redis_url is None
    assert Fernet(environment.token_keys[0])
    assert environment.email_url == "consolemail://"


@pytest.mark.parametrize("word", ["true", "TRUE", "1", "yes", "on"])
def test_these_words_mean_yes(word: str) -> None:
    assert load({"DEBUG": word}).debug is True


@pytest.mark.parametrize("word", ["false", "False", "0", "no", "off", ""])
def test_these_words_mean_no(word: str) -> None:
    assert load({**PRODUCTION, "SUPPORT_MFA": word or "no", "DEBUG": word}).debug is False


def test_any_other_word_is_neither_yes_nor_no() -> None:
    assert problem(DEBUG="maybe") == "DEBUG='maybe' is neither true nor false: set it to true or false."
    assert problem(SUPPORT_MFA="2").startswith("SUPPORT_MFA='2' is neither true nor false")
    assert problem(SIGN_UP="closed").startswith("SIGN_UP='closed' is neither true nor false")


def test_sign_up_can_be_switched_off() -> None:
    assert load({**PRODUCTION, "SIGN_UP": "off"}).sign_up is False


@pytest.mark.parametrize("value", ["0", "-5", "many", "1.5", "5_000", "٣"])
def test_the_limit_of_a_day_is_a_whole_number_above_zero(value: str) -> None:
    assert problem(XERO_DAY_LIMIT=value).startswith(f"XERO_DAY_LIMIT={value!r} is not a whole number above 0")


def test_a_smaller_limit_of_a_day_is_taken() -> None:
    assert load({**PRODUCTION, "XERO_DAY_LIMIT": "1000"}).xero_day_limit == 1000


def test_the_pages_may_be_plain_http_on_localhost_alone() -> None:
    assert load({**PRODUCTION, "BASE_URL": "http://localhost:8000"}).base_url == "http://localhost:8000"
    assert "http is accepted on localhost only" in problem(BASE_URL="http://books.example")


@pytest.mark.parametrize("address", ["http://127.0.0.1:8000", "https://127.0.0.1"])
def test_the_pages_are_never_on_127_0_0_1_since_xero_refuses_it(address: str) -> None:
    assert "Xero refuses" in problem(BASE_URL=address)


@pytest.mark.parametrize(
    "address",
    ["books.example", "ftp://books.example", "https://", "https://books.example:port", "https://books.example/app",
     "https://user@books.example", "https://books.example?x=1", "https://books .example"],
)  # fmt: skip
def test_an_address_of_the_pages_that_is_none_is_refused(address: str) -> None:
    assert problem(BASE_URL=address).startswith("BASE_URL")


@pytest.mark.parametrize("name", ["CLIO_URL", "XERO_API_URL", "XERO_IDENTITY_URL", "XERO_LOGIN_URL"])
def test_a_service_may_be_plain_http_on_this_machine_alone(name: str) -> None:
    for address in ("http://localhost:8100", "http://127.0.0.1:8100/"):
        assert getattr(load({**PRODUCTION, name: address}), name.lower()) == address.rstrip("/")
    assert problem(**{name: "http://clio.example"}).startswith(f"{name}='http://clio.example' must be https")
    assert problem(**{name: "clio.example"}).startswith(name)


@pytest.mark.parametrize("name", ["DATABASE_URL", "DATABASE_OWNER_URL"])
@pytest.mark.parametrize(
    "address",
    [
        "nonsense",
        "mysql://u:pa55@h/books",
        "postgresql://u:pa55@h",
        "postgresql://u:pa55@h/",
        "postgresql://h:port/books",
    ],
)
def test_a_database_address_that_is_none_is_refused_without_repeating_a_password(name: str, address: str) -> None:
    text = problem(**{name: address})

    assert text.startswith(name)
    assert "postgresql://USER:PASSWORD@HOST:PORT/NAME" in text
    assert "pa55" not in text


@pytest.mark.parametrize("address", ["postgresql:///books?host=/run/postgresql", "postgres://app@db/books"])
def test_a_database_may_be_reached_by_socket_or_host(address: str) -> None:
    assert load({**PRODUCTION, "DATABASE_URL": address}).database_url == address


@pytest.mark.parametrize(
    "address", ["redis://localhost", "redis://h:6379/0", "rediss://:p@h:1/2", "unix:///r.sock?db=3"]
)
def test_redis_has_these_forms(address: str) -> None:
    assert load({**PRODUCTION, "REDIS_URL": address}).redis_url == address


@pytest.mark.parametrize(
    "address", ["localhost:6379", "http://h", "redis://", "redis://:pa55@h/zero", "redis://:pa55@h:x", "unix://r?db=1"]
)
def test_a_redis_address_that_is_none_is_refused_without_repeating_a_password(address: str) -> None:
    text = problem(REDIS_URL=address)

    assert text.startswith("REDIS_URL")
    assert "pa55" not in text


def test_a_token_key_that_is_none_is_named_by_its_place_only() -> None:
    text = problem(TOKEN_KEYS=f"{KEY},not-a-key")

    assert text.startswith("TOKEN_KEYS: key 2 of 2 is not a Fernet key.")
    assert "not-a-key" not in text
    assert problem(TOKEN_KEYS=",").startswith("TOKEN_KEYS holds no key")


def test_the_mail_server_and_sentry_are_checked_too() -> None:
    assert problem(EMAIL_URL="pigeon://loft").startswith("EMAIL_URL cannot be read")
    assert problem(SENTRY_DSN="https://sentry.example").startswith("SENTRY_DSN cannot be read")
    assert load({**PRODUCTION, "SENTRY_DSN": "https://key@sentry.example/1"}).sentry_dsn is not None


def test_each_region_may_have_its_own_application_at_clio() -> None:
    apps = load({**PRODUCTION, "CLIO_CLIENT_ID_CA": "ca-id", "CLIO_CLIENT_SECRET_CA": "ca-secret"}).clio_apps

    assert apps["ca"].client_id == "ca-id"
    assert apps["ca"].client_secret == "ca-secret"
    assert apps["eu"].client_id == "clio-id"
    assert sorted(apps) == ["au", "ca", "eu", "us"]


def test_one_region_is_enough_in_production() -> None:
    source = {**PRODUCTION, "CLIO_CLIENT_ID_EU": "eu-id", "CLIO_CLIENT_SECRET_EU": "eu-secret"}
    del source["CLIO_CLIENT_ID"], source["CLIO_CLIENT_SECRET"]

    apps = load(source).clio_apps

    assert apps["eu"].client_id == "eu-id"
    assert apps["us"].client_id == ""


def test_an_application_without_its_secret_is_refused() -> None:
    assert problem(CLIO_CLIENT_ID_AU="au-id") == (
        "CLIO_CLIENT_SECRET_AU not set, but CLIO_CLIENT_ID_AU is: set both, or neither."
    )


def test_secrets_do_not_show_when_the_environment_is_printed() -> None:
    environment = load(PRODUCTION)

    assert "secret" not in repr(environment)
    assert "secret" not in repr(environment.xero_app)


def test_whoever_needs_the_servers_is_told_which_address_is_missing() -> None:
    with pytest.raises(EnvironmentProblem, match=r"^DATABASE_URL and REDIS_URL not set: .*make demo"):
        require_servers({"DATABASE_URL": " "})
    with pytest.raises(EnvironmentProblem, match=r"^REDIS_URL not set"):
        require_servers({"DATABASE_URL": "postgresql://app@db/books"})
    require_servers({"DATABASE_URL": "postgresql://app@db/books", "REDIS_URL": "redis://h"})
