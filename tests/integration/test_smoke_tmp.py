import pytest
from django.db import connection
from django.conf import settings
from accounts.models import User
import os

@pytest.mark.django_db
@pytest.mark.parametrize("i", range(4))
def test_role(i):
    with connection.cursor() as c:
        c.execute("select current_user, current_database()")
        print(c.fetchone(), settings.REDIS_URL)
    User.objects.create_user("a@b.example", "x")

@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("i", range(2))
def test_trunc(i, process_environment):
    assert User.objects.count() == 0
    User.objects.create_user("a@b.example", "x")
    print(process_environment["DATABASE_URL"])
def test_browser(browser_page):
    browser_page.goto("about:blank")
