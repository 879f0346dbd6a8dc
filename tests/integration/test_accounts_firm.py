"""The Firm page's plan and settings, its budget, and forms that were opened for another firm."""

from collections.abc import Callable

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.firm_changes import FirmChangeError, move_to_plan
from accounts.firm_scope import firm_scope
from accounts.invitations import invite
from accounts.models import AuditEvent, Firm, Invitation, Membership, Role, User
from accounts.provisioning import add_member, create_firm
from tests.support.pages import shown

pytest_plugins = ["tests.support.firm_and_people"]
PASSWORD = "correct-horse-battery-staple"
MOST = 12
ClientAs = Callable[[str], Client]
SETTINGS = {"name": "Hale LLP", "time_zone": "Europe/London", "date_format": "words"}


def fresh(firm: Firm) -> Firm:
    return Firm.objects.get(pk=firm.pk)


# Plan -----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def without_plan(firm: Firm) -> Firm:
    """The firm, on a plan without the integration."""
    Firm.objects.filter(pk=firm.pk).update(plan="other")
    return fresh(firm)


@pytest.mark.parametrize("plan", ["boutique", "elite"])
def test_the_admin_moves_a_firm_without_the_integration_to_a_plan_that_has_it(
    without_plan: Firm, client_as: ClientAs, plan: str
) -> None:
    admin = client_as("admin")
    page = admin.get("/connections/")
    assert shown(page).count("Your Clio plan does not include the Xero integration") == 1
    assert 'href="/firm/plan/"' in page.content.decode()
    answer = admin.post("/firm/plan/", {"plan": plan, "for_firm": without_plan.slug}, follow=True)
    assert f"The firm's plan is {plan.capitalize()} now." in shown(answer)
    assert f"The plan was changed from Other to {plan.capitalize()}." in shown(answer)
    assert fresh(without_plan).plan == plan
    assert "does not include" not in shown(admin.get("/"))
    assert 'data-stage="connect_clio"' in admin.get("/").content.decode()


@pytest.mark.parametrize("plan", ["", "legacy", "loyalty", "other", "gold"])
def test_any_other_plan_is_the_operators_to_set(without_plan: Firm, client_as: ClientAs, plan: str) -> None:
    answer = client_as("admin").post("/firm/plan/", {"plan": plan})
    assert answer.status_code == 422
    assert "Which plan does your firm have with Clio now?" in shown(answer)
    assert fresh(without_plan).plan == "other"
    with pytest.raises(FirmChangeError, match="Boutique or Elite"):
        move_to_plan(firm=without_plan, actor=User(pk=1), plan=plan)


def test_the_same_plan_again_and_a_plan_that_changed_meanwhile_are_told_and_change_nothing(
    without_plan: Firm, client_as: ClientAs, person: User
) -> None:
    move_to_plan(firm=without_plan, actor=person, plan="elite")
    events = AuditEvent.unscoped.count()
    with pytest.raises(FirmChangeError, match="at the same moment"):
        move_to_plan(firm=without_plan, actor=person, plan="boutique")
    assert "The firm has this plan already." in shown(client_as("admin").post("/firm/plan/", {"plan": "elite"}))
    assert fresh(without_plan).plan == "elite"
    assert AuditEvent.unscoped.count() == events


def test_whoever_is_no_admin_is_told_who_chooses_the_plan(without_plan: Firm, client_as: ClientAs) -> None:
    staff = client_as("staff")
    page = shown(staff.get("/bill-syncing/xero/"))
    assert "once your firm has one of them, its admin chooses it under Firm, Plan." in page
    assert "Move to Boutique or Elite" not in page
    assert staff.post("/firm/plan/", {"plan": "elite"}).status_code == 403
    assert fresh(without_plan).plan == "other"


def test_what_the_plan_refuses_says_where_the_plan_is_chosen(without_plan: Firm, client_as: ClientAs) -> None:
    answer = client_as("admin").post("/settings/xero/", {})
    assert answer.status_code == 403
    assert "its admin chooses it here, under Firm, Plan." in shown(answer)
    assert "operator" not in shown(client_as("viewer").get("/"))


# Settings -------------------------------------------------------------------------------------------------------------


