"""When a scheduled run reads both sides whole."""

import datetime as dt
from typing import Any

import pytest

from accounts.models import Firm
from syncengine.engine.schedule import is_full_due
from syncengine.models import FirmSync

NIGHT = dt.datetime(2026, 5, 12, 4, 30, tzinfo=dt.UTC)


def firm(**changes: Any) -> Firm:
    return Firm(pk=7, **{"time_zone": "UTC", **changes})


def row(**changes: Any) -> FirmSync:
    return FirmSync(**{"first_sync_done_at": NIGHT - dt.timedelta(days=9), **changes})


def test_it_is_due_soon_after_the_first_sync_and_not_before_it() -> None:
    assert is_full_due(firm=firm(), row=row(), now=NIGHT)
    assert not is_full_due(firm=firm(), row=row(first_sync_done_at=None), now=NIGHT)


@pytest.mark.parametrize(
    ("when", "last", "due"),
    [
        (NIGHT, NIGHT - dt.timedelta(hours=24), True),
        (NIGHT, NIGHT - dt.timedelta(hours=2), False),
        (NIGHT + dt.timedelta(hours=10), NIGHT - dt.timedelta(hours=14), False),
        (NIGHT + dt.timedelta(hours=10), NIGHT - dt.timedelta(hours=27), True),
    ],
)
def test_it_is_due_at_night_and_at_the_latest_after_a_day_and_a_half(
    when: dt.datetime, last: dt.datetime, due: bool
) -> None:
    assert is_full_due(firm=firm(), row=row(full_done_at=last), now=when) is due


def test_night_is_the_firms_own() -> None:
    there = firm(time_zone="Pacific/Auckland")

    assert not is_full_due(firm=there, row=row(full_done_at=NIGHT - dt.timedelta(hours=24)), now=NIGHT)


def test_one_that_did_not_end_is_not_begun_again_at_once() -> None:
    begun = row(full_begun_at=NIGHT - dt.timedelta(minutes=5))

    assert not is_full_due(firm=firm(), row=begun, now=NIGHT)
