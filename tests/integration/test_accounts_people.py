"""Roles, taking somebody out, leaving; a firm keeps an admin whatever happens at once."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from accounts.firm_scope import firm_scope
from accounts.invitations import invite
from accounts.models import AuditEvent, Firm, Membership, Role, User
from accounts.people import LastAdmin, NoLongerAdmin, NoSuchMember, change_role, leave, remove_member
from accounts.provisioning import add_member, create_firm
from tests.support.at_once import overlapping
from tests.support.pages import shown

pytest_plugins = ["tests.support.firm_and_people"]
PASSWORD = "correct-horse-battery-staple"
ClientAs = Callable[[str], Client]
REFUSALS = (LastAdmin, NoLongerAdmin)


def member(firm: Firm, name: str) -> Membership:
    return Membership.objects.select_related("user").get(firm=firm, user__email=f"{name}@hale.example")


def roles(firm: Firm) -> dict[str, str]:
    rows = Membership.objects.filter(firm=firm).values_list("user__email", "role")
    return {email.partition("@")[0]: role for email, role in rows}


@pytest.fixture
def second_admin(firm: Firm) -> User:
    """Another admin of the firm."""
    return add_member(firm=firm, email="bo@hale.example", password=PASSWORD, role="admin").user


def test_an_admin_gives_somebody_another_role_and_the_history_says_which_it_was(
    firm: Firm, client_as: ClientAs
) -> None:
    page = f"/firm/people/{member(firm, 'viewer').pk}/"
    admin = client_as("admin")
    assert 'value="viewer"' in admin.get(page).content.decode()
    answer = admin.post(page, {"role": "staff", "for_firm": firm.slug}, follow=True)
    assert "viewer@hale.example is Staff." in shown(answer)
    assert roles(firm)["viewer"] == "staff"
    assert "viewer@hale.example is now Staff, no longer Viewer." in shown(answer)


def test_the_new_role_holds_at_the_next_click(firm: Firm, client_as: ClientAs) -> None:
    staff = client_as("staff")
    assert staff.get("/firm/invite/").status_code == 403
    client_as("admin").post(f"/firm/people/{member(firm, 'staff').pk}/", {"role": "admin"})
    assert staff.get("/firm/invite/").status_code == 200


def test_the_same_role_again_changes_nothing_and_leaves_no_trace(firm: Firm, person: User) -> None:
    before = AuditEvent.unscoped.count()
    change_role(firm=firm, actor=person, member_id=member(firm, "staff").pk, role=Role.STAFF)
    assert AuditEvent.unscoped.count() == before


def test_a_role_that_does_not_exist_is_refused_with_the_field_named(firm: Firm, client_as: ClientAs) -> None:
    answer = client_as("admin").post(f"/firm/people/{member(firm, 'staff').pk}/", {"role": "owner"})
    assert answer.status_code == 422
    assert "Role : Select a valid choice." in shown(answer)
    assert roles(firm)["staff"] == "staff"


def test_taking_somebody_out_is_asked_first_then_ends_their_access_at_once(firm: Firm, client_as: ClientAs) -> None:
    viewer, admin = client_as("viewer"), client_as("admin")
    page = f"/firm/people/{member(firm, 'viewer').pk}/remove/"
    asked = shown(admin.get(page))
    assert "viewer@hale.example sees nothing of this firm any more, from the next click on." in asked
    assert viewer.get("/firm/").status_code == 200
    answer = admin.post(page, {"for_firm": firm.slug}, follow=True)
    assert "viewer@hale.example is no longer in the firm." in shown(answer)
    assert "viewer@hale.example was removed." in shown(answer)
    refused = viewer.get("/firm/")
    assert refused.status_code == 403
    assert "no firm has let you in" in shown(refused)


def test_before_somebody_is_taken_out_it_is_said_which_of_their_invitations_stay_open(
    firm: Firm, person: User, second_admin: User
) -> None:
    admin = Client()
    admin.force_login(person)
    with firm_scope(firm):
        invite(firm=firm, actor=second_admin, email="friend@side.example", role=Role.STAFF, now=timezone.now())
    page = admin.get(f"/firm/people/{member(firm, 'bo').pk}/remove/")
    assert "stay open: friend@side.example." in shown(page)


def test_somebody_leaves_by_themselves_and_keeps_their_other_firms(firm: Firm, client_as: ClientAs) -> None:
    create_firm(name="Marsh", admin_email="viewer@hale.example", password=PASSWORD, plan="other", region="au")
    viewer = client_as("viewer")
    assert "You see nothing of this firm any more" in shown(viewer.get("/firm/leave/"))
    answer = viewer.post("/firm/leave/", {"for_firm": firm.slug}, follow=True)
    assert "You left Hale & Partners." in shown(answer)
    assert "Marsh" in shown(viewer.get("/firm/"))
    assert "viewer" not in roles(firm)
    assert "viewer@hale.example, who was Viewer, left the firm." in shown(client_as("admin").get("/firm/"))


@pytest.mark.parametrize("path", ["/firm/leave/", "/firm/people/{}/remove/"])
def test_the_last_admin_cannot_go_and_is_told_what_to_do(firm: Firm, client_as: ClientAs, path: str) -> None:
    admin = client_as("admin")
    path = path.format(member(firm, "admin").pk)
    assert "Make somebody else an admin first." in shown(admin.get(path))
    assert "Make somebody else an admin first." in shown(admin.post(path, follow=True))
    assert roles(firm)["admin"] == "admin"


def test_the_last_admin_keeps_the_role(firm: Firm, client_as: ClientAs) -> None:
    admin, page = client_as("admin"), f"/firm/people/{member(firm, 'admin').pk}/"
    assert "<form class=" not in admin.get(page).content.decode()
    assert "Make somebody else an admin first." in shown(admin.post(page, {"role": "viewer"}, follow=True))
    assert roles(firm)["admin"] == "admin"


def test_an_admin_whose_login_is_switched_off_does_not_count_as_one(
    firm: Firm, person: User, second_admin: User
) -> None:
    User.objects.filter(pk=second_admin.pk).update(is_active=False)
    with pytest.raises(LastAdmin):
        leave(firm=firm, user=person)
    remove_member(firm=firm, actor=person, member_id=member(firm, "bo").pk)
    assert "bo" not in roles(firm)


def test_one_of_two_admins_goes(firm: Firm, person: User, second_admin: User) -> None:
    leave(firm=firm, user=person)
    assert roles(firm) == {"staff": "staff", "viewer": "viewer", "bo": "admin"}
    with pytest.raises(LastAdmin):
        leave(firm=firm, user=second_admin)


def test_who_is_gone_or_was_never_there_cannot_be_changed(firm: Firm, person: User) -> None:
    other = create_firm(name="Marsh", admin_email="m@marsh.example", password=PASSWORD, plan="other", region="au")
    for pk in (other.memberships.get().pk, 0):
        with pytest.raises(NoSuchMember):
            change_role(firm=firm, actor=person, member_id=pk, role=Role.VIEWER)
        with pytest.raises(NoSuchMember):
            remove_member(firm=firm, actor=person, member_id=pk)
    assert other.memberships.get().role == "admin"


@pytest.mark.parametrize("role", ["staff", "viewer"])
def test_staff_and_viewers_see_the_people_and_change_none(firm: Firm, client_as: ClientAs, role: str) -> None:
    client = client_as(role)
    before = roles(firm)
    page = client.get("/firm/")
    assert "staff@hale.example" in shown(page)
    for words in ("Invite somebody", "/firm/people/", "/firm/plan/", "/firm/settings/"):
        assert words not in page.content.decode()
    someone = member(firm, "viewer" if role == "staff" else "staff").pk
    for path in ("", "remove/"):
        for ask in (client.get, client.post):
            answer = ask(f"/firm/people/{someone}/{path}", {"role": "admin"})
            assert answer.status_code == 403
            assert "Only an admin of Hale & Partners may do this." in shown(answer)
    assert roles(firm) == before


def test_another_firms_people_are_not_found(firm: Firm, client_as: ClientAs) -> None:
    other = create_firm(name="Marsh", admin_email="m@marsh.example", password=PASSWORD, plan="other", region="au")
    pk = other.memberships.get().pk
    admin = client_as("admin")
    for path in (f"/firm/people/{pk}/", f"/firm/people/{pk}/remove/"):
        assert admin.get(path).status_code == 404
        assert admin.post(path, {"role": "viewer"}).status_code == 404
    assert other.memberships.get().role == "admin"


# At the same moment ---------------------------------------------------------------------------------------------------


@pytest.fixture
def two_admins(transactional_db: None) -> tuple[Firm, Membership, Membership]:
    """A firm with two admins, committed."""
    firm = create_firm(name="Hale", admin_email="ada@hale.example", password=PASSWORD, plan="elite", region="us")
    add_member(firm=firm, email="bo@hale.example", password=PASSWORD, role="admin")
    return firm, member(firm, "ada"), member(firm, "bo")


def test_two_admins_who_take_the_role_from_each_other_at_once_leave_one(
    two_admins: tuple[Firm, Membership, Membership],
) -> None:
    firm, ada, bo = two_admins
    happened = overlapping(
        lambda: change_role(firm=firm, actor=ada.user, member_id=bo.pk, role=Role.VIEWER),
        lambda: change_role(firm=firm, actor=bo.user, member_id=ada.pk, role=Role.VIEWER),
        expected=REFUSALS,
    )
    assert sorted(happened) == ["NoLongerAdmin", "done"]
    assert roles(firm) == {"ada": "admin", "bo": "viewer"}


def test_two_admins_who_take_each_other_out_at_once_leave_one(
    two_admins: tuple[Firm, Membership, Membership],
) -> None:
    firm, ada, bo = two_admins
    happened = overlapping(
        lambda: remove_member(firm=firm, actor=ada.user, member_id=bo.pk),
        lambda: remove_member(firm=firm, actor=bo.user, member_id=ada.pk),
        expected=REFUSALS,
    )
    assert sorted(happened) == ["NoLongerAdmin", "done"]
    assert roles(firm) == {"ada": "admin"}


def test_two_admins_who_leave_at_once_leave_one(two_admins: tuple[Firm, Membership, Membership]) -> None:
    firm, ada, bo = two_admins
    happened = overlapping(
        lambda: leave(firm=firm, user=ada.user), lambda: leave(firm=firm, user=bo.user), expected=REFUSALS
    )
    assert sorted(happened) == ["LastAdmin", "done"]
    assert roles(firm) == {"bo": "admin"}
