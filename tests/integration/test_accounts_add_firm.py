"""Signing another firm up with the login one has, and logins that the operator makes."""

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import AuditEvent, Firm, Membership, User
from accounts.provisioning import create_firm, make_login
from accounts.sign_up import Answers, add_firm, finish_sign_up, keep_answers
from tests.support.at_once import overlapping
from tests.support.pages import shown

pytestmark = pytest.mark.django_db
PASSWORD = "correct-horse-battery-staple"
ADDRESS = "ada@hale.example"
ANOTHER = {"firm_name": "Second Chambers", "plan": "boutique", "region": "au"}


@pytest.fixture
def ada(client: Client) -> Client:
    """Somebody who is the admin of a firm, logged in."""
    firm = create_firm(name="Hale", admin_email=ADDRESS, password=PASSWORD, plan="elite", region="us")
    client.force_login(firm.memberships.get().user)
    return client


def test_somebody_with_a_login_adds_a_firm_and_goes_on_in_it(ada: Client) -> None:
    page = ada.post("/firm/add/", ANOTHER, follow=True)
    assert page.redirect_chain == [("/", 302)]
    assert "Second Chambers is set up, and you are its admin." in shown(page)
    assert ada.get("/firm/").content.decode().count("<h1>Second Chambers</h1>") == 1
    assert set(Membership.objects.values_list("firm__slug", "role", "user__email")) == {
        ("hale", "admin", ADDRESS),
        ("second-chambers", "admin", ADDRESS),
    }
    made = AuditEvent.unscoped.filter(firm__slug="second-chambers").order_by("pk")
    assert list(made.values_list("action", "actor__email")) == [("firm_created", ADDRESS), ("member_added", ADDRESS)]


def test_adding_the_same_firm_twice_makes_it_once(ada: Client) -> None:
    ada.post("/firm/add/", ANOTHER)
    again = ada.post("/firm/add/", {**ANOTHER, "firm_name": " second  CHAMBERS "}, follow=True)
    assert "You are in Second Chambers already." in shown(again)
    assert Firm.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_moment_make_one_firm() -> None:
    user = make_login(email=ADDRESS, password=PASSWORD)
    answers = Answers(**ANOTHER)
    happened = overlapping(lambda: add_firm(user=user, answers=answers), lambda: add_firm(user=user, answers=answers))
    assert happened == ["done", "done"]
    assert Membership.objects.get().firm.name == "Second Chambers"


@pytest.mark.django_db(transaction=True)
def test_an_address_proven_twice_at_the_same_moment_makes_one_firm() -> None:
    user = make_login(email=ADDRESS, password=PASSWORD)
    keep_answers(user=user, answers=Answers(**ANOTHER))
    assert overlapping(lambda: finish_sign_up(user=user), lambda: finish_sign_up(user=user)) == ["done", "done"]
    assert Membership.objects.get().firm.name == "Second Chambers"


def test_what_cannot_be_used_for_another_firm_is_named(ada: Client) -> None:
    answer = ada.post("/firm/add/", {**ANOTHER, "plan": ""})
    assert answer.status_code == 422
    assert "Choose the plan that your firm has with Clio." in shown(answer)
    assert Firm.objects.count() == 1


def test_the_sign_up_page_leads_somebody_with_a_login_to_adding_a_firm(ada: Client) -> None:
    assert ada.get("/accounts/signup/")["Location"] == "/firm/add/"


def test_somebody_without_a_firm_is_offered_to_sign_one_up(client: Client) -> None:
    client.force_login(User.objects.create_user(ADDRESS))
    page = client.get("/firm/")
    assert page.status_code == 403
    assert "Or sign your firm up: you become its first admin." in shown(page)
    client.post("/firm/add/", ANOTHER)
    assert client.get("/firm/").status_code == 200


def test_adding_a_firm_takes_a_login(client: Client) -> None:
    assert client.get("/firm/add/")["Location"] == "/accounts/login/?next=/firm/add/"


@pytest.mark.parametrize("why", ["off", "support"])
def test_where_nobody_may_add_a_firm_it_is_neither_offered_nor_done(ada: Client, settings: Settings, why: str) -> None:
    if why == "off":
        settings.SIGN_UP = False
    else:
        User.objects.update(is_support=True)
    assert "Add another firm" not in shown(ada.get("/firm/"))
    assert ada.post("/firm/add/", ANOTHER).status_code == 403
    assert ada.get("/accounts/signup/")["Location"] == "/"
    assert Firm.objects.count() == 1


def test_a_login_that_the_operator_made_needs_no_code(client: Client) -> None:
    User.objects.create_superuser("op@example.com", PASSWORD)
    operator = Client()
    operator.post("/accounts/login/", {"login": "op@example.com", "password": PASSWORD})
    assert "_auth_user_id" in operator.session
    form = {"email": ADDRESS, "name": "Ada", "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
    assert operator.post("/operator/accounts/user/add/", form).status_code == 302
    client.post("/accounts/login/", {"login": ADDRESS, "password": PASSWORD})
    assert "_auth_user_id" in client.session
