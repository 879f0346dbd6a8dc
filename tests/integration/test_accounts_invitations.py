"""Inviting: who may, what is mailed, what is kept, sending again and taking back."""

from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.audit import record_event
from accounts.firm_scope import NoFirmScope, firm_scope
from accounts.invitations import (
    MAILS_A_DAY,
    InvitationError,
    Standing,
    find,
    firm_of_token,
    invite,
    new_token,
    revoke,
    send_again,
    standing,
)
from accounts.models import AuditEvent, Firm, Invitation, Membership, Role, User
from accounts.people import NoLongerAdmin
from accounts.provisioning import create_firm
from tests.support.mails import Away, Watched, link_for, newest
from tests.support.pages import shown

pytest_plugins = ["tests.support.firm_and_people"]
PASSWORD = "correct-horse-battery-staple"
GUEST = "guest@side.example"
ClientAs = Callable[[str], Client]


def ask(client: Client, email: str = GUEST, role: str = "staff") -> str:
    return shown(client.post("/firm/invite/", {"email": email, "role": role}, follow=True))


def row() -> Invitation:
    return Invitation.unscoped.get()


def test_an_admin_invites_by_mail_and_the_firm_page_lists_who_is_not_here_yet(client_as: ClientAs) -> None:
    page = ask(client_as("admin"), "Guest@Side.Example")
    assert "The invitation to guest@side.example is on its way." in page
    assert "Invited, not here yet" in page
    assert "guest@side.example was invited as Staff." in page
    made = row()
    assert (made.email, made.role, made.invited_by and made.invited_by.email) == (GUEST, "staff", "admin@hale.example")
    assert made.expires_at - made.created_at == timedelta(days=7)
    assert made.sent_at is not None


def test_the_mail_is_plain_and_names_firm_inviter_role_and_until_when(
    client_as: ClientAs, person: User, settings: Settings
) -> None:
    settings.BASE_URL = "https://books.example"
    User.objects.filter(pk=person.pk).update(name="Ada Hale")
    Firm.objects.update(date_format="words", time_zone="Australia/Sydney")
    ask(client_as("admin"))
    sent = newest(GUEST)
    assert sent.subject == "ClioXero: Ada Hale invites you to Hale & Partners"
    assert not sent.alternatives
    body = str(sent.body)
    assert "Ada Hale (admin@hale.example) invites you to Hale & Partners on ClioXero." in body
    assert "Your role is Staff: sees everything, retries and ignores sync errors." in body
    assert "https://books.example/invitations/" in body
    until = row().expires_at.astimezone(ZoneInfo("Australia/Sydney"))
    assert f"until {until.day} {until:%b %Y, %H:%M} (Australia/Sydney), and only for {GUEST}." in body


def test_an_inviter_without_a_name_is_named_by_the_address(client_as: ClientAs) -> None:
    ask(client_as("admin"))
    assert newest(GUEST).subject == "ClioXero: admin@hale.example invites you to Hale & Partners"
    assert "admin@hale.example invites you to Hale & Partners on ClioXero." in newest(GUEST).body


def test_the_links_secret_is_kept_nowhere(client_as: ClientAs) -> None:
    ask(client_as("admin"))
    secret = link_for(GUEST).strip("/").rpartition("/")[2].partition("-")[2]
    assert len(secret) == 43
    kept = [*Invitation.unscoped.values_list(), *AuditEvent.unscoped.values_list()]
    assert secret not in str(kept)
    assert row().secret_digest not in link_for(GUEST)


