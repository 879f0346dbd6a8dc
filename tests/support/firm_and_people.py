"""A firm with an admin, a staff member and a viewer. Test modules name this one in `pytest_plugins`."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from accounts.firm_scope import firm_scope
from accounts.models import Firm, Membership, User
from accounts.provisioning import add_member, create_firm

PASSWORD = "correct-horse-battery-staple"


@pytest.fixture
def firm(db: None) -> Firm:
    made = create_firm(
        name="Hale & Partners", admin_email="admin@hale.example", password=PASSWORD, plan="boutique", region="ca"
    )
    for role in ("staff", "viewer"):
        add_member(firm=made, email=f"{role}@hale.example", password=PASSWORD, role=role)
    return made


@pytest.fixture
def scope(firm: Firm) -> Iterator[None]:
    with firm_scope(firm):
        yield


@pytest.fixture
def client_as(firm: Firm) -> Callable[[str], Client]:
    def log_in(role: str) -> Client:
        client = Client()
        client.force_login(Membership.objects.get(firm=firm, role=role).user)
        return client

    return log_in


@pytest.fixture
def person(firm: Firm) -> User:
    return Membership.objects.get(firm=firm, role="admin").user
