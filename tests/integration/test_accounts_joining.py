"""Coming in by an invitation's link: as somebody new, with a login, with another login, too late."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user
from django.test import Client
from django.utils import timezone

from accounts.firm_scope import firm_scope
from accounts.invitations import InvitationError, invite
from accounts.joining import accept, accept_as_new
from accounts.models import AuditEvent, Firm, Invitation, Membership, Role, SignUp, User
from accounts.provisioning import add_member, create_firm, make_login
from tests.support.pages import shown

pytest_plugins = ["tests.support.firm_and_people"]
PASSWORD = "correct-horse-battery-staple"
GUEST = "guest@side.example"
FORM = {"name": "Gus Guest", "password": PASSWORD}
Invite = Callable[..., str]


@pytest.fixture
def invited(firm: Firm, person: User) -> Invite:
    """Invite somebody; gives the token."""

    def ask(email: str = GUEST, role: Role = Role.STAFF) -> str:
        with firm_scope(firm):
            return invite(firm=firm, actor=person, email=email, role=role, now=timezone.now()).token

    return ask


def at(token: str) -> str:
    return f"/invitations/{token}/"


def role_of(email: str, firm: Firm) -> str:
    return Membership.objects.get(user__email=email, firm=firm).role


def test_somebody_new_sees_who_invites_them_into_what_as_what_until_when(invited: Invite, client: Client) -> None:
    page = client.get(at(invited()))
    words = shown(page)
    for part in ("Join Hale & Partners", "admin@hale.example", GUEST, "Staff sees everything", "America/Toronto"):
        assert part in words
    html = page.content.decode()
    assert page.headers["Cache-Control"].count("no-store") == 1
    assert " style=" not in html
    assert 'class="entrance-card"' in html


def test_somebody_new_sets_name_and_password_and_is_in(invited: Invite, client: Client, firm: Firm) -> None:
    answer = client.post(at(invited()), FORM, follow=True)
    assert answer.redirect_chain[-1][0] == "/"
    assert "Welcome to Hale & Partners. Your role here is Staff." in shown(answer)
    user = User.objects.get(email=GUEST)
    assert (user.name, role_of(GUEST, firm)) == ("Gus Guest", "staff")
    assert EmailAddress.objects.get(user=user).verified
    later = Client()
    later.post("/accounts/login/", {"login": GUEST, "password": PASSWORD})
    assert later.get("/firm/").status_code == 200
    with firm_scope(firm):
        event = AuditEvent.objects.latest("pk")
        row = Invitation.objects.get()
    assert (event.action, event.actor, event.detail["role"]) == ("invitation_accepted", user, "staff")
    assert (row.state, row.accepted_by) == ("accepted", user)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name": " "}, "Your name : Write your name"),
        ({"name": "a\x07b"}, "Your name : Your name holds characters that cannot be printed"),
        ({"password": ""}, "Choose a password : Choose a password."),
        ({"password": "12345678"}, "too common"),
        ({"password": "guest@side"}, "too similar"),
    ],
)
def test_what_cannot_be_used_is_named_and_the_invitation_stays_open(
    invited: Invite, client: Client, changes: dict[str, str], says: str
) -> None:
    token = invited()
    answer = client.post(at(token), {**FORM, **changes})
    assert answer.status_code == 422
    assert says in shown(answer)
    assert not User.objects.filter(email=GUEST).exists()
    assert client.post(at(token), FORM).status_code == 302


def test_the_link_works_once(invited: Invite, client: Client) -> None:
    token = invited()
    client.post(at(token), FORM)
    for answer in (Client().get(at(token)), Client().post(at(token), {**FORM, "password": "quite-another-phrase"})):
        assert answer.status_code == 410
        assert "This invitation was accepted already" in shown(answer)
    assert User.objects.get(email=GUEST).check_password(PASSWORD)
    assert "Go to the dashboard" in shown(client.get(at(token)))


def test_a_second_click_makes_one_login_and_one_membership(invited: Invite, client: Client, firm: Firm) -> None:
    token = invited()
    client.post(at(token), FORM)
    client.post(at(token), FORM)
    assert User.objects.filter(email=GUEST).count() == Membership.objects.filter(user__email=GUEST).count() == 1


def test_a_link_that_ran_out_says_so_and_lets_nobody_in(invited: Invite, client: Client) -> None:
    token = invited()
    Invitation.unscoped.update(expires_at=timezone.now())
    for answer in (client.get(at(token)), client.post(at(token), FORM)):
        assert answer.status_code == 410
        assert "This invitation has run out" in shown(answer)
        assert "Ask an admin of Hale & Partners to send it again" in shown(answer)
    assert not User.objects.filter(email=GUEST).exists()


@pytest.mark.parametrize("change", [lambda token: token[:-1], lambda token: token[:-1] + "~", lambda token: "1-abc"])
def test_a_link_that_is_not_whole_says_so_and_names_no_firm(
    invited: Invite, client: Client, change: Callable[[str], str]
) -> None:
    answer = client.get(at(change(invited())))
    assert answer.status_code == 404
    assert "This link does not work" in shown(answer)
    assert "Hale" not in shown(answer)


def test_somebody_with_a_login_logs_in_and_joins_with_one_button(invited: Invite, client: Client, firm: Firm) -> None:
    make_login(email=GUEST, password=PASSWORD)
    token = invited()
    page = client.get(at(token))
    assert "There is a login for guest@side.example already." in shown(page)
    assert f'href="/accounts/login/?next={at(token)}"' in page.content.decode()
    assert 'name="password"' not in page.content.decode()
    back = client.post("/accounts/login/", {"login": GUEST, "password": PASSWORD, "next": at(token)})
    assert back["Location"] == at(token)
    assert "You are logged in as guest@side.example." in shown(client.get(at(token)))
    answer = client.post(at(token), follow=True)
    assert "You are in Hale & Partners now, as Staff." in shown(answer)
    assert role_of(GUEST, firm) == "staff"


def test_a_link_is_no_way_around_the_password_of_a_login_that_exists(invited: Invite, client: Client) -> None:
    make_login(email=GUEST, password=PASSWORD)
    answer = client.post(at(invited()), {**FORM, "password": "quite-another-phrase"})
    assert "There is a login for guest@side.example already." in shown(answer)
    assert not get_user(client).is_authenticated
    assert User.objects.get(email=GUEST).check_password(PASSWORD)


def test_somebody_of_another_firm_joins_and_goes_on_in_the_new_one(invited: Invite, client: Client) -> None:
    marsh = create_firm(name="Marsh", admin_email=GUEST, password=PASSWORD, plan="other", region="au")
    client.force_login(marsh.memberships.get().user)
    client.post(at(invited()))
    assert "<h1>Hale &amp; Partners</h1>" in client.get("/firm/").content.decode()
    assert Membership.objects.filter(user__email=GUEST).count() == 2


def test_somebody_logged_in_with_another_address_is_told_and_logs_out_to_go_on(
    invited: Invite, client: Client, firm: Firm
) -> None:
    token = invited()
    client.force_login(make_login(email="other@side.example", password=PASSWORD))
    for answer in (client.get(at(token)), client.post(at(token), FORM)):
        assert "You are logged in as other@side.example, and this invitation works only for guest@side.example." in (
            shown(answer)
        )
    assert not Membership.objects.filter(user__email="other@side.example").exists()
    html = client.get(at(token)).content.decode()
    assert f'<input type="hidden" name="next" value="{at(token)}">' in html
    out = client.post("/accounts/logout/", {"next": at(token)})
    assert out["Location"] == at(token)
    client.post(at(token), FORM)
    assert role_of(GUEST, firm) == "staff"


def test_a_further_proven_address_of_a_login_counts_and_an_unproven_one_does_not(
    invited: Invite, client: Client, firm: Firm
) -> None:
    user = make_login(email="other@side.example", password=PASSWORD)
    further = EmailAddress.objects.create(user=user, email=GUEST, verified=False)
    client.force_login(user)
    token = invited()
    assert "Log out and go on" in shown(client.get(at(token)))
    further.verified = True
    further.save()
    client.post(at(token))
    assert role_of("other@side.example", firm) == "staff"
    assert not User.objects.filter(email=GUEST).exists()


def test_a_sign_up_that_nobody_proved_does_not_get_the_invitation(invited: Invite, firm: Firm) -> None:
    thief = Client()
    form = {
        "firm_name": "Trap",
        "plan": "elite",
        "region": "us",
        "name": "T",
        "email": GUEST,
        "password1": "the-thiefs-phrase",
    }
    thief.post("/accounts/signup/", form)
    token = invited()
    guest = Client()
    assert "Choose a password" in shown(guest.get(at(token)))
    guest.post(at(token), FORM)
    user = User.objects.get(email=GUEST)
    assert user.check_password(PASSWORD)
    assert [one.firm for one in user.memberships.all()] == [firm]
    assert not SignUp.objects.exists()
    thief.post("/accounts/login/", {"login": GUEST, "password": "the-thiefs-phrase"})
    assert "_auth_user_id" not in thief.session


def test_the_mailed_link_proves_the_address_of_a_login_that_never_did(
    invited: Invite, client: Client, firm: Firm
) -> None:
    user = User.objects.create_user(GUEST, PASSWORD)
    client.force_login(user)
    client.post(at(invited()))
    assert EmailAddress.objects.get(user=user, email=GUEST).verified
    assert role_of(GUEST, firm) == "staff"


def test_somebody_who_was_let_in_meanwhile_keeps_the_role_they_have(
    invited: Invite, client: Client, firm: Firm
) -> None:
    token = invited(role=Role.ADMIN)
    user = add_member(firm=firm, email=GUEST, password=PASSWORD, role="viewer").user
    client.force_login(user)
    assert "You are in Hale & Partners now, as Viewer." in shown(client.post(at(token), follow=True))
    assert role_of(GUEST, firm) == "viewer"
    assert Invitation.unscoped.get().state == "accepted"


def test_support_people_join_no_firm(invited: Invite, client: Client) -> None:
    user = make_login(email=GUEST, password=PASSWORD)
    User.objects.filter(pk=user.pk).update(is_support=True)
    client.force_login(user)
    answer = client.post(at(invited()), follow=True)
    assert "Support people belong to no firm." in shown(answer)
    assert not user.memberships.exists()


def test_what_the_page_did_not_know_yet_is_caught_below_it(invited: Invite, firm: Firm) -> None:
    token, now = invited(), timezone.now()
    other = make_login(email="other@side.example", password=PASSWORD)
    with firm_scope(firm):
        with pytest.raises(InvitationError, match="is for guest@"):
            accept(token=token, user=other, now=now)
        with pytest.raises(InvitationError, match="at this moment"):
            accept_as_new(token=token, name="x", password=PASSWORD, now=now + timedelta(days=8))
        guest = make_login(email=GUEST, password=PASSWORD)
        with pytest.raises(InvitationError, match="a login with this address already"):
            accept_as_new(token=token, name="x", password="quite-another-phrase", now=now)
        accept(token=token, user=guest, now=now)
        with pytest.raises(InvitationError, match="at this moment"):
            accept(token=token, user=guest, now=now)
    assert guest.check_password(PASSWORD)


def test_sign_up_may_be_off_and_invitations_still_work(invited: Invite, client: Client, settings: Any) -> None:
    settings.SIGN_UP = False
    answer = client.post(at(invited()), FORM, follow=True)
    assert "Welcome to Hale & Partners." in shown(answer)
