"""The rules that the database holds for people, firms and memberships."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from accounts.firm_scope import firm_scope
from accounts.models import AuditEvent, Firm, Membership, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm() -> Firm:
    return Firm.objects.create(name="Hale & Partners", slug="hale")


def test_an_address_is_kept_and_found_in_lower_case() -> None:
    made = User.objects.create_user(" Ada@Hale.Example ", "pw")
    assert made.email == "ada@hale.example"
    assert User.objects.get(email="ADA@hale.example") == made
    assert User.objects.get_by_natural_key("Ada@HALE.example") == made


def test_the_same_address_in_other_letters_is_taken() -> None:
    User.objects.create_user("ada@hale.example")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("ADA@HALE.EXAMPLE")


def test_a_person_needs_an_address() -> None:
    with pytest.raises(ValueError, match="email"):
        User.objects.create_user("")


def test_an_operator_may_use_the_admin_pages_and_nobody_else() -> None:
    assert User.objects.create_superuser("op@example.com", "pw").is_staff
    assert not User.objects.create_user("ada@hale.example", "pw").is_staff


@pytest.mark.parametrize(
    "changes", [{"name": ""}, {"plan": "gold"}, {"region": "xx"}, {"date_format": "x"}, {"slug": "hale"}]
)
def test_a_firm_with_a_value_that_makes_no_sense_is_refused(firm: Firm, changes: dict[str, str]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Firm.objects.create(**{"name": "Other", "slug": "other", **changes})


def test_a_person_is_in_a_firm_once_and_in_a_known_role(firm: Firm) -> None:
    user = User.objects.create_user("ada@hale.example")
    Membership.objects.create(user=user, firm=firm, role="admin")
    attempts: list[Callable[[], object]] = [
        lambda: Membership.objects.create(user=user, firm=firm, role="staff"),
        lambda: Membership.objects.filter(user=user).update(role="owner"),
    ]
    for attempt in attempts:
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()


@pytest.mark.django_db(transaction=True)
def test_a_person_who_did_something_cannot_be_deleted_from_under_it() -> None:
    firm = Firm.objects.create(name="Hale & Partners", slug="hale")
    user = User.objects.create_user("ada@hale.example")
    with firm_scope(firm):
        AuditEvent.objects.create(actor=user, action="firm_created")
        with pytest.raises(IntegrityError):
            user.delete()
    assert User.objects.filter(pk=user.pk).exists()


def test_a_firm_goes_with_all_that_is_its_own_and_nothing_else(firm: Firm) -> None:
    other = Firm.objects.create(name="Other", slug="other")
    for one in (firm, other):
        with firm_scope(one):
            AuditEvent.objects.create(action="x")
    with firm_scope(firm):
        firm.delete()
    assert [event.firm_id for event in AuditEvent.unscoped.all()] == [other.pk]


def test_names_stay_out_of_what_logs_would_print(firm: Firm) -> None:
    user = User.objects.create_user("ada@hale.example", name="Ada")
    assert (repr(firm), repr(user)) == (f"<Firm {firm.pk}>", f"<User {user.pk}>")