def test_the_mail_server_is_spoken_to_when_everything_is_saved(
    transactional_db: None, client_as: ClientAs, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = f"{Watched.__module__}.{Watched.__name__}"
    Watched.in_transaction.clear()
    client = client_as("admin")
    ask(client)
    Invitation.unscoped.update(sent_at=None)
    client.post(f"/firm/invitations/{row().pk}/send/")
    assert Watched.in_transaction == [False, False]


def test_a_mail_server_that_is_away_loses_nothing(client_as: ClientAs, settings: Settings) -> None:
    works = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{Away.__module__}.{Away.__name__}"
    client = client_as("admin")
    page = ask(client)
    assert "guest@side.example is invited, but the mail could not be sent." in page
    assert "Mail not sent" in page
    settings.EMAIL_BACKEND = works
    again = client.post(f"/firm/invitations/{row().pk}/send/", follow=True)
    assert "The invitation to guest@side.example is on its way." in shown(again)
    assert "Mail not sent" not in shown(again)


@pytest.mark.parametrize(
    ("email", "role", "says"),
    [
        ("", "staff", "E-mail address : Write the address of the person you invite."),
        ("guest", "staff", "E-mail address : Write a whole e-mail address, like name@example.com."),
        (GUEST, "", "Role : Choose a role."),
        (GUEST, "owner", "Role : Select a valid choice."),
        ("Viewer@hale.example", "staff", "viewer@hale.example is in the firm already, as Viewer."),
    ],
)
def test_what_cannot_be_invited_is_named_and_nothing_is_sent(
    client_as: ClientAs, email: str, role: str, says: str
) -> None:
    assert says in ask(client_as("admin"), email, role)
    assert not Invitation.unscoped.exists()
    assert not mail.outbox


def test_somebody_is_invited_once_at_a_time(client_as: ClientAs) -> None:
    client = client_as("admin")
    ask(client)
    assert "guest@side.example is invited already, as Staff." in ask(client, role="admin")
    assert len(mail.outbox) == 1
    made = row()
    made.pk, made.secret_digest = None, "other"
    with pytest.raises(IntegrityError), transaction.atomic(), firm_scope(made.firm_id):
        made.save()


def test_an_invitation_that_ran_out_is_shown_as_such_and_taken_up_by_a_new_one(client_as: ClientAs) -> None:
    client = client_as("admin")
    ask(client)
    Invitation.unscoped.update(expires_at=timezone.now(), sent_at=timezone.now() - timedelta(days=7))
    assert "Ran out" in shown(client.get("/firm/"))
    assert "is on its way" in ask(client, role="viewer")
    assert (row().role, standing(row(), now=timezone.now())) == ("viewer", Standing.OPEN)


def test_sending_again_makes_a_new_link_and_stops_the_old_one(client_as: ClientAs) -> None:
    client = client_as("admin")
    ask(client)
    old, until = link_for(GUEST), row().expires_at
    refused = client.post(f"/firm/invitations/{row().pk}/send/", follow=True)
    assert "went out less than a minute ago" in shown(refused)
    Invitation.unscoped.update(sent_at=timezone.now() - timedelta(minutes=2))
    answer = client.post(f"/firm/invitations/{row().pk}/send/", follow=True)
    assert "The invitation to guest@side.example as Staff was sent again." in shown(answer)
    assert row().expires_at > until
    assert link_for(GUEST) != old
    assert Client().get(old).status_code == 404
    assert Client().get(link_for(GUEST)).status_code == 200


def test_taking_an_invitation_back_stops_its_link(client_as: ClientAs) -> None:
    client = client_as("admin")
    ask(client)
    answer = client.post(f"/firm/invitations/{row().pk}/revoke/", follow=True)
    assert "The invitation to guest@side.example is taken back." in shown(answer)
    assert "Invited, not here yet" not in shown(answer)
    page = Client().get(link_for(GUEST))
    assert page.status_code == 410
    assert "This invitation was taken back" in shown(page)
    again = client.post(f"/firm/invitations/{row().pk}/revoke/", follow=True)
    assert "This invitation is not open any more" in shown(again)
    assert "is on its way" in ask(client)


@pytest.mark.parametrize("role", ["staff", "viewer"])
def test_only_admins_invite_send_again_and_take_back(client_as: ClientAs, role: str) -> None:
    ask(client_as("admin"))
    client = client_as(role)
    assert "guest@side.example" in shown(client.get("/firm/"))
    assert "Take back" not in shown(client.get("/firm/"))
    for path in ("/firm/invite/", f"/firm/invitations/{row().pk}/send/", f"/firm/invitations/{row().pk}/revoke/"):
        assert client.post(path, {"email": "x@side.example", "role": "staff"}).status_code == 403
    assert row().state == "open"
    assert len(mail.outbox) == 1


def test_an_admin_who_is_none_any_more_invites_nobody(firm: Firm, scope: None, person: User) -> None:
    now = timezone.now()
    issued = invite(firm=firm, actor=person, email=GUEST, role=Role.STAFF, now=now)
    Membership.objects.filter(user=person).update(role="staff")
    attempts: list[Callable[[], object]] = [
        lambda: invite(firm=firm, actor=person, email="x@side.example", role=Role.ADMIN, now=now),
        lambda: send_again(firm=firm, actor=person, invitation_id=issued.invitation.pk, now=now),
        lambda: revoke(firm=firm, actor=person, invitation_id=issued.invitation.pk),
    ]
    for attempt in attempts:
        with pytest.raises(NoLongerAdmin):
            attempt()
    assert row().state == "open"


def test_nobody_writes_to_strangers_all_day_through_a_firm(firm: Firm, scope: None, person: User) -> None:
    now = timezone.now()
    issued = invite(firm=firm, actor=person, email=GUEST, role=Role.STAFF, now=now)
    for _ in range(MAILS_A_DAY - 1):
        record_event(firm=firm, actor=person, action="invitation_renewed", detail={})
    attempts: list[Callable[[], object]] = [
        lambda: invite(firm=firm, actor=person, email="x@side.example", role=Role.STAFF, now=now),
        lambda: send_again(firm=firm, actor=person, invitation_id=issued.invitation.pk, now=now),
    ]
    for attempt in attempts:
        with pytest.raises(InvitationError, match="Go on tomorrow"):
            attempt()
    tomorrow = now + timedelta(days=1, minutes=1)
    invite(firm=firm, actor=person, email="x@side.example", role=Role.STAFF, now=tomorrow)


def test_an_address_that_is_none_is_refused_below_the_form_too(firm: Firm, scope: None, person: User) -> None:
    with pytest.raises(InvitationError, match="whole e-mail address") as refused:
        invite(firm=firm, actor=person, email="guest\n@side.example", role=Role.STAFF, now=timezone.now())
    assert refused.value.field == "email"


def test_another_firms_invitation_is_out_of_reach(client_as: ClientAs) -> None:
    ask(client_as("admin"))
    other = create_firm(name="Marsh", admin_email="m@marsh.example", password=PASSWORD, plan="other", region="au")
    stranger = Client()
    stranger.force_login(other.memberships.get().user)
    for what in ("send", "revoke"):
        answer = stranger.post(f"/firm/invitations/{row().pk}/{what}/", follow=True)
        assert "This invitation is not open any more" in shown(answer)
    assert row().state == "open"


# Finding the firm by the token ----------------------------------------------------------------------------------------


def test_a_token_names_its_firm_but_is_good_only_inside_it(firm: Firm, person: User) -> None:
    with firm_scope(firm):
        token = invite(firm=firm, actor=person, email=GUEST, role=Role.STAFF, now=timezone.now()).token
    other = create_firm(name="Marsh", admin_email="m@marsh.example", password=PASSWORD, plan="other", region="au")
    secret = token.partition("-")[2]
    assert firm_of_token(token) == firm
    assert firm_of_token(f"{other.pk}-{secret}") == other
    with firm_scope(firm):
        assert find(token) == row()
    with firm_scope(other):
        assert find(f"{other.pk}-{secret}") is None
        assert find(token) is None
    assert Client().get(f"/invitations/{other.pk}-{secret}/").status_code == 404


@pytest.mark.parametrize(
    "token",
    ["", "1", "1-", "x-" + "a" * 43, "1-" + "a" * 42, "1-" + "a" * 44, "9" * 19 + "-" + "a" * 43, "1-" + "ä" * 43],
)
def test_what_is_no_token_leads_to_no_firm(db: None, token: str) -> None:
    assert firm_of_token(token) is None


def test_a_token_of_a_firm_that_is_not_there_leads_to_no_firm(db: None) -> None:
    assert firm_of_token(new_token(12345)[0]) is None


def test_without_the_scope_of_its_firm_no_invitation_is_found(firm: Firm) -> None:
    with pytest.raises(NoFirmScope):
        find(new_token(firm.pk)[0])


def test_every_token_is_another(db: None) -> None:
    assert len({new_token(1)[0] for _ in range(100)}) == 100
