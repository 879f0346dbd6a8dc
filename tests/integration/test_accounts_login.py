"""Logging in by e-mail address, and the doors that stay closed."""

import re
from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import Firm, User
from accounts.provisioning import create_firm
from tests.support.authenticator import shown_by_the_app
from tests.support.mails import Away, link_for
from tests.support.pages import shown

pytest_plugins = ["tests.support.firm_and_people"]
PASSWORD = "correct-horse-battery-staple"


def log_in(client: Client, *, email: str = "admin@hale.example", password: str = PASSWORD) -> int:
    return client.post("/accounts/login/", {"login": email, "password": password}).status_code


def test_it_logs_in_by_address_in_whatever_letters(firm: Firm, client: Client) -> None:
    assert log_in(client, email="Admin@HALE.example") == 302
    assert client.get("/firm/").status_code == 200


@pytest.mark.parametrize(
    ("email", "password"), [("admin@hale.example", "wrong"), ("nobody@hale.example", PASSWORD), ("", "")]
)
def test_it_does_not_log_in_and_does_not_tell_whether_the_address_is_known(
    firm: Firm, client: Client, email: str, password: str
) -> None:
    answer = client.post("/accounts/login/", {"login": email, "password": password})
    assert answer.status_code == 200
    assert b"This e-mail address and this password do not belong together." in answer.content or not email
    assert "_auth_user_id" not in client.session


def test_someone_switched_off_does_not_get_in(firm: Firm, client: Client) -> None:
    User.objects.filter(email="staff@hale.example").update(is_active=False)
    log_in(client, email="staff@hale.example")
    assert "_auth_user_id" not in client.session


def test_someone_switched_off_while_logged_in_is_out_at_once(firm: Firm, client: Client) -> None:
    log_in(client)
    User.objects.update(is_active=False)
    assert client.get("/firm/").status_code == 302


def test_guessing_is_stopped_after_a_few_attempts(firm: Firm, client: Client) -> None:
    for _attempt in range(5):
        log_in(client, password="wrong")
    answer = client.post("/accounts/login/", {"login": "admin@hale.example", "password": PASSWORD})
    assert b"Too many attempts failed." in answer.content
    assert "_auth_user_id" not in client.session


def test_where_sign_up_is_off_nobody_signs_up_and_the_page_says_how_logins_are_made(
    db: None, client: Client, settings: Settings
) -> None:
    settings.SIGN_UP = False
    form = {"email": "new@example.com", "password1": PASSWORD, "password2": PASSWORD}
    for answer in (client.get("/accounts/signup/"), client.post("/accounts/signup/", form)):
        assert b"The operator of this installation makes a firm together with its first admin" in answer.content
    assert not User.objects.exists()


def test_logging_out_takes_a_form(firm: Firm, client: Client) -> None:
    log_in(client)
    client.get("/accounts/logout/")
    assert "_auth_user_id" in client.session
    assert client.post("/accounts/logout/")["Location"] == "/accounts/login/"
    assert "_auth_user_id" not in client.session


