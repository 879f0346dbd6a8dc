"""Signing a firm up: the address is proven first, then there is a firm."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.forms.sign_up import SignUpForm
from accounts.models import AuditEvent, Firm, Membership, SignUp, User
from accounts.provisioning import add_member, create_firm
from accounts.unproven import KEPT, forget, forget_old
from clioxero.environment import OAuthApp
from tests.support.mails import Away, code_for, newest
from tests.support.pages import shown

pytestmark = pytest.mark.django_db
PASSWORD = "correct-horse-battery-staple"
ADDRESS = "ada@hale.example"
FORM = {
    "firm_name": "Hale & Partners",
    "plan": "elite",
    "region": "ca",
    "name": "Ada Hale",
    "email": ADDRESS,
    "password1": PASSWORD,
}


def sign_up(client: Client, **changes: str) -> Any:
    return client.post("/accounts/signup/", {**FORM, **changes}, follow=True)


def prove(client: Client, code: str) -> Any:
    return client.post("/accounts/confirm-email/", {"code": code}, follow=True)


def inside(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_a_proven_address_leads_to_the_dashboard_of_a_new_firm_with_the_next_step(client: Client) -> None:
    asked = sign_up(client)
    assert f"A mail with a code is on its way to {ADDRESS}" in shown(asked)
    assert not inside(client)
    page = prove(client, code_for(ADDRESS))
    assert page.redirect_chain[-1][0] == "/"
    assert "Hale & Partners is set up, and you are its admin." in shown(page)
    assert 'data-stage="connect_clio"' in page.content.decode()
    firm = Firm.objects.get()
    assert (firm.name, firm.slug, firm.plan, firm.region) == ("Hale & Partners", "hale-partners", "elite", "ca")
    assert (firm.time_zone, firm.date_format) == ("America/Toronto", "iso")
    member = Membership.objects.get()
    assert (member.role, member.user.email, member.user.name) == ("admin", ADDRESS, "Ada Hale")
    assert EmailAddress.objects.get().verified
    assert not SignUp.objects.exists()
    history = AuditEvent.unscoped.order_by("pk").values_list("action", "actor__email")
    assert list(history) == [("firm_created", ADDRESS), ("member_added", ADDRESS)]


def test_the_mail_with_the_code_is_plain_and_says_what_it_is_for(client: Client) -> None:
    sign_up(client)
    sent = newest(ADDRESS)
    assert sent.subject == "ClioXero: Your code"
    assert "Write this code into the page that asks for it" in sent.body
    assert sent.from_email == "ClioXero <clioxero@localhost>"


def test_a_firm_on_another_plan_is_made_too_and_is_shown_the_way_to_one_that_syncs(client: Client) -> None:
    sign_up(client, plan="other")
    page = prove(client, code_for(ADDRESS))
    assert 'data-stage="no_plan"' in page.content.decode()
    assert "See the firm's plan" in shown(page)


def test_before_the_code_there_is_no_firm_and_no_way_in(client: Client) -> None:
    sign_up(client)
    assert not Firm.objects.exists()
    prove(client, "AAAA-BBBB")
    other = Client()
    asked = other.post("/accounts/login/", {"login": ADDRESS, "password": PASSWORD}, follow=True)
    assert "A mail with a code is on its way" in shown(asked)
    assert not inside(client)
    assert not inside(other)
    assert not Firm.objects.exists()


def test_a_code_is_good_only_in_the_browser_that_asked_for_it(client: Client) -> None:
    sign_up(client)
    other = Client()
    other.post("/accounts/confirm-email/", {"code": code_for(ADDRESS)}, follow=True)
    assert not inside(other)
    assert not Firm.objects.exists()


def test_whoever_lost_the_page_logs_in_gets_a_new_code_and_loses_nothing(client: Client) -> None:
    sign_up(client)
    later = Client()
    later.post("/accounts/login/", {"login": ADDRESS, "password": PASSWORD})
    prove(later, code_for(ADDRESS))
    assert Firm.objects.get().plan == "elite"


def test_a_wrong_code_is_named_and_a_new_one_can_be_had(client: Client) -> None:
    sign_up(client)
    assert "This is not the code of the newest mail." in shown(prove(client, "AAAA-BBBB"))
    client.post("/accounts/confirm-email/", {"action": "resend"})
    assert len(mail.outbox) == 2
    prove(client, code_for(ADDRESS))
    assert inside(client)


def test_somebody_who_mistyped_the_address_starts_over_at_the_form(client: Client) -> None:
    page = sign_up(client, email="adda@hale.example").content.decode()
    assert '<input type="hidden" name="next" value="/accounts/signup/">' in page
    assert client.post("/accounts/logout/", {"next": "/accounts/signup/"})["Location"] == "/accounts/signup/"
    sign_up(client)
    prove(client, code_for(ADDRESS))
    assert Membership.objects.get().user.email == ADDRESS


@pytest.mark.parametrize(
    ("changes", "label", "says"),
    [
        ({"firm_name": " "}, "Firm's name", "Write the firm's name."),
        ({"firm_name": "x" * 201}, "Firm's name", "at most 200 characters"),
        ({"firm_name": "a\x07b"}, "Firm's name", "characters that cannot be printed"),
        ({"plan": ""}, "Your firm's plan with Clio", "Choose the plan that your firm has with Clio."),
        ({"plan": "gold"}, "Your firm's plan with Clio", "gold is not one of the available choices"),
        ({"region": ""}, "Region of your Clio account", "Choose the region that your Clio account lives in."),
        ({"region": "uk"}, "Region of your Clio account", "uk is not one of the available choices"),
        ({"name": ""}, "Your name", "Write your name"),
        ({"email": "ada"}, "Your e-mail address", "Enter a valid email address."),
        ({"password1": "12345678"}, "Password", "too common"),
        ({"password1": "ada@hale.example"}, "Password", "too similar"),
    ],
)
def test_what_cannot_be_used_is_named_with_its_field_and_nothing_is_made(
    client: Client, changes: dict[str, str], label: str, says: str
) -> None:
    page = shown(sign_up(client, **changes))
    assert "Please correct what is marked" in page
    assert f"{label} : " in page or f"{label}: " in page
    assert says in page
    assert (User.objects.count(), Firm.objects.count(), len(mail.outbox)) == (0, 0, 0)


def test_what_was_typed_stays_when_something_else_is_wrong(client: Client) -> None:
    page = sign_up(client, plan="").content.decode()
    assert 'value="Hale &amp; Partners"' in page
    assert PASSWORD not in page


def test_only_regions_that_the_installation_serves_are_offered(client: Client, settings: Settings) -> None:
    none, some = OAuthApp(client_id="", client_secret=""), OAuthApp(client_id="id", client_secret="secret")
    settings.CLIO_APPS = {"us": none, "ca": some, "eu": some, "au": none}
    page = shown(client.get("/accounts/signup/"))
    assert "Canada" in page
    assert "Europe" in page
    assert "Australia" not in page
    settings.CLIO_APPS = dict.fromkeys(settings.CLIO_APPS, none)
    assert "Australia" in shown(client.get("/accounts/signup/"))


def test_a_second_click_makes_one_login_and_one_firm(client: Client) -> None:
    first, second = client, Client()
    sign_up(first)
    sign_up(second)  # the browser dropped the first answer, and its cookie
    assert User.objects.count() == SignUp.objects.count() == 1
    prove(second, code_for(ADDRESS))
    assert inside(second)
    assert Firm.objects.count() == 1
    prove(first, code_for(ADDRESS))
    assert Firm.objects.count() == 1


def test_the_slower_of_two_clicks_goes_on_with_what_the_faster_one_made(client: Client) -> None:
    sign_up(client)

    class Slower(SignUpForm):
        """Looked for the address before the faster click made it."""

        looked = 0

        def save(self, request: Any) -> User:
            self.looked += 1
            if self.looked == 1:
                with transaction.atomic():
                    User.objects.create_user(ADDRESS)
            return super().save(request)

    form = Slower(FORM)
    assert form.is_valid()
    user, answer = form.try_save(client.get("/accounts/login/").wsgi_request)
    assert answer is None
    assert user == User.objects.get()
    assert form.looked == 2


def test_a_second_form_sent_later_makes_one_firm_too(client: Client) -> None:
    sign_up(client)
    prove(client, code_for(ADDRESS))
    asked = sign_up(Client())
    assert "A mail with a code is on its way" in shown(asked)
    assert newest(ADDRESS).subject == "ClioXero: You have a login already"
    assert Firm.objects.count() == 1


def test_correcting_the_form_before_the_code_counts_as_corrected(client: Client) -> None:
    sign_up(client)
    sign_up(client, firm_name="Hale, Marsh & Partners", plan="boutique")
    prove(client, code_for(ADDRESS))
    assert [(firm.name, firm.plan) for firm in Firm.objects.all()] == [("Hale, Marsh & Partners", "boutique")]


def test_nobody_finishes_a_sign_up_under_a_password_that_somebody_else_chose(client: Client) -> None:
    sign_up(client)
    code = code_for(ADDRESS)
    thief = Client()
    sign_up(thief, password1="the-thiefs-own-phrase")
    page = prove(client, code)
    assert not inside(client)
    assert "This code is good no more" in shown(page)
    assert not Firm.objects.exists()
    sign_up(client)
    prove(client, code_for(ADDRESS))
    assert User.objects.get().check_password(PASSWORD)
    prove(thief, code_for(ADDRESS))
    assert not inside(thief)


def test_an_address_with_a_login_is_told_so_by_mail_and_the_page_does_not_tell(client: Client) -> None:
    create_firm(name="Hale", admin_email=ADDRESS, password=PASSWORD, plan="elite", region="us")
    pages = [shown(sign_up(Client(), email=email)).replace(email, "X") for email in (ADDRESS, "new@hale.example")]
    assert pages[0] == pages[1]
    assert "choose “Add another firm” in the menu under your name" in newest(ADDRESS).body
    assert Firm.objects.count() == 1


def test_the_operator_and_an_invited_person_are_not_held_up_by_a_sign_up_that_nobody_proved(client: Client) -> None:
    sign_up(client)
    firm = create_firm(name="Real", admin_email=ADDRESS, password="quite-another-phrase", plan="elite", region="us")
    assert firm.memberships.get().user.check_password("quite-another-phrase")
    sign_up(client, email="bo@hale.example")
    add_member(firm=firm, email="bo@hale.example", password="quite-another-phrase", role="staff")
    assert User.objects.get(email="bo@hale.example").check_password("quite-another-phrase")
    assert not SignUp.objects.exists()


def test_a_login_that_was_proven_never_gives_way(client: Client) -> None:
    sign_up(client)
    user = User.objects.get()
    EmailAddress.objects.update(verified=True)
    forget(user)
    assert User.objects.filter(pk=user.pk).exists()


def test_sign_ups_that_nobody_proves_for_a_week_are_forgotten(client: Client) -> None:
    sign_up(client, email="old@hale.example")
    sign_up(Client(), email="young@hale.example")
    SignUp.objects.filter(user__email="old@hale.example").update(created_at=timezone.now() - KEPT * 1.01)
    forget_old(now=timezone.now())
    assert list(User.objects.values_list("email", flat=True)) == ["young@hale.example"]
    assert list(EmailAddress.objects.values_list("email", flat=True)) == ["young@hale.example"]


def test_the_database_keeps_a_sign_up_that_makes_no_sense_out(client: Client) -> None:
    sign_up(client)
    for changes in ({"firm_name": ""}, {"plan": "gold"}, {"region": "uk"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SignUp.objects.update(**changes)


def test_a_mail_server_that_is_away_is_told_and_the_same_form_works_later(client: Client, settings: Settings) -> None:
    works = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{Away.__module__}.{Away.__name__}"
    page = sign_up(client)
    assert page.status_code == 503
    assert "The mail could not be sent" in shown(page)
    settings.EMAIL_BACKEND = works
    sign_up(client)
    prove(client, code_for(ADDRESS))
    assert Firm.objects.count() == 1


def test_the_login_page_offers_sign_up_only_where_it_is_open(client: Client, settings: Settings) -> None:
    assert "Sign your firm up" in shown(client.get("/accounts/login/"))
    settings.SIGN_UP = False
    assert "Sign your firm up" not in shown(client.get("/accounts/login/"))


def test_every_page_on_the_way_keeps_to_the_frame_and_to_the_content_policy(client: Client) -> None:
    for answer in (client.get("/accounts/signup/"), sign_up(client), prove(client, "AAAA-BBBB")):
        html = answer.content.decode()
        assert 'class="entrance-card"' in html
        assert " style=" not in html
        assert "<script src=" in html.replace('<script defer src="', '<script src="') or "<script" not in html
