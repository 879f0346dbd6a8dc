"""Who sees the firm's pages, which firm they see, and what refusals look like."""

from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.test import Client
from django.urls import path
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.access import FirmRequest, admin_required, firm_required, plan_required, staff_required
from accounts.audit import record_event
from accounts.firm_scope import current_firm_id
from accounts.models import AuditEvent, Firm, Membership, User
from accounts.provisioning import add_member, create_firm
from clioxero.urls import urlpatterns as real_urls

pytest_plugins = ["tests.support.firm_and_people"]
PASSWORD = "correct-horse-battery-staple"


@firm_required
def see(request: FirmRequest) -> HttpResponse:
    return HttpResponse(f"{request.firm.slug} {request.access.role} {current_firm_id() == request.firm.pk}")


@staff_required
def act(request: FirmRequest) -> HttpResponse:
    return HttpResponse("acted")


@admin_required
def configure(request: FirmRequest) -> HttpResponse:
    return HttpResponse("configured")


@staff_required
@plan_required
def sync(request: FirmRequest) -> HttpResponse:
    return HttpResponse("synced")


@firm_required
def late(request: FirmRequest) -> HttpResponse:
    return TemplateResponse(request, "accounts/firm.html", {"history": lambda: AuditEvent.objects.all()[:1]})


def fail(request: FirmRequest) -> HttpResponse:
    raise ZeroDivisionError


urlpatterns = [
    path("t/see/", see),
    path("t/act/", act),
    path("t/configure/", configure),
    path("t/sync/", sync),
    path("t/late/", late),
    path("t/fail/", fail),
    *real_urls,
]

pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def second(firm: Firm) -> Firm:
    """A firm of which Hale's viewer is the admin."""
    return create_firm(
        name="Marsh Chambers", admin_email="viewer@hale.example", password=PASSWORD, plan="other", region="au"
    )


@pytest.fixture
def outsider(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_user("out@side.example", PASSWORD))
    return client


@pytest.mark.parametrize(
    ("role", "sees", "acts", "configures"),
    [("admin", 200, 200, 200), ("staff", 200, 200, 403), ("viewer", 200, 403, 403)],
)
def test_a_role_opens_what_it_may(
    client_as: Callable[[str], Client], role: str, sees: int, acts: int, configures: int
) -> None:
    client = client_as(role)
    assert client.get("/firm/").status_code == sees
    assert client.get("/t/see/").status_code == sees
    assert client.post("/t/act/").status_code == acts
    assert client.post("/t/configure/").status_code == configures


def test_the_view_runs_inside_the_scope_of_the_persons_firm(client_as: Callable[[str], Client]) -> None:
    assert client_as("staff").get("/t/see/").content == b"hale-partners staff True"


def test_what_a_view_leaves_to_its_template_is_read_inside_the_scope_too(client_as: Callable[[str], Client]) -> None:
    assert client_as("viewer").get("/t/late/").status_code == 200


def test_a_refusal_says_in_words_what_it_takes(client_as: Callable[[str], Client]) -> None:
    staff = client_as("staff").get("/t/configure/")
    assert b"Only an admin of Hale &amp; Partners may do this." in staff.content
    viewer = client_as("viewer").get("/t/act/")
    assert b"You may see everything of Hale &amp; Partners but change nothing" in viewer.content
    assert b"403" not in viewer.content


def test_nobody_in_particular_is_sent_to_the_login_and_back(db: None, client: Client) -> None:
    assert client.get("/firm/?page=2")["Location"] == "/accounts/login/?next=/firm/%3Fpage%3D2"
    assert client.post("/t/act/")["Location"] == "/accounts/login/?next=/"
    assert client.post("/firm/switch/", {"slug": "x"})["Location"] == "/accounts/login/?next=/"


