"""What a load balancer and a browser are told by every installation."""

import pytest
from django.test import Client
from pytest_django import Settings


def test_a_process_is_alive_without_asking_the_database(client: Client) -> None:
    answer = client.get("/healthz")

    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_it_is_ready_while_both_servers_answer(client: Client) -> None:
    answer = client.get("/readyz")

    assert (answer.status_code, answer.content) == (200, b"ready\n")
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["redis://127.0.0.1:1/0", "unix:///nowhere/redis.sock?db=0", None])
def test_it_is_not_ready_while_redis_is_silent(client: Client, settings: Settings, address: str | None) -> None:
    settings.REDIS_URL = address

    answer = client.get("/readyz")

    assert (answer.status_code, answer.content) == (503, b"no answer: redis\n")


@pytest.mark.django_db
def test_pages_load_nothing_from_elsewhere_and_run_nothing_inline(client: Client) -> None:
    policy = client.get("/accounts/login/").headers["Content-Security-Policy"]

    rules = dict(rule.strip().partition(" ")[::2] for rule in policy.split(";"))
    assert rules["default-src"] == "'self'"
    assert rules["object-src"] == rules["base-uri"] == rules["frame-ancestors"] == "'none'"
    assert "unsafe" not in policy
    # Browsers hold the redirects after "Connect" to it too.
    assert rules["form-action"] == "'self' https://*.clio.com https://*.xero.com"
