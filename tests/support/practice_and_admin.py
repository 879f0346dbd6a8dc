"""A connected firm whose Clio account is so old that no IDs are appended, and its admin.

Test modules name this one in `pytest_plugins`.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from accounts.models import Membership, User
from tests.support.practice import Practice


@pytest.fixture
def practice(transactional_db: None, settings: Any) -> Iterator[Practice]:
    """A connected and configured firm with 30 bills."""
    made = Practice(account_created=datetime(2016, 5, 2, tzinfo=UTC))
    made.open(settings)
    yield made
    made.stop()


@pytest.fixture
def admin(practice: Practice) -> User:
    """The firm's admin."""
    return Membership.objects.get(firm=practice.firm, role="admin").user
