"""What the forms offer."""

import pytest

from accounts.forms.fields import RoleField
from accounts.forms.firm import PlanForm, time_zone_choices


def zones(kept: str = "UTC") -> dict[str, str]:
    """Every zone that can be chosen, with the group it stands in."""
    found: dict[str, str] = {}
    for name, inner in time_zone_choices(kept=kept):
        found |= {name: ""} if isinstance(inner, str) else dict.fromkeys((zone for zone, _city in inner), name)
    return found


def test_time_zones_are_grouped_by_part_of_the_world_and_named_by_their_city() -> None:
    assert zones()["America/New_York"] == "America"
    cities = dict(dict(time_zone_choices(kept="UTC"))["America"])
    assert cities["America/New_York"] == "New York"
    assert cities["America/Argentina/Salta"] == "Argentina, Salta"


@pytest.mark.parametrize("zone", ["US/Eastern", "Etc/GMT+5", "EST5EDT", "posixrules", "SystemV/EST5"])
def test_names_for_machines_are_not_offered(zone: str) -> None:
    assert zone not in zones()


def test_a_zone_that_a_firm_has_stays_on_offer() -> None:
    assert zones(kept="US/Eastern")["US/Eastern"] == ""
    assert list(zones(kept="America/Toronto")).count("America/Toronto") == 1


def test_an_admin_chooses_between_two_plans() -> None:
    assert [value for value, _label in PlanForm().fields["plan"].choices] == ["boutique", "elite"]  # type: ignore[attr-defined]


def test_each_role_is_offered_with_what_it_may_do() -> None:
    words = dict(RoleField().choices)  # type: ignore[arg-type]
    assert (
        words["viewer"]
        == '<strong>Viewer</strong> <span class="choice-help">sees and downloads, changes nothing</span>'
    )