def test_the_admin_changes_name_time_zone_and_dates_and_the_history_keeps_old_and_new(
    firm: Firm, client_as: ClientAs
) -> None:
    answer = client_as("admin").post("/firm/settings/", {**SETTINGS, "for_firm": firm.slug}, follow=True)
    words = shown(answer)
    assert "The firm's settings are saved." in words
    assert (
        "Changed: name, time zone, dates on pages. Hale & Partners → Hale LLP; "
        "America/Toronto → Europe/London; 2026-11-23 → 23 Nov 2026." in words
    )
    made = fresh(firm)
    assert (made.name, made.time_zone, made.date_format, made.slug) == (*SETTINGS.values(), "hale-partners")
    assert "<h1>Hale LLP</h1>" in client_as("viewer").get("/firm/").content.decode()
    assert f">{timezone.now():%-d %b %Y}<" in client_as("viewer").get("/firm/").content.decode()


def test_saving_what_was_there_leaves_no_trace(firm: Firm, client_as: ClientAs) -> None:
    before = AuditEvent.unscoped.count()
    same = {"name": firm.name, "time_zone": firm.time_zone, "date_format": firm.date_format}
    assert "Nothing was different." in shown(client_as("admin").post("/firm/settings/", same, follow=True))
    assert AuditEvent.unscoped.count() == before


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name": ""}, "Firm's name : Write the firm's name."),
        ({"time_zone": "Toronto"}, "Time zone : Select a valid choice."),
        ({"time_zone": ""}, "Time zone : This field is required."),
        ({"date_format": "ymd"}, "Dates on pages : Select a valid choice."),
    ],
)
def test_what_cannot_be_used_is_named_and_nothing_is_saved(
    firm: Firm, client_as: ClientAs, changes: dict[str, str], says: str
) -> None:
    answer = client_as("admin").post("/firm/settings/", {**SETTINGS, **changes})
    assert answer.status_code == 422
    assert says in shown(answer)
    assert fresh(firm).name == "Hale & Partners"


@pytest.mark.parametrize("role", ["staff", "viewer"])
def test_staff_and_viewers_see_the_settings_and_change_none(firm: Firm, client_as: ClientAs, role: str) -> None:
    client = client_as(role)
    assert "America/Toronto" in shown(client.get("/firm/"))
    assert client.get("/firm/settings/").status_code == 403
    assert client.post("/firm/settings/", SETTINGS).status_code == 403
    assert fresh(firm).name == "Hale & Partners"


def test_what_the_operator_sets_is_told_with_old_and_new(firm: Firm, client_as: ClientAs) -> None:
    operator = Client()
    operator.force_login(User.objects.create_superuser("op@example.com", PASSWORD))
    form = {
        **{name: getattr(firm, name) for name in ("name", "slug", "region", "time_zone", "date_format")},
        "plan": "legacy",
        "memberships-TOTAL_FORMS": "0",
        "memberships-INITIAL_FORMS": "0",
    }
    assert operator.post(f"/operator/accounts/firm/{firm.pk}/change/", form).status_code == 302
    assert "Changed: Clio plan. Boutique → Legacy. The operator" in shown(client_as("viewer").get("/firm/"))


# The switch, and forms of another firm --------------------------------------------------------------------------------


@pytest.fixture
def second(firm: Firm) -> Firm:
    """A firm of which Hale's admin is the viewer."""
    made = create_firm(name="Marsh", admin_email="m@marsh.example", password=PASSWORD, plan="elite", region="au")
    add_member(firm=made, email="admin@hale.example", password=PASSWORD, role="viewer")
    return made


def admin_of(firm: Firm) -> Client:
    client = Client()
    client.force_login(Membership.objects.get(firm=firm, role="admin").user)
    return client


def test_the_switch_is_a_form_of_buttons_that_needs_no_script(firm: Firm, second: Firm) -> None:
    html = admin_of(firm).get("/").content.decode()
    switch = html[html.index('action="/firm/switch/"') :].partition("</form>")[0]
    assert switch.count("<button") == 2
    assert '<button class="menu-item" name="slug" value="hale-partners" aria-current="true">' in switch
    assert "<details" in html[: html.index('action="/firm/switch/"')][-400:]


def test_the_chosen_firm_is_remembered_until_the_next_login_and_after(firm: Firm, second: Firm) -> None:
    client = admin_of(firm)
    client.post("/firm/switch/", {"slug": "marsh"})
    client.post("/accounts/logout/")
    again = Client()
    again.post("/accounts/login/", {"login": "admin@hale.example", "password": PASSWORD})
    assert "<h1>Marsh</h1>" in again.get("/firm/").content.decode()
    Membership.objects.filter(firm=second, role="viewer").delete()
    assert "<h1>Hale &amp; Partners</h1>" in again.get("/firm/").content.decode()


