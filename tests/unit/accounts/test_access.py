"""What each role may do (BEHAVIOUR.md §1)."""

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.access import Access, load_access
from accounts.models import Firm, Plan, Role, User

MAY = [
    # role, sees, acts, configures
    (Role.ADMIN, True, True, True),
    (Role.STAFF, True, True, False),
    (Role.VIEWER, True, False, False),
]


@pytest.mark.parametrize(("role", "sees", "acts", "configures"), MAY)
def test_a_role_may_what_the_table_says(role: Role, sees: bool, acts: bool, configures: bool) -> None:
    access = Access(user_id=1, firm=Firm(pk=1), role=role)
    assert (access.can_see, access.can_act, access.can_configure) == (sees, acts, configures)


@pytest.mark.parametrize(
    ("plan", "has_it"),
    [(Plan.LEGACY, True), (Plan.LOYALTY, True), (Plan.BOUTIQUE, True), (Plan.ELITE, True), (Plan.OTHER, False)],
)
def test_four_plans_include_the_integration(plan: Plan, has_it: bool) -> None:
    firm = Firm(pk=1, plan=plan)
    assert firm.has_integration is has_it
    assert Access(user_id=1, firm=firm, role=Role.VIEWER).has_plan is has_it


def test_nobody_and_a_login_that_is_switched_off_have_no_access() -> None:
    assert load_access(AnonymousUser(), firm_id=1) is None
    assert load_access(User(pk=1, is_active=False), firm_id=1) is None
