"""How long a first sync takes."""

from datetime import UTC, datetime, timedelta

import pytest

from syncengine.domain.estimate import Limits, Sending, calls_for, expected_end, time_for

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("sending", "calls"),
    [
        (Sending(), 0),
        (Sending(contacts=1), 1),
        (Sending(contacts=50, invoices=51), 1 + 2),
        (Sending(contacts=400, invoices=1000, payments=900), 8 + 20 + 18),
        (Sending(credit_notes=100), 2 + 100),  # each is allocated by a call of its own
    ],
)
def test_it_counts_a_call_for_fifty_documents_and_one_for_each_allocation(sending: Sending, calls: int) -> None:
    assert calls_for(sending) == calls


def test_within_a_day_the_limit_of_the_minute_decides() -> None:
    took = time_for(calls=600, limits=Limits(per_minute=60, per_day=5000))
    assert (took.days, took.lasts) == (1, timedelta(minutes=10))


def test_a_fifth_of_every_day_is_kept() -> None:
    limits = Limits(per_day=1000)
    assert limits.usable_a_day == 800
    assert time_for(calls=800, limits=limits).days == 1
    over = time_for(calls=801, limits=limits)
    assert (over.days, over.lasts) == (2, timedelta(days=1, seconds=1))


def test_many_days_end_with_the_rest_of_the_last_one() -> None:
    took = time_for(calls=2000, limits=Limits(per_day=1000))
    assert (took.days, took.lasts) == (3, timedelta(days=2, seconds=400))


def test_nothing_to_send_takes_no_time() -> None:
    took = time_for(calls=0, limits=Limits())
    assert (took.calls, took.days, took.lasts) == (0, 0, timedelta(0))


def test_even_a_limit_of_one_call_ends() -> None:
    assert time_for(calls=3, limits=Limits(per_day=1)).days == 3


def ends(done: int, total: int, *, minutes: int = 10, paused: int = 0, waits: int | None = None) -> datetime | None:
    until = NOW + timedelta(minutes=waits) if waits else None
    began = NOW - timedelta(minutes=minutes)
    pause = timedelta(minutes=paused)
    return expected_end(now=NOW, began=began, done=done, total=total, paused=pause, waits_until=until)


def test_a_run_that_goes_on_as_it_did_ends_when_the_rest_is_done() -> None:
    assert ends(500, 1000) == NOW + timedelta(minutes=10)


def test_pauses_do_not_count_as_work_and_one_that_goes_on_is_waited_for() -> None:
    assert ends(500, 1000, paused=5) == NOW + timedelta(minutes=5)
    assert ends(500, 1000, paused=5, waits=60) == NOW + timedelta(minutes=65)


def test_nothing_is_foretold_from_too_little() -> None:
    assert ends(0, 1000) is None
    assert ends(19, 1000) is None
    assert ends(3, 5) is None
    assert ends(5, 5) == NOW


def test_a_clock_that_went_back_foretells_nothing() -> None:
    assert ends(500, 1000, minutes=-1) is None
    assert ends(500, 1000, minutes=10, paused=10) is None