def test_a_firm_that_is_deleted_is_forgotten(firm: Firm, second: Firm) -> None:
    admin_of(firm).post("/firm/switch/", {"slug": "marsh"})
    with firm_scope(second):
        second.delete()
    assert User.objects.get(email="admin@hale.example").last_firm is None


def test_every_form_about_a_firm_is_refused_in_another_one(firm: Firm, second: Firm) -> None:
    with firm_scope(firm):
        asked = invite(
            firm=firm,
            actor=User.objects.get(email="admin@hale.example"),
            email="guest@side.example",
            role=Role.STAFF,
            now=timezone.now(),
        )
    someone = Membership.objects.get(firm=firm, role="staff").pk
    client = admin_of(firm)
    client.post("/firm/switch/", {"slug": "marsh"})
    forms = {
        "/firm/settings/": SETTINGS,
        "/firm/plan/": {"plan": "elite"},
        "/firm/invite/": {"email": "x@side.example", "role": "admin"},
        f"/firm/invitations/{asked.invitation.pk}/send/": {},
        f"/firm/invitations/{asked.invitation.pk}/revoke/": {},
        f"/firm/people/{someone}/": {"role": "admin"},
        f"/firm/people/{someone}/remove/": {},
        "/firm/leave/": {},
    }
    for path, form in forms.items():
        answer = client.post(path, {**form, "for_firm": "hale-partners"})
        assert answer.status_code == 409, path
        assert "You changed the firm meanwhile" in shown(answer)
    assert (fresh(firm).name, fresh(firm).plan) == ("Hale & Partners", "boutique")
    assert Membership.objects.filter(firm=firm).count() == 3
    assert Membership.objects.filter(firm=second).count() == 2
    assert [row.state for row in Invitation.unscoped.all()] == ["open"]
    assert not mail.outbox


def test_every_form_on_the_pages_says_for_which_firm_it_is(firm: Firm) -> None:
    client = admin_of(firm)
    client.post("/firm/invite/", {"email": "guest@side.example", "role": "staff"})
    someone = Membership.objects.get(firm=firm, role="staff").pk
    for path in ("/firm/", "/firm/settings/", "/firm/plan/", "/firm/invite/", f"/firm/people/{someone}/remove/"):
        html = client.get(path).content.decode()
        page = html[html.index('<main class="page"') :]
        assert page.count("<form") > 0, path
        assert page.count("<form") == page.count('name="for_firm" value="hale-partners"'), path


def test_a_form_of_a_firm_that_somebody_was_taken_out_of_says_so(firm: Firm, second: Firm) -> None:
    client = admin_of(firm)
    Membership.objects.filter(firm=firm, role="admin").delete()
    answer = client.post("/firm/settings/", {**SETTINGS, "for_firm": "hale-partners"})
    assert answer.status_code == 409
    assert "You are no longer in that firm" in shown(answer)
    assert "You work in Marsh now." in shown(answer)


def test_adding_another_firm_is_offered_under_the_persons_name(firm: Firm, client_as: ClientAs) -> None:
    html = client_as("viewer").get("/firm/").content.decode()
    assert '<a class="menu-item" href="/firm/add/">Add another firm</a>' in html


# Budget ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        *(f"/firm/{page}" for page in ("", "settings/", "plan/", "invite/", "add/", "leave/")),
        "/firm/people/{}/",
        "/firm/people/{}/remove/",
    ],
)
def test_a_page_takes_few_queries_and_no_more_with_many_people(firm: Firm, path: str) -> None:
    path = path.format(Membership.objects.get(firm=firm, role="staff").pk)
    client = admin_of(firm)
    person = User.objects.get(email="admin@hale.example")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    few = queries()
    for number in range(20):
        add_member(firm=firm, email=f"p{number}@hale.example", password=PASSWORD, role="admin")
        with firm_scope(firm):
            invite(firm=firm, actor=person, email=f"g{number}@side.example", role=Role.STAFF, now=timezone.now())
    assert queries() == few <= MOST


def test_an_invitations_page_takes_few_queries(firm: Firm) -> None:
    with firm_scope(firm):
        person = User.objects.get(email="admin@hale.example")
        token = invite(firm=firm, actor=person, email="guest@side.example", role=Role.STAFF, now=timezone.now()).token
    for client in (Client(), admin_of(firm)):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/invitations/{token}/").status_code == 200
        assert len(captured) <= MOST