def test_a_forgotten_password_is_replaced_through_a_mailed_link(firm: Firm, client: Client) -> None:
    client.post("/accounts/password/reset/", {"email": "ADMIN@hale.example"})
    assert mail.outbox[0].subject == "ClioXero: Password Reset Email"
    assert mail.outbox[0].to == ["admin@hale.example"]
    link = re.search(r"https?://[^/]+(/accounts/password/reset/key/\S+)", str(mail.outbox[0].body))
    assert link
    form = client.get(link[1], follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": "quite-another-phrase", "password2": "quite-another-phrase"})
    assert log_in(client, password="quite-another-phrase") == 302
    assert b"This link no longer works" in Client().get(link[1]).content


def test_a_new_password_from_the_mail_has_to_be_a_good_one_and_ends_other_sessions(firm: Firm, client: Client) -> None:
    elsewhere = Client()
    log_in(elsewhere)
    client.post("/accounts/password/reset/", {"email": "admin@hale.example"})
    form = client.get(link_for("admin@hale.example"), follow=True).redirect_chain[-1][0]
    weak = client.post(form, {"password1": "12345678", "password2": "12345678"})
    assert "This password is too common." in shown(weak)
    differs = client.post(form, {"password1": "quite-another-phrase", "password2": "quite-another-phrasing"})
    assert "You must type the same password each time." in shown(differs)
    assert elsewhere.get("/firm/").status_code == 200
    done = client.post(form, {"password1": "quite-another-phrase", "password2": "quite-another-phrase"}, follow=True)
    assert "Your password is changed" in shown(done)
    assert elsewhere.get("/firm/").status_code == 302
    assert log_in(Client()) == 200


def test_a_link_to_a_new_password_stops_when_a_newer_password_is_there(firm: Firm, client: Client) -> None:
    client.post("/accounts/password/reset/", {"email": "admin@hale.example"})
    log_in(client)
    new = "quite-another-phrase"
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert "This link no longer works" in shown(Client().get(link_for("admin@hale.example")))


def test_a_mail_server_that_is_away_is_told_where_a_new_password_is_asked_for(
    firm: Firm, client: Client, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = f"{Away.__module__}.{Away.__name__}"
    answer = client.post("/accounts/password/reset/", {"email": "admin@hale.example"})
    assert answer.status_code == 503
    assert "The mail could not be sent" in shown(answer)


def test_an_unknown_address_gets_a_mail_that_says_so_and_the_page_tells_nothing(firm: Firm, client: Client) -> None:
    addresses = ("nobody@hale.example", "admin@hale.example")
    pages = [client.post("/accounts/password/reset/", {"email": email}, follow=True).content for email in addresses]
    assert pages[0] == pages[1]
    assert "There is no ClioXero login with this address." in mail.outbox[0].body


def test_a_person_changes_the_password(firm: Firm, client: Client) -> None:
    log_in(client)
    new = "quite-another-phrase"
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert log_in(Client(), password=new) == 302
    assert client.get("/firm/").status_code == 200  # this session goes on


def test_changing_the_password_takes_the_present_one(firm: Firm, client: Client) -> None:
    log_in(client)
    new = "quite-another-phrase"
    answer = client.post("/accounts/password/change/", {"oldpassword": "x", "password1": new, "password2": new})
    assert "This is not your present password." in shown(answer)
    assert log_in(Client()) == 302


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/login/",
        "/accounts/password/reset/",
        "/accounts/password/reset/done/",
        "/accounts/password/reset/key/done/",
        "/accounts/password/reset/key/1-wrong/",
        "/accounts/inactive/",
        "/accounts/confirm-email/",
    ],
)
def test_every_page_before_the_login_is_in_the_products_frame(db: None, client: Client, path: str) -> None:
    html = client.get(path, follow=True).content.decode()
    assert 'class="entrance-card"' in html
    assert not re.search(r"<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=", html)


@pytest.mark.parametrize(
    "path", ["/accounts/password/change/", "/accounts/email/", "/accounts/2fa/", "/accounts/2fa/totp/activate/"]
)
def test_every_page_about_the_login_is_in_the_products_frame(firm: Firm, client: Client, path: str) -> None:
    log_in(client)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    html = client.get(path).content.decode()
    assert 'class="topbar"' in html
    assert not re.search(r'\sstyle=|\son\w+=|src="(data|http)', html)


def test_the_second_step_shows_its_picture_without_a_data_address(firm: Firm, client: Client) -> None:
    log_in(client)
    asked = client.get("/accounts/2fa/totp/activate/", follow=True).content
    assert b"Confirm that it is you" in asked
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    html = client.get("/accounts/2fa/totp/activate/").content.decode()
    assert '<div class="qr"' in html
    assert "<svg" in html[html.index('class="qr"') :][:400]


def test_a_second_firm_does_not_change_how_one_logs_in(firm: Firm, client: Client) -> None:
    create_firm(name="Second", admin_email="admin@hale.example", password=PASSWORD + "x", plan="other", region="us")
    assert log_in(client, password=PASSWORD + "x") == 200
    assert log_in(client) == 302


def test_with_the_second_step_on_a_password_alone_lets_nobody_in(firm: Firm, client: Client) -> None:
    log_in(client)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    secret = client.get("/accounts/2fa/totp/activate/").context["form"].secret
    answer = client.post("/accounts/2fa/totp/activate/", {"code": shown_by_the_app(secret)}, follow=True)
    recovery = answer.context["unused_codes"]
    client.post("/accounts/logout/")
    log_in(client)
    assert client.get("/firm/").status_code == 302
    assert "This code is not good" in shown(client.post("/accounts/2fa/authenticate/", {"code": "nothing"}))
    client.post("/accounts/2fa/authenticate/", {"code": recovery[0]})
    assert client.get("/firm/").status_code == 200


@pytest.mark.parametrize("role", ["admin", "staff", "viewer"])
def test_everybody_finds_the_page_about_their_own_login_in_the_menu(
    client_as: Callable[[str], Client], role: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_as(role)
    assert b'href="/accounts/"' in client.get("/firm/").content
    with django_assert_max_num_queries(12):
        page = client.get("/accounts/")
    assert f"{role}@hale.example" in shown(page)
    for path in ("/accounts/email/", "/accounts/password/change/", "/accounts/2fa/"):
        assert f'href="{path}"' in page.content.decode()
        assert b'<a href="/accounts/">Your login</a>' in client.get(path).content


def test_nobodys_own_login_is_the_login_page(db: None, client: Client) -> None:
    assert client.get("/accounts/")["Location"] == "/accounts/login/?next=/accounts/"


def test_a_changed_password_leads_back_to_ones_own_login(firm: Firm, client: Client) -> None:
    log_in(client)
    new = "another-long-password-2"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert client.post("/accounts/password/change/", form)["Location"] == "/accounts/"