def test_a_part_of_a_page_asked_for_after_the_login_ended_sends_the_whole_page_there(db: None, client: Client) -> None:
    answer = client.get(
        "/t/see/", headers={"HX-Request": "true", "HX-Current-URL": "https://elsewhere.example/bill-syncing/xero/"}
    )
    assert answer["HX-Redirect"] == "/accounts/login/?next=/bill-syncing/xero/"


def test_someone_without_a_firm_is_told_whom_to_ask(outsider: Client) -> None:
    answer = outsider.get("/firm/")
    assert answer.status_code == 403
    assert b"You are logged in as out@side.example, but no firm has let you in." in answer.content


def test_a_firm_without_the_plan_shows_its_pages_and_syncs_nothing(second: Firm) -> None:
    client = Client()
    client.force_login(User.objects.get(email="viewer@hale.example"))
    client.post("/firm/switch/", {"slug": second.slug})
    page = client.get("/firm/")
    assert page.status_code == 200
    assert b"Your Clio plan does not include the Xero integration" in page.content
    refused = client.post("/t/sync/")
    assert refused.status_code == 403
    assert b"It comes with Boutique and Elite." in refused.content


def test_a_person_of_several_firms_starts_in_the_first_and_switches(
    client_as: Callable[[str], Client], second: Firm
) -> None:
    client = client_as("viewer")
    assert client.get("/t/see/").content == b"hale-partners viewer True"
    assert client.post("/firm/switch/", {"slug": "marsh-chambers"})["Location"] == "/"
    assert client.get("/t/see/").content == b"marsh-chambers admin True"
    assert client.post("/t/configure/").status_code == 200
    client.post("/firm/switch/", {"slug": "hale-partners"})
    assert client.post("/t/configure/").status_code == 403


@pytest.mark.parametrize("slug", ["marsh-chambers", "nowhere", ""])
def test_nobody_switches_to_a_firm_that_is_not_theirs(
    client_as: Callable[[str], Client], second: Firm, slug: str
) -> None:
    client = client_as("admin")
    assert client.post("/firm/switch/", {"slug": slug}).status_code == 403
    assert client.get("/t/see/").content == b"hale-partners admin True"


def test_switching_takes_a_form(client_as: Callable[[str], Client]) -> None:
    assert client_as("viewer").get("/firm/switch/").status_code == 405


def test_a_person_taken_out_of_a_firm_falls_back_to_another_of_theirs_at_once(
    client_as: Callable[[str], Client], second: Firm
) -> None:
    client = client_as("viewer")
    client.post("/firm/switch/", {"slug": "marsh-chambers"})
    Membership.objects.filter(firm=second).delete()
    assert client.get("/t/see/").content == b"hale-partners viewer True"
    Membership.objects.all().delete()
    assert client.get("/t/see/").status_code == 403


def test_a_form_opened_for_another_firm_changes_nothing(client_as: Callable[[str], Client], second: Firm) -> None:
    client = client_as("viewer")
    client.post("/firm/switch/", {"slug": "marsh-chambers"})
    answer = client.post("/t/configure/", {"for_firm": "hale-partners"})
    assert answer.status_code == 409
    assert b"Nothing was changed in either." in answer.content
    assert client.post("/t/configure/", {"for_firm": "marsh-chambers"}).content == b"configured"


def test_the_firm_page_shows_its_own_people_plan_and_history_and_no_other_firms(
    client_as: Callable[[str], Client], second: Firm
) -> None:
    html = client_as("admin").get("/firm/").content.decode()
    for words in ("staff@hale.example", "Boutique", "The firm was created on the plan Boutique.", "Canada"):
        assert words in html
    assert "staff@hale.example was added as Staff." in html
    assert "Marsh" not in html


def test_the_history_is_read_a_page_at_a_time(client_as: Callable[[str], Client], firm: Firm, person: User) -> None:
    for number in range(30):
        record_event(firm=firm, actor=person, action=f"thing_{number}")
    client = client_as("viewer")
    first, last = (client.get(f"/firm/?page={page}").content.decode() for page in ("1", "nonsense-99"))
    assert "Thing 29" in first
    assert "The firm was created" not in first
    assert "The firm was created" in client.get("/firm/?page=2").content.decode()
    assert "1–25 of 34" in first
    assert "Thing 29" in last


