"""One form of an address in the environment, several in the libraries."""

import pytest

from clioxero.addresses import celery_broker, database, database_role, runs_as_owner
from clioxero.environment import load

APPLICATION = "postgresql://app:p%40ss@db.example:5432/books?sslmode=require"
OWNER = "postgresql://owner@db.example:5432/books"


@pytest.mark.parametrize(
    ("given", "broker"),
    [
        ("redis://h:6379/2", "redis://h:6379/2"),
        ("rediss://h:6379/0", "rediss://h:6379/0"),
        ("unix:///run/redis.sock?db=3", "redis+socket:///run/redis.sock?virtual_host=3"),
        ("unix:///run/redis.sock", "redis+socket:///run/redis.sock?virtual_host=0"),
        ("unix://:pass@/run/redis.sock?db=1", "redis+socket://:pass@/run/redis.sock?virtual_host=1"),
    ],
)
def test_celery_gets_its_own_form_of_a_socket(given: str, broker: str) -> None:
    assert celery_broker(given) == broker


def test_the_application_logs_in_as_its_own_role_and_migrate_as_the_owner() -> None:
    environment = load({"DEBUG": "1", "DATABASE_URL": APPLICATION, "DATABASE_OWNER_URL": OWNER})

    assert database(environment, ["manage.py", "sync"])["USER"] == "app"
    assert database(environment, ["manage.py", "migrate"])["USER"] == "owner"
    assert runs_as_owner(environment, ["manage.py", "migrate", "accounts"])
    assert not runs_as_owner(environment, ["manage.py"])


def test_migrate_uses_the_one_address_where_there_is_no_owner() -> None:
    environment = load({"DEBUG": "1", "DATABASE_URL": APPLICATION})

    settings = database(environment, ["manage.py", "migrate"])

    assert settings["USER"] == "app"
    assert settings["PASSWORD"] == "p@ss"
    assert settings["OPTIONS"] == {"sslmode": "require"}
    assert settings["CONN_MAX_AGE"] == 60
    assert settings["CONN_HEALTH_CHECKS"] is True


def test_without_an_address_settings_load_and_queries_fail() -> None:
    assert database(load({"DEBUG": "1"}), ["manage.py", "help"]) == {"ENGINE": "django.db.backends.dummy"}


def test_the_role_is_read_out_of_an_address() -> None:
    assert database_role("postgresql://login@db/books?options=-c%20role%3Dapp") == "app"
    assert database_role(APPLICATION) == "app"
    assert database_role("postgresql:///books") == ""
