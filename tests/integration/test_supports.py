"""What the tests stand on: the right role in the database, a Redis of their own, servers that answer."""

import os
import subprocess
import sys

import psycopg
import pytest
import redis
import requests
from django.conf import settings
from django.db import connection

from accounts.models import User
from tests.support.places import ROOT
from tests.support.stand_ins import StandIns


@pytest.mark.django_db
def test_the_tests_run_as_a_role_that_row_level_security_binds() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False, False)
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT has_table_privilege('accounts_firm', 'INSERT, UPDATE, DELETE')")
        assert cursor.fetchone() == (True,)
        cursor.execute("SELECT has_schema_privilege('public', 'CREATE')")
        assert cursor.fetchone() == (False,)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_time", [1, 2])
def test_a_test_with_real_commits_leaves_nothing_to_the_next(_time: int) -> None:
    assert not User.objects.exists()
    User.objects.create_user("ada@firm.example", "a-long-password-1")


@pytest.mark.django_db
@pytest.mark.parametrize("_time", [1, 2])
def test_each_test_with_a_database_finds_redis_empty(_time: int) -> None:
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as client:
        assert client.set("limit", "1", nx=True)


def test_a_process_of_a_test_finds_the_same_database(process_environment: dict[str, str]) -> None:
    with psycopg.connect(process_environment["DATABASE_URL"]) as other:
        row = other.execute("SELECT current_database()").fetchone()
    assert row == (connection.settings_dict["NAME"],)
    done = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--check"], cwd=ROOT, env=process_environment, check=False
    )
    assert done.returncode == 0


def test_the_stand_ins_answer_and_the_settings_lead_to_them(stand_ins: StandIns) -> None:
    assert stand_ins.clio_url == settings.CLIO_URL
    assert stand_ins.xero_url == settings.XERO_API_URL
    assert requests.get(f"{stand_ins.clio_url}/api/v4/bills.json", timeout=5).status_code == 401
    assert requests.get(f"{stand_ins.xero_url}/api.xro/2.0/Invoices", timeout=5).status_code == 401


def test_the_stand_ins_share_one_clock(stand_ins: StandIns) -> None:
    stand_ins.clock.advance(86_400)

    days = {
        requests.get(address, timeout=5).headers["Date"][:16]
        for address in (f"{stand_ins.clio_url}/", f"{stand_ins.xero_url}/")
    }

    assert len(days) == 1