def test_the_firm_page_takes_seven_queries_however_much_happened(
    client_as: Callable[[str], Client], firm: Firm, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_as("viewer")
    for rounds in (1, 40):
        for number in range(rounds):
            record_event(firm=firm, actor=None, action=f"thing_{number}")
            add_member(firm=firm, email=f"p{rounds}-{number}@hale.example", password=PASSWORD, role="viewer")
        with django_assert_num_queries(7):  # session, person, firm; people; invitations; count and page of the history
            client.get("/firm/")


def test_pages_for_nobody_ask_the_database_for_nothing(
    db: None, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        assert client.get("/accounts/login/").status_code == 200


def test_a_page_that_is_not_there_says_so_in_the_frame(client_as: Callable[[str], Client], settings: Settings) -> None:
    settings.DEBUG = False
    answer = client_as("viewer").get("/nowhere/")
    assert answer.status_code == 404
    assert b"There is no such page" in answer.content
    assert b'class="sidebar"' in answer.content


def test_a_fault_of_ours_shows_a_page_that_needs_nothing(
    db: None, client: Client, settings: Settings, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    settings.DEBUG = False
    client.raise_request_exception = False
    with django_assert_num_queries(0):
        answer = client.get("/t/fail/")
    assert answer.status_code == 500
    assert b"Something went wrong on our side" in answer.content


def test_a_form_without_its_token_is_explained(firm: Firm, settings: Settings) -> None:
    settings.DEBUG = False
    client = Client(enforce_csrf_checks=True)
    client.force_login(Membership.objects.get(firm=firm, role="admin").user)
    answer = client.post("/t/act/")
    assert answer.status_code == 403
    assert b"Please try once more" in answer.content


def test_the_operator_sees_every_firms_history_and_changes_none(firm: Firm, second: Firm) -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("op@example.com", PASSWORD))
    page = client.get("/operator/accounts/auditevent/").content.decode()
    assert "Hale &amp; Partners" in page
    assert "Marsh Chambers" in page
    event = AuditEvent.unscoped.first()
    assert event
    assert client.post(f"/operator/accounts/auditevent/{event.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.get("/operator/accounts/auditevent/add/").status_code == 403
    for table in ("user", "firm"):
        assert client.get(f"/operator/accounts/{table}/").status_code == 200
        assert client.get(f"/operator/accounts/{table}/add/").status_code == 200


def test_what_the_operator_changes_stands_in_the_firms_history(firm: Firm) -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("op@example.com", PASSWORD))
    people = list(firm.memberships.order_by("pk"))
    form = {
        "name": firm.name,
        "slug": firm.slug,
        "plan": "elite",
        "region": firm.region,
        "time_zone": firm.time_zone,
        "date_format": firm.date_format,
        "memberships-TOTAL_FORMS": "3",
        "memberships-INITIAL_FORMS": "3",
    }
    for number, (member, role) in enumerate(zip(people, ("admin", "viewer", "viewer"), strict=True)):
        form |= {f"memberships-{number}-id": str(member.pk), f"memberships-{number}-firm": str(firm.pk)}
        form |= {f"memberships-{number}-user": str(member.user_id), f"memberships-{number}-role": role}
    form["memberships-2-DELETE"] = "on"
    assert client.post(f"/operator/accounts/firm/{firm.pk}/change/", form).status_code == 302
    firm.refresh_from_db()
    assert firm.plan == "elite"
    told = client_of(firm).get("/firm/").content.decode()
    for sentence in (
        "Changed: Clio plan.",
        "staff@hale.example is now Viewer.",
        "viewer@hale.example was removed.",
    ):
        assert sentence in told


def client_of(firm: Firm) -> Client:
    client = Client()
    client.force_login(Membership.objects.get(firm=firm, role="admin").user)
    return client
