"""Words about what was done, and dates as a firm writes them."""

from datetime import UTC, date, datetime

import pytest

from accounts.audit import describe
from accounts.models import AuditEvent, Firm, Role
from accounts.wording import ROLE_MEANING, written_date, written_moment, zone_of

MOMENT = datetime(2026, 11, 23, 20, 5, tzinfo=UTC)


WHO = {"email": "v@x.example"}
RENAMED = {"name": ["Hale", "Hale LLP"], "date_format": ["iso", "words"]}


@pytest.mark.parametrize(
    ("action", "detail", "words"),
    [
        ("member_invited", {**WHO, "role": "viewer"}, "v@x.example was invited as Viewer."),
        ("invitation_renewed", {**WHO, "role": "viewer"}, "The invitation to v@x.example as Viewer was sent again."),
        ("invitation_revoked", WHO, "The invitation to v@x.example was taken back."),
        ("invitation_accepted", {**WHO, "role": "staff"}, "v@x.example accepted the invitation, as Staff."),
        ("member_changed", {**WHO, "role": "staff"}, "v@x.example is now Staff."),
        ("member_changed", {**WHO, "role": "staff", "old": "admin"}, "v@x.example is now Staff, no longer Admin."),
        ("member_left", {**WHO, "role": "staff"}, "v@x.example, who was Staff, left the firm."),
        ("plan_changed", {"old": "other", "new": "elite"}, "The plan was changed from Other to Elite."),
        ("firm_changed", {"fields": ["plan"]}, "Changed: Clio plan."),
        (
            "firm_changed",
            {"fields": ["plan"], "changes": {"plan": ["other", "elite"]}},
            "Changed: Clio plan. Other → Elite.",
        ),
        (
            "firm_changed",
            {"fields": list(RENAMED), "changes": RENAMED},
            "Changed: name, dates on pages. Hale → Hale LLP; 2026-11-23 → 23 Nov 2026.",
        ),
        ("something_new", {}, "Something new"),
    ],
)
def test_what_was_done_reads_as_a_sentence(action: str, detail: dict[str, object], words: str) -> None:
    assert describe(AuditEvent(action=action, detail=detail)) == words


def test_every_role_says_what_it_may_do() -> None:
    assert set(ROLE_MEANING) == set(Role)


@pytest.mark.parametrize(
    ("firm", "day", "moment"),
    [
        (Firm(date_format="mdy", time_zone="America/New_York"), "11/23/2026", "11/23/2026, 3:05 PM"),
        (Firm(date_format="words", time_zone="Australia/Sydney"), "23 Nov 2026", "24 Nov 2026, 07:05"),
        (None, "2026-11-23", "2026-11-23, 20:05"),
    ],
)
def test_dates_and_moments_are_written_as_the_firm_does(firm: Firm | None, day: str, moment: str) -> None:
    assert written_date(date(2026, 11, 23), firm=firm) == day
    assert written_moment(MOMENT, firm=firm) == moment
    assert zone_of(firm).key == (firm.time_zone if firm else "UTC")
