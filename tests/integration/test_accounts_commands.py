"""createfirm and addmember, as an operator types them."""

import io
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import AuditEvent, Firm, Membership, User

pytestmark = pytest.mark.django_db
PASSWORD = "correct-horse-battery-staple"


def run(*words: str) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command(*words, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def createfirm(name: str = "Hale & Partners", **changes: str) -> tuple[str, str]:
    given = {"admin": "Ada@hale.example", "password": PASSWORD, **changes}
    return run("createfirm", name, *(f"--{option}={value}" for option, value in given.items()))


def test_it_prints_the_short_name_and_nothing_else() -> None:
    assert createfirm() == ("hale-partners\n", "")


def test_the_firm_has_its_plan_region_habits_and_an_admin_who_can_log_in() -> None:
    createfirm(plan="elite", region="au")
    firm = Firm.objects.get()
    assert (firm.name, firm.plan, firm.region) == ("Hale & Partners", "elite", "au")
    assert (firm.time_zone, firm.date_format) == ("Australia/Sydney", "dmy")
    assert Membership.objects.get(firm=firm).role == "admin"
    assert not User.objects.get().is_staff
    assert EmailAddress.objects.filter(email="ada@hale.example", verified=True, primary=True).exists()
    answer = Client().post("/accounts/login/", {"login": "ada@HALE.example", "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_plan_and_region_have_defaults_and_may_be_written_in_capitals() -> None:
    createfirm(plan="BOUTIQUE")
    firm = Firm.objects.get()
    assert (firm.plan, firm.region, firm.time_zone) == ("boutique", "us", "America/New_York")


def test_firms_of_one_name_get_short_names_of_their_own() -> None:
    printed = [createfirm(admin=f"a{n}@hale.example")[0] for n in range(3)]
    assert printed == ["hale-partners\n", "hale-partners-2\n", "hale-partners-3\n"]


def test_a_name_without_latin_letters_still_gets_a_short_name() -> None:
    assert createfirm("律師事務所")[0] == "firm\n"


def test_someone_who_has_a_login_keeps_the_password_and_is_told_so() -> None:
    createfirm()
    printed, said = createfirm("Second Chambers", password="another-long-password")
    assert printed == "second-chambers\n"
    assert said == "This person had a login already: their password stays as it was.\n"
    user = User.objects.get()
    assert user.check_password(PASSWORD)
    assert {(m.firm.slug, m.role) for m in user.memberships.all()} == {
        ("hale-partners", "admin"),
        ("second-chambers", "admin"),
    }


@pytest.mark.parametrize(
    ("name", "changes", "says"),
    [
        ("", {}, "name: "),
        (" \n ", {}, "name: "),
        ("x" * 201, {}, "name: "),
        ("a\x00b", {}, "name: "),
        ("Hale", {"admin": "ada"}, "email: "),
        ("Hale", {"admin": ""}, "email: "),
        ("Hale", {"password": ""}, "password: "),
        ("Hale", {"password": "12345678"}, "password: "),
        ("Hale", {"password": "ada@hale.example"}, "password: "),
        ("Hale", {"plan": "gold"}, "plan: choose one of legacy, loyalty, boutique, elite, other."),
        ("Hale", {"region": "uk"}, "region: choose one of us, ca, eu, au."),
    ],
)
def test_bad_input_is_refused_in_one_line_with_nothing_saved(name: str, changes: dict[str, str], says: str) -> None:
    with pytest.raises(CommandError) as refused:
        createfirm(name, **changes)
    assert refused.value.returncode == 2
    assert str(refused.value).startswith(says)
    assert "\n" not in str(refused.value)
    assert (Firm.objects.count(), User.objects.count(), AuditEvent.unscoped.count()) == (0, 0, 0)


def test_someone_switched_off_does_not_come_back_through_a_new_firm() -> None:
    createfirm()
    User.objects.update(is_active=False)
    with pytest.raises(CommandError, match="switched off"):
        createfirm("Second Chambers")
    assert Firm.objects.count() == 1


def addmember(slug: str = "hale-partners", **changes: str) -> tuple[str, str]:
    given = {"email": "vi@hale.example", "password": PASSWORD, "role": "viewer", **changes}
    return run("addmember", slug, *(f"--{option}={value}" for option, value in given.items()))


@pytest.mark.parametrize("role", ["admin", "staff", "viewer"])
def test_a_member_is_added_quietly_in_the_role(role: str) -> None:
    createfirm()
    assert addmember(role=role) == ("", "")
    assert Membership.objects.get(user__email="vi@hale.example").role == role


@pytest.mark.parametrize(
    ("slug", "changes", "says"),
    [
        ("nowhere", {}, "slug: there is no firm with the short name 'nowhere'."),
        ("hale-partners", {"role": "owner"}, "role: choose one of admin, staff, viewer."),
        ("hale-partners", {"email": "x"}, "email: "),
        ("hale-partners", {"password": "short"}, "password: "),
        ("hale-partners", {"email": "ada@hale.example"}, "email: this person is in the firm already, as Admin."),
    ],
)
def test_a_member_who_cannot_be_added_is_refused_in_one_line(slug: str, changes: dict[str, Any], says: str) -> None:
    createfirm()
    with pytest.raises(CommandError) as refused:
        addmember(slug, **changes)
    assert refused.value.returncode == 2
    assert str(refused.value).startswith(says)
    assert (User.objects.count(), Membership.objects.count()) == (1, 1)


def test_both_are_written_into_the_firms_history() -> None:
    createfirm()
    addmember()
    assert list(AuditEvent.unscoped.order_by("pk").values_list("action", "detail")) == [
        ("firm_created", {"plan": "boutique", "region": "us"}),
        ("member_added", {"email": "ada@hale.example", "role": "admin"}),
        ("member_added", {"email": "vi@hale.example", "role": "viewer"}),
    ]
    assert not AuditEvent.unscoped.filter(actor__isnull=False).exists()
